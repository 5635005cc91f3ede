"""The simulated clinic: the same figures for a seed, patients who answer as the product asks."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from bench.clinic.assumptions import Assumptions, load, with_answers
from bench.clinic.chart import bars
from bench.clinic.complications import Illness, Wave, fall_ill
from bench.clinic.courses import Answered, Clinic, Followed
from bench.clinic.figures import frequency, over_seeds
from bench.clinic.patients import arrive
from bench.clinic.report import report, rule_rows
from bench.clinic.run import Run
from bench.clinic.saying import Moment
from bench.clinic.stories import story
from bench.clinic.tally import Outcome, Tally, cases, tallied
from bench.clinic.variants import before_day_five
from flows.asking import Occasion
from flows.protocol import Protocol
from flows.protocol_file import bundled
from flows.verdict import ALERTING, Level

COURSES = 150
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return bundled()


@pytest.fixture(scope="module")
def assumed() -> Assumptions:
    return load()


@pytest.fixture(scope="module")
def clinic(protocol: Protocol, assumed: Assumptions) -> Clinic:
    return Clinic(protocol, assumed)


@pytest.fixture(scope="module")
def followed(clinic: Clinic) -> list[Followed]:
    return list(clinic.courses(1, COURSES))


@pytest.fixture(scope="module")
def tally(protocol: Protocol, followed: list[Followed]) -> Tally:
    return tallied(protocol, 1, 24, followed)


def every_answer(followed: list[Followed]) -> Iterator[tuple[Followed, Answered]]:
    return ((one, answered) for one in followed for answered in one.answered)


def well(clinic: Clinic, hour: int) -> Moment:
    """Anna after microneedling of the face, with nothing to tell."""
    anna = arrive(clinic.protocol, clinic.assumed, 1, 1)
    anna = replace(anna, treatment="mn_topical", area="face", waves=(), illness=None)
    occasion = Occasion("check_in", hour, "mn_topical", "face")
    return Moment(anna, occasion, hour, None, Random(1), clinic.assumed)  # noqa: S311


@pytest.fixture
def quiet(protocol: Protocol, assumed: Assumptions) -> Clinic:
    """A clinic whose patients say nothing by mistake."""
    never = ("out_of_nothing", "wants_call", "worry", "false_flag")
    return Clinic(protocol, with_answers(assumed, dict.fromkeys(never, 0.0)))


def test_the_mix_of_treatments_is_the_whole_clinic(assumed: Assumptions) -> None:
    assert sum(assumed.mix.values()) == pytest.approx(1.0)


def test_every_symptom_of_the_assumptions_is_one_the_protocol_asks_about(
    protocol: Protocol, assumed: Assumptions
) -> None:
    named = {question for usual in assumed.healing.values() for question in usual}
    named |= {entry.question for entry in assumed.background}
    named |= {sign for kind in assumed.complications for sign in kind.signs}
    assert named - {"fever"} <= set(protocol.question_by_id)


def test_every_flag_of_a_complication_is_on_the_emergency_list(
    protocol: Protocol, assumed: Assumptions
) -> None:
    listed = {option.id for option in protocol.question_by_id["red_flags"].options}
    assert {flag for kind in assumed.complications for flag in kind.flags} <= listed


def test_true_complications_are_as_frequent_as_the_review_assumes(
    protocol: Protocol, assumed: Assumptions
) -> None:
    total = sum(frequency(protocol, assumed, kind) for kind in assumed.complications)
    assert total == pytest.approx(0.013, abs=0.003)


def test_one_seed_gives_one_clinic(clinic: Clinic, followed: list[Followed]) -> None:
    again = list(clinic.courses(1, 20))
    told = [[(a.hours, a.answers) for a in one.answered] for one in again]
    assert told == [[(a.hours, a.answers) for a in one.answered] for one in followed[:20]]


def test_the_order_of_sets_in_memory_changes_no_figure() -> None:
    code = (
        "from bench.clinic.assumptions import load\n"
        "from bench.clinic.courses import Clinic\n"
        "from flows.protocol_file import bundled\n"
        "clinic = Clinic(bundled(), load())\n"
        "print([[(a.hours, sorted(a.answers.items()), str(a.verdict.level)) for a in f.answered]"
        " for f in clinic.courses(3, 6)])\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_a_patient_of_two_treatments_gets_the_check_ins_of_both(clinic: Clinic) -> None:
    planned = [hour for kind, hour in clinic.plan("mn_topical+iv") if kind == "check_in"]
    treatments = clinic.protocol.treatments
    assert planned == sorted({*treatments["mn_topical"].schedule, *treatments["iv"].schedule})


def test_a_day_five_check_in_changes_no_other_answer_of_anna(
    protocol: Protocol, assumed: Assumptions, clinic: Clinic
) -> None:
    fewer = Clinic(before_day_five(protocol), assumed)
    anna = next(f for f in clinic.courses(1, 50) if f.patient.treatment == "mn_topical")
    without = fewer.follow(1, anna.patient.number)
    before = [(a.hours, a.answers) for a in anna.answered if a.due < 120]
    assert [(a.hours, a.answers) for a in without.answered if a.due < 120] == before
    assert anna.sent == without.sent + 1


def test_anna_who_is_well_is_done_with_the_best_answers(quiet: Clinic) -> None:
    answers = quiet.answering.fill_in(well(quiet, 72))
    assert answers["red_flags"] == ()
    assert answers["redness"] == 0
    assert answers["wants_call"] is False
    assert "temp_c" not in answers
    assert "swelling_place" not in answers


def test_a_swelling_always_brings_its_place(followed: list[Followed]) -> None:
    swollen = [a for _, a in every_answer(followed) if a.answers.get("swelling")]
    assert swollen
    assert all("swelling_place" in a.answers for a in swollen)


def test_no_answer_of_a_simulated_patient_is_unclear(followed: list[Followed]) -> None:
    assert all(not answered.verdict.unclear for _, answered in every_answer(followed))


def test_every_answered_check_in_has_its_emergency_list(followed: list[Followed]) -> None:
    assert all("red_flags" in answered.answers for _, answered in every_answer(followed))


def test_nobody_answers_before_being_asked_or_at_night(
    followed: list[Followed], assumed: Assumptions
) -> None:
    evening, morning = assumed.reply.asleep
    for one, answered in every_answer(followed):
        assert answered.hours >= answered.due
        clock = (one.patient.session_clock + answered.hours) % 24
        assert morning - 0.001 <= clock <= evening


def test_an_alert_of_an_open_case_is_no_new_case() -> None:
    assert cases([30.0, 50.0, 60.0], 24) == 2


def test_a_complication_nobody_was_asked_about_is_not_counted(
    protocol: Protocol, clinic: Clinic
) -> None:
    kind = clinic.assumed.complications[0]
    ill = clinic.follow(1, 1, kind)
    ill.answered.clear()
    counted = tallied(protocol, 1, 24, [ill])
    assert (counted.ill, counted.outcomes) == (1, [])


def test_an_infected_joint_is_caught(clinic: Clinic) -> None:
    kind = next(k for k in clinic.assumed.complications if k.kind == "infected joint")
    counted = tallied(clinic.protocol, 1, 24, (clinic.follow(1, n, kind) for n in range(1, 11)))
    assert counted.outcomes
    assert all(outcome.caught and outcome.reached for outcome in counted.outcomes)
    assert all((outcome.first_alert_after or 0) > 0 for outcome in counted.outcomes)


def test_a_missed_complication_is_told_as_a_story(clinic: Clinic) -> None:
    kind = next(k for k in clinic.assumed.complications if k.kind == "burn")
    one = clinic.follow(1, 1, kind)
    told = tuple(a for a in one.checkins if a.ill)
    words = story(clinic.protocol, Outcome(1, one, told))
    assert words.startswith("Course 1 of seed 1 (")
    assert "a burn began at" in words
    assert f"→ {told[0].verdict.level!s}" in words


def test_a_sign_rises_stays_and_fades() -> None:
    wave = Wave("redness", 10.0, 4.0, 20.0, 5.0, 2.0)
    strengths = [wave.at(hour) for hour in (9, 10, 12, 14, 34, 39, 80)]
    assert strengths[:5] == [0.0, 0.0, 1.0, 2.0, 2.0]
    assert all(later < sooner for sooner, later in pairwise(strengths[4:]))


def test_an_illness_is_felt_only_after_it_began(protocol: Protocol, assumed: Assumptions) -> None:
    kind = next(k for k in assumed.complications if k.kind == "infected joint")
    illness: Illness = fall_ill(protocol, assumed, Random(2), kind)  # noqa: S311
    assert not illness.felt(illness.onset)
    assert illness.felt(illness.onset + kind.rise)


def test_levels_and_treatments_add_up(tally: Tally) -> None:
    assert tally.courses == COURSES
    assert sum(t.checkins for t in tally.treatments.values()) == tally.checkins
    assert sum(t.alerts for t in tally.treatments.values()) == tally.alerts
    assert tally.sent == tally.checkins + tally.unanswered


def test_a_call_request_alone_is_on_the_call_list_and_not_a_clinical_alert(
    followed: list[Followed], tally: Tally
) -> None:
    alone = sum(
        bool(raised := {f.rule for f in a.verdict.because if f.level >= ALERTING})
        and raised <= tally.call_list
        for one in followed
        for a in one.checkins
    )
    assert alone
    assert tally.alerts - tally.clinical == alone


@pytest.mark.hazard("H27")
def test_most_check_ins_of_a_quiet_clinic_call_nobody(tally: Tally) -> None:
    assert 0.02 < tally.alerts / tally.checkins < 0.12
    assert tally.levels[Level.EXPECTED] > tally.checkins / 2


def test_an_interval_needs_more_than_one_seed(tally: Tally) -> None:
    assert over_seeds([tally], lambda t: t.courses) == "150.0"
    assert over_seeds([tally, tally], lambda t: t.courses) == "150.0 (150.0 to 150.0)"


def test_the_page_starts_with_its_table_and_the_chart_has_every_rule(
    protocol: Protocol, assumed: Assumptions, tally: Tally
) -> None:
    run = Run(protocol, assumed, [tally], tally, [("as assumed", tally)], None)
    page = report(run)
    assert page.index("| what | figure |") < page.index("## Levels")
    assert "## When an assumption is wrong" in page
    rows = rule_rows(run)
    assert bars(rows).count("<text") == 2 * len(rows) + 2
