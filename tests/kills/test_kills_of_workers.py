"""Four workers on one PostgreSQL, any of which is killed while patients answer."""

import asyncio
from pathlib import Path

import pytest

from bench.kills.run import run
from bench.server import database_server

KILLS = 30


@pytest.mark.hazard("H18", "H19", "H24")
def test_nothing_is_lost_whichever_of_four_workers_is_killed(tmp_path: Path) -> None:
    """Updates come to any of them; one is paused now and then, and another sends in its place."""
    with database_server() as new:
        figures = asyncio.run(run(KILLS, new(), tmp_path, seed=2))
    assert figures.faults == []
    assert figures.repeated_alerts <= figures.kills
    assert figures.acknowledged > KILLS, "too little was said between the kills to prove anything"
    assert figures.check_ins > 0
