"""The search behind a comparison: cases that alert under one version and not under the other."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.case_frame import CaseError
from flows.cases import Case
from flows.classify import compiled
from flows.compare.boundaries import cases_near
from flows.protocol import Protocol
from flows.verdict import ALERTING, Level
from flows.words import case_words

SORTED_BY = (
    "levels", "incomplete", "treatments", "groups", "areas", "patient_facts", "questions", "signs",
    "rules", "windows",
)  # fmt: skip
"""The tables that decide a level; where none of them differs, no case can."""

UNREAD = "UNCLEAR"
"""The id under which sorting names an answer that could not be read."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A case that alerts under the older version, and lower or not at all under the newer.

    `rule` is the first behind the older level; an answer that could not be read is called
    `UNCLEAR` with its question. `new` is None where the newer version cannot
    sort the case; then `problem` says why.
    """

    rule: str
    case: Case
    old: Level
    new: Level | None
    problem: str = ""

    @property
    def lost(self) -> bool:
        """Whether nobody would be called any more."""
        return self.new is None or self.new < ALERTING

    def words(self, protocol: Protocol) -> str:
        """Return the case with its answers in words, and both levels."""
        case = self.case
        text = case_words(protocol, case.treatment, case.hours, case.answers, case.history)
        before = str(self.old).replace("_", " ")
        after = "unsortable" if self.new is None else str(self.new).replace("_", " ")
        return f"{text}: was {before}, now {after}"


def falls(old: Protocol, new: Protocol) -> Iterator[Fall]:
    """Sort the cases near every bound of both versions by both; yield each that falls.

    An answer that only the newer version can read is no case: the older one has no such option.
    """
    if all(getattr(old, table) == getattr(new, table) for table in SORTED_BY):
        return
    before, after = compiled(old), compiled(new)
    for case in (cases_near(old) | cases_near(new)).values():
        frame = (case.treatment, case.hours, case.answers, case.history)
        try:
            first = before.classify(*frame)
        except CaseError:
            continue  # only the newer version knows its treatment, area or fact
        if first.level < ALERTING:
            continue
        rule = first.because[0].rule
        if rule == UNREAD:
            rule = f"{UNREAD} {first.unclear[0]}"
        try:
            second = after.classify(*frame)
        except CaseError as error:
            yield Fall(rule, case, first.level, None, str(error))
        else:
            newly_read = set(first.unclear) - set(second.unclear)
            if second.level < first.level and not newly_read:
                yield Fall(rule, case, first.level, second.level)
