"""The way past Telegram: each message in a thread of its own, so that none holds up anything else.

Not even a name is looked up in the bot's own threads: a mail server, or its name server, that hangs
would take one after the other, and with them the way to Telegram.

Hazards: H53.
"""

import asyncio
import smtplib
from contextlib import suppress
from threading import Thread
from typing import Any, Final

from aiohttp import ClientConnectorError, ClientSession, ClientTimeout, InvalidURL

from bot.delivery.outcome import Kind, RefusedError
from bot.delivery.parcel import Upload
from bot.mail import SECONDS, message_of, sender_of, server_at
from bot.settings import Settings
from bot.transport import NotSentError

AT_ONCE: Final = 32
"""Messages on their way together: one for each person of a large clinic (own choice)."""

MAIL, WEBHOOK = "mail", "webhook"
FOR_GOOD: Final = 500
"""From here on a mail server's answer is final (RFC 5321, 4.2.1)."""
NO_ADDRESS: Final = ("5.1.1", "5.1.2", "5.1.3", "5.1.6")
"""How a server's words begin where it is the address that is wrong for good (RFC 3463, 3.2)."""
GONE: Final = 410
"""A web server's answer that says that nothing takes anything there any more (RFC 9110, 15.5.11).

A 404 does not say for how long (15.5.5): a proxy says so too while what it leads to is started
anew, and a channel that ended then would bring no alert until its owner confirms it once more.
"""
OF_THE_MESSAGE: Final = frozenset({400, 413, 422})
"""Those that are for what was posted, so that the next may be taken (RFC 9110, 15.5.1, 14, 21).

Every other 3xx and 4xx says that nothing was done, and not that nothing ever will be: a redirection
while a host moves, a password that is being changed, a firewall, too many at once.
"""
UNAVAILABLE: Final = 503
"""Of a server's own faults, the one that says that nothing was done (RFC 9110, 15.6.4)."""
LONGEST_WAIT: Final = 300.0
"""Seconds that a web server may ask for: an emergency's next notice goes then (own choice)."""


class Carrier:
    """Carries messages past Telegram; one for each bot."""

    def __init__(self, known: Settings) -> None:
        self.smtp = known.smtp_url.get_secret_value()
        self.clinic_address = known.alert_email
        self.running = 0

    async def call(self, method: str, payload: dict[str, Any], _upload: Upload | None) -> None:
        """Carry one message: `method` is `mail` or `webhook`.

        Raises:
            NotSentError: it certainly did not go.
            RefusedError: it is not taken there, however often it is sent.
            Exception: anything else: it may have arrived.
        """
        if self.running >= AT_ONCE:
            raise NotSentError("too many hang")
        carry = {MAIL: self.mail, WEBHOOK: self.webhook}[method]
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()

        def settles(error: Exception | None) -> None:
            self.running -= 1
            if not ended.done():
                ended.set_exception(error) if error else ended.set_result(None)

        def carries() -> None:
            error: Exception | None = None
            try:
                carry(payload)
            except Exception as found:  # noqa: BLE001 - whatever happened is classified
                error = found
            with suppress(RuntimeError):  # the bot has stopped
                loop.call_soon_threadsafe(settles, error)

        self.running += 1
        Thread(target=carries, daemon=True).start()  # one that hangs keeps no stop waiting
        await ended

    def mail(self, payload: dict[str, Any]) -> None:
        """Send an e-mail; it blocks. Raises as `call`."""
        if not self.smtp:
            raise NotSentError("SMTP_URL is not set")
        to = payload["where"]
        sender = sender_of(self.smtp, self.clinic_address or to)
        message = message_of(sender, to, payload["subject"], payload["text"])
        has_begun = False
        try:
            with server_at(self.smtp) as server:
                has_begun = True
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise refused_or_later([code for code, _ in error.recipients.values()]) from None
        except smtplib.SMTPDataError as error:
            raise refused_or_later([error.smtp_code], kind_of(error)) from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPNotSupportedError) as error:
            raise NotSentError(type(error).__name__) from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            if has_begun:
                raise
            raise NotSentError(type(error).__name__) from None

    def webhook(self, payload: dict[str, Any]) -> None:
        """Post a JSON object; it blocks. Raises as `call`."""
        body = {name: payload[name] for name in ("clinic", "subject", "text", "key")}
        status, wait = asyncio.run(posted(payload["where"], body))
        if status == GONE:
            raise RefusedError(Kind.NOT_TAKEN, str(status))
        if status in OF_THE_MESSAGE:
            raise RefusedError(Kind.BAD_TEXT, str(status))
        if status // 100 in (3, 4) or status == UNAVAILABLE:
            raise NotSentError(str(status), asked_to_wait(wait))
        if status // 100 != 2:  # noqa: PLR2004 - the class of what was taken
            raise OSError(str(status))


def asked_to_wait(said: str) -> float:
    """Return the seconds that a Retry-After asks for; 0 where it is none, or names a date."""
    return min(float(said), LONGEST_WAIT) if said.isascii() and said.isdigit() else 0.0


async def posted(url: str, body: dict[str, str]) -> tuple[int, str]:
    """Post an object, and return the answer's status and its Retry-After.

    Nobody is followed to another address.
    """
    limit = ClientTimeout(total=SECONDS)
    try:
        async with (
            ClientSession(timeout=limit) as session,
            session.post(url, json=body, allow_redirects=False) as answer,
        ):
            return answer.status, answer.headers.get("Retry-After", "")
    except ClientConnectorError as error:
        raise NotSentError(type(error).__name__) from None
    except InvalidURL:
        raise RefusedError(Kind.NOT_TAKEN, "no address") from None


def kind_of(error: smtplib.SMTPDataError) -> Kind:
    """Return whether a refusal after the text is for the text, or still for the address."""
    said = error.smtp_error
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return Kind.NOT_TAKEN if words.startswith(NO_ADDRESS) else Kind.BAD_TEXT


def refused_or_later(codes: list[int], kind: Kind = Kind.NOT_TAKEN) -> Exception:
    """Return what a mail server's refusal means: for good, and of what, or for now."""
    said = " ".join(map(str, sorted(codes)))
    if any(code >= FOR_GOOD for code in codes):
        return RefusedError(kind, said)
    return NotSentError(said)
