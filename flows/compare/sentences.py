"""Each change of a protocol file as a sentence that a doctor can check."""

from collections import Counter
from collections.abc import Iterator

from flows.asking import Occasion
from flows.compare.conditions import every, some
from flows.compare.danger import items, unasked
from flows.compare.walk import ABSENT, Change
from flows.protocol import Protocol
from flows.rule_tables import Cell, Condition
from flows.words import english, option_words, span, treatment_words, words

SINGULAR = {
    "texts": "Text",
    "buttons": "Button",
    "sources": "Source",
    "groups": "Group of treatments",
    "areas": "Area",
    "courses": "Course",
    "symptoms": "Symptom",
    "patient_facts": "Fact about the patient",
    "accepted_falls": "Accepted fall",
    "levels": "Level",
}
SHOWN = 4
"""How many check-ins a sentence names before it counts the rest."""


def sentence(old: Protocol, new: Protocol, change: Change) -> str:
    """Return what changed, where, and from what to what."""
    where = place(new if change.added else old, change.path)
    if change.order:
        moves = zip(items(change.old), items(change.new), strict=True)
        was, now = next((left, right) for left, right in moves if left != right)
        return f"{where}: another order: «{now}» now stands before «{was}»"
    if change.added:
        return f"{where} is new: {whole(new, change.path, change.new)}"
    if change.removed:
        return f"{where} is gone: {whole(old, change.path, change.old)}"
    return f"{where}: {became(old, new, change)}"


def became(old: Protocol, new: Protocol, change: Change) -> str:
    """Return from what to what a value changed."""
    match change.path:
        case ("rules" | "signs", _, "all" | "any") | ("questions", _, "when_all" | "when_any"):
            return "; ".join(condition_parts(old, new, change))
        case ("questions", name, "asked"):
            return "; ".join(asked_parts(old, new, name))
        case ("rules", _, "fires" | "silent" as field) | ("windows", *_, "cases" as field):
            return f"worked cases ({field}): {counted(change)}"
        case ("windows", *_, "expected_until" | "watch_until" as field):
            before, after = hours(change.old), hours(change.new)
            return f"{field.replace('_', ' ')} {after}, was {before}"
        case _:
            name = " ".join(field.replace("_", " ") for field in change.path[2:])
            return f"{name}: {step(change)}" if name else step(change)


def step(change: Change) -> str:
    """Return any value's old and new form; of a list, what went and what came."""
    if not (isinstance(change.old, tuple) and isinstance(change.new, tuple)):
        return f"{shown(change.new)}, was {shown(change.old)}"
    gone = tuple(item for item in change.old if item not in change.new)
    come = tuple(item for item in change.new if item not in change.old)
    parts = [f"no longer {shown(gone)}"] if gone else []
    parts += [f"now also {shown(come)}"] if come else []
    return "; ".join(parts) or f"{shown(change.new)}, was {shown(change.old)}"


def condition_parts(old: Protocol, new: Protocol, change: Change) -> Iterator[str]:
    """Yield what changed in a list of condition lines."""
    lines = every if change.path[-1] in ("all", "when_all") else some
    parts = [shift.sentence for shift in lines(old, new, items(change.old), items(change.new))]
    yield from parts or ["its lines stand in another order"]


def asked_parts(old: Protocol, new: Protocol, name: str) -> Iterator[str]:
    """Yield at which check-ins a question is no longer asked, or asked as well."""
    less, more = list(unasked(old, new, name)), list(unasked(new, old, name))
    if less:
        yield f"no longer asked at {check_ins(old, less)}"
    if more:
        yield f"now also asked at {check_ins(new, more)}"
    if not (less or more):
        yield "asked at the same check-ins, but its conditions or the way they are written changed"


def check_ins(protocol: Protocol, occasions: list[Occasion]) -> str:
    """Return check-ins in words, the first few by name."""
    named = dict.fromkeys(
        f"{span(o.hours)} after {treatment_words(protocol, o.treatment)}" for o in occasions
    )
    first = list(named)[:SHOWN]
    rest = len(named) - len(first)
    return ", ".join(first) + (f" and {rest} more" if rest else "")


def counted(change: Change) -> str:
    """Return how many items of a list went and came."""
    before, after = (Counter(map(repr, items(value))) for value in (change.old, change.new))
    gone, come = (before - after).total(), (after - before).total()
    return f"{gone} gone, {come} new" if gone or come else "in another order"


def hours(value: object) -> str:
    """Return an edge of a window in words."""
    return span(value) if isinstance(value, (int, float)) else str(value)


def place(protocol: Protocol, path: tuple[str, ...]) -> str:
    """Return what stands at a path of the file, as a reader calls it."""
    match path:
        case ("rules", name, *_):
            reason = next(rule.reason for rule in protocol.rules if rule.id == name)
            where = f"Rule {name} ({reason})"
        case ("signs", name, *_):
            where = f"Sign «{next(s.meaning for s in protocol.signs if s.id == name)}»"
        case ("questions", name, "options", option, *_):
            label = option_words(protocol, name, option)
            where = f"Question «{protocol.question_by_id[name].term}», answer «{label}»"
        case ("questions", name, *_):
            where = f"Question «{protocol.question_by_id[name].term}»"
        case ("windows", name, "classes", group, severity, *_):
            label = f"«{option_words(protocol, name, severity)}»"
            term = protocol.question_by_id[name].term
            where = f"Window of {term}, {label}, after {members(protocol, group)}"
        case ("windows", name, *_):
            where = f"Window of {protocol.question_by_id[name].term}"
        case ("treatments", name, *_):
            where = f"Treatment «{treatment_words(protocol, name)}»"
        case (table, name, *_) if table in SINGULAR:
            where = f"{SINGULAR[table]} {name.replace('_', ' ')}"
        case _:
            where = " ".join(part.replace("_", " ") for part in path[:2]) or "the file"
    return where[0].upper() + where[1:]


def members(protocol: Protocol, window_class: str) -> str:
    """Return the treatments that a window class is for."""
    labels = [t.label for t in protocol.treatments.values() if t.window_class == window_class]
    return ", ".join(labels) or f"class {window_class}"


def whole(protocol: Protocol, path: tuple[str, ...], value: object) -> str:
    """Return a part that came or went."""
    match path:
        case ("rules", name):
            rule = next(rule for rule in protocol.rules if rule.id == name)
            return f"{rule.level.replace('_', ' ')} when {condition(protocol, rule)}"
        case ("signs", name):
            return condition(protocol, next(sign for sign in protocol.signs if sign.id == name))
        case ("questions", name):
            return f"«{english(protocol.question_by_id[name].text)}»"
        case ("windows", _, "classes", _, _):
            cell = Cell.model_validate(value)
            until = f"expected until {span(cell.expected_until)}, watched until"
            return f"{until} {hours(cell.watch_until)}, then {cell.then.replace('_', ' ')}"
        case _:
            return shown(value)


def condition(protocol: Protocol, condition: Condition) -> str:
    """Return a whole condition in words."""
    every_line = [words(protocol, c) for c in protocol.comparisons(condition.all)]
    some_line = [words(protocol, c) for c in protocol.comparisons(condition.any)]
    parts = [*every_line, f"one of: {' / '.join(some_line)}"] if some_line else every_line
    return " and ".join(parts)


def shown(value: object) -> str:
    """Return any value of the file in words."""
    assert value is not ABSENT
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            parts = (f"{name.replace('_', ' ')} {shown(part)}" for name, part in value.items())
            return "; ".join(parts) or "nothing"
        case tuple() | list():
            return ", ".join(shown(item) for item in value) or "nothing"
        case str():
            return f"«{value}»" if value else "nothing"
        case _:
            return "nothing" if value is None else str(value)
