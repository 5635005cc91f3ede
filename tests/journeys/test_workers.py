"""Two workers on one PostgreSQL: nothing is done twice, nothing is left, one of them sends."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from clinic import Journey, a_journey

from bench.server import NewDatabase, database_server
from bot.app import Aftercheck
from flows.protocol_file import bundled, bundled_text
from storage import postgres_leading
from storage.instants import stored
from storage.opening import open_database

SENT = "SELECT dedup_key FROM outbox WHERE state = 'sent' AND chat_id = :chat ORDER BY id"
ENDED = "SELECT update_id FROM inbox WHERE chat_id = :chat AND state = 'done' ORDER BY ended_at"
ROUNDS = 50  # looks at the lead, which the server frees a moment after it was let go

TwoWorkers = Callable[..., Any]


@pytest.fixture(scope="module")
def new_database() -> Iterator[NewDatabase]:
    with database_server() as new:
        yield new


@pytest.fixture
def two(
    tmp_path: Path, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> TwoWorkers:  # fmt: skip
    """Give a clinic with a worker that leads, and what starts a second one.

    The server's patience is real time, of which a busy machine may need more.
    """
    for name in ("SILENCE", "PATIENCE"):
        monkeypatch.setattr(postgres_leading, name, 60.0)

    @asynccontextmanager
    async def given() -> AsyncIterator[tuple[Journey, Callable[[], Any]]]:
        url = await asyncio.to_thread(new_database)
        more: list[Aftercheck] = []
        async with a_journey(tmp_path, database_url=url) as clinic:

            async def second() -> Aftercheck:
                database = await open_database(url, exclusive=True)
                more.append(Aftercheck(clinic.settings(), database, clinic.clock))
                await more[-1].start(bundled(), bundled_text())
                return more[-1]

            yield clinic, second
            for one in more:
                await one.stop()

    return given


def updates(clinic: Journey) -> list[dict[str, Any]]:
    """Return what Telegram has to bring, as a webhook would, and let it be forgotten there."""
    found = [one.body for one in clinic.bot.updates.pending]
    clinic.bot.updates.pending.clear()
    return found


async def leads(worker: Aftercheck) -> bool:
    """Whether a worker leads, or does so after some looks."""
    for _ in range(ROUNDS):
        if await worker.leader.look():
            return True
        await asyncio.sleep(0)
    return False


@pytest.mark.hazard("H24")
async def test_a_second_worker_asks_nobody_again_and_takes_nothing_from_the_first(two) -> None:
    async with two() as (clinic, second):
        await clinic.enrolled(clinic.anna)
        await clinic.until("Mon 16:32")
        before = len(clinic.screen(clinic.anna)), len(clinic.staff_screen())
        until = stored(clinic.clock.now() + timedelta(minutes=1))
        await clinic.rewrites("UPDATE outbox SET state = 'sending', lease_until = :until"
                              " WHERE id = (SELECT MAX(id) FROM outbox)", until=until)  # fmt: skip
        other = await second()
        assert (await other.settle(), other.leader.has_begun) == (None, False)
        assert (clinic.app.leader.holds(), clinic.app.pulse.leads) == (True, True)
        held = await clinic.rows("SELECT lease_until FROM outbox WHERE state = 'sending'")
        assert [row["lease_until"] for row in held] == [until]
        assert (len(clinic.screen(clinic.anna)), len(clinic.staff_screen())) == before


async def test_what_anna_tells_one_worker_the_other_brings_to_staff(two) -> None:
    async with two() as (clinic, second):
        await clinic.enrolled(clinic.anna)
        other = await second()
        clinic.anna.types(clinic.anna.chat, "I cannot breathe")
        await other.intake.store(updates(clinic))
        await other.worker.idle()
        woken = clinic.app.sender.woken
        woken.clear()
        other.changed()
        async with asyncio.timeout(10):
            await woken.wait()
        await clinic.settle()
        assert any("I cannot breathe" in seen.text for seen in clinic.staff_screen())


async def test_each_chat_keeps_its_order_whoever_works_on_it(two) -> None:
    async with two() as (clinic, second):
        await clinic.all_enrolled([clinic.anna, clinic.omar])
        workers = [clinic.app, await second()]
        for number in range(12):
            for person in (clinic.anna, clinic.omar):
                person.types(person.chat, f"thought {number}")
        found = updates(clinic)
        for one in workers:
            one.intake.work = lambda _: None
        for place, update in enumerate(found):
            await workers[place % 3 % 2].intake.store([update])
        for one in workers:
            one.worker.submit([])
            await one.worker.take_up()
        await asyncio.gather(*(one.worker.idle() for one in workers))
        for person in (clinic.anna, clinic.omar):
            ended = [row["update_id"] for row in await clinic.rows(ENDED, chat=person.id)]
            wrote = [one["update_id"] for one in found
                     if one["message"]["chat"]["id"] == person.id]  # fmt: skip
            assert ended[-12:] == wrote
            assert len(set(ended)) == len(ended)


async def test_what_is_due_is_done_by_one_of_two_who_find_it_together(two) -> None:
    async with two() as (clinic, second):
        people = [clinic.anna, clinic.omar, *(clinic.world.user(f"P{n}") for n in range(4))]
        await clinic.all_enrolled(people)
        other = await second()
        coming = await clinic.app.coming("check_in")
        clinic.clock.reaches(coming.due_at)
        done = await asyncio.gather(clinic.app.tick.run(), other.tick.run())
        assert sum(done) == len(people)
        await clinic.settle()
        await other.settle()
        for person in people:
            asked = [row["dedup_key"] for row in await clinic.rows(SENT, chat=person.id)]
            assert len([key for key in asked if "check_in" in key]) == 1


async def test_a_stop_of_all_is_made_up_for_by_one_of_two_that_start_together(two) -> None:
    async with two() as (clinic, second):
        await clinic.enrolled(clinic.anna)
        await clinic.until("Mon 16:32")
        await clinic.stops()
        clinic.clock.moves(minutes=40)
        before = len(clinic.screen(clinic.anna))
        _, other = await asyncio.gather(clinic.start(), second())
        first, clinic.app = clinic.app, other if other.leader.has_begun else clinic.app
        await clinic.settle()
        told = [seen for seen in clinic.staff_screen() if "The bot was down" in seen.text]
        assert len(told) == 1
        again = [seen for seen in clinic.screen(clinic.anna)[before:] if seen.buttons]
        assert len(again) == 1
        clinic.app = first


async def test_when_the_leader_stops_the_other_sends_what_waits(two) -> None:
    async with two() as (clinic, second):
        await clinic.enrolled(clinic.anna)
        other = await second()
        clinic.anna.types(clinic.anna.chat, "I cannot breathe")
        await other.intake.store(updates(clinic))
        await other.worker.idle()
        await clinic.app.leader.leading.close()
        assert await leads(other)
        assert not clinic.app.leader.holds()
        await other.settle()
        assert any("I cannot breathe" in seen.text for seen in clinic.staff_screen())


@pytest.mark.hazard("H24")
async def test_a_leader_that_was_paused_sends_nothing_before_it_has_looked(two) -> None:
    async with two() as (clinic, _):
        await clinic.enrolled(clinic.anna)
        clinic.anna.types(clinic.anna.chat, "I cannot breathe")
        await clinic.app.intake.poll(clinic.app.bot, 0)
        await clinic.app.worker.idle()
        clinic.clock.moves(seconds=6)
        before = len(clinic.world.log)
        await clinic.app.sender.drain()
        assert len(clinic.world.log) == before
        await clinic.settle()
        cards = [seen for seen in clinic.staff_screen() if "I cannot breathe" in seen.text]
        assert len(cards) == 1
        assert "repeat" not in cards[0].text


async def test_of_two_who_claim_an_alert_together_one_wins_and_the_other_hears_who(two) -> None:
    async with two() as (clinic, second):
        await clinic.starts_private(clinic.ben, clinic.cleo)
        await clinic.enrolled(clinic.anna)
        other = await second()
        await clinic.until("Mon 16:32")
        for label in ("One of these", "Trouble breathing"):
            await clinic.presses(clinic.anna, label)
        card = next(seen for seen in clinic.staff_screen() if "EMERGENCY" in seen.text)
        presses = [person.presses(card, "Claim") for person in (clinic.ben, clinic.cleo)]
        for worker, update, person in zip(
            (clinic.app, other), updates(clinic), (clinic.ben, clinic.cleo), strict=True
        ):
            update["callback_query"]["message"]["chat"]["id"] = person.id  # as of a private card
            await worker.intake.store([update])
        await asyncio.gather(clinic.app.worker.idle(), other.worker.idle())
        await asyncio.gather(*clinic.app.toasts.answering, *other.toasts.answering)
        said = [press.answers[0].text for press in presses]
        assert sum(text.startswith("Yours") for text in said) == 1
        winner = next(name for name, text in zip(("Ben", "Cleo"), said, strict=True)
                      if text.startswith("Yours"))  # fmt: skip
        assert any(text.startswith(f"{winner} took this") for text in said)
