"""Anna is erased: nothing of what she said is left to read, nobody is lost, and Berta stays."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from cared_for import (
    ANNA,
    NOW,
    WORDS,
    about_anna,
    clinic_at,
    close_alerts,
    filled,
    on,
    readable,
    rows,
    terminal,
    wrapped_key,
)
from clinic_history import KEY, KEYRING
from one_engine import file_of, on_postgres, on_sqlite

from bot.export.writing import Options, write_csv
from bot.terminal_user import terminal_name
from storage import cards, inbox, journal, outbox, records
from storage.inbox import Arrived
from storage.outbox_choice import Terms
from storage.sealing import SealError, clinic_key
from storage.sqlite import connect
from storage.transaction import Transaction
from storage.vault import Vault

TRACE = "a row that was changed long ago"


@pytest.fixture
def clinic_of(url, tmp_path, monkeypatch):
    """A database with Anna and Berta, and the clinic's settings in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("ENCRYPTION_KEY", KEY)
    filled(url)
    return url


@pytest.fixture
def cared(clinic_of):
    """The same, with Anna's alert closed."""
    close_alerts(clinic_of)
    return clinic_of


def test_before_anna_is_erased_she_can_be_read_everywhere(cared) -> None:
    text = readable(cared)
    assert len(about_anna(text)) >= 12
    assert text.count(WORDS) >= 14


def test_nothing_of_what_anna_said_can_be_read(cared) -> None:
    assert terminal("erase", "a7k2", "--yes").exit_code == 0
    assert about_anna(readable(cared)) == []


def test_not_even_with_her_key_out_of_an_older_backup(cared) -> None:
    kept = wrapped_key(cared)
    assert terminal("erase", "A7K2", "--yes").exit_code == 0
    assert wrapped_key(cared) == b""
    assert about_anna(readable(cared, kept)) == []


@on_sqlite
def test_neither_the_file_nor_its_journal_keeps_an_earlier_version(cared) -> None:
    path = file_of(cared)
    sealed = [bytes(row[0]) for row in rows(cared, "SELECT body FROM answer WHERE code = 'A7K2'")]
    secret = [wrapped_key(cared), TRACE.encode(), *sealed]
    with closing(sqlite3.connect(path)) as running:  # a bot is there, so the journal stays
        running.execute("PRAGMA journal_mode = WAL")
        running.execute("PRAGMA secure_delete = OFF")  # as most builds of SQLite have it
        running.execute("UPDATE patient SET language = 'de'")
        running.execute("INSERT INTO meta VALUES ('an earlier version', ?)", (TRACE,))
        running.execute("DELETE FROM meta WHERE value = ?", (TRACE,))
        running.commit()
        running.execute("PRAGMA wal_checkpoint")
        assert TRACE in path.read_text("latin-1")
        assert terminal("erase", "A7K2", "--yes").exit_code == 0
        everything = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
        assert [one for one in secret if one in everything] == []


@on_postgres
def test_the_servers_table_of_keys_is_written_anew(postgres, cared) -> None:
    place = "SELECT pg_relation_filepath('patient')"
    old, key = Path(postgres.pgdata) / rows(cared, place)[0][0], wrapped_key(cared)
    rows(cared, "CHECKPOINT")
    assert key in old.read_bytes()
    assert terminal("erase", "A7K2", "--yes").exit_code == 0
    new = Path(postgres.pgdata) / rows(cared, place)[0][0]
    rows(cared, "CHECKPOINT")
    assert new != old
    assert key not in new.read_bytes()


def test_what_is_counted_stays(cared) -> None:
    def figures() -> list[list[str]]:
        texts = (
            "SELECT code, number, treatment, ended_at FROM session ORDER BY code",
            "SELECT code, check_in, revision, at, level FROM answer ORDER BY id",
            "SELECT key, level, raised_at, claimed_by, resolved_at, outcome FROM alert",
            "SELECT action, at FROM action WHERE action <> 'erase' ORDER BY id",
            "SELECT code, key, level FROM check_in WHERE state = 'complete'",
        )
        return [sorted(str(list(row)) for row in rows(cared, text)) for text in texts]

    before = figures()
    assert terminal("erase", "A7K2", "--yes").exit_code == 0
    assert figures() == before


def test_nothing_is_asked_planned_or_sent_any_more_and_each_says_why(cared) -> None:
    assert terminal("erase", "A7K2", "--yes").exit_code == 0
    waiting = rows(cared, "SELECT key, state, reason FROM due WHERE code = 'A7K2'")
    assert [list(row) for row in waiting] == [
        ["check_in:A7K2:1/check_in/120", "cancelled", "erased"]
    ]
    ended = rows(cared, "SELECT state, reason FROM outbox WHERE code = 'A7K2'")
    assert [list(row) for row in ended] == [["dropped", "erased"]] * 2
    planned = rows(cared, "SELECT key, state, reason FROM check_in WHERE code = 'A7K2'"
                          " AND key = '1/check_in/120'")  # fmt: skip
    assert [list(row) for row in planned] == [["1/check_in/120", "cancelled", "erased"]]
    assert not rows(cared, "SELECT code FROM invitation WHERE code = 'A7K2'")
    log = rows(cared, "SELECT name, action, code FROM action ORDER BY id DESC LIMIT 1")
    assert list(log[0]) == [terminal_name(), "erase", "A7K2"]


def test_berta_is_as_she_was(cared) -> None:
    texts = (
        "SELECT * FROM patient WHERE code = 'B2B2'", "SELECT * FROM due WHERE code = 'B2B2'",
        "SELECT * FROM outbox WHERE code = 'B2B2'", "SELECT * FROM message WHERE code = 'B2B2'",
        "SELECT * FROM inbox WHERE update_id IN (11, 31)",
        "SELECT * FROM photo WHERE code = 'B2B2'", "SELECT * FROM invitation WHERE code = 'B2B2'",
    )  # fmt: skip
    before = [[list(row) for row in rows(cared, text)] for text in texts]
    assert all(before)
    assert terminal("erase", "A7K2", "--yes").exit_code == 0
    assert [[list(row) for row in rows(cared, text)] for text in texts] == before


# The bot and the export go on


def test_the_bot_takes_an_erased_case_for_none(cared) -> None:
    assert terminal("erase", "A7K2", "--yes").exit_code == 0
    assert on(cared, lambda: records.of_case(KEYRING, "A7K2")) is None
    assert on(cared, lambda: records.of_chat(KEYRING, ANNA)) is None
    assert on(cared, lambda: cards.facts(KEYRING, "A7K2-1")) is None
    assert on(cared, lambda: journal.unfetched(KEYRING, 9)) == []


def test_the_sender_goes_on_past_a_message_whose_key_is_gone(cared) -> None:
    assert terminal("erase", "A7K2", "--yes").exit_code == 0
    rows(cared, "UPDATE outbox SET state = 'pending' WHERE code = 'A7K2' RETURNING id")

    def claimed() -> Transaction[list[str]]:
        key = yield from clinic_key(KEYRING)
        found = yield from outbox.claim(Terms(NOW), Vault(KEYRING, key))
        return [row.code for row in found.rows]

    assert "B2B2" in on(cared, claimed)


def test_whoever_asks_for_her_key_hears_that_it_is_gone(cared) -> None:
    assert terminal("erase", "A7K2", "--yes").exit_code == 0

    def asked() -> Transaction[object]:
        vault = Vault(KEYRING, (yield from clinic_key(KEYRING)))
        return (yield from vault.key_of("A7K2"))

    with pytest.raises(SealError, match="no key of the case A7K2: it was erased"):
        on(cared, asked)


def test_an_export_says_that_it_was_erased(cared, tmp_path) -> None:
    assert terminal("erase", "A7K2", "--yes").exit_code == 0
    file = tmp_path / "export.csv"
    with file.open("wb") as out:
        write_csv(cared, KEYRING, Options("answer", "A7K2"), out, lambda _done, _all: None)
    assert "(erased)" in file.read_text("utf-8")


# Nobody is lost by erasing


def test_an_open_alert_must_be_closed_first(clinic_of) -> None:
    result = terminal("erase", "A7K2", "--yes")
    assert (result.exit_code, result.stderr) == (
        2, "A7K2 has open alerts: A7K2-1; close them first.\n"
    )  # fmt: skip
    assert wrapped_key(clinic_of)


def test_an_unread_message_of_anna_must_be_worked_on_first(cared) -> None:
    rows(cared, "UPDATE inbox SET state = 'new' WHERE update_id = 10 RETURNING update_id")
    result = terminal("erase", "A7K2", "--yes")
    assert result.exit_code == 2
    assert "1 message(s) of A7K2 are stored and not yet worked on" in result.stderr
    assert wrapped_key(cared)


def test_with_open_alerts_only_where_it_is_said_twice(clinic_of) -> None:
    rows(clinic_of, "UPDATE inbox SET state = 'new' WHERE update_id = 10 RETURNING update_id")
    result = terminal("erase", "A7K2", "--yes", "--even-with-open-alerts")
    assert result.exit_code == 0
    assert "1 open alert(s) were closed as erased" in result.stdout
    alert = rows(clinic_of, "SELECT state, outcome FROM alert WHERE code = 'A7K2'")
    assert list(alert[0]) == ["closed", "erased"]
    assert about_anna(readable(clinic_of)) == []
    assert not rows(clinic_of, "SELECT update_id FROM inbox WHERE state = 'new'")


# At the terminal


def test_the_code_is_asked_for_again(cared) -> None:
    refused = terminal("erase", "A7K2", given="B2B2\n")
    assert (refused.exit_code, "nothing was erased" in refused.stderr) == (2, True)
    assert wrapped_key(cared)
    assert terminal("erase", "A7K2", given="a7k2\n").exit_code == 0
    assert not wrapped_key(cared)


@pytest.mark.usefixtures("cared")
def test_a_case_that_is_none() -> None:
    result = terminal("erase", "ZZ99", "--yes")
    assert (result.exit_code, "no case «ZZ99»" in result.stderr) == (2, True)


def test_a_second_time_is_harmless_and_empties_what_came_since(cared) -> None:
    assert terminal("erase", "A7K2", "--yes").exit_code == 0

    def ben_writes() -> Transaction[None]:
        key = yield from clinic_key(KEYRING)
        yield from inbox.keep(key, [Arrived(50, -1, f"A7K2 said {WORDS}".encode())], NOW)
        yield from inbox.done(50, "staff among themselves", NOW)

    on(cared, ben_writes)
    assert about_anna(readable(cared))
    again = terminal("erase", "A7K2", "--yes")
    assert again.exit_code == 0
    assert "had been erased" in again.stdout
    assert about_anna(readable(cared)) == []


@on_postgres
def test_that_the_servers_copies_and_journal_still_show_her_is_said(cared) -> None:
    result = terminal("erase", "A7K2", "--yes")
    assert about_anna(readable(cared)) == []
    assert "every copy and backup of the database" in result.stdout
    assert "the server's archived journal" in result.stdout


@on_sqlite
def test_the_copies_in_which_she_can_still_be_read_are_named(cared, tmp_path) -> None:
    path = file_of(cared)
    assert terminal("backup").exit_code == 0
    assert terminal("backup", "-o", "elsewhere.db").exit_code == 0
    (path.parent / f"{path.name}.before-0001-2026").touch()
    result = terminal("erase", "A7K2", "--yes")
    named = {line.strip() for line in result.stdout.splitlines() if line.startswith("  ")}
    assert {Path(name).name.split("-")[0] for name in named} == {
        f"{path.name}.backup", "elsewhere.db", f"{path.name}.before",
    }  # fmt: skip
    copy = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    assert about_anna(readable(copy))  # which is why they have to go


@on_sqlite
def test_a_file_that_cannot_be_rewritten_is_said(cared, monkeypatch) -> None:
    path = file_of(cared)
    monkeypatch.setattr("storage.backups.connect", partial(connect, busy_seconds=0.01))
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM meta").fetchall()
        result = terminal("erase", "A7K2", "--yes")
    assert result.exit_code == 1
    assert "Run the same command again" in result.stderr
    assert terminal("erase", "A7K2", "--yes").exit_code == 0


def test_a_record_that_the_law_keeps_is_erased_only_by_whoever_knows_better(
    url, tmp_path, monkeypatch
) -> None:
    clinic_at(url, tmp_path, monkeypatch)
    close_alerts(url)
    monkeypatch.setenv("RECORD_YEARS", "100")
    words = ("erase", "A7K2", "--yes", "--even-with-open-alerts")
    refused = terminal(*words)
    assert refused.exit_code == 2
    assert "until 2126-" in refused.output
    assert "RECORD_YEARS" in refused.output
    assert wrapped_key(url)
    assert terminal(*words, "--although-the-law-keeps-it").exit_code == 0
    assert not wrapped_key(url)
