"""What whoever asked for a file is told where it does not come: no export ends in silence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot import outgoing
from bot.delivery.outcome import Kind, NotSent, Outcome, Refused, Unknown
from bot.delivery.settling import ending
from bot.office import Office
from flows.engine.events import Lane, Message, Say
from storage.outbox_rows import OutboxRow
from storage.transaction import Transaction

LATE_AFTER: Final = 3
"""Tries that failed, seven seconds in all, after which a file is late (own choice)."""

UNREACHABLE: Final = (Kind.BLOCKED, Kind.DEACTIVATED, Kind.NOT_MEMBER, Kind.MIGRATED)
"""Refusals of the chat itself, where nothing that is written would be read."""


def told(office: Office, row: OutboxRow, outcome: Outcome, now: datetime) -> Transaction[None]:
    """Tell whoever asked for a file what became of it, where it has not come."""
    zone = ZoneInfo(office.settings.clinic_timezone)
    text = sentence(row, outcome, now, asked_with(row.payload, zone))
    if text:
        repeat = f"file:{row.id}:{type(outcome).__name__}:{row.attempts}"
        say = Say(row.chat_id, Message(text), Lane.REPLY, repeat)
        yield from outgoing.say(office, say, row.chat_id, None, now)


def sentence(row: OutboxRow, outcome: Outcome, now: datetime, command: str) -> str:
    """Return what to say; nothing where the file came, or its chat cannot be written to."""
    is_over = ending(row, outcome, now).state != "pending"
    match outcome:
        case Unknown():
            return (
                f"⚠️ The file of {command} took too long or was cut off, and I do not know whether "
                f"it came. If it is not here, ask again: {command}"
            )
        case Refused(kind, text) if kind not in UNREACHABLE:
            return (
                f"⚠️ Telegram refused the file of {command}: {text}. Ask for less, such as a later "
                "first day, or have `aftercheck export` run where the bot runs."
            )
        case NotSent(text) if is_over:
            return (
                f"⚠️ The file of {command} could not be sent for a day, and I have given it up: "
                f"{text}. Please have whoever runs the bot look at the log."
            )
        case NotSent(text) if row.attempts + 1 == LATE_AFTER:
            return (
                f"The file of {command} is late: {text}. I go on trying for a day, and tell you if "
                "I give up."
            )
        case _:
            return ""


def asked_with(payload: Mapping[str, str | None], zone: ZoneInfo) -> str:
    """Return the command that orders the same file again."""
    what = payload.get("format") or "csv"
    since = payload.get("since")
    day = datetime.fromisoformat(since).astimezone(zone).date().isoformat() if since else None
    about = payload.get("alert") or payload.get("case") or day
    words = ("/export", payload["rows"] if what == "csv" else what, about)
    return " ".join(word for word in words if word)
