"""An alert of which staff are not told as usual: its case is unreadable, or deciding fails."""

import logging
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from blind_notices import BLIND, an_urgent_alert, heard
from clinic import a_journey

from bot import deciding
from storage.condition import backlog

DAMAGE = "UPDATE check_in SET body = :body WHERE body IS NOT NULL"


@pytest.mark.hazard("H46")
async def test_an_alert_that_cannot_be_told_again_is_said_without_its_card_each_quarter_hour(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """To the staff chat and to everybody alone; the watchdog hears of it as well."""
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:
        code = await an_urgent_alert(clinic)
        [whole] = await clinic.rows("SELECT body FROM check_in WHERE body IS NOT NULL")
        await clinic.rewrites(DAMAGE, body=b"xx")
        began = clinic.clock.now()
        await clinic.passes(hours=2)
        for times in heard(clinic, f"{code}{BLIND}"):
            gaps = [late - early for early, late in zip([began, *times], times, strict=False)]
            assert len(times) == 8
            assert max(gaps) <= timedelta(minutes=17)
        since = (await clinic.app.backlog(clinic.clock.now())).due_at
        assert since is not None
        assert clinic.clock.now() - since > timedelta(hours=1)
        await clinic.rewrites(DAMAGE, body=whole["body"])
        before, cards = heard(clinic, f"{code}{BLIND}"), len(clinic.cards())
        await clinic.passes(hours=1)
        assert heard(clinic, f"{code}{BLIND}") == before
        assert len(clinic.cards()) > cards
        now = clinic.clock.now()
        assert (await clinic.app.database.read(lambda: backlog(now))).due_at is None


@pytest.mark.hazard("H46")
@pytest.mark.parametrize("kind", ["red_flag", "not_read"])
async def test_an_alert_that_cannot_be_raised_rings_everybody_each_quarter_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """However many messages of one patient could not be read."""
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
        code = await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        if kind == "red_flag":
            await clinic.presses(clinic.anna, "One of these")
        with monkeypatch.context() as broken:
            broken.setattr(deciding, "advance", no_decision)
            if kind == "not_read":
                await clinic.writes(clinic.anna, "My face feels strange", "Is anybody there?")
            words = f"{code}: an alert is to be raised, and that fails"
            await clinic.passes(minutes=6)
            assert all(heard(clinic, words))
            await clinic.passes(minutes=65)
            for times in heard(clinic, words):
                assert len(times) == 5
                gaps = [late - early for early, late in pairwise(times)]
                assert max(gaps) <= timedelta(minutes=17)
        told = heard(clinic, words)
        await clinic.passes(minutes=30)
        assert heard(clinic, words) == told
        assert f"{code}-1" in clinic.cards()[-1].text


def no_decision(*_: object) -> Any:
    raise TypeError("a fault of the program")


async def test_an_alert_is_said_in_the_staff_chat_though_the_roster_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:
        code = await an_urgent_alert(clinic)

        def unreadable(*_: object) -> Any:
            raise ValueError("no roster")
            yield

        with monkeypatch.context() as broken:
            broken.setattr(clinic.app.office, "people", unreadable)
            for _ in range(20):
                clinic.clock.moves(minutes=1)
                await clinic.app.tick.run()
        await clinic.settle()
        assert [len(times) for times in heard(clinic, f"{code}{BLIND}")] == [1, 0, 0, 0]
