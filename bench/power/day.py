"""What the power is cut in: some hours of a clinic, the whole bot with its database underneath."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

from aiohttp.test_utils import TestServer

from bench.kills.patients import Patient
from bench.kills.setting import Setting, settled
from bench.kills.witness import Told as Time
from bench.kills.witness import Witness
from bench.power.disk import Recorder, Step, Told, recording
from bot.clock import SteppedClock
from bot.standin import create_app
from bot.standin.errors import ButtonGoneError
from storage.transaction import Database, Query, Startable, T, Transaction, started

FILE: Final = "clinic.db"
PATIENTS: Final = 12
ROUNDS: Final = 12
ROUND: Final = timedelta(minutes=20)
WITHIN: Final = 3600.0  # seconds, until the last first check-in is due
MARK: Final = (
    "INSERT INTO meta (key, value) VALUES ('power', :number)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)


class Marked:
    """A database in which each transaction leaves its number, and notes when it is safe."""

    def __init__(self, database: Database, recorder: Recorder, numbers: Iterator[int]) -> None:
        self.database = database
        self.recorder = recorder
        self.numbers = numbers

    async def run(self, transaction: Startable[T]) -> T:
        """As in `Database`: the number is saved with what the transaction saves, or not at all."""
        given = 0

        def marked() -> Transaction[T]:
            nonlocal given
            value = yield from started(transaction)
            given = next(self.numbers)
            yield Query(MARK, {"number": str(given)})
            return value

        value = await self.database.run(marked)
        self.recorder.steps.append(Told(given))
        return value

    async def read(self, transaction: Startable[T]) -> T:
        """As in `Database`."""
        return await self.database.read(transaction)

    async def close(self) -> None:
        """As in `Database`."""
        await self.database.close()


async def recorded_day(folder: Path, seed: int) -> list[Step]:
    """Return every step that SQLite took in some hours of a clinic, a stop in between."""
    clock = SteppedClock(datetime.now(UTC) - timedelta(hours=1), auto=True)
    random = Random(seed)
    world = Witness(Time(clock))
    numbers = count(1)
    with recording(folder) as recorder:
        async with TestServer(create_app(world, deliver=False)) as server:
            address = str(server.make_url("")).rstrip("/")
            setting = Setting.made(world, address, f"sqlite:///{folder / FILE}")

            def watched(database: Database) -> Database:
                return Marked(database, recorder, numbers)

            app = await setting.opens(clock, watched)
            await setting.enrols(app, clock, PATIENTS, random, WITHIN)
            clock.reaches(datetime.now(UTC))
            for number in range(ROUNDS):
                for patient in setting.patients:
                    acts(patient, setting)
                clock.moves(seconds=ROUND.total_seconds())
                await settled(app, clock, clock.now() + ROUND)
                if number == ROUNDS // 2:
                    await app.stop()
                    app = await setting.opens(clock, watched)
            await app.stop()
    return recorder.steps


def acts(patient: Patient, setting: Setting) -> None:
    """Have a patient do one thing, unless the button was changed meanwhile."""
    try:
        patient.acts_now(setting.world, setting.bot)
    except ButtonGoneError:
        return
