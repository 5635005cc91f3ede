"""A protocol's translations: files beside it, complete, signed with what was reviewed."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from flows.classify import compiled
from flows.proof.complete_words import complete_in_words
from flows.protocol_file import ProtocolError, bundled, bundled_text, load, parse_protocol
from flows.translations import digest, is_reviewed

FOLDER = files("flows.protocols")
MAIN = FOLDER.joinpath("exosome.toml").read_text(encoding="utf-8")
SPANISH = FOLDER.joinpath("exosome.es.toml").read_text(encoding="utf-8")
NUMBER = 'no_thermometer = "No tengo termómetro"\n'


def with_spanish(old: str = "", new: str = "") -> list[str]:
    """What is wrong with the words after one edit of the Spanish."""
    assert old in SPANISH
    text = f"{MAIN}\n{SPANISH.replace(old, new, 1)}"
    return list(complete_in_words(compiled(parse_protocol(text, "clinic.toml"))))


def test_six_languages_are_offered_and_the_files_own_comes_first():
    assert bundled().protocol.languages == ("en", "ar", "es", "pt", "ru", "zh")


def test_a_file_beside_the_protocol_is_a_language_more(tmp_path: Path):
    (tmp_path / "clinic.toml").write_text(MAIN, encoding="utf-8")
    assert load(tmp_path / "clinic.toml").protocol.languages == ("en",)
    (tmp_path / "clinic.es.toml").write_text(SPANISH, encoding="utf-8")
    shutil.copy(str(FOLDER.joinpath("exosome.ru.toml")), tmp_path / "another.ru.toml")
    loaded = load(tmp_path / "clinic.toml")
    assert loaded.protocol.languages == ("en", "es")
    assert loaded.buttons["yes"] == {"en": "Yes", "es": "Sí"}
    assert loaded.question_by_id["redness"].options[0].label["es"] == "No está roja"


def test_what_an_enrolment_is_pinned_to_holds_every_language():
    assert parse_protocol(bundled_text(), "pinned").model_dump() == bundled().model_dump()


@pytest.mark.hazard("H42")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (NUMBER, "", "buttons.no_thermometer: no words in «es»"),
        (NUMBER, f'no_thermometer = "{"No tengo " * 9}"\n', "buttons.no_thermometer.es: 80 char"),
        ("Llame al {emergency_number} ahora. Diga", "Diga", "texts.P4_allergy.es: «{emergency_n"),
        ("{clinic_phone}. Si nadie", "{telefono}. Si nadie", "texts.P3.es: «{telefono}» cannot"),
    ],
)
def test_a_text_that_is_missing_too_long_or_without_its_number_is_refused(old, new, said):
    assert any(problem.startswith(said) for problem in with_spanish(old, new)), with_spanish()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[translations.es.areas]", "[translations.es.places]", "es › places: the protocol has no"),
        ('lip = "', 'lips = "', "es › areas › lips: the protocol has no such text"),
        ('very_red = "', 'too_red = "', "questions › redness › too_red: the protocol has no such"),
        ("[translations.es]\n", "[translations.xx]\n", "translations › xx"),
        ("[translations.es.areas]", "[[translations.es.areas]]", "es › areas: the protocol has no"),
    ],
)
def test_words_for_what_the_protocol_does_not_have_are_refused(old, new, said):
    assert old in SPANISH
    with pytest.raises(ProtocolError) as refused:
        parse_protocol(f"{MAIN}\n{SPANISH.replace(old, new, 1)}", "clinic.toml")
    assert said in str(refused.value)


def test_a_file_that_is_no_protocol_is_refused_in_the_usual_words():
    with pytest.raises(ProtocolError, match="buttons: Field required"):
        parse_protocol('questions = [1]\n[translations.es.questions.redness]\ntext = "¿?"', "x")


@pytest.mark.hazard("H42")
def test_a_review_counts_only_for_the_texts_that_were_read():
    protocol = parse_protocol(f"{MAIN}\n{SPANISH}", "clinic.toml")
    assert not is_reviewed(protocol, "es")
    assert is_reviewed(protocol, "en")
    signed = SPANISH.replace('reviewed_by = ""', 'reviewed_by = "Carmen Ruiz"').replace(
        'reviewed_texts = ""', f'reviewed_texts = "{digest(protocol, "es")}"'
    )
    reviewed = parse_protocol(f"{MAIN}\n{signed}", "clinic.toml")
    assert is_reviewed(reviewed, "es")
    assert list(complete_in_words(compiled(reviewed))) == []
    for text in (signed.replace("¿Le duele la cabeza?", "¿No le duele la cabeza?"),
                 signed.replace("reviewed_texts", "# reviewed_texts")):  # fmt: skip
        changed = parse_protocol(f"{MAIN}\n{text}", "clinic.toml")
        [problem] = complete_in_words(compiled(changed))
        assert "changed since Carmen Ruiz reviewed them" in problem


@pytest.mark.hazard("H42")
def test_a_changed_english_question_asks_for_a_new_review_too():
    protocol = parse_protocol(f"{MAIN}\n{SPANISH}", "clinic.toml")
    changed = MAIN.replace("Does your head hurt?", "Is your head fine?")
    assert digest(parse_protocol(f"{changed}\n{SPANISH}", "x"), "es") != digest(protocol, "es")
