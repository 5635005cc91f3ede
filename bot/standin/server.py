"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.standin.accounts import Bot
from bot.standin.call import Call
from bot.standin.errors import Json, Refusal
from bot.standin.faults import Fault
from bot.standin.files import Upload
from bot.standin.methods import HANDLERS
from bot.standin.methods.about import downloadable
from bot.standin.methods.receiving import get_updates
from bot.standin.parameters import METHODS, Arguments, typed
from bot.standin.webhook import NO_CONNECTION, Deliverer, Post
from bot.standin.world import World

WORLD = web.AppKey("world", World)
LARGEST_REQUEST = 55 << 20  # bytes: an upload of 50 MB and the fields around it
LONGEST_TOKEN = 80
WEBHOOK_ANSWER = 60.0  # seconds
LOGGER = logging.getLogger(__name__)


def create_app(world: World, *, deliver: bool = True) -> web.Application:
    """Return the server of a world; `deliver` brings updates to webhooks in the background."""
    app = web.Application(client_max_size=LARGEST_REQUEST)
    app[WORLD] = world
    app.router.add_route("*", "/bot{token}/{method}", answer)
    app.router.add_get("/file/bot{token}/{path:.+}", download)
    app.router.add_route("*", "/{anything:.*}", nothing_here)
    app.on_response_prepare.append(dated)
    app.on_shutdown.append(end_polls)
    if deliver:
        app.cleanup_ctx.append(deliveries)
    return app


async def dated(request: web.Request, response: web.StreamResponse) -> None:
    """Say when an answer was given, by the world's own clock."""
    response.headers["Date"] = format_datetime(
        request.app[WORLD].now().astimezone(UTC), usegmt=True
    )


async def end_polls(app: web.Application) -> None:
    """Let calls that wait for updates answer, so that the server stops at once."""
    app[WORLD].close()


async def deliveries(app: web.Application) -> AsyncIterator[None]:
    """Run the delivery to webhooks as long as the server runs."""
    async with ClientSession(timeout=ClientTimeout(WEBHOOK_ANSWER)) as session:
        task = asyncio.create_task(Deliverer(app[WORLD], poster(session)).run())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def poster(session: ClientSession) -> Post:
    """Return what sends an update over HTTP."""

    async def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, int]:
        try:
            async with session.post(url, data=body, headers=headers) as response:
                after = response.headers.get("Retry-After", "0")
                return response.status, int(after) if after.isdigit() else 0
        except (ClientError, TimeoutError):
            return NO_CONNECTION, 0

    return post


async def nothing_here(_request: web.Request) -> web.Response:
    """Answer an address that means nothing."""
    return refused(Refusal(404, "Not Found"))


async def answer(request: web.Request) -> web.StreamResponse:
    """Answer one call, or what a fault on order makes of it."""
    world = request.app[WORLD]
    try:
        bot = caller(world, request.match_info["token"])
        method = known_method(world, request.match_info["method"])
        values, files = await given(request)
        fault = world.faults.take(method, chat_number(values))
        if fault is None:
            return succeeded(await carry_out(world, bot, method, values, files))
        return await faulty(request, fault, (world, bot, method, values, files))
    except Refusal as refusal:
        return refused(refusal)


def known_method(world: World, name: str) -> str:
    """Return a method as it is spelt; its name is read without regard to case."""
    method = METHODS.get(name.lower())
    if method is None:
        world.ignored[name] += 1
        raise Refusal(404, "Not Found: method not found")
    return method


def caller(world: World, token: str) -> Bot:
    """Return the bot whose token this is."""
    if ":" not in token or token.startswith("0") or len(token) > LONGEST_TOKEN:
        raise Refusal(401, "Unauthorized: invalid token specified")
    for bot in world.bots():
        if bot.token == token:
            return bot
    raise Refusal(401, "Unauthorized")


async def given(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Return the arguments of a call and the files it brings, however they were sent."""
    values: Json = dict(request.query)
    files: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json":
            body = json.loads(await request.text() or "{}")
            if not isinstance(body, dict):
                raise Refusal(400, "Bad Request: object expected")
            return values | body, files
        for name, value in (await request.post()).items():
            if isinstance(value, str):
                values[name] = value
            elif isinstance(value, web.FileField):
                content = value.file.read()
                files[name] = Upload(value.filename, content, value.content_type)
    except ValueError:
        raise Refusal(400, "Bad Request: can't parse the request") from None
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(413, "Request Entity Too Large") from None
    return values, files


def chat_number(values: Json) -> int | None:
    """Return the number of the chat that a call names, for the faults."""
    try:
        return int(values.get("chat_id", ""))
    except (TypeError, ValueError):
        return None


async def carry_out(
    world: World, bot: Bot, method: str, values: Json, files: dict[str, Upload]
) -> object:
    """Return the result of a call."""
    arguments, ignored = typed(method, values, files)
    for name in ignored:
        world.ignored[f"{method}.{name}"] += 1
    call = Call(world, bot, method, arguments)
    if method == "getUpdates":
        return await get_updates(call)
    return HANDLERS[method](call)


async def faulty(
    request: web.Request, fault: Fault, call: tuple[World, Bot, str, Json, dict[str, Upload]]
) -> web.StreamResponse:
    """Answer a call as its fault says."""
    world = call[0]
    if fault.kind == "answer" and fault.refusal and not fault.executed:
        raise fault.refusal
    if fault.kind == "reset_before":
        return reset(request)
    result = await carry_out(*call)
    if fault.kind == "answer" and fault.refusal:
        raise fault.refusal
    if fault.kind == "reset_after":
        return reset(request)
    if fault.kind == "malformed":
        return web.Response(text='{"ok":true,"result":{"mess', content_type="application/json")
    await world.patience(asyncio.Event(), fault.seconds)
    return succeeded(result)


def reset(request: web.Request) -> web.Response:
    """Break the connection; the response that is returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def succeeded(result: object) -> web.Response:
    """Return the answer to a call that was carried out."""
    body: dict[str, Any] = {"ok": True, "result": result}
    return web.json_response(body)


def refused(refusal: Refusal) -> web.Response:
    """Return the answer to a call that was not."""
    return web.json_response(refusal.body, status=refusal.code)


async def download(request: web.Request) -> web.StreamResponse:
    """Send a file that `getFile` offered."""
    try:
        bot = caller(request.app[WORLD], request.match_info["token"])
    except Refusal as refusal:
        return refused(refusal)
    call = Call(request.app[WORLD], bot, "getFile", Arguments({}, {}))
    file = downloadable(call, request.match_info["path"])
    if file is None:
        return refused(Refusal(404, "Not Found"))
    return web.Response(body=file.upload.content, content_type="application/octet-stream")
