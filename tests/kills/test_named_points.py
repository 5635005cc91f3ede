"""The real process, killed at named points of its own code; and a broken one, to see it seen."""

from pathlib import Path
from random import Random

import pytest

from bench.kills.broken import BREAKS, KILLS_EACH, PATIENTS, kills_for
from bench.kills.points import SPOTS, planned
from bench.kills.run import run

PROMPT = (
    "confirm an update before it is stored",
    "mark an update as done before it is worked on",
    "drop an alert, not knowing whether it arrived",
)
"""Breaks that are seen within seconds; the others are looked at by bench.reliability."""


@pytest.mark.hazard("H18", "H19")
async def test_nothing_is_lost_wherever_the_bot_is_killed(tmp_path: Path) -> None:
    """Before and after each point once, twice more, and now and then again as it starts."""
    spots = planned(1, Random(1))  # noqa: S311 - no secret
    figures = await run(spots, f"sqlite:///{tmp_path / 'clinic.db'}", tmp_path)
    assert figures.faults == []
    assert figures.hits.keys() >= {f"{point}, {side}" for point, side in SPOTS}
    assert figures.hits["again while it started"] > 0


@pytest.mark.parametrize("name", PROMPT)
async def test_a_bot_that_is_broken_on_purpose_is_seen_to_be(tmp_path: Path, name: str) -> None:
    """The proof that finds nothing in a whole bot has teeth."""
    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    kills = kills_for(name, KILLS_EACH)
    figures = await run(kills, url, tmp_path, broken=name, patients=PATIENTS)
    assert any(BREAKS[name][2] in fault.text for fault in figures.faults)
