"""What one answer alone means over time, found by sorting at and around every threshold."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from flows.bands import (
    Band,
    Edge,
    Row,
    answer_rows,
    asked_alone,
    hour_stretches,
    levels,
    merged,
    only_areas,
    range_words,
    stretches,
)
from flows.classify import compiled
from flows.derived import History
from flows.protocol_file import bundled
from flows.rule_tables import Asked
from flows.verdict import Level

PROTOCOL = bundled()
QUESTIONS = PROTOCOL.question_by_id


def bands_of(treatment: str, question: str, value: object, area: str | None = None) -> list[Band]:
    row = Row(QUESTIONS[question], "", value, area)
    return list(merged(PROTOCOL, [levels(PROTOCOL, treatment, row)]))


def test_a_line_is_cut_at_each_bound_and_between_them() -> None:
    assert [(s.sample, s.end) for s in stretches([10, 20])] == [
        (9.5, Edge(10, including=False)),
        (10, Edge(10, including=True)),
        (15, Edge(20, including=False)),
        (20, Edge(20, including=True)),
        (20.5, None),
    ]


def test_a_line_without_bounds_is_one_stretch() -> None:
    (only,) = stretches([])
    assert only.end is None


def test_the_edge_of_a_window_belongs_to_the_milder_side() -> None:
    cell = PROTOCOL.windows["redness"].classes["A"]["light_pink"]
    first, second, last = bands_of("mn_topical", "redness", 1)
    assert (first.end, first.levels) == (
        Edge(cell.expected_until, including=True),
        (Level.EXPECTED,),
    )
    assert (second.end, second.levels) == (
        Edge(float(cell.watch_until), including=True),
        (Level.WATCH,),
    )
    assert (last.end, last.levels) == (None, (Level.FOLLOW_UP,))


def test_a_rule_that_starts_at_an_hour_takes_that_hour_along() -> None:
    first, last = bands_of("mn_topical", "skin_colour", "darker")
    assert first.end is not None
    assert not first.end.including
    assert (first.levels, last.levels) == ((Level.EXPECTED,), (Level.WATCH,))


def test_a_rule_that_overrides_a_window_shows() -> None:
    (only,) = bands_of("inj_skin", "pain", 3)
    assert only.levels == (Level.URGENT,)


def band_at(bands: Sequence[Band], hours: float) -> Band:
    """Return the band that an hour falls in."""
    return next(
        band
        for band in bands
        if band.end is None
        or hours < band.end.hours
        or (hours == band.end.hours and band.end.including)
    )


@pytest.mark.parametrize("treatment", ["laser_abl", "iv"])
@pytest.mark.parametrize("question", ["redness", "chills", "lump"])
def test_the_bands_say_what_sorting_says_at_every_hour_after_the_visit(
    treatment: str, question: str
) -> None:
    sort = compiled(PROTOCOL).classify
    for row in answer_rows(PROTOCOL, treatment, QUESTIONS[question]):
        bands = bands_of(treatment, question, row.value)
        for hours in range(1, 800):
            answers = {"red_flags": [], question: row.value}
            level = sort(treatment, hours, answers, History()).level
            assert level == band_at(bands, hours).levels[0], (row.label, hours)


def test_no_answer_of_a_table_changes_with_the_area_alone() -> None:
    """A table names one area for a question asked in some; in each it must say the same."""
    sort = compiled(PROTOCOL).classify
    for questions in asked_alone(PROTOCOL, "mn_topical").values():
        for question in questions:
            areas = only_areas(PROTOCOL, "mn_topical", question) or tuple(PROTOCOL.areas)
            for row in answer_rows(PROTOCOL, "mn_topical", question):
                for hours in (1, 30, 100, 300, 700, 2200):
                    answers = {"red_flags": [], question.id: row.value}
                    found = {
                        sort("mn_topical", hours, answers, History(profile={"area": area})).level
                        for area in areas
                    }
                    assert len(found) == 1, (question.id, row.label, hours)


def test_temperatures_have_a_row_for_each_range_with_its_own_course() -> None:
    rows = list(answer_rows(PROTOCOL, "mn_topical", QUESTIONS["temp_c"]))
    assert rows[0].label == "below 37.5 °C"
    assert rows[-1].label == "more than 40.0 °C"
    assert "38.0 °C or more, below 38.5 °C" in [row.label for row in rows]
    courses = [levels(PROTOCOL, "mn_topical", row) for row in rows]
    assert all(left != right for left, right in pairwise(courses))


def test_a_number_that_no_rule_compares_has_no_row() -> None:
    question = QUESTIONS["lump_cm"].model_copy(update={"id": "bruise_cm"})
    assert list(answer_rows(PROTOCOL, "iv", question)) == []


def test_an_onset_stands_for_a_time_and_has_no_row() -> None:
    assert list(answer_rows(PROTOCOL, "iv", QUESTIONS["lump_first_seen_h"])) == []


def test_a_range_without_ends_is_any() -> None:
    assert range_words(None, None, " cm") == "any"


def test_a_question_asked_in_some_areas_is_sorted_for_the_first_of_them() -> None:
    assert only_areas(PROTOCOL, "iv", QUESTIONS["hair_shed"]) == ("scalp",)
    assert only_areas(PROTOCOL, "inj_scalp", QUESTIONS["hair_shed"]) == ()
    rows = list(answer_rows(PROTOCOL, "iv", QUESTIONS["hair_shed"]))
    assert {row.area for row in rows} == {"scalp"}


def test_a_question_never_asked_has_no_area() -> None:
    never = QUESTIONS["result"].model_copy(update={"asked": (Asked(**{"in": "results"}),)})
    assert only_areas(PROTOCOL, "iv", never) == ()


def test_only_what_a_tick_brings_up_by_itself_stands_in_a_table() -> None:
    asked = asked_alone(PROTOCOL, "joint")
    ids = [question.id for questions in asked.values() for question in questions]
    assert "joint_move" in ids
    assert "swelling_place" not in ids
    assert list(asked) == [symptom.id for symptom in PROTOCOL.symptoms if symptom.id in asked]


def test_every_hour_of_the_protocol_cuts_the_time() -> None:
    ends = {stretch.end.hours for stretch in hour_stretches(PROTOCOL) if stretch.end}
    for window in PROTOCOL.windows.values():
        for cells in window.classes.values():
            for cell in cells.values():
                assert cell.expected_until == 0 or cell.expected_until in ends
