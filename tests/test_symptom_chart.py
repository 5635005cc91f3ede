"""One symptom of one patient over the days, on top of what the protocol expects."""

import re
import xml.etree.ElementTree as ET

import pytest

from flows.protocol_file import bundled
from flows.symptom_chart import LANE, Point, charts, lane_of, lanes_of
from flows.verdict import Level

PROTOCOL = bundled()
SVG = "{http://www.w3.org/2000/svg}"


def drawn(**points):
    return {one.question: one for one in charts(PROTOCOL, "inj_skin", "face", points)}


def circles(chart) -> list[tuple[float, float]]:
    root = ET.fromstring(chart.svg)  # noqa: S314 - our own drawing
    return [(float(one.get("cx")), float(one.get("cy"))) for one in root.iter(f"{SVG}circle")]


def test_anna_gets_redder_and_her_circles_climb() -> None:
    chart = drawn(redness=[Point(6, 1, Level.EXPECTED), Point(24, 2, Level.WATCH),
                           Point(72, 3, Level.FOLLOW_UP)])["redness"]  # fmt: skip
    (x1, y1), (x2, y2), (x3, y3) = circles(chart)
    assert x1 < x2 < x3
    assert (y1 - y2, y2 - y3) == (LANE, LANE)
    assert 'class="answer full"' in chart.svg
    assert chart.svg.count('class="answer full"') == 1, "only what needed a person is full"
    assert chart.words == (
        "6 h: Light pink (expected); 24 h: Clearly red (watch); "
        "day 3: Very red, like a bad sunburn (follow up)"
    )


def test_the_bars_are_those_of_the_protocol() -> None:
    """Very red is expected for no longer than the thresholds' own page says."""
    lanes = lanes_of(PROTOCOL, "inj_skin", "face", "redness")
    assert lanes[0].label == "Not red"
    assert {level for band in lanes[0].bands for level in band.levels} == {Level.EXPECTED}
    worst = [band.levels[0] for band in lanes[-1].bands]
    assert worst[-1] >= Level.FOLLOW_UP
    assert worst == sorted(worst), "the same answer later is never better"


def test_what_was_never_wrong_is_not_drawn() -> None:
    assert drawn(redness=[Point(6, 0, Level.EXPECTED)], itch=[]) == {}


def test_what_nobody_could_read_is_a_question_mark_and_no_circle() -> None:
    chart = drawn(redness=[Point(6, "unclear", Level.FOLLOW_UP), Point(24, 1, Level.EXPECTED)])
    assert len(circles(chart["redness"])) == 1
    assert ">?</text>" in chart["redness"].svg
    assert "not understood" in chart["redness"].words


@pytest.mark.parametrize("value", [36.5, 37.9, 38.0, 38.4, 38.5, 39.0, 40.0, 41.2])
def test_a_temperature_lies_on_the_lane_whose_range_holds_it(value) -> None:
    question = PROTOCOL.question_by_id["temp_c"]
    lanes = lanes_of(PROTOCOL, "inj_skin", "face", "temp_c")
    holding = [n for n, lane in enumerate(lanes) if lane_of(question, [lane], value) == 0]
    assert holding == [lane_of(question, lanes, value)], "one lane and no other"


def test_a_fever_is_said_in_degrees() -> None:
    chart = drawn(temp_c=[Point(30, 39.2, Level.URGENT)])["temp_c"]
    assert chart.words == "30 h: 39.2 °C (urgent)"


def test_combined_treatments_are_drawn_too() -> None:
    points = {"swelling": [Point(30, 2, Level.WATCH)]}
    [chart] = charts(PROTOCOL, "mn_topical+inj_skin", "face", points)
    assert len(circles(chart)) == 1


def test_a_drawing_names_itself_for_who_does_not_see_it() -> None:
    chart = drawn(redness=[Point(6, 1, Level.EXPECTED)])["redness"]
    assert re.search(r'role="img" aria-label="Erythema: 6 h: Light pink', chart.svg)
    assert "<style" not in chart.svg, "the page's own policy forbids styles within it"
