"""docs/thresholds.md, the page Ben reads at the desk: what it says is what sorting does."""

import re
from pathlib import Path

import pytest
from page_reader import PROTOCOL, answer_of, level_of, moments, part, tables, whole_page

from flows.classify import compiled
from flows.derived import History
from flows.page.markdown import safe
from flows.words import level_words

PAGE = Path(__file__).parents[1] / "docs" / "thresholds.md"


@pytest.fixture(scope="module")
def page() -> str:
    """Return the page of the bundled protocol."""
    return whole_page()


@pytest.mark.parametrize("treatment", list(PROTOCOL.treatments))
def test_every_cell_is_what_sorting_says_at_its_hours(page: str, treatment: str) -> None:
    cells = 0
    for table in tables(part(page, f"treatment-{treatment}", 3)):
        header = table[0][1:-1]
        for line in table[1:]:
            question, value, area = answer_of(line[0])
            history = History(profile={"area": area} if area else {})
            for cell, hours in zip(line[1:-1], moments(header), strict=True):
                for hour in hours:
                    verdict = compiled(PROTOCOL).classify(
                        treatment, hour, {"red_flags": [], question: value}, history
                    )
                    assert verdict.level == level_of(cell), (line[0], hour)
                    cells += 1
    assert cells > 100


def test_the_last_column_names_the_rules_that_fired(page: str) -> None:
    for table in tables(part(page, "treatment-mn_topical", 3)):
        for line in table[1:]:
            question, value, area = answer_of(line[0])
            history = History(profile={"area": area} if area else {})
            for hours in (1, 25, 49, 73, 200, 400, 700):
                verdict = compiled(PROTOCOL).classify(
                    "mn_topical", hours, {"red_flags": [], question: value}, history
                )
                for fired in verdict.because:
                    assert fired.rule.startswith("MX-") or f"[{fired.rule}](" in line[-1]
                    assert all(f"[{code}](#s-{code})" in line[-1] for code in fired.source)


def test_the_emergency_list_says_what_each_item_alone_is(page: str) -> None:
    (table,) = tables(part(page, "emergency"))
    question = PROTOCOL.question_by_id["red_flags"]
    assert len(table) - 1 == len(question.options)
    for option, line in zip(question.options, table[1:], strict=True):
        assert line[0] == safe(option.label["en"])
        for treatment in PROTOCOL.treatments:
            for hours in (1, 400):
                verdict = compiled(PROTOCOL).classify(
                    treatment, hours, {"red_flags": [option.id]}, History()
                )
                said = line[1].split(", later ")
                assert level_words(verdict.level) in said[0 if hours == 1 else -1], option.id
                assert f"[{verdict.text}](#text-{verdict.text})" in line[2]


def test_every_link_leads_to_one_place_on_the_page(page: str) -> None:
    anchors = re.findall(r'<a id="([^"]+)"', page)
    assert len(set(anchors)) == len(anchors)
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= set(anchors)


def test_every_picture_is_one_that_is_drawn(page: str) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(charts/([^)]+)\)", page)
    assert shown == [f"{name}.svg" for name in PROTOCOL.treatments]


def test_the_contents_list_every_part(page: str) -> None:
    listed = re.findall(r"^\d+\. \[([^\]]+)\]", page, re.MULTILINE)
    assert listed == re.findall(r'^## <a id="[^"]+"></a>(.+)$', page, re.MULTILINE)


def test_the_page_ends_in_one_empty_line_and_has_no_two_together(page: str) -> None:
    assert page.endswith("\n")
    assert "\n\n\n" not in page


def test_thresholds_page_is_current(page: str) -> None:
    kept = PAGE.read_text(encoding="utf-8")
    assert kept == page, "docs/thresholds.md is old: write it with aftercheck protocol render"
