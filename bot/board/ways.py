"""Where the links lead on a page that has one thing to say, so that nobody is stuck there."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from flows.staff_language import N_, _


class Way(NamedTuple):
    """A link: its address, and its words, into which the code of a case goes."""

    path: str
    words: str
    code: str = ""

    @property
    def said(self) -> str:
        """Its words in the language of the staff."""
        return _(self.words, code=self.code)


OPEN_ALERTS: Final = Way("/board", N_("To the open alerts"))
PROTOCOL: Final = Way("/board/protocol", N_("Back to Protocol"))
THRESHOLDS: Final = Way("/board/protocol/thresholds", N_("Back to the thresholds"))
EXPORT: Final = Way("/board/export", N_("Back to Export"))
CASE: Final = re.compile(r"/board/(?:case|alert)/(?P<code>[A-Z0-9]{4,6})[-/]")
"""An address about a case, besides its own."""


def case_page(code: str) -> Way:
    """Return the way to a case."""
    return Way(f"/board/case/{code}", N_("Back to case {code}"), code)


def trial_page(trial: str) -> Way:
    """Return the way to a file on trial."""
    return Way(f"/board/protocol/trial/{trial}", N_("Back to the file"))


def ways_back(path: str) -> Iterator[Way]:
    """Yield the way back from an address that did not do what it was asked for."""
    about = CASE.match(path)
    if about:
        yield case_page(about["code"])
    elif path.startswith(PROTOCOL.path):
        yield PROTOCOL
    elif path.startswith(EXPORT.path):
        yield EXPORT
