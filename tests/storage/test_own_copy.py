"""What Anna gets by /mydata is in her language: headings, answers, times, and codes in words."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

import pytest
from cared_for import clinic_at, rows
from clinic_history import KEYRING
from typer.testing import CliRunner

from bot import patient_said
from bot.cli import app
from bot.export.case_report import report
from bot.export.everything import COPIES, as_json, document
from bot.export.files import SHAPES, order, write
from bot.export.one_case import STEPS
from bot.export.pdf import can_set, printable
from bot.export.reasons import MEDIA, sent
from bot.export.said import Saying
from bot.export.wording import wording
from bot.settings import settings
from flows.engine.phrases import phrases
from flows.engine.record import Stage
from flows.engine.staff_actions import OUTCOMES
from flows.engine.stored_check_in import CheckInState
from flows.protocol_file import bundled
from flows.verdict import Level

MADE = datetime(2026, 11, 26, 9, tzinfo=UTC)
HEADINGS = {
    "es": ("Visitas", "Preguntas y respuestas"),
    "pt": ("Visitas", "Perguntas e respostas"),
    "ru": ("Посещения", "Опросы и ответы"),
    "ar": ("الزيارات", "الأسئلة والإجابات"),
    "zh": ("就诊", "问候与回答"),
}
MARK = "\u200e"


@pytest.fixture
def stored(sqlite_url, tmp_path, monkeypatch) -> str:
    """The address of a database with Anna's case."""
    clinic_at(sqlite_url, tmp_path, monkeypatch)
    return sqlite_url


def spoken(url: str, language: str) -> tuple:
    """Return everything about Anna, who speaks this language."""
    rows(url, f"UPDATE patient SET language = '{language}' WHERE code = 'A7K2' RETURNING code")  # noqa: S608 - a language of ours
    return document(url, KEYRING, "A7K2", "Clinic Sunrise", MADE)


def copied(file_format: str, whole: dict, saying: Saying) -> bytes:
    """Return the file that Anna gets."""
    draw_up, set_down = COPIES[file_format]
    return set_down(draw_up(whole, saying))


def texts(content: object) -> Iterator[str]:
    """Yield every text of a report."""
    if isinstance(content, dict):
        for value in content.values():
            yield from texts(value)
    elif isinstance(content, (list, tuple)):
        for value in content:
            yield from texts(value)
    elif isinstance(content, str):
        yield content


@pytest.mark.hazard("H42")
@pytest.mark.parametrize("language", HEADINGS)
def test_headings_questions_and_answers_are_in_annas_language(stored, language) -> None:
    whole, saying = spoken(stored, language)
    told = report(whole, saying, wording(language))
    assert [one["title"] for one in told["sections"][:2]] == [*HEADINGS[language]]
    assert phrases(language)["language_unreviewed"] in told["lead"]
    said = {*texts(told)}
    question = bundled().question_by_id["redness"]
    assert question.text[language] in said
    assert question.text["en"] not in said
    assert said & {option.label[language] for option in question.options}
    english = {*texts(report(whole, saying))}
    labels = {*wording().labels.values()} - {*wording(language).labels.values()}
    assert labels & english, "in English they would be found"
    assert not labels & said


def lived_through(whole: dict) -> dict:
    """Return Anna's case with what staff's cards, the plan and the trail say in English."""
    redness = bundled().question_by_id["redness"]
    asked = f"{redness.text['en'].partition('?')[0]}? {redness.options[3].label['en']}"
    sign = bundled().question_by_id["red_flags"].options[0].label["en"]
    whole["alerts"][0]["content"]["said"] = [
        asked, sign, "“it burns, really”", "Uses the chat in Русский", "no answer since 12:00",
    ]  # fmt: skip
    whole["alerts"][0]["outcome"] = "sent to emergency care"
    whole["check_ins"][0]["reason"] = "its time has passed, and alert A7K2-1 is open"
    whole["check_ins"][2]["state"] = "unreachable"
    whole["check_ins"][2]["reason"] = "the patient cannot be written to"
    whole["sessions"][0]["treatment"] = "mn_topical+inj_skin"
    at = whole["made_at"]
    whole["acts"] = [
        {"at": at, "name": who, "action": action, "alert": None, "allowed": 1, "detail": detail}
        for who, action, detail in (
            ("Ben", "claim_lost", "held by Ben"), ("Ben", "case", "what does Ben ask"),
            ("command line (root)", "export", "everything, as pdf"), ("patient", "language", "pt"),
            ("Ben", "outcome", "reviewed in clinic"), ("Aftercheck", "unreachable", "blocked"),
            ("patient", "quiet_hours", "usual"), ("patient", "zone", "Europe/Lisbon"),
        )
    ]  # fmt: skip
    return whole


STAFFS_WORDS = (
    "How red", "Trouble breathing", "Uses the chat", "no answer since", "emergency care",
    "its time has passed", "is open", "cannot be written", "mn_topical", "held by", "what does Ben",
    "command line", "everything, as", "reviewed in", "blocked", "usual", "Microneedling",
)  # fmt: skip


@pytest.mark.hazard("H42")
@pytest.mark.parametrize("language", HEADINGS)
def test_what_staff_were_told_is_said_to_anna_in_the_words_that_she_saw(stored, language) -> None:
    whole, saying = spoken(stored, language)
    said = "\n".join(texts(report(lived_through(whole), saying, wording(language))))
    redness = bundled().question_by_id["redness"]
    for words in (redness.options[3].label, bundled().question_by_id["red_flags"].options[0].label):
        assert words[language] in said
    assert "“it burns, really”" in said
    assert wording(language).treatments["mn_topical"] in said
    assert wording(language).spoken("pt") in said
    assert [one for one in STAFFS_WORDS if one in said] == []


def test_what_has_no_words_in_her_language_stands_as_it_was_stored(stored) -> None:
    whole, saying = spoken(stored, "ru")
    whole["alerts"][0]["content"]["said"] = ["Something of an older version: yes"]
    whole["check_ins"][2]["reason"] = "the bot was down"
    whole["sessions"][0]["treatment"] = "something_new"
    said = "\n".join(texts(report(whole, saying, wording("ru"))))
    for words in ("Something of an older version: yes", "the bot was down", "something_new"):
        assert words in said


def test_staff_read_all_of_it_as_it_is_stored(stored) -> None:
    whole, saying = spoken(stored, "ru")
    said = "\n".join(texts(report(lived_through(whole), saying)))
    found = [one for one in STAFFS_WORDS if one in said]
    assert set(STAFFS_WORDS) - set(found) == {"mn_topical"}


@pytest.mark.parametrize(("stored_as", "said"), [
    ("voice", "голосовое сообщение"), ("video note", "видеосообщение"),
    ("document with the words “my cheek”", "файл: my cheek"), ("photo my cheek", "фото: my cheek"),
    ("a late press on an old button", "позднее нажатие старой кнопки"), ("so it is", "so it is"),
])  # fmt: skip
def test_what_came_besides_words_is_said_in_russian(stored_as, said) -> None:
    assert sent(stored_as, wording("ru")) == said.replace("фото", wording("ru").value("photo"))
    assert sent(stored_as, wording()) == stored_as


def test_everything_that_can_come_has_words() -> None:
    assert {one.replace("_", " ") for one in patient_said.MEDIA} < set(MEDIA)
    for language in HEADINGS:
        assert {one.replace(" ", "_") for one in MEDIA} <= wording(language).values.keys()


def test_a_voice_message_is_said_in_annas_copy(stored) -> None:
    whole, saying = spoken(stored, "ru")
    whole["messages"][0] |= {"kind": "other", "content": {"text": "voice"}}
    assert "голосовое сообщение" in {*texts(report(whole, saying, wording("ru")))}


def test_what_was_asked_at_enrolment_is_asked_in_english_too(stored) -> None:
    whole, saying = spoken(stored, "en")
    whole["patient"][0]["content"]["profile"] = {"dark_skin": False, "of_an_older_version": True}
    said = {*texts(report(whole, saying))}
    [asked] = [one.ask["en"] for one in bundled().patient_facts if one.id == "dark_skin"]
    assert asked in said
    assert "of an older version" in said
    assert "dark skin" not in said


def test_the_clinics_own_file_stays_in_english(stored) -> None:
    whole, saying = spoken(stored, "ru")
    assert "Check-ins and answers" in {*texts(report(whole, saying))}
    assert "labels" not in json.loads(as_json(whole))


@pytest.mark.parametrize("language", ["en", *HEADINGS])
def test_the_file_for_a_machine_says_in_annas_language_what_its_names_mean(
    stored, language
) -> None:
    whole, saying = spoken(stored, language)
    found = json.loads(copied("json", whole, saying))
    assert found["language"] == language
    assert found["labels"] == wording(language).keys
    assert whole.keys() <= found["labels"].keys(), "every section is explained"
    plain = json.loads(as_json(whole))
    assert plain.items() <= found.items(), "and nothing of it is another"
    told = json.loads(json.dumps(report(whole, saying, wording(language))))
    assert found["in_words"] == told, "the same to read"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Check-in, 6 hours after session 1, due"),
        ("es", "Preguntas, 6 horas después de la sesión 1, previsto para"),
        ("pt", "Perguntas, 6 horas após a sessão 1, previsto para"),
        ("ru", "Опрос, 6 часов после сеанса 1, срок"),
        ("ar", "أسئلة، 6 ساعات بعد الجلسة 1، الموعد"),
        ("zh", "问候，第 1 次治疗后6小时，应于"),
    ],
)
def test_a_check_in_is_called_by_its_session_and_not_by_its_key(stored, language, said) -> None:
    told = report(*spoken(stored, language), wording(language))
    [asked] = [
        one for one in told["sections"] if one["title"] == wording(language).say("check_ins")
    ]
    titles = [one["title"] for one in asked["entries"]]
    assert any(one.startswith(said) for one in titles), titles
    assert not any("/" in one for one in titles)


def test_in_arabic_codes_and_figures_keep_their_own_order(stored) -> None:
    whole, saying = spoken(stored, "ar")
    said = {*texts(report(whole, saying, wording("ar")))}
    assert any(one.startswith(f"{MARK}1/") or f"{MARK}A7K2-1{MARK}" in one for one in said)
    assert f"{MARK}A7K2{MARK}" in said
    assert wording("ar").in_order("خدي ساخن") == "خدي ساخن"
    assert wording("ru").in_order("A7K2") == "A7K2"
    assert printable(f"{MARK}A7K2{MARK}") == f"{MARK}A7K2{MARK}", "the PDF keeps the marks"


@pytest.mark.skipif(not can_set(), reason="needs typst")
@pytest.mark.parametrize("language", HEADINGS)
def test_a_pdf_is_set_in_every_language(stored, language) -> None:
    whole, saying = spoken(stored, language)
    made = copied("pdf", whole, saying)
    assert made.startswith(b"%PDF")
    assert f"/Lang({language}".encode() in made.replace(b" ", b"")


@pytest.mark.skipif(not can_set(), reason="needs typst")
@pytest.mark.parametrize(("file_format", "ends"), [("copy", "pdf"), ("copy-json", "json"),
                                                   ("copy", "json")])  # fmt: skip
def test_the_command_writes_annas_copy_as_the_chat_does_and_that_is_noted(
    stored, tmp_path, file_format, ends
) -> None:
    whole, saying = spoken(stored, "ru")
    target = tmp_path / f"anna.{ends}"
    words = ["export", "--case", "a7k2", "--format", file_format, "-o", str(target)]
    result = CliRunner().invoke(app, words)
    said = "The patient's own copy of everything about A7K2, in the patient's language"
    assert (result.exit_code, result.output) == (0, f"{said} in {target}\n")
    noted = rows(stored, "SELECT detail FROM action WHERE action = 'export' AND code = 'A7K2'")
    assert [row[0] for row in noted] == [f"the patient's copy, as {ends}"]
    if ends == "pdf":
        assert b"/Lang(ru" in target.read_bytes().replace(b" ", b"")
        return
    written, sent = json.loads(target.read_bytes()), json.loads(copied("json", whole, saying))
    assert written["language"] == "ru"
    assert written["labels"] == sent["labels"]
    assert "Опросы и ответы" in [one["title"] for one in written["in_words"]["sections"]]


def test_a_file_about_one_case_says_what_it_is_at() -> None:
    pdf, history = SHAPES["copy"], SHAPES["csv"]
    assert [pdf.how_far(done, 3) for done in (0, 1, 2)] == [*STEPS]
    assert history.how_far(1_200, 5_000) == "1,200 of 5,000 cases"


@pytest.mark.parametrize("file_format", [name for name, one in SHAPES.items() if one.one_case])
def test_each_of_its_steps_is_reported_before_it_is_done(stored, file_format) -> None:
    if SHAPES[file_format].is_set and not can_set():
        pytest.skip("needs typst")
    spoken(stored, "ru")
    out, told = io.BytesIO(), []

    def report(done: int, total: int) -> None:
        told.append((done, total, out.tell() > 0))

    wanted = order(file_format, None, "A7K2", None, None)
    assert write(settings(), wanted, out, report, MADE) == 1
    assert told == [(0, 3, False), (1, 3, False), (2, 3, False), (3, 3, True)]


@pytest.mark.parametrize("language", HEADINGS)
def test_every_code_that_a_case_can_have_stands_in_words(language) -> None:
    codes = {
        *get_args(Stage),
        *get_args(CheckInState),
        *(one.replace(" ", "_") for one in OUTCOMES.values()),
        *(level.name.lower() for level in Level),
    }
    assert codes - wording(language).values.keys() == set()


def test_a_language_that_there_is_not_reads_english() -> None:
    assert wording("fr").language == "en"
    assert wording("ru").value("something_new") == "something new"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("redness", 0, bundled().question_by_id["redness"].options[0].label["ru"]),
        ("redness", "unclear", "не понято"),
        ("temp_c", 38.4, "38.4 °C"),
        ("temp_c", "not_measured", "не измерено"),
        ("red_flags", frozenset(), "нет"),
        ("warmth", True, "да"),
        ("warmth", False, "нет"),
    ],
)
def test_an_answer_is_said_in_russian(name, value, said) -> None:
    assert wording("ru").answer(bundled().question_by_id[name], value) == said
