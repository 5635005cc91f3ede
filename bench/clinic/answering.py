"""One check-in as a simulated patient fills it in: ticks, then answers to what is due.

Follows the product: the emergency list first; one tap when there is nothing; otherwise ticked
symptoms bring up their questions, answers bring up their follow-ups, and whatever is offered
and not ticked is stored as its best option. Ticking anything also asks the closing questions
(trend, worry, call), and last time's symptoms are asked again.
"""

from collections.abc import Mapping
from random import Random

from bench.clinic.assumptions import Assumptions
from bench.clinic.complications import FELT, FEVER, LOW_FEVER
from bench.clinic.saying import (
    SAYS,
    Moment,
    best,
    fever,
    pregnant_now,
    rank,
    rank_felt,
    rank_of,
)
from flows.asking import Asking, Occasion, roots
from flows.rule_tables import Question


class Answering:
    """Turns true states into answers."""

    def __init__(self, asking: Asking, assumed: Assumptions) -> None:
        self.asking = asking
        self.protocol = asking.protocol
        self.assumed = assumed
        self.chances = assumed.answers
        self._roots: dict[Occasion, Mapping[str, tuple[Question, ...]]] = {}

    def roots(self, occasion: Occasion) -> Mapping[str, tuple[Question, ...]]:
        """Return the questions a tick brings up, by symptom; looked up once an occasion."""
        if occasion not in self._roots:
            self._roots[occasion] = roots(self.protocol, occasion)
        return self._roots[occasion]

    def fill_in(self, moment: Moment) -> dict[str, object]:
        """Return everything that is stored after this check-in, by question id."""
        offered = self.roots(moment.occasion)
        flags = self.flags(moment)
        closing = self.closing(moment)
        answers: dict[str, object] = {"red_flags": flags}
        felt = {
            question.id: self.answer(question, moment, answers)
            for symptom, questions in offered.items()
            if symptom != "other"
            for question in questions
        }
        ticked = self.ticked(moment, offered, felt)
        if ticked or flags or any(said not in (False, "no") for said in closing.values()):
            ticked |= {"other"}
            for symptom, questions in offered.items():
                for question in questions:
                    if symptom in ticked and question.id not in answers:
                        answers[question.id] = self.first(question, moment, felt, closing)
            self.follow(moment, frozenset(ticked), answers)
        for questions in offered.values():
            for question in questions:
                if question.id not in answers and question.kind not in ("temperature", "size"):
                    answers[question.id] = best(question)
        return answers

    def first(
        self,
        question: Question,
        moment: Moment,
        felt: Mapping[str, object],
        closing: Mapping[str, object],
    ) -> object:
        """Return the answer to a question that a tick alone brings up."""
        known = {**felt, **closing}
        if question.id in known:
            return known[question.id]
        return self.answer(question, moment, felt)

    def follow(self, moment: Moment, ticked: frozenset[str], answers: dict[str, object]) -> None:
        """Answer what the answers so far bring up, until nothing more is due."""
        more = True
        while more:
            more = False
            for question in list(self.asking.due(moment.occasion, ticked, answers)):
                if question.id not in answers:
                    answers[question.id] = self.answer(question, moment, answers)
                    more = True

    def ticked(
        self,
        moment: Moment,
        offered: Mapping[str, tuple[Question, ...]],
        felt: Mapping[str, object],
    ) -> set[str]:
        """Return the symptoms that the patient ticks, and last time's, which are asked again."""
        before = moment.last.answers if moment.last else {}
        found = set()
        for symptom, questions in offered.items():
            if symptom == "other":
                continue
            if symptom == "fever":
                noticed = self.notices_fever(moment, felt)
            else:
                worst = max(rank(question, felt[question.id]) for question in questions)
                missed = (
                    self.chances.untouched_light if worst == 1 else self.chances.untouched_clear
                )
                noticed = worst > 0 and moment.rng.random() >= missed
            again = any(rank(question, before.get(question.id)) for question in questions)
            if noticed or again:
                found.add(symptom)
        return found

    def notices_fever(self, moment: Moment, felt: Mapping[str, object]) -> bool:
        """Whether a fever, shivers or vomiting make the patient tick «fever»."""
        height, chance = fever(moment), moment.rng.random()
        if rank_of(felt.get("chills")) or rank_of(felt.get("vomiting")):
            return chance >= self.chances.untouched_clear
        if height >= FEVER:
            return chance < self.chances.notices_fever
        return height >= LOW_FEVER and chance < self.chances.notices_low_fever

    def flags(self, moment: Moment) -> tuple[str, ...]:
        """Return the items ticked on the emergency list: true ones, and one by mistake."""
        chance, told = moment.rng.random(), moment.rng.random()
        options = [option.id for option in self.protocol.question_by_id["red_flags"].options]
        mistake = moment.rng.choice(options)
        illness = moment.patient.illness
        if illness and illness.onset <= moment.hour and illness.ends >= moment.since:
            told_now = illness.ends >= moment.hour or told < self.chances.flag_told_later
            return illness.flags if told_now else ()
        return (mistake,) if chance < self.chances.false_flag else ()

    def closing(self, moment: Moment) -> dict[str, object]:
        """Draw «do you want us to call you» and «does anything else worry you»."""
        call, worry = moment.rng.random(), moment.rng.random()
        illness = moment.patient.illness
        ill = illness is not None and illness.felt(moment.hour)
        chance = self.chances.worry_when_ill if ill else self.chances.worry
        said: dict[str, object] = {
            "wants_call": call < self.chances.wants_call,
            "worry": worry < chance,
        }
        if moment.occasion.kind == "reminder":
            said["pregnant_now"] = pregnant_now(moment)
        return said

    def answer(self, question: Question, moment: Moment, answers: Mapping[str, object]) -> object:
        """Return the patient's answer to one question."""
        special = SAYS.get(question.id)
        if special is not None:
            return special(question, moment, answers)
        strength = moment.true(question.id)
        if question.kind == "severity":
            return self.severity(question, strength, moment.rng)
        if question.kind == "choice":
            return question.options[rank_felt(question, strength)].id
        return strength >= FELT

    def severity(self, question: Question, strength: float, rng: Random) -> int:
        """Return a rank, sometimes one step beside the true one."""
        true, chance = rank_felt(question, strength), rng.random()
        if true == 0:
            return int(chance < self.chances.out_of_nothing)
        if chance < self.chances.one_step_up:
            return min(true + 1, len(question.options) - 1)
        return true - (chance > 1 - self.chances.one_step_down)
