"""What a patient says to the questions that are more than the strength of one symptom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from bench.clinic.assumptions import Assumptions
from bench.clinic.complications import FELT, LOW_FEVER
from bench.clinic.patients import Patient, pick
from flows.answers import NOT_MEASURED
from flows.asking import Occasion
from flows.derived import Earlier
from flows.rule_tables import Question

SMALLEST_LUMP_CM = 0.3
"""Below this nobody feels a lump (own choice)."""

BURDEN = ("redness", "swelling", "pain", "itch", "fatigue", "fever", "lump_cm")
"""What a patient weighs when asked «better, the same or worse than last time?»."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One patient at one check-in: the hour of the answer, and of the answer before."""

    patient: Patient
    occasion: Occasion
    hour: float
    last: Earlier | None
    rng: Random
    assumed: Assumptions

    @property
    def since(self) -> float:
        """The hour of the last answered check-in, 0.0 when there is none."""
        return self.last.hours if self.last else 0.0

    def true(self, question: str) -> float:
        """The true strength at the hour of the answer."""
        return self.patient.true(question, self.hour)


def best(question: Question) -> object:
    """Return what is stored for a question that was offered and not brought up."""
    if question.kind == "ticks":
        return ()
    if question.kind == "yes_no":
        return False
    return 0 if question.kind == "severity" else question.options[0].id


def rank_felt(question: Question, strength: float) -> int:
    """Return the place of the option that a true strength is felt as."""
    return min(int(strength + FELT), len(question.options) - 1)


def rank(question: Question, answer: object) -> int:
    """Return how bad a stored answer is: its place among the options, 0 for the best."""
    if question.kind == "choice":
        places = [option.id for option in question.options]
        return places.index(answer) if answer in places else 0
    return rank_of(answer)


def rank_of(answer: object) -> int:
    """Return a severity's rank, 1 for a yes, 0 for anything else."""
    return int(answer) if isinstance(answer, int) else 0


def fever(moment: Moment) -> float:
    """Return the highest fever that is remembered, degrees above normal."""
    first = max(moment.since, moment.hour - moment.assumed.answers.fever_memory_hours)
    hours = (first, (first + moment.hour) / 2, moment.hour)
    return max(moment.patient.true("fever", hour) for hour in hours)


def redness_spread(question: Question, moment: Moment, _: Mapping[str, object]) -> str:
    """Past the treated area: an infection, or a mistake."""
    mistaken = moment.rng.random() < moment.assumed.habits.spread_by_mistake
    place = max(rank_felt(question, moment.true(question.id)), int(mistaken))
    return question.options[place].id


def swelling_place(_: Question, moment: Moment, __: Mapping[str, object]) -> str:
    """Where it is: by illness, by gravity, or «whole arm» for a treated limb."""
    patient, (first, last) = moment.patient, moment.assumed.habits.gravity_hours
    if patient.illness and patient.illness.kind.place and patient.ill_swelling(moment.hour):
        return patient.illness.kind.place
    if patient.swells_beside and first <= moment.hour <= last:
        return patient.swells_beside
    return "limb" if patient.calls_it_limb else "treated_only"


def swelling_sudden(_: Question, moment: Moment, __: Mapping[str, object]) -> bool:
    """Came up within an hour: an allergic reaction, or a mistake."""
    mistaken = moment.rng.random() < moment.assumed.habits.sudden_by_mistake
    ill = moment.patient.illness
    return mistaken or bool(ill and ill.sudden and moment.patient.ill_swelling(moment.hour))


def site_size_cm(question: Question, moment: Moment, answers: Mapping[str, object]) -> float:
    """The picture nearest to the patch; many points make the whole area one patch."""
    patient, habits = moment.patient, moment.assumed.habits
    worst = max(rank_of(answers.get("redness")), rank_of(answers.get("swelling")))
    width = patient.patch_cm * worst
    if patient.profile["field"] == "multi":
        palm, egg = habits.many_points_palm
        width = 11.0 if patient.palm < palm else 8.0 if patient.palm < egg else width
    if patient.illness and patient.illness.felt(moment.hour):
        width = max(width, patient.illness.kind.patch_cm)
    numbers = [option.number or 0.0 for option in question.options]
    return next((number for number in numbers if width <= number), numbers[-1])


def warmth(_: Question, moment: Moment, answers: Mapping[str, object]) -> bool:
    """Hotter than the skin next to it: an illness, or usual healing."""
    worst = max(rank_of(answers.get("redness")), rank_of(answers.get("swelling")))
    usual = moment.rng.random() < moment.assumed.habits.warm[worst]
    return usual or moment.true("warmth") >= FELT


def bruise_growing(_: Question, moment: Moment, __: Mapping[str, object]) -> bool:
    """Only by mistake: no complication here is a growing bruise."""
    return moment.rng.random() < moment.assumed.habits.growing_by_mistake


def lump(_: Question, moment: Moment, __: Mapping[str, object]) -> str:
    """Whether there is a lump, against last time."""
    now = moment.true("lump_cm")
    before = moment.patient.true("lump_cm", moment.since) if moment.last else 0.0
    if now < SMALLEST_LUMP_CM:
        return "gone" if before >= SMALLEST_LUMP_CM else "none"
    if before < SMALLEST_LUMP_CM:
        return "new"
    return "bigger" if now > before * 1.25 else "smaller" if now < before * 0.8 else "same"


def lump_cm(question: Question, moment: Moment, _: Mapping[str, object]) -> float:
    """The picture nearest to its size."""
    size = moment.true("lump_cm")
    numbers = [option.number or 0.0 for option in question.options]
    return min(numbers, key=lambda number: abs(number - size))


def lump_first_seen_h(_: Question, moment: Moment, __: Mapping[str, object]) -> float:
    """When the patient first felt it, hours after the session."""
    return max(moment.patient.onset("lump_cm", moment.hour), moment.since)


def temp_c(_: Question, moment: Moment, __: Mapping[str, object]) -> object:
    """The highest reading that is remembered, or that there is no thermometer."""
    reading = moment.rng.gauss(
        moment.assumed.answers.normal_temperature, moment.assumed.answers.temperature_sigma
    )
    if not moment.patient.thermometer:
        return NOT_MEASURED
    return round(min(reading + after_pill(moment), 42.0), 1)


def after_pill(moment: Moment) -> float:
    """Return the fever that a thermometer still shows, degrees."""
    height = fever(moment)
    masked = moment.patient.takes_pills and height >= LOW_FEVER
    return max(0.0, height - moment.assumed.answers.pill_lowers) if masked else height


def antipyretic_6h(_: Question, moment: Moment, __: Mapping[str, object]) -> bool:
    """A pill for the fever, or for something sore."""
    chance = moment.rng.random()
    if moment.patient.takes_pills and fever(moment) >= LOW_FEVER:
        return True
    sore = max(moment.true("pain"), moment.true("headache")) >= FELT
    return sore and chance < moment.assumed.habits.pain_pill


def feels_hot(_: Question, moment: Moment, answers: Mapping[str, object]) -> bool:
    """Hot or shivery, without a thermometer."""
    hot = after_pill(moment) >= LOW_FEVER or rank_of(answers.get("chills")) > 0
    chance = moment.assumed.answers.says_hot if hot else moment.assumed.answers.says_hot_by_mistake
    return moment.rng.random() < chance


def trend(_: Question, moment: Moment, __: Mapping[str, object]) -> str:
    """Better, the same or worse than at the last answered check-in."""
    if moment.last is None:
        return "same"
    then = sum(moment.patient.true(name, moment.since) for name in BURDEN)
    now = sum(moment.true(name) for name in BURDEN)
    if (
        moment.rng.random() < moment.assumed.answers.worse_by_mistake
        or now - then > moment.assumed.answers.worse_step
    ):
        return "worse"
    return "better" if then - now > moment.assumed.answers.better_step else "same"


def result(_: Question, moment: Moment, __: Mapping[str, object]) -> str:
    """How the patient likes the result."""
    results = moment.assumed.results
    early = moment.occasion.hours <= results.early_days * 24
    return pick(moment.rng, results.early if early else results.late)


def pregnant_now(moment: Moment) -> str:
    """Asked before the next session."""
    results, chance = moment.assumed.results, moment.rng.random()
    if chance < results.pregnant_now:
        return "yes"
    hidden = chance < results.pregnant_now + results.rather_not_say
    return "rather_not_say" if hidden else "no"


SAYS: Mapping[str, Callable[[Question, Moment, Mapping[str, object]], object]] = {
    "redness_spread": redness_spread,
    "swelling_place": swelling_place,
    "swelling_sudden": swelling_sudden,
    "site_size_cm": site_size_cm,
    "warmth": warmth,
    "bruise_growing": bruise_growing,
    "lump": lump,
    "lump_cm": lump_cm,
    "lump_first_seen_h": lump_first_seen_h,
    "temp_c": temp_c,
    "antipyretic_6h": antipyretic_6h,
    "feels_hot": feels_hot,
    "trend": trend,
    "result": result,
}
