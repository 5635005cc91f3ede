"""The real process, killed at named points of its own code; and a broken one, to see it seen."""

from pathlib import Path
from random import Random

import pytest

from bench.kills.broken import BREAKS, kills_for
from bench.kills.points import SPOTS, planned
from bench.kills.run import run

BROKEN = "confirm an update before it is stored"


@pytest.mark.hazard("H18", "H19")
async def test_nothing_is_lost_wherever_the_bot_is_killed(tmp_path: Path) -> None:
    """Before and after each of the twelve points once, and now and then again as it starts."""
    spots = planned(1, Random(1))  # noqa: S311 - no secret
    figures = await run(spots, f"sqlite:///{tmp_path / 'clinic.db'}", tmp_path)
    assert figures.faults == []
    assert figures.hits.keys() >= {f"{point}, {side}" for point, side in SPOTS}
    assert figures.hits["again while it started"] > 0


async def test_a_bot_that_confirms_before_it_stores_is_seen_to_lose(tmp_path: Path) -> None:
    """The proof has teeth; the others of `BREAKS` are looked at by bench.reliability."""
    kills = kills_for(BROKEN, 3)
    figures = await run(kills, f"sqlite:///{tmp_path / 'clinic.db'}", tmp_path, broken=BROKEN)
    assert any(BREAKS[BROKEN][2] in fault.text for fault in figures.faults)
