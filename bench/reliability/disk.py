"""A disk that fails: full, read-only, locked, damaged. Is what people are told is kept, kept?

python -m bench.reliability disk
"""

import asyncio
from random import Random
from typing import Final

from bench.figures import Advance, Figure, Section, table
from bench.reliability.disk_trials import FAULTS, Copies, Told, Trial, impatient
from bench.reliability.ward import a_ward
from bench.silence import silence

PATIENTS: Final = 3
TRIALS, SMALL_TRIALS = 70, 3  # of each fault; 200 in all at least (docs/sources.md, disk-faults)
COPIES, SMALL_COPIES = 1_000, 60


async def troubled(trials: int, seed: int, advance: Advance) -> dict[str, Told]:
    """Let the disk fail so often in each way; half of the times the bot is started anew."""
    random, found = Random(seed), {name: Told() for name in FAULTS}
    async with a_ward() as ward:
        await ward.stop()
        await ward.start(impatient(ward))
        await ward.enrols(PATIENTS)
        for number in range(trials):
            for name, fault in FAULTS.items():
                advance(f"{name}: trial {number + 1} of {trials}")
                trial = Trial(ward, random)
                found[name].add(await trial.runs(fault(ward), restarts=number % 2 == 1))
    return found


async def damaged(copies: int, seed: int, advance: Advance) -> Told:
    """Change bytes in so many copies of a clinic's database, and start the bot on each."""
    told = Told()
    async with a_ward() as ward:
        await ward.enrols(PATIENTS)
        for patient in ward.patients:
            patient.person.types(patient.person.chat, "a bit red since this morning")
        await ward.passes(hours=30)
        await ward.stop()
        tried = Copies(ward, Random(seed))
        for number in range(copies):
            if number % 10 == 0:
                advance(f"damaged copy {number} of {copies}")
            told.add(await tried.tries(number))
        ward.given["database_url"] = f"sqlite:///{tried.original}"
        await ward.start()
    return told


def measure(advance: Advance, *, full: bool) -> Section:
    """Measure and return the section."""
    with silence():
        found = asyncio.run(troubled(TRIALS if full else SMALL_TRIALS, 1, advance))
        copies = asyncio.run(damaged(COPIES if full else SMALL_COPIES, 1, advance))
    return section(found, copies, TRIALS if full else SMALL_TRIALS)


def section(found: dict[str, Told], copies: Told, trials: int) -> Section:
    """Return the section."""
    whole = Told()
    for told in found.values():
        whole.add(told)
    tried = copies.started + copies.refused + len(copies.other)
    among = f"{trials * len(found)} times of trouble, {whole.acts} acts in them"
    counts = {
        f"shown a next step for what was not kept, {among}": whole.false,
        f"acts and alerts lost when the disk mended, {among}": whole.lost,
        f"shown a next step for what was not kept, {tried:,} damaged copies": copies.false,
        f"starts that ended without saying how to restore, {tried:,} damaged copies": copies.other,
    }
    figures = [
        Figure(what, 0, len(said), "{:.0f}", said[0][:120] if said else "", at_most=True)
        for what, said in counts.items()
    ]
    rows = [(name, trials, told.acts, len(told.false), len(told.lost))
            for name, told in found.items()]  # fmt: skip
    harm = [
        ("refused to start", copies.refused),
        ("started, and heard the patient", copies.started),
    ]
    return Section("A disk that fails", HOW, figures, [
        table(["the disk is", "trials", "acts", "false confirmations", "lost"], rows),
        table(["damaged copies that", "number"], harm),
    ])  # fmt: skip


HOW = (
    "Three patients write and press while for 30 s no page can be added, nothing can be written, "
    "or another program holds the lock. At each second whatever is shown to a patient is held "
    "against the file, read by a connection that knows nothing of the bot. Then the disk mends, or "
    "the bot is started anew on what is there; all that was done has to be worked on, and staff "
    "told of whoever cannot breathe. Damaged copies have 1 to 64 bytes changed, anywhere in the "
    "file. Where they hit what is sealed, or space that is free, the bot starts: what is sealed is "
    "found when it is read. A plain column has no check sum, so a changed digit there is not found."
)
