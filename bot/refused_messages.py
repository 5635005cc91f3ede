"""What it means that Telegram refuses a message for good, and what staff read in its place.

Hazards: H08, H37, H46.
"""

from typing import Final

from bot.delivery.outcome import Kind, Outcome, Refused, Unknown
from flows.staff_language import _
from storage import synthetic
from storage.outbox_rows import CARD, Lane, OutboxRow

GONE: Final = (Kind.BLOCKED, Kind.DEACTIVATED, Kind.NOT_MEMBER)
TAKES_NOTHING: Final = (*GONE, Kind.THREAD_GONE, Kind.OTHER)
"""Why a staff chat refuses every message; its topic is closed where one without a topic is."""
OF_THE_MESSAGE: Final = (Kind.BAD_TEXT, Kind.OTHER)
"""Why one message is refused: not for its chat, nor for what it changes or answers."""
SAYS: Final = frozenset({"sendMessage", "sendPhoto"})
UNSHOWN: Final = "unshown:"
"""How the key begins of what says that something is not shown; of that, nothing more is said."""


def takes_nothing(row: OutboxRow, outcome: Refused) -> bool:
    """Whether the staff chat will take no other message either.

    A change, a picture or a file may be refused for reasons of its own: what is new, and only text,
    arrives all the same.
    """
    is_its_own = outcome.kind is Kind.OTHER and row.method not in {"sendMessage", CARD}
    return outcome.kind in TAKES_NOTHING and not is_its_own


def is_to_be_read(row: OutboxRow) -> bool:
    """Whether staff have to read it though nobody waits for it: alerts, what a patient said."""
    return row.lane is Lane.ALERT or (row.lane is Lane.REST and bool(row.code))


def unshown(code: str | None) -> str:
    """Return what staff read of something that Telegram does not show."""
    if code:
        return _(
            "⚠️ Something of {code} that you should read here was refused by Telegram. Please read "
            "/case {code}, and have whoever runs the bot look at the log.",
            code=code,
        )
    return _(
        "⚠️ Something that you should read here was refused by Telegram. Please have whoever runs "
        "the bot look at the log."
    )


def unchanged(alert: str) -> str:
    """Return what staff read of a card whose change Telegram refuses."""
    return _(
        "⚠️ The card of {alert} here shows how it stood before: Telegram refused the change. Please "
        "read /case {case}, and have whoever runs the bot look at the log.",
        alert=alert,
        case=alert.partition("-")[0],
    )


def must_arrive(row: OutboxRow, outcome: Refused) -> bool:
    """Whether somebody has to phone a patient whom a message does not reach.

    Of an answer only where the message itself is refused: its screen may be gone with its chat.
    """
    if row.lane is Lane.REPLY:
        return outcome.kind in OF_THE_MESSAGE
    return row.lane in {Lane.ALERT, Lane.CHECK_IN}


def is_lost(row: OutboxRow, outcome: Outcome) -> bool:
    """Whether a message that somebody needs has not arrived, or nobody knows whether it has."""
    if (row.lane is Lane.REST and not row.code) or row.code == synthetic.CODE:
        return False
    is_refused = isinstance(outcome, Refused) and outcome.kind not in {
        Kind.MIGRATED, Kind.NOT_MODIFIED
    }  # fmt: skip
    is_unknown = isinstance(outcome, Unknown) and row.lane in {Lane.CHECK_IN, Lane.REPLY}
    return (is_refused or is_unknown) and not row.dedup_key.startswith(UNSHOWN)


def not_arrived(code: str) -> str:
    """Return what staff read of a message to a patient that Telegram refuses."""
    return _(
        "⚠️ Telegram refused a message to {code}, so it never arrives. Please phone the patient, "
        "and have whoever runs the bot look at the log.",
        code=code,
    )


def stuck(code: str | None) -> str:
    """Return what staff read of a message that did not arrive where nothing else is done of it."""
    if code:
        return _(
            "⚠️ A message of {code} has not arrived, and what follows from that could not be worked "
            "on. Please phone the patient, and have whoever runs the bot look at the log.",
            code=code,
        )
    return _(
        "⚠️ A message has not arrived, and what follows from that could not be worked on. Please "
        "have whoever runs the bot look at the log."
    )
