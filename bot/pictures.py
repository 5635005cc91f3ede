"""What a picture says of itself in its first bytes: nothing of it is ever decoded here."""

from itertools import chain
from typing import Final

from flows.staff_language import N_

PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff"
FRAMES: Final = frozenset(chain(range(0xC0, 0xC4), range(0xC5, 0xC8), range(0xC9, 0xCC),
                                range(0xCD, 0xD0)))  # fmt: skip
"""Markers of a JPEG after which its height and width stand (ITU-T T.81, table B.1)."""

MOST_PIXELS: Final = 40_000_000
"""Telegram makes a photo no larger than 2,560 on either side, 6.5 million; whoever opens the file
later must not be hurt by one that says more (own choice)."""

TOO_LARGE: Final = N_("it is larger than a photo can be")
NO_PICTURE: Final = N_("it is no JPEG or PNG picture")


def fault_of(content: bytes, largest: int) -> str:
    """Return why a file is not to be kept, empty where it may be; `largest` is in bytes."""
    if len(content) > largest:
        return TOO_LARGE
    width, height = size(content)
    if not width or not height:
        return NO_PICTURE
    return TOO_LARGE if width * height > MOST_PIXELS else ""


def size(content: bytes) -> tuple[int, int]:
    """Return the width and height in pixels that a PNG or JPEG says it has; zeros for none."""
    if content.startswith(PNG) and content[12:16] == b"IHDR":
        return number(content[16:20]), number(content[20:24])
    place = 2 if content.startswith(JPEG) else len(content)
    while place + 9 <= len(content) and content[place] == JPEG[0]:
        if content[place + 1] in FRAMES:
            return number(content[place + 7 : place + 9]), number(content[place + 5 : place + 7])
        place += 2 + max(2, number(content[place + 2 : place + 4]))
    return 0, 0


def number(content: bytes) -> int:
    """Return bytes as a number, the greatest first."""
    return int.from_bytes(content, "big")
