"""Who did what is a chain: it shows every later change, and erasing does not break it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from cared_for import ANNA, WORDS, clinic_at, close_alerts, on, rows
from clinic_history import ENDED, KEY, KEYRING
from typer.testing import CliRunner

from bench.reliability.tampering import (
    COLUMNS,
    Attack,
    UndoneError,
    attacked,
    attacks,
    cut_with_its_head,
    filled,
)
from bot.cli import app
from flows.engine.events import Did
from storage import audit, audit_check
from storage.audit import AuditKey, Head
from storage.audit_check import KnownHeadError, known_head, verify_tail
from storage.sealing import clinic_key, new_key_text
from storage.transaction import Query

NUMBER = 120
"""Rows of a trail; the figure of docs/reliability.md is made with 10,000."""

BEN = Did(5001, "Ben", "claim", "A7K2-1", "took it")


async def written(database, count: int = NUMBER) -> tuple[AuditKey, Head]:
    key = AuditKey(await database.run(lambda: clinic_key(KEYRING)))
    return key, await database.run(lambda: filled(key, count))


async def found(database, key: AuditKey, attack: Attack, known: Head | None = None) -> list[str]:
    """Return what is found after an attack, which is undone."""
    with pytest.raises(UndoneError) as undone:
        await database.run(lambda: attacked(key, attack, known))
    return [str(fault) for fault in undone.value.faults]


async def test_a_trail_that_nobody_touched_verifies(database) -> None:
    key, head = await written(database)
    assert await found(database, key, Attack("nothing", ()), head) == []
    assert await database.read(lambda: verify_tail(key, 10)) == []


async def test_whatever_is_changed_deleted_or_moved_is_found(database) -> None:
    key, head = await written(database)
    kinds = set()
    for attack in attacks(head.seq, len(COLUMNS), Random(4)):  # noqa: S311 - repeatable
        assert await found(database, key, attack), attack
        kinds.add(attack.kind)
    assert len(kinds) == len(COLUMNS) + 6


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE action SET name = 'Zoe' WHERE seq = 7", ["row 7: who did it was changed."]),
        ("UPDATE action SET detail = 'x' WHERE seq = 7", ["row 7: its detail was changed."]),
        ("DELETE FROM action WHERE seq = 7", ["row 7: is missing: it was deleted."]),
        ("DELETE FROM action WHERE seq IN (7, 8)",
         ["row 7: and all up to 8 are missing: they were deleted."]),
        ("DELETE FROM action WHERE seq > 100",
         ["row 101: and all up to 121 are missing: the end was cut off."]),
        ("UPDATE action SET code = 'B2B2' WHERE seq = 7",
         ["row 7: was changed, moved or put in: its code does not fit what it says."]),
        ("UPDATE action SET seq = NULL WHERE seq = 121",
         ["row 121: and all up to 121 are missing: the end was cut off.",
          "1 row(s) stand outside the trail: they were put in."]),
        ("UPDATE meta SET value = '5:aa:bb' WHERE key = 'audit_head'",
         ["The trail's head was changed or taken away: rows at its end may be too."]),
        ("DELETE FROM meta WHERE key = 'audit_head'",
         ["The trail's head was changed or taken away: rows at its end may be too."]),
    ],
)  # fmt: skip
async def test_it_is_said_which_row_it_is(database, statement, said) -> None:
    key, _ = await written(database)
    assert await found(database, key, Attack("one", (Query(statement),))) == said


async def test_a_trail_cut_off_with_its_head_does_not_reach_a_head_that_was_kept(database) -> None:
    key, head = await written(database)
    macs = await database.read(all_heads)
    attack = cut_with_its_head(key, macs, 100)
    assert await found(database, key, attack) == []
    assert "row 101: and all up to 121 are missing" in (await found(database, key, attack, head))[0]


def all_heads():
    found = yield Query("SELECT seq, mac FROM action ORDER BY seq")
    return [Head(row["seq"], bytes(row["mac"])) for row in found]


async def test_rows_of_before_are_taken_over_once_as_they_stand(database) -> None:
    def before():
        yield Query(
            "INSERT INTO action (at, actor, name, action, allowed, detail) VALUES"
            " ('2026-01-01T00:00:00.000000', 5001, 'Ben', 'claim', 1, 'long ago')"
        )

    await database.run(before)
    key, head = await written(database, 3)
    begun = await database.read(lambda: one_row(2))
    assert (begun["action"], begun["detail"]) == ("audit_begun", "1 earlier rows were taken over")
    assert head.seq == 5
    assert await found(database, key, Attack("nothing", ())) == []
    await database.run(before)  # one that is planted later is not taken over
    assert await found(database, key, Attack("nothing", ())) == [
        "1 row(s) stand outside the trail: they were put in."
    ]


def one_row(seq: int):
    return (yield Query("SELECT * FROM action WHERE seq = :seq", {"seq": seq}))[0]


async def test_an_act_is_written_although_the_head_is_broken_and_that_stays_said(database) -> None:
    key, _ = await written(database, 9)

    def cut():
        yield Query("DELETE FROM action WHERE seq > 6")
        yield Query("UPDATE meta SET value = 'gone' WHERE key = 'audit_head'")

    await database.run(cut)
    await database.run(lambda: audit.did(key, "A7K2", BEN, ENDED))
    [said] = await found(database, key, Attack("nothing", ()))
    assert said == "row 7: the head was found changed here; rows before this may be missing."
    row = await database.read(lambda: one_row(8))
    assert (row["name"], row["action"]) == ("Ben", "claim")


async def test_two_who_act_at_once_stand_in_line(database) -> None:
    key, _ = await written(database, 2)
    act = replace(BEN, action="contacted")
    await asyncio.gather(*(
        database.run(lambda: audit.did(key, "A7K2", act, ENDED)) for _ in range(30)
    ))  # fmt: skip
    assert await found(database, key, Attack("nothing", ())) == []


async def test_an_act_whose_transaction_fails_leaves_no_row(database) -> None:
    key, head = await written(database, 2)

    def fails():
        yield from audit.did(key, "A7K2", BEN, ENDED)
        raise KeyError

    with pytest.raises(KeyError):
        await database.run(fails)
    assert await database.read(lambda: audit_check.head_now(key)) == str(head)


async def test_the_last_rows_can_be_looked_at_alone(database) -> None:
    key, head = await written(database)

    async def tail_after(statement: str) -> list[str]:
        def attack():
            yield Query(statement)
            raise UndoneError((yield from verify_tail(key, 20)))

        with pytest.raises(UndoneError) as undone:
            await database.run(attack)
        return [str(fault) for fault in undone.value.faults]

    assert await tail_after("DELETE FROM action WHERE seq = 121")
    assert await tail_after("UPDATE action SET action = 'x' WHERE seq = 110")
    assert await tail_after("UPDATE action SET action = 'x' WHERE seq = 30") == []
    assert head.seq == 121


@pytest.mark.parametrize("text", ["", "7", "7:", "7:zz", "x:aabbccdd", "7:aabb", "-1:aabbccdd"])
def test_a_head_that_makes_no_sense_is_refused(text) -> None:
    with pytest.raises(KnownHeadError):
        known_head(text)


# At the command line


@pytest.fixture
def cared(url, tmp_path, monkeypatch):
    """A clinic with Anna and Berta, some acts, and its settings."""
    clinic_at(url, tmp_path, monkeypatch)
    return url


def run(*words: str, given: str = ""):
    result = CliRunner().invoke(app, words, input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_erasing_anna_keeps_the_trail_whole_and_says_nothing_of_her(cared) -> None:
    close_alerts(cared)
    assert run("audit", "verify").exit_code == 0
    assert run("erase", "A7K2", "--yes").exit_code == 0
    kept = "\n".join(str(tuple(row)) for row in rows(cared, "SELECT * FROM action"))
    assert str(ANNA) not in kept
    assert f"A7K2-1: {WORDS}" not in kept
    result = run("audit", "verify")
    assert (result.exit_code, "none changed" in result.stdout) == (0, True), result.output
    assert run("erase", "A7K2", "--yes").exit_code == 0
    assert run("audit", "verify").exit_code == 0


def test_a_name_emptied_as_if_erased_is_found_where_nobody_was(cared) -> None:
    close_alerts(cared)
    assert run("erase", "A7K2", "--yes").exit_code == 0
    rows(cared, "UPDATE action SET actor = NULL, name = 'somebody', "
                "who_mark = substr(who_mark, 17) WHERE action = 'raised' AND code = 'B2B2' "
                "RETURNING id")  # fmt: skip
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "who did it was emptied, and no erasing explains it" in result.stdout


@pytest.mark.usefixtures("cared")
def test_the_key_may_be_rotated(monkeypatch) -> None:
    head = run("audit", "head").stdout.strip()
    new = new_key_text()
    monkeypatch.setenv("ENCRYPTION_KEY", f"{new},{KEY}")
    assert run("keys", "rotate").exit_code == 0
    monkeypatch.setenv("ENCRYPTION_KEY", new)
    assert run("audit", "verify", "--head", head).exit_code == 0
    assert "keys_rotate 3 of 3 keys" in run("audit", "show").stdout


def test_a_fault_is_named_with_what_to_do(cared) -> None:
    rows(cared, "UPDATE action SET allowed = 1 WHERE allowed = 0 RETURNING id")
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "was changed, moved or put in" in result.stdout
    assert "compare it with your backups" in result.stderr


@pytest.mark.usefixtures("cared")
def test_a_head_of_later_says_that_an_older_backup_was_restored() -> None:
    result = run("audit", "verify", "--head", "999:aabbccddeeff0011")
    assert result.exit_code == 1
    assert "or a backup was restored" in result.stdout
    assert run("audit", "verify", "--head", "soon").exit_code == 2


@pytest.mark.usefixtures("cared")
def test_what_is_done_at_the_command_line_names_who_sits_there(tmp_path) -> None:
    assert run("export", "-o", str(tmp_path / "all.csv"), "--case", "A7K2").exit_code == 0
    assert run("audit", "show", "--case", "a7k2").exit_code == 0
    lines = run("audit", "show", "--case", "A7K2", "--last", "3").stdout.splitlines()
    assert "command line (" in lines[0]
    assert lines[0].endswith("export A7K2 answer")
    assert [line.split(": ")[1] for line in lines[1:]] == [
        "audit A7K2 the last 50", "audit A7K2 the last 3",
    ]  # fmt: skip


@pytest.mark.usefixtures("cared")
def test_the_wrong_key_is_said(monkeypatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEY", new_key_text())
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "Add the key that was used before" in result.stderr


def test_anna_in_another_case_is_no_reason_to_empty_a_row(cared) -> None:
    on(cared, lambda: empties("B2B2"))
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "its detail was emptied, and no erasing of B2B2 explains it" in result.stdout


def empties(code: str):
    yield Query("UPDATE action SET detail = '', detail_mark = substr(detail_mark, 17) "
                "WHERE code = :code AND length(detail_mark) > 32", {"code": code})  # fmt: skip


def test_time_is_of_no_matter(cared) -> None:
    key = AuditKey(on(cared, lambda: clinic_key(KEYRING)))
    on(cared, lambda: audit.did(key, None, BEN, ENDED - timedelta(days=400)))
    assert run("audit", "verify").exit_code == 0
