"""What a patient has a right to: everything about Anna, nothing about anybody else, readable."""

import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from cared_for import BERTA, about_anna, clinic_at, opened, rows, terminal, wrapped_key
from cared_for import TABLES as TABLES_HELD
from clinic_history import BEN, KEYRING
from typer.testing import CliRunner

from bot.cli import app
from bot.export.everything import COPIES, as_json, document
from bot.export.pdf import FONTS, NoTypesetterError, can_set, pdf, printable
from storage.sealing import DataKey
from storage.whole_case import TABLES

MADE = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.fixture
def stored(url, tmp_path, monkeypatch) -> str:
    """The address of a database with Anna's case and Berta's."""
    clinic_at(url, tmp_path, monkeypatch)
    return url


def leaves(value: object) -> set[str]:
    """Return every text and number of a document."""
    if isinstance(value, dict):
        return {leaf for one in value.values() for leaf in leaves(one)}
    if isinstance(value, list):
        return {leaf for one in value for leaf in leaves(one)}
    return {str(value)}


def opened_by(url: str, key: DataKey) -> list[object]:
    """Return all that a patient's key opens, wherever it stands."""
    found: list[object] = []
    for table in TABLES_HELD:
        for row in rows(url, f"SELECT * FROM {table}"):  # noqa: S608 - a name from TABLES_HELD
            values = dict(zip(row.keys(), row, strict=True))
            plain = values.get("body") and opened(key, bytes(values["body"]), table, values)
            if plain and table == "photo":
                found.append(b64encode(plain.encode()).decode())
            elif plain:
                found.append(json.loads(plain))
    return found


def test_annas_file_holds_every_word_that_her_key_opens_and_nothing_of_berta(stored) -> None:
    whole, _ = document(stored, KEYRING, "A7K2", "Clinic Sunrise", MADE)
    found = leaves(json.loads(as_json(whole)))
    assert "Anna Secret" in found
    sealed = opened_by(stored, KEYRING.unwrap(wrapped_key(stored)))
    assert len(sealed) > 10
    for one in sealed:
        assert leaves(one) - {str(BEN.id)} <= found, one
    text = json.dumps(whole)
    assert about_anna(text.replace('"', "'"))
    assert "B2B2" not in text
    assert str(BERTA) not in text


def test_the_names_of_its_keys_are_those_that_are_promised(stored) -> None:
    whole, _ = document(stored, KEYRING, "A7K2", "Clinic Sunrise", MADE)
    assert list(whole) == ["format", "case", "clinic", "made_at", *(one.name for one in TABLES)]
    assert whole["format"] == "aftercheck.case/1"
    assert set(whole["check_ins"][0]) == {
        "key", "session", "purpose", "hours", "due_at", "state", "reason", "sent_at",
        "completed_at", "level", "message_id", "content",
    }  # fmt: skip
    assert whole["alerts"][0]["claimed_by"] == "Ben"


def test_of_an_erased_patient_times_are_left_and_no_word(stored) -> None:
    assert terminal("erase", "A7K2", "--yes", "--even-with-open-alerts").exit_code == 0
    whole, saying = document(stored, KEYRING, "A7K2", "Clinic Sunrise", MADE)
    assert all(one["content"] is None for one in whole["messages"])
    assert "Anna Secret" not in json.dumps(whole)
    if can_set():
        draw_up, set_down = COPIES["pdf"]
        assert set_down(draw_up(whole, saying)).startswith(b"%PDF")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("file_format", ["json", "pdf"])
def test_the_command_writes_it_for_its_owner_only(tmp_path, file_format) -> None:
    target = tmp_path / f"a7k2.{file_format}"
    words = ["export", "--case", "a7k2", "--format", file_format, "-o", str(target)]
    result = CliRunner().invoke(app, words)
    assert (result.exit_code, result.output) == (0, f"Everything about A7K2 in {target}\n")
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.read_bytes().startswith(b"%PDF" if file_format == "pdf" else b"{")


def test_what_typst_would_take_for_its_own_language_is_only_text() -> None:
    hostile = [
        "#panic()",
        "$ x",
        "*b* _i_",
        "`",
        "\\",
        "]",
        "= Heading",
        "\x00\x1b[31m",
        "\u202eevil",
    ]
    hostile += ["x" * 5_000, "漢" * 500, "ب" * 500, "\ud800", "😀", "a\u0301" * 99]
    content = {
        "title": "t", "lead": "l", "foot": "f", "facts": [("a", one) for one in hostile],
        "sections": [{"title": one, "none": "n", "entries": [{"title": one, "rows": []}]}
                     for one in hostile],
    }  # fmt: skip
    assert pdf(content).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Größe", "Größe"), ("38,6 °C", "38,6 °C"), ("😀", "[grinning face]"),
        ("a\u202eb", "ab"), ("\x1b[31m", "[31m"), ("\ud800", "\ufffd"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)  # fmt: skip
def test_a_sign_is_printed_as_itself_or_by_its_name(text, there) -> None:
    assert printable(text) == there


@pytest.mark.parametrize(
    "text", ["Größe naïve", "боль в щеке", "خدي ساخن", "我的脸很红", "ελληνικά"]
)
def test_its_letters_have_a_shape_in_the_fonts_that_come_with_it(text, monkeypatch) -> None:
    with_font = pdf(page(text))
    monkeypatch.setattr("bot.export.pdf.fonts", tuple)
    assert len(with_font) > len(pdf(page("-"))) + 1_000, "its letters are embedded"


def page(text: str) -> object:
    """Return the smallest report."""
    return {"title": text, "lead": "", "foot": "", "facts": [], "sections": []}


def test_without_typst_it_is_said_how_to_get_it(monkeypatch) -> None:
    monkeypatch.setattr("bot.export.pdf.FONTS", (*FONTS, "no_such_font"))
    with pytest.raises(NoTypesetterError, match=r"pip install 'aftercheck\[pdf\]'"):
        pdf(page("x"))
