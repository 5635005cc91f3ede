"""An alert of which the bot cannot tell staff, because its case cannot be read."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from clinic import Journey, a_journey

from storage.condition import backlog

DAMAGE = "UPDATE check_in SET body = :body WHERE body IS NOT NULL"
BLIND = "-1: an alert is open, and its card cannot be shown"


async def an_urgent_alert(clinic: Journey) -> str:
    """Let an alert be urgent, and its first card come; return its case."""
    await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
    code = await clinic.enrolled(clinic.anna)
    await clinic.is_asked(clinic.anna)
    await clinic.presses(clinic.anna, "but I have symptoms", "Fever", "Done")
    await clinic.writes(clinic.anna, "39.2")
    await clinic.passes(minutes=1)
    return code


def heard(clinic: Journey, code: str) -> list[list[Any]]:
    """Return when the staff chat and each person read of the alert without its card."""
    people = (clinic.ben, clinic.cleo, clinic.dora)
    screens = [clinic.staff_screen(), *map(clinic.screen, people)]
    return [[seen.at for seen in one if f"{code}{BLIND}" in seen.text] for one in screens]


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
        for times in heard(clinic, code):
            gaps = [late - early for early, late in zip([began, *times], times, strict=False)]
            assert len(times) == 8
            assert max(gaps) <= timedelta(minutes=17)
        since = (await clinic.app.backlog(clinic.clock.now())).due_at
        assert since is not None
        assert clinic.clock.now() - since > timedelta(hours=1)
        await clinic.rewrites(DAMAGE, body=whole["body"])
        before, cards = heard(clinic, code), len(clinic.cards())
        await clinic.passes(hours=1)
        assert heard(clinic, code) == before
        assert len(clinic.cards()) > cards
        now = clinic.clock.now()
        assert (await clinic.app.database.read(lambda: backlog(now))).due_at is None


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
        assert [len(times) for times in heard(clinic, code)] == [1, 0, 0, 0]
