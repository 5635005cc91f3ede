"""What is composed at the last moment: cards from what is stored then, pictures, files.

Hazards: H10, H46.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from bot import outgoing, recovery_curve, waited_questions
from bot.clock import Clock
from bot.delivery.parcel import WAITED, Prepare, Prepared, Upload, as_stored, units
from bot.export.everything import COPIES, document
from bot.export.files import ONE_ROW, SHAPES, Order, write
from bot.export.waiting import Report, Waiting
from bot.office import Office
from bot.qr import png
from bot.settings import Settings
from bot.staff.exporting import EXPORT, order_of
from flows.engine.alerts import card_slot
from flows.engine.cards import alert_list, card
from flows.engine.desk import Desk
from flows.engine.events import Message
from flows.staff_language import N_, _
from storage import cards, records
from storage.cards import Facts
from storage.notices import is_outdated
from storage.outbox_rows import CARD, CARD_REFRESH, OutboxRow
from storage.sealing import Keyring
from storage.transaction import StorageError, Transaction

LOGGER = logging.getLogger(__name__)
LARGEST_FILE = 49_000_000
"""Bytes; Telegram takes files of 50 MB from a bot (Bot API, sending files)."""
EVERYONE = "everyone"
FOR = N_("For")
REMEMBERED = 1_000
"""Messages whose versions are remembered: many times those that are on their way together."""
CHANGE = "editMessageText"


@dataclass
class Composer:
    """Composes calls; `shown` holds which version of an alert each row's card last showed."""

    office: Office
    clock: Clock
    shown: dict[int, dict[str, int]] = field(default_factory=dict)
    waiting: Waiting = field(default_factory=Waiting)

    @property
    def methods(self) -> Mapping[str, Prepare]:
        """What composes which of the outbox's own methods."""
        return {
            CARD: self.some_card,
            CARD_REFRESH: self.refreshed,
            CHANGE: self.changed,
            outgoing.QR: self.picture,
            EXPORT: self.export,
            outgoing.COPY: self.copy,
            WAITED: lambda rows: waited_questions.composed(self.office, rows[0], self.clock.now()),
            outgoing.CURVE: lambda rows: recovery_curve.composed(self.office, rows[0]),
        }

    def some_card(self, rows: Sequence[OutboxRow]) -> Transaction[Prepared | None]:
        """Compose cards; one that cannot be composed says so, since staff must hear of it anyway.

        Several are tried one by one instead.
        """
        try:
            return (yield from self.cards(rows))
        except StorageError:
            raise
        except Exception:
            if len(rows) > 1:
                raise
            LOGGER.exception("a card could not be composed; staff hear of its alert without it")
            return Prepared("sendMessage", outgoing.text_only(blind(rows[0].payload["alert"])))

    def cards(self, rows: Sequence[OutboxRow]) -> Transaction[Prepared | None]:
        """Compose one card, or many as a list.

        None where every alert has been closed since, or a newer notice of it takes this one's
        place: after an outage each chat gets one card of an alert, not one for every five minutes.
        None too for whoever has left the roster since.
        """
        found = {}
        left = yield from self.office.left(self.clock.now())
        for row in rows:
            if row.chat_id in left:
                continue
            if (yield from is_outdated(row.slot or "", row.chat_id, row.id, row.method)):
                continue
            facts = yield from self.facts(row.payload["alert"])
            if facts is not None and facts.alert.is_open:
                found[facts.alert.key] = (row, facts)
        if not found:
            return None
        self.remember(rows[0], [facts for _, facts in found.values()])
        row, facts = next(iter(found.values()))
        desk = yield from self.desk(facts)
        if len(found) > 1:
            alerts = [facts.alert for _, facts in found.values()]
            message = alert_list(desk, alerts, self.clock.now())
            return Prepared("sendMessage", outgoing.payload_of(message))
        number = row.payload["number"]
        message = card(desk, facts.alert, facts.visit, self.clock.now(), number)
        return Prepared("sendMessage", addressed(desk, message, row.payload))

    def refreshed(self, rows: Sequence[OutboxRow]) -> Transaction[Prepared | None]:
        """Compose what a message that shows one alert or several is to show now."""
        row = rows[0]
        slots = yield from cards.behind(row.chat_id, row.payload["message_id"])
        found = []
        for slot in slots:
            kind, _, key = slot.partition(":")
            facts = (yield from self.facts(key)) if kind == "alert" else None
            if facts is not None:
                found.append(facts)
        if not found:
            return None
        self.remember(row, found)
        desk = yield from self.desk(found[0])
        if len(found) > 1:
            message = alert_list(desk, [one.alert for one in found], self.clock.now())
        else:
            message = card(desk, found[0].alert, found[0].visit, self.clock.now())
        payload = {"message_id": row.payload["message_id"], **outgoing.payload_of(message)}
        return Prepared("editMessageText", payload)

    def changed(self, rows: Sequence[OutboxRow]) -> Transaction[Prepared | None]:
        """Return a change of a message as it was decided.

        None where it was claimed before, and a newer screen has come since: what goes again must
        not put an old question over the advice that followed it.
        """
        row = rows[0]
        again = row.token > 1 and row.slot
        if again and (yield from is_outdated(row.slot or "", row.chat_id, row.id, row.method)):
            return None
        return as_stored(row)

    def picture(self, rows: Sequence[OutboxRow]) -> Transaction[Prepared | None]:
        """Compose a link's picture."""
        payload = dict(rows[0].payload)
        link = payload.pop("link")

        async def drawn() -> bytes:
            return png(link)

        yield from ()
        return Prepared("sendPhoto", payload, Upload("photo", "link.png", drawn))

    def export(self, rows: Sequence[OutboxRow]) -> Transaction[Prepared | None]:
        """Compose the file that somebody asked for: written when it goes, kept until it has."""
        wanted, now = order_of(rows[0].payload), self.clock.now()

        async def written() -> bytes:
            return await self.waiting.made(
                rows[0].id, lambda report: self.file(wanted, now, report)
            )

        yield from ()
        care = _("Open it only where patients' data may be.")
        payload = {"caption": f"{caption(wanted)} {care}"}
        return Prepared("sendDocument", payload, Upload("document", wanted.name(now), written))

    def copy(self, rows: Sequence[OutboxRow]) -> Transaction[Prepared | None]:
        """Compose the file with everything about a patient, named after the case's code.

        None where the chat is no longer theirs.
        """
        row, code = rows[0], rows[0].code or ""
        loaded = yield from records.of_case(self.office.vault.keys, code)
        if loaded is None or loaded.record.patient.chat_id != row.chat_id:
            return None
        wanted, settings = row.payload["format"], self.office.settings
        now = self.clock.now()

        async def written() -> bytes:
            return await asyncio.to_thread(whole_file, settings, code, wanted, now)

        name = f"aftercheck-{code}-{now:%Y-%m-%d}.{wanted}"
        caption = {"caption": row.payload["caption"]}
        return Prepared("sendDocument", caption, Upload("document", name, written))

    def file(self, wanted: Order, now: datetime, report: Report) -> bytes:
        """Return the whole file; Telegram takes 50 MB, so it may as well be in memory."""
        out = BytesIO()
        write(self.office.settings, wanted, out, report, now)
        return out.getvalue()

    def facts(self, key: str) -> Transaction[Facts | None]:
        """Return what an alert's card is composed from."""
        return (yield from cards.facts(self.office.vault.keys, key))

    def facts_now(self, key: str) -> Transaction[Facts | None]:
        """Return the same, and let nobody change it before the transaction ends."""
        return (yield from cards.facts_now(self.office.vault.keys, key))

    def desk(self, facts: Facts) -> Transaction[Desk]:
        """Return the desk of an alert's case."""
        return (yield from self.office.desk(facts.protocol, self.clock.now()))

    def remember(self, row: OutboxRow, found: Sequence[Facts]) -> None:
        """Note which versions a message shows, until long after it has arrived."""
        while len(self.shown) >= REMEMBERED:
            del self.shown[next(iter(self.shown))]
        self.shown[row.id] = {card_slot(one.alert.key): one.alert.version for one in found}


def caption(wanted: Order) -> str:
    """Return what a file holds, in a sentence."""
    shape = SHAPES[wanted.file_format]
    if shape.rows:
        return _(ONE_ROW[wanted.options.rows])
    return _(shape.caption, case=wanted.options.case)


def whole_file(settings: Settings, code: str, wanted: str, now: datetime) -> bytes:
    """Return everything about a case; without the pictures where Telegram would not take it."""
    keyring = Keyring.from_text(settings.encryption_key.get_secret_value())
    whole, saying = document(settings.database_url, keyring, code, settings.contact.clinic, now)
    draw_up, set_down = COPIES[wanted]
    content = set_down(draw_up(whole, saying))
    if len(content) <= LARGEST_FILE:
        return content
    for photo in whole["photos"]:
        photo["content"] = None
    return set_down(draw_up(whole, saying))


def blind(alert: str) -> str:
    """Return what staff read of an alert whose card cannot be composed."""
    case = alert.rpartition("-")[0]
    return _(
        "⚠️ {alert}: an alert is open, and its card cannot be shown. Please phone "
        "the patient {case} now, and have whoever runs the bot look at the log.",
        alert=alert,
        case=case,
    )


def addressed(desk: Desk, message: Message, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return a card's call with whom it is for; each name there rings that person's phone."""
    people = [member for member in desk.clinic.roster if member.id in payload["who"]]
    call = outgoing.payload_of(message)
    if payload["audience"] == EVERYONE or not people:
        return call | {"text": call["text"] + "\n" + _("For everyone")}
    text = f"{call['text']}\n{_(FOR)} "
    entities = []
    for place, member in enumerate(people):
        text += ", " if place else ""
        entities.append({
            "type": "text_mention", "offset": units(text), "length": units(member.name),
            "user": {"id": member.id, "is_bot": False, "first_name": member.name},
        })  # fmt: skip
        text += member.name
    return call | {"text": text, "entities": entities}
