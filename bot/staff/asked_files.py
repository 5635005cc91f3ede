"""What whoever asked for a file is told: how far it is, and where it does not come.

No export ends in silence. How far it is stands in one message, which is changed as it goes.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from bot import outgoing
from bot.delivery.outcome import Kind, NotSent, Outcome, Refused, Sent, Unknown, Waits
from bot.delivery.settling import ending
from bot.export.files import SHAPES, Shape
from bot.office import Office
from bot.settings import Settings
from flows.engine.events import Lane, Message, Say
from flows.staff_language import N_, _
from storage import cards, outbox
from storage.outbox_rows import STUCK, NewRow, OutboxRow
from storage.outbox_rows import Lane as RowLane
from storage.transaction import Transaction

AN_INSTANT: Final = timedelta(microseconds=1)
"""A last day ends with the first instant that is left out."""

LATE_AFTER: Final = 3
"""Tries that failed, seven seconds in all, after which a file is late (own choice)."""

BOARD: Final = N_("write /board, then Export")
UNREACHABLE: Final = (Kind.BLOCKED, Kind.DEACTIVATED, Kind.NOT_MEMBER, Kind.MIGRATED)
"""Refusals of the chat itself, where nothing that is written would be read."""


def told(office: Office, row: OutboxRow, outcome: Outcome, now: datetime) -> Transaction[None]:
    """Tell whoever asked for a file what became of it, where it has not come."""
    command = asked_with(row.payload, ZoneInfo(office.settings.clinic_timezone))
    yield from shown(office, row, outcome, command, now)
    text = sentence(row, outcome, now, command, elsewhere(office.settings))
    if text:
        repeat = f"file:{row.id}:{type(outcome).__name__}:{row.attempts}"
        say = Say(row.chat_id, Message(text), Lane.REPLY, repeat)
        yield from outgoing.say(office, say, row.chat_id, None, now)


def shown(
    office: Office, row: OutboxRow, outcome: Outcome, command: str, now: datetime
) -> Transaction[None]:  # fmt: skip
    """Say how far a file that takes long is, in one message; the last change says how it ended."""
    shape = SHAPES[row.payload.get("format") or "csv"]
    text = how_far(outcome, command, shape, is_over=is_over(row, outcome, now))
    if not text:
        return
    slot = f"{row.method}:{row.id}"
    number = yield from cards.newest(slot, row.chat_id)
    if number is not None:
        key = f"{slot}:{sha256(text.encode()).hexdigest()[:16]}"
        call = {"message_id": number, **outgoing.text_only(text)}
        change = NewRow(key, RowLane.REPLY, row.chat_id, "editMessageText", call)
        yield from outbox.put(change, now, office.vault)
    elif isinstance(outcome, Waits):
        say = Say(row.chat_id, Message(text), Lane.REPLY, f"{slot}:shown", slot=slot)
        yield from outgoing.say(office, say, row.chat_id, None, now)


def how_far(outcome: Outcome, command: str, shape: Shape, *, is_over: bool) -> str:
    """Return how far a file is; nothing where only its sending is tried again."""
    match outcome:
        case Waits(done, total) if not is_over:
            if not total:
                return _("The file of {command} is being written.", command=command)
            so_far = shape.how_far(done, total)
            return _("The file of {command} is being written: {so_far}.",
                     command=command, so_far=so_far)  # fmt: skip
        case Sent():
            return _("The file of {command} is written and sent.", command=command)
        case _ if is_over:
            return _("The file of {command} did not come to its end.", command=command)
        case _:
            return ""


def is_over(row: OutboxRow, outcome: Outcome, now: datetime) -> bool:
    """Whether a file's message does not go again after this."""
    return ending(row, outcome, now).state != "pending"


def sentence(row: OutboxRow, outcome: Outcome, now: datetime, command: str, larger: str) -> str:
    """Return what to say; nothing where the file came, or its chat cannot be written to.

    `larger` is where one gets a file that a chat does not take.
    """
    is_last = is_over(row, outcome, now)
    match outcome:
        case Unknown():
            return _(
                "⚠️ The file of {command} took too long or was cut off, and I do not know "
                "whether it came. If it is not here, ask again: {command}",
                command=command,
            )
        case Refused(kind, text) if kind not in UNREACHABLE:
            return _(
                "⚠️ Telegram refused the file of {command}: {text}. Ask for less, such as a "
                "later first day, or {larger}.",
                command=command,
                text=text,
                larger=larger,
            )
        case NotSent() | Waits() if is_last:
            return _(
                "⚠️ The file of {command} could not be sent for a day, and I have given it "
                "up: {text}. Please have whoever runs the bot look at the log.",
                command=command,
                text=why(outcome, SHAPES[row.payload.get("format") or "csv"]),
            )
        case NotSent() if row.attempts + 1 == LATE_AFTER:
            return _(
                "The file of {command} is late: {text}. I go on trying for a day, and tell "
                "you if I give up.",
                command=command,
                text=why(outcome, SHAPES[row.payload.get("format") or "csv"]),
            )
        case _:
            return ""


def why(outcome: NotSent | Waits, shape: Shape) -> str:
    """Return why a file has not gone; what the network says of itself stands as it says it.

    Of one that cannot be made the kind of error is said: what it was is in the log.
    """
    match outcome:
        case Waits(done, total) if total:
            so_far = shape.how_far(done, total)
            return _("it is still being written ({so_far})", so_far=so_far)
        case Waits():
            return _("it is still being written")
        case NotSent(text):
            return stuck(text) if text.startswith(STUCK) else text


def stuck(reason: str) -> str:
    """Return that something cannot be put together, with the error's name where one is known."""
    error = reason.rpartition(": ")[2]
    return _(STUCK) if error == reason else f"{_(STUCK)} ({error})"


def elsewhere(settings: Settings) -> str:
    """Return where one gets a file of any size: on the board, where there is one."""
    if settings.board_url:
        return _(
            "take it out on the board, which writes files of any size: {board}", board=_(BOARD)
        )
    return _("have `aftercheck export` run where the bot runs")


def asked_with(payload: Mapping[str, str | None], zone: ZoneInfo) -> str:
    """Return the command that orders the same file again."""
    what = payload.get("format") or "csv"
    since, until = payload.get("since"), payload.get("until")
    first = day(datetime.fromisoformat(since), zone) if since else None
    last = day(datetime.fromisoformat(until) - AN_INSTANT, zone) if until else None
    about = payload.get("alert") or payload.get("case")
    words = ("/export", payload["rows"] if what == "csv" else what, about, first, last)
    return " ".join(word for word in words if word)


def day(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant's day by a clock, as one types it."""
    return at.astimezone(zone).date().isoformat()
