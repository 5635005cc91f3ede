"""Cleo changes a protocol and uploads it in English alone: what becomes of the other languages."""

from importlib.resources import files

import pytest

from flows.joining import joined, stale
from flows.protocol_file import ProtocolError, bundled, parse_protocol
from flows.translations import digest

FOLDER = files("flows.protocols")
MAIN = FOLDER.joinpath("exosome.toml").read_text(encoding="utf-8")
SPANISH = FOLDER.joinpath("exosome.es.toml").read_text(encoding="utf-8")
OTHERS = ("ar", "es", "pt", "ru", "zh")
RED = bundled().question_by_id["redness"].text["en"]
REWORDED = MAIN.replace(RED, "Is the treated skin red?", 1)
assert REWORDED != MAIN


def test_a_file_in_english_alone_keeps_every_translation() -> None:
    found = joined(MAIN, bundled())
    assert (found.missed, found.completed) == ((), OTHERS)
    new = parse_protocol(found.text, "clinic.toml")
    assert dict(new.patient_words()) == dict(bundled().patient_words())
    assert new.protocol.languages == bundled().protocol.languages


@pytest.mark.hazard("H42")
def test_a_text_that_changed_takes_no_translation_of_what_it_said_before() -> None:
    found = joined(REWORDED, bundled())
    why = "questions.redness: its text has changed"
    assert [one.split(",")[0] for one in found.missed] == [
        f"translations › {language} › {why}" for language in OTHERS
    ]
    assert 'without = ["ar"] under [protocol]' in found.missed[0]
    new = parse_protocol(found.text, "clinic.toml").question_by_id["redness"]
    assert new.text == {"en": "Is the treated skin red?"}
    assert new.options[0].label == bundled().question_by_id["redness"].options[0].label
    assert found.text.count("# text = to be written: its text has changed") == len(OTHERS)


@pytest.mark.hazard("H42")
def test_a_new_text_is_missed_in_every_language() -> None:
    found = joined(f'{MAIN}\n[areas.elbow]\nen = "elbow"\n', bundled())
    assert len(found.missed) == len(OTHERS)
    assert "areas.elbow: its text is new" in found.missed[0]


def test_one_translation_that_was_written_is_put_to_those_that_are_kept() -> None:
    own = '[translations.es.questions.redness]\ntext = "¿Está roja la piel?"\n'
    found = joined(f"{REWORDED}\n{own}", bundled())
    assert not any("› es ›" in one for one in found.missed)
    new = parse_protocol(found.text, "clinic.toml")
    assert new.question_by_id["redness"].text["es"] == "¿Está roja la piel?"
    assert new.buttons["yes"]["es"] == "Sí"


def test_a_language_is_left_out_only_where_the_file_says_so() -> None:
    text = REWORDED.replace("[protocol]", '[protocol]\nwithout = ["ar", "pt", "ru", "zh"]', 1)
    found = joined(text, bundled())
    assert found.completed == ("es",)
    assert [one[:17] for one in found.missed] == ["translations › es"]


def test_a_file_with_all_its_translations_is_left_as_it_is() -> None:
    text = joined(MAIN, bundled()).text
    assert joined(text, bundled()) == (text, (), ())
    assert list(stale(parse_protocol(text, "x"), bundled())) == []


@pytest.mark.hazard("H42")
def test_a_translation_that_stayed_while_its_text_changed_is_named() -> None:
    text = joined(MAIN, bundled()).text.replace(RED, "Is the treated skin red?", 1)
    assert joined(text, bundled()).missed == ()
    [said] = stale(parse_protocol(text, "x"), bundled())
    assert said.startswith("questions.redness: its text has changed, and its translation has not")
    assert all(language in said for language in OTHERS)


@pytest.mark.hazard("H42")
def test_a_review_is_kept_with_the_very_texts_that_were_reviewed() -> None:
    signature = (f'reviewed_by = "Carmen Ruiz"\nreviewed_on = 2026-12-01\n'
                 f'reviewed_texts = "{digest(bundled(), "es")}"')  # fmt: skip
    spanish = SPANISH.replace('reviewed_by = ""\nreviewed_texts = ""', signature, 1)
    old = parse_protocol(f"{MAIN}\n{spanish}", "clinic.toml")
    same = parse_protocol(joined(MAIN, old).text, "clinic.toml")
    assert same.translations == old.translations
    changed = parse_protocol(joined(REWORDED, old).text, "clinic.toml")
    assert changed.translations["es"].reviewed_by == ""


def test_a_file_that_is_no_protocol_is_refused_as_ever() -> None:
    with pytest.raises(ProtocolError, match="not valid TOML"):
        joined("this is none", bundled())


def test_translations_that_cannot_be_told_from_the_rest_are_refused() -> None:
    """A line of a text that looks like a table's head would be cut off with its table."""
    own = '[translations.es.texts]\nhead = """\n[protocol2]\nx = 1"""\n'
    with pytest.raises(ProtocolError):
        joined(f"{MAIN}\n{own}", bundled())
