"""One value as it stands in a CSV file: RFC 4180, and nothing that a spreadsheet would run.

A cell whose first sign is one of `= + - @`, a tab, a line break or a NUL gets a `'` before it
(OWASP ASVS 5.0, 1.2.10). So does such a sign after a `;`, a tab or a line break inside of a text: a
spreadsheet set to another separator, as in Germany, begins a new cell there. Numbers are this
program's own and stay numbers.

Hazards: H32.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

RUNS = r"=+\-@\t\r\n\0＝＋－＠"
DANGEROUS = re.compile(rf"^(?=[{RUNS}])|(?:^|(?<=[;\t\r\n]))(?=[\s\"']*[=+\-@＝＋－＠])")
QUOTED = re.compile(r'[",\r\n]')
END = "\r\n"


def cell(value: str | float | None) -> str:
    """Return a value as it is written between two commas; nothing for None."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    text = DANGEROUS.sub("'", value)
    if QUOTED.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def utc(stored: str | None) -> str:
    """Return a stored instant to the second: `2026-11-24T09:30:00+00:00`."""
    return f"{stored[:19]}+00:00" if stored else ""


def local(stored: str | None, zone: ZoneInfo) -> str:
    """Return a stored instant by the clock of a zone: `2026-11-24T10:30:00+01:00`."""
    if not stored:
        return ""
    return datetime.fromisoformat(stored).astimezone(zone).isoformat(timespec="seconds")
