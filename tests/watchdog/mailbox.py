"""A mail server that takes what it is sent, or refuses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_string
from email.message import Message


class Mailbox:
    """What arrived. `refuses` is a reply to DATA instead of taking it."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.users: list[str] = []
        self.refuses = ""
        self.port = 0

    async def serves(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak as much SMTP as a client needs."""
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO":
                writer.write(b"250-here\r\n250 AUTH PLAIN\r\n")
            elif verb == "AUTH":
                self.users.append(line)
                writer.write(b"235 yes\r\n")
            elif verb == "DATA" and self.refuses:
                writer.write(f"{self.refuses}\r\n".encode())
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                text = (await reader.readuntil(b"\r\n.\r\n")).decode()
                self.mails.append(message_from_string(text.replace("\r\n", "\n")))
                writer.write(b"250 taken\r\n")
            elif verb == "QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 yes\r\n")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def a_mailbox() -> AsyncIterator[Mailbox]:
    """Give a mail server that runs."""
    box = Mailbox()
    server = await asyncio.start_server(box.serves, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    yield box
    server.close()
    await server.wait_closed()
