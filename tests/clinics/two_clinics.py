"""Two clinics run by the real command, each a process, against one stand-in for Telegram."""

import asyncio
import json
import os
import socket
import sqlite3
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from aiohttp.test_utils import TestServer

from bot.app import Aftercheck
from bot.clinics.folders import ClinicFolder, clinic_of, environment
from bot.clock import SystemClock
from bot.enrolment import EnrolmentRequest, enrol
from bot.standin import World, create_app
from bot.standin.accounts import Bot
from bot.standin.groups import Group
from bot.standin.limits import UNLIMITED
from bot.standin.people import Person
from flows.protocol_file import bundled, bundled_text
from storage.opening import open_database
from storage.sealing import new_key_text

LOOK = 0.02  # seconds
PATIENCE = 90.0
"""Seconds that a test waits for what must happen; a machine may be busy with other tests."""

OWN_FILE = "sqlite:///aftercheck.db"
STEPS = ("I agree", "Done", "I can see this")


@dataclass
class Clinic:
    """One of the two: its bot, its staff chat, its nurse, its folder."""

    name: str
    bot: Bot
    staff: Group
    nurse: Person
    folder: Path
    port: int

    @property
    def known(self) -> ClinicFolder:
        return clinic_of(self.folder)

    def shown(self) -> list[str]:
        """Return what stands in the staff chat."""
        return [seen.text for seen in self.nurse.sees(self.staff)]

    def waits(self) -> int:
        """Return how many updates its bot has yet to fetch or to work on."""
        with closing(sqlite3.connect(f"file:{self.folder}/aftercheck.db?mode=ro", uri=True)) as db:
            [fetched] = db.execute("SELECT COUNT(*) FROM inbox WHERE state = 'new'").fetchone()
        return len(self.bot.updates.pending) + int(fetched)

    async def enrols(self, person: Person, code: str) -> None:
        """Take a person through enrolment, with a bot in this process."""
        given = self.known.settings
        url = given.database_url.replace("sqlite:///", f"sqlite:///{self.folder}/")
        database = await open_database(url, exclusive=True)
        app = Aftercheck(given.model_copy(update={"database_url": url}), database, SystemClock())
        await app.start(bundled(), bundled_text())
        self.nurse.starts(self.bot)
        now = datetime.now(UTC)
        request = EnrolmentRequest("inj_skin", now - timedelta(hours=1), "face", code=code)
        found = await database.run(lambda: enrol(app.office, request, now, None))
        person.opens(found.link)
        await app.settle()
        for label in STEPS:
            press(person, person.chat_with(self.bot), label)
            await app.settle()
        press(self.nurse, self.staff, "Yes", code)
        await app.settle()
        await app.stop()


def press(person: Person, chat: Any, label: str, on: str = "") -> None:
    """Press the newest button like this."""
    for seen in reversed(person.sees(chat)):
        for one in (one for row in seen.buttons for one in row):
            if label in one and on in seen.text:
                person.presses(seen, one)
                return
    raise AssertionError(f"{person.name} sees no button {label}")


def offers(person: Person, bot: Bot, label: str) -> bool:
    seen = person.sees(person.chat_with(bot))[-1]
    return any(label in one for row in seen.buttons for one in row)


async def until(what: Callable[[], bool]) -> float:
    """Wait until something is so, and return the seconds that it took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not what():
        assert loop.time() - began < PATIENCE, "it did not come to be"
        await asyncio.sleep(LOOK)
    return loop.time() - began


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def founded(world: World, place: Path, address: str, database: str) -> Clinic:
    """Found a clinic: a bot, a group with a nurse, settings in a folder."""
    name = place.name
    bot, nurse = world.bot(f"{name}_bot"), world.user("Ben" if name == "sunrise" else "Cleo")
    staff = world.supergroup(f"Staff of {name}", nurse)
    staff.adds(bot)
    port = free_port()
    place.mkdir()
    given = {
        "TELEGRAM_BOT_TOKEN": bot.token, "TELEGRAM_API_URL": address, "STAFF_CHAT_ID": staff.id,
        "ENCRYPTION_KEY": new_key_text(), "STAFF_ROSTER": f"{nurse.id}:{nurse.first_name}:admin",
        "CLINIC_NAME": f"Clinic {name}", "CLINIC_PHONE": "+49 30 1234", "EMERGENCY_NUMBER": "112",
        "CLINIC_HOURS": "mon-sun 00:00-23:59", "LISTEN_PORT": port, "LOG_LEVEL": "ERROR",
        "SINGLE_HANDED": "true", "DATABASE_URL": database,
    }  # fmt: skip
    text = "\n".join(f"{key}={value}" for key, value in given.items())
    (place / ".env").write_text(text, encoding="utf-8")
    return Clinic(name, bot, staff, nurse, place, port)


@dataclass
class Deployment:
    """Both clinics, run by one command."""

    world: World
    sunrise: Clinic
    linden: Clinic
    folder: Path
    port: int
    command: Process

    async def health(self) -> dict[str, Any]:
        """Return what the health page of all says; an `OSError` where not all is well."""

        def asked() -> dict[str, Any]:
            address = f"http://127.0.0.1:{self.port}/healthz"
            with build_opener(ProxyHandler({})).open(address, timeout=10) as answer:
                found: dict[str, Any] = json.load(answer)
                return found

        return await asyncio.to_thread(asked)


@asynccontextmanager
async def deployed(
    folder: Path, people: int = 1, databases: tuple[str, str] = (OWN_FILE, OWN_FILE)
) -> AsyncIterator[tuple[Deployment, list[Person]]]:
    """Give two clinics that run, with the same people enrolled at both."""
    world = World(limits=UNLIMITED, local_mode=True)
    async with TestServer(create_app(world, deliver=False)) as server:
        address = str(server.make_url("")).rstrip("/")
        sunrise = founded(world, folder / "sunrise", address, databases[0])
        linden = founded(world, folder / "linden", address, databases[1])
        patients = [world.user(f"Anna{number}", language="en") for number in range(people)]
        for clinic, letter in ((sunrise, "S"), (linden, "N")):
            for number, person in enumerate(patients):
                await clinic.enrols(person, f"{letter}{number + 22}K")
        port = free_port()
        command = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--clinics", str(folder), "--port", str(port),
            env=environment(os.environ),
        )  # fmt: skip
        try:
            yield Deployment(world, sunrise, linden, folder, port, command), patients
        finally:
            if command.returncode is None:
                command.terminate()
            await command.wait()
            world.close()


async def alarms(person: Person, clinic: Clinic, code: str) -> float:
    """Let somebody report a warning sign; return the seconds until the staff chat shows it."""
    person.types(person.chat_with(clinic.bot), "/report")
    await until(lambda: offers(person, clinic.bot, "One of these"))
    press(person, person.chat_with(clinic.bot), "One of these")
    await until(lambda: offers(person, clinic.bot, "Trouble breathing"))
    press(person, person.chat_with(clinic.bot), "Trouble breathing")
    return await until(lambda: any(f"{code}-1" in text for text in clinic.shown()))


async def all_well(both: Deployment) -> dict[str, Any]:
    """Wait until the health page says that both clinics do their work; return it."""
    while True:
        try:
            found = await both.health()
        except OSError:
            found = {"ok": False}
        if found["ok"]:
            return found
        await asyncio.sleep(0.1)
