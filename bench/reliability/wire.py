"""The way from the bot to the stand-in without a socket: what goes over it is still JSON bytes."""

import asyncio
import json
from typing import Any

from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData

from bot.standin import World
from bot.standin.call import Call
from bot.standin.errors import Json, Refusal
from bot.standin.faults import Fault
from bot.standin.files import Upload
from bot.standin.methods.about import downloadable
from bot.standin.parameters import Arguments
from bot.standin.server import caller, carry_out, chat_number, known_method
from bot.transport import Transport, readable

OK, NOT_FOUND = 200, 404


class Wire(Transport):
    """Calls of the stand-in's methods, read and answered as its HTTP server does.

    Args:
        world: The stand-in's world.
    """

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's shape
        self, url: str, method: str, request_data: RequestData | None = None,  # noqa: ARG002
        read_timeout: Any = None, write_timeout: Any = None,  # noqa: ANN401, ARG002
        connect_timeout: Any = None, pool_timeout: Any = None,  # noqa: ANN401, ARG002
    ) -> tuple[int, bytes]:  # fmt: skip
        """Make one call and return its status and body.

        Raises:
            NetworkError: a fault on order broke the connection.
            TimedOut: a fault on order made the answer slow.
        """
        await asyncio.sleep(0)  # as any call over a network, it lets others go on
        place, _, rest = url.partition("/bot")[2].partition("/")
        if "/file/bot" in url:
            return self.downloaded(place, rest)
        values, files = given(request_data)
        try:
            bot, name = caller(self.world, place), known_method(self.world, rest)
            call = (self.world, bot, name, values, files)
            fault = self.world.faults.take(name, chat_number(values))
            if fault is not None:
                return await faulty(fault, call)
            return answered(await carry_out(*call))
        except Refusal as refusal:
            return readable(refusal.code, json.dumps(refusal.body).encode(), "")

    def downloaded(self, token: str, path: str) -> tuple[int, bytes]:
        """Return the content of a file."""
        call = Call(self.world, caller(self.world, token), "getFile", Arguments({}, {}))
        file = downloadable(call, path)
        return (OK, file.upload.content) if file else (NOT_FOUND, b"{}")


def given(data: RequestData | None) -> tuple[Json, dict[str, Upload]]:
    """Return the arguments of a call and its files, after a journey as JSON."""
    if data is None:
        return {}, {}
    files = {
        name: Upload(filename, content if isinstance(content, bytes) else content.read(), mime)
        for name, (filename, content, mime) in data.multipart_data.items()
    }
    values: Json = dict(data.json_parameters) if files else json.loads(json.dumps(data.parameters))
    return values, files


def answered(result: object) -> tuple[int, bytes]:
    """Return the answer to a call that was carried out."""
    return OK, json.dumps({"ok": True, "result": result}).encode()


async def faulty(
    fault: Fault, call: tuple[World, Any, str, Json, dict[str, Upload]]
) -> tuple[int, bytes]:
    """Answer a call as its fault says.

    Raises:
        Refusal: the fault is one.
        NetworkError: the connection breaks.
        TimedOut: the answer does not come in time.
    """
    if fault.kind == "answer" and fault.refusal and not fault.executed:
        raise fault.refusal
    if fault.kind == "reset_before":
        raise NetworkError("the connection broke: ClientOSError")
    result = await carry_out(*call)
    if fault.kind == "answer" and fault.refusal:
        raise fault.refusal
    if fault.kind == "reset_after":
        raise NetworkError("the connection broke: ServerDisconnectedError")
    if fault.kind == "slow":
        raise TimedOut("no answer in time: SocketTimeoutError")
    return (OK, b'{"ok":true,"result":{"mess') if fault.kind == "malformed" else answered(result)
