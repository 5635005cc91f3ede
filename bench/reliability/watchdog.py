"""Each condition of the watchdog is broken in turn: the heartbeat has to stay out within a minute.

python -m bench.reliability watchdog
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench.figures import Advance, Figure, Section, table
from bench.reliability.kennel import PARTS, Kennel, a_kennel
from bench.reliability.ward import press
from bench.silence import silence
from bot.clock import SteppedClock
from storage import backups, clinic, due, outbox
from storage.due import DueRow
from storage.instants import stored
from storage.location import sqlite_path
from storage.outbox_rows import Lane, NewRow
from storage.transaction import Query, StorageError, Transaction

WITHIN: Final = timedelta(seconds=60)
"""From the break until the heartbeat stays out (docs/sources.md, watchdog)."""
AFTER: Final = timedelta(minutes=3)
"""So long it is looked at whether the heartbeat stays out."""
PAGE: Final = 4096  # bytes
NOTHING: Final = timedelta(0)


class Break(NamedTuple):
    """One condition: what it is called, its own limit, and what breaks it."""

    cause: str
    what: str
    limit: timedelta
    breaks: Callable[[Kennel], Awaitable[object]]


class Seen(NamedTuple):
    """What came of a break: the last heartbeat after the limit was passed, and who was told."""

    cause: str
    what: str
    late: timedelta
    told: bool


async def without(kennel: Kennel, *parts: str) -> None:
    """Let parts of the bot stand still."""
    kennel.alive = PARTS - set(parts)


async def no_poll(kennel: Kennel) -> None:
    """Let nothing be fetched."""
    await without(kennel, "poll")


async def no_tick(kennel: Kennel) -> None:
    """Let nothing planned be looked at."""
    await without(kennel, "tick")


async def late_check_in(kennel: Kennel) -> None:
    """Plan something that nothing does, while all loops go round."""

    def nothing() -> Transaction[list[DueRow]]:
        yield from ()
        return []

    kennel.app.tick.due_now = nothing  # type: ignore[method-assign]
    now = kennel.clock.now()
    row = DueRow("check_in", "A7K2:1/check_in/24", "A7K2", now)
    await kennel.app.database.run(lambda: due.plan(row))


async def waiting_alert(kennel: Kennel) -> None:
    """Put an alert's message into the outbox, and let the sender stand still."""
    await without(kennel, "sender")
    now, vault = kennel.clock.now(), kennel.app.office.vault
    row = NewRow("waits", Lane.ALERT, kennel.staff.id, "sendMessage", {"text": "An alert."})
    await kennel.app.database.run(lambda: outbox.put(row, now, vault))


async def unread_update(kennel: Kennel) -> None:
    """Let somebody write, and nobody work on it."""
    kennel.app.intake.work = lambda _updates: None
    kennel.ben.types(kennel.ben.chat_with(kennel.bot), "hello")


async def unseen_alert(kennel: Kennel) -> None:
    """Let a patient report an emergency, and the sender stand still."""
    await kennel.enrols(1)
    await without(kennel, "sender")
    await reports(kennel)


async def untaken_alert(kennel: Kennel) -> None:
    """Let a patient report an emergency, and nobody take it."""
    await kennel.enrols(1)
    await reports(kennel)


async def reports(kennel: Kennel) -> None:
    """Let the patient press a warning sign, with a sender for as long as that takes."""
    person = kennel.patients[0].person
    chat = person.chat_with(kennel.bot)
    person.types(chat, "/report")
    await kennel.settle()
    press(person, chat, "One of these")
    await kennel.settle()
    press(person, chat, "rouble breathing")
    if "sender" in kennel.alive:
        await kennel.settle()
    else:
        await kennel.app.intake.poll(kennel.app.bot, 0)
        await kennel.app.worker.idle()


class Unwritable:
    """A database that can be read, and not written any more."""

    def __init__(self, database: Any) -> None:  # noqa: ANN401 - either engine's
        self.read = database.read
        self.close = database.close

    async def run(self, _transaction: object) -> None:
        """Refuse."""
        raise StorageError("The disk is read-only.")


async def read_only(kennel: Kennel) -> None:
    """Let the database take no row."""
    kennel.app.watchdog.at.database = Unwritable(kennel.app.database)  # type: ignore[assignment]


async def full_disk(kennel: Kennel) -> None:
    """Leave 9 % of the disk."""
    kennel.app.watchdog.at.free = lambda _folder: 0.09


class OneHourAhead:
    """A clock whose wall time was set ahead by an hour."""

    def __init__(self, clock: SteppedClock) -> None:
        self.monotonic = clock.monotonic
        self.sleep = clock.sleep
        self.clock = clock

    def now(self) -> datetime:
        """Return the wrong time."""
        return self.clock.now() + timedelta(hours=1)


async def clock_jump(kennel: Kennel) -> None:
    """Set the wall clock ahead."""
    kennel.app.clock_watch.clock = OneHourAhead(kennel.clock)


async def flipped_bytes(kennel: Kennel) -> None:
    """Overwrite the middle of a copy of the file, and let the daily look find it."""
    path = sqlite_path(kennel.settings.database_url)
    assert path is not None
    wholeness = kennel.app.watchdog.at.wholeness
    wholeness.url, wholeness.looked_at = f"sqlite:///{damaged_copy(path)}", None


def damaged_copy(path: Path) -> Path:
    """Copy a database file, and overwrite some of its pages."""
    copy = path.with_name("damaged.db")
    bytes_of = bytearray(path.read_bytes())
    bytes_of[PAGE : 9 * PAGE] = b"\xff" * 8 * PAGE
    copy.write_bytes(bytes_of)
    return copy


async def forged_trail(kennel: Kennel) -> None:
    """Change who did the last thing."""

    def change() -> Transaction[None]:
        yield Query("UPDATE action SET name = 'Zoe' WHERE id = (SELECT MAX(id) FROM action)")

    await kennel.app.database.run(change)


async def old_backup(kennel: Kennel) -> None:
    """Let the last copy be two days old."""
    at = stored(kennel.clock.now() - timedelta(days=2))
    await kennel.app.database.run(lambda: clinic.put(backups.BACKUP_AT, at))


async def bot_removed(kennel: Kennel) -> None:
    """Remove the bot from the staff chat, and let it not even hear of that."""
    kennel.alive = PARTS - {"poll"}
    kennel.app.pulse.last_poll = kennel.clock.now()
    kennel.staff.removes(kennel.bot)


async def cleo_blocks(kennel: Kennel) -> None:
    """Leave one person who can be reached."""
    kennel.cleo.blocks(kennel.bot)


async def stuck_trial(kennel: Kennel) -> None:
    """Remove the bot from the trial's chat just before the next round."""
    await kennel.turns(timedelta(minutes=55))
    kennel.silent.removes(kennel.bot)
    while not (await kennel.rows("SELECT 1 FROM patient WHERE code = '000000'")):
        await kennel.turn()


BREAKS: Final = (
    Break("poll", "Telegram is not polled", timedelta(minutes=2), no_poll),
    Break("tick", "nothing planned is looked at", timedelta(minutes=2), no_tick),
    Break("overdue", "a check-in is 10 min late", timedelta(minutes=10), late_check_in),
    Break("alert", "an alert's message waits", timedelta(seconds=60), waiting_alert),
    Break("undelivered", "no card of an urgent alert arrives", timedelta(seconds=60), unseen_alert),
    Break("untaken", "nobody takes an urgent alert", timedelta(minutes=15), untaken_alert),
    Break("update", "nobody works on an update", timedelta(seconds=60), unread_update),
    Break("database", "the database takes no row", NOTHING, read_only),
    Break("disk", "9 % of the disk is free", NOTHING, full_disk),
    Break("clock", "the wall clock jumps by an hour", NOTHING, clock_jump),
    Break("damaged", "bytes of the file are flipped", NOTHING, flipped_bytes),
    Break("audit", "the audit trail was changed", NOTHING, forged_trail),
    Break("backup", "the last backup is two days old", NOTHING, old_backup),
    Break("staff_chat", "the bot was removed from the staff chat", NOTHING, bot_removed),
    Break("on_call", "one person can be reached, of two", NOTHING, cleo_blocks),
    Break("trial", "the hourly trial does not come round", timedelta(minutes=10), stuck_trial),
)


async def broken(one: Break) -> Seen:
    """Break one condition in a clinic that is well, and see what comes of it."""
    async with a_kennel() as kennel:
        if not kennel.beats:
            raise RuntimeError(f"it was not well before: {kennel.app.pulse.watched}")
        await one.breaks(kennel)
        wrong_from = kennel.clock.instant + one.limit
        await kennel.turns(one.limit + AFTER)
        late = max(kennel.last_beat() - wrong_from, NOTHING)
        return Seen(one.cause, one.what, late, one.cause in kennel.causes_told())


def measure(advance: Advance, *, full: bool) -> Section:  # noqa: ARG001 - it is always whole
    """Break every condition, and return the section."""
    found = []
    for one in BREAKS:
        advance(one.what)
        with silence():  # each break is in the log as well
            found.append(asyncio.run(broken(one)))
    stopped = sum(one.late <= WITHIN for one in found)
    told = sum(one.told for one in found)
    wanted = float(len(BREAKS))
    figures = [
        Figure(f"of {len(BREAKS)} conditions, those that stop the heartbeat within 60 s", wanted,
               float(stopped), "{:.0f}", "", short="watchdog: heartbeat stops"),
        Figure(f"of {len(BREAKS)} conditions, those that the second channel is told of", wanted,
               float(told), "{:.0f}", "", short="watchdog: people are told"),
    ]  # fmt: skip
    rows = [(one.what, f"{one.late.total_seconds():.0f}", "yes" if one.told else "no")
            for one in found]  # fmt: skip
    head = ["broken", "last heartbeat, s after", "second channel told"]
    return Section("The watchdog", HOW, figures, [table(head, rows)])


HOW = (
    "A clinic that is well, with the real bot and a clock of its own; the heartbeat and the second "
    "channel arrive at a real server. Then one thing is broken, and the watchdog goes on looking "
    "every half minute. The time counts from when the condition's own limit was passed: 2 minutes "
    "without a poll, 15 without anybody who takes an urgent alert, at once for the rest. A damaged "
    "file counts from the daily look at it."
)
