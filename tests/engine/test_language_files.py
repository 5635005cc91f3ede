"""Every language that is offered is complete: nothing missing, too long, or without its number."""

import re
import tomllib
from importlib.resources import files

import pytest
from babel import Locale

from bot.export.wording import SECTIONS, read
from bot.export.wording import review as label_review
from flows.answers import NO, YES, by_label, plain
from flows.engine.desk import PLACEHOLDER
from flows.engine.languages import NAMES
from flows.engine.phrases import phrases
from flows.engine.phrases import review as phrase_review
from flows.faq_file import bundled_faq
from flows.protocol_file import bundled
from flows.reviews import ABOUT

OFFERED = tuple(one for one in bundled().protocol.languages if one != "en")
LONGEST_BUTTON, LONGEST_MENU, LONGEST_TEXT = 60, 256, 2000
"""Characters: a phone shows a button on two lines; Telegram takes 256 of a command and 4,096 of a
message, to which the emergency line and what stands before it are added."""
BUTTONS = {
    "agree", "decline", "reconsider", "facts_done", "test_button", "resume", "zone_clinic",
    "zone_other", "settings_done", "stop_yes", "stop_no", "come_back", "mydata_yes",
    "keep_as_it_is", "booked_button", "curve_button", "erase", "erase_yes", "faq_all",
    "faq_more", "faq_report", "quiet_usual", "quiet_later", "pause_button",
}  # fmt: skip
LEFT_OUT = {"delivery": {"how"}, "past": {"more"}}
"""Of a stored reason, what only the English says."""
SCRIPTS = {"ru": "[а-яё]", "ar": "[\u0621-\u064a]", "zh": "[\u4e00-\u9fff]"}


def own(language: str) -> dict[str, str]:
    """The phrases of a language's own file, without English in the gaps."""
    file = files("flows.phrases").joinpath(f"{language}.toml")
    assert file.is_file(), f"there is no flows/phrases/{language}.toml"
    found = tomllib.loads(file.read_text("utf-8"))
    return {name: text for name, text in found.items() if name not in ABOUT}


def plurals(language: str) -> set[str]:
    """The names under which a language's forms of a counted day stand."""
    return {f"days_{form}" for form in {*Locale(language).plural_form.tags, "other"}}


@pytest.mark.parametrize("language", OFFERED)
def test_no_phrase_is_missing(language):
    english = {name for name in phrases("en") if not name.startswith("days_")}
    missing = (english | plurals(language)) - own(language).keys()
    assert not missing, (
        f"flows/phrases/{language}.toml lacks {', '.join(sorted(missing))}: translate the line of "
        "en.toml; until then patients read it in English"
    )


@pytest.mark.parametrize("language", OFFERED)
def test_no_phrase_is_left_over(language):
    assert own(language).keys() - phrases("en").keys() - plurals(language) == set()


@pytest.mark.parametrize("language", OFFERED)
def test_every_number_to_call_and_every_time_is_in_the_translation_too(language):
    for name, text in phrases("en").items():
        said = own(language).get(name, text)
        if not name.startswith("days_"):
            assert set(PLACEHOLDER.findall(said)) == set(PLACEHOLDER.findall(text)), name


@pytest.mark.parametrize("language", OFFERED)
def test_no_phrase_is_too_long(language):
    for name, text in phrases(language).items():
        menu = LONGEST_MENU if name.startswith("menu_") else LONGEST_TEXT
        assert len(text) <= (LONGEST_BUTTON if name in BUTTONS else menu), name


@pytest.mark.parametrize("language", [one for one in OFFERED if one in SCRIPTS])
def test_every_text_is_written_in_the_letters_of_its_language(language):
    spoken = {name: text for name, text in own(language).items() if not name.endswith("_words")}
    spoken |= {place: words[language] for place, words in bundled().patient_words()}
    for name, text in spoken.items():
        assert re.search(SCRIPTS[language], text.casefold()), f"{name}: {text}"


@pytest.mark.hazard("H42")
@pytest.mark.parametrize("language", OFFERED)
def test_a_button_typed_in_any_language_is_the_same_answer(language):
    for question in bundled().questions:
        for option in question.options:
            assert by_label(question, plain(option.label[language])) == option.id, (
                f"{question.id}: «{option.label[language]}» reads as another answer"
            )


@pytest.mark.hazard("H42")
@pytest.mark.parametrize("language", OFFERED)
def test_yes_is_yes_and_no_is_no(language):
    buttons = bundled().buttons
    assert plain(buttons["yes"][language]) in YES
    assert plain(buttons["no"][language]) in NO
    assert not YES & NO


@pytest.mark.parametrize("language", OFFERED)
def test_a_question_is_asked_once_and_ends_its_first_sentence(language):
    for question in bundled().questions:
        english, said = question.text["en"], question.text[language]
        assert len(re.findall("[?؟？]", said)) == english.count("?") or english.count("?") == 0


@pytest.mark.parametrize("language", OFFERED)
def test_commands_keep_their_names(language):
    for name, text in phrases("en").items():
        named = set(re.findall(r"(?<![\w/])/([a-z]+)", text))
        assert named <= set(re.findall(r"/([a-z]+)", own(language).get(name, text))), name


def test_a_language_is_called_by_its_own_name():
    assert set(OFFERED) <= NAMES.keys()


@pytest.mark.parametrize("language", OFFERED)
def test_the_clinics_answers_are_there_too_with_every_number(language):
    """Weeks, minutes, sessions: a number that a translation lost would be a wrong answer."""
    faq = bundled_faq()
    assert language in faq.faq.languages, "there is no flows/protocols/exosome_faq of it"
    for one in faq.answers:
        for words in (one.question, one.answer):
            said = words[language]
            assert sorted(re.findall(r"\d+", said)) == sorted(re.findall(r"\d+", words["en"])), (
                one.id
            )
            assert said.count("\n") == words["en"].count("\n"), f"{one.id}: a line is missing"
            assert re.search(SCRIPTS.get(language, "[a-z]"), said.casefold()), one.id


@pytest.mark.parametrize("language", OFFERED)
def test_what_a_patient_is_told_to_type_finds_an_answer(language):
    text = own(language)["faq_ask"]
    (word,) = re.findall(r"/faq (\S+?)\W*$", text)
    assert bundled_faq().search(word, language)[0].id == "sessions"


@pytest.mark.parametrize("language", OFFERED)
def test_the_files_of_mydata_are_there_too(language):
    for section in SECTIONS:
        english, said = read("en")[section], read(language)[section]
        assert english.keys() == said.keys() - {"note"}, f"bot/export/labels: {section}"
        for name, text in english.items():
            blanks = set(PLACEHOLDER.findall(text)) - LEFT_OUT.get(name, set())
            assert set(PLACEHOLDER.findall(said[name])) == blanks, name
            words = PLACEHOLDER.sub("", said[name])
            foreign = re.search("[a-z]{2}", PLACEHOLDER.sub("", text))
            assert not foreign or re.search(SCRIPTS.get(language, "[a-z]"), words.casefold()), name


def test_the_treatments_are_those_of_the_protocol_by_their_labels():
    """A label that has changed would else keep the translation of the old one."""
    labels = {name: one.label for name, one in bundled().treatments.items()}
    assert read("en")["treatments"] == labels


@pytest.mark.hazard("H42")
@pytest.mark.parametrize("language", OFFERED)
@pytest.mark.parametrize(("file", "review"), [
    ("flows/phrases", phrase_review), ("bot/export/labels", label_review),
])  # fmt: skip
def test_a_review_is_of_the_texts_that_stand_there(file, review, language):
    """Patients would else read again that nobody has reviewed them, and nobody would know why."""
    found = review(language)
    assert found.counts or not found.by, (
        f"{file}/{language}.toml: texts have changed since {found.by} reviewed them; have them "
        f'reviewed again and write reviewed_texts = "{found.now}", or clear reviewed_by'
    )
