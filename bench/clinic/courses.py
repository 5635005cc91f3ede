"""One course from its session to its last check-in, through the schedule and the classifier.

The clinic's side is the product's: check-ins at the protocol's hours (all of them for a
combination), questions by `flows.asking`, levels by `flows.classify`. Each check-in has its
own stream of random numbers, so adding one changes no other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from bench.clinic.answering import Answering
from bench.clinic.assumptions import Assumptions, Complication
from bench.clinic.complications import around
from bench.clinic.patients import Patient, arrive
from bench.clinic.saying import Moment
from flows.asking import Occasion, asking
from flows.classify import compiled
from flows.derived import Earlier, History
from flows.protocol import Protocol
from flows.verdict import Level, Verdict

DAY, WEEK, MONTH = 24, 168, 672
"""Hours; the month is the 28 days after which the plan only looks for lumps."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answered check-in: its kind and due hour, the hour of the answer, and what it gave.

    `ill`: a true complication could be told of; `clear`: one of its signs was more than light.
    """

    kind: str
    due: int
    hours: float
    answers: Mapping[str, object]
    verdict: Verdict
    ill: bool
    clear: bool


@dataclass(frozen=True, slots=True)
class Silent:
    """One silence that the protocol sorts: the event, its hour, its verdict."""

    event: str
    hours: float
    verdict: Verdict


@dataclass
class Followed:
    """Everything that came of one course."""

    patient: Patient
    answered: list[Answered] = field(default_factory=list)
    silent: list[Silent] = field(default_factory=list)
    sent: int = 0
    reminders: int = 0
    unanswered: int = 0
    misses: int = 0

    @property
    def checkins(self) -> list[Answered]:
        """The answered planned check-ins, without results and reminders."""
        return [one for one in self.answered if one.kind == "check_in"]


class Clinic:
    """A protocol with its assumptions."""

    def __init__(
        self,
        protocol: Protocol,
        assumed: Assumptions,
    ) -> None:
        self.protocol = protocol
        self.assumed = assumed
        self.classifier = compiled(protocol)
        self.answering = Answering(asking(self.classifier), assumed)

    def plan(self, treatment: str) -> list[tuple[str, int]]:
        """Return the due check-ins of a course as kind and hour, in order of time."""
        components = self.protocol.components(treatment)
        hours = {hour for name in components for hour in self.protocol.treatments[name].schedule}
        planned = [("check_in", hour) for hour in hours]
        names = {self.protocol.treatments[name].course for name in components} - {"none"}
        for name in names:
            course = self.protocol.courses[name]  # type: ignore[index]
            planned += [("results", day * DAY) for day in course.results.days]
            planned += [("reminder", day * DAY) for day in course.reminders.days[:1]]
        return sorted(set(planned), key=lambda one: (one[1], one[0]))

    def follow(self, seed: int, number: int, forced: Complication | None = None) -> Followed:
        """Simulate one course; `forced` gives the patient that complication."""
        patient = arrive(self.protocol, self.assumed, seed, number, forced)
        followed = Followed(patient)
        for kind, due in self.plan(patient.treatment):
            if due > patient.blocks_at:
                self.silence(followed, "bot_blocked", patient.blocks_at)
                break
            rng = Random(f"{seed}/{number}/{forced.kind if forced else ''}/{kind}/{due}")
            self.check_in(followed, kind, due, rng)
        return followed

    def check_in(self, followed: Followed, kind: str, due: int, rng: Random) -> None:
        """Send one check-in; store the answer, or the silence."""
        patient = followed.patient
        delay, reminded = reply(self.assumed, self.protocol, patient, due, rng)
        left = rng.random() < self.assumed.reply.begun_and_left
        if kind == "check_in":
            followed.sent += 1
            followed.reminders += reminded
            self.silences(followed, due, delay, left=left)
            if delay is None or left:
                followed.unanswered += 1
                return
        if delay is not None:
            self.answer(followed, Occasion(kind, due, patient.treatment, patient.area), delay, rng)

    def answer(self, followed: Followed, occasion: Occasion, delay: float, rng: Random) -> None:
        """Fill in one check-in, sort it and keep it."""
        patient = followed.patient
        hour = occasion.hours + delay
        before = [Earlier(one.hours, one.answers) for one in followed.checkins]
        last = before[-1] if before else None
        moment = Moment(patient, occasion, hour, last, rng, self.assumed)
        answers = self.answering.fill_in(moment)
        history = History(before, patient.profile)
        verdict = self.classifier.classify(patient.treatment, hour, answers, history)
        flagged = patient.illness is not None and bool(answers["red_flags"])
        ill = patient.illness is not None and (flagged or patient.illness.felt(hour))
        clear = patient.illness is not None and (flagged or patient.illness.is_clear(hour))
        followed.misses = 0
        followed.answered.append(
            Answered(occasion.kind, occasion.hours, hour, answers, verdict, ill, clear)
        )

    def silences(self, followed: Followed, due: int, delay: float | None, *, left: bool) -> None:
        """Sort the silences of one check-in: after an hour, after a day, begun and left."""
        limits = self.protocol.silence
        last = followed.checkins[-1].verdict.level if followed.checkins else Level.EXPECTED
        serious = last >= Level.URGENT and (
            delay is None or delay > limits.unanswered_after_serious_hours
        )
        if serious:
            self.silence(followed, "no_answer_1h", due + limits.unanswered_after_serious_hours)
        if delay is None:
            followed.misses += 1
            self.silence(followed, "no_answer_24h", due + limits.unanswered_after_hours)
        elif left:
            self.silence(followed, "abandoned_2h", due + delay + limits.abandoned_after_hours)

    def silence(self, followed: Followed, event: str, hours: float) -> None:
        """Sort one silence and keep it."""
        checkins = followed.checkins
        history = History(
            profile=followed.patient.profile,
            event=event,
            misses=followed.misses,
            last_level=str(checkins[-1].verdict.level) if checkins else "none",
        )
        verdict = self.classifier.classify(followed.patient.treatment, hours, {}, history)
        followed.silent.append(Silent(event, hours, verdict))

    def courses(self, seed: int, count: int) -> Iterator[Followed]:
        """Simulate `count` courses of one seed."""
        return (self.follow(seed, number) for number in range(1, count + 1))

    def ill_courses(self, seed: int, count: int) -> Iterator[Followed]:
        """Simulate `count` courses of every kind of complication."""
        for complication in self.assumed.complications:
            for number in range(1, count + 1):
                yield self.follow(seed, number, complication)


def reply(
    assumed: Assumptions, protocol: Protocol, patient: Patient, due: int, rng: Random
) -> tuple[float | None, bool]:
    """Return hours until the answer, None for none within the day, and whether reminded."""
    said = assumed.reply
    share = said.answers_week_1 if due <= WEEK else said.answers_week_4
    if due > MONTH:
        share = said.answers_later
    share /= 1 - said.seldom_share * (1 - said.seldom_factor)
    share *= said.seldom_factor if patient.seldom else 1.0
    at_once, after_reminder = rng.random() < share, rng.random() < said.reminder_answered
    delay = around(rng, said.delay_hours, said.delay_sigma)
    late = around(rng, said.reminder_delay_hours, said.delay_sigma)
    late = max(late, protocol.silence.reminder_after_minutes / 60)
    if not at_once:
        delay = late
    evening, morning = said.asleep
    clock = (patient.session_clock + due + delay) % DAY
    if clock >= evening or clock < morning:
        delay += (morning - clock) % DAY
    reminded = not at_once or delay * 60 > protocol.silence.reminder_after_minutes
    answered = (at_once or after_reminder) and delay < protocol.silence.unanswered_after_hours
    return (delay if answered else None), reminded
