"""Texts and files that were made to break something, through everything that shows or keeps them.

python -m bench.reliability hostile_strings
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from bench.figures import Advance, Figure, Section, table
from bench.reliability.bombs import Fetched, bombs, fetched
from bench.reliability.hostile_texts import hostile_texts
from bench.reliability.text_files import (
    through_cells,
    through_files,
    through_log,
    through_workbook,
)
from bench.reliability.text_paths import Paths, all_texts
from bench.reliability.ward import a_ward

EACH: Final = 40  # of so many texts one goes through the chat in a small run
BATCH: Final = 100  # texts of one clinic
UNDELIVERED: Final = """
    SELECT reason FROM outbox WHERE state NOT IN ('sent', 'replaced')
    AND reason NOT LIKE 'not a member%'
"""
"""What did not go, but for members of staff who have no chat of their own with the bot."""

MEMORY: Final = 64.0  # megabytes


async def through_chat(texts: Sequence[str], advance: Advance) -> list[str]:
    """Send texts through the chat as words, staff's words, names; return a sentence a fault."""
    found: list[str] = []
    for first in range(0, len(texts), BATCH):
        advance(f"text {first:,} of {len(texts):,}")
        async with a_ward() as ward:
            await ward.enrols(1)
            paths = Paths(ward)
            await all_texts(paths, texts[first : first + BATCH])
            found += paths.faults
            found += await undelivered(paths)
            found += await asyncio.to_thread(list, through_files(ward))
    return found


async def undelivered(paths: Paths) -> list[str]:
    """Return what was set aside, and what Telegram refused for what it says."""
    aside = await paths.ward.rows("SELECT reason FROM inbox WHERE state <> 'done'")
    dead = await paths.ward.rows(UNDELIVERED)
    return [f"set aside: {row['reason']}" for row in aside] + [
        f"a message was not delivered: {row['reason']}" for row in dead
    ]


async def all_bombs(wanted: Sequence[str], advance: Advance) -> list[Fetched]:
    """Fetch bombs one after the other."""
    found = []
    for what, bomb in bombs().items():
        if what in wanted:
            advance(what)
            found.append(await fetched(what, bomb))
    return found


def measure(advance: Advance, *, full: bool) -> Section:
    """Measure and return the section."""
    every = hostile_texts()
    texts = every if full else every[::EACH]
    cells, lines = list(through_cells(every)), list(through_log(every))
    books = list(through_workbook(every))
    chat = asyncio.run(through_chat(texts, advance))
    found = asyncio.run(all_bombs(list(bombs()), advance))
    wrong = [one for one in found if one.kept != one.wanted or one.told == one.wanted]
    figures = [
        figure(f"texts that did not arrive whole, {len(texts):,} as words, as staff's words, as "
               "clinic's name and as name, in chat, card, JSON, CSV, XLSX, FHIR and PDF", chat),
        figure(f"texts that a spreadsheet would run, or a cell does not hold, of {len(every):,}",
               cells),
        figure(f"texts that a workbook's cell does not hold, or that would be run when edited, of "
               f"{len(every):,}", books),
        figure(f"texts that a log line showed or that broke it, of {len(every):,}", lines),
        figure(f"files kept that must not be, or the other way round, of {len(found)}",
               [one.what for one in wrong]),
        Figure("memory for a pixel bomb, a packed one, an endless file, 20 MB: at most", MEMORY,
               max(one.grew for one in found), "{:.0f} MB", "", at_most=True),
    ]  # fmt: skip
    rows = [(one.what, f"{one.grew:.1f}", "kept, sealed" if one.kept else "refused, staff told")
            for one in found]  # fmt: skip
    return Section("Hostile texts and files", HOW, figures,
                   [table(["a photo's file", "grew MB", "what became of it"], rows)])  # fmt: skip


def figure(what: str, faults: Sequence[str]) -> Figure:
    """Return a figure that is to be zero, with its first fault."""
    first = faults[0].replace("|", "/") if faults else ""
    return Figure(what, 0, len(faults), "{:.0f}", first, at_most=True)


HOW = (
    "Markup, formulas, queries, paths, formats, signs that turn or hide others, half signs, NUL, "
    "digits and letters of other scripts, each in 27 dresses, and lengths about every limit up to "
    "100,000. A patient writes it, a nurse answers with it, the clinic is called it, a patient's "
    "name is it. It has to be read whole on the other side, over several messages where it is "
    "long. The demo's page puts text into the page as text alone, which a test holds. Files are "
    "fetched by a process of its own, over HTTP; nothing is unpacked or decoded there."
)
