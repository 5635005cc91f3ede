"""The model of `assumptions.toml`: everything the simulated clinic takes for granted.

Shares lie between 0 and 1, hours count from the end of the session, severities are in the
protocol's ranks. The file gives each number its source; nothing here has a number of its own.
"""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from flows.tables import LevelWord

FILE = Path(__file__).with_name("assumptions.toml")

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Window = tuple[float, float]
Weights = dict[str, Share]


class Model(BaseModel):
    """Settings every table shares."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Spread(Model):
    """Sigmas of the logarithms of peaks and durations."""

    peak: float
    fade: float


class Baseline(Model):
    """A symptom that some patients had before the treatment."""

    share: Share
    rank: int
    areas: tuple[str, ...]


class Healing(Model):
    """One usual symptom of one treatment: who has it, how strong, when, for how long."""

    share: Share = 1.0
    peak: Positive
    at: Positive = 6.0
    fade: Positive


class Habits(Model):
    """How patients with ordinary healing answer the follow-up questions."""

    gravity_share: Weights
    gravity_eyes: Share
    gravity_hours: Window
    limb_share: Weights
    sudden_by_mistake: Share
    spread_by_mistake: Share
    growing_by_mistake: Share
    warm: tuple[Share, Share, Share, Share]
    pain_pill: Share
    patch_cm: Positive
    patch_sigma: float
    many_points_palm: tuple[Share, Share]
    colour_on_dark_skin: Share


class Background(Model):
    """Something that happens to anybody: how many a course on average, and how it goes."""

    question: str
    count: float
    onset: Window
    lasts: Positive
    values: dict[float, Share]
    treatments: tuple[str, ...] = ()


class Sign(Model):
    """One sign of an illness: in which share of it, and how strong."""

    share: Share = 1.0
    peak: Positive


class Viral(Model):
    """A fever that has nothing to do with the treatment."""

    share: Share
    onset: Window
    lasts: Positive
    signs: dict[str, Sign]


class Replying(Model):
    """Which questions are answered wrongly, left out or misread."""

    one_step_up: Share
    one_step_down: Share
    out_of_nothing: Share
    untouched_light: Share
    untouched_clear: Share
    no_thermometer: Share
    notices_low_fever: Share
    notices_fever: Share
    says_hot: Share
    says_hot_by_mistake: Share
    masked: Share
    pill_lowers: float
    normal_temperature: float
    temperature_sigma: float
    fever_memory_hours: float
    worse_step: float
    better_step: float
    worse_by_mistake: Share
    wants_call: Share
    worry: Share
    worry_when_ill: Share
    false_flag: Share
    flag_told_later: Share


class Reply(Model):
    """Whether and when a check-in is answered."""

    answers_week_1: Share
    answers_week_4: Share
    answers_later: Share
    reminder_answered: Share
    seldom_share: Share
    seldom_factor: Share
    delay_hours: Positive
    delay_sigma: float
    reminder_delay_hours: Positive
    asleep: tuple[float, float]
    session_from_to: Window
    begun_and_left: Share
    blocks_bot: Share


class Staff(Model):
    """How long a case stays open."""

    resolves_after_hours: Positive


class Results(Model):
    """Answers to the results check-ins and to the reminder before the next session."""

    early_days: int
    early: Weights
    late: Weights
    rather_not_say: Share
    pregnant_now: Share


class Complication(Model):
    """One kind of true complication: who gets it, when, its signs, and the level it needs."""

    kind: str
    words: str
    needs: LevelWord
    source: str
    rates: Weights
    onset: Window
    rise: Positive
    lasts: Positive
    signs: dict[str, Sign]
    flags: Weights = {}
    facts: Weights = {}
    areas: tuple[str, ...] = ()
    place: str | None = None
    sudden: Share = 0.0
    patch_cm: float = 0.0


class Assumptions(Model):
    """The whole file."""

    spread: Spread
    mix: Weights
    areas: dict[str, Weights]
    many_points: Weights
    facts: Weights
    baseline: dict[str, Baseline]
    healing: dict[str, dict[str, Healing]]
    habits: Habits
    background: tuple[Background, ...]
    viral: Viral
    answers: Replying
    reply: Reply
    staff: Staff
    results: Results
    complications: tuple[Complication, ...]


def load(path: Path = FILE) -> Assumptions:
    """Return the checked assumptions.

    Raises:
        pydantic.ValidationError: a number is missing, unknown or out of its range.
    """
    return Assumptions.model_validate(tomllib.loads(path.read_text("utf-8")))


def noisier(assumed: Assumptions, factor: float) -> Assumptions:
    """Return the assumptions with every kind of answering error multiplied by `factor`."""
    names = ("one_step_up", "one_step_down", "out_of_nothing", "untouched_light", "untouched_clear")
    return with_answers(assumed, {name: getattr(assumed.answers, name) * factor for name in names})


def with_answers(assumed: Assumptions, changed: dict[str, float]) -> Assumptions:
    """Return the assumptions with these numbers of `[answers]` in place of the file's."""
    return assumed.model_copy(update={"answers": assumed.answers.model_copy(update=changed)})


def with_background(assumed: Assumptions, factor: float) -> Assumptions:
    """Return the assumptions with everything that happens to anybody multiplied by `factor`."""
    more = tuple(b.model_copy(update={"count": b.count * factor}) for b in assumed.background)
    viral = assumed.viral.model_copy(update={"share": assumed.viral.share * factor})
    return assumed.model_copy(update={"background": more, "viral": viral})
