"""What a changed condition means: does it hold less often, more often, or both?"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Flag, auto

from flows.conditions import Comparison
from flows.protocol import Protocol
from flows.rule_tables import Condition
from flows.verdict import ALERTING, LEVEL_WORDS
from flows.words import words

LOWER_BOUNDS = (">=", ">")
STRICT = (">", "<")


class Turn(Flag):
    """How often a condition holds after a change."""

    SAME = 0
    LESS = auto()
    MORE = auto()


@dataclass(frozen=True, slots=True)
class Shift:
    """One part of a changed condition in words, and which way it turns it."""

    sentence: str
    turn: Turn


def every(
    old: Protocol, new: Protocol, before: tuple[str, ...], after: tuple[str, ...]
) -> Iterator[Shift]:
    """Yield the changes of lines that must all hold."""
    gone, come, moved = matched(old, new, before, after)
    yield from moved
    for comparison in gone:
        yield Shift(f"no longer needs “{words(old, comparison)}”", Turn.MORE)
    for comparison in come:
        yield Shift(f"now also needs “{words(new, comparison)}”", Turn.LESS)


def some(
    old: Protocol, new: Protocol, before: tuple[str, ...], after: tuple[str, ...]
) -> Iterator[Shift]:
    """Yield the changes of lines of which one must hold, where there are any."""
    gone, come, moved = matched(old, new, before, after)
    yield from moved
    for comparison in gone:
        turn = Turn.LESS if after else Turn.MORE
        what = "is no longer enough" if after else "is no longer one of those needed"
        yield Shift(f"“{words(old, comparison)}” {what}", turn)
    for comparison in come:
        turn = Turn.MORE if before else Turn.LESS
        what = "is now enough too" if before else "is now one of those needed"
        yield Shift(f"“{words(new, comparison)}” {what}", turn)


def matched(
    old: Protocol, new: Protocol, before: tuple[str, ...], after: tuple[str, ...]
) -> tuple[list[Comparison], list[Comparison], list[Shift]]:
    """Return lines that went, lines that came, and pairs about the same thing that moved."""
    gone = list(old.comparisons(tuple(line for line in before if line not in after)))
    come = list(new.comparisons(tuple(line for line in after if line not in before)))
    moved = []
    for left in tuple(gone):
        right = next((c for c in come if pairs(left, c)), None)
        if right is not None:
            gone.remove(left)
            come.remove(right)
            sentence = f"“{words(old, left)}” became “{words(new, right)}”"
            moved.append(Shift(sentence, turn_of(left, right)))
    return gone, come, moved


def pairs(left: Comparison, right: Comparison) -> bool:
    """Whether two lines are about the same thing, so that one may have become the other."""
    if left.key != right.key or left.subject.kind != right.subject.kind:
        return False
    if left.subject.kind == "number":
        return (left.operator in LOWER_BOUNDS) == (right.operator in LOWER_BOUNDS)
    return True


def turn_of(left: Comparison, right: Comparison) -> Turn:
    """Return whether the second line holds less often than the first, more often, or both."""
    if left.subject.kind == "number":
        return number_turn(left, right)
    if left.subject.kind in ("severity", "choice"):
        before, after = set(left.accepted()), set(right.accepted())
        less = Turn.LESS if before - after else Turn.SAME
        return less | (Turn.MORE if after - before else Turn.SAME)
    return Turn.LESS | Turn.MORE


def number_turn(left: Comparison, right: Comparison) -> Turn:
    """Return which way a bound moved; at one number, the bound itself is in or out."""
    if left.number == right.number:
        before, after = left.operator in STRICT, right.operator in STRICT
        if before == after:
            return Turn.SAME
        return Turn.LESS if after else Turn.MORE
    higher = right.number > left.number
    return Turn.LESS if higher == (left.operator in LOWER_BOUNDS) else Turn.MORE


def weakens(protocol: Protocol, sign: str, turn: Turn) -> bool:
    """Whether a sign that turns this way can keep an alert from firing or a question unasked."""
    wanted, unwanted = used(protocol, sign)
    return bool((wanted and Turn.LESS in turn) or (unwanted and Turn.MORE in turn))


def used(protocol: Protocol, sign: str) -> tuple[bool, bool]:
    """Return whether alerts and questions need a sign, and whether they need its absence."""
    wanted = unwanted = False
    for condition, name in holders(protocol):
        for comparison in protocol.comparisons(condition.lines):
            if comparison.subject.name != sign:
                continue
            for_it, against_it = (True, False) if name is None else used(protocol, name)
            if comparison.negated:
                for_it, against_it = against_it, for_it
            wanted, unwanted = wanted or for_it, unwanted or against_it
    return wanted, unwanted


def holders(protocol: Protocol) -> Iterator[tuple[Condition, str | None]]:
    """Yield every condition that can look at a sign, with the name of the sign it makes."""
    for sign in protocol.signs:
        yield sign, sign.id
    for rule in protocol.rules:
        if LEVEL_WORDS[rule.level] >= ALERTING:
            yield rule, None
    for question in protocol.questions:
        yield Condition(all=question.when_all, any=question.when_any), None
        for asked in question.asked:
            yield Condition(all=asked.all, any=asked.any), None
