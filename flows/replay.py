"""What another version of the protocol would have done with the clinic's own history.

Every line of a history is sorted twice, by the older and by the newer version, and only what
differs is kept, so a long history needs no more memory than a short one with the same changes.
Compared is the level that the answers reach by themselves: that an open case keeps its level
until a person closes it is the same in every version and would hide what a rule no longer says.
What a history recorded on the way (the level of the last check-in, missed check-ins) stays as
it was then.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from flows.case_frame import CaseError
from flows.cases import Case, parse_case
from flows.classify import compiled
from flows.protocol import Protocol
from flows.replay_report import UNDATED, Change, Kind, Report, Skipped, Week
from flows.verdict import ALERTING, CASE_RULE, Verdict
from flows.words import case_words


def replay(old: Protocol, new: Protocol, lines: Iterable[str]) -> Report:
    """Sort a history by two versions and report what differs.

    Args:
        old: the version the history was sorted by.
        new: the version that might follow it.
        lines: a JSON object each, as `flows.cases` describes; empty lines are passed over. A
            line that is no case, or that the older version cannot sort, is reported and
            skipped, and the rest goes on.
    """
    changes: list[Change] = []
    skipped: list[Skipped] = []
    weeks: dict[str, Week] = {}
    read = otherwise = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        read += 1
        try:
            case = parse_case(line)
            before = sorted_by(old, case)
        except CaseError as error:
            skipped.append(Skipped(number, str(error)))
            continue
        after = outcome(new, case)
        otherwise += case.level is not None and case.level != before.level
        count(weeks.setdefault(week_of(case.at), Week()), before, after)
        found = change(old, number, case, before, after)
        if found is not None:
            changes.append(found)
    changes.sort(key=lambda found: (found.kind, found.line))
    in_order = dict(sorted(weeks.items(), key=lambda item: (item[0] == UNDATED, item[0])))
    return Report(old.name, new.name, read, tuple(changes), tuple(skipped), in_order, otherwise)


def sorted_by(protocol: Protocol, case: Case) -> Verdict:
    """Return the verdict on a case.

    Raises:
        CaseError: the protocol does not know its treatment, area, fact or event.
    """
    classifier = compiled(protocol)
    return classifier.classify(case.treatment, case.hours, case.answers, case.history)


def outcome(protocol: Protocol, case: Case) -> Verdict | CaseError:
    """Return the verdict on a case, or why the protocol cannot sort it."""
    try:
        return sorted_by(protocol, case)
    except CaseError as error:
        return error


def count(week: Week, before: Verdict, after: Verdict | CaseError) -> None:
    """Add one check-in to the work of its week."""
    week.old.by_level[before.own_level] += 1
    if isinstance(after, CaseError):
        week.new.unsortable += 1
    else:
        week.new.by_level[after.own_level] += 1


def kind_of(before: Verdict, after: Verdict | CaseError) -> Kind | None:
    """Return how an alert differs, or None when it does not."""
    if isinstance(after, CaseError):
        return Kind.UNSORTABLE
    old, new = before.own_level, after.own_level
    if new == old or max(old, new) < ALERTING:
        return None
    if new < old:
        return Kind.VANISHES if new < ALERTING else Kind.LOWER
    return Kind.APPEARS if old < ALERTING else Kind.HIGHER


def change(
    old: Protocol, number: int, case: Case, before: Verdict, after: Verdict | CaseError
) -> Change | None:
    """Return what is listed about a case when its alert differs."""
    kind = kind_of(before, after)
    if kind is None:
        return None
    words = case_words(old, case.treatment, case.hours, case.answers, case.history)
    found = Change(number, kind, case.case, case.at, words, before.own_level, leading(before))
    if isinstance(after, CaseError):
        return replace(found, problem=str(after))
    return replace(found, new=after.own_level, fires=leading(after))


def leading(verdict: Verdict) -> tuple[str, ...]:
    """Return the rules behind the level that the answers reach by themselves."""
    level = verdict.own_level
    return tuple(
        fired.rule for fired in verdict.because if fired.level == level and fired.rule != CASE_RULE
    )


def week_of(at: datetime | None) -> str:
    """Return the ISO week of an instant in UTC."""
    if at is None:
        return UNDATED
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"
