"""Anna is asked for a photo on the day of her session, once she is well and nothing is open."""

from dataclasses import replace

import pytest
from desk_of_a_clinic import SESSION
from outer_program import annas_phone
from stories import FIRST, SYMPTOMS, asked, feverish, finished, wants_a_call, wonders

from flows.engine.inputs import Pressed, SentPhoto
from flows.engine.languages import NAMES
from flows.engine.phrases import phrases

ASKS = "If you like, send us a photo of the treated area here"


def test_a_patient_who_is_well_on_day_0_is_asked_for_a_photo() -> None:
    program = asked()
    assert ASKS not in program.last
    program.press("All good")
    lines = program.last.split("\n\n")
    assert lines[-2] == phrases("en")["check_in_photo_ask"], "before the emergency line"
    assert "Next check-in" in lines[-3]


def test_she_is_not_asked_on_the_days_after() -> None:
    program = asked()
    program.press("All good")
    program.wait(hours=18).press("All good")
    assert ASKS not in program.last


def test_who_answers_the_first_check_in_a_day_late_is_not_asked() -> None:
    """Her first check-in comes late, as after an outage."""
    program = annas_phone().outage(hours=23, minutes=45)
    program.press("All good")
    assert ASKS not in program.last


@pytest.mark.parametrize("tells", [feverish, wants_a_call, wonders])
def test_who_has_an_open_alert_is_not_asked(tells) -> None:
    program = finished(tells())
    assert list(program.record.open_alerts)
    assert ASKS not in program.last


def test_who_is_better_while_her_alert_is_open_is_not_asked() -> None:
    program = annas_phone()
    program.write("is this normal?")
    program.press("All good")
    program.wait(hours=6).press("All good")
    assert program.check_in(FIRST).state == "complete"
    assert ASKS not in program.last


def test_a_mild_symptom_that_is_expected_is_no_reason_not_to_ask() -> None:
    program = asked()
    program.press(SYMPTOMS)
    program.press("Redness")
    program.press("Done")
    finished(program)
    assert not list(program.record.open_alerts)
    assert ASKS in program.last


@pytest.mark.parametrize("treatment", ["iv", "joint"])
def test_a_treatment_without_results_to_compare_is_not_asked_about(treatment) -> None:
    session = replace(SESSION, treatment=treatment, area=None)
    program = annas_phone(session).wait(hours=6)
    program.press("All good")
    assert "Next check-in" in program.last
    assert ASKS not in program.last


def test_nothing_waits_for_the_photo() -> None:
    program = asked()
    before = dict(program.due)
    program.press("All good")
    assert program.check_in(FIRST).state == "complete"
    assert {row for row in program.due if row not in before} == set()


def test_a_photo_is_looked_at_by_a_person_and_she_is_not_asked_for_another() -> None:
    program = asked()
    program.press("All good")
    program.do(SentPhoto("file", "unique", 900))
    [alert] = program.record.open_alerts
    assert alert.because[0].reason == "The patient sent a photo: look at it"
    program.press("Change my answers")
    program.press("All good")
    assert ASKS not in program.last


@pytest.mark.parametrize("language", NAMES)
def test_it_is_asked_in_her_language(language) -> None:
    program = annas_phone()
    program.record = program.record.with_patient(language=language)
    program.wait(hours=6).do(Pressed(f"c:{FIRST}:all_good", 1))
    assert phrases(language)["check_in_photo_ask"] in program.last
