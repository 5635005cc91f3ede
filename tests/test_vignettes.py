"""Every case of the safety review's table gets the level that the review asked for."""

import csv
import json
from functools import cache
from pathlib import Path

import pytest

from flows.cases import as_history
from flows.classify import compiled
from flows.protocol_file import bundled
from flows.verdict import Verdict

TABLE = Path(__file__).parent / "clinical" / "vignettes.csv"
Row = dict[str, str]


@cache
def rows() -> tuple[Row, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def sorted_row(row: Row) -> Verdict:
    return compiled(bundled()).classify(
        row["treatment"],
        float(row["hours_since_session"]),
        json.loads(row["answers"]),
        as_history(json.loads(row["history"] or "{}")),
    )


def rule_still_exists(rule: str) -> bool:
    if rule.startswith("MX-"):
        _, question, window_class, _rank = rule.split("-")
        window = bundled().windows.get(question)
        return window is not None and window_class in window.classes
    return any(known.id == rule for known in bundled().rules)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_a_vignette_gets_its_level(row: Row) -> None:
    verdict = sorted_row(row)
    rules = ", ".join(f"{f.rule} ({f.level})" for f in verdict.because)
    assert str(verdict.level) == row["expected_level"], f"{row['source_or_rationale']}: {rules}"


@pytest.mark.parametrize(
    "row", [row for row in rows() if row["which_rule"]], ids=lambda row: row["id"]
)
def test_the_rules_that_the_review_named_are_among_the_reasons(row: Row) -> None:
    fired = {f.rule for f in sorted_row(row).because}
    wanted = {rule for rule in row["which_rule"].split() if rule_still_exists(rule)}
    assert wanted <= fired


@pytest.mark.parametrize(
    "row", [row for row in rows() if row["which_rule"]], ids=lambda row: row["id"]
)
def test_a_rule_that_the_review_named_carries_the_level(row: Row) -> None:
    named = set(row["which_rule"].split())
    verdict = sorted_row(row)
    assert verdict.level in {f.level for f in verdict.because if f.rule in named}


def test_most_rules_named_by_the_review_still_exist() -> None:
    """Otherwise the tests above would pass by finding nothing to check."""
    named = {rule for row in rows() for rule in row["which_rule"].split()}
    gone = {rule for rule in named if not rule_still_exists(rule)}
    assert len(gone) * 10 < len(named), f"gone: {sorted(gone)}"


def test_every_row_has_its_own_id() -> None:
    ids = [row["id"] for row in rows()]
    assert len(set(ids)) == len(ids)


def test_the_table_holds_every_level() -> None:
    assert {row["expected_level"] for row in rows()} == set(bundled().levels)
