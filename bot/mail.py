"""E-mail by SMTP: `smtps://` is encrypted from the start, `smtp://` once the server offers it.

It blocks, so it is called in a thread.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

SECONDS: Final = 15.0
"""To wait for each of the server's answers (own choice)."""


def message_of(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """Return a message that no machine answers."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = sender
    message["To"] = to
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def sender_of(url: str, otherwise: str) -> str:
    """Return who it is from: the mailbox that sends it, else the first of some addresses."""
    user = unquote(urlsplit(url).username or "")
    return user if "@" in user else otherwise.split(",", maxsplit=1)[0].strip()


@contextmanager
def server_at(url: str) -> Iterator[smtplib.SMTP]:
    """Give a server that takes a message now; that it does not say goodbye changes nothing.

    Raises:
        OSError, smtplib.SMTPException, ValueError: it does not, and why.
    """
    where = urlsplit(url)
    is_safe = where.scheme == "smtps"
    trusted = ssl.create_default_context()
    host, port = where.hostname or "", where.port or (465 if is_safe else 587)
    server = (
        smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=trusted)
        if is_safe
        else smtplib.SMTP(host, port, timeout=SECONDS)
    )
    try:
        server.ehlo()
        if not is_safe and server.has_extn("starttls"):
            server.starttls(context=trusted)
        if where.username:
            server.login(unquote(where.username), unquote(where.password or ""))
        yield server
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        server.close()
