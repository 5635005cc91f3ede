"""Simulated patients: who comes, and the true state of their skin and health at every hour.

Everything is drawn from the patient's own stream of random numbers, named by seed and course
number, so that another schedule or another answer never changes who the patient is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random

from bench.clinic.assumptions import Assumptions, Complication
from bench.clinic.complications import (
    FELT,
    Illness,
    Wave,
    around,
    catch_cold,
    fall_ill,
    is_word,
    kind_of,
    rate,
)
from flows.protocol import Protocol

ALWAYS = 1e6
"""Hours that outlast every schedule: for what was there before and stays."""


@dataclass(frozen=True)
class Patient:
    """One course: treatment, area, what the clinic recorded, and everything that will happen."""

    number: int
    treatment: str
    area: str
    profile: Mapping[str, object]
    waves: tuple[Wave, ...]
    illness: Illness | None
    session_clock: float
    seldom: bool
    thermometer: bool
    takes_pills: bool
    swells_beside: str | None
    calls_it_limb: bool
    patch_cm: float
    palm: float
    blocks_at: float

    @cached_property
    def by_question(self) -> dict[str, list[Wave]]:
        """All waves of the patient, by question."""
        found: dict[str, list[Wave]] = {}
        for wave in (*self.waves, *(self.illness.waves if self.illness else ())):
            found.setdefault(wave.question, []).append(wave)
        return found

    def true(self, question: str, hour: float) -> float:
        """Return the true strength of what `question` asks about, 0.0 where there is nothing."""
        return max((wave.at(hour) for wave in self.by_question.get(question, ())), default=0.0)

    def onset(self, question: str, hour: float) -> float:
        """Return the hour at which the strongest wave of `question` began."""
        waves = self.by_question[question]
        return max(0.0, max(waves, key=lambda wave: wave.at(hour)).start)

    def ill_swelling(self, hour: float) -> bool:
        """Whether a complication with a place of its own makes something swell now."""
        if self.illness is None or self.illness.kind.place is None:
            return False
        waves = self.illness.waves
        return any(w.question == "swelling" and w.at(hour) >= FELT for w in waves)


def pick(rng: Random, weights: Mapping[str, float]) -> str:
    """Draw one name by weight; the order is the file's."""
    return rng.choices(list(weights), list(weights.values()))[0]


def arrive(
    protocol: Protocol,
    assumed: Assumptions,
    seed: int,
    number: int,
    forced: Complication | None = None,
) -> Patient:
    """Draw the patient of course `number`; `forced` gives that complication to a fitting one."""
    rng = Random(f"{seed}/{number}/{forced.kind if forced else ''}")
    mix: Mapping[str, float] = assumed.mix
    if forced is not None:
        mix = {name: share * rate(protocol, forced, name) for name, share in mix.items()}
    treatment = pick(rng, mix)
    area = pick(rng, area_weights(protocol, assumed, treatment, forced))
    kind = forced or kind_of(protocol, assumed, rng, treatment, area)
    illness = fall_ill(protocol, assumed, rng, kind) if kind else None
    profile = recorded(protocol, assumed, rng, (treatment, area))
    if kind is not None:
        profile |= {name: True for name, share in kind.facts.items() if rng.random() < share}
    waves = [
        *healing(protocol, assumed, rng, treatment),
        *background(protocol, assumed, rng, treatment),
        *catch_cold(protocol, assumed, rng),
        *before(profile),
    ]
    if profile["dark_skin"] and rng.random() < assumed.habits.colour_on_dark_skin:
        waves.append(Wave("skin_colour", 200.0, 48.0, 1500.0, 500.0, 1.0))
    habits, gravity = assumed.habits, rng.random() < assumed.habits.gravity_share.get(area, 0.0)
    eyes = rng.random() < habits.gravity_eyes and area != "lip"
    beside = "eyes_other" if eyes else "face_other"
    return Patient(
        number=number,
        treatment=treatment,
        area=area,
        profile=profile,
        waves=tuple(waves),
        illness=illness,
        session_clock=rng.uniform(*assumed.reply.session_from_to),
        seldom=rng.random() < assumed.reply.seldom_share,
        thermometer=rng.random() >= assumed.answers.no_thermometer,
        takes_pills=rng.random() < assumed.answers.masked,
        swells_beside=beside if gravity else None,
        calls_it_limb=rng.random() < habits.limb_share.get(area, 0.0),
        patch_cm=around(rng, habits.patch_cm, habits.patch_sigma),
        palm=rng.random(),
        blocks_at=rng.uniform(0, 672) if rng.random() < assumed.reply.blocks_bot else ALWAYS,
    )


def area_weights(
    protocol: Protocol, assumed: Assumptions, treatment: str, forced: Complication | None
) -> Mapping[str, float]:
    """Return where the treatment is given; the first treatment of a combination decides."""
    weights = assumed.areas[protocol.components(treatment)[0]]
    if forced is None or not forced.areas:
        return weights
    fitting = {area: share for area, share in weights.items() if area in forced.areas}
    return fitting or weights


def recorded(
    protocol: Protocol, assumed: Assumptions, rng: Random, site: tuple[str, str]
) -> dict[str, object]:
    """Draw what the clinic knows: area, facts, baseline, one point or many."""
    treatment, area = site
    profile: dict[str, object] = {"area": area}
    profile |= {name: rng.random() < share for name, share in assumed.facts.items()}
    baseline = {}
    for question, had in assumed.baseline.items():
        if rng.random() < had.share and area in had.areas:
            baseline[question] = had.rank
    if baseline:
        profile["baseline"] = baseline
    chances = [assumed.many_points.get(c, 0.0) for c in protocol.components(treatment)]
    profile["field"] = "multi" if rng.random() < max(chances) else "single"
    return profile


def before(profile: Mapping[str, object]) -> list[Wave]:
    """Return what the patient had before, as it stays."""
    baseline = profile.get("baseline", {})
    assert isinstance(baseline, dict)
    return [Wave(name, -1.0, 1.0, ALWAYS, 1.0, float(rank)) for name, rank in baseline.items()]


def healing(protocol: Protocol, assumed: Assumptions, rng: Random, treatment: str) -> list[Wave]:
    """Draw the usual symptoms of every treatment of the session."""
    waves = []
    for component in protocol.components(treatment):
        for question, usual in assumed.healing[component].items():
            has = rng.random() < usual.share
            drawn = around(rng, usual.peak, assumed.spread.peak)
            peak = usual.peak if is_word(protocol, question) else drawn
            fade = around(rng, usual.fade, assumed.spread.fade)
            if has:
                waves.append(Wave(question, 0.0, usual.at, 0.0, fade, peak))
    return waves


def background(protocol: Protocol, assumed: Assumptions, rng: Random, treatment: str) -> list[Wave]:
    """Draw what happens to anybody; each entry at most once a course."""
    components = protocol.components(treatment)
    waves = []
    for entry in assumed.background:
        happens = rng.random() < entry.count
        start, lasts = rng.uniform(*entry.onset), around(rng, entry.lasts, assumed.spread.fade)
        value = rng.choices(list(entry.values), list(entry.values.values()))[0]
        if happens and (not entry.treatments or set(entry.treatments) & set(components)):
            waves.append(Wave(entry.question, start, 1.0, lasts, 2.0, value))
    return waves
