"""Product lots: reactions that come together, and which lot stands out."""

from datetime import UTC, datetime, timedelta
from math import comb

import pytest

from flows.lots import Count, Reaction, cluster, same_lot, stands_out, words
from flows.verdict import Level

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def reaction(code: str, level: Level = Level.URGENT, days_ago: float = 1.0) -> Reaction:
    return Reaction(code, f"{code}-1", level, NOW - timedelta(days=days_ago))


def test_two_patients_make_a_cluster_and_one_does_not() -> None:
    assert cluster("AB12", [reaction("A7K2")], NOW) is None
    found = cluster("AB12", [reaction("A7K2"), reaction("M4R8")], NOW)
    assert found is not None
    assert found.name == "AB12:A7K2,M4R8"


def test_two_alerts_of_anna_are_one_reaction_the_worse() -> None:
    mild, bad = reaction("A7K2"), reaction("A7K2", Level.EMERGENCY, 3)
    assert cluster("AB12", [mild, bad], NOW) is None
    found = cluster("AB12", [mild, bad, reaction("M4R8")], NOW)
    assert found is not None
    assert bad in found.reactions


@pytest.mark.parametrize(("days", "counts"), [(30.0, True), (30.001, False)])
def test_only_those_of_the_last_thirty_days_count(days, counts) -> None:
    found = cluster("AB12", [reaction("A7K2"), reaction("M4R8", days_ago=days)], NOW)
    assert (found is not None) == counts


def test_what_is_not_serious_is_no_reaction() -> None:
    mild = reaction("M4R8", Level.FOLLOW_UP)
    assert cluster("AB12", [reaction("A7K2"), mild], NOW) is None


def test_the_doctor_reads_which_lot_and_which_cases() -> None:
    found = cluster("AB12", [reaction("A7K2"), reaction("M4R8", Level.EMERGENCY)], NOW)
    assert found is not None
    text = words(found)
    assert "Lot AB12: 2 patients" in text
    assert "A7K2-1: urgent" in text
    assert "M4R8-1: emergency" in text


def test_a_lot_is_the_same_however_it_was_typed() -> None:
    assert same_lot(" ab  12") == same_lot("AB 12")


def test_a_lot_stands_out_where_chance_rarely_gives_so_many() -> None:
    assert stands_out(Count(10, 4), Count(200, 8))
    assert not stands_out(Count(10, 1), Count(200, 8)), "one alone never does"
    assert not stands_out(Count(100, 4), Count(200, 8)), "half of the sessions, half of them"
    assert not stands_out(Count(200, 8), Count(200, 8)), "there is no other lot"


def test_a_lot_with_far_fewer_than_usual_never_stands_out() -> None:
    assert not stands_out(Count(5_000, 2), Count(10_000, 500))


@pytest.mark.parametrize("lot", [Count(10, 2), Count(10, 3), Count(30, 3), Count(60, 5)])
def test_the_chance_is_that_of_fishers_exact_test(lot) -> None:
    """Counted out with whole numbers."""
    every = Count(200, 8)
    ways = sum(
        comb(lot.sessions, number) * comb(every.sessions - lot.sessions, every.reactions - number)
        for number in range(lot.reactions, min(lot.sessions, every.reactions) + 1)
    )
    assert stands_out(lot, every) == (ways / comb(every.sessions, every.reactions) < 0.05)
