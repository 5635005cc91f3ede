"""What changes when an assumption or the schedule does: the same patients, run again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bench.clinic.assumptions import Assumptions, noisier, with_answers, with_background
from bench.clinic.courses import Clinic, Followed
from bench.clinic.tally import Tally, tallied
from flows.protocol import Protocol

Watch = Callable[[Iterable[Followed], str, int], Iterable[Followed]]
"""Shows progress over courses: the courses, what they are, and how many."""

DAY_5 = 120
"""Hours. The safety review (docs/sources.md, safety-review) asks to consider a check-in between
day 3 and day 7."""

WITHOUT_DAY_5 = (
    "mn_topical",
    "mn_rf",
    "laser_nonabl",
    "peel_sup",
    "inj_skin",
    "inj_lip_eye",
    "inj_scalp",
)
"""Treatments with nothing between day 3 and day 7."""


@dataclass(frozen=True)
class WithDayFive:
    """The same patients without and with the check-in on day 5."""

    usual: Tally
    more: Tally
    usual_ill: Tally
    more_ill: Tally


def changed(assumed: Assumptions) -> Iterator[tuple[str, Assumptions]]:
    """Yield the assumptions that are turned, with words for the table."""
    yield "as assumed", assumed
    yield "answering errors a third", noisier(assumed, 1 / 3)
    yield "answering errors twice", noisier(assumed, 2)
    yield "light symptoms out of nothing 3 %", with_answers(assumed, {"out_of_nothing": 0.03})
    yield "background half", with_background(assumed, 0.5)
    yield "background one and a half", with_background(assumed, 1.5)
    yield "call requests 2.5 %", with_answers(assumed, {"wants_call": 0.025})
    yield "closing question yes in 0.5 %", with_answers(assumed, {"worry": 0.005})
    yield "closing question yes in 3 %", with_answers(assumed, {"worry": 0.03})
    yield "nobody answers the reminder", without_reminder(assumed)
    worst = with_background(noisier(assumed, 2), 1.5)
    worst = with_answers(worst, {"wants_call": 0.025, "worry": 0.03, "out_of_nothing": 0.03})
    yield "all of it at its worst", worst


def without_reminder(assumed: Assumptions) -> Assumptions:
    """Return the assumptions with a reminder that nobody answers."""
    reply = assumed.reply.model_copy(update={"reminder_answered": 0.0})
    return assumed.model_copy(update={"reply": reply})


def sensitivity(
    protocol: Protocol, assumed: Assumptions, courses: int, watch: Watch
) -> list[tuple[str, Tally]]:
    """Run the clinic's first seed again under each changed assumption."""
    found = []
    for words, other in changed(assumed):
        clinic = Clinic(protocol, other)
        run = watch(clinic.courses(1, courses), words, courses)
        found.append((words, tallied(protocol, 1, other.staff.resolves_after_hours, run)))
    return found


def day_five(
    protocol: Protocol, assumed: Assumptions, counts: tuple[int, int], watch: Watch
) -> WithDayFive:
    """Run the treatments whose day-5 check-in is ours, with and without it.

    `counts`: courses of the clinic, and courses of each kind of complication.
    """
    mix = {name: share for name, share in assumed.mix.items() if name in WITHOUT_DAY_5}
    assumed = assumed.model_copy(update={"mix": mix})
    kinds = tuple(c for c in assumed.complications if set(c.rates) - {"iv", "joint"})
    assumed = assumed.model_copy(update={"complications": kinds})
    tallies = []
    for words, rules in (("without day 5", before_day_five(protocol)), ("with day 5", protocol)):
        clinic = Clinic(rules, assumed)
        for run, count in (
            (clinic.courses(1, counts[0]), counts[0]),
            (clinic.ill_courses(1, counts[1]), counts[1] * len(kinds)),
        ):
            watched = watch(run, words, count)
            tallies.append(tallied(protocol, 1, assumed.staff.resolves_after_hours, watched))
    usual, usual_ill, more, more_ill = tallies
    return WithDayFive(usual, more, usual_ill, more_ill)


def before_day_five(protocol: Protocol) -> Protocol:
    """Return the protocol without the day-5 check-in of the treatments that got it from us."""
    treatments = {
        name: treatment.model_copy(
            update={"schedule": tuple(hour for hour in treatment.schedule if hour != DAY_5)}
        )
        if name in WITHOUT_DAY_5
        else treatment
        for name, treatment in protocol.treatments.items()
    }
    return protocol.model_copy(update={"treatments": treatments})
