"""A picture to send, and a Monday to send it on."""

import struct
import zlib
from datetime import UTC, datetime

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def png(width: int = 1000, height: int = 500) -> bytes:
    """Return a picture of this size, one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width // 8 + 2) * height)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
