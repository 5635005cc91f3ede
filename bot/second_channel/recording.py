"""What is saved with the outcome of a message by a second channel: how the channel stands.

Hazards: H53.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot import outgoing
from bot.delivery.outcome import Kind, NotSent, Outcome, Refused, Sent, Unknown
from bot.office import Office
from flows.engine.events import Did, Lane, Message, Say
from flows.escalation import StaffMember
from flows.second_channel import SecondChannel
from flows.staff_language import _
from storage import audit, clinic, second_channels
from storage.enrolment import is_announced
from storage.outbox_rows import OutboxRow
from storage.sealing import SealError
from storage.transaction import Transaction

PATIENCE: Final = timedelta(seconds=60)
"""So long a message may wait before it is said that its channel takes nothing: as long as any other
of an alert's (docs/sources.md, watchdog)."""


class SecondRecorder:
    """Saves what an outcome means for a channel, and tells the staff chat."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def recorded(
        self, rows: Sequence[OutboxRow], outcome: Outcome, now: datetime
    ) -> Transaction[None]:
        """Save what the outcome of one message means."""
        row = rows[0]
        who = yield from clinic.member(row.chat_id)
        if who is None:
            return
        try:
            channel = yield from second_channels.of(self.office.vault.clinic, row.chat_id)
        except (SealError, ValueError, KeyError):
            if now - row.created_at >= PATIENCE:
                yield from self.fails(who, row, "unreadable", now)
            return
        if channel is None or not is_about(row, channel):
            return
        if isinstance(outcome, Refused):
            ends = self.refused if outcome.kind is Kind.BAD_TEXT else self.lost
            yield from ends(who, row, outcome, now)
        elif isinstance(outcome, Sent):
            yield from self.arrived(who, now)
        elif isinstance(outcome, (NotSent, Unknown)) and now - row.created_at >= PATIENCE:
            yield from self.fails(who, row, outcome.text, now)

    def refused(
        self, who: StaffMember, row: OutboxRow, refusal: Refused, now: datetime
    ) -> Transaction[None]:
        """Say that one message is not taken for what stands in it; the next may be."""
        text = _(
            "⚠️ A message to {name}'s second channel was refused there for what stands in it "
            "({reason}), so it never arrives. The channel is still used. Please have whoever runs "
            "the bot look at it.",
            name=who.name,
            reason=refusal.text,
        )
        detail = f"one message refused ({refusal.text})"
        yield from self.said(who, text, detail, f"refused:{row.id}", now)

    def lost(
        self, who: StaffMember, _row: OutboxRow, refusal: Refused, now: datetime
    ) -> Transaction[None]:
        """Use a channel no more that takes nothing for good, and say so."""
        if not (yield from second_channels.becomes(who.id, who.channel, "lost")):
            return
        text = _(
            "⚠️ {name}'s second channel is lost: what it leads to takes nothing "
            "({reason}). Alerts reach {name} in Telegram alone now. {name} sets it again "
            "in a private chat with me: /roster channel",
            name=who.name,
            reason=refusal.text,
        )
        yield from self.said(who, text, f"lost ({refusal.text})", f"lost:{now.isoformat()}", now)

    def fails(
        self, who: StaffMember, row: OutboxRow, why: str, now: datetime
    ) -> Transaction[None]:  # fmt: skip
        """Say once that a channel takes nothing now; what waits is tried again and again."""
        if who.channel == "confirmed":
            yield from second_channels.becomes(who.id, "confirmed", "failing")
        elif who.channel != "asked":
            return
        reason = why.split(maxsplit=1)[0][:40] if why else "no answer"
        text = _(
            "⚠️ {name}'s second channel has taken nothing for a minute ({reason}). It is "
            "tried again, and goes on being tried. Until it works, alerts reach them in "
            "Telegram alone.",
            name=who.name,
            reason=reason,
        )
        key = f"fails:{row.id}"
        yield from self.said(who, text, f"takes nothing ({reason})", key, now)

    def arrived(self, who: StaffMember, now: datetime) -> Transaction[None]:
        """Say that a channel works again."""
        if (yield from second_channels.becomes(who.id, "failing", "confirmed")):
            text = _("{name}'s second channel works again.", name=who.name)
            yield from self.said(who, text, "works again", f"works:{now.isoformat()}", now)

    def said(
        self, who: StaffMember, text: str, detail: str, repeat: str, now: datetime
    ) -> Transaction[None]:
        """Tell the staff chat, once for each `repeat`, and log it."""
        chat = yield from self.office.staff_chat()
        say = Say(chat, Message(text), Lane.ALERT, f"channel:{who.id}:{repeat}")
        if not (yield from is_announced(say.repeat)):
            yield from outgoing.say(self.office, say, chat, None, now)
            log = Did(None, "Aftercheck", "channel", detail=f"{who.name}'s: {detail}")
            yield from audit.did(self.office.vault.audit, None, log, now)


def is_about(row: OutboxRow, channel: SecondChannel) -> bool:
    """Whether a message went to this channel, and not to one that has been replaced since."""
    if "code" in row.payload:
        return channel.state == "asked" and channel.code == row.payload["code"]
    return channel.state in ("confirmed", "failing")
