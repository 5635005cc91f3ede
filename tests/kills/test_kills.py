"""`aftercheck run` as a real process, killed without a word while fifty patients answer."""

from pathlib import Path

import pytest

from bench.kills.run import run

KILLS = 200


@pytest.mark.hazard("H18", "H19")
async def test_nothing_that_fifty_patients_say_is_lost_in_two_hundred_kills(tmp_path: Path) -> None:
    """Every confirmed update is stored, every acknowledged answer kept, every alert shown.

    Everybody is asked, no check-in comes twice alike, what is sent again is explained by a kill,
    and nobody reads another's words. No failure in 200 kills
    bounds the rate of failures at about 1.5 % (3/n at 95 %); `python -m bench.kills` goes on.
    """
    figures = await run(KILLS, f"sqlite:///{tmp_path / 'clinic.db'}", tmp_path)
    assert figures.faults == []
    assert figures.acknowledged > KILLS, "too little was said between the kills to prove anything"
    assert figures.alerts > 0
    assert figures.check_ins > 0
    assert figures.unknown > 0, "no kill struck while a message was under way"
