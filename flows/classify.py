"""Sorting: answers, history and profile in; a verdict with every rule that fired out.

A protocol is compiled once into closures and shared. Sorting is total (every combination of
answers at every hour gets a level), deterministic and free of I/O. The level is the highest
of everything that fired. A missing answer makes a comparison false, so a check-in without
its red-flag question is raised as incomplete, and an answer that cannot be read raises the
level its question declares.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from flows.answers import NOT_MEASURED, UNCLEAR, reader
from flows.case_frame import CaseError, check_case
from flows.compile import condition_test, guard
from flows.derived import DERIVED, Earlier, Facts, History, PastCheckIn
from flows.firing import (
    RuleTable,
    case_result,
    comparisons_of,
    incomplete_result,
    possible,
    unclear_result,
)
from flows.protocol import Protocol, not_measured
from flows.rule_tables import Condition, Question
from flows.verdict import LEVEL_WORDS, Fired, Level, Verdict
from flows.windows import WindowTable, by_level

Read = tuple[dict[str, object], list[str]]
"""Stored answers by question id, and the ids whose answer is unclear."""

REMEMBERED = 20_000
"""So many earlier check-ins are remembered as read: ten each of two thousand patients."""


class Classifier:
    """A compiled protocol. Get one from `compiled`, which shares it."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.windows = WindowTable(protocol)
        self._answer_rules = RuleTable(protocol, [r for r in protocol.rules if not r.on_event])
        self._event_rules = RuleTable(protocol, [r for r in protocol.rules if r.on_event])
        self._signs = [(sign.id, guard(protocol, sign), condition_test(protocol, sign))
                       for sign in protocol.signs]  # fmt: skip
        self._no_signs = dict.fromkeys((sign.id for sign in protocol.signs), False)
        self._readers = {question.id: reader(question) for question in protocol.questions}
        looked_at = comparisons_of(protocol)
        self._mandatory = [
            (q, condition_test(protocol, Condition(all=q.when_all, any=q.when_any)))
            for q in protocol.questions
            if q.mandatory
        ]
        self._previous = {(c.key, c.subject.name) for c in looked_at if c.previous}
        used = {c.subject.name for c in looked_at}
        self._quantities = [(name, q) for name, (_, q) in DERIVED.items() if name in used]
        self._case = {level: case_result(protocol, level) for level in Level}
        self._sites = lru_cache(maxsize=256)(self._treated)
        self._read_before: dict[int, tuple[Facts, float, Read]] = {}

    def _treated(self, treatment: str) -> tuple[tuple[str, ...], frozenset[str]]:
        components = self.protocol.components(treatment)
        return components, self.protocol.with_groups(components)

    def classify(
        self, treatment: str, hours: float, answers: Mapping[str, object], history: History
    ) -> Verdict:
        """Sort one set of answers.

        Args:
            treatment: treatment ids joined by `+`.
            hours: hours from the session to the answer, 0 or more.
            answers: by question id, stored or typed; `temp_f` stands for `temp_c` in Fahrenheit.
            history: earlier check-ins, profile, and a silence event where there is one.

        Raises:
            CaseError: the case itself is malformed (treatment, hours, profile, event).
        """
        components, facts, unclear = self.facts(treatment, hours, answers, history)
        because = self.matching(facts)
        because += self.windows.judge(components, facts)
        because += [unclear_result(self.protocol, name) for name in unclear]
        for question in self._unanswered(facts, unclear):
            reached = max((f.level for f in because), default=Level.EXPECTED)
            mildest = self._mildest(question, facts, components, reached)
            because += [f for f in mildest if f not in because]
        if history.event is not None:
            because += self._event_rules.matching(facts)
        elif self.protocol.incomplete.question not in (*facts, *unclear):
            because.append(incomplete_result(self.protocol))
        if history.case_level != "none":
            because.append(self._case[LEVEL_WORDS[history.case_level]])
        because.sort(key=by_level, reverse=True)
        level = because[0].level if because else Level.EXPECTED
        text = because[0].text if level else self.protocol.levels["expected"].text
        return Verdict(level, tuple(because), self.protocol.name, text, tuple(unclear))

    def facts(
        self, treatment: str, hours: float, answers: Mapping[str, object], history: History
    ) -> tuple[tuple[str, ...], dict[str, object], list[str]]:
        """Return the treatments, every fact that comparisons look at, and what is unclear.

        Raises:
            CaseError: the case itself is malformed.
        """
        check_case(self.protocol, hours, history)
        try:
            components, treated = self._sites(treatment)
        except ValueError as error:
            raise CaseError(str(error)) from None
        facts, unclear = self.read(answers, hours)
        before = [ReadWhenAsked(self, earlier) for earlier in history.checkins]
        self._complete(facts, treated, hours, history, before)
        self.add_signs(facts)
        return components, facts, unclear

    def add_signs(self, facts: dict[str, object]) -> None:
        """Add to the facts whether each sign holds, in file order."""
        facts |= self._no_signs
        for sign, key, test in self._signs:
            if key is None or facts.get(key):
                facts[sign] = test(facts)

    def matching(self, facts: Mapping[str, object]) -> list[Fired]:
        """Return what the rules on answers say that hold, in file order."""
        return self._answer_rules.matching(facts)

    def _unanswered(self, facts: Mapping[str, object], unclear: list[str]) -> list[Question]:
        """Return the unclear questions and the mandatory follow-ups that were left out."""
        questions = self.protocol.question_by_id
        found = [questions[name] for name in unclear if name in questions and name not in facts]
        return found + [
            question
            for question, comes_up in self._mandatory
            if question.id not in facts and question.id not in unclear and comes_up(facts)
        ]

    def _mildest(
        self,
        question: Question,
        facts: dict[str, object],
        components: tuple[str, ...],
        reached: Level,
    ) -> list[Fired]:
        """Return what would fire on the answer with the lowest level: no silence may be milder."""
        trials = []
        for value in possible(question):
            trial = {**facts, question.id: value}
            self.add_signs(trial)
            found = self.matching(trial) + self.windows.judge(components, trial)
            level = max((f.level for f in found), default=Level.EXPECTED)
            if level <= reached:  # the mildest answer is no worse than what is known already
                return []
            trials.append((level, found))
        return min(trials, key=itemgetter(0))[1] if trials else []

    def stored(self, question: str, raw: object, hours: float) -> object:
        """Return the stored form of one answer, or `UNCLEAR`."""
        read = self._readers.get(question)
        return UNCLEAR if read is None else read(raw, hours)

    def read(self, answers: Mapping[str, object], hours: float) -> Read:
        """Return stored answers by question id, and the ids whose answer is unclear.

        An answer to a question that the protocol does not have is unclear too: somebody
        said something, and nothing else will look at it.
        """
        readers = self._readers
        facts: dict[str, object] = {}
        unclear: list[str] = []
        for name, raw in answers.items():
            if raw is None:
                continue
            if name == "temp_f":
                name, raw = "temp_c", f"{raw} f"  # noqa: PLW2901
            read = readers.get(name)
            value = UNCLEAR if read is None else read(raw, hours)
            if isinstance(value, frozenset) and UNCLEAR in value:
                unclear.append(name)
                facts[name] = value - {UNCLEAR}
            elif value == UNCLEAR:
                unclear.append(name)
            elif value == NOT_MEASURED:
                facts[not_measured(name)] = True
            elif name in facts:  # in C and in F: the warmer one counts
                facts[name] = max(facts[name], value)  # type: ignore[call-overload]
            else:
                facts[name] = value
        return facts, sorted(unclear)

    def read_earlier(self, earlier: Earlier) -> Read:
        """Return what `read` says of an earlier check-in, remembered: it never changes any more.

        It is known by its answers being the very same object, which is kept alive meanwhile.
        """
        key = id(earlier.answers)
        known = self._read_before.get(key)
        if known is None or known[0] is not earlier.answers or known[1] != earlier.hours:
            if len(self._read_before) >= REMEMBERED:
                self._read_before.clear()
            known = (earlier.answers, earlier.hours, self.read(earlier.answers, earlier.hours))
            self._read_before[key] = known
        return known[2]

    def _complete(
        self,
        facts: dict[str, object],
        treated: frozenset[str],
        hours: float,
        history: History,
        before: Sequence[PastCheckIn],
    ) -> None:
        """Add to today's answers everything else that comparisons look at."""
        facts |= history.profile
        facts["hours"] = hours
        facts["treatment"] = treated
        if history.event is not None:
            facts["event"] = history.event
            facts["misses"] = history.misses
            facts["last_level"] = history.last_level
            facts["worst_partial"] = history.worst_partial
        if before:
            last = before[-1].answers
            for key, question in self._previous:
                if question in last:
                    facts[key] = last[question]
        for name, quantity in self._quantities:
            facts[name] = quantity(facts, before)


class ReadWhenAsked:
    """An earlier check-in whose answers are read only if a quantity looks at them."""

    __slots__ = ("_answers", "_classifier", "_earlier", "hours")

    def __init__(self, classifier: Classifier, earlier: Earlier) -> None:
        self.hours = earlier.hours
        self._earlier = earlier
        self._classifier = classifier
        self._answers: Mapping[str, object] | None = None

    @property
    def answers(self) -> Mapping[str, object]:
        """The stored answers; what could not be read then is missing."""
        if self._answers is None:
            self._answers = self._classifier.read_earlier(self._earlier)[0]
        return self._answers


@lru_cache(maxsize=32)
def compiled(protocol: Protocol) -> Classifier:
    """Return the one compiled form of `protocol`, built at its first use."""
    return Classifier(protocol)
