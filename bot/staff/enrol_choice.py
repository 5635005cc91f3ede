"""What was chosen so far of an enrolment, as its buttons carry it: `n:41:0:1c9a7d4:ok:5f3a`.

Nothing is stored while staff choose. The five parts are the treatments as bits of a hexadecimal
number, the area's place in the protocol or `-`, the time, the step that the button leads to, and
the protocol's mark, so that a button never means something of another protocol. The time is `-`,
minutes since 1970 in hexadecimal, or minutes before the press, like `60m`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, get_args

from flows.protocol import Protocol

Step = Literal["what", "area", "when", "ok", "make", "stop"]
NOTHING = "-"
BEFORE = "m"
MARK = 4
"""Hexadecimal digits of a protocol's mark."""


class ChoiceError(ValueError):
    """A button that means nothing: forged, or of another protocol."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen: places of treatments and of the area, the instant, the step to show."""

    treatments: frozenset[int] = frozenset()
    area: int | None = None
    at: datetime | None = None
    step: Step = "what"

    def request(self, protocol: Protocol) -> tuple[str, str | None]:
        """Return the treatment ids joined by +, and the area's id."""
        names = [name for place, name in enumerate(protocol.treatments) if place in self.treatments]
        area = None if self.area is None else list(protocol.areas)[self.area]
        return "+".join(names), area

    def to(self, step: Step) -> "Choice":
        """Return the same choice at another step."""
        return replace(self, step=step)


def code_of(protocol: Protocol, choice: Choice, minutes_before: int | None = None) -> str:
    """Return what a button carries; `minutes_before` its press is the time that it chooses."""
    mask = sum(1 << place for place in choice.treatments)
    area = NOTHING if choice.area is None else str(choice.area)
    at = NOTHING
    if minutes_before is not None:
        at = f"{minutes_before}{BEFORE}"
    elif choice.at is not None:
        at = f"{int(choice.at.timestamp()) // 60:x}"
    return f"n:{mask:x}:{area}:{at}:{choice.step}:{mark(protocol)}"


def choice_of(protocol: Protocol, code: str, now: datetime) -> Choice:
    """Read what a button carries, pressed now.

    Raises:
        ChoiceError: it is no button of this protocol.
    """
    try:
        _, mask, area, at, step, marked = code.split(":")
        bits = int(mask, 16)
        place = None if area == NOTHING else int(area)
        moment = None if at == NOTHING else moment_of(at, now)
    except (ValueError, OverflowError, OSError) as error:
        raise ChoiceError(f"no button of an enrolment: {error}") from None
    is_ours = (
        step in get_args(Step)
        and marked == mark(protocol)
        and 0 <= bits < 1 << len(protocol.treatments)
        and (place is None or 0 <= place < len(protocol.areas))
    )
    if not is_ours:
        raise ChoiceError("no button of this protocol")
    ticked = frozenset(one for one in range(len(protocol.treatments)) if bits >> one & 1)
    return Choice(ticked, place, moment, step)  # type: ignore[arg-type]


def moment_of(text: str, now: datetime) -> datetime:
    """Return the instant that a button's time stands for.

    Raises:
        ValueError, OverflowError, OSError: it is none.
    """
    if text.endswith(BEFORE):
        return now - timedelta(minutes=int(text.removesuffix(BEFORE)))
    return datetime.fromtimestamp(int(text, 16) * 60, UTC)


def mark(protocol: Protocol) -> str:
    """Return what tells protocols apart whose treatments or areas differ."""
    words: Sequence[str] = [*protocol.treatments, "", *protocol.areas]
    return sha256(" ".join(words).encode()).hexdigest()[:MARK]
