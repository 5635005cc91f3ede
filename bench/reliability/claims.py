"""Alerts that four people claim at once, through four workers on one PostgreSQL; and who leads.

    python -m bench.reliability claims

Each person presses in their own chat with the bot, so that nothing but the alert itself keeps the
four apart. A balancer brings each press to another worker. Then the worker that sends is paused in
the middle of it, woken, and the next one killed.
"""

import asyncio
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from aiohttp.test_utils import TestServer

from bench.figures import Advance, Figure, Section
from bench.kills.setting import environment
from bench.kills.witness import Told, Witness
from bench.loopback import MESSAGE
from bench.patients import GROUP, keys_of, waiting
from bench.server import database_server
from bench.several import HOOKED, Worker, leader_of, workers
from bot.settings import Settings, settings
from bot.standin import create_app
from bot.standin.people import Person
from bot.standin.presses import Press
from bot.way_in import webhook_path
from flows.engine.advance import advance
from flows.engine.desk import Desk
from flows.engine.inputs import CameDue, Pressed
from flows.engine.record import Record
from flows.escalation import Clinic
from flows.protocol_file import bundled
from storage import saving
from storage.opening import open_database
from storage.sealing import Keyring
from storage.transaction import Query, Transaction

ALERTS: Final = 2_000
FEW: Final = 200
AT_ONCE: Final = 50  # alerts whose four presses are brought together
WORKERS: Final = 4
ALARM: Final = ("One of these", "Trouble breathing")
SEND_RATE: Final = "2"
"""Messages a second: slow, so that the worker that is paused has some in its hands."""

AFTER_WAKING: Final = 6  # messages that the next leader sends while the woken one may not
LONGEST: Final = 15.0  # seconds; the most that a takeover may take
PATIENCE: Final = 60.0  # seconds
LOOK: Final = 0.01  # seconds
OK: Final = 200
REPEAT: Final = "repeat "
NAMES: Final = ("Ben", "Cleo", "Dora", "Eve")


@dataclass
class Seen:
    """What came of it."""

    alerts: int = 0
    winners: int = 0
    named: int = 0
    losers: int = 0
    paused: float = 0.0
    killed: float = 0.0
    after_waking: int = 0
    seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)
    """Alerts that have not one winner, in a sentence."""


def alarmed(given: Settings) -> Record:
    """Return a case whose patient has just ticked a warning sign."""
    desk = Desk(bundled(), Clinic(given.staff, (), given.hours), given.contact)
    walked = waiting(given)
    now = walked.plans[0].at
    decision = advance(desk, walked.record, CameDue("check_in", walked.plans[0].about), now)
    for label in ALARM:
        code = next(key.code for key in keys_of(decision.events) if label in key.label)
        now += timedelta(seconds=20)
        decision = advance(desk, decision.record, Pressed(code, MESSAGE), now)
    assert decision.record.alerts
    return decision.record


def stored(keyring: Keyring, found: Record, chats: Sequence[int]) -> Transaction[None]:
    """Store the same case for each of these chats; its alert is `P<chat>-1`."""
    [alert] = found.alerts.values()
    for chat in chats:
        code, key = f"P{chat}", f"P{chat}-1"
        patient = replace(found.patient, code=code, chat_id=chat)
        alerts = {key: replace(alert, key=key, code=code)}
        one = replace(found, patient=patient, alerts=alerts)
        yield from saving.new_case(keyring, one, datetime.now(UTC))


@dataclass
class Claiming:
    """The world with four people at work, its workers, and how far the updates are numbered."""

    world: Witness
    bot: Any
    people: Sequence[Person]
    chats: Sequence[int]
    workers: Sequence[Worker]
    path: str

    async def claims(self, seen: Seen, advance_: Advance) -> None:
        """Let all four claim every alert at once, each through another worker."""
        for first in range(0, len(self.chats), AT_ONCE):
            some = range(first, min(first + AT_ONCE, len(self.chats)))
            advance_(f"{first} of {len(self.chats)} alerts claimed")
            presses = await asyncio.gather(*(self.claimed(number) for number in some))
            for number, four in zip(some, presses, strict=True):
                self.judge(seen, number, four)

    async def claimed(self, number: int) -> list[Press]:
        """Bring four presses on one alert, and wait until all are answered."""
        return list(await asyncio.gather(*(self.pressed(number, n) for n in range(len(NAMES)))))

    async def pressed(self, number: int, who: int) -> Press:
        """Let one person press on one alert, and wait for the answer."""
        person, data = self.people[who], f"a:claim:P{self.chats[number]}-1"
        [card] = list(person.chat_with(self.bot).messages.values())[:1]
        press = self.world.presses.make(person.id, self.bot.id, card, data, self.world.now())
        message = {"message_id": card.message_id, "chat": {"id": person.id, "type": "private"}}
        query = {"id": press.id, "from": person.json(), "message": message, "data": data}
        update = {"update_id": 1 + len(NAMES) * number + who, "callback_query": query}
        worker = self.workers[(who + number) % len(self.workers)]
        assert await worker.brings(self.path, update) == OK
        async with asyncio.timeout(PATIENCE):
            while not press.answers:  # noqa: ASYNC110 - of another process
                await asyncio.sleep(LOOK)
        return press

    def judge(self, seen: Seen, number: int, four: Sequence[Press]) -> None:
        """Count who won an alert, and whether the others were told by name."""
        said = [press.answers[0].text for press in four]
        won = [name for name, text in zip(NAMES, said, strict=True) if text.startswith("Yours")]
        seen.alerts += 1
        seen.winners += len(won) == 1
        if len(won) != 1:
            seen.troubles.append(f"alert {number}: {said}")
            return
        seen.losers += len(said) - 1
        seen.named += sum(text.startswith(f"{won[0]} took this at") for text in said)

    async def takeovers(self, seen: Seen) -> None:
        """Pause the worker that sends and wake it, then kill the next one."""
        first = await leader_of(self.workers)
        others = [one for one in self.workers if one is not first]
        first.sends(signal.SIGSTOP)
        began = time.monotonic()
        second = await leader_of(others)
        await self.more(1)
        seen.paused = time.monotonic() - began
        before = len(self.world.posted)
        first.sends(signal.SIGCONT)
        await self.more(AFTER_WAKING)
        async with asyncio.timeout(PATIENCE):
            while (await first.health()).get("leads") is not False:  # noqa: ASYNC110 - as above
                await asyncio.sleep(LOOK)
        seen.after_waking = late_copies(self.world, before)
        second.sends(signal.SIGKILL)
        began = time.monotonic()
        await leader_of([one for one in self.workers if one is not second])
        seen.killed = time.monotonic() - began

    async def more(self, count: int) -> None:
        """Wait until so many messages more have arrived."""
        before = len(self.world.posted)
        async with asyncio.timeout(PATIENCE):
            while len(self.world.posted) < before + count:  # noqa: ASYNC110 - as above
                await asyncio.sleep(LOOK)


def late_copies(world: Witness, since: int) -> int:
    """Return how many messages came unmarked after another copy of the same had come.

    The next leader marks what it sends again as a repeat; what comes without that is of whoever
    was paused.
    """
    earlier = [plain(one.text, one.chat_id) for one in world.posted[:since]]
    count = 0
    for one in world.posted[since:]:
        what = plain(one.text, one.chat_id)
        count += REPEAT not in one.text and what in earlier
        earlier.append(what)
    return count


def plain(text: str, chat_id: int) -> tuple[int, str]:
    """Return a message without its mark of a repeat."""
    return chat_id, text.partition(REPEAT)[0].strip()


async def winners_stored(url: str) -> int:
    """Return how many alerts are claimed by somebody in the database."""

    def asking() -> Transaction[int]:
        rows = yield Query("SELECT count(*) AS n FROM alert WHERE claimed_by IS NOT NULL")
        return int(rows[0]["n"])

    database = await open_database(url)
    try:
        return await database.read(asking)
    finally:
        await database.close()


async def run(url: str, folder: Path, alerts: int, count: int, advance_: Advance) -> Seen:
    """Let four people claim so many alerts through so many workers, and pause and kill the leader.

    Args:
        url: An empty PostgreSQL database.
        folder: Where the workers' logs go.
        alerts: How many.
        count: Workers.
        advance_: Told how far it is.
    """
    seen, began = Seen(), time.monotonic()
    world = Witness(Told(None))
    async with TestServer(create_app(world, deliver=False)) as server:
        address = str(server.make_url("")).rstrip("/")
        bot = world.bot("aftercheck_bot")
        people = [world.user(name) for name in NAMES]
        staff = world.supergroup("Staff", *people)
        staff.adds(bot)
        patients = [world.user(f"Patient{number}") for number in range(alerts)]
        for one in (*people, *patients):
            one.starts(bot)
        given = environment(bot, people[0], staff, address, url) | {
            "STAFF_ROSTER": ", ".join(f"{one.id}:{one.first_name}:nurse" for one in people),
            "SEND_RATE": SEND_RATE,
        }  # fmt: skip
        known = settings(_env_file=None, **{key.lower(): text for key, text in given.items()})
        chats = [one.id for one in patients]
        database = await open_database(url)
        keyring = Keyring.from_text(given["ENCRYPTION_KEY"])
        found = alarmed(known)
        for first in range(0, alerts, GROUP):
            some = chats[first : first + GROUP]
            await database.run(partial(stored, keyring, found, some))
        await database.close()
        advance_(f"{count} workers start")
        async with workers(given, count, folder / "worker.log") as started:
            path = webhook_path(HOOKED["WEBHOOK_SECRET"])
            clinic = Claiming(world, bot, people, chats, started, path)
            await leader_of(started)
            await clinic.claims(seen, advance_)
            advance_("the worker that sends is paused, woken, and the next one killed")
            await clinic.takeovers(seen)
        if (kept := await winners_stored(url)) != alerts:
            seen.troubles.append(f"{kept} alerts of {alerts} are claimed in the database")
    world.close()
    seen.seconds = time.monotonic() - began
    return seen


def measure(advance: Advance, *, full: bool) -> Section:
    """Measure and return the section."""
    count = ALERTS if full else FEW
    with database_server() as new, tempfile.TemporaryDirectory() as name:
        seen = asyncio.run(run(new(), Path(name), count, WORKERS, advance))
    return section(seen)


def section(seen: Seen) -> Section:
    """Return the section."""
    alerts, four = seen.alerts, f"{WORKERS} workers at once"
    figures = [
        Figure(f"alerts with one winner, of {alerts} claimed by four people through {four}", alerts,
               seen.winners, "{:.0f}", "a read before a write, on a prototype: 2,012 of 2,000",
               short="alerts with one winner"),
        Figure(f"of the {seen.losers} who came too late, told the winner's name", seen.losers,
               seen.named, "{:.0f}", "", short="losers who are told the winner"),
        Figure("seconds until another worker sends after SIGSTOP of the one that sent", LONGEST,
               seen.paused, "{:.1f}", "", at_most=True, short="takeover after a pause"),
        Figure("seconds until another worker leads after SIGKILL of the one that led", LONGEST,
               seen.killed, "{:.1f}", "", at_most=True, short="takeover after a kill"),
        Figure("messages that a paused worker sent after it woke and another led", 0,
               seen.after_waking, "{:.0f}", "", at_most=True, short="sent after waking"),
        Figure("alerts with no winner, or two, or another in the database", 0,
               len(seen.troubles), "{:.0f}", "", at_most=True, short="alerts without one winner"),
    ]  # fmt: skip
    return Section("Several workers on one PostgreSQL", HOW, figures)


HOW = (
    "Four processes of `aftercheck run` on one PostgreSQL that flushes every commit. Four people "
    "claim the same alert at the same time, each in their own chat, each press brought to another "
    "worker. While the clinic's answers to the patients go out, two a second, whoever sends is "
    "stopped (SIGSTOP), then woken, and the one that took its place is killed (SIGKILL). What "
    "bounds a takeover after a pause: the server ends a session that has said nothing for eight "
    "seconds."
)
