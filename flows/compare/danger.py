"""Which changes of a protocol file could make the bot call somebody later, or not at all.

In doubt a change counts as dangerous: a person then looks at it, and at the cases beside it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flows.asking import Occasion, offered
from flows.compare.conditions import Turn, every, some, weakens
from flows.compare.walk import Change
from flows.protocol import Protocol
from flows.verdict import ALERTING, LEVEL_WORDS
from flows.words import HOURS_A_DAY

PLACEHOLDER = re.compile(r"\{\w+\}")
STAFF_ROUTES = ("log", "digest", "same_day", "at_once", "everyone_at_once")
"""From the slowest to the fastest way to a person."""

Weaker = Callable[[Protocol, Protocol, Change], bool]


def weaker(old: Protocol, new: Protocol, change: Change) -> bool:
    """Whether a change could keep a person from being called, or call them later."""
    table, field = change.path[0], change.path[-1]
    if change.order:
        return "options" in change.path
    if change.removed:
        return loses(old, change.path)
    if change.added:
        return False
    if table in ("escalation", "silence") and isinstance(change.new, int):
        judge: Weaker = smaller if field == "follow_up_latest_minutes_before_closing" else larger
        return judge(old, new, change)
    return JUDGES.get((table, field), TABLES.get(table, harmless))(old, new, change)


def loses(old: Protocol, path: tuple[str, ...]) -> bool:
    """Whether what stood at `path` and is gone was needed to call somebody.

    A text, a source or a sign that is in use cannot go: whatever used it has changed too.
    """
    match path:
        case ("rules", name):
            return any(r.id == name and alerting(r.level) for r in old.rules)
        case ("texts" | "buttons" | "sources" | "accepted_falls" | "signs", *_):
            return False
        case ("questions", _, "options", _) | (_, _) | ("windows", *_):
            return True
        case _:
            return False


def alerting(word: object) -> bool:
    """Whether a level calls a person."""
    return LEVEL_WORDS[str(word)] >= ALERTING


def condition_turn(old: Protocol, new: Protocol, change: Change) -> Turn:
    """Return which way a changed list of condition lines turns its condition."""
    lines = every if change.path[-1] in ("all", "when_all") else some
    turn = Turn.SAME
    for shift in lines(old, new, items(change.old), items(change.new)):
        turn |= shift.turn
    return turn


def items(value: object) -> tuple[Any, ...]:
    """Return a list as it stands in the file."""
    assert isinstance(value, tuple)
    return value


def rule_condition(old: Protocol, new: Protocol, change: Change) -> bool:
    """Whether an alerting rule fires less often."""
    was_alerting = any(r.id == change.path[1] and alerting(r.level) for r in old.rules)
    return was_alerting and Turn.LESS in condition_turn(old, new, change)


def sign_condition(old: Protocol, new: Protocol, change: Change) -> bool:
    """Whether a sign turns against somebody who needs it, in either version."""
    turn = condition_turn(old, new, change)
    return any(weakens(protocol, change.path[1], turn) for protocol in (old, new))


def question_condition(old: Protocol, new: Protocol, change: Change) -> bool:
    """Whether fewer answers bring a question up."""
    return Turn.LESS in condition_turn(old, new, change)


def asked_less(old: Protocol, new: Protocol, change: Change) -> bool:
    """Whether a question is asked at fewer check-ins, or under other conditions."""
    name = change.path[1]
    conditions = [
        {(asked.all, asked.any) for asked in protocol.question_by_id[name].asked}
        for protocol in (old, new)
    ]
    return conditions[0] != conditions[1] or any(unasked(old, new, name))


def unasked(old: Protocol, new: Protocol, name: str) -> Iterator[Occasion]:
    """Yield the check-ins where the older version asks a question and the newer does not."""
    for occasion in occasions(old):
        known = occasion.treatment in new.treatments
        if known and asks(old, occasion, name) and not asks(new, occasion, name):
            yield occasion


def asks(protocol: Protocol, occasion: Occasion, name: str) -> bool:
    """Whether a check-in may ask a question."""
    return any(question.id == name for question in offered(protocol, occasion))


def occasions(protocol: Protocol) -> Iterator[Occasion]:
    """Yield every planned check-in, reminder and results check-in, in any area."""
    for name, treatment in protocol.treatments.items():
        course = protocol.courses.get(treatment.course) if treatment.course != "none" else None
        later = (
            [] if course is None else [("results", course.results), ("reminder", course.reminders)]
        )
        due = [("check_in", hours) for hours in treatment.schedule]
        due += [(kind, days * HOURS_A_DAY) for kind, moment in later for days in moment.days]
        for kind, hours in due:
            for area in (None, *protocol.areas):
                yield Occasion(kind, hours, name, area)


def lower(_: Protocol, __: Protocol, change: Change) -> bool:
    """Whether a level fell from where a person was called."""
    return alerting(change.old) and LEVEL_WORDS[str(change.new)] < LEVEL_WORDS[str(change.old)]


def milder(_: Protocol, __: Protocol, change: Change) -> bool:
    """Whether a level fell at all."""
    return LEVEL_WORDS[str(change.new)] < LEVEL_WORDS[str(change.old)]


def larger(_: Protocol, __: Protocol, change: Change) -> bool:
    """Whether a number of minutes or hours grew."""
    return number(change.new) > number(change.old)


def smaller(_: Protocol, __: Protocol, change: Change) -> bool:
    """Whether a number shrank."""
    return number(change.new) < number(change.old)


def number(value: object) -> float:
    """Return a number of the file; `always` is later than every hour."""
    if value == "always":
        return float("inf")
    assert isinstance(value, (int, float))
    return value


def fewer(_: Protocol, __: Protocol, change: Change) -> bool:
    """Whether something was taken out of a list."""
    return bool(set(items(change.old)) - set(items(change.new)))


def later_steps(_: Protocol, __: Protocol, change: Change) -> bool:
    """Whether a step of a list of minutes comes later, or is gone."""
    before, after = items(change.old), items(change.new)
    return len(after) < len(before) or any(n > o for o, n in zip(before, after, strict=False))


def slower_route(_: Protocol, __: Protocol, change: Change) -> bool:
    """Whether staff hear of a level later."""
    return STAFF_ROUTES.index(str(change.new)) < STAFF_ROUTES.index(str(change.old))


def less_strict(_: Protocol, __: Protocol, change: Change) -> bool:
    """Whether several treatments are no longer judged by the strictest window."""
    return change.new != "strictest"


def loses_placeholder(_: Protocol, __: Protocol, change: Change) -> bool:
    """Whether a text no longer names something, such as the number to call."""
    before, after = (set(PLACEHOLDER.findall(str(v))) for v in (change.old, change.new))
    return bool(before - after)


def emptied(_: Protocol, __: Protocol, change: Change) -> bool:
    """Whether something that was there is no longer set."""
    return change.new is None


def harmless(_: Protocol, __: Protocol, ___: Change) -> bool:
    """Whether a field that calls nobody calls somebody later: never."""
    return False


def always(_: Protocol, __: Protocol, ___: Change) -> bool:
    """Whether a change of this field needs a person's look whatever it is."""
    return True


JUDGES: Mapping[tuple[str, str], Weaker] = {
    ("rules", "all"): rule_condition,
    ("rules", "any"): rule_condition,
    ("rules", "level"): lower,
    ("rules", "route"): emptied,
    ("signs", "all"): sign_condition,
    ("signs", "any"): sign_condition,
    ("windows", "watch_until"): larger,
    ("windows", "then"): lower,
    ("windows", "combined"): less_strict,
    ("questions", "kind"): always,
    ("questions", "number"): always,
    ("questions", "symptom"): always,
    ("questions", "asked"): asked_less,
    ("questions", "when_all"): question_condition,
    ("questions", "when_any"): question_condition,
    ("questions", "unclear"): lower,
    ("treatments", "schedule"): fewer,
    ("courses", "days"): fewer,
    ("patient_facts", "ask"): emptied,
    ("levels", "staff"): slower_route,
    ("incomplete", "question"): always,
    ("incomplete", "level"): milder,
    ("escalation", "urgent_repeat_minutes"): later_steps,
    ("symptoms", "always"): smaller,
}
TABLES: Mapping[str, Weaker] = {"texts": loses_placeholder, "groups": fewer}
