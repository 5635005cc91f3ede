"""The rules of a protocol as a table of tests, and what each result says when it fires."""

from collections.abc import Mapping, Sequence
from operator import itemgetter

from flows.compile import condition_test, guard
from flows.conditions import Comparison, Test
from flows.protocol import Protocol
from flows.rule_tables import Question, Rule
from flows.verdict import CASE_RULE, LEVEL_WORDS, Fired, Level


class RuleTable:
    """Rules under the fact that guards each, so that only those are tested that could hold."""

    def __init__(self, protocol: Protocol, rules: list[Rule]) -> None:
        self._unguarded: list[tuple[int, Test, Fired]] = []
        self._by_guard: dict[str, list[tuple[int, Test, Fired]]] = {}
        for place, rule in enumerate(rules):
            key = guard(protocol, rule)
            rows = self._unguarded if key is None else self._by_guard.setdefault(key, [])
            rows.append((place, condition_test(protocol, rule), fired(protocol, rule)))

    def matching(self, facts: Mapping[str, object]) -> list[Fired]:
        """Return the results of the rules that hold, in file order."""
        found = [(place, result) for place, test, result in self._unguarded if test(facts)]
        for key, rows in self._by_guard.items():
            if facts.get(key):
                found += [(place, result) for place, test, result in rows if test(facts)]
        found.sort(key=itemgetter(0))
        return [result for _, result in found]


def fired(protocol: Protocol, rule: Rule) -> Fired:
    """Return what `rule` says when it fires; its text is its own or its level's."""
    text = rule.text or protocol.levels[rule.level].text
    return Fired(rule.id, LEVEL_WORDS[rule.level], rule.reason, rule.sources, text)


def unclear_result(protocol: Protocol, name: str) -> Fired:
    """Return the result of an answer that could not be read."""
    question = protocol.question_by_id.get(name)
    level = LEVEL_WORDS[question.unclear] if question else Level.FOLLOW_UP
    reason = (
        f"The answer to «{question.term}» could not be read"
        if question
        else f"An answer to «{name}», which this protocol does not ask"
    )
    text = protocol.levels[str(level)].text  # type: ignore[index]
    return Fired("UNCLEAR", level, reason, ("own_choice",), text)


def incomplete_result(protocol: Protocol) -> Fired:
    """Return the result of a check-in without its red-flag question."""
    table = protocol.incomplete
    text = protocol.levels[table.level].text
    return Fired("INCOMPLETE", LEVEL_WORDS[table.level], table.reason, table.sources, text)


def case_result(protocol: Protocol, level: Level) -> Fired:
    """Return the result by which an open case keeps its level."""
    text = protocol.levels[str(level)].text  # type: ignore[index]
    return Fired(CASE_RULE, level, protocol.case.reason, protocol.case.sources, text)


def possible(question: Question) -> Sequence[object]:
    """Return the stored forms of the answers to a question with options; else none."""
    match question.kind:
        case "severity":
            return range(len(question.options))
        case "choice":
            return [option.id for option in question.options]
        case "yes_no":
            return (False, True)
        case _:
            return ()


def comparisons_of(protocol: Protocol) -> tuple[Comparison, ...]:
    """Return every comparison that a sign, a rule or a question makes."""
    lines = [line for c in (*protocol.signs, *protocol.rules) for line in c.lines]
    for question in protocol.questions:
        lines += (*question.when_all, *question.when_any)
        lines += (line for asked in question.asked for line in (*asked.all, *asked.any))
    return protocol.comparisons(tuple(lines))
