"""`aftercheck run` twice on one PostgreSQL: alerts claimed at once; the leader paused, killed."""

import asyncio
from pathlib import Path

import pytest

from bench.reliability.claims import LONGEST, run
from bench.server import database_server

ALERTS = 30


@pytest.mark.hazard("H19", "H24")
def test_one_wins_each_alert_and_a_paused_worker_sends_no_more(tmp_path: Path) -> None:
    with database_server() as new:
        seen = asyncio.run(run(new(), tmp_path, ALERTS, 2, lambda _: None))
    assert seen.troubles == []
    assert (seen.alerts, seen.winners, seen.named) == (ALERTS, ALERTS, 3 * ALERTS)
    assert max(seen.paused, seen.killed) < LONGEST
    assert seen.after_waking == 0
