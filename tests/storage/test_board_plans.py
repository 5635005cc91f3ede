"""No query of the board walks through a table, on either engine."""

import sqlite3
from contextlib import closing

import pytest

from storage import (
    board_case,
    board_clinic,
    board_now,
    board_passes,
    lots,
    next_sessions,
    protocol_trials,
    records,
)
from storage.transaction import Query

FIRST = "2026-01-01T00:00:00.000000+00:00"
VALUES = {
    "since": FIRST, "settled": FIRST, "earliest": FIRST, "most": 10, "code": "A7K2", "id": 1,
    "lot": "AB12", "hash": "x", "now": FIRST, "value": "A7K2", "before": FIRST, "number": 1,
    "trial": "x", "after": FIRST, "until": FIRST, "booked": "x",
}  # fmt: skip
QUERIES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": getattr(module, name)
    for module, names in {
        board_now: ("OPEN", "VISIT", "ASKED", "PAIRINGS", "CLOSED"),
        board_case: ("MESSAGES", "PHOTOS", "PHOTO", "LAST_ANSWERS", "ACTS"),
        board_clinic: ("SENT", "TIMES", "RAISED", "ALERTS", "SESSIONS", "UNREACHABLE", "PATIENT"),
        board_passes: ("USE", "HOLDER", "END", "FORGET"),
        lots: ("SERIOUS",),
        next_sessions: ("VISITS", "OF_CASE"),
        protocol_trials: ("FORGET", "TRIAL", "TRIALS", "IN_CARE", "LATEST_CASES"),
        records: ("SEEN", "CHECK_INS"),
    }.items()
    for name in names
}


@pytest.mark.parametrize("name", QUERIES)
async def test_it_goes_by_an_index(database, engine, name) -> None:
    explain = "EXPLAIN QUERY PLAN " if engine == "sqlite" else "EXPLAIN "

    def asking():
        if engine == "postgres":  # a table this small it would rather read than look up
            yield Query("SET LOCAL enable_seqscan = off")
        return (yield Query(explain + QUERIES[name], VALUES))

    plan = [" ".join(str(value) for value in row) for row in await database.run(asking)]
    whole = [line for line in plan if walks(engine, line)]
    assert whole == [], plan


async def test_the_next_sessions_are_looked_up_by_when_the_last_ones_were(made_file) -> None:
    """Nearly everybody there ever was is looked after: going through them by that is a walk."""
    with closing(sqlite3.connect(made_file)) as connection:
        text = f"EXPLAIN QUERY PLAN {next_sessions.VISITS}"
        steps = [step for *_, step in connection.execute(text, VALUES)]
    assert steps[0].startswith("SEARCH session USING INDEX session_ended_at_index"), steps
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps


def walks(engine: str, line: str) -> bool:
    """Whether a step of a plan reads a table, or an index, from end to end."""
    if engine == "postgres":
        return "Seq Scan" in line
    return "SCAN " in line and "CONSTANT ROW" not in line and "alert_raised_at_index" not in line
