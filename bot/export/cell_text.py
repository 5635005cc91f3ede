"""What a cell of a workbook can hold, and what would become a formula once somebody edits it.

Hazards: H32.
"""

import re
from functools import lru_cache
from typing import Final

from bot.export.said import KEPT

LONGEST: Final = 32_000
"""UTF-16 units of a cell's text; Excel takes 32,767, and the mark of a cut has to fit."""
CUT: Final = " […]"
RUNS: Final = re.compile(r"[\s\"']*[=+\-@＝＋－＠]|[\t\r\n\0]")
"""What a spreadsheet takes for a formula when somebody types it (OWASP ASVS 5.0, 1.2.10)."""
UNPAIRED: Final = re.compile("[\ud800-\udfff]")
"""Halves of letters: no file in UTF-8 can hold one."""


@lru_cache(KEPT)
def safe(text: str) -> tuple[str, bool]:
    """Return a text as a cell can hold it, and whether it would run once somebody edits it."""
    held = writable(text)
    return held, RUNS.match(held) is not None


def writable(text: str) -> str:
    """Return a text as a cell can hold it: without halves of letters, cut where it is too long."""
    if len(text) > LONGEST // 2:
        units = text.encode("utf-16-le", "surrogatepass")
        if len(units) > 2 * LONGEST:
            text = units[: 2 * LONGEST].decode("utf-16-le", "ignore") + CUT
    return text if text.isascii() else UNPAIRED.sub("\ufffd", text)
