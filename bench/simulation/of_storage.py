"""What must be stored in the end: what the bot took over, and what somebody saw confirmed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from bench.simulation.evidence import Evidence

KEPT: Final = """
    SELECT update_id FROM answer WHERE update_id IS NOT NULL
    UNION SELECT update_id FROM message WHERE update_id IS NOT NULL
"""
TICKED: Final = "[✅"
GOES_ON: Final = "This goes on "
LIST_OF_WORDS: Final = "Is this happening to you now?"
"""Words had opened the list before: it stays, whatever is pressed on another message."""


def not_stored(it: Evidence) -> Iterator[str]:
    """Yield every update that the bot confirmed and that is nowhere, or was never worked on."""
    found = dict(rows(it, "SELECT update_id, state FROM inbox"))
    for number, at in it.confirmed.items():
        if at > it.horizon - 60:
            continue
        state = found.get(number)
        if state not in ("done", "set_aside"):
            yield it.says(at, f"update {number} was confirmed and is {state or 'nowhere'}")


def not_kept(it: Evidence) -> Iterator[str]:
    """Yield every answer that the patient saw taken, and that is not stored."""
    kept = {row[0] for row in rows(it, KEPT)}
    acts: dict[int, list[float]] = {}
    for act in it.acts:
        acts.setdefault(act.who, []).append(act.at)
    for act in it.acts:
        if act.press is None or not act.press.data.startswith("c:") or act.update in kept:
            continue
        if act.text.startswith(TICKED):
            continue  # what is ticked counts when the patient is done
        change = next(
            (one for one in it.in_chat(act.who, act.at, it.horizon)
             if not one.is_new and one.message == act.message), None,
        )  # fmt: skip
        if change is None or change.text.startswith((GOES_ON, LIST_OF_WORDS)):
            continue
        if any(one.is_new and one.message > act.message and one.at < act.at
               and any(code.startswith("c:") for code in one.codes)
               for one in it.in_chat(act.who, 0.0, act.at)):  # fmt: skip
            continue  # an older copy, which shows where the talk is whatever is pressed
        lately = [at for at in acts[act.who] if act.at - 600 <= at <= change.at]
        if len(lately) == 1:
            yield it.says(act.at, f"{act.text} was seen taken, and is not stored")


def rows(it: Evidence, text: str) -> list[tuple[int, str]]:
    """Return rows of the file as it is in the end."""
    with closing(sqlite3.connect(it.story.machine.disk.path)) as connection:
        return connection.execute(text).fetchall()


CHECKS: Final = (not_stored, not_kept)
