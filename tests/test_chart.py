"""The picture of each treatment's expected course: every bar says what sorting says."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.chart import CLASSES, MARGIN, MARKS, WIDTH, charts, expected_course, place
from flows.classify import compiled
from flows.derived import History
from flows.protocol_file import bundled
from flows.verdict import Level

PROTOCOL = bundled()
SVG = "{http://www.w3.org/2000/svg}"
CHARTS = Path(__file__).parents[1] / "docs" / "charts"
LETTER = 0.58
"""The width of a letter of the picture's fonts in parts of its height, on the wide side."""


@pytest.fixture(scope="module")
def pictures() -> dict[str, ET.Element]:
    """Return every picture by treatment, parsed."""
    found = charts(PROTOCOL)
    return {name.removesuffix(".svg"): ET.fromstring(text) for name, text in found.items()}  # noqa: S314


def rows(picture: ET.Element) -> Iterator[tuple[str, str, list[ET.Element]]]:
    """Yield the term, the answer's words and the bars of each answer, from top to bottom."""
    term = answer = ""
    bars: list[ET.Element] = []
    for node in picture:
        kind = node.get("class", "")
        if kind in ("heading", "label") and bars:
            yield term, answer, bars
            bars = []
        if kind == "heading":
            term = (node.text or "").strip()
        elif kind == "label":
            answer = node.text or ""
        elif term and kind in CLASSES.values():
            bars.append(node)
    yield term, answer, bars


def hour_at(x: float) -> float:
    """Return the hour that lies at a place of the time axis."""
    low, high = 0.0, float(MARKS[-1])
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if place(middle) < x else (low, middle)
    return low


@pytest.mark.parametrize("treatment", list(PROTOCOL.treatments))
def test_every_bar_shows_the_level_that_sorting_gives(
    pictures: dict[str, ET.Element], treatment: str
) -> None:
    for term, answer, bars in rows(pictures[treatment]):
        question = next(q for q in PROTOCOL.questions if q.term == term)
        option = next(o.id for o in question.options if o.label["en"] == answer)
        areas = [asked.areas for asked in question.asked if asked.areas]
        profile = {"area": areas[0][0]} if areas else {}
        for bar in bars:
            middle = float(bar.get("x", 0)) + float(bar.get("width", 0)) / 2
            answers = {"red_flags": [], question.id: option}
            verdict = compiled(PROTOCOL).classify(
                treatment, hour_at(middle), answers, History(profile=profile)
            )
            assert bar.get("class") == CLASSES[verdict.level], (answer, hour_at(middle))


def test_the_bars_of_an_answer_fill_the_whole_time_without_a_gap(
    pictures: dict[str, ET.Element],
) -> None:
    for picture in pictures.values():
        for _, answer, bars in rows(picture):
            edge = float(MARGIN)
            for bar in bars:
                assert float(bar.get("x", 0)) == pytest.approx(edge, abs=0.2), answer
                edge += float(bar.get("width", 0))
            assert edge == pytest.approx(WIDTH - MARGIN, abs=0.5), answer


def test_a_picture_has_every_severity_that_its_check_ins_ask_about(
    pictures: dict[str, ET.Element],
) -> None:
    drawn = [(term, answer) for term, answer, _ in rows(pictures["inj_skin"])]
    for name in ("redness", "swelling", "pain", "bruise", "chills", "needle_marks", "fatigue"):
        question = PROTOCOL.question_by_id[name]
        for option in question.options[1:]:
            assert (question.term, option.label["en"]) in drawn
    assert not any(term == PROTOCOL.question_by_id["peeling"].term for term, _ in drawn)


def test_every_check_in_has_a_mark_above_and_below_the_bars(
    pictures: dict[str, ET.Element],
) -> None:
    for name, picture in pictures.items():
        ticks = [n.get("d", "") for n in picture.iter(f"{SVG}path") if n.get("class") == "tick"]
        for hours in PROTOCOL.treatments[name].schedule:
            tips = [tick for tick in ticks if f"L{place(hours)} " in tick]
            assert len(tips) == 2, (name, hours)


def test_the_axis_names_its_hours_and_days(pictures: dict[str, ET.Element]) -> None:
    marks = [n.text for n in pictures["iv"].iter(f"{SVG}text") if n.get("class") == "mark"]
    assert marks[::2] == ["6 h", "1 d", "2 d", "3 d", "7 d", "14 d", "28 d", "90 d"]


def test_a_reader_who_does_not_see_it_hears_the_same(pictures: dict[str, ET.Element]) -> None:
    picture = pictures["mn_topical"]
    title, words = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None
    assert words is not None
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert title.text == f"Expected course: {PROTOCOL.treatments['mn_topical'].label}"
    cell = PROTOCOL.windows["redness"].classes["A"]["light_pink"]
    told = str(words.text)
    assert f"Erythema, Light pink: expected up to {cell.expected_until} h" in told
    for term, answer, _ in rows(picture):
        assert f"{term}, {answer}: " in told
    assert ", Keeps me awake: follow up at any time." in told


def test_no_level_rests_on_colour_alone() -> None:
    text = expected_course(PROTOCOL, "iv")
    for name in ("stripes", "crosses"):
        assert f'<pattern id="{name}"' in text
    assert ".watch { fill: url(#stripes) }" in text
    assert ".same-day { fill: url(#crosses) }" in text
    for words in ("expected:", "watch:", "follow up:", "urgent or emergency:"):
        assert f">{words}" in text
    assert set(CLASSES) == set(Level)


def test_it_follows_the_readers_light_or_dark_screen() -> None:
    assert "@media (prefers-color-scheme: dark)" in expected_course(PROTOCOL, "iv")


def test_every_line_of_words_fits_a_small_phone(pictures: dict[str, ET.Element]) -> None:
    sizes = {"title": 14, "heading": 12}
    for name, picture in pictures.items():
        for node in picture.iter(f"{SVG}text"):
            words = "".join(node.itertext())
            height = sizes.get(node.get("class", ""), 10.5)
            if node.get("text-anchor", "start") == "start":
                end = float(node.get("x", 0)) + len(words) * height * LETTER
                assert end <= WIDTH, (name, words)


def test_words_with_special_letters_do_not_break_the_picture() -> None:
    odd = PROTOCOL.treatments["iv"].model_copy(
        update={"label": "Drip <b> & «more»", "schedule": (3,)}
    )
    other = PROTOCOL.model_copy(update={"treatments": {**PROTOCOL.treatments, "iv": odd}})
    picture = ET.fromstring(expected_course(other, "iv"))  # noqa: S314
    assert picture.find(f"{SVG}title").text == "Expected course: Drip <b> & «more»"  # type: ignore[union-attr]


def test_an_unknown_treatment_has_no_picture() -> None:
    with pytest.raises(KeyError):
        expected_course(PROTOCOL, "botox")


def test_the_pictures_in_the_docs_are_current() -> None:
    for name, text in charts(PROTOCOL).items():
        kept = (CHARTS / name).read_text(encoding="utf-8")
        assert kept == text, f"write {name} again: aftercheck protocol render"
