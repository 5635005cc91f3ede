"""`aftercheck export`: what it says when it cannot, and that no half of a file is left."""

import io
import stat
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from bot.cli_export import at_present, export
from bot.export.files import order
from bot.export.writing import OptionsError, moment
from storage.migrations.upgrade import upgrade_sqlite
from storage.sealing import new_key_text

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def clinic(tmp_path, monkeypatch):
    """An empty clinic's folder, with its settings."""
    upgrade_sqlite(tmp_path / "clinic.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///clinic.db")
    monkeypatch.setenv("ENCRYPTION_KEY", new_key_text())
    monkeypatch.setenv("CLINIC_TIMEZONE", "Europe/Berlin")
    return tmp_path


def run(*words: str):
    app = typer.Typer()
    app.command()(export)
    result = CliRunner().invoke(app, ["-o", "out.csv", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_an_empty_clinic_exports_the_columns_alone_for_its_owner_only(clinic) -> None:
    result = run()
    assert (result.exit_code, result.output) == (0, "0 rows in out.csv\n")
    written = clinic / "out.csv"
    assert written.read_bytes().startswith(b"\xef\xbb\xbfcase,session,")
    assert len(written.read_text(encoding="utf-8-sig").splitlines()) == 1
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_an_empty_clinic_gets_a_workbook_with_headings_alone(clinic) -> None:
    result = run("--format", "xlsx")
    assert (result.exit_code, result.output) == (0, "2 rows in out.csv\n")
    book = openpyxl.load_workbook(io.BytesIO((clinic / "out.csv").read_bytes()))
    acts = list(book["Acts"].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in acts] == ["audit_begun", "export"]
    assert acts[1][6] == "workbook"
    assert book["Answers"].max_row == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("--format", "html"),
            "xlsx, fhir, json, pdf, copy, copy-json, adverse-event or adverse-event-json.",
        ),
        (("--format", "xlsx", "--rows", "session"), "xlsx holds every kind of row."),
        (("--format", "pdf"), "is about one case and all of it: name it with --case"),
        (("--format", "json", "--case", "A7K2", "--rows", "session"), "leave --rows, --since"),
        (("--format", "json", "--case", "zzzz"), "There is no case ZZZZ."),
        (("--alert", "A7K2-1"), "--alert is for adverse-event only."),
        (("--rows", "photo"), "--rows is one of answer, check_in, session."),
        (("--case", "zzzz"), "There is no case ZZZZ."),
        (("--since", "soon"), "«soon» is no time"),
        (("--since", "2026-11-31"), "«2026-11-31» is no time"),
        (("--since", "2026-11-02", "--until", "2026-11-01"), "--until must be later than --since."),
    ],
)
def test_what_makes_no_sense_is_said_and_leaves_the_old_file(clinic, words, sentence) -> None:
    (clinic / "out.csv").write_text("the old one")
    result = run(*words)
    assert result.exit_code == 2
    assert sentence in result.output
    assert (clinic / "out.csv").read_text() == "the old one"
    assert not (clinic / "out.csv.part").exists()


def test_a_missing_key_and_a_missing_database_are_said(clinic, monkeypatch) -> None:
    (clinic / "clinic.db").unlink()
    result = run()
    assert (result.exit_code, "cannot be opened" in result.output) == (1, True)
    monkeypatch.setenv("ENCRYPTION_KEY", "")
    result = run()
    assert (result.exit_code, "ENCRYPTION_KEY is no key" in result.output) == (2, True)


def test_a_folder_that_is_not_there_is_said(clinic) -> None:
    result = run("-o", str(clinic / "nowhere" / "out.csv"))
    assert result.exit_code == 1
    assert "cannot be written: No such file or directory." in result.output


def test_a_date_is_the_clinics_day_and_its_end_is_included() -> None:
    assert moment("2026-11-30", BERLIN) == datetime(2026, 11, 29, 23, tzinfo=UTC)
    assert moment("2026-11-30", BERLIN, ends=True) == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert moment("2026-11-30T18:00", BERLIN) == datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert moment("2026-11-30T18:00+00:00", BERLIN) == datetime(2026, 11, 30, 18, tzinfo=UTC)
    with pytest.raises(OptionsError):
        moment("2026-11-3", BERLIN)


def test_beside_the_bar_stands_how_many_cases_or_which_step() -> None:
    history, copy = order("csv", None, None, None, None), order("copy", None, "A7K2", None, None)
    assert at_present(history, 3, 8) == "3 of 8 cases"
    assert at_present(copy, 1, 3) == "drawing it up"
    assert {at_present(history, 8, 8), at_present(copy, 3, 3)} == {"putting the file together"}
