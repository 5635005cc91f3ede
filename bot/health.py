"""Whether the bot does its work: `GET /healthz` says 200 or 503, and why; nothing of any patient.

The limits are docs/sources.md, watchdog. The same verdict, and what else the watchdog finds,
decides whether the heartbeat goes out.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from aiohttp import web

from storage.condition import Backlog
from storage.transaction import StorageError

LONGEST_SINCE_POLL = timedelta(seconds=120)
LONGEST_SINCE_TICK = timedelta(seconds=120)
LONGEST_ALERT = timedelta(seconds=60)
LONGEST_OVERDUE = timedelta(minutes=10)
LONGEST_SINCE_BACKUP = timedelta(days=2)
"""A night that failed may be made up for in the next (own choice)."""
LONGEST_UPDATE = timedelta(seconds=60)
"""As long as an alert: an update that nobody works on may hold one (own choice)."""


@dataclass
class Pulse:
    """What the loops of the bot write down.

    `last_poll` is the last answer to getUpdates, or the last update brought to the webhook or
    look at it; `last_update` the last update that was stored; `last_tick` the last time the due
    table was worked through; `last_sent` the last message delivered. `last_error` is the type of
    the last error, never its text. `workers` are those that run on the database, and `leads` says
    whether this one sends; one that does not has no poll to be late with. `last_heartbeat` is the
    last one that was heard, `watched` what the watchdog found wrong when it looked last.
    """

    started_at: datetime
    last_poll: datetime | None = None
    last_tick: datetime | None = None
    last_sent: datetime | None = None
    last_error: str = ""
    workers: int = 1
    leads: bool = True
    last_heartbeat: datetime | None = None
    watched: tuple[str, ...] = ()
    last_update: datetime | None = None


class Verdict(NamedTuple):
    """Whether all is well, a word for each thing that is not, and the figures behind it."""

    ok: bool
    troubles: tuple[str, ...]
    figures: Mapping[str, float | str | None]


def verdict(pulse: Pulse, facts: Backlog | None, now: datetime) -> Verdict:
    """Judge the bot's work. `facts` are None where the database could not be read.

    A loop that has never run yet has the same time as one that stands still, from the start on.
    One that ran in the future waits for a clock that was set back, and is as bad as a late one.
    """
    since_poll = now - (pulse.last_poll or pulse.started_at)
    since_tick = now - (pulse.last_tick or pulse.started_at)
    overdue = age(facts.due_at if facts else None, now)
    unsent = age(facts.alert_at if facts else None, now)
    copied = age(facts.backup_at if facts else None, now)
    unheard = age(facts.update_at if facts else None, now)
    wrong = {
        "poll": abs(since_poll) > LONGEST_SINCE_POLL,
        "tick": abs(since_tick) > LONGEST_SINCE_TICK,
        "database": facts is None,
        "overdue": overdue is not None and overdue > LONGEST_OVERDUE,
        "alert": unsent is not None and unsent > LONGEST_ALERT,
        "staff_chat": facts is not None and facts.is_staff_chat_lost,
        "update": unheard is not None and unheard > LONGEST_UPDATE,
        "backup": copied is not None and copied > LONGEST_SINCE_BACKUP,
    }
    troubles = tuple(name for name, is_wrong in wrong.items() if is_wrong)
    return Verdict(not troubles, troubles, {
        "poll_age": seconds(since_poll),
        "tick_age": seconds(since_tick),
        "sent_age": seconds(age(pulse.last_sent, now)),
        "oldest_overdue": seconds(overdue),
        "oldest_unsent_alert": seconds(unsent),
        "oldest_unheard_update": seconds(unheard),
        "backup_age": seconds(copied),
        "up": seconds(now - pulse.started_at),
        "last_error": pulse.last_error or None,
        "workers": pulse.workers,
        "leads": pulse.leads,
        "heartbeat_age": seconds(age(pulse.last_heartbeat, now)),
    })  # fmt: skip


def age(since: datetime | None, now: datetime) -> timedelta | None:
    """Return how long ago something was, or None."""
    return None if since is None else now - since


def seconds(span: timedelta | None) -> float | None:
    """Return a span in seconds, to the tenth."""
    return None if span is None else round(span.total_seconds(), 1)


def own_version() -> str:
    """Return this program's version; `unknown` where it runs without being installed."""
    try:
        return version("aftercheck")
    except PackageNotFoundError:
        return "unknown"


def health_handler(
    pulse: Pulse, facts: Callable[[datetime], Awaitable[Backlog]], now: Callable[[], datetime]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of `GET /healthz`.

    `facts` reads `storage.condition.backlog`, for example
    `lambda at: database.read(lambda: backlog(at))`.
    """

    async def healthz(_request: web.Request) -> web.Response:
        at = now()
        try:
            found: Backlog | None = await facts(at)
        except StorageError:
            found = None
        judged = verdict(pulse, found, at)
        troubles = list(dict.fromkeys([*judged.troubles, *pulse.watched]))
        body = {"ok": not troubles, "troubles": troubles, "version": own_version()}
        return web.json_response(
            body | dict(judged.figures), status=503 if troubles else 200,
            headers={"Cache-Control": "no-store"},
        )  # fmt: skip

    return healthz
