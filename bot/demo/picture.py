"""A photo for the patient to send: a patch of skin with some redness, drawn here."""

import struct
import zlib
from math import exp, hypot

WIDTH, HEIGHT = 160, 120  # small, for every point is reckoned here; it is soft anyway
SKIN, RED = (233, 195, 173), (205, 92, 84)


def picture(number: int) -> bytes:
    """Return a PNG of 160 x 120; each number has its redness somewhere else."""
    left, top = 45 + number * 53 % 70, 40 + number * 37 % 40
    rows = b"".join(
        b"\0" + b"".join(colour(hypot(x - left, 1.3 * (y - top)), x, y) for x in range(WIDTH))
        for y in range(HEIGHT)
    )
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def colour(distance: float, x: int, y: int) -> bytes:
    """Return a point's three bytes: redder near the middle, lighter towards the upper left."""
    share = 0.85 * exp(-((distance / 31) ** 2))
    light = 1.04 - (x / WIDTH + y / HEIGHT) / 14
    mixed = ((skin + share * (red - skin)) * light for skin, red in zip(SKIN, RED, strict=True))
    return bytes(min(255, int(value)) for value in mixed)


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a part of a PNG with its length and check sum."""
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
