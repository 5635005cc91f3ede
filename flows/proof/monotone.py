"""The first guarantee: a worse answer, or the same answer later, never lowers the level.

Three ways together. By construction: a rule whose comparisons on a question all point towards
worse cannot be switched off by it. By exhaustive search: for every other rule, over all
values of the questions it mentions, wherever worsening one of them switches the rule off,
something else must reach its level. At random (`random_cases`): full cases, one step worse.
Windows are compared cell by cell.

A fall that the file declares under `accepted_falls` is allowed; a declaration that no fall
needs is refused, so that the list stays true.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product

from flows.classify import Classifier
from flows.compile import condition_test
from flows.derived import DERIVED, History, infection_signs
from flows.proof.domains import HOURS, Case, Domains, Values
from flows.proof.polarity import Leaning
from flows.protocol import Protocol
from flows.rule_tables import Cell, Rule
from flows.verdict import LEVEL_WORDS, Level, Verdict


@dataclass(frozen=True)
class Fall:
    """A step to the worse that lowers the level, and the rule that is lost by it."""

    rule: str
    question: str
    before: Case
    after: Case
    high: Level
    low: Level

    def sentence(self) -> str:
        """Say what is wrong, with both answers."""
        step = (
            f"the same answers at {self.after.hours:g} h"
            if self.question == HOURS
            else f"{self.question} {(self.after.answers | self.after.profile)[self.question]}"
        )
        return (
            f"{self.rule}: {self.before.words()} is {self.high}, but with {step} it is only "
            f"{self.low}. Let another rule hold the level there, or declare the fall under "
            f"accepted_falls with its reason"
        )


class MonotoneSearch:
    """Looks for falls in one protocol. `steps` counts the worsenings that were tried."""

    def __init__(self, classifier: Classifier) -> None:
        self.classifier = classifier
        self.protocol = classifier.protocol
        self.leaning = Leaning(self.protocol)
        self.domains = Domains(self.protocol, self.leaning)
        self.steps = 0
        self._steady = {
            rule.id: {HOURS, "treatment"} - self.leaning.subjects(rule)
            for rule in self.protocol.rules
        }

    def falls(self) -> Iterator[Fall]:
        """Yield one fall for each rule and question that has any, in file order."""
        for rule in self.protocol.rules:
            if not rule.on_event and rule.level != "expected":
                questions = self.leaning.falls_with(rule)
                yield from self._falls_of(rule, questions) if questions else ()

    def _falls_of(self, rule: Rule, questions: frozenset[str]) -> Iterator[Fall]:
        """Search every combination of the values that the rule's subjects can take."""
        test = self.alone(rule)
        unread = {HOURS, "treatment"} - self.leaning.subjects(rule)
        open_questions = sorted(questions)
        for before in self.domains.cases(rule):
            if not open_questions:
                return
            if not test(before) or not self.domains.could_be_answered(before):
                continue
            for question in tuple(open_questions):
                for after in self.domains.worse(before, question):
                    self.steps += 1
                    if test(after):
                        continue
                    elsewhere = self.uncovered(after, rule, unread)
                    if elsewhere is not None:
                        hours = before.hours if question == HOURS else elsewhere.hours
                        start = replace(before, hours=hours, treatment=elsewhere.treatment)
                        levels = self.level(start), self.level(elsewhere)
                        yield Fall(rule.id, question, start, elsewhere, *levels)
                        open_questions.remove(question)
                        break

    def uncovered(self, case: Case, rule: Rule, unread: set[str]) -> Case | None:
        """Return the case where nothing reaches the rule's level, or None if there is none.

        A rule that does not look at the hour, or at the treatment, holds at every one of them;
        so what stands in for it has to hold everywhere too.
        """
        level = LEVEL_WORDS[rule.level]
        covering = [f.rule for f in self.verdict(case).because if f.level >= level]
        if not covering:
            return case
        if any(self._steady.get(name, set()) >= unread for name in covering):
            return None
        hours = (0.0, *self.domains.numbers[HOURS]) if HOURS in unread else (case.hours,)
        treatments = self.domains.treatments if "treatment" in unread else (case.treatment,)
        for hour, treatment in product(hours, treatments):
            elsewhere = replace(case, hours=hour, treatment=treatment)
            if self.level(elsewhere) < level:
                return elsewhere
        return None

    def alone(self, rule: Rule) -> Callable[[Case], bool]:
        """Return the rule's own test of a case, with only the signs that it needs."""
        needed = self.leaning.signs_of(rule)
        signs = [(s.id, condition_test(self.protocol, s)) for s in needed]
        test = condition_test(self.protocol, rule)

        def holds(case: Case) -> bool:
            facts: Values = {**case.answers, **case.profile, HOURS: case.hours}
            facts["treatment"] = self.domains.treated[case.treatment]
            facts["infection_signs"] = infection_signs(facts, ())
            for name, sign in signs:
                facts[name] = sign(facts)
            return test(facts)

        return holds

    def verdict(self, case: Case) -> Verdict:
        """Sort a case."""
        history = History(profile=case.profile)
        answers = {self.protocol.incomplete.question: (), **case.answers}
        return self.classifier.classify(case.treatment, case.hours, answers, history)

    def level(self, case: Case) -> Level:
        """Return the level of a case."""
        return self.verdict(case).level


def unsteady(protocol: Protocol, leaning: Leaning) -> Iterator[str]:
    """Say which rules a quantity over several check-ins could switch off by getting worse."""
    for rule in protocol.rules:
        for name in sorted(leaning.falls_with(rule) & DERIVED.keys()):
            yield (
                f"{rule.id}: «{name}» grows as answers worsen, and switches the rule off; turn "
                f"the comparison round"
            )


def window_falls(protocol: Protocol) -> Iterator[str]:
    """Say where a window is milder for a worse severity, or ends in less than watch."""
    for question, window in protocol.windows.items():
        order = [option.id for option in protocol.question_by_id[question].options[1:]]
        for window_class, cells in window.classes.items():
            place = f"windows › {question} › {window_class}"
            for word in order:
                if LEVEL_WORDS[cells[word].then] < Level.WATCH:
                    yield f"{place} › {word}: «then» is milder than watch; later may not be milder"
            for mild, bad in pairwise(order):
                for hours in edges(cells[mild]) + edges(cells[bad]):
                    if cells[mild].level_at(hours) > cells[bad].level_at(hours):
                        yield (
                            f"{place}: at {hours} h {mild} is {cells[mild].level_at(hours)} but "
                            f"{bad} only {cells[bad].level_at(hours)}; shorten the window of {bad}"
                        )
                        break


def edges(cell: Cell) -> list[int]:
    """Return the hours on both sides of a cell's edges."""
    hours = [cell.expected_until, cell.expected_until + 1]
    if cell.watch_until != "always":
        hours += [cell.watch_until, cell.watch_until + 1]
    return hours
