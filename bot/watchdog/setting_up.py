"""The watchdog of a bot, as the settings have it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from bot.clock import Clock
from bot.doctor.calling import Calling
from bot.health import Pulse
from bot.heartbeat import beat
from bot.office import Office
from bot.watchdog.channels import Channel, StaffChat, second_channels
from bot.watchdog.clock_watch import ClockWatch
from bot.watchdog.conditions import Condition, Surroundings, share_free
from bot.watchdog.telling import BRIEFLY
from bot.watchdog.trial_round import TrialRound
from bot.watchdog.watching import Watchdog
from bot.watchdog.wholeness import Wholeness
from flows.engine.desk import day_and_time
from flows.escalation import StaffMember
from storage import clinic
from storage.inbox import Waiting
from storage.transaction import Database, StorageError


def watchdog_of(  # noqa: PLR0913, PLR0917 - what it is wired to
    office: Office, database: Database, clock: Clock, pulse: Pulse, own_id: int,
    clock_watch: ClockWatch, submit: Callable[[Sequence[Waiting]], None],
) -> Watchdog:  # fmt: skip
    """Return it; `submit` has stored updates worked on."""
    known = office.settings
    token = known.telegram_bot_token.get_secret_value()
    last, team = [known.staff_chat_id], [takers(known.staff)]

    def call() -> Calling:
        return Calling(known.telegram_api_url, token)

    async def staff_chat() -> int:
        """Return the group's number, the last one known where the database cannot be read."""
        with suppress(StorageError, TimeoutError):
            async with asyncio.timeout(BRIEFLY):
                last[0] = await database.read(office.staff_chat)
        return last[0]

    async def people() -> Sequence[int]:
        """Return whom to tell alone, as the roster was when it could be read last."""
        with suppress(StorageError, TimeoutError):
            async with asyncio.timeout(BRIEFLY):
                team[0] = takers(await database.read(clinic.roster))
        return team[0]

    def said(when: datetime) -> str:
        return day_and_time(when, known.hours.zone)

    channels: list[Channel] = [StaffChat(call, staff_chat, people, said)]
    channels += second_channels(known, said)
    more: dict[str, Condition] = {}
    if known.silent_chat_id:
        more["trial"] = TrialRound(known.silent_chat_id, clock_watch, submit)
    at = Surroundings(
        office, database, clock, pulse, call, own_id, clock_watch,
        Wholeness(known.database_url), share_free,
    )  # fmt: skip
    return Watchdog(at, channels, partial(beat, known.heartbeat_url), more)


def takers(roster: Sequence[StaffMember]) -> list[int]:
    """Return the own chats of those who take alerts."""
    return [one.id for one in roster if one.takes_alerts]
