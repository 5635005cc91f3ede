"""Alerts as cards in the group: each at once, many as one, never more than a group bears."""

from datetime import timedelta
from itertools import pairwise

import pytest

from storage.outbox_rows import Lane


def messages(office, group) -> list[tuple[float, list[str]]]:
    """Return what Ben was shown in the group: seconds since the start, and the lines."""
    shown = [one for one in office.world.shown_to(office.ben) if one.chat == group.id]
    return [
        ((one.at - office.clock.start).total_seconds(), one.text.splitlines())
        for one in shown
        if one.what in ("sent", "edited") and one.text
    ]


async def raises(office, group, count: int, seconds: float) -> list[float]:
    """Raise alerts evenly over a time, sending meanwhile; return when each was raised."""
    raised = []
    for number in range(count):
        moment = office.clock.start + timedelta(seconds=number * seconds / count)
        while (due := await office.sender.drain()) is not None and due <= moment:
            office.clock.reaches(due)
        office.clock.reaches(moment)
        raised.append((moment - office.clock.start).total_seconds())
        await office.posts(f"alert {number}", group.id, Lane.ALERT, method="card")
    await office.settles(minutes=3)
    return raised


async def test_few_alerts_are_a_message_each(office, staff) -> None:
    await raises(office, staff, 5, 1)
    assert [lines for _, lines in messages(office, staff)] == [[f"alert {n}"] for n in range(5)]


async def test_sixty_alerts_in_ten_seconds_are_all_on_screen_within_four(office, staff) -> None:
    raised = await raises(office, staff, 60, 10)
    shown = messages(office, staff)
    lateness = [at - raised[int(line.split()[1])] for at, lines in shown for line in lines]
    assert sorted(line for _, lines in shown for line in lines) == sorted(
        f"alert {n}" for n in range(60)
    )
    assert max(lateness) <= 4
    assert len(shown) < 20
    assert not office.recorded_retries()


@pytest.mark.hazard("H10")
async def test_two_hundred_alerts_in_a_minute_are_all_listed_without_a_long_silence(
    office, staff
) -> None:
    await raises(office, staff, 200, 60)
    shown = messages(office, staff)
    listed = [line for _, lines in shown for line in lines]
    assert sorted(listed) == sorted(f"alert {n}" for n in range(200))
    gaps = [after - before for (before, _), (after, _) in pairwise(shown)]
    assert max(gaps) <= 12
    assert not office.recorded_retries()


async def test_what_was_taken_care_of_meanwhile_is_not_shown(office, staff) -> None:
    key = await office.posts("closed", staff.id, Lane.ALERT, method="card")
    await office.settles()
    assert messages(office, staff) == []
    assert (await office.row(key)).state == "replaced"


async def test_one_card_that_is_refused_does_not_take_the_others_with_it(office, staff) -> None:
    for number in range(15):
        await office.posts(f"alert {number}", staff.id, Lane.ALERT, method="card")
    key = await office.posts("broken", staff.id, Lane.ALERT, method="card")
    for number in range(15, 30):
        await office.posts(f"alert {number}", staff.id, Lane.ALERT, method="card")
    await office.settles(seconds=20)
    assert len(messages(office, staff)) > 12
    await office.settles(minutes=3)
    listed = [line for _, lines in messages(office, staff) for line in lines]
    assert sorted(listed) == sorted(f"alert {n}" for n in range(30))
    assert (await office.row(key)).state == "dead"


async def test_a_card_is_refreshed_once_however_often_it_changed(office, staff) -> None:
    key = await office.posts("alert 0", staff.id, Lane.ALERT, method="card")
    await office.settles()
    number = (await office.row(key)).message_id
    again = {"method": "card_refresh", "payload": {"message_id": number}, "lane": Lane.REST}
    for _ in range(5):
        await office.posts("", staff.id, **again)
    await office.settles()
    assert len(messages(office, staff)) == 2
    await office.posts("", staff.id, **again)
    await office.settles()
    assert len(messages(office, staff)) == 3


async def test_edits_leave_room_for_an_alert(office, staff) -> None:
    for number in range(40):
        await office.posts(f"note {number}", staff.id, Lane.REST)
    await office.settles(seconds=20)
    before = len(messages(office, staff))
    await office.posts("alert 0", staff.id, Lane.ALERT, method="card")
    await office.sender.drain()
    assert len(messages(office, staff)) == before + 1
    await office.settles(minutes=5)
    assert len(messages(office, staff)) == 41
    assert not office.recorded_retries()


async def test_one_group_that_is_told_to_wait_does_not_hold_the_patients(office, staff) -> None:
    office.world.faults.too_many(60, chat=staff.id)
    await office.posts("alert 0", staff.id, Lane.ALERT, method="card")
    await office.posts("How is it?")
    start = office.clock.now()
    await office.sender.drain()
    assert office.shown() == ["How is it?"]
    await office.posts("alert 1", staff.id, Lane.ALERT, method="card")
    await office.settles(seconds=59)
    assert messages(office, staff) == []
    await office.settles(seconds=2)
    assert len(messages(office, staff)) == 2
    assert office.clock.now() - start >= timedelta(seconds=60)
