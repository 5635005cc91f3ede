"""What Telegram said was wrong is so until it says otherwise; its silence says nothing."""

from datetime import timedelta

import pytest

from bench.reliability.kennel import Kennel, a_kennel
from bot.watchdog.causes import Trouble

QUIET_LOOKS = 4


async def unanswered(kennel: Kennel) -> list[Trouble]:
    """Look while every question about the staff chat is answered by 502."""
    kennel.world.faults.server_error(method="getChat", times=1)
    return await kennel.app.watchdog.look()


def is_lost(found: list[Trouble]) -> bool:
    """Whether the staff chat is said to be lost: the sender finds out too, in other words."""
    return any("own chat instead" in one.sentence for one in found)


@pytest.mark.hazard("H28")
async def test_a_lost_staff_chat_is_lost_until_telegram_says_otherwise() -> None:
    async with a_kennel() as kennel:
        kennel.staff.removes(kennel.bot)
        assert is_lost(await kennel.turn())
        beats = len(kennel.beats)
        for _ in range(QUIET_LOOKS):
            kennel.clock.moves(seconds=30)
            assert is_lost(await unanswered(kennel))
        assert len(kennel.beats) == beats
        kennel.staff.adds(kennel.bot)
        await kennel.turn()
        assert await kennel.turn() == []
        assert len(kennel.beats) > beats


@pytest.mark.hazard("H28")
async def test_a_new_process_remembers_what_was_wrong() -> None:
    async with a_kennel() as kennel:
        kennel.staff.removes(kennel.bot)
        await kennel.turn()
        await kennel.app.stop()
        kennel.clock.moves(minutes=20)
        await kennel.start()
        assert is_lost(await unanswered(kennel))


@pytest.mark.hazard("H12")
async def test_an_answer_that_refuses_tells_the_time_as_well() -> None:
    async with a_kennel() as kennel:
        watch = kennel.app.clock_watch
        watch.off = timedelta(hours=1)
        await unanswered(kennel)
        assert watch.off < timedelta(minutes=2)
