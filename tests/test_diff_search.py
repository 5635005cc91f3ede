"""The cases that a comparison of two versions tries, and that no alert is lost unseen."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_protocol import OLD, TREATMENTS, edited, line

from flows.cases import Case, parse_case
from flows.classify import compiled
from flows.compare.boundaries import cases_near, variations
from flows.derived import Earlier, History
from flows.diff import dangerous, differences, path_of
from flows.verdict import ALERTING

VIGNETTES = Path(__file__).parent / "clinical" / "vignettes.csv"


def test_the_search_tries_both_sides_of_every_number_of_every_rule() -> None:
    near = cases_near(OLD).values()
    hours = {case.hours for case in near}
    temperatures = {case.answers.get("temp_c") for case in near}
    for rule in OLD.rules:
        for comparison in OLD.comparisons(rule.lines):
            if comparison.subject.name == "hours":
                assert {comparison.number, comparison.number + 1} <= hours
            if comparison.subject.name == "temp_c":
                below = round(comparison.number - 0.1, 1)
                assert {comparison.number, below} <= temperatures


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("temp_c_not_measured", {("answers", "temp_c", "not_measured")}),
        ("immune_low", {("profile", "immune_low", True), ("profile", "immune_low", False)}),
        ("field is multi", {("profile", "field", "single"), ("profile", "field", "multi")}),
        ("misses >= 2", {("history", "misses", n) for n in (1, 2, 3)}),
        ("last_level is watch", {("history", "last_level", w) for w in ("none", "watch")}),
        (
            "previous hives is treated",
            {("earlier", "hives", "treated"), ("earlier", "hives", "none")},
        ),
        ("lump_cm < 1.0", {("answers", "lump_cm", n) for n in (0.9, 1, 1.1)}),
        ("warmth", {("answers", "warmth", True), ("answers", "warmth", False)}),
        ("fever_hours >= 20", set()),
    ],
)
def test_a_case_is_varied_in_what_a_line_looks_at(text: str, seen: set[tuple[str, ...]]) -> None:
    (comparison,) = OLD.comparisons((text,))
    start = Case("iv", 30, {"redness": 1}, History(checkins=[Earlier(6, {"redness": 2})]))
    found = set()
    for case in variations(OLD, start, comparison):
        assert case.answers["redness"] == 1
        last = case.history.checkins[-1].answers
        found |= {("answers", *answer) for answer in case.answers.items()}
        found |= {("profile", *fact) for fact in case.history.profile.items()}
        found |= {("earlier", *answer) for answer in last.items()}
        found |= {("history", n, getattr(case.history, n)) for n in ("misses", "last_level")}
    assert seen <= found
    assert bool(found) == bool(seen)


def test_a_case_without_a_past_gets_an_earlier_check_in_to_vary() -> None:
    (comparison,) = OLD.comparisons(("previous hives is treated",))
    first = next(variations(OLD, Case("iv", 30), comparison))
    assert [earlier.hours for earlier in first.history.checkins] == [6]


def test_what_cannot_be_read_is_found_where_it_stands() -> None:
    assert path_of(OLD, "UNCLEAR hives") == ("questions", "hives")
    assert path_of(OLD, "INCOMPLETE") == ("incomplete",)


def vignettes() -> list[Case]:
    """Return the vignettes that the small protocol can sort."""
    found = []
    with VIGNETTES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if set(row["treatment"].split("+")) <= set(TREATMENTS):
                case = {
                    "treatment": row["treatment"],
                    "hours": float(row["hours_since_session"]),
                    "answers": json.loads(row["answers"]),
                    "history": json.loads(row["history"]),
                }
                found.append(parse_case(json.dumps(case)))
    return found


NUMBERS = [
    (rule.id, place, comparison)
    for rule in OLD.rules
    for place, comparison in enumerate(OLD.comparisons(rule.all))
    if comparison.subject.kind == "number"
]
CASES = vignettes()


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(NUMBERS), st.sampled_from((-24, -1, -0.5, 0.5, 1, 24)))
def test_no_vignette_loses_its_alert_without_a_warning(place: Any, by: float) -> None:
    rule, position, comparison = place
    moved = f"{comparison.key} {comparison.operator} {abs(comparison.number + by)}"
    new = edited(line(rule, position, moved))
    before, after = compiled(OLD), compiled(new)
    for case in CASES:
        frame = (case.treatment, case.hours, case.answers, case.history)
        first, second = before.classify(*frame).level, after.classify(*frame).level
        if first >= ALERTING and second < first:
            assert dangerous(differences(OLD, new)), (moved, case)
            return
