"""An alert of which staff are not told as usual: its case is unreadable, or its card refused."""

import logging
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from acts import photo
from clinic import Journey, a_journey

from bot import deciding
from bot.standin.errors import Refusal
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


def heard(clinic: Journey, words: str) -> list[list[Any]]:
    """Return when the staff chat and each person read something of an alert without its card."""
    people = (clinic.ben, clinic.cleo, clinic.dora)
    screens = [clinic.staff_screen(), *map(clinic.screen, people)]
    return [[seen.at for seen in one if words in seen.text] for one in screens]


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


@pytest.mark.hazard("H46")
@pytest.mark.parametrize("takes_the_next", [True, False])
async def test_an_alert_whose_card_is_refused_for_its_text_is_said_without_it(
    tmp_path: Path, *, takes_the_next: bool
) -> None:
    """To everybody alone, and in the staff chat where that takes another text."""
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
        code = await clinic.enrolled(clinic.anna)
        refusal = Refusal(400, "Bad Request: message is too long")
        times = 2 if takes_the_next else 99  # twice, the second time without its format
        clinic.world.faults.refuses(refusal, "sendMessage", chat=clinic.staff.id, times=times)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, "All good", "Please call me")
        assert [len(times) for times in heard(clinic, f"{code}{BLIND}")] == [
            int(takes_the_next),
            1,
            1,
            1,
        ]


async def test_a_card_that_is_refused_for_any_other_reason_reaches_everybody_alone(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
        code = await clinic.enrolled(clinic.anna)
        refusal = Refusal(400, "Bad Request: reply message not found")
        clinic.world.faults.refuses(refusal, "sendMessage", chat=clinic.staff.id, times=99)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, "All good", "Please call me")
        for person in (clinic.ben, clinic.cleo, clinic.dora):
            read = [seen.text for seen in clinic.screen(person) if f"{code}-1" in seen.text]
            assert len(read) == 1
            assert "FOLLOW UP" in read[0]
        assert not (await clinic.app.backlog(clinic.clock.now())).is_staff_chat_lost


def unshown(clinic: Journey, code: str) -> list[int]:
    """Return how often the staff chat and each person read of something that is not shown."""
    return [len(times) for times in heard(clinic, f"Something of {code} that you should read")]


@pytest.mark.hazard("H37")
@pytest.mark.parametrize("waits", [True, False])
async def test_words_that_the_staff_chat_refuses_for_their_text_are_told_of(
    tmp_path: Path, *, waits: bool
) -> None:
    """Under an alert that waits, and where none does: there, and to everybody alone."""
    async with a_journey(tmp_path) as clinic:
        code = await an_urgent_alert(clinic)
        if not waits:
            for label in ("Claim", "Contacted", "Resolve", "Advised"):
                await clinic.staff_press(clinic.ben, label, on=code)
        refusal = Refusal(400, "Bad Request: message is too long")
        clinic.world.faults.refuses(refusal, "sendMessage", chat=clinic.staff.id, times=2 - waits)
        await clinic.writes(clinic.anna, "It looks odd now")
        assert unshown(clinic, code) == [1, 1, 1, 1]
        await clinic.staff_writes(clinic.ben, f"/case {code}")
        assert "“It looks odd now”" in clinic.last(clinic.ben).text


@pytest.mark.hazard("H02")
@pytest.mark.parametrize("arrived", [True, False])
async def test_what_a_patient_sends_without_an_alert_goes_again_where_nobody_knows_if_it_came(
    tmp_path: Path, *, arrived: bool
) -> None:
    """Better seen twice than never: nobody in the staff chat would ask for it."""
    async with a_journey(tmp_path) as clinic:
        code = await clinic.enrolled(clinic.anna)
        clinic.world.faults.server_error(
            502, "sendPhoto", clinic.staff.id, times=1, executed=arrived
        )
        clinic.anna.sends_photo(clinic.anna.chat, photo(1))
        await clinic.settle()
        shown = [one.text for one in clinic.staff_screen() if f"{code}: photo" in one.text]
        assert len(shown) == 1 + arrived
        assert shown[-1].endswith("repeat 2")


@pytest.mark.hazard("H08")
async def test_what_a_patient_sends_without_an_alert_reaches_everybody_where_the_chat_is_lost(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
        code = await clinic.enrolled(clinic.anna)
        clinic.staff.removes(clinic.bot)
        clinic.anna.sends_photo(clinic.anna.chat, photo(1))
        await clinic.settle()
        for person in (clinic.ben, clinic.cleo, clinic.dora):
            assert sum(f"{code}: photo" in one.text for one in clinic.screen(person)) == 1


async def test_words_that_every_chat_refuses_are_told_of_once(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        code = await an_urgent_alert(clinic)
        refusal = Refusal(400, "Bad Request: message is too long")
        clinic.world.faults.refuses(refusal, "sendMessage", chat=clinic.staff.id, times=99)
        await clinic.writes(clinic.anna, "It looks odd now")
        assert unshown(clinic, code) == [0, 1, 1, 1]


@pytest.mark.parametrize("takes_it_alone", [True, False])
async def test_a_picture_that_is_refused_is_no_lost_staff_chat(
    tmp_path: Path, *, takes_it_alone: bool
) -> None:
    """Everybody sees it alone, or reads that there is one."""
    async with a_journey(tmp_path) as clinic:
        code = await an_urgent_alert(clinic)
        refusal = Refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        chat = clinic.staff.id if takes_it_alone else None
        clinic.world.faults.refuses(refusal, "sendPhoto", chat=chat, times=99)
        clinic.anna.sends_photo(clinic.anna.chat, photo(1))
        await clinic.settle()
        assert not (await clinic.app.backlog(clinic.clock.now())).is_staff_chat_lost
        assert unshown(clinic, code) == [1, *[int(not takes_it_alone)] * 3]
        for person in (clinic.ben, clinic.cleo, clinic.dora):
            seen = [one.text for one in clinic.screen(person) if f"{code}: photo" in one.text]
            assert len(seen) == takes_it_alone
