"""Where the watchdog is heard: the staff chat, called directly; and the second channel, if set.

Hazards: H02, H08, H28.
"""

import asyncio
import smtplib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Final, Protocol

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.doctor.calling import Calling, UnreachableError
from bot.mail import SECONDS, message_of, sender_of, server_at
from bot.settings import Settings
from bot.watchdog.causes import STAFF_CHAT, Item
from flows.staff_language import N_, _

LONGEST_SUBJECT: Final = 100  # characters
LONGEST_LINE, MOST_LINES = 200, 15
"""Characters and lines of a message: together well below Telegram's 4,096."""
MARKS: Final = {"begins": "⚠️", "lasts": N_("⚠️ Still:"), "over": N_("✓ Over:")}


class NotTakenError(Exception):
    """A channel did not take a message; the text says what answered, and no address."""


class Channel(Protocol):
    """One way to people. `name` is what it is kept under."""

    name: str

    async def tell(self, items: Sequence[Item]) -> None:
        """Tell them.

        Raises:
            NotTakenError: it was not taken, as far as is known.
        """


def lines(items: Sequence[Item], said: Callable[[datetime], str]) -> list[str]:
    """Return a line for each, what is over last; `said` writes an instant as the clinic does.

    Of very many the first are said, and how many more there are: a message has to fit.
    """

    def since(item: Item) -> list[str]:
        return [] if item.what == "begins" else [_("(since {time})", time=said(item.since))]

    order = sorted(items, key=lambda item: item.what == "over")
    found = [
        " ".join(
            (_(MARKS[item.what]), " ".join(item.sentence.split())[:LONGEST_LINE], *since(item))
        )
        for item in order[:MOST_LINES]
    ]
    left = len(order) - MOST_LINES
    return [*found, _("and {number} more", number=left)] if left > 0 else found


@dataclass
class StaffChat:
    """The staff's group, called past the outbox; each person's own chat where it refuses."""

    call: Callable[[], Calling]
    chat: Callable[[], Awaitable[int]]
    people: Callable[[], Awaitable[Sequence[int]]]
    said: Callable[[datetime], str]
    name: str = STAFF_CHAT

    async def tell(self, items: Sequence[Item]) -> None:
        """Put one message into the group."""
        text = "\n".join(lines(items, self.said))
        try:
            async with self.call() as call:
                group = await call("sendMessage", chat_id=await self.chat(), text=text)
                became = group.parameters.get("migrate_to_chat_id")
                if became is not None:
                    group = await call("sendMessage", chat_id=became, text=text)
                if group.ok:
                    return
                alone = [
                    await call("sendMessage", chat_id=one, text=text)
                    for one in await self.people()
                ]  # fmt: skip
        except UnreachableError as error:
            raise NotTakenError(str(error)) from None
        if not any(one.ok for one in alone):
            raise NotTakenError(f"{group.code} {group.description}")


@dataclass
class Mail:
    """E-mail by SMTP: `smtps://` is encrypted from the start, `smtp://` as soon as it can be."""

    url: str
    to: str
    clinic: str
    said: Callable[[datetime], str]
    name: str = "mail"

    async def tell(self, items: Sequence[Item]) -> None:
        """Send one message, in a thread of its own."""
        try:
            await asyncio.to_thread(self.send, self.message(items))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotTakenError(type(error).__name__) from None

    def message(self, items: Sequence[Item]) -> EmailMessage:
        """Return the message."""
        text = lines(items, self.said)
        subject = f"{self.clinic}: {text[0]}"[:LONGEST_SUBJECT]
        return message_of(sender_of(self.url, self.to), self.to, subject, "\n".join(text))

    def send(self, message: EmailMessage) -> None:
        """Send it; it blocks."""
        with server_at(self.url) as server:
            server.send_message(message)


@dataclass
class Webhook:
    """A JSON object posted to an address: the text, and each trouble with its own key."""

    url: str
    clinic: str
    said: Callable[[datetime], str]
    name: str = "webhook"

    async def tell(self, items: Sequence[Item]) -> None:
        """Post one object."""
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=SECONDS)) as session,
                session.post(self.url, json=self.body(items)) as answer,
            ):
                status = answer.status
                is_taken = answer.ok
        except (ClientError, TimeoutError, OSError) as error:
            raise NotTakenError(type(error).__name__) from None
        if not is_taken:
            raise NotTakenError(str(status))

    def body(self, items: Sequence[Item]) -> dict[str, Any]:
        """Return the object. `key` is the same for each message about one trouble."""
        troubles = [
            {"key": f"{item.cause}@{item.since.isoformat(timespec='seconds')}",
             "cause": item.cause, "state": item.what, "since": item.since.isoformat(),
             "sentence": item.sentence}
            for item in items
        ]  # fmt: skip
        text = "\n".join(lines(items, self.said))
        return {"clinic": self.clinic, "text": text, "troubles": troubles}


def second_channels(known: Settings, said: Callable[[datetime], str]) -> list[Channel]:
    """Return the channels besides Telegram that are set."""
    name = known.clinic_name or "Aftercheck"
    found: list[Channel] = []
    if known.alert_email:
        found.append(Mail(known.smtp_url.get_secret_value(), known.alert_email, name, said))
    if address := known.alert_webhook_url.get_secret_value():
        found.append(Webhook(address, name, said))
    return found
