"""After a restore no patient hears anything until staff say so; staff hear everything."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from cared_for import ANNA, BERTA, GROUP, NOW, clinic_at, on, rows, terminal
from clinic_history import BEN, KEYRING
from pseudo_language import PSEUDO, outside, write_pseudo_language
from staff_office import open_desk

from bot import freezing as bot_freezing
from bot.menus import STAFF
from bot.staff import resuming
from bot.staff.asked import Asked
from bot.staff.commands import COMMANDS
from flows import staff_language
from flows.engine.permissions import LEAD, roles_of
from flows.escalation import StaffMember
from storage import clinic, due, freezing, outbox
from storage.due import DueRow
from storage.opening import open_database
from storage.outbox_choice import Terms
from storage.outbox_rows import Lane, NewRow
from storage.sealing import clinic_key
from storage.transaction import Query, Transaction
from storage.vault import Vault

CLEO = StaffMember(5002, "Cleo", "doctor")


@pytest.fixture
def cared(url, tmp_path, monkeypatch) -> str:
    """The address of a clinic with Anna and Berta, on each engine in turn."""
    clinic_at(url, tmp_path, monkeypatch)
    return url


def opened_payloads(url: str) -> list[tuple[str, dict[str, object]]]:
    """Return the dedup key and the payload of what waits under the clinic's key."""

    def find() -> Transaction[list[tuple[str, dict[str, object]]]]:
        vault = Vault(KEYRING, (yield from clinic_key(KEYRING)))
        found = []
        for row in (yield Query("SELECT * FROM outbox WHERE code IS NULL AND state = 'pending'")):
            place = outbox.place_of(row["dedup_key"])
            plain = yield from vault.open(None, bytes(row["body"]), place)
            found.append((row["dedup_key"], json.loads(plain)))
        return found

    return on(url, find)


def test_staff_are_told_what_came_back_from_when(cared) -> None:
    assert terminal("restore", "--in-place").exit_code == 0
    [(key, payload)] = opened_payloads(cared)
    assert key.startswith("frozen:")
    assert "It knows what happened up to Fri 27 Nov, 10:30" in payload["text"]
    chat = rows(cared, "SELECT chat_id, lane FROM outbox WHERE dedup_key = :key", key=key)
    assert list(chat[0]) == [GROUP, 0]


def test_staff_are_told_in_their_language_and_the_terminal_in_english(
    cared, tmp_path, monkeypatch
) -> None:
    write_pseudo_language(tmp_path)
    monkeypatch.setattr(staff_language, "CATALOGUES", tmp_path)
    monkeypatch.setenv("STAFF_LANGUAGE", PSEUDO)
    assert terminal("restore", "--in-place").stdout.startswith("Restored. It knows")
    on(cared, lambda: clinic.put("last_alive", (NOW - timedelta(hours=1)).isoformat()))
    assert terminal("resume").stdout == f"{bot_freezing.RESUMED}\n"
    told = [payload["text"] for _, payload in opened_payloads(cared)]
    assert len(told) == 2, "the restore, and the time in which nobody was heard"
    assert [re.sub(r"ANNA|BERTA", "", outside(text)).strip() for text in told] == ["", ""]


def test_staff_are_told_in_the_group_as_it_is_numbered_now(cared) -> None:
    on(cared, lambda: clinic.put("staff_chat", "-100777"))
    assert terminal("restore", "--in-place").exit_code == 0
    chat = rows(cared, "SELECT chat_id FROM outbox WHERE dedup_key LIKE 'frozen:%'")
    assert chat[0][0] == -100_777


def test_a_bot_that_runs_is_never_frozen_below_its_feet(cared) -> None:
    async def while_it_runs() -> int:
        bot = await open_database(cared, exclusive=True)
        try:
            return (await asyncio.to_thread(terminal, "restore", "--in-place")).exit_code
        finally:
            await bot.close()

    assert asyncio.run(while_it_runs()) == 1
    assert not on(cared, freezing.is_frozen)


def test_without_a_staff_chat_nothing_is_restored(cared, monkeypatch) -> None:
    monkeypatch.setenv("STAFF_CHAT_ID", "0")
    result = terminal("restore", "--in-place")
    assert (result.exit_code, "STAFF_CHAT_ID is missing" in result.stderr) == (2, True)
    assert not on(cared, freezing.is_frozen)


def test_messages_that_waited_in_the_backup_end_with_a_reason_and_alerts_stay(cared) -> None:
    rows(cared, "UPDATE outbox SET state = 'sending', lease_until = '2026' WHERE code = 'B2B2'"
                " RETURNING id")  # fmt: skip
    assert terminal("restore", "--in-place").exit_code == 0
    found = rows(cared, "SELECT lane, state, reason FROM outbox WHERE code IS NOT NULL"
                        " ORDER BY lane, id")  # fmt: skip
    assert [(row["lane"], row["state"]) for row in found] == [
        (0, "pending"), (0, "sending"), (2, "dropped"), (2, "dropped"),
    ]  # fmt: skip
    assert found[-1]["reason"] == freezing.WHY


@pytest.mark.hazard("H23", "H39")
def test_what_berta_wrote_and_staff_had_not_read_yet_still_goes_to_staff_alone(cared) -> None:
    """Words that ring nobody wait in the last lane; Anna's check-in is ended."""
    rows(cared, "UPDATE outbox SET lane = 3, chat_id = :group, method = 'sendMessage'"
                " WHERE lane = 2 AND code = 'B2B2' RETURNING id", group=GROUP)  # fmt: skip
    assert terminal("restore", "--in-place").exit_code == 0
    found = rows(cared, "SELECT lane, chat_id, state FROM outbox WHERE code IS NOT NULL"
                        " AND lane > 0 ORDER BY lane")  # fmt: skip
    assert [(row["lane"], row["state"]) for row in found] == [(2, "dropped"), (3, "pending")]
    assert GROUP in {chat for chat, _ in sent_now(cared)}


def sent_now(url: str, *, now: datetime = NOW + timedelta(days=1)) -> set[tuple[int, str]]:
    """Return chat and kind of everything that a sender may take, and take it."""

    def claimed() -> Transaction[set[tuple[int, str]]]:
        vault = Vault(KEYRING, (yield from clinic_key(KEYRING)))
        found: set[tuple[int, str]] = set()
        while rest := (yield from freezing.claim(Terms(now), vault)).rows:
            for row in rest:
                found.add((row.chat_id, str(row.payload["text"])[:7]))
                yield Query("UPDATE outbox SET state = 'sent' WHERE id = :id", {"id": row.id})
        return found

    return on(url, claimed)


def put(chat: int, text: str, lane: Lane = Lane.REPLY) -> Transaction[None]:
    vault = Vault(KEYRING, (yield from clinic_key(KEYRING)))
    row = NewRow(f"{text}:{chat}", lane, chat, "sendMessage", {"text": text})
    yield from outbox.put(row, NOW, vault)


def test_only_staff_hear_anything_while_frozen(cared) -> None:
    assert terminal("restore", "--in-place").exit_code == 0
    stranger = 70_099_999
    for chat in (ANNA, BERTA, stranger, BEN.id, GROUP):
        on(cared, lambda chat=chat: put(chat, "reply", Lane.REPLY))
        on(cared, lambda chat=chat: put(chat, "question", Lane.CHECK_IN))
    assert {chat for chat, _ in sent_now(cared)} == {BEN.id, GROUP}
    assert terminal("resume").exit_code == 0
    assert {chat for chat, _ in sent_now(cared)} >= {ANNA, BERTA, stranger}


@pytest.mark.hazard("H23", "H39")
def test_who_is_in_danger_while_frozen_is_told_whom_to_call_and_nothing_else(cared) -> None:
    """Anna says something serious, Berta something; advice that is older waits for both."""
    for chat in (ANNA, BERTA):
        on(cared, lambda chat=chat: put(chat, "earlier", Lane.ALERT))
    assert terminal("restore", "--in-place").exit_code == 0
    for chat in (ANNA, BERTA):
        on(cared, lambda chat=chat: put(chat, "reply", Lane.REPLY))
    assert {chat for chat, _ in sent_now(cared)} == {GROUP}
    on(cared, lambda: put(ANNA, "advice", Lane.ALERT))
    found = sent_now(cared)
    assert (ANNA, "advice") in found
    assert (ANNA, "reply") not in found
    assert BERTA not in {chat for chat, _ in found}


def test_a_member_of_staff_who_is_a_patient_hears_as_little_as_patients(cared) -> None:
    moved = "UPDATE patient SET chat_id = :chat WHERE code = 'B2B2' RETURNING code"
    rows(cared, moved, chat=BEN.id)
    assert terminal("restore", "--in-place").exit_code == 0
    on(cared, lambda: put(BEN.id, "reply"))
    assert BEN.id not in {chat for chat, _ in sent_now(cared)}


def test_what_became_a_patients_during_a_claim_is_let_go_of(cared) -> None:
    def late() -> Transaction[tuple[int, list[str]]]:
        vault = Vault(KEYRING, (yield from clinic_key(KEYRING)))
        found = yield from outbox.claim(Terms(NOW), vault)
        kept = yield from freezing.for_staff(found, frozenset())
        states = yield Query("SELECT DISTINCT state FROM outbox WHERE chat_id = :chat"
                             " AND code IS NOT NULL", {"chat": ANNA})  # fmt: skip
        assert ANNA in {row.chat_id for row in found.rows}
        return len([row for row in kept.rows if row.chat_id == ANNA]), [row[0] for row in states]

    assert on(cared, late) == (0, ["pending"])


def test_only_alerts_and_the_digest_are_due_while_frozen(cared) -> None:
    def planned() -> Transaction[list[str]]:
        for kind in ("notify", "red_flag", "silence", "digest", "again"):
            yield from due.plan(DueRow(kind, "A7K2-1", "A7K2", NOW))
        found = yield from due.due_now(NOW, 50, alerts_only=True)
        return [row.kind for row in found]

    assert on(cared, planned) == ["digest", "notify", "red_flag"]


def test_a_second_restore_still_knows_from_when_the_first_was(cared) -> None:
    assert terminal("restore", "--in-place").exit_code == 0
    assert terminal("restore", "--in-place").exit_code == 0
    assert on(cared, freezing.thaw) == NOW


def test_resuming_tells_staff_since_when_and_a_second_time_is_harmless(cared) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    on(cared, lambda: clinic.put("last_alive", yesterday.isoformat()))
    assert terminal("restore", "--in-place").exit_code == 0
    result = terminal("resume")
    assert (result.exit_code, "Patients are written to again" in result.stdout) == (0, True)
    assert not on(cared, freezing.is_frozen)
    texts = [str(payload["text"]) for _, payload in opened_payloads(cared)]
    assert [text for text in texts if "The bot was down from" in text]
    again = terminal("resume")
    assert (again.exit_code, "Nothing is frozen" in again.stdout) == (0, True)


# In the staff chat


async def test_cleo_says_it_in_the_staff_chat(database) -> None:
    desk = await open_desk(database)
    await desk.runs(lambda: freezing.freeze(desk.now))
    for answer in (bot_freezing.RESUMED, bot_freezing.NOT_FROZEN):
        asked = Asked(desk.office, CLEO, -1, answer[:9], desk.now)
        before = await desk.last_row()
        await desk.runs(lambda asked=asked: resuming.resume_asked(asked, []))
        assert (await desk.messages(before))[-1].text == answer
    [line] = await desk.rows("SELECT name, action FROM action WHERE action = 'resume'")
    assert (line.name, line.action) == ("Cleo", "resume")


def test_doctors_and_admins_can_write_resume_as_the_notice_says() -> None:
    assert "/resume" in bot_freezing.LOST
    assert COMMANDS["resume"].do is resuming.resume_asked
    assert roles_of("resume") == LEAD
    assert "resume" in STAFF
