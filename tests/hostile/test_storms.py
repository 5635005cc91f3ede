"""Telegram fails in one way for a while; the same code makes the page's figures, over 24 hours."""

from datetime import timedelta
from random import Random

import pytest

from bench.loop import quantile
from bench.reliability.storms import LATEST, busy
from bench.reliability.stormy import Storm, stormy
from bench.reliability.ward import a_ward
from storage.transaction import Query

CALM = timedelta(minutes=3)


@pytest.mark.hazard("H09", "H10")
@pytest.mark.parametrize("kind", ["429", "resets after"])
async def test_after_a_storm_nothing_is_lost_and_no_chat_was_called_too_early(kind) -> None:
    async with a_ward() as ward:
        await ward.enrols(4)
        random = Random(3)  # noqa: S311 - a seed is wanted
        wire = stormy(ward, random)
        found = await Storm(ward, wire, random, CALM).blows(kind, 0.1)
        assert found.failed
        assert found.acts
        assert found.lost == []
        assert found.too_early == []


async def test_what_is_lost_or_called_too_early_is_noticed() -> None:
    async with a_ward() as ward:
        await ward.enrols(1)
        wire = stormy(ward, Random(1))  # noqa: S311 - as above
        storm = Storm(ward, wire, Random(1))  # noqa: S311 - as above
        storm.dangers = [(ward.patients[0], len(ward.world.log))]
        before = len(ward.world.log) - 1

        def broken():
            yield Query("UPDATE inbox SET state = 'new' WHERE update_id = ("
                        "SELECT MAX(update_id) FROM inbox)", {})  # fmt: skip

        await ward.app.database.run(broken)
        assert len([one async for one in storm.losses(before)]) == 2
        chat = ward.patients[0].person.id
        wire.shut[chat] = ward.clock.now() + CALM
        await ward.app.bot.send_message(chat, "too early")
        assert len(wire.too_early) == 1


async def test_words_of_danger_reach_staff_while_check_ins_wait() -> None:
    late, _ = await busy(100, 1, lambda _what: None)
    assert quantile(late) <= LATEST
