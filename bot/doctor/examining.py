"""The whole examination, in the order in which one would mend."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from bot.doctor.account import of_account, of_clock, of_updates
from bot.doctor.calling import Calling, UnreachableError
from bot.doctor.findings import Finding, bad, doubt, well
from bot.doctor.machine import (
    of_faq,
    of_protocol,
    of_roster,
    of_settings,
    of_storage,
    of_watching,
)
from bot.doctor.staff_chat import of_staff_chat
from bot.settings import Settings
from flows.escalation import StaffMember
from flows.roster import present
from storage.clinic import roster_in
from storage.condition import running_bots
from storage.location import sqlite_path
from storage.transaction import StorageError


async def examine(known: Settings, now: datetime) -> AsyncIterator[Finding]:
    """Yield everything that was found, each as soon as it is known."""
    people = await asyncio.to_thread(people_of, known)
    for one in (*of_settings(known), *of_watching(known, people), *of_roster(known, people)):
        yield one
    for one in await asyncio.to_thread(lambda: [of_protocol(known), *of_faq(known)]):
        yield one
    for one in await asyncio.to_thread(lambda: list(of_storage(known, now))):
        yield one
    token = known.telegram_bot_token.get_secret_value()
    if not token:
        yield doubt("Telegram was not asked: there is no token.")
        return
    async with Calling(known.telegram_api_url, token) as call:
        try:
            async for one in of_telegram(known, people, call, now):
                yield one
        except UnreachableError as error:
            yield bad(f"The Bot API does not answer ({error}).",
                      "Check the network, a proxy, and TELEGRAM_API_URL.")  # fmt: skip


async def of_telegram(
    known: Settings, people: Sequence[StaffMember], call: Calling, now: datetime
) -> AsyncIterator[Finding]:
    """Yield what Telegram says."""
    me = await call("getMe")
    for one in of_account(me):
        yield one
    if not me.ok:
        return
    yield of_clock(me.at, now)
    running = await asyncio.to_thread(running_here, known.database_url)
    if running > 1:
        yield well(f"{running} workers run on this database; one of them sends.")
    async for one in of_updates(call, known.webhook_url, running=running > 0):
        yield one
    if known.staff_chat_id:
        bot = me.result["id"]
        async for one in of_staff_chat(call, known.staff_chat_id, bot, people):
            yield one


def people_of(known: Settings) -> Sequence[StaffMember]:
    """Return who is on the roster now; before the first start, who will be by the settings."""
    try:
        path = sqlite_path(known.database_url)
        is_there = path is None or path.exists()
        return (present(roster_in(known.database_url)) if is_there else ()) or known.staff
    except StorageError:  # which is said by those who look at the database
        return known.staff


def running_here(database_url: str) -> int:
    """Return how many bots run here; where one does, asking for updates would disturb it."""
    try:
        return running_bots(database_url)
    except StorageError:  # which was said before
        return 0
