"""The digest's queries use an index: their time must not grow with the cases there ever were."""

import re
import sqlite3
from contextlib import closing

import pytest

from storage import cards, clinic, enrolment, overview
from storage.markers import for_sqlite

PARTIAL = {"alert_raised_at_index", "inbox_ended_at_index"}
"""Indexes over the few rows that are open: reading one of them whole is no scan of the table."""

SMALL = {"staff", "shift", "meta", "protocol"}
"""Tables that do not grow with the cases."""

QUERIES = {
    "check-ins that came to nothing": overview.UNFINISHED,
    "pairings": overview.PAIRINGS,
    "links that ran out": overview.RAN_OUT,
    "open alerts": cards.OPEN,
    "a taken code": enrolment.TAKEN,
    "void links": enrolment.VOID,
    "an announced link": enrolment.ANNOUNCED,
    "a used link": clinic.USE,
}


def scans(path: str, query: str) -> list[str]:
    """Return the tables that a query reads whole, of those that grow with the cases."""
    with closing(sqlite3.connect(path)) as connection:
        text = for_sqlite(query)
        names = set(re.findall(r":([a-z_]+)", text))
        rows = connection.execute(f"EXPLAIN QUERY PLAN {text}", dict.fromkeys(names, "")).fetchall()
    found = []
    for *_, step in rows:
        scanned = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
        if scanned and scanned[1] not in SMALL and scanned[2] not in PARTIAL:
            found.append(step)
    return found


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_reads_no_growing_table_whole(made_file, name) -> None:
    assert not scans(str(made_file), QUERIES[name])


def test_updates_set_aside_are_counted_by_their_index(made_file) -> None:
    assert not scans(str(made_file), overview.SET_ASIDE)


def test_a_scan_would_be_seen(made_file) -> None:
    assert scans(str(made_file), "SELECT code FROM session WHERE area = 'face'")


def test_a_check_in_is_named_with_how_it_ended() -> None:
    one = overview.Unfinished("A7K2", "1/check_in/24", 24, "check_in", "unanswered")
    assert one.name == "A7K2:1/check_in/24:unanswered"
