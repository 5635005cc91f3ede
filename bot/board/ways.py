"""Where the links lead on a page that has one thing to say, so that nobody is stuck there."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple


class Way(NamedTuple):
    """A link: its address, and its words."""

    path: str
    words: str


OPEN_ALERTS: Final = Way("/board", "To the open alerts")
PROTOCOL: Final = Way("/board/protocol", "Back to Protocol")
THRESHOLDS: Final = Way("/board/protocol/thresholds", "Back to the thresholds")
EXPORT: Final = Way("/board/export", "Back to Export")
CASE: Final = re.compile(r"/board/(?:case|alert)/(?P<code>[A-Z0-9]{4,6})[-/]")
"""An address about a case, besides its own."""


def case_page(code: str) -> Way:
    """Return the way to a case."""
    return Way(f"/board/case/{code}", f"Back to case {code}")


def trial_page(trial: str) -> Way:
    """Return the way to a file on trial."""
    return Way(f"/board/protocol/trial/{trial}", "Back to the file")


def ways_back(path: str) -> Iterator[Way]:
    """Yield the way back from an address that did not do what it was asked for."""
    about = CASE.match(path)
    if about:
        yield case_page(about["code"])
    elif path.startswith(PROTOCOL.path):
        yield PROTOCOL
    elif path.startswith(EXPORT.path):
        yield EXPORT
