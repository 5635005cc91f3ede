"""Each condition of the watchdog, broken: the heartbeat stops, and people are told."""

import asyncio
from datetime import timedelta

import pytest

from bench.reliability.kennel import a_kennel
from bench.reliability.watchdog import BREAKS, WITHIN, broken


@pytest.mark.hazard("H01", "H02", "H08", "H12", "H20", "H22", "H28", "H44")
@pytest.mark.parametrize("one", BREAKS, ids=[one.cause for one in BREAKS])
async def test_a_broken_condition_stops_the_heartbeat_and_is_told(one) -> None:
    seen = await broken(one)
    assert seen.late <= WITHIN
    assert seen.told


async def test_while_all_is_well_the_heartbeat_comes_every_half_minute_and_nobody_is_told() -> None:
    async with a_kennel() as kennel:
        before = len(kennel.beats)
        for _ in range(10):
            await kennel.turn()
        assert len(kennel.beats) == before + 10
        assert kennel.told == []
        assert kennel.app.pulse.last_heartbeat is not None


async def test_it_looks_again_and_again_whatever_a_look_came_to(monkeypatch) -> None:
    async with a_kennel() as kennel:
        looks, enough = [], asyncio.Event()

        async def fails() -> None:
            looks.append(kennel.clock.instant)
            if len(looks) == 3:
                enough.set()
            raise ZeroDivisionError

        monkeypatch.setattr(kennel.app.watchdog, "look", fails)
        looking = asyncio.create_task(kennel.app.watchdog.run())
        await enough.wait()
        looking.cancel()
        first, second, third = looks[:3]
        assert second - first == third - second == timedelta(seconds=30)
