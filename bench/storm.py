"""The people of a storm in the stand-in: sixty who tick a warning sign, others, and one nurse."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bench.loopback import TOKEN
from bot.standin import World
from bot.standin.people import Person

ALARMS, SECONDS = 60, 10.0
OTHERS, EVERY = 25, 0.2  # others, and the seconds between two presses of theirs
PATIENCE = 120.0  # seconds for anything to come
LISTED, BACK, SIGN = "One of these", "Back", "▫️"
READY = 0.05  # seconds between two looks at screens


@dataclass
class Storm:
    """What was seen: presses by chat, waits of the others, alerts by chat; seconds."""

    staff: int = 0
    pressed: dict[int, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    raised: dict[int, float] = field(default_factory=dict)
    shown: dict[int, float] = field(default_factory=dict)
    too_many: int = 0
    messages: int = 0
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    def answered(self, request: web.Request, response: web.StreamResponse) -> None:
        """Look at an answer of the API."""
        now = time.monotonic()
        self.too_many += response.status == 429
        if response.status != 200 or not isinstance(response, web.Response):
            return
        method = request.path.rsplit("/", 1)[-1].lower()
        result = json.loads(response.text or "{}").get("result")
        if not isinstance(result, dict) or "chat" not in result:
            return
        chat = result["chat"]["id"]
        if chat == self.staff:
            self.messages += method == "sendmessage"
            buttons = json.dumps(result.get("reply_markup", {}))
            for one in self.raised.keys() - self.shown.keys():
                if f"P{one}" in buttons:
                    self.shown[one] = now
            if len(self.shown) == ALARMS:
                self.complete.set()
        elif method == "editmessagetext" and chat in self.pressed:
            self.waits.append(now - self.pressed.pop(chat))


class Clinic:
    """The people around the bot, in the stand-in."""

    def __init__(self, world: World) -> None:
        self.bot = world.bot("aftercheck_bot", TOKEN)
        self.ben = world.user("Ben")
        self.staff = world.supergroup("Staff", self.ben)
        self.staff.adds(self.bot)
        self.patients = [world.user(f"Patient {n}", language="en") for n in range(ALARMS + OTHERS)]
        self.storm = Storm(self.staff.id)
        for person in self.patients:
            person.starts(self.bot)

    def finds(self, person: Person, label: str) -> tuple[Any, str] | None:
        """Return a message on a person's screen that has such a button, and the button."""
        for seen in reversed(person.sees(person.chat_with(self.bot))):
            for row in seen.buttons:
                for one in row:
                    if one.startswith(label):
                        return seen, one
        return None

    async def comes(self, person: Person, label: str) -> tuple[Any, str]:
        """Wait for a button, and return it with its message."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = self.finds(person, label)
                if found:
                    return found
                await asyncio.sleep(READY)

    async def presses(self, person: Person, label: str) -> None:
        """Press a button as soon as it is there."""
        found = await self.comes(person, label)
        self.storm.pressed[person.id] = time.monotonic()
        person.presses(*found)

    async def plays(self) -> dict[str, Any]:
        """Let everybody report, then let the others go on alone, then with the alarms."""
        alarmed, others = self.patients[:ALARMS], self.patients[ALARMS:]
        for person in self.patients:
            person.types(person.chat_with(self.bot), "/report")
        for person in self.patients:
            await self.presses(person, LISTED)
        for person in self.patients:
            await self.comes(person, SIGN)
        await asyncio.sleep(2)
        quiet = await self.going_on(others)
        going = asyncio.create_task(self.going_on(others))
        for person in alarmed:
            self.storm.raised[person.id] = time.monotonic()
            await self.presses(person, SIGN)
            await asyncio.sleep(SECONDS / ALARMS)
        loud = await going
        with suppress(TimeoutError):
            await asyncio.wait_for(self.storm.complete.wait(), PATIENCE)
        late = [at - self.storm.raised[one] for one, at in self.storm.shown.items()]
        return {"late": late, "quiet": quiet, "loud": loud, "too_many": self.storm.too_many,
                "messages": self.storm.messages}  # fmt: skip

    async def going_on(self, others: list[Person]) -> list[float]:
        """Let others press one after the other for ten seconds; return how long they waited."""
        ends, turn = time.monotonic() + SECONDS, 0
        self.storm.waits = []
        while time.monotonic() < ends:
            person = others[turn % len(others)]
            await self.presses(person, BACK if self.finds(person, BACK) else LISTED)
            turn += 1
            await asyncio.sleep(EVERY)
        return self.storm.waits
