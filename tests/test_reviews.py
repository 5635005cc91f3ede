"""A native speaker signs phrases and labels as well: each file for the texts that stand in it."""

import pytest
from signed_files import copies
from typer.testing import CliRunner

import flows.engine.phrases as words
from bot.cli import app
from bot.export.wording import review, wording
from flows.engine.phrases import is_reviewed
from flows.protocol_file import bundled
from flows.tables import Translation
from flows.translations import digest


@pytest.fixture
def files(tmp_path):
    """Copies of the phrases and the labels."""
    with copies(tmp_path) as found:
        yield found


SIGNED = bundled().model_copy(
    update={"translations": {"es": Translation(reviewed_by="Carmen Ruiz")}}
)
UNREVIEWED = "sin revisar"


def said(*arguments: str) -> str:
    """What `aftercheck languages` says."""
    result = CliRunner().invoke(app, ["languages", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.hazard("H42")
@pytest.mark.parametrize("language", ["es", "en"])
def test_signed_phrases_count_until_a_text_changes_in_either_language(files, language) -> None:
    assert not is_reviewed("es")
    files.sign("phrases")
    assert is_reviewed("es")
    assert not is_reviewed("ru")
    files.change("phrases", language, "^settings_done = .*", 'settings_done = "Otra cosa"')
    assert not is_reviewed("es")


@pytest.mark.parametrize("language", ["es", "en"])
def test_signed_labels_count_until_a_text_changes_in_either_language(files, language) -> None:
    files.sign("labels")
    found = review("es")
    assert found is not None
    assert found.counts
    files.change("labels", language, "^visits = .*", 'visits = "Otra cosa"')
    changed = review("es")
    assert changed is not None
    assert not changed.counts
    assert changed.by == "Carmen Ruiz"


def test_a_signature_without_its_texts_does_not_count(files) -> None:
    files.change("phrases", "es", '^reviewed_by = ""', 'reviewed_by = "Carmen Ruiz"')
    assert not is_reviewed("es")


def test_what_a_signature_says_is_no_phrase(files) -> None:
    files.sign("phrases")
    assert words.ABOUT[0] not in words.phrases("es")
    assert words.phrases("es").keys() >= words.phrases("en").keys()


def test_english_and_a_language_without_phrases_need_no_review() -> None:
    assert is_reviewed("en")
    assert is_reviewed("fr")
    assert review("en") is None


@pytest.mark.hazard("H42")
def test_a_copy_is_clean_once_labels_phrases_and_each_protocol_are_signed(files) -> None:
    files.sign("labels")
    assert UNREVIEWED in wording("es").notes([SIGNED])
    files.sign("phrases")
    assert UNREVIEWED not in wording("es").notes([SIGNED, SIGNED])
    assert wording("es").notes([SIGNED]).strip() == wording("es").say("note")
    assert UNREVIEWED in wording("es").notes([SIGNED, bundled()])
    assert UNREVIEWED in wording("es").notes([SIGNED, None])
    files.change("labels", "es", "^visits = .*", 'visits = "Otra cosa"')
    assert UNREVIEWED in wording("es").notes([SIGNED])
    assert wording("en").notes([bundled()]) == ""


def test_the_command_says_how_to_sign_and_who_has(files) -> None:
    now = words.review("es")
    assert now is not None
    line = f'flows/phrases/es.toml: not reviewed; once it is: reviewed_texts = "{now.now}"'
    assert line in said().splitlines()
    assert digest(bundled(), "es") in said()
    files.sign("phrases")
    files.change("phrases", "es", "^reviewed_texts", "reviewed_on = 2026-12-01\nreviewed_texts")
    assert "flows/phrases/es.toml: reviewed by Carmen Ruiz on 2026-12-01" in said().splitlines()
    files.change("phrases", "es", "^settings_done = .*", 'settings_done = "Otra cosa"')
    assert "flows/phrases/es.toml: texts have changed since Carmen Ruiz reviewed them" in said()


def test_the_command_reads_a_clinics_own_protocol_and_says_what_is_wrong_with_it(tmp_path) -> None:
    result = CliRunner().invoke(app, ["languages", "--protocol", str(tmp_path / "none.toml")])
    assert result.exit_code == 2
    assert "none.toml" in result.output
