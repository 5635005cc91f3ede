"""The conditions of the dead-man's switch (docs/sources.md, watchdog), each a small function.

A condition returns what is wrong, and nothing while all is well. One that cannot be looked at is
wrong too: what nobody can see may be broken.

Hazards: H01, H08, H20, H43, H44.
"""

import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

from bot.clock import Clock
from bot.doctor.calling import Answer, Calling, UnreachableError
from bot.doctor.findings import Mark
from bot.doctor.machine import LEAST_FREE
from bot.doctor.staff_chat import knows_somebody, of_place
from bot.health import Pulse, verdict
from bot.office import Office
from bot.watchdog.causes import Trouble
from bot.watchdog.clock_watch import ClockWatch
from bot.watchdog.untaken import is_untaken, minutes, waits_since
from bot.watchdog.wholeness import Wholeness
from flows.roster import why_not_start
from flows.staff_language import N_, _
from flows.stored_words import restated
from storage import cards, clinic, watching
from storage.audit_check import verify_tail
from storage.condition import backlog
from storage.location import sqlite_path
from storage.transaction import Database

URGENT_AGAIN: Final = timedelta(minutes=15)
"""How often it is told again; own choice: as often as everyone at the clinic is."""
AUDITED: Final = 50
"""Last rows of the audit trail that are looked at each time; the whole is `aftercheck audit`."""

TOO_MANY, SERVER_ERRORS = 429, 500
"""Answers that say nothing of what was asked: this one, and those from there on."""

WORDS: Final = {
    "poll": N_("Telegram has not answered for more than 2 minutes: nobody who writes is heard."),
    "tick": N_("Nothing planned has been looked at for more than 2 minutes: no check-in goes out."),
    "database": N_("The database cannot be read or written: nothing new is kept."),
    "overdue": N_("Something planned, such as a check-in, is more than 10 minutes late."),
    "alert": N_("A message of an alert has waited for more than a minute."),
    "staff_chat": N_(
        "The staff chat does not take what I write: let me in and let me write "
        "there, or open its topic General again. Alerts go to each person's own chat "
        "instead."
    ),
    "update": N_(
        "Something that was written to the bot has waited for more than a minute: "
        "phone where somebody may expect an answer."
    ),
    "backup": N_("There has been no backup for two days."),
}
"""What people read of the health page's troubles."""

OF_TELEGRAM: Final = ("staff_chat", "clock")
"""Causes that only an answer of Telegram's ends, not that it says nothing."""

STRANGERS: Final = N_(
    "Nobody from the roster is in the staff chat: is STAFF_CHAT_ID the right number? Alerts may go "
    "to strangers."
)


@dataclass
class Surroundings:
    """What the conditions look at.

    `call` makes a way of its own to Telegram; `own_id` is the bot's user id; `free` returns the
    share of a folder's disk that is free.
    """

    office: Office
    database: Database
    clock: Clock
    pulse: Pulse
    call: Callable[[], Calling]
    own_id: int
    clock_watch: ClockWatch
    wholeness: Wholeness
    free: Callable[[Path], float]


Condition: TypeAlias = Callable[[Surroundings, datetime], Awaitable[Sequence[Trouble]]]


def share_free(folder: Path) -> float:
    """Return the share of a folder's disk that is free."""
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total


async def loops(at: Surroundings, now: datetime) -> list[Trouble]:
    """Judge what the health page judges: polls, plans, alerts, updates, the last copy."""
    facts = await at.database.read(lambda: backlog(now))
    troubles = [Trouble(name, _(WORDS[name])) for name in verdict(at.pulse, facts, now).troubles]
    return [(await whose(at, one, now)) if one.cause == "alert" else one for one in troubles]


async def whose(at: Surroundings, trouble: Trouble, now: datetime) -> Trouble:
    """Return a trouble that also says which cases the messages are about, where that is known."""
    about = await at.database.read(lambda: watching.waiting_about(now))
    if not about:
        return trouble
    said = N_("It is about {cases}. Look in the staff chat, or call the patient.")
    return trouble._replace(sentence=f"{trouble.sentence} {_(said, cases=', '.join(about))}")


async def writing(at: Surroundings, now: datetime) -> list[Trouble]:
    """Write to the database; a failure is said by whoever runs the conditions."""
    await at.database.run(lambda: watching.probe(now))
    return []


async def disk(at: Surroundings, _now: datetime) -> list[Trouble]:
    """Look for room beside a SQLite file; another database has its own watch."""
    path = sqlite_path(at.office.settings.database_url)
    if path is None or (share := at.free(path.absolute().parent)) > LEAST_FREE:
        return []
    return [
        Trouble(
            "disk",
            _(
                "Only {share} of the disk is free: a full disk keeps nothing.",
                share=format(share, ".0%"),
            ),
        )
    ]


async def whole(at: Surroundings, now: datetime) -> list[Trouble]:
    """Look at the whole database file once a day."""
    if not (fault := at.wholeness.look(now)):
        return []
    return [
        Trouble(
            "damaged",
            _(
                "The database file is damaged ({fault}). Stop the bot, keep a copy of the "
                "file, and restore a backup.",
                fault=fault,
            ),
        )
    ]


async def audit(at: Surroundings, _now: datetime) -> list[Trouble]:
    """Look at the end of the audit trail, where somebody would cut."""
    key = at.office.vault.audit
    if not (await at.database.read(lambda: verify_tail(key, AUDITED))):
        return []
    return [Trouble("audit", _("The audit trail was changed: aftercheck audit verify says where."))]


async def telegram(at: Surroundings, _now: datetime) -> list[Trouble]:
    """Look whether the staff chat can be written to, and what time it is there.

    Raises:
        UnreachableError: Telegram says nothing of it now. Its polls tell that; what was wrong
            before is as wrong as it was (`OF_TELEGRAM`).
    """
    number = await at.database.read(at.office.staff_chat)
    roster = await at.database.read(clinic.roster)
    try:
        async with at.call() as call:
            answer = await call("getChat", chat_id=number)
            at.clock_watch.compared(answer.at)  # an answer that refuses tells the time as well
            chat = told_of(answer)
            place = told_of(await call("getChatMember", chat_id=number, user_id=at.own_id))
            takers = [one.id for one in roster if one.takes_alerts]
            known = await knows_somebody(call, number, takers)
    except UnreachableError:
        at.clock_watch.compared(None)
        raise
    strange = [] if known else [Trouble("staff_chat", _(STRANGERS))]
    return [*of_staff_chat(chat, place), *strange, *of_clock(at.clock_watch)]


def told_of(answer: Answer) -> Answer:
    """Return an answer that is about what was asked.

    Raises:
        UnreachableError: it only says that Telegram answers nothing now.
    """
    if answer.code == TOO_MANY or answer.code >= SERVER_ERRORS:
        raise UnreachableError(str(answer.code))
    return answer


def of_staff_chat(chat: Answer, place: Answer) -> list[Trouble]:
    """Say why the staff chat cannot be written to."""
    if chat.parameters.get("migrate_to_chat_id") is not None:
        return []  # the next message follows the group
    status = place.result if place.ok else {"status": "left"}
    found = of_place(status, chat.result.get("permissions", {}) if chat.ok else {})
    if chat.ok and found.mark is not Mark.BAD:
        return []
    why = found.what if chat.ok else _("The staff chat cannot be found.")
    return [Trouble("staff_chat", why + " " + _("Alerts go to each person's own chat instead."))]


def of_clock(watch: ClockWatch) -> list[Trouble]:
    """Say how wrong the clock is."""
    if not watch.holds():
        return []
    off = max(abs(watch.off), abs(watch.jumped))
    return [
        Trouble(
            "clock",
            _(
                "This machine's clock is off by {seconds} s, or was moved by that: "
                "check-ins wait until it is right, alerts go on.",
                seconds=round(off.total_seconds()),
            ),
        )
    ]


async def on_call(at: Surroundings, _now: datetime) -> list[Trouble]:
    """Look whether two people can be reached in private, or the one whom a practice has."""
    roster = await at.database.read(clinic.roster)
    single_handed = at.office.settings.single_handed
    why = why_not_start(roster, single_handed=single_handed)
    return [Trouble("on_call", why)] if why else []


async def undelivered(at: Surroundings, now: datetime) -> list[Trouble]:
    """Look for alerts that nobody can have seen."""
    unseen = await at.database.read(lambda: watching.undelivered(now))
    said = N_("{key} ({level}): its card has not arrived anywhere. Look in the staff chat, or call "
              "the patient {code}.")  # fmt: skip
    return [
        Trouble(f"undelivered:{one.key}",
                _(said, key=one.key, level=restated(str(one.level)), code=one.code),
                again=URGENT_AGAIN)
        for one in unseen
    ]  # fmt: skip


async def untaken(at: Surroundings, now: datetime) -> list[Trouble]:
    """Look for urgent alerts that nobody has taken."""
    people = await at.database.read(lambda: at.office.people(now))
    alerts = await at.database.read(lambda: cards.open_alerts(at.office.vault.keys))
    waiting = [alert for alert in alerts if is_untaken(alert, people, at.office, now)]
    said = N_("{key} ({level}): nobody has taken it for {span}. Look in the staff chat, or call "
              "the patient {code}.")  # fmt: skip
    return [
        Trouble(f"untaken:{one.key}",
                _(said, key=one.key, level=restated(str(one.level).replace("_", " ")),
                  span=minutes(now - waits_since(one)), code=one.code),
                in_staff_chat=False, again=URGENT_AGAIN)
        for one in waiting
    ]  # fmt: skip


CONDITIONS: Final[dict[str, Condition]] = {
    "loops": loops,
    "writing": writing,
    "disk": disk,
    "whole": whole,
    "audit": audit,
    "telegram": telegram,
    "on_call": on_call,
    "undelivered": undelivered,
    "untaken": untaken,
}
"""Every condition, by name; all are looked at each time."""
