"""Calls to the stand-in without a socket: the same JSON, the same errors, on the story's clock.

What reads an answer is the product's own `Transport`; only the socket is left out.
"""

import asyncio
import json
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aiohttp import ConnectionTimeoutError, ServerDisconnectedError, SocketTimeoutError
from telegram.request import BaseRequest, RequestData

from bot.standin.call import Call
from bot.standin.errors import Json, Refusal
from bot.standin.faults import Fault
from bot.standin.files import Upload
from bot.standin.methods.about import downloadable
from bot.standin.parameters import Arguments
from bot.standin.server import caller, carry_out, chat_number, known_method
from bot.transport import Transport, either, named, readable

if TYPE_CHECKING:
    from bench.simulation.machine import Process

FASTEST, SLOWEST = 0.005, 0.09  # seconds that a call travels, one way
TRUNCATED: Final = b'{"ok":true,"result":{"mess'
POLL: Final = "getUpdates"


class Made(NamedTuple):
    """One call as the stand-in saw it: when, what, where to, and what came of it."""

    at: float
    method: str
    chat: int | None
    status: int
    retry_after: int = 0
    carried_out: bool = True


class Answer(NamedTuple):
    """What the server sends back, and after how many seconds."""

    status: int
    body: bytes
    after: float = 0.0


class Wire(Transport):
    """The way from one process to the stand-in."""

    def __init__(self, process: "Process", **given: Any) -> None:  # noqa: ANN401 - as `Transport`'s
        super().__init__(**given)
        self.process = process
        self.machine = process.machine
        self.random: Random = process.random

    async def initialize(self) -> None:
        """Have no pool to open."""

    async def shutdown(self) -> None:
        """Have no pool to close."""

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's shape
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401 - as in `Transport`
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002
    ) -> tuple[int, bytes]:
        """As in `Transport`."""
        process = self.process
        await process.lives()
        is_poll = url.lower().endswith(f"/{POLL.lower()}")
        process.polling += is_poll
        process.calling += not is_poll
        try:
            await asyncio.sleep(self.random.uniform(FASTEST, SLOWEST))  # it has left: dead or not
            answer = await self.answered(url, method, request_data)
            patience = either(read_timeout, self._read_timeout)
            if patience is not None and answer.after > patience:
                await asyncio.sleep(patience)
                raise named(SocketTimeoutError())
            await asyncio.sleep(answer.after + self.random.uniform(FASTEST, SLOWEST))
            await process.passes("after a call")
        finally:
            process.polling -= is_poll
            process.calling -= not is_poll
        return readable(answer.status, answer.body, "")

    async def answered(self, url: str, verb: str, data: RequestData | None) -> Answer:
        """Let the stand-in answer, or the weather.

        Raises:
            TelegramError: the connection was not made, or broke.
        """
        if verb == "GET":
            return self.downloaded(url)
        values, files = given(data)
        world = self.machine.world
        _, _, rest = url.partition("/bot")
        token, _, name = rest.partition("/")
        method, chat = known_method(world, name), chat_number(values)
        fault = self.machine.weather.fault(method, chat) or world.faults.take(method, chat)
        if fault is not None and fault.kind == "reset_before":
            self.notes(method, chat, 0, carried_out=False)
            never_left = self.random.random() < 0.5
            raise named(ConnectionTimeoutError() if never_left else ServerDisconnectedError())
        try:
            if fault is not None and fault.refusal is not None and not fault.executed:
                raise fault.refusal
            result = await carry_out(world, caller(world, token), method, values, files)
        except Refusal as refusal:
            after = (refusal.parameters or {}).get("retry_after", 0)
            self.notes(method, chat, refusal.code, after, carried_out=False)
            return Answer(refusal.code, json.dumps(refusal.body).encode())
        return self.carried_out(method, chat, result, fault)

    def carried_out(
        self, method: str, chat: int | None, result: object, fault: Fault | None
    ) -> Answer:
        """Return the answer to a call that was carried out, or what is left of it."""
        self.notes(method, chat, 200)
        if method == POLL and isinstance(result, list):
            result = self.machine.weather.repeated(result)
        good = json.dumps({"ok": True, "result": result}).encode()
        if fault is None:
            return Answer(200, good)
        if fault.kind == "reset_after":
            raise named(ServerDisconnectedError())
        if fault.kind == "malformed":
            return Answer(200, TRUNCATED)
        if fault.refusal is not None:
            return Answer(fault.refusal.code, json.dumps(fault.refusal.body).encode())
        return Answer(200, good, fault.seconds)

    def notes(
        self, method: str, chat: int | None, status: int, after: int = 0,
        *, carried_out: bool = True,
    ) -> None:  # fmt: skip
        """Write a call down."""
        now = self.machine.loop.time()
        self.machine.world.calls.append(Made(now, method, chat, status, after, carried_out))

    def downloaded(self, url: str) -> Answer:
        """Return a file that `getFile` offered."""
        world = self.machine.world
        _, _, rest = url.partition("/file/bot")
        token, _, path = rest.partition("/")
        call = Call(world, caller(world, token), "getFile", Arguments({}, {}))
        file = downloadable(call, path)
        return (
            Answer(404, b'{"ok":false,"description":"Not Found"}')
            if file is None
            else Answer(200, file.upload.content)
        )


def given(data: RequestData | None) -> tuple[Json, dict[str, Upload]]:
    """Return the arguments and files of a call, as they arrive."""
    if data is None:
        return {}, {}
    if not data.contains_files:
        return json.loads(json.dumps(data.parameters)), {}
    files = {name: Upload(str(filename), content, mime)
             for name, (filename, content, mime) in data.multipart_data.items()}  # fmt: skip
    return dict(data.json_parameters), files
