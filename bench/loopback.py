"""A Bot API on this machine that does next to nothing, in a process of its own.

It plays the patients: whose message was changed presses the next button, as often as their
walk has presses. Every answer may take some time, as it does on the way to Telegram. Nothing is
checked; `bot/standin` is the strict one.
"""

import asyncio
import json
import multiprocessing
import re
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import cast

import uvloop

CHAT = re.compile(rb'"?chat_id"?(?:=|: ?)(-?\d+)')
OFFSET = re.compile(rb'"?offset"?(?:=|: ?)(\d+)')
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
TOKEN = f"7001000001:{'A' * 35}"
FIRST_CHAT = 10_000_001
MESSAGE = 100
"""The number of every patient's open message in their own chat."""

BATCH = 100  # updates in one answer, as Telegram gives
HOLD = 2.0  # seconds that a poll waits for the next press
SETTLED = 0.5  # seconds after the last change, for the answers of presses still on their way
TEXT = "How does the treated area feel today? " * 8
YES = b'{"ok":true,"result":true}'
ME = (
    b'{"ok":true,"result":{"id":7001000001,"is_bot":true,"first_name":"Aftercheck",'
    b'"username":"aftercheck_bot","can_join_groups":true,"can_read_all_group_messages":false,'
    b'"supports_inline_queries":false}}'
)


@dataclass(frozen=True)
class Script:
    """What happens.

    Args:
        chats: The patients' chats.
        presses: The codes that each presses, one after the other.
        delay: Seconds that every answer takes.
        rate: Presses a second, each by another patient; 0 for all at once, and each next one as
            soon as the message has changed.
    """

    chats: Sequence[int] = ()
    presses: Sequence[str] = ()
    delay: float = 0.0
    rate: float = 0.0


@dataclass
class Seen:
    """What was seen, in seconds of the machine's monotonic clock."""

    first_poll: float = 0.0
    calls: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0


class Api:
    """The state of the one bot."""

    def __init__(self, script: Script, pipe: Connection) -> None:
        self.script = script
        self.pipe = pipe
        self.seen = Seen()
        self.left = {chat: deque(script.presses) for chat in script.chats}
        self.wanted = len(script.chats) * len(script.presses)
        if script.rate:
            self.wanted = len(script.chats)
        self.pressed: dict[int, float] = {}
        self.queue: deque[tuple[int, bytes]] = deque()
        self.number = 1000
        self.polls: list[asyncio.Future[None]] = []
        self.keyboard = [[{"text": f"Button {n}", "callback_data": code}]
                         for n, code in enumerate(script.presses[:4])]  # fmt: skip

    def person(self, chat: int) -> dict[str, object]:
        """Return a patient as Telegram has them."""
        return {"id": chat, "is_bot": False, "first_name": "Anna", "language_code": "en"}

    def message(self, chat: int, number: int) -> dict[str, object]:
        """Return a message of the bot."""
        return {
            "message_id": number, "date": 1795000000, "text": TEXT,
            "from": {"id": 7001000001, "is_bot": True, "first_name": "Aftercheck",
                     "username": "aftercheck_bot"},
            "chat": {"id": chat, "first_name": "Anna", "type": "private"},
            "reply_markup": {"inline_keyboard": self.keyboard},
        }  # fmt: skip

    def press(self, chat: int) -> None:
        """Let a patient press the next button."""
        self.number += 1
        now = time.monotonic()
        self.seen.began = self.seen.began or now
        self.pressed[chat] = now
        update = {
            "update_id": self.number,
            "callback_query": {
                "id": str(self.number), "from": self.person(chat), "chat_instance": str(chat),
                "message": self.message(chat, MESSAGE),
                "data": self.left[chat].popleft(),
            },
        }  # fmt: skip
        self.queue.append((self.number, json.dumps(update).encode()))
        for one in self.polls:
            if not one.done():
                one.set_result(None)

    async def plays(self) -> None:
        """Press as the script says, from the first poll on."""
        for place, chat in enumerate(self.script.chats):
            self.press(chat)
            if self.script.rate:
                until = self.seen.began + (place + 1) / self.script.rate
                await asyncio.sleep(until - time.monotonic())

    async def updates(self, body: bytes) -> bytes:
        """Answer a poll."""
        if not self.seen.first_poll:
            self.seen.first_poll = time.monotonic()
            self.pipe.send(self.seen.first_poll)
            self.playing = asyncio.create_task(self.plays())
            await asyncio.sleep(0)
        found = OFFSET.search(body)
        while found and self.queue and self.queue[0][0] < int(found[1]):
            self.queue.popleft()
        if not self.queue:
            woken = asyncio.get_running_loop().create_future()
            self.polls.append(woken)
            await asyncio.wait([woken], timeout=HOLD)
            self.polls.remove(woken)
        batch = [raw for _, raw in list(self.queue)[:BATCH]]
        return b'{"ok":true,"result":[' + b",".join(batch) + b"]}"

    def edited(self, chat: int) -> None:
        """Take a change of a patient's message, and let the patient go on."""
        now = time.monotonic()
        if chat not in self.pressed:
            return
        self.seen.waits.append(now - self.pressed.pop(chat))
        self.seen.ended = now
        if self.left[chat] and not self.script.rate:
            self.press(chat)
        if len(self.seen.waits) == self.wanted:
            asyncio.get_running_loop().call_later(SETTLED, self.pipe.send, self.seen)

    async def answer(self, method: str, body: bytes) -> bytes:
        """Carry out a call and return its answer."""
        self.seen.calls[method] += 1
        if self.script.delay:
            await asyncio.sleep(self.script.delay)
        if method == "getupdates":
            return await self.updates(body)
        if method == "getme":
            return ME
        found = CHAT.search(body)
        if method in ("editmessagetext", "sendmessage") and found:
            chat = int(found[1])
            if method == "editmessagetext":
                self.edited(chat)
            result = self.message(chat, MESSAGE)
            return json.dumps({"ok": True, "result": result}).encode()
        return YES


class Line(asyncio.Protocol):
    """One connection: a call at a time."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a new connection."""
        self.transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        """Take bytes, and begin to answer when a call is complete."""
        self.data += data
        head, found, rest = self.data.partition(b"\r\n\r\n")
        if not found:
            return
        length = LENGTH.search(head)
        size = int(length[1]) if length else 0
        if len(rest) < size:
            return
        self.data = b""
        method = head.split(b" ", 2)[1].rsplit(b"/", 1)[-1].decode().lower()
        self.task = asyncio.ensure_future(self.answers(method, rest))

    async def answers(self, method: str, body: bytes) -> None:
        """Answer one call."""
        payload = await self.api.answer(method, body)
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(payload)}"
        )
        self.transport.write(head.encode() + b"\r\n\r\n" + payload)


def serve(pipe: Connection, script: Script) -> None:
    """Run until ended; send the port, the instant of the first poll, and what was seen."""

    async def run() -> None:
        api = Api(script, pipe)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Line(api), "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    uvloop.run(run())


@contextmanager
def serving(script: Script) -> Iterator[tuple[str, Connection]]:
    """Give the address of a running one, and the pipe on which it says what it has seen."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there, script), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}", here
    finally:
        process.terminate()
        process.join()
