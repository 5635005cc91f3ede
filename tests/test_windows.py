"""How long a symptom is expected, for one treatment, for two together, and above a baseline."""

import pytest
from generated_cases import classifier, protocol

from flows.derived import History
from flows.rule_tables import Cell
from flows.verdict import Fired, Level

AT_SITE = {"swelling_place": "treated_only", "swelling_sudden": False}


def window(treatment: str, hours: float, question: str, **said: object) -> Fired:
    """What the window of one symptom says; the other rules of the protocol are left aside."""
    baseline = said.pop("baseline", None)
    history = History(profile={} if baseline is None else {"baseline": baseline})
    verdict = classifier().classify(treatment, hours, {"red_flags": [], **said}, history)
    (found,) = [f for f in verdict.because if f.rule.startswith(f"MX-{question}-")]
    return found


def windows_of(treatment: str, hours: float, baseline: dict[str, int], **said: object) -> set[str]:
    history = History(profile={"baseline": baseline})
    verdict = classifier().classify(treatment, hours, {"red_flags": [], **said}, history)
    return {f.rule for f in verdict.because if f.rule.startswith("MX-")}


def cells() -> list[tuple[str, str, int, str, Cell]]:
    """Every cell of the protocol: question, treatment of its class, rank, severity, cell."""
    treatment_of = {t.window_class: name for name, t in reversed(protocol().treatments.items())}
    return [
        (question, treatment_of[window_class], rank, option.id, cells_of[option.id])
        for question, table in protocol().windows.items()
        for window_class, cells_of in table.classes.items()
        for rank, option in enumerate(protocol().question_by_id[question].options)
        if rank
    ]


@pytest.mark.parametrize("row", cells(), ids=lambda row: f"{row[0]}-{row[1]}-{row[3]}")
def test_an_edge_belongs_to_the_milder_side(row) -> None:
    question, treatment, rank, _, cell = row
    for hours in (0, cell.expected_until, cell.expected_until + 0.01, cell.watch_until):
        if hours != "always":
            found = window(treatment, hours, question, **{question: rank})
            assert found.level == cell.level_at(hours)
    last = max(cell.expected_until, 0 if cell.watch_until == "always" else cell.watch_until)
    late = window(treatment, last + 0.01, question, **{question: rank}).level
    assert late >= (Level.WATCH if cell.watch_until == "always" else Level.FOLLOW_UP)


@pytest.mark.parametrize("row", cells(), ids=lambda row: f"{row[0]}-{row[1]}-{row[3]}")
def test_the_worked_cases_of_a_cell_hold(row) -> None:
    question, treatment, rank, _, cell = row
    for case in cell.cases:
        hours, level = case.split()
        assert str(window(treatment, float(hours), question, **{question: rank}).level) == level


def test_a_window_says_what_is_past() -> None:
    assert window("inj_skin", 24, "pain", pain=1).reason.endswith("(sore) is expected up to 80 h")
    assert "is past its expected 80 h" in window("inj_skin", 100, "pain", pain=1).reason
    late = window("inj_skin", 181, "pain", pain=1)
    assert "is past its documented window of 180 h" in late.reason
    assert (late.rule, late.text) == ("MX-pain-C-1", "P2")


def test_what_no_hour_expects_is_not_past_an_hour() -> None:
    [*found] = {
        window(treatment, hours, question, **{question: rank}).reason
        for question, treatment, rank, _, cell in cells() if not cell.expected_until
        for hours in (2, 100_000)
    }  # fmt: skip
    assert not [reason for reason in found if reason.endswith(" 0 h")]
    assert any(reason.endswith("(clearly red) is more than is expected at any time")
               for reason in found)  # fmt: skip


@pytest.mark.parametrize(
    ("treatment", "said", "level"),
    [
        ("inj_skin", {}, Level.FOLLOW_UP),
        ("mn_topical", {}, Level.WATCH),
        ("mn_topical+inj_skin", {}, Level.WATCH),
        ("inj_skin + mn_topical", {"pain": 1}, Level.WATCH),
        ("mn_topical+inj_skin", {"pain": 2}, Level.FOLLOW_UP),
        ("mn_topical+inj_skin", {"warmth": True}, Level.FOLLOW_UP),
        ("mn_topical+inj_skin", {"warmth": False, "trend": "same"}, Level.WATCH),
        ("mn_topical+inj_skin", {"trend": "worse"}, Level.FOLLOW_UP),
    ],
)
def test_the_longest_window_wins_on_the_skin_while_it_is_calm(treatment, said, level) -> None:
    """Clearly red 100 hours after: needling alone may still be watched, an injection not."""
    assert window(treatment, 100, "redness", redness=2, **said).level is level


@pytest.mark.parametrize("other", ["iv", "joint", "inj_scalp"])
def test_another_site_is_judged_beside_the_skin(other) -> None:
    alone = window(other, 60, "redness", redness=2).level
    beside = window(f"mn_topical+{other}", 60, "redness", redness=2).level
    assert window("mn_topical", 60, "redness", redness=2).level is Level.EXPECTED
    assert beside == alone > Level.EXPECTED


def test_two_other_sites_take_the_stricter_window() -> None:
    assert window("iv+joint", 20, "redness", redness=2).level is Level.FOLLOW_UP
    assert window("iv", 20, "redness", redness=2).level is Level.WATCH


def test_pain_takes_the_strictest_window_even_when_calm() -> None:
    assert window("laser_abl", 100, "pain", pain=1).level is Level.EXPECTED
    assert window("laser_abl+inj_skin", 100, "pain", pain=1).level is Level.WATCH


def test_peeling_takes_the_longest_window_of_all() -> None:
    assert window("inj_skin", 200, "peeling", peeling=2).level is Level.FOLLOW_UP
    assert window("laser_abl+inj_skin", 200, "peeling", peeling=2).level is Level.EXPECTED


def test_what_was_there_before_the_treatment_is_not_counted() -> None:
    assert windows_of("inj_skin", 400, {"redness": 1}, redness=1) == set()
    assert windows_of("inj_skin", 400, {"redness": 2}, redness=1) == set()
    assert windows_of("inj_skin", 400, {"redness": 1}, redness=2) == {"MX-redness-C-2"}
    assert windows_of("inj_skin", 400, {"redness": 1}, redness=1, pain=1) == {"MX-pain-C-1"}


def test_a_baseline_does_not_excuse_what_is_getting_worse() -> None:
    assert windows_of("inj_skin", 400, {"redness": 1}, redness=1, trend="worse") == {
        "MX-redness-C-1"
    }


def test_no_symptom_has_no_window() -> None:
    assert windows_of("inj_skin", 400, {}, redness=0, pain=0, trend="worse") == set()


@pytest.mark.parametrize("hours", [0, 60, 100, 400])
def test_one_treatment_named_twice_is_that_treatment(hours) -> None:
    twice = window("inj_skin+inj_skin", hours, "swelling", swelling=1, **AT_SITE)
    assert twice == window("inj_skin", hours, "swelling", swelling=1, **AT_SITE)
