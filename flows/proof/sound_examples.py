"""The sixth guarantee: every worked case holds, on both sides of each threshold."""

import re
from collections.abc import Iterator

from flows.classify import Classifier
from flows.rule_tables import Cell, Example
from flows.verdict import LEVEL_WORDS


def sound_examples(classifier: Classifier) -> Iterator[str]:
    """Find worked cases that do not hold, and window edges that no case holds in place."""
    for rule in classifier.protocol.rules:
        for example in rule.fires:
            if not fires(classifier, rule.id, example):
                yield f"{rule.id}: should fire, and does not, on {said(example)}"
        for example in rule.silent:
            if fires(classifier, rule.id, example):
                yield f"{rule.id}: should be silent, and fires, on {said(example)}"
    for question, window in classifier.protocol.windows.items():
        for window_class, cells in window.classes.items():
            for severity, cell in cells.items():
                place = f"windows › {question} › {window_class} › {severity}"
                yield from (f"{place}: {wrong}" for wrong in wrong_cases(cell))


def fires(classifier: Classifier, rule: str, example: Example) -> bool:
    """Whether the rule fires on the example."""
    verdict = classifier.classify(
        example.treatment, example.hours, example.answers, example.history()
    )
    return any(result.rule == rule for result in verdict.because)


def said(example: Example) -> str:
    """Say an example in one line."""
    parts = [f"{name} {value}" for name, value in example.answers.items()]
    parts += [f"{name} {value}" for name, value in example.profile.items()]
    if example.event:
        parts.append(f"event {example.event}, last level {example.last_level}")
    return f"{example.treatment} at {example.hours:g} h: {', '.join(parts) or 'nothing answered'}"


def wrong_cases(cell: Cell) -> Iterator[str]:
    """Find cases of a window cell that do not hold, and edges without a case on both sides."""
    shown: dict[int, str] = {}
    for case in cell.cases:
        match = re.fullmatch(r"(\d+) ([a-z_]+)", case)
        if match is None or match[2] not in LEVEL_WORDS:
            yield f"«{case}» is no case; write hours and level, like «180 expected»"
            continue
        shown[int(match[1])] = match[2]
        level = cell.level_at(int(match[1]))
        if str(level) != match[2]:
            yield f"case «{case}» does not hold: at {match[1]} h it is {level}"
    edges = [cell.expected_until, *([] if cell.watch_until == "always" else [cell.watch_until])]
    for edge in edges:
        for hours in (edge, edge + 1):
            if hours not in shown:
                yield f"no case at {hours} h holds the edge at {edge} h in place; add one"
