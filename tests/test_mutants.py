"""Every line of the protocol is held in place: a change that no worked case sees is explained."""

from pathlib import Path

import pytest
from generated_cases import protocol

from bench.mutants import EXPLAINED, Score, page, score

PAGE = Path(__file__).parents[1] / "docs" / "mutants.md"


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    """Every mutant of the bundled file, tried once."""
    return score(protocol())


def test_every_survivor_is_explained_and_every_explanation_needed(scores) -> None:
    assert {name for s in scores.values() for name in s.survivors} == EXPLAINED.keys()


def test_no_rule_can_be_deleted_unseen(scores) -> None:
    assert scores["rule deleted"] == Score(len(protocol().rules), ())


def test_no_edge_of_a_window_can_move_unseen(scores) -> None:
    edges = scores["edge of a window moved by an hour"]
    assert edges.tried > 100
    assert edges.survivors == ()


def test_the_page_on_mutants_is_current(scores) -> None:
    current = page(protocol(), scores)
    assert PAGE.read_text(encoding="utf-8") == current, "docs/mutants.md is old: make mutants"
