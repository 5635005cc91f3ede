"""What goes by a second channel, composed when it goes, and only if it still has a reason.

Hazards: H53.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from bot.clock import Clock
from bot.delivery.parcel import Prepare, Prepared
from bot.office import Office
from flows.second_channel import SecondChannel, alert_words, code_words
from storage import cards, clinic, second_channels
from storage.notices import is_outdated
from storage.outbox_rows import SECOND_CHANNEL, OutboxRow
from storage.transaction import StorageError, Transaction

LOGGER = logging.getLogger(__name__)
LONGEST_SUBJECT: Final = 100  # characters
UNREADABLE: Final = "cannot_be_read"
"""In the place of the level of an alert whose card cannot be composed either."""


class SecondComposer:
    """Composes what goes to members of staff past Telegram."""

    def __init__(self, office: Office, clock: Clock) -> None:
        self.office = office
        self.clock = clock

    @property
    def methods(self) -> Mapping[str, Prepare]:
        """What composes which of the outbox's own methods."""
        return {SECOND_CHANNEL: self.composed}

    def composed(self, rows: Sequence[OutboxRow]) -> Transaction[Prepared | None]:
        """Return the message; None where the channel is another or none now, or nothing is left."""
        row = rows[0]
        channel = yield from second_channels.of(self.office.vault.clinic, row.chat_id)
        who = yield from clinic.member(row.chat_id)
        if channel is None or who is None or not who.on_roster:
            return None
        if "code" in row.payload:
            is_asked = channel.state == "asked" and channel.code == row.payload["code"]
            words = code_words(self.clinic_name, who.name, channel.code) if is_asked else None
        else:
            words = (yield from self.alert(row)) if who.has_second_channel else None
        return self.prepared(channel, words, row) if words else None

    def alert(self, row: OutboxRow) -> Transaction[tuple[str, str] | None]:
        """Return the words of an alert.

        None where somebody has seen to it or holds it, or a newer notice takes this one's place.
        One that cannot be read, or not be raised, may be any: whoever Telegram does not reach hears
        of it here.
        """
        if (yield from is_outdated(row.slot or "", row.chat_id, row.id, row.method)):
            return None
        key, board = row.payload["alert"], self.office.settings.board_url.rstrip("/")
        if "unraised" in row.payload:
            return alert_words(self.clinic_name, key, UNREADABLE, board)
        try:
            facts = yield from cards.facts(self.office.vault.keys, key)
        except StorageError:
            raise
        except Exception:
            LOGGER.exception("an alert cannot be read; its second channel says that it is there")
            return alert_words(self.clinic_name, key, UNREADABLE, board)
        if facts is None or not facts.alert.is_open:
            return None
        desk = yield from self.office.desk(facts.protocol, self.clock.now())
        alert, now = facts.alert.facts, self.clock.now()
        held = alert.held_until(desk.clinic, desk.protocol.escalation, now)
        if alert.answered_by(alert.contacted_at) or (held is not None and held > now):
            return None
        return alert_words(self.clinic_name, key, str(facts.alert.level), board)

    def prepared(
        self, channel: SecondChannel, words: tuple[str, str], row: OutboxRow
    ) -> Prepared:  # fmt: skip
        """Return the call; `key` is the same for each message about one thing."""
        subject, text = words
        return Prepared(channel.address.kind, {
            "where": channel.address.where, "subject": subject[:LONGEST_SUBJECT], "text": text,
            "clinic": self.clinic_name, "key": row.payload.get("alert", "code"),
        })  # fmt: skip

    @property
    def clinic_name(self) -> str:
        """Return what the clinic is called, on one line: it stands in a subject."""
        return " ".join((self.office.settings.clinic_name or "Aftercheck").split())
