"""The search at random: full cases with a past, made one step worse in one answer or in time.

The exhaustive search looks at each rule's own answers; this one mixes everything, to find
what only several rules together can do. It is seeded, so a finding can be found again.
"""

import random
from collections.abc import Iterator

from flows.classify import Classifier
from flows.derived import Earlier, History
from flows.proof.domains import HOURS, Case, Domains
from flows.proof.polarity import Leaning
from flows.protocol import Protocol
from flows.rule_tables import Question
from flows.verdict import Level, Verdict

ANSWERED = 0.5
"""Share of the questions that a random case answers."""


class RandomCases:
    """Random full cases of one protocol, and their one-step worsenings."""

    def __init__(self, classifier: Classifier, seed: int) -> None:
        self.classifier = classifier
        self.protocol: Protocol = classifier.protocol
        self.domains = Domains(self.protocol, Leaning(self.protocol))
        self.random = random.Random(seed)  # noqa: S311 - a search, not a secret

    def falls(self, count: int) -> Iterator[str]:
        """Try `count` worsenings; yield a sentence for each fall that the file does not accept."""
        for _ in range(count):
            sentence = self.one()
            if sentence is not None:
                yield sentence

    def one(self) -> str | None:
        """Try one worsening of one random case."""
        before, history = self.case()
        question = self.random.choice((HOURS, *before.answers))
        for after in self.domains.worse(before, question):
            high, low = self.verdict(before, history), self.verdict(after, history)
            if low.level < high.level and not self.accepted(question, high, low.level):
                lost = ", ".join(f.rule for f in high.because if f.level > low.level)
                return (
                    f"{before.words()} is {high.level} ({lost}), but with {question} one step "
                    f"worse ({after.answers.get(question, after.hours)}) only {low.level}"
                )
        return None

    def accepted(self, question: str, high: Verdict, low: Level) -> bool:
        """Whether every rule that held a higher level may fall with this question."""
        allowed = {
            rule
            for fall in self.protocol.accepted_falls
            if fall.question == question
            for rule in fall.rules
        }
        return all(fired.rule in allowed for fired in high.because if fired.level > low)

    def verdict(self, case: Case, history: History) -> Verdict:
        """Sort a case with its past."""
        return self.classifier.classify(case.treatment, case.hours, case.answers, history)

    def case(self) -> tuple[Case, History]:
        """Return a random case and its past."""
        choice = self.random.choice
        parts = self.random.sample(list(self.protocol.treatments), choice((1, 1, 2)))
        hours = choice(self.domains.numbers[HOURS])
        profile: dict[str, object] = {"area": choice(list(self.protocol.areas))}
        for fact in self.protocol.patient_facts:
            if self.random.random() < 0.1:  # noqa: PLR2004
                profile[fact.id] = True
        past = [Earlier(hours * part, self.answers()) for part in (0.3, 0.7)[: choice((0, 1, 2))]]
        flags = self.protocol.incomplete.question
        answers = {flags: frozenset(), **self.answers()}
        return Case("+".join(parts), hours, answers, profile), History(past, profile)

    def answers(self) -> dict[str, object]:
        """Return random answers to some of the questions."""
        share = self.random.random() * ANSWERED
        return {
            question.id: self.answer(question)
            for question in self.protocol.questions
            if self.random.random() < share
        }

    def answer(self, question: Question) -> object:
        """Return one stored answer; the milder half is likelier, so that levels stay apart."""
        values = self.domains.every_answer(question)
        return values[int(self.random.random() ** 2 * len(values))]
