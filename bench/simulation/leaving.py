"""Somebody leaves the clinic, and is taken off the roster at the command line."""

from typing import TYPE_CHECKING

from bench.simulation.machine import Process
from bot.staff.leaving import take_off
from storage import clinic
from storage.transaction import StorageError, Transaction

if TYPE_CHECKING:
    from bench.simulation.nurses import Nurse
    from bench.simulation.story import Story


def leaves(story: "Story") -> None:
    """Let one of the staff leave, as long as two are left."""
    here = [nurse for nurse in story.nurses if nurse.works_here]
    process = story.machine.process
    if len(here) > 2 and process is not None and process.ready:
        process.keeps(story.loop.create_task(taken_off(story, here[-1], process)))


async def taken_off(story: "Story", nurse: "Nurse", process: Process) -> None:
    """Take them off the roster, then out of the group; who cannot be taken off stays."""
    office, now = process.app.office, process.clock.now()

    def takes_off() -> Transaction[None]:
        whom = yield from clinic.member(nurse.person.id)
        assert whom is not None
        yield from take_off(office, whom, "at the command line", now)

    try:
        await process.database.run(takes_off)
    except StorageError:
        return
    nurse.works_here, nurse.diligence = False, 0.0
    process.app.changed()
    staff = story.staff if story.staff.became is None else story.staff.became
    staff.removes(nurse.person)
    story.tale.adds(f"— {nurse.person.name} leaves the clinic —")
    story.roster_changes.append((story.loop.time(), {nurse.person.id}))
