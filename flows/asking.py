"""Which questions a check-in asks: by its kind and due hour, the treatment, and the answers.

A question is *offered* when the check-in's time, treatment and area fit one of its `asked`
entries. It is *due* when also the other answers bring it up (`when_all`, `when_any`, and the
conditions of the entry). Ticking a symptom makes its offered questions due in file order;
what is offered and not ticked is stored as its best option.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from flows.answers import UNCLEAR
from flows.classify import Classifier
from flows.compile import all_test, condition_test
from flows.conditions import Test
from flows.derived import LOW_GRADE, History, at_least
from flows.protocol import Protocol, not_measured
from flows.rule_tables import Asked, Condition, Question

TREND, WORRY, CALL = "trend", "worry", "wants_call"
"""Questions that a button answers in passing, where the protocol asks them."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One check-in's frame: its kind, due hour after the session, and what was treated where.

    Kinds are `check_in`, `results` and `reminder`, and `report` for what a patient starts
    outside the schedule: then everything that a check-in may ask of the treatment is offered. So
    it is besides its own questions where `any_symptom` can be told, as in a results check-in.
    """

    kind: str
    hours: int
    treatment: str
    area: str | None = None
    any_symptom: bool = False


def offered(protocol: Protocol, occasion: Occasion) -> tuple[Question, ...]:
    """Return the questions that this occasion may ask, in file order."""
    return tuple(question for question, _ in fitting(protocol, occasion))


@lru_cache(maxsize=4096)
def fitting(protocol: Protocol, occasion: Occasion) -> tuple[tuple[Question, tuple[int, ...]], ...]:
    """Return the offered questions, each with the places of its `asked` entries that fit."""
    treated = protocol.with_groups(protocol.components(occasion.treatment))
    found = []
    for question in protocol.questions:
        places = tuple(
            place
            for place, asked in enumerate(question.asked)
            if fits_time(asked, occasion)
            and (not asked.treatments or treated.intersection(asked.treatments))
            and (not asked.areas or occasion.area in asked.areas)
        )
        if places:
            found.append((question, places))
    return tuple(found)


def entries(protocol: Protocol, question: Question, occasion: Occasion) -> tuple[Asked, ...]:
    """Return the question's `asked` entries that fit the occasion."""
    places = next((p for q, p in fitting(protocol, occasion) if q.id == question.id), ())
    return tuple(question.asked[place] for place in places)


def fits_time(asked: Asked, occasion: Occasion) -> bool:
    """Whether an entry fits the kind and hour of an occasion."""
    told_freely = occasion.kind == "report" or occasion.any_symptom
    if told_freely and asked.in_ == "check_in":
        return True
    return asked.at_hour(occasion.kind, occasion.hours)


@lru_cache(maxsize=4096)
def roots(protocol: Protocol, occasion: Occasion) -> Mapping[str, tuple[Question, ...]]:
    """Return, by symptom, the offered questions that a tick alone brings up."""
    found: dict[str, tuple[Question, ...]] = {}
    for question, places in fitting(protocol, occasion):
        entries = [question.asked[place] for place in places]
        if not (question.when_all or question.when_any) and any(
            not (asked.all or asked.any) for asked in entries
        ):
            found[question.symptom] = (*found.get(question.symptom, ()), question)
    return found


class Asking:
    """Decides which offered question comes next, with the conditions compiled once."""

    def __init__(self, classifier: Classifier) -> None:
        self.classifier = classifier
        self.protocol = classifier.protocol
        always = {symptom.id for symptom in self.protocol.symptoms if symptom.always}
        self.standing = [
            question
            for question in self.protocol.questions
            if question.id not in (TREND, WORRY, CALL)
            and question.symptom not in always
            and not (question.when_all or question.when_any)
        ]
        self._tests: dict[tuple[str, int], Test] = {}
        for question in self.protocol.questions:
            when = Condition(all=question.when_all, any=question.when_any)
            for place, asked in enumerate(question.asked):
                entry = Condition(all=asked.all, any=asked.any)
                tests = [condition_test(self.protocol, c) for c in (when, entry)]
                self._tests[question.id, place] = all_test(tests)

    def due(
        self,
        occasion: Occasion,
        ticked: frozenset[str],
        answers: Mapping[str, object],
        history: History | None = None,
    ) -> Iterator[Question]:
        """Yield the questions that the ticked symptoms and the answers so far bring up.

        A follow-up of an answered question is due whether its symptom was ticked or not: the
        place of a swelling cannot be skipped.
        """
        profile = {} if occasion.area is None else {"area": occasion.area}
        _, facts, unclear = self.classifier.facts(
            occasion.treatment, occasion.hours, answers, history or History(profile=profile)
        )
        if unclear:  # for its follow-ups, what could not be read may be the worst
            questions = self.protocol.question_by_id
            worst = {name: worst_answer(questions[name]) for name in unclear if name in questions}
            facts |= {name: value for name, value in worst.items() if value is not None}
            self.classifier.add_signs(facts)
        for question, places in fitting(self.protocol, occasion):
            conditional = bool(question.when_all or question.when_any)
            for place in places:
                asked = question.asked[place]
                wanted = conditional or asked.all or asked.any or question.symptom in ticked
                if wanted and self._tests[question.id, place](facts):
                    yield question
                    break


@lru_cache(maxsize=32)
def asking(classifier: Classifier) -> Asking:
    """Return the one `Asking` of a classifier."""
    return Asking(classifier)


def best(question: Question) -> object:
    """Return the stored form of «not at all», or None where there is no such answer."""
    match question.kind:
        case "severity":
            return 0
        case "choice":
            return question.options[0].id
        case "yes_no":
            return False
        case _:
            return None


def worst_answer(question: Question) -> object:
    """Return the stored form of the worst answer, or None where there is no such answer."""
    match question.kind:
        case "severity":
            return len(question.options) - 1
        case "choice":
            return question.options[-1].id
        case "yes_no":
            return True
        case _:
            return None


def reported_last_time(asking: Asking, history: History) -> frozenset[str]:
    """Return the questions whose latest answer was worse than best, or could not be read.

    The latest answer may be some check-ins old, where those in between did not ask. Only
    questions that stand by themselves count: their follow-ups come by their own conditions. A
    temperature counts from 37.5 C on, and if it could not be measured and the patient felt hot.
    """
    latest: dict[str, object] = {}
    for earlier in history.checkins:
        answers, unclear = asking.classifier.read_earlier(earlier)
        latest |= answers | dict.fromkeys(unclear, UNCLEAR)
    return frozenset(
        question.id
        for question in asking.standing
        if still_there(asking.protocol, question, latest)
    )


def still_there(protocol: Protocol, question: Question, latest: Mapping[str, object]) -> bool:
    """Whether the latest answer to a question leaves something to ask about."""
    value = latest.get(question.id)
    if question.kind == "temperature":
        felt = any(
            latest.get(other.id) is True
            for other in protocol.questions
            if other.symptom == question.symptom and other.when_all
        )
        unmeasured = latest.get(not_measured(question.id)) is True and felt
        return value == UNCLEAR or unmeasured or at_least(latest, question.id, LOW_GRADE)
    if question.kind in ("ticks", "size", "onset"):
        return False
    return value is not None and value != best(question)
