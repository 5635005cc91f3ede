"""True illnesses of a course: which complication, when, with which signs; and passing fevers."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bench.clinic.assumptions import Assumptions, Complication, Sign
from flows.protocol import Protocol

FELT = 0.5
"""From here a true severity is felt as the next rank: half a step, rounded up."""

CLEAR = 1.5
"""From here a true severity is felt as rank 2."""

LOW_FEVER, FEVER = 0.9, 1.4
"""Degrees above the normal 36.6 C: 37.5 and 38.0."""

FADES_IN = 0.3
"""An illness fades over this share of its duration (own choice)."""


@dataclass(frozen=True, slots=True)
class Wave:
    """One sign over time: it starts, rises, stays, fades. Hours after the session.

    From the strength `clear` on, a sign of an illness is more than a light one.
    """

    question: str
    start: float
    rise: float
    lasts: float
    fade: float
    peak: float
    clear: float = math.inf

    def at(self, hour: float) -> float:
        """Return its strength at `hour`, in ranks, degrees or centimetres."""
        since = hour - self.start
        if since <= 0:
            return 0.0
        if since < self.rise:
            return self.peak * since / self.rise
        over = since - self.rise - self.lasts
        return self.peak if over <= 0 else self.peak * math.exp(-over / self.fade)


@dataclass(frozen=True, slots=True)
class Illness:
    """A complication that this course has: its kind, onset, signs, and emergency-list items."""

    kind: Complication
    onset: float
    ends: float
    waves: tuple[Wave, ...]
    flags: tuple[str, ...]
    sudden: bool

    def felt(self, hour: float) -> bool:
        """Whether a sign can be felt or seen at `hour`."""
        return any(wave.at(hour) >= FELT for wave in self.waves)

    def is_clear(self, hour: float) -> bool:
        """Whether a sign is more than light at `hour`."""
        return any(wave.at(hour) >= wave.clear for wave in self.waves)


def around(rng: Random, median: float, sigma: float) -> float:
    """Draw from a log-normal with this median."""
    return median * math.exp(rng.gauss(0.0, sigma))


def is_word(protocol: Protocol, question: str) -> bool:
    """Whether its strength is an option or a yes, which does not vary around a median."""
    found = protocol.question_by_id.get(question)
    return found is not None and found.kind in ("choice", "yes_no")


def rate(protocol: Protocol, complication: Complication, treatment: str) -> float:
    """Return the share of this treatment's courses that get it: the highest of its parts."""
    names = protocol.with_groups(protocol.components(treatment))
    return max((r for name, r in complication.rates.items() if name in names), default=0.0)


def kind_of(
    protocol: Protocol, assumed: Assumptions, rng: Random, treatment: str, area: str
) -> Complication | None:
    """Draw which complication a course gets, if any; never two."""
    chance = rng.random()
    for complication in assumed.complications:
        if not complication.areas or area in complication.areas:
            chance -= rate(protocol, complication, treatment)
            if chance < 0:
                return complication
    return None


def fall_ill(
    protocol: Protocol, assumed: Assumptions, rng: Random, complication: Complication
) -> Illness:
    """Draw when a complication begins and which of its signs this patient has."""
    onset = rng.uniform(*complication.onset)
    lasts = around(rng, complication.lasts, assumed.spread.fade)
    waves = tuple(
        sign_waves(protocol, assumed, rng, complication.signs, (onset, complication.rise, lasts))
    )
    flags = tuple(name for name, share in complication.flags.items() if rng.random() < share)
    sudden = rng.random() < complication.sudden
    return Illness(complication, onset, onset + complication.rise + lasts, waves, flags, sudden)


def sign_waves(
    protocol: Protocol,
    assumed: Assumptions,
    rng: Random,
    signs: dict[str, Sign],
    course: tuple[float, float, float],
) -> Iterator[Wave]:
    """Yield the signs that this patient has; `course` is onset, rise and duration in hours."""
    onset, rise, lasts = course
    for question, sign in signs.items():
        has, peak = rng.random() < sign.share, around(rng, sign.peak, assumed.spread.peak)
        if has:
            strength = sign.peak if is_word(protocol, question) else peak
            clear = clear_from(protocol, question, sign.peak)
            yield Wave(question, onset, rise, lasts, lasts * FADES_IN, strength, clear)


def clear_from(protocol: Protocol, question: str, peak: float) -> float:
    """Return from where a sign is clear: rank 2, its full word, 38.0 C, or any lump."""
    if is_word(protocol, question):
        return peak - FELT
    return {"fever": FEVER, "lump_cm": FELT}.get(question, CLEAR)


def catch_cold(protocol: Protocol, assumed: Assumptions, rng: Random) -> tuple[Wave, ...]:
    """Draw a passing viral fever, or nothing."""
    if rng.random() >= assumed.viral.share:
        return ()
    lasts = around(rng, assumed.viral.lasts, assumed.spread.fade)
    course = (rng.uniform(*assumed.viral.onset), 6.0, lasts)
    return tuple(sign_waves(protocol, assumed, rng, assumed.viral.signs, course))
