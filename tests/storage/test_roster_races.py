"""Alma takes Ben off while Ben presses, each through a worker of their own: one comes first."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from staff_office import ALMA, BEN, CLEO, GROUP, Desk, open_desk

from bot import staff, staff_chat
from bot.deciding import Cause
from bot.office import Office
from flows.verdict import Level
from storage import clinic
from storage.opening import open_database
from storage.transaction import Database

ROUNDS = 25
TOLD_AGAIN = "SELECT key FROM due WHERE key = :key AND state = 'waiting'"


@pytest.fixture
async def desk(database) -> Desk:
    return await open_desk(database)


@pytest.fixture
async def other(url, engine, database) -> AsyncIterator[Database]:
    """The database as another worker has it open; SQLite has one worker."""
    if engine == "sqlite":
        yield database
        return
    opened = await open_database(url)
    yield opened
    await opened.close()


async def presses(office: Office, database: Database, who: int, code: str, now) -> str:
    """Press a button as a worker takes it out of the inbox; return what pops up."""
    toasts = await database.run(
        lambda: staff_chat.pressed(office, who, code, (GROUP, 7), Cause(now))
    )
    return " ".join(toast.text for toast in toasts)


@pytest.mark.hazard("H31")
async def test_of_a_claim_and_a_revocation_one_comes_first(desk, other) -> None:
    """However they fall, Ben holds nothing afterwards, and every alert is told again."""
    code = (await desk.enrols(code="A7K2")).code
    said = set()
    for _ in range(ROUNDS):
        key = await desk.raises(code, Level.URGENT)
        await desk.runs(lambda: clinic.join(BEN, desk.now))
        claimed, _ = await asyncio.gather(
            presses(desk.office, other, BEN.id, f"a:claim:{key}", desk.now),
            desk.presses(ALMA, f"t:left:{BEN.id}"),
        )
        said.add(claimed.split(".")[0])
        assert (await desk.case(code)).alerts[key].claimed_by is None, claimed
        waiting = await desk.rows(TOLD_AGAIN, key=f"notify:{key}")
        assert waiting or not claimed.startswith("Yours"), "it is said again until somebody has it"
    assert said <= {"Yours", "Only nurses, doctors and admins on the clinic's roster may do this"}


@pytest.mark.hazard("H31")
async def test_every_worker_knows_at_once_that_ben_has_left(desk, other) -> None:
    code = (await desk.enrols(code="A7K2")).code
    key = await desk.raises(code, Level.URGENT)
    await desk.presses(ALMA, f"t:left:{BEN.id}")
    toast = await presses(desk.office, other, BEN.id, f"a:claim:{key}", desk.now)
    assert toast == staff_chat.NOT_ALLOWED
    said = staff.StaffCommand("/open", BEN.id, 1, BEN.id, "Ben")
    who = await other.run(lambda: clinic.member(BEN.id))
    await other.run(lambda: staff.command(desk.office, who, said, desk.now))
    [answer] = (await desk.messages())[-1:]
    assert answer.text.startswith("Only people on the clinic's roster")


@pytest.mark.hazard("H31")
async def test_two_admins_who_take_each_other_off_leave_one(desk, other) -> None:
    for _ in range(ROUNDS):
        await desk.runs(lambda: clinic.join(ALMA, desk.now))
        await desk.runs(lambda: clinic.join(CLEO.__class__(CLEO.id, "Cleo", "admin"), desk.now))
        await asyncio.gather(
            presses(desk.office, other, ALMA.id, f"t:left:{CLEO.id}", desk.now),
            presses(desk.office, desk.database, CLEO.id, f"t:left:{ALMA.id}", desk.now),
        )
        desk.now += timedelta(seconds=1)
        admins = [one for one in await desk.runs(clinic.roster) if one.on_roster]
        assert sum(one.role == "admin" for one in admins) == 1
