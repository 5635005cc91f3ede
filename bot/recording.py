"""What is saved with the outcome of a sending: message numbers, who is out of reach, fallbacks.

Hazards: H07, H08, H46, H53.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from bot import outgoing
from bot.composing import Composer, blind
from bot.deciding import Cause, decide
from bot.delivery.outcome import Kind, NotNow, Outcome, Refused, Sent, Unknown
from bot.failing import own_chats
from bot.office import STAFF_CHAT, Office
from bot.refused_messages import (
    GONE,
    SAYS,
    UNSHOWN,
    is_lost,
    is_to_be_read,
    must_arrive,
    not_arrived,
    stuck,
    takes_nothing,
    unchanged,
    unshown,
)
from bot.staff import asked_files
from bot.staff.exporting import EXPORT
from flows.engine.alerts import card_slot
from flows.engine.events import Lane, Message, RefreshCards, Say
from flows.engine.inputs import CardRefused, WasNotDelivered
from flows.staff_language import N_, _
from storage import cards, clinic, outbox, records, synthetic
from storage.condition import is_staff_chat_lost
from storage.notices import is_outdated
from storage.outbox_rows import CARD, CARD_REFRESH, NewRow, OutboxRow
from storage.outbox_rows import Lane as RowLane
from storage.transaction import StorageError, Transaction, apart

LOGGER = logging.getLogger(__name__)
ADD_ME = N_("please add me to the group again.")
OPEN_TOPIC = N_("please open its topic General again, or let me manage topics.")


class Recorder:
    """Saves what an outcome means beyond its row."""

    def __init__(self, office: Office, composer: Composer) -> None:
        self.office = office
        self.composer = composer

    def recorded(
        self, rows: Sequence[OutboxRow], outcome: Outcome, now: datetime
    ) -> Transaction[None]:
        """Save what an outcome of rows means; where that fails, staff are told of what is lost."""
        if not is_lost(rows[0], outcome):
            yield from self.meant(rows, outcome, now)
            return
        try:
            yield from apart(self.meant(rows, outcome, now))
        except StorageError:
            raise
        except Exception:
            LOGGER.exception("what an outcome means could not be worked on; staff are told of it")
            yield from self.told_blindly(rows, now)

    def told_blindly(self, rows: Sequence[OutboxRow], now: datetime) -> Transaction[None]:
        """Tell the staff chat and everybody alone what did not arrive, without any case's key."""
        chats = [(yield from self.office.staff_chat()), *(yield from own_chats(self.office, now))]
        for row in rows:
            text = blind(row.payload["alert"]) if row.method == CARD else stuck(row.code)
            for chat in chats:
                say = Say(chat, Message(text), Lane.ALERT, f"{UNSHOWN}{row.id}:{chat}")
                yield from outgoing.say(self.office, say, chat, None, now)

    def meant(
        self, rows: Sequence[OutboxRow], outcome: Outcome, now: datetime
    ) -> Transaction[None]:
        """Do what an outcome means."""
        shown = self.composer.shown.get(rows[0].id, {})
        if isinstance(outcome, Refused):
            staff = yield from self.office.staff_chat()
            yield from self.refused(rows, outcome, staff, now)
            yield from self.past_telegram(rows, outcome, staff, now)
        for row in rows:
            if isinstance(outcome, Sent) and outcome.message_id is not None:
                yield from self.arrived(row, outcome.message_id)
            if isinstance(outcome, Unknown) and row.lane in (RowLane.CHECK_IN, RowLane.REPLY):
                yield from self.not_delivered(row, "unknown", now)
            if isinstance(outcome, NotNow):
                yield from self.not_delivered(row, "held", now)
            if row.method == EXPORT:
                yield from asked_files.told(self.office, row, outcome, now)
                if asked_files.is_over(row, outcome, now):
                    self.composer.waiting.forget(row.id)
        yield from self.behind(shown, now)

    def arrived(self, row: OutboxRow, message_id: int) -> Transaction[None]:
        """Remember the number of a check-in's message."""
        slot = row.slot or ""
        if row.code and slot.startswith(f"{row.code}:"):
            yield from cards.check_in_arrived(row.code, slot, message_id)

    def behind(self, shown: dict[str, int], now: datetime) -> Transaction[None]:
        """Refresh cards that were already behind when they arrived."""
        for slot, version in shown.items():
            facts = yield from self.composer.facts_now(slot.partition(":")[2])
            if facts is not None and facts.alert.version != version:
                event = RefreshCards(facts.alert.key)
                yield from outgoing.refresh_cards(self.office, event, facts.alert.code, now)

    def refused(
        self, rows: Sequence[OutboxRow], outcome: Refused, staff: int, now: datetime
    ) -> Transaction[None]:
        """Follow a group that moved; make somebody's task of a chat that cannot be written to."""
        chat_id = rows[0].chat_id
        if outcome.new_chat_id is not None:
            if chat_id == staff:
                yield from clinic.put(STAFF_CHAT, str(outcome.new_chat_id))
        elif chat_id == staff and takes_nothing(rows[0], outcome):
            mend = _(OPEN_TOPIC) if outcome.kind is Kind.THREAD_GONE else _(ADD_ME)
            yield from self.staff_chat_lost(rows, mend, now)
        elif outcome.kind in GONE:
            yield from clinic.reach(chat_id, reachable=False)
            row = next((one for one in rows if one.code), None)
            if row is not None:
                yield from self.not_delivered(row, str(outcome.kind), now)
        elif chat_id == staff and rows[0].method == CARD:
            yield from self.card_refused(rows, outcome, staff, now)
        elif outcome.kind is not Kind.NOT_MODIFIED:
            yield from self.message_refused(rows[0], outcome, staff, now)

    def message_refused(
        self, row: OutboxRow, outcome: Refused, staff: int, now: datetime
    ) -> Transaction[None]:
        """Say of one message, which is refused for itself, what somebody has to read or do."""
        if row.method == CARD_REFRESH and outcome.kind is Kind.BAD_TEXT:
            yield from self.refresh_refused(row, now)
        if row.method in SAYS:
            yield from self.words_refused(row, outcome, staff, now)
        if must_arrive(row, outcome):
            yield from self.never_to_arrive(row, staff, now)

    def words_refused(
        self, row: OutboxRow, outcome: Refused, staff: int, now: datetime
    ) -> Transaction[None]:
        """Say that there is something for staff that Telegram does not show: a patient's words.

        Where it was for the staff chat everybody alone hears of it, or reads it, where that chat
        alone may be at fault. What says so is not said again, once it is refused itself.
        """
        people = yield from self.office.people(now)
        is_staff = row.chat_id == staff or any(one.id == row.chat_id for one in people.roster)
        if not is_staff or row.dedup_key.startswith(UNSHOWN):
            return
        chats = [row.chat_id] if row.chat_id == staff or is_to_be_read(row) else []
        if row.chat_id == staff and is_to_be_read(row):
            if outcome.kind is Kind.BAD_TEXT:
                chats += [one.id for one in people.roster if one.takes_alerts and one.reachable]
            else:
                yield from self.to_everybody([row], now)
        for chat in chats:
            say = Say(chat, Message(unshown(row.code)), Lane.ALERT, f"{UNSHOWN}{row.id}:{chat}")
            yield from outgoing.say(self.office, say, chat, None, now)

    def card_refused(
        self, rows: Sequence[OutboxRow], outcome: Refused, staff: int, now: datetime
    ) -> Transaction[None]:
        """Bring cards that the staff chat refused, though it takes others, to everybody alone.

        Where the text is what is wrong, nobody's chat would take it: one without it goes, there
        too.
        """
        if outcome.kind is not Kind.BAD_TEXT:
            yield from self.to_everybody(rows, now)
            return
        people = yield from self.office.people(now)
        alone = [one.id for one in people.roster if one.takes_alerts and one.reachable]
        for row in rows:
            alert = row.payload["alert"]
            text = outgoing.text_only(blind(alert))
            for chat in (staff, *alone):
                key = f"instead:{row.id}:{chat}"
                copy = NewRow(key, row.lane, chat, "sendMessage", text, row.code, card_slot(alert))
                yield from outbox.put(copy, now, self.office.vault)

    def refresh_refused(self, row: OutboxRow, now: datetime) -> Transaction[None]:
        """Say in its chat that a card shows how it stood before; once an hour for each alert."""
        alert = row.payload["alert"]
        key = f"{UNSHOWN}{alert}:{row.chat_id}:{now:%Y-%m-%dT%H}"
        say = Say(row.chat_id, Message(unchanged(alert)), Lane.ALERT, key)
        yield from outgoing.say(self.office, say, row.chat_id, None, now)

    def past_telegram(
        self, rows: Sequence[OutboxRow], outcome: Refused, staff: int, now: datetime
    ) -> Transaction[None]:
        """Let the case decide what a card means that somebody's own chat refused."""
        chat_id = rows[0].chat_id
        if chat_id == staff or outcome.kind in (Kind.MIGRATED, Kind.NOT_MODIFIED):
            return
        for row in rows:
            if row.method == CARD:
                loaded = yield from records.of_case(self.office.vault.keys, row.code or "")
                said = CardRefused(chat_id, row.payload["alert"], row.id)
                if loaded is not None:
                    yield from decide(self.office, loaded, said, Cause(now))

    def never_to_arrive(self, row: OutboxRow, staff: int, now: datetime) -> Transaction[None]:
        """Have staff phone a patient whose check-in or advice Telegram refuses for good.

        Once an hour for each patient where it is an answer, of which there may be many.
        """
        code = row.code or ""
        loaded = yield from records.of_case(self.office.vault.keys, code)
        is_trial = code == synthetic.CODE  # which the watchdog finds hanging
        if loaded is not None and loaded.record.patient.chat_id == row.chat_id and not is_trial:
            key = row.id if row.lane is not RowLane.REPLY else f"{code}:{now:%Y-%m-%dT%H}"
            say = Say(staff, Message(not_arrived(code)), Lane.ALERT, f"refused:{key}")
            yield from outgoing.say(self.office, say, staff, None, now)

    def not_delivered(self, row: OutboxRow, why: str, now: datetime) -> Transaction[None]:
        """Let the engine decide what a message that did not arrive means for its case."""
        loaded = yield from records.of_case(self.office.vault.keys, row.code or "")
        if loaded is not None and loaded.record.patient.chat_id == row.chat_id:
            said = WasNotDelivered(row.slot or "", why, row.created_at, row.dedup_key)
            yield from decide(self.office, loaded, said, Cause(now))

    def staff_chat_lost(
        self, rows: Sequence[OutboxRow], mend: str, now: datetime
    ) -> Transaction[None]:
        """Bring what the staff chat refused to everybody on the roster; `mend` says what to do."""
        people = yield from self.office.people(now)
        if not (yield from is_staff_chat_lost()):
            yield from clinic.put("staff_chat_lost", now.isoformat())
            text = _(
                "⚠️ I cannot write in the staff chat. Alerts come to you here until I can: {mend}",
                mend=mend,
            )
            for one in people.roster:
                if one.on_roster and one.reachable:
                    key = f"lost:{one.id}:{now.isoformat()}"
                    say = Say(one.id, Message(text), Lane.ALERT, key)
                    yield from outgoing.say(self.office, say, one.id, None, now)
        yield from self.to_everybody(rows, now)

    def to_everybody(self, rows: Sequence[OutboxRow], now: datetime) -> Transaction[None]:
        """Bring what the staff chat refused to everybody who takes alerts, unless they get it."""
        people = yield from self.office.people(now)
        for row in rows:
            for one in people.roster:
                if one.takes_alerts and one.reachable:
                    yield from self.instead(row, one.id, now)

    def instead(self, row: OutboxRow, person: int, now: datetime) -> Transaction[None]:
        """Put what one chat refused into the outbox for a person, unless they get it anyway."""
        if not is_to_be_read(row) or row.payload.get("message_id"):
            return
        payload = {k: v for k, v in row.payload.items() if k != "reply_parameters"}
        slot = card_slot(row.payload["alert"]) if row.method == CARD else row.slot
        if slot and (yield from is_outdated(slot, person, row.id, row.method)):
            return
        copy = NewRow(
            f"instead:{row.id}:{person}", row.lane, person, row.method, payload, row.code, slot
        )
        yield from outbox.put(copy, now, self.office.vault)
