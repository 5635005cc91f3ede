"""A mail server that takes what it is sent, refuses, or hangs; it encrypts given a certificate."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_string
from email.message import Message


class Mailbox:
    """What arrived.

    `refuses` is a reply to DATA instead of taking it, `strange` one to an address. With `hangs` it
    says nothing at all until `let_go`; with `forgets` it takes a message and never says so.
    `reached` counts who has come.
    """

    def __init__(self, trusted: ssl.SSLContext | None = None) -> None:
        self.trusted = trusted
        self.mails: list[Message] = []
        self.users: list[str] = []
        self.encrypted: list[bool] = []
        self.refuses = self.strange = ""
        self.hangs = self.forgets = False
        self.reached = asyncio.Semaphore(0)
        self.let_go = asyncio.Event()
        self.port = 0

    async def serves(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak as much SMTP as a client needs."""
        self.reached.release()
        if self.hangs:
            await self.let_go.wait()
            writer.close()
            return
        writer.write(b"220 here\r\n")
        is_encrypted = False
        while line := (await reader.readline()).decode().strip():
            verb = line.split()[0].upper()
            if verb == "STARTTLS":
                writer.write(b"220 go on\r\n")
                assert self.trusted is not None
                await writer.start_tls(self.trusted)
                is_encrypted = True
            elif verb == "DATA" and not self.refuses:
                writer.write(b"354 go on\r\n")
                await self.takes(reader, is_encrypted)
                if self.forgets:
                    break
                writer.write(b"250 taken\r\n")
            else:
                writer.write(self.answer(verb, line, is_encrypted))
            if verb == "QUIT":
                break
        await writer.drain()
        writer.close()

    def answer(self, verb: str, line: str, is_encrypted: bool) -> bytes:  # noqa: FBT001 - it is or is not
        """Return what is said to a command."""
        if verb == "AUTH":
            self.users.append(line)
        starts = b"250-STARTTLS\r\n" if self.trusted and not is_encrypted else b""
        known = {
            "EHLO": b"250-here\r\n" + starts + b"250 AUTH PLAIN\r\n", "AUTH": b"235 yes\r\n",
            "QUIT": b"221 bye\r\n", "RCPT": f"{self.strange or '250 yes'}\r\n".encode(),
            "DATA": f"{self.refuses}\r\n".encode(),
        }  # fmt: skip
        return known.get(verb, b"250 yes\r\n")

    async def takes(self, reader: asyncio.StreamReader, is_encrypted: bool) -> None:  # noqa: FBT001 - as above
        """Take a message."""
        text = (await reader.readuntil(b"\r\n.\r\n")).decode().removesuffix(".\r\n")
        self.mails.append(message_from_string(text.replace("\r\n", "\n")))
        self.encrypted.append(is_encrypted)


@asynccontextmanager
async def a_mailbox(trusted: ssl.SSLContext | None = None) -> AsyncIterator[Mailbox]:
    """Give a mail server that runs."""
    box = Mailbox(trusted)
    server = await asyncio.start_server(box.serves, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        box.let_go.set()
        server.close()
        await server.wait_closed()
