"""The way back in: whoever runs the bot changes the roster at the command line, beside it."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from pseudo_language import PSEUDO, outside, write_pseudo_language
from test_cli_enrol import on, rows
from typer.testing import CliRunner, Result

from bot.cli_roster import app
from flows import staff_language
from flows.escalation import StaffMember
from flows.rota import Shift
from storage import clinic, outbox, rota, second_channels
from storage.sealing import Keyring, clinic_key, new_key_text
from storage.vault import Vault

BEN, ALMA = StaffMember(5001, "Ben", "nurse"), StaffMember(5005, "Alma", "admin")
GROUP = -100_500


@pytest.fixture
def shell(url, tmp_path, monkeypatch):
    """A terminal with the clinic's settings in its environment; Ben and Alma are on the roster."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATABASE_URL": url, "ENCRYPTION_KEY": new_key_text(), "STAFF_CHAT_ID": str(GROUP),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    now = datetime.now(UTC)
    for one in (BEN, ALMA):
        on(url, lambda one=one: clinic.join(one, now))

    def run(*words: str) -> Result:
        result = CliRunner().invoke(app, words)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def roster(url) -> dict[str, str]:
    """Return who is on the roster, by name their role."""
    return {one.name: one.role for one in on(url, clinic.roster) if one.on_roster}


def test_it_lists_who_is_on_the_roster_with_their_numbers(shell) -> None:
    result = shell("show")
    assert result.exit_code == 0
    assert "5001  Ben, nurse: has not pressed Start" in result.stdout
    assert "5005  Alma, admin" in result.stdout


@pytest.mark.hazard("H31")
def test_alma_the_only_admin_is_taken_off_and_ben_becomes_one(shell, url) -> None:
    result = shell("remove", "5005")
    assert result.stdout == "Alma is off the roster. Nobody is an admin now.\n"
    assert roster(url) == {"Ben": "nurse"}
    result = shell("role", "5001", "admin")
    assert result.stdout == "Ben is admin now, and was nurse.\n"
    assert roster(url) == {"Ben": "admin"}


@pytest.mark.hazard("H31")
def test_ben_who_becomes_an_auditor_is_not_on_call_any_more(shell, url) -> None:
    now = datetime.now(UTC)
    bens = Shift(BEN.id, now - timedelta(hours=1), now + timedelta(hours=11))
    on(url, lambda: rota.put(bens, now))
    assert shell("role", "5001", "auditor").stdout == "Ben is auditor now, and was nurse.\n"
    assert on(url, lambda: rota.rota(now)) == ()
    assert len(rows(url, "SELECT * FROM outbox")) == 2, "the role, and that nobody is on call"


def test_an_admin_comes_from_nowhere_and_the_staff_chat_hears_of_it(shell, url) -> None:
    result = shell("add", "5009", "Dora")
    assert result.exit_code == 0
    assert result.stdout.startswith("Dora is on the roster as admin. They press Start")
    assert roster(url)["Dora"] == "admin"
    [told] = rows(url, "SELECT chat_id FROM outbox")
    assert told["chat_id"] == GROUP


def test_what_is_done_stands_in_the_trail(shell, url) -> None:
    shell("remove", "5001")
    [row] = rows(url, "SELECT actor, action, detail FROM action WHERE action = 'roster_change'")
    assert tuple(row) == (None, "roster_change", "Ben off the roster")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("remove", "77"), "Nobody on the roster has the number 77"),
        (("role", "77", "nurse"), "Nobody on the roster has the number 77"),
        (("role", "5001", "boss"), "«boss» is no role. Roles are nurse, doctor, admin, auditor."),
        (("add", "5001", "Ben"), "Ben is on the roster already, as nurse."),
        (("add", "5009", "Ben"), "Ben is on the roster already. Use a name"),
        (("add", "5009", "Dora", "boss"), "«boss» is no role."),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(shell, url, words, said) -> None:
    before = roster(url)
    result = shell(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert roster(url) == before


def test_without_the_staff_chats_number_nothing_is_changed(shell, url, monkeypatch) -> None:
    monkeypatch.setenv("STAFF_CHAT_ID", "0")
    result = shell("remove", "5001")
    assert result.exit_code == 2
    assert "STAFF_CHAT_ID is missing" in result.stderr
    assert "Ben" in roster(url)


# Somebody's second channel


def channel_of_ben(url, text: str):
    key = on(url, lambda: clinic_key(Keyring.from_text(text)))
    return on(url, lambda: second_channels.of(key, BEN.id))


@pytest.mark.hazard("H53")
def test_bens_second_channel_is_set_and_confirmed_by_its_code(shell, url, monkeypatch) -> None:
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:9")
    result = shell("channel", "5001", "ben@example.org")
    assert result.stdout.startswith("A code is on its way to the e-mail b…@example.org.")
    assert (
        "Ben, nurse: has not pressed Start, ⚠️ second channel not confirmed" in shell("show").stdout
    )
    code = channel_of_ben(url, os.environ["ENCRYPTION_KEY"]).code
    assert shell("confirm", "5001", "AAAAAAAA").stdout.startswith("That is not the code.")
    assert shell("confirm", "5001", code).stdout == "Ben's second channel is confirmed.\n"
    assert "second channel confirmed" in shell("show").stdout
    trail = rows(url, "SELECT detail FROM action WHERE action = 'roster_change' ORDER BY id")
    assert [row["detail"] for row in trail] == [
        "Ben's second channel is an e-mail, not confirmed yet (by the command line).",
        "Ben's second channel is confirmed (by the command line).",
    ]
    assert shell("channel", "5001", "off").stdout.startswith("Ben has no second channel now")
    assert shell("confirm", "5001", code).stdout.startswith("There is no code that works")


def test_a_service_on_this_machine_may_be_bens_here(shell) -> None:
    result = shell("channel", "5001", "http://127.0.0.1:8099/ben")
    assert result.stdout.startswith("A code is on its way to the web address at 127.0.0.1.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("5001", "ben"), "«ben» is no e-mail and no https address."),
        (("5001", "ben@example.org"), "No e-mail can be sent from here"),
        (("4711", "https://example.org"), "Nobody on the roster has the number 4711"),
    ],
)
def test_a_second_channel_that_cannot_be_is_refused(shell, words, said) -> None:
    result = shell("channel", *words)
    assert result.exit_code != 0
    assert said in result.stderr


def sent(url) -> list[str]:
    """Return the texts of messages that wait."""
    keyring = Keyring.from_text(os.environ["ENCRYPTION_KEY"])
    waiting = rows(url, "SELECT dedup_key, body FROM outbox")

    def opened():
        vault = Vault(keyring, (yield from clinic_key(keyring)))
        found = []
        for row in waiting:
            place = outbox.place_of(row["dedup_key"])
            body = yield from vault.open(None, bytes(row["body"]), place)
            found.append(json.loads(body)["text"])
        return found

    return on(url, opened)


def test_staff_read_in_their_language_what_a_terminal_in_english_does(
    shell, url, tmp_path, monkeypatch
) -> None:
    write_pseudo_language(tmp_path)
    monkeypatch.setattr(staff_language, "CATALOGUES", tmp_path)
    monkeypatch.setenv("STAFF_LANGUAGE", PSEUDO)
    assert shell("add", "5009", "Dora").stdout.startswith("Dora is on the roster as admin. They")
    assert shell("role", "5009", "nurse").stdout == "Dora is nurse now, and was admin.\n"
    assert shell("remove", "5001").stdout == "Ben is off the roster.\n"
    assert shell("channel", "5009", "off").stdout.startswith("Dora has no second channel now")
    texts = sent(url)
    assert len(texts) == 4
    assert [outside(text).strip() for text in texts] == [""] * 4
    told = [row["detail"] for row in rows(url, "SELECT detail FROM action")]
    assert "Dora is nurse now, and was admin (by the command line)." in told
