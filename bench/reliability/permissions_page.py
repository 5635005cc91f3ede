"""docs/permissions.md: the table of who may do what, as a page.

python -m bench.reliability.permissions_page
"""

from pathlib import Path
from typing import Final

from bench.figures import table
from bench.reliability.actors import NO_PERSON, PLACES, ROLES
from flows.engine.permissions import OWN_CHAT, PERMISSIONS, STAFF_CHAT, WEB, permits

PAGE: Final = "docs/permissions.md"
SHORT: Final = {OWN_CHAT: "own", STAFF_CHAT: "staff"}

WORDS: Final = """\
# Who may do what

Made from `flows/engine/permissions.py` by `python -m bench.reliability.permissions_page`; a test
holds it. That table is looked at before anything is done, and what is not in it nobody may do. The
test suite goes through every cell with the real bot: everybody below asks for everything in their
own chat with the bot, in the staff chat, and in another group. Who may not hears a polite no, or
nothing; nothing of any patient is changed or shown; and the attempt is in the [audit
trail](audit.md).

`own` is one's own chat with the bot, `staff` the staff chat. Nobody may do anything in another
group."""

NOTES: Final = """\
- The roster decides, by real user id; being in the staff chat is no authority. Whoever is taken off
  the roster is a stranger at once: what they had claimed is open again and the others are told,
  their buttons count for nothing, and cards in their own chat are shown no further.
- Who opens a link for staff is a stranger until an admin says that it is them.
- An anonymous administrator writes as number 1087968824, which is nobody; a press shows the real
  person, who is judged.
- Another bot, a channel and an anonymous administrator have no chat of their own; what comes as if
  from there is ignored.
- A forwarded message is judged by who forwards it, never by who wrote it.
- A patient's buttons work for that patient in their own chat only. Somebody else's case is never
  one's own: `report` to `stop`, `answer`, `enrolment_step` and `choose` are always about the
  presser's own.
- A patient who types a staff command is refused, and heard as with any words: staff see them,
  since a person may be ill.
- In a group a link is no more than /start."""


def page() -> str:
    """Return the page."""
    head = ["", *(name for name in ROLES)]
    rows = [
        [f"`{act}`", *(cell(name, act) for name in ROLES)]
        for act, grants in PERMISSIONS.items() if not all(WEB in places for _, places in grants)
    ]  # fmt: skip
    web = [
        [f"`{act}`", ", ".join(sorted(roles))]
        for act, grants in PERMISSIONS.items() for roles, places in grants if WEB in places
    ]  # fmt: skip
    return "\n\n".join((WORDS, table(head, rows), NOTES, "## On the web server",
                        table(["", "who"], web))) + "\n"  # fmt: skip


def cell(name: str, act: str) -> str:
    """Return where somebody may do something."""
    places = [place for place in PLACES if permits(ROLES[name], place, act)]
    if name in NO_PERSON:
        places = [place for place in places if place != OWN_CHAT]
    return ", ".join(SHORT[place] for place in places) or "–"


if __name__ == "__main__":
    Path(PAGE).write_text(page(), encoding="utf-8")
