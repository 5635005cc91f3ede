"""The picture of a link: a PNG that is large enough, with a white border, and the terminal's."""

import zlib

import segno

from bot.qr import BORDER, SCALE, blocks, png

LINK = "https://t.me/aftercheck_bot?start=" + "a" * 22


def size(picture: bytes) -> tuple[int, int]:
    """Return the width and height that a PNG file names in its first chunk."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])


def test_it_is_a_square_of_some_500_pixels() -> None:
    width, height = size(png(LINK))
    assert width == height
    assert 400 <= width <= 700


def test_the_border_is_white() -> None:
    picture = png(LINK)
    width, _ = size(picture)
    start = picture.index(b"IDAT") + 4
    length = int.from_bytes(picture[start - 8 : start - 4])
    rows = zlib.decompress(picture[start : start + length])
    assert picture[24] == 1, "one bit a pixel"
    row = 1 + -(-width // 8)
    for number in range(BORDER * SCALE):
        bits = "".join(f"{byte:08b}" for byte in rows[number * row + 1 : (number + 1) * row])
        assert set(bits[:width]) == {"1"}


def test_the_longest_link_that_telegram_allows_still_fits() -> None:
    longest = f"https://t.me/{'b' * 32}?start={'a' * 64}"
    assert size(png(longest))[0] < 800


def test_the_terminal_shows_as_many_modules() -> None:
    lines = blocks(LINK).splitlines()
    modules = segno.make_qr(LINK, error="m").symbol_size(border=BORDER)[0]
    assert max(len(line) for line in lines if "█" in line) >= modules
