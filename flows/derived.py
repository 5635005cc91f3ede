"""Quantities that rules use and that no single answer holds; each is defined here, once.

A function gets the facts of this check-in (stored answers by question id, `hours`, and the
patient's facts) and the earlier check-ins, oldest first. Definitions are the
safety review's (docs/sources.md, safety-review), unless a docstring says otherwise.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Facts = Mapping[str, object]


class PastCheckIn(Protocol):
    """What a quantity sees of an earlier check-in: hours since the session, stored answers."""

    @property
    def hours(self) -> float: ...  # noqa: D102
    @property
    def answers(self) -> Facts: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier check-in: hours since the session, and its stored answers."""

    hours: float
    answers: Facts


@dataclass(frozen=True, slots=True)
class History:
    """What is known besides today's answers.

    `checkins` run from the oldest to the newest. `profile` holds facts about the patient
    (`area`, `field`, `baseline` as severities by question, and yes/no facts). A silence is an
    `event` with the number of `misses`, the `last_level`, and `worst_partial`: the worst
    severity given before the patient stopped. `case_level` is the open case's highest level.
    """

    checkins: Sequence[Earlier] = ()
    profile: Mapping[str, object] = field(default_factory=dict)
    event: str | None = None
    misses: int = 0
    last_level: str = "none"
    worst_partial: int = 0
    case_level: str = "none"


JUMPING = ("redness", "swelling", "pain", "tingle", "chills")
REBOUNDING = ("redness", "swelling", "pain")
FEVER = 38.0
LOW_GRADE = 37.5


def at_least(facts: Facts, question: str, bound: float) -> bool:
    """Whether the number stored under `question` is known and reaches `bound`."""
    value = facts.get(question)
    return isinstance(value, (int, float)) and value >= bound


def infection_signs(now: Facts, _: Sequence[PastCheckIn]) -> int:
    """How many of six local signs of infection there are, 0 to 6.

    Redness clearly red or past the treated area; warmth; pain that limits; swelling that is
    clear; pus; a tender lump. Source: review, after S9 and S13.
    """
    return (
        (at_least(now, "redness", 2) or now.get("redness_spread") in ("yes", "fast"))
        + (now.get("warmth") is True)
        + at_least(now, "pain", 2)
        + at_least(now, "swelling", 2)
        + (now.get("discharge") == "pus")
        + (now.get("lump_tender") is True)
    )


def jumped(now: Facts, before: Sequence[PastCheckIn]) -> bool:
    """Redness, swelling, pain, tingling or chills two steps above the last check-in.

    Source: S31 for worsening as a reason to call; the size of the step is an ePRO convention.
    """
    if not before:
        return False
    last = before[-1].answers
    for question in JUMPING:
        value, previous = now.get(question), last.get(question)
        if isinstance(value, int) and isinstance(previous, int) and value - previous >= 2:  # noqa: PLR2004
            return True
    return False


def came_back(now: Facts, before: Sequence[PastCheckIn]) -> bool:
    """Redness, swelling or pain rose again after it had improved.

    With at least two earlier check-ins: it had been higher before the last one than at the
    last one, is now higher than at the last one, and is 2 or more or comes with warmth; not
    counted where it is no more than the patient's baseline. Source: S41.
    """
    if len(before) < 2:  # noqa: PLR2004
        return False
    baseline = now.get("baseline")
    for question in REBOUNDING:
        value, last = now.get(question), before[-1].answers.get(question)
        if not isinstance(value, int) or not isinstance(last, int) or value <= last:
            continue
        if value <= (baseline.get(question, 0) if isinstance(baseline, dict) else 0):
            continue
        if value < 2 and now.get("warmth") is not True:  # noqa: PLR2004
            continue
        if any(at_least(earlier.answers, question, last + 1) for earlier in before[:-1]):
            return True
    return False


def worse_twice(now: Facts, before: Sequence[PastCheckIn]) -> bool:
    """The patient says «worse» now and said so at the last check-in. Source: S31, S41."""
    return (
        now.get("trend") == "worse" and bool(before) and before[-1].answers.get("trend") == "worse"
    )


def hours_present(now: Facts, before: Sequence[PastCheckIn], question: str, bound: float) -> float:
    """Hours since the start of an unbroken run of check-ins with `question` at `bound` or more.

    0.0 when it is below the bound now, or first reached it now. A check-in that did not ask
    neither breaks the run nor starts it.
    """
    hours = now["hours"]
    assert isinstance(hours, (int, float))
    if not at_least(now, question, bound):
        return 0.0
    start = hours
    for earlier in reversed(before):
        if question not in earlier.answers:
            continue
        if not at_least(earlier.answers, question, bound):
            break
        start = earlier.hours
    return hours - start


def fever_hours(now: Facts, before: Sequence[PastCheckIn]) -> float:
    """How long 38.0 C or more has been measured at every check-in, hours. Source: S10."""
    return hours_present(now, before, "temp_c", FEVER)


def low_grade_hours(now: Facts, before: Sequence[PastCheckIn]) -> float:
    """How long 37.5 C or more has been measured at every check-in, hours. Source: SEED-9."""
    return hours_present(now, before, "temp_c", LOW_GRADE)


Quantity = Callable[[Facts, Sequence[PastCheckIn]], object]

DERIVED: dict[str, tuple[Literal["number", "sign"], Quantity]] = {
    "infection_signs": ("number", infection_signs),
    "fever_hours": ("number", fever_hours),
    "low_grade_hours": ("number", low_grade_hours),
    "jumped": ("sign", jumped),
    "came_back": ("sign", came_back),
    "worse_twice": ("sign", worse_twice),
}
"""Every derived quantity a protocol file may name."""
