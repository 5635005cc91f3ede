"""A restore with the real commands, in processes of their own: nobody hears anything too early."""

import asyncio

import pytest

from bench.reliability.restore import KNOWS, RTO, drill


@pytest.mark.hazard("H23")
def test_a_backup_of_26_hours_ago_reaches_no_screen_before_staff_say_so(tmp_path) -> None:
    found = asyncio.run(drill(tmp_path, 4, 0.5, lambda _what: None))
    assert found.faults == []
    assert (found.before_resume, found.unheard) == (0, 0)
    assert (found.twice, found.unasked, found.no_advice) == (0, 0, 0)
    assert found.acts >= 5
    assert found.until_staff_know < RTO
    assert found.knows < KNOWS
