"""What the watchdog asks the database, and the trial's case, on both engines."""

from datetime import timedelta

import pytest
from staff_office import GROUP, NOW, Desk, open_desk

from bot.clock import SteppedClock
from bot.watchdog.clock_watch import ClockWatch
from bot.watchdog.trial_round import KEY, SLOT, TrialRound
from flows.verdict import Level
from storage import cards, clinic, outbox, records, synthetic, watching
from storage.case_keys import place
from storage.instants import stored
from storage.outbox_rows import CARD, Lane, NewRow
from storage.transaction import Query

LATER = NOW + timedelta(seconds=61)
SILENT = -100_777


@pytest.fixture
async def desk(database) -> Desk:
    desk = await open_desk(database)
    await desk.enrols(code="A7K2")
    return desk


async def writes(desk: Desk, text: str, **values: object) -> None:
    def change():
        yield Query(text, values)

    await desk.runs(change)


async def arrives(desk: Desk, row: NewRow) -> None:
    """Put a message into the outbox, and let it arrive."""
    await desk.runs(lambda: outbox.put(row, NOW, desk.office.vault))
    await writes(desk, "UPDATE outbox SET state = 'sent', ended_at = :now, message_id = 5"
                 " WHERE dedup_key = :key", now=stored(NOW), key=row.dedup_key)  # fmt: skip


async def unseen(desk: Desk, at=LATER) -> list[str]:
    return [one.key for one in await desk.database.read(lambda: watching.undelivered(at))]


@pytest.mark.hazard("H02")
async def test_an_urgent_alert_without_a_card_that_arrived_is_undelivered(desk) -> None:
    key = await desk.raises("A7K2", Level.URGENT)
    assert await unseen(desk, NOW + timedelta(seconds=60)) == []
    assert await unseen(desk) == [key]
    await arrives(desk, NewRow("x", Lane.ALERT, GROUP, CARD, {}, "A7K2", slot=f"alert:{key}"))
    assert await unseen(desk) == []
    await writes(desk, "UPDATE outbox SET state = 'dead'")
    assert await unseen(desk) == [key], "refused is not arrived"


@pytest.mark.parametrize(
    "changes",
    [
        {"contacted_at": NOW + timedelta(seconds=5)},
        {"claimed_at": NOW + timedelta(seconds=5), "claimed_by": 5001},
        {"resolved_at": NOW + timedelta(seconds=5)},
    ],
    ids=["contacted", "claimed", "resolved"],
)
async def test_one_that_somebody_has_acted_on_has_been_seen(desk, changes) -> None:
    await desk.raises("A7K2", Level.EMERGENCY, **changes)
    assert await unseen(desk) == []


async def test_one_that_waits_for_the_clinic_to_open_is_not_undelivered(desk) -> None:
    """Until its card does not arrive."""
    key = await desk.raises("A7K2", Level.FOLLOW_UP)
    assert await unseen(desk) == []
    row = NewRow("x", Lane.ALERT, GROUP, CARD, {}, "A7K2", slot=f"alert:{key}")
    await desk.runs(lambda: outbox.put(row, NOW, desk.office.vault))
    assert await unseen(desk, NOW + timedelta(seconds=60)) == []
    assert await unseen(desk) == [key]
    await writes(desk, "UPDATE outbox SET state = 'dead'")
    assert await unseen(desk) == [key], "refused everywhere"
    await writes(desk, "UPDATE outbox SET state = 'sent', ended_at = :now", now=stored(NOW))
    assert await unseen(desk) == []


@pytest.mark.hazard("H46")
@pytest.mark.parametrize("body", [b"[]", b'{"said": [], "because": [], "notified": [], "new": 1}'])
async def test_an_alert_of_another_version_hides_no_other(desk, body) -> None:
    """What stands in its columns is listed, the rest is not known here."""
    await desk.enrols(code="M4R8")
    odd, other = [await desk.raises(code, Level.URGENT) for code in ("A7K2", "M4R8")]
    keys = desk.office.vault.keys
    loaded = await desk.runs(lambda: records.of_case(keys, "A7K2"))
    sealed = loaded.key.seal(body, place("alert", "A7K2", odd))
    await writes(desk, "UPDATE alert SET body = :body WHERE key = :key", body=sealed, key=odd)
    listed = await desk.database.read(lambda: cards.open_alerts(keys))
    assert {one.key for one in listed} == {odd, other}
    [found] = [one for one in listed if one.key == odd]
    assert found.level is Level.URGENT
    assert [one.reason for one in found.because] == [cards.UNREADABLE]


async def test_the_probe_leaves_when_it_wrote(desk) -> None:
    await desk.runs(lambda: watching.probe(NOW))
    assert await desk.database.read(lambda: clinic.get(watching.PROBE)) == stored(NOW)


async def test_the_trial_goes_its_way_and_leaves_nothing(desk) -> None:
    trial = TrialRound(SILENT, ClockWatch(SteppedClock(NOW)), lambda _updates: None)
    progress, pressed = await desk.runs(lambda: trial.step(desk.office, NOW))
    assert (progress.began, pressed) == (NOW, [])
    [planned] = await desk.rows("SELECT key FROM due WHERE code = '000000'")
    assert planned.key == f"check_in:{SLOT}"
    progress, pressed = await desk.runs(lambda: trial.step(desk.office, LATER))
    assert pressed == [], "nothing has arrived yet"
    button = {"text": "One of these", "callback_data": f"c:{KEY}:one_of_these"}
    screen = {"text": "?", "reply_markup": {"inline_keyboard": [[button]]}}
    await arrives(desk, NewRow("s", Lane.CHECK_IN, SILENT, "sendMessage", screen, "000000", SLOT))
    progress, pressed = await desk.runs(lambda: trial.step(desk.office, LATER))
    assert len(pressed) == 1
    assert pressed[0].update_id < 0
    progress, pressed = await desk.runs(lambda: trial.step(desk.office, LATER))
    assert pressed == [], "each message is pressed once"
    key = await desk.raises("000000", Level.EMERGENCY)
    assert await desk.database.read(lambda: cards.open_alerts(desk.office.vault.keys)) == []
    assert await unseen(desk, LATER + timedelta(hours=1)) == []
    await arrives(desk, NewRow("c", Lane.ALERT, SILENT, CARD, {}, "000000", slot=f"alert:{key}"))
    progress, _ = await desk.runs(lambda: trial.step(desk.office, LATER))
    assert progress.ended
    assert await desk.rows("SELECT code FROM patient WHERE code = '000000'") == []
    assert await desk.rows("SELECT key FROM due WHERE code = '000000'") == []
    assert await desk.database.read(synthetic.progress) == progress


async def test_a_round_that_hangs_begins_again_and_is_remembered_as_failing(desk) -> None:
    trial = TrialRound(SILENT, ClockWatch(SteppedClock(NOW)), lambda _updates: None)
    await desk.runs(lambda: trial.step(desk.office, NOW))
    for minutes, failing in ((9, None), (10, NOW), (15, NOW), (20, NOW)):
        at = NOW + timedelta(minutes=minutes)
        progress, _ = await desk.runs(lambda at=at: trial.step(desk.office, at))
        assert progress.failing_since == failing


async def test_messages_that_are_no_cards_name_the_case_that_they_are_about(desk) -> None:
    """Words of Anna's that ring, and an alert that is rung without its case's key."""
    words = NewRow("w", Lane.ALERT, GROUP, "sendMessage", {}, "A7K2")
    rung = NewRow("r", Lane.ALERT, GROUP, "sendMessage", {}, None, slot="failing:B2B2-1")
    other = NewRow("o", Lane.ALERT, GROUP, "sendMessage", {}, None)
    for row in (words, rung, other):
        await desk.runs(lambda row=row: outbox.put(row, NOW, desk.office.vault))

    async def about(at) -> list[str]:
        return await desk.database.read(lambda: watching.waiting_about(at))

    assert await about(NOW + timedelta(seconds=60)) == []
    assert await about(LATER) == ["A7K2", "B2B2-1"]
    await writes(desk, "UPDATE outbox SET state = 'sent' WHERE dedup_key = 'w'")
    assert await about(LATER) == ["B2B2-1"]
