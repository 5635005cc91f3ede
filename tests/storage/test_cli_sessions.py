"""At the desk's terminal: whose next session is to be booked."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
import typer
from typer.testing import CliRunner, Result

from bot import cli_sessions
from flows.engine.record import Patient, Record, Visit
from flows.protocol_file import bundled, bundled_text
from flows.schedule import Session
from storage import clinic, saving
from storage.opening import open_database
from storage.sealing import Keyring, clinic_key, new_key_text
from storage.transaction import Query, Transaction
from storage.vault import Vault

app = typer.Typer()
app.add_typer(cli_sessions.app, name="sessions")


@pytest.fixture
def shell(url, monkeypatch, tmp_path):
    """A terminal with the clinic's settings, and Anna's last session thirty days ago."""
    monkeypatch.chdir(tmp_path)
    key = new_key_text()
    for name, value in {
        "DATABASE_URL": url, "ENCRYPTION_KEY": key, "CLINIC_TIMEZONE": "Europe/Berlin",
        "TELEGRAM_BOT_TOKEN": "", "TELEGRAM_API_URL": "http://127.0.0.1:1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    def run(*words: str) -> Result:
        result = CliRunner().invoke(app, words)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    on(url, lambda: was_there(Keyring.from_text(key)))
    return run


def on(url, make):
    """Run a transaction on a database."""

    async def run():
        database = await open_database(url)
        try:
            return await database.run(make)
        finally:
            await database.close()

    return asyncio.run(run())


def was_there(keys: Keyring) -> Transaction[None]:
    """Let Anna be looked after since a session thirty days ago."""
    vault = Vault(keys, (yield from clinic_key(keys)))
    now = datetime.now(UTC)
    ended = now - timedelta(days=30)
    session = Session(1, "inj_skin", ended, ended, "Europe/Berlin", "face")
    patient = Patient("A7K2", bundled().name, "active", "en", "Europe/Berlin")
    yield from saving.new_case(vault.keys, Record(patient, (Visit(session),)), now)
    yield from clinic.keep_protocol(bundled().name, bundled_text(), now)


def test_the_desk_reads_whom_to_call(shell, url) -> None:
    said = shell("sessions", "due")
    assert said.exit_code == 0
    assert said.stdout.startswith("Due now:\nA7K2 · session 2 of 3 to 4 · ")
    [row] = on(url, looked)
    assert row["action"] == "due"


def test_a_program_reads_a_line_a_case(shell) -> None:
    [line] = shell("sessions", "due", "--json").stdout.splitlines()
    one = json.loads(line)
    assert (one["case"], one["session"], one["window"]) == ("A7K2", 2, "due")


def test_without_the_key_it_says_what_to_set(shell, monkeypatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEY", "")
    said = shell("sessions", "due")
    assert said.exit_code == 2
    assert "ENCRYPTION_KEY is missing" in said.stderr


def looked() -> Transaction[list]:
    return list((yield Query("SELECT action FROM action WHERE action = 'due'")))
