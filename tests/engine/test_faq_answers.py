"""Anna asks the clinic's own text something, and never without whom to call."""

from dataclasses import replace

import pytest
from desk_of_a_clinic import DESK, NOW, anna
from outer_program import OuterProgram, annas_phone
from stories import asked, feverish

from flows.engine.advance import advance
from flows.engine.inputs import Commanded, Pressed
from flows.engine.phrases import phrases
from flows.faq_file import bundled_faq

WITH_FAQ = replace(DESK, faq=bundled_faq())
OPEN = "You told us something that the team is looking after."


def looks_up(program: OuterProgram, words: str = "") -> OuterProgram:
    """Let Anna write /faq and some words."""
    program.do(Commanded("faq", words))
    return program


def labels(program: OuterProgram) -> list[str]:
    return [key.label for row in program.chat[-1].message.keys for key in row]


def test_the_answer_stands_there_with_the_emergency_line_and_a_way_to_tell() -> None:
    program = looks_up(annas_phone(desk=WITH_FAQ), "how many sessions")
    assert "three to four sessions spaced four to six weeks apart" in program.last
    assert "It says nothing about you" in program.last
    assert "Call 112 right away" in program.last
    assert labels(program)[-2:] == ["All questions", "I notice something myself"]
    assert OPEN not in program.last


@pytest.mark.hazard("H39")
@pytest.mark.parametrize(
    ("language", "word", "said"),
    [
        ("es", "sesiones", "de tres a cuatro sesiones"),
        ("pt", "sessões", "de três a quatro sessões"),
        ("ru", "сеансы", "три-четыре сеанса"),
        ("ar", "جلسات", "ثلاث إلى أربع جلسات"),
        ("zh", "次数", "通常三到四次"),
    ],
)
def test_in_annas_language_it_is_answered_with_the_emergency_line_and_that_nobody_reviewed_it(
    language, word, said
) -> None:
    program = annas_phone(desk=WITH_FAQ)
    program.record = program.record.with_patient(language=language)
    looks_up(program, word)
    assert said in program.last
    assert "112" in program.last
    assert phrases(language)["language_unreviewed"] in program.last
    assert labels(program)[-1] == phrases(language)["faq_report"]


def test_english_needs_no_review() -> None:
    program = looks_up(annas_phone(desk=WITH_FAQ), "sessions")
    assert phrases("en")["language_unreviewed"] not in program.last


def test_without_words_she_sees_the_questions_page_by_page() -> None:
    program = looks_up(annas_phone(desk=WITH_FAQ))
    shown = set()
    for _ in range(3):
        shown |= set(labels(program))
        program.wait(seconds=1).press("More questions")
    assert {one.question["en"] for one in bundled_faq().answers} <= shown
    assert labels(program)[0] == bundled_faq().answers[0].question["en"], "round and round"


def test_a_question_is_answered_in_its_place() -> None:
    program = looks_up(annas_phone(desk=WITH_FAQ))
    before = program.chat[-1].number
    program.press("What is Exosome therapy?")
    assert program.chat[-1].number == before
    assert "cutting-edge medical treatment" in program.last


def test_words_that_nothing_answers_get_the_list_and_the_clinics_number() -> None:
    program = looks_up(annas_phone(desk=WITH_FAQ), "zebra")
    assert "We found no answer" in program.last
    assert "+49 30 555 0100" in program.last


@pytest.mark.hazard("H50")
def test_while_her_case_is_open_the_page_says_whom_to_go_by() -> None:
    program = feverish(annas_phone(desk=WITH_FAQ).wait(hours=6))
    looks_up(program, "fever")
    assert program.last.startswith(OPEN)
    looks_up(program)
    assert program.last.startswith(OPEN)


def test_whoever_notices_something_is_asked_at_once() -> None:
    program = looks_up(annas_phone(desk=WITH_FAQ), "redness")
    program.press("I notice something myself")
    assert program.check_in("report/1").state == "sent"


def test_a_clinic_without_answers_says_whom_to_call() -> None:
    program = looks_up(asked(), "hair")
    assert "There are no answers here yet. Please call +49 30 555 0100" in program.last
    program.do(Pressed("f:show:hair", 1))
    assert "There are no answers here yet" in program.last


@pytest.mark.parametrize("code", ["f:show:gone", "f:list:999", "f:list:-1", "f:"])
def test_an_old_or_forged_button_shows_the_list(code) -> None:
    program = annas_phone(desk=WITH_FAQ)
    program.do(Pressed(code, 1))
    assert "What do you want to know?" in program.last


@pytest.mark.parametrize("stage", ["asked_consent", "pairing", "refused"])
def test_before_staff_have_confirmed_her_nothing_says_what_the_clinic_treats(stage) -> None:
    record = replace(anna(stage))
    for said in (Commanded("faq", "hair"), Pressed("f:show:hair", 1)):
        shown = str(advance(WITH_FAQ, record, said, NOW).events).lower()
        assert "exosome" not in shown


def test_who_has_stopped_still_reads_it_and_hears_whom_to_call() -> None:
    program = OuterProgram(anna("stopped"), WITH_FAQ)
    looks_up(program, "hair")
    program.wait(seconds=1).press("I notice something myself")
    assert "You have stopped this chat" in program.last
