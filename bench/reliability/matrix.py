"""Every actor asks for everything at every kind of chat, of the real bot over the stand-in's edge.

A cell that the table refuses must change nothing of any patient, show nothing of one, and be noted
as refused. A cell that it allows must happen: a row of the trail, or something that is shown.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

from bench.figures import Advance
from bench.reliability.actors import NO_PERSON, PLACES, Actor, Json, Place, actors
from bench.reliability.deeds import DEEDS, Deed, chat_of, message_update, press_update
from bench.reliability.world_of_cells import CANARY, STAFF, State, WorldOfCells, a_world
from bot.staff.commands import named
from flows.engine.permissions import permits
from storage import outbox
from storage.transaction import Query, Transaction

PEOPLE: Final = {
    "stranger": "Zed", "patient": "Anna", "other patient": "Omar", "left the roster": "Gus",
    **{role: name for name, role in STAFF.items()},
}  # fmt: skip
SECRETS: Final = (CANARY, "Anna", "A7K2", "D2N7", "M4R8", "R3S5", "Trouble breathing")
"""What nobody who is refused may read."""

ANNAS: Final = (CANARY, "Anna", "A7K2")
"""What Omar may read nothing of."""

PLANT: Final = """
    INSERT INTO outbox (dedup_key, lane, chat_id, slot, method, body, state, attempts, token,
                        not_before, created_at, message_id)
    SELECT :key, lane, :chat, :slot, method, body, 'sent', attempts, token, not_before,
           created_at, :message FROM outbox WHERE state = 'sent' LIMIT 1
"""
NEW_ACTS: Final = "SELECT action, allowed, actor FROM action WHERE id > :after ORDER BY id"
NEW_MESSAGES: Final = "SELECT * FROM outbox WHERE id > :after AND dedup_key NOT LIKE 'planted%'"
LAST: Final = """
    SELECT (SELECT COALESCE(MAX(id), 0) FROM action) AS act,
           (SELECT COALESCE(MAX(id), 0) FROM outbox) AS message
"""


class Cell(NamedTuple):
    """Somebody asks for something somewhere."""

    actor: Actor
    deed: Deed
    place: Place

    def __str__(self) -> str:
        deed = self.deed
        return f"{self.actor.name}: {deed.act} ({deed.text or deed.code}), {self.place}"

    @property
    def act(self) -> str:
        """What it is asked for at this place: in a group a link is no more than /start."""
        in_a_group = self.deed.act == "link_opened" and self.place != "own chat"
        return "start" if in_a_group else self.deed.act

    @property
    def noted_as(self) -> str:
        """By what name the trail has it: a command by its usual one."""
        return named(self.deed.text) if self.act == "start" else self.act

    @property
    def is_allowed(self) -> bool:
        """What the table says; somebody else's button is never one's own."""
        if self.is_anothers_button or self.is_nothing:
            return False
        return permits(self.actor.role, self.place, self.act)

    @property
    def is_anothers_button(self) -> bool:
        """Whether a patient's button is pressed by who is not that patient."""
        owner = {"Anna": "patient"}.get(self.deed.patient)
        return self.deed.code in ("c:", "s:", "e:") and self.actor.name != owner

    @property
    def is_nothing(self) -> bool:
        """Whether it asks for nothing, so that there is nothing to refuse.

        That is an answer where no card stands, and the commands for anyone of those who are no
        person and can have no chat of their own.
        """
        is_answer = bool(self.deed.answers) and not self.deed.code
        if is_answer:
            return self.place == "other group" or (
                self.place == "own chat" and self.actor.role in ("patient", "stranger")
            )
        alone = self.actor.name in NO_PERSON and self.place == "own chat" and not self.deed.code
        return alone and permits("stranger", "own chat", self.deed.act)


class Seen(NamedTuple):
    """What came of a cell: acts in the trail, messages by chat, tables that changed."""

    acts: list[tuple[str, int, int | None]]
    told: list[tuple[int, str]]
    changed: list[str]


@dataclass
class Matrix:
    """What came of all cells.

    `outsiders` are those refused to who is not on the roster, `breaches` those of them with a
    fault.
    """

    cells: int = 0
    allowed: int = 0
    outsiders: int = 0
    breaches: int = 0
    faults: list[str] = field(default_factory=list)


def cells(everybody: list[Actor]) -> Iterator[Cell]:
    """Yield all of them, those of one actor together."""
    for actor in everybody:
        for place in PLACES:
            for deed in DEEDS:
                yield Cell(actor, deed, place)


async def gone_through(folder: Path, advance: Advance) -> Matrix:
    """Go through every cell in one clinic."""
    async with a_world(folder) as clinic:
        walk = Walk(clinic)
        await walk.begins()
        people = {name: clinic.people[person] for name, person in PEOPLE.items()}
        for cell in cells(actors(people, clinic.staff.json())):
            if walk.found.cells % len(DEEDS) == 0:
                advance(f"{cell.actor.name}, {cell.place}")
            await walk.tries(cell)
        return walk.found


class Walk:
    """Goes through cells, and puts everything back after each that changed something."""

    def __init__(self, clinic: WorldOfCells) -> None:
        self.clinic = clinic
        self.found = Matrix()
        self.numbers = count(1_000_000)
        self.before: State = {}
        self.answered: dict[tuple[str, int], int] = {}
        self.staff = {clinic.staff.id, *(clinic.people[name].id for name in STAFF)}

    async def begins(self) -> None:
        """Remember how everything stands."""
        self.before = await self.clinic.app.database.read(self.clinic.state)

    async def tries(self, cell: Cell) -> None:
        """Ask, and look at what came of it."""
        [last] = await self.clinic.rows(LAST)
        chat = self.chat(cell)
        await self.asks(cell, chat)
        seen = await self.clinic.app.database.read(lambda: self.looks(last["act"], last["message"]))
        self.found.cells += 1
        if cell.is_allowed:
            self.found.allowed += 1
            faults = list(self.happened(cell, seen, chat["id"]))
        else:
            self.found.outsiders += cell.actor.role in ("stranger", "patient")
            faults = list(self.refused(cell, seen))
            self.found.breaches += cell.actor.role in ("stranger", "patient") and bool(faults)
        self.found.faults += [f"{cell}: {fault}" for fault in faults]
        if seen.changed:
            await self.clinic.put_back(self.before)

    def looks(self, act: int, message: int) -> Transaction[Seen]:
        """Return what is new after these rows, and which tables are not as they were."""
        acts = yield Query(NEW_ACTS, {"after": act})
        rows = yield Query(NEW_MESSAGES, {"after": message})
        told = []
        for row in rows:
            where = outbox.place_of(row["dedup_key"])
            plain = yield from self.clinic.app.office.vault.open(
                row["code"], bytes(row["body"]), where
            )
            told.append((row["chat_id"], json.dumps(json.loads(plain), ensure_ascii=False)))
        after = yield from self.clinic.state()
        changed = [name for name, found in after.items() if found != self.before[name]]
        return Seen([(row[0], row[1], row[2]) for row in acts], told, changed)

    def chat(self, cell: Cell) -> Json:
        """Return the chat of a cell; a patient's button stands in that patient's."""
        person = cell.actor.presses if cell.deed.code else cell.actor.writes
        if cell.deed.code in ("c:", "s:", "e:") and cell.place == "own chat":
            person = self.clinic.people[cell.deed.patient].json()
        return chat_of(cell.place, person, self.clinic.staff.json(), self.clinic.other.json())

    async def asks(self, cell: Cell, chat: Json) -> None:
        """Bring the update to the bot, and let it be worked on."""
        number, deed, clinic = next(self.numbers), cell.deed, self.clinic
        if deed.code:
            message, code = number, deed.code
            if "*" in deed.code:
                code = clinic.staffs_code(deed.code)
            elif deed.code in ("c:", "s:", "e:"):
                message, code = clinic.code_on(deed.patient, deed.code)
            elif deed.code == "n:":
                found, label = clinic.button("Ben", "n:")
                code = str((found.button(label) or {})["callback_data"])
            update = press_update(cell.actor, code, chat, number, message)
            clinic.world.push(clinic.bot, "callback_query", update, "press")
        else:
            answered = await self.message_behind(deed.answers, chat["id"]) if deed.answers else None
            if deed.act == "link_opened":
                deed = deed._replace(text=deed.text + clinic.token)
            update = message_update(cell.actor, deed, chat, number, answered)
            clinic.world.push(clinic.bot, "message", update, "message")
        await clinic.app.intake.poll(clinic.app.bot, 0)
        await clinic.app.worker.idle()
        await asyncio.gather(*clinic.app.toasts.answering)

    async def message_behind(self, slot: str, chat: int) -> int:
        """Return a message of the bot's in a chat that is about something, planted if need be."""
        if (slot, chat) not in self.answered:
            number = self.answered[slot, chat] = next(self.numbers)

            def planting() -> Transaction[None]:
                yield Query(PLANT, {"key": f"planted:{number}", "chat": chat, "slot": slot,
                                    "message": number})  # fmt: skip

            if chat in self.staff:
                await self.clinic.app.database.run(planting)
        return self.answered[slot, chat]

    def happened(self, cell: Cell, seen: Seen, chat: int) -> Iterator[str]:
        """Yield what is missing where it was allowed."""
        if any(not allowed for _, allowed, _ in seen.acts):
            yield f"it was refused: {seen.acts}"
        elif cell.deed.shows == "row":
            if (cell.deed.act, 1, cell.actor.presses["id"]) not in seen.acts:
                yield f"it was not noted: {seen.acts}"
        elif not any(where in (chat, cell.actor.writes["id"]) for where, _ in seen.told):
            yield "nothing was shown"
        mine = " ".join(text for where, text in seen.told if where == cell.actor.writes["id"])
        if cell.actor.name == "other patient" and any(one in mine for one in ANNAS):
            yield "Anna's was shown to somebody else"

    def refused(self, cell: Cell, seen: Seen) -> Iterator[str]:
        """Yield what must not be where it was refused."""
        heard = is_heard(cell)
        if seen.changed and not heard:
            yield f"it changed {', '.join(seen.changed)}"
        for where, text in seen.told:
            shown = [secret for secret in SECRETS if secret in text]
            if shown and not (heard and where in (*self.staff, cell.actor.writes["id"])):
                yield f"{', '.join(shown)} was shown to {where}"
        if any(act[1] and act[0] == cell.deed.act for act in seen.acts):
            yield f"it happened: {seen.acts}"
        person = cell.actor.presses if cell.deed.code else cell.actor.writes
        wanted = [] if cell.is_nothing else [(cell.noted_as, 0, person["id"])]
        if [act for act in seen.acts if not act[1]] != wanted:
            yield f"noted as {seen.acts}, wanted {wanted}"


def is_heard(cell: Cell) -> bool:
    """Whether a patient's words are kept and shown to staff, though they are no command."""
    is_words = bool(cell.deed.text) and cell.place == "own chat"
    return is_words and cell.actor.role == "patient"
