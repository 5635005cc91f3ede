"""Time that passes on a clinic's rota, and who is on call then."""

from datetime import datetime
from types import SimpleNamespace

from staff_office import Desk

from bot import staff
from storage import due

FRIDAY_18 = datetime.fromisoformat("2026-11-27T18:00+01:00")
MONDAY_08 = datetime.fromisoformat("2026-11-30T08:00+01:00")


async def passes(desk: Desk, until: datetime) -> list[SimpleNamespace]:
    """Let time pass; do what comes due of the rota, each at its time; return what was written."""
    before = await desk.last_row()
    while True:
        rows = await desk.runs(lambda: due.due_now(until, 1))
        if not rows:
            break
        [row] = rows
        desk.now = max(desk.now, row.due_at)
        await desk.runs(lambda row=row: doing(desk, row))
    desk.now = until
    return await desk.messages(before)


def doing(desk: Desk, row: due.DueRow):
    assert (yield from due.done(row, desk.now))
    yield from staff.OF_THE_ROTA[row.kind](desk.office, row.about, desk.now)


async def on_call(desk: Desk) -> set[int]:
    """Return whom an urgent alert would go to now, empty where it goes to everyone."""
    people = await desk.runs(lambda: desk.office.people(desk.now))
    audience, who, _ = people.people("on_call", desk.now)
    return set(who) if audience == "on_call" else set()
