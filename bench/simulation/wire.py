"""Calls to the stand-in without a socket: the same JSON, the same errors, on the story's clock.

What reads an answer is the product's own `Transport`; only the socket is left out.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aiohttp import ClientError, ConnectionTimeoutError, ServerDisconnectedError, SocketTimeoutError
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
    """One call as the stand-in saw it: when, what, where to, what came of it, and by whom."""

    at: float
    method: str
    chat: int | None
    status: int
    retry_after: int = 0
    carried_out: bool = True
    is_apart: bool = False


class Answer(NamedTuple):
    """What the server sends back, and after how many seconds."""

    status: int
    body: bytes
    after: float = 0.0


class Way:
    """The way from one process to the stand-in, for whoever calls from there.

    `is_apart` is that of the watchdog, which calls past the outbox.
    """

    def __init__(self, process: "Process", *, is_apart: bool = False) -> None:
        self.process = process
        self.machine = process.machine
        self.random: Random = process.random
        self.is_apart = is_apart

    async def travels(
        self, token: str, name: str, values: Json, files: dict[str, Upload], patience: float | None
    ) -> Answer:
        """Make a call, there and back, as long as somebody has the patience.

        Raises:
            ClientError: the connection was not made, broke, or took too long.
        """
        process = self.process
        await process.lives()
        process.busy += 1
        try:
            await asyncio.sleep(self.random.uniform(FASTEST, SLOWEST))  # it has left: dead or not
            answer = await self.answered(token, name, values, files)
            if patience is not None and answer.after > patience:
                await asyncio.sleep(patience)
                raise SocketTimeoutError
            await asyncio.sleep(answer.after + self.random.uniform(FASTEST, SLOWEST))
            await process.passes("after a call")
        finally:
            process.busy -= 1
        return answer

    async def answered(
        self, token: str, name: str, values: Json, files: dict[str, Upload]
    ) -> Answer:
        """Let the stand-in answer, or the weather.

        Raises:
            ClientError: the connection was not made, or broke.
        """
        world = self.machine.world
        method, chat = known_method(world, name), chat_number(values)
        fault = self.machine.weather.fault(method, chat) or world.faults.take(method, chat)
        if fault is not None and fault.kind == "reset_before":
            self.notes(method, chat, 0, carried_out=False)
            never_left = self.random.random() < 0.5
            raise ConnectionTimeoutError if never_left else ServerDisconnectedError
        try:
            if fault is not None and fault.refusal is not None and not fault.executed:
                raise fault.refusal
            with self.waiting(idle=method == POLL and fault is None):
                result = await carry_out(world, caller(world, token), method, values, files)
        except Refusal as refusal:
            after = (refusal.parameters or {}).get("retry_after", 0)
            self.notes(method, chat, refusal.code, after, carried_out=False)
            return Answer(refusal.code, json.dumps(refusal.body).encode())
        return self.carried_out(method, chat, result, fault)

    @contextmanager
    def waiting(self, *, idle: bool) -> Iterator[None]:
        """Be carried out; a poll that waits for updates is nothing that time must wait for."""
        self.process.busy -= idle
        self.process.polling += idle
        try:
            yield
        finally:
            self.process.polling -= idle
            self.process.busy += idle

    def carried_out(
        self, method: str, chat: int | None, result: object, fault: Fault | None
    ) -> Answer:
        """Return the answer to a call that was carried out, or what is left of it.

        Raises:
            ClientError: the connection broke.
        """
        self.notes(method, chat, 200)
        if method == POLL and isinstance(result, list):
            result = self.machine.weather.repeated(result)
        good = json.dumps({"ok": True, "result": result}).encode()
        if fault is None:
            return Answer(200, good)
        if fault.kind == "reset_after":
            raise ServerDisconnectedError
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
        self.machine.world.calls.append(
            Made(now, method, chat, status, after, carried_out, self.is_apart)
        )


class Wire(Transport):
    """The product's own transport, but for the socket."""

    def __init__(self, process: "Process", **given: Any) -> None:  # noqa: ANN401 - as `Transport`'s
        super().__init__(**given)
        self.way = Way(process)

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
        if method == "GET":
            return self.downloaded(url)
        token, _, name = url.partition("/bot")[2].partition("/")
        values, files = given(request_data)
        patience = either(read_timeout, self._read_timeout)
        try:
            answer = await self.way.travels(token, name, values, files, patience)
        except ClientError as error:
            raise named(error) from None
        return readable(answer.status, answer.body, "")

    def downloaded(self, url: str) -> tuple[int, bytes]:
        """Return a file that `getFile` offered."""
        world = self.way.machine.world
        token, _, path = url.partition("/file/bot")[2].partition("/")
        call = Call(world, caller(world, token), "getFile", Arguments({}, {}))
        file = downloadable(call, path)
        if file is None:
            return readable(404, b'{"ok":false,"description":"Not Found"}', "")
        return readable(200, file.upload.content, "")


def given(data: RequestData | None) -> tuple[Json, dict[str, Upload]]:
    """Return the arguments and files of a call, as they arrive."""
    if data is None:
        return {}, {}
    if not data.contains_files:
        return json.loads(json.dumps(data.parameters)), {}
    files = {
        name: Upload(str(filename), content if isinstance(content, bytes) else content.read(), mime)
        for name, (filename, content, mime) in data.multipart_data.items()
    }
    return dict(data.json_parameters), files
