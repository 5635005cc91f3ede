"""The daily reconciliation finds whatever nobody would look at again, and nothing else."""

from datetime import timedelta

import pytest
from staff_office import NOW, Desk, open_desk

from bot.doctor.machine import of_accounts
from flows.engine.silences import STAFF_KNOW
from flows.verdict import Level
from storage import due, freezing, inbox, outbox, reconciliation
from storage.due import DueRow
from storage.inbox import Arrived
from storage.instants import stored
from storage.outbox_rows import HELD, Ending, Lane, NewRow
from storage.reconciliation import Unaccounted, unaccounted
from storage.transaction import Query

DAY = timedelta(days=1)


@pytest.fixture
async def desk(database) -> Desk:
    """A clinic with Anna's case, whose link nobody has opened yet."""
    desk = await open_desk(database)
    await desk.enrols(code="A7K2")
    return desk


async def found(desk: Desk) -> list[Unaccounted]:
    return await desk.database.read(lambda: unaccounted(desk.now))


async def writes(desk: Desk, text: str, **values: object) -> None:
    def change():
        yield Query(text, values)

    await desk.runs(change)


async def says(desk: Desk, key: str, state: str = "pending", reason: str = "") -> None:
    """Put a message about Anna's case into the outbox, and let it end if it is to."""
    row = NewRow(key, Lane.CHECK_IN, 70, "sendMessage", {"text": "x"}, "A7K2")
    await desk.runs(lambda: outbox.put(row, desk.now, desk.office.vault))
    if state != "pending":
        await writes(desk, "UPDATE outbox SET state = :state, reason = :reason, ended_at = :now"
                     " WHERE dedup_key = :key", state=state, reason=reason, key=key,
                     now=stored(desk.now))  # fmt: skip


async def test_a_clinic_that_works_has_nothing_unaccounted(desk) -> None:
    await desk.runs(lambda: due.plan(DueRow("silence", "A7K2:1/check_in/24", "A7K2", NOW + DAY)))
    await desk.runs(lambda: due.plan(DueRow("check_in", "A7K2:1/check_in/48", "A7K2", NOW + DAY)))
    await desk.has_check_in("A7K2", 24, "sent", NOW)
    await desk.has_check_in("A7K2", 48, "planned", NOW + DAY)
    alert = await desk.raises("A7K2", Level.URGENT)
    await desk.runs(lambda: due.plan(DueRow("notify", alert, "A7K2", NOW + DAY)))
    await says(desk, "waits")
    await says(desk, "went", "sent")
    await says(desk, "refused", "dead", "blocked: by the user")
    assert await found(desk) == []


async def test_it_stands_in_the_digest(desk) -> None:
    assert "0 unaccounted" in (await desk.digest()).text
    await desk.raises("A7K2", Level.URGENT)
    desk.now += DAY / 24
    text = (await desk.digest()).text
    assert "⚠️ 1 unaccounted" in text
    assert f"• {reconciliation.UNTOLD}: A7K2" in text


async def test_the_doctor_says_it_too(desk) -> None:
    known = desk.office.settings
    object.__setattr__(known, "database_url", "sqlite:///none.db")
    [finding] = of_accounts(known, desk.now)
    assert "cannot be told" in finding.what


async def test_an_open_alert_that_nobody_is_told_of_again(desk) -> None:
    key = await desk.raises("A7K2", Level.WATCH)
    assert await found(desk) == [Unaccounted(reconciliation.UNTOLD, "A7K2", key)]
    await writes(desk, "UPDATE alert SET resolved_at = :now WHERE key = :key",
                 now=stored(NOW), key=key)  # fmt: skip
    assert await found(desk) == []


async def test_an_alert_that_was_contacted_waits_for_a_person_and_the_digest_lists_it(desk) -> None:
    await desk.raises("A7K2", Level.URGENT, contacted_at=NOW + timedelta(minutes=1))
    assert await found(desk) == []


async def test_a_plan_whose_time_passed(desk) -> None:
    await desk.runs(lambda: due.plan(DueRow("silence", "A7K2:x", "A7K2", NOW)))
    desk.now = NOW + timedelta(minutes=10)
    assert await found(desk) == []
    desk.now += timedelta(seconds=1)
    assert await found(desk) == [Unaccounted(reconciliation.OVERDUE, "A7K2", "silence:A7K2:x")]


async def test_a_plan_that_fails_each_minute(desk) -> None:
    plan = DueRow("silence", "A7K2:x", "A7K2", NOW)
    await desk.runs(lambda: due.plan(plan))
    for _ in range(11):
        assert await found(desk) == []
        await desk.runs(lambda plan=plan: due.put_off(plan, desk.now))
        desk.now += due.AGAIN
        plan = plan._replace(due_at=desk.now)
    assert await found(desk) == [Unaccounted(reconciliation.OVERDUE, "A7K2", "silence:A7K2:x")]
    await desk.runs(lambda: due.end("silence", "A7K2:x", "done", "", desk.now))
    assert await found(desk) == []


async def test_a_planned_check_in_that_nothing_sends(desk) -> None:
    await desk.has_check_in("A7K2", 24, "planned", NOW + DAY)
    assert await found(desk) == [Unaccounted(reconciliation.UNPLANNED, "A7K2", "1/check_in/24")]


async def test_a_check_in_that_was_sent_and_whose_silence_nobody_would_notice(desk) -> None:
    await desk.has_check_in("A7K2", 24, "sent", NOW)
    assert await found(desk) == [Unaccounted(reconciliation.UNHEARD, "A7K2", "1/check_in/24")]
    await writes(desk, "UPDATE check_in SET reason = :why", why=STAFF_KNOW)
    assert await found(desk) == []


async def test_a_question_about_results_that_may_not_have_arrived(desk) -> None:
    await desk.has_check_in("A7K2", 24, "sent", NOW)
    await writes(desk, "UPDATE check_in SET purpose = 'results'")
    await says(desk, "A7K2:1/check_in/24:", "unknown", "may have arrived")
    await writes(desk, "UPDATE outbox SET slot = 'A7K2:1/check_in/24'")
    [one] = await found(desk)
    assert one == Unaccounted(reconciliation.UNKNOWN, "A7K2", "A7K2:1/check_in/24")
    await desk.runs(lambda: due.plan(DueRow("resend", "A7K2:1/check_in/24", "A7K2", NOW + DAY)))
    assert await found(desk) == []


@pytest.mark.parametrize("state", ["pending", "sending"])
async def test_a_message_that_waits_for_longer_than_an_hour(desk, state) -> None:
    await says(desk, "waits", state)
    desk.now = NOW + timedelta(hours=1)
    assert await found(desk) == []
    desk.now += timedelta(seconds=1)
    assert await found(desk) == [Unaccounted(reconciliation.UNDELIVERED, "A7K2", "waits")]


async def test_what_is_held_until_the_morning_is_accounted_for_until_then(desk) -> None:
    await says(desk, "waits")
    morning = stored(NOW + timedelta(hours=9))
    await writes(desk, f"UPDATE outbox SET reason = '{HELD}', not_before = '{morning}'")  # noqa: S608 - words of ours
    desk.now = NOW + timedelta(hours=9)
    assert await found(desk) == []
    desk.now += timedelta(hours=1, seconds=1)
    assert await found(desk) == [Unaccounted(reconciliation.UNDELIVERED, "A7K2", "waits")]


async def test_while_a_restored_copy_is_frozen_what_waits_is_accounted_for(desk) -> None:
    await says(desk, "waits")
    await desk.runs(lambda: due.plan(DueRow("check_in", "A7K2:x", "A7K2", NOW)))
    await writes(desk, "UPDATE outbox SET lane = 0")
    await desk.runs(lambda: freezing.freeze(NOW))
    desk.now = NOW + DAY
    assert await found(desk) == []


async def test_what_waited_while_the_bot_did_not_run_is_being_taken_up(desk) -> None:
    await says(desk, "waits")
    await desk.runs(lambda: due.plan(DueRow("check_in", "A7K2:x", "A7K2", NOW)))
    await desk.runs(lambda: reconciliation.note_start(NOW + DAY))
    desk.now = NOW + DAY + timedelta(minutes=9)
    assert await found(desk) == []
    desk.now = NOW + DAY + timedelta(minutes=10)
    assert [one.kind for one in await found(desk)] == [reconciliation.OVERDUE]
    desk.now = NOW + DAY + timedelta(hours=1)
    assert len(await found(desk)) == 2


async def test_an_update_that_nobody_worked_on(desk) -> None:
    await desk.runs(lambda: inbox.keep(desk.office.vault.clinic, [Arrived(9, 70, b"{}")], NOW))
    assert await found(desk) == []
    desk.now = NOW + timedelta(minutes=11)
    assert await found(desk) == [Unaccounted(reconciliation.UNREAD, None, "9")]
    await desk.runs(lambda: inbox.done(9, "Wrote", desk.now))
    assert await found(desk) == []


@pytest.mark.parametrize("stage", ["invited", "asked_consent", "asked_facts", "test_message"])
async def test_an_enrolment_that_nobody_would_be_told_of(desk, stage) -> None:
    await writes(desk, "UPDATE patient SET stage = :stage", stage=stage)
    assert await found(desk) == []
    await desk.runs(lambda: due.end("invitation", "A7K2", "done", "", NOW))
    assert await found(desk) == [], "staff were told"
    await writes(desk, "DELETE FROM due WHERE kind = 'invitation'")
    assert await found(desk) == [Unaccounted(reconciliation.UNFINISHED, "A7K2", stage)]
    desk.now = NOW + 31 * DAY
    assert await found(desk) == [], "staff were told so long ago that even the plan is forgotten"


async def test_a_pairing_that_staff_are_not_asked_about_again(desk) -> None:
    await writes(desk, "UPDATE patient SET stage = 'pairing'")
    assert await found(desk) == [Unaccounted(reconciliation.UNFINISHED, "A7K2", "pairing")]
    await desk.runs(lambda: due.plan(DueRow("pairing", "A7K2", "A7K2", NOW + DAY)))
    assert await found(desk) == []


@pytest.mark.parametrize(
    ("plant", "what"),
    [
        ("UPDATE due SET state = 'cancelled', ended_at = '2026'", "invitation:A7K2"),
        ("UPDATE due SET state = 'done'", "invitation:A7K2"),
        ("UPDATE outbox SET state = 'dropped'", "waits"),
        ("UPDATE outbox SET state = 'unknown'", "waits"),
        ("UPDATE inbox SET state = 'set_aside', ended_at = '2026'", "9"),
    ],
)
async def test_what_ended_without_a_reason(desk, plant, what) -> None:
    await says(desk, "waits")
    await desk.runs(lambda: inbox.keep(desk.office.vault.clinic, [Arrived(9, 70, b"{}")], NOW))
    await writes(desk, plant)
    reasons = [one.what for one in await found(desk) if one.kind == reconciliation.NO_REASON]
    assert reasons == [what]


@pytest.mark.parametrize("state", ["unanswered", "collapsed", "missed_by_system", "cancelled"])
async def test_a_check_in_that_came_to_nothing_without_a_reason(desk, state) -> None:
    await desk.has_check_in("A7K2", 24, state, NOW)
    assert await found(desk) == [Unaccounted(reconciliation.NO_REASON, "A7K2", "1/check_in/24")]


async def test_the_worst_comes_first(desk) -> None:
    await desk.has_check_in("A7K2", 24, "cancelled", NOW)
    await desk.has_check_in("A7K2", 48, "planned", NOW + DAY)
    await desk.raises("A7K2", Level.URGENT)
    assert [one.kind for one in await found(desk)] == [
        reconciliation.UNTOLD, reconciliation.UNPLANNED, reconciliation.NO_REASON,
    ]  # fmt: skip


async def test_a_message_of_the_end_that_sender_wrote_is_accounted_for(desk) -> None:
    await says(desk, "waits", "sending")
    await writes(desk, "UPDATE outbox SET token = 7")
    [row] = await desk.rows("SELECT id FROM outbox")
    ending = Ending("dropped", "given up after 24 hours: timed out", counted=True)
    assert await desk.runs(lambda: outbox.finalise(row.id, 7, ending, NOW))
    desk.now = NOW + DAY
    assert [one.kind for one in await found(desk)] == []
