"""The demo's page over HTTP: its files, what it shows, and what a visitor does on it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.demo.acts import ACT, perform, say_well
from bot.demo.clock import DemoClock
from bot.demo.desk import Desk, travel, travel_to_next, travel_well
from bot.demo.snapshot import Chosen, Demo, one_of, snapshot
from bot.demo.story import Stage
from bot.standin import UnfairError, World, wait_for_real
from bot.standin.files import PNG

DEMO = web.AppKey("demo", Demo)
TURN = web.AppKey("turn", asyncio.Lock)
CLOSING = web.AppKey("closing", asyncio.Event)
Invite = Callable[[int], Awaitable[str]]
"""Makes a link that lets a member of staff into the board."""
STATIC = Path(__file__).parent / "static"
LONGEST_WAIT = 10.0  # seconds that a request for news waits; the page's clock moves on after it
LOOK_AGAIN = 0.1  # seconds between two looks for news
MOST_MINUTES = 7 * 24 * 60
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Move(BaseModel):
    """A move of the clock: by some minutes, or to the next thing the bot will do.

    `well` lets patients say at each check-in on the way that all is good.
    """

    model_config = ConfigDict(extra="forbid")
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)] | None = None
    well: bool = False


def create_demo(
    world: World, clock: DemoClock, desk: Desk, stage: Stage, board: Invite | None = None
) -> web.Application:
    """Return the page over a world, at `/`.

    Args:
        world: The stand-in's world, on the same clock.
        clock: What the visitor moves.
        desk: The bot.
        stage: Who is in the world.
        board: What makes a link to the staff's board, where there is one.
    """
    app = web.Application()
    app[DEMO] = Demo(world, clock, desk, stage)
    app[TURN] = asyncio.Lock()
    app[CLOSING] = asyncio.Event()
    app.router.add_get("/", index)
    app.router.add_static("/demo/static", STATIC)
    app.router.add_get("/demo/state", state)
    app.router.add_post("/demo/act", act)
    app.router.add_post("/demo/clock", move)
    if board is not None:
        app.router.add_get("/demo/board", leads_to(board))
    app.router.add_get(r"/demo/file/{number:\d{1,9}}", file)
    app.on_response_prepare.append(guard)
    app.on_shutdown.append(close)
    return app


async def guard(_request: web.Request, response: web.StreamResponse) -> None:
    """Keep the page from loading or running anything that is not its own."""
    response.headers.update(HEADERS)


async def close(app: web.Application) -> None:
    """Let requests that wait for news answer, so that the server stops at once."""
    app[CLOSING].set()


async def index(_request: web.Request) -> web.FileResponse:
    """Send the page."""
    return web.FileResponse(STATIC / "index.html")


async def state(request: web.Request) -> web.Response:
    """Send what the page shows; with `since`, as soon as there is something newer."""
    demo, closing = request.app[DEMO], request.app[CLOSING]
    since = number(request, "since")
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST_WAIT
    while since == demo.version and not closing.is_set() and loop.time() < until:
        await wait_for_real(closing, LOOK_AGAIN)
    return await shown(request)


async def shown(request: web.Request) -> web.Response:
    """Send what the page shows to whoever looks at the phones it names."""
    chosen = Chosen(number(request, "patient"), number(request, "staff"), number(request, "chat"))
    return web.json_response(await snapshot(request.app[DEMO], chosen))


def number(request: web.Request, name: str) -> int | None:
    """Return a whole number of the address; None where there is none."""
    given = request.query.get(name, "")
    return int(given) if given.removeprefix("-").isdecimal() else None


async def act(request: web.Request) -> web.Response:
    """Let a person do something, wait for the bot's reaction, and send what the page shows."""
    demo = request.app[DEMO]
    try:
        deed = ACT.validate_json(await body(request))
        async with request.app[TURN]:
            perform(deed, demo.stage)
            await demo.desk.settle()
    except ValidationError:
        return refused(400, "This is nothing a person can do here.")
    except UnfairError as error:
        return refused(409, f"Not possible: {error}.")
    return await shown(request)


async def move(request: web.Request) -> web.Response:
    """Move the clock, let the bot do what falls due on the way, and send what the page shows."""
    demo = request.app[DEMO]
    try:
        wanted = Move.model_validate_json(await body(request))
    except ValidationError:
        return refused(400, f"The clock moves by 1 to {MOST_MINUTES} minutes.")
    async with request.app[TURN]:
        if wanted.minutes is None:
            await travel_to_next(demo.clock, demo.desk)
        else:
            until = demo.clock.now() + timedelta(minutes=wanted.minutes)
            if wanted.well:
                await travel_well(demo.clock, demo.desk, until, lambda: say_well(demo.stage))
            else:
                await travel(demo.clock, demo.desk, until)
    return await shown(request)


def leads_to(board: Invite) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a handler that leads to the board, as the nurse whose phone is shown."""

    async def handle(request: web.Request) -> web.Response:
        nurse = one_of(request.app[DEMO].stage.staff, number(request, "staff"))
        return web.Response(status=303, headers={"Location": await board(nurse.id)})

    return handle


async def body(request: web.Request) -> str:
    """Return a request's JSON; another site cannot send that type without asking first."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    return await request.text()


def refused(status: int, reason: str) -> web.Response:
    """Return the answer to what could not be done; the page shows the reason."""
    return web.json_response({"error": reason}, status=status)


async def file(request: web.Request) -> web.Response:
    """Send a photo to be shown, or a document to be saved and never shown as a page."""
    stored = request.app[DEMO].world.files.stored
    place = int(request.match_info["number"])
    if place >= len(stored):
        raise web.HTTPNotFound
    upload = stored[place].upload
    if stored[place].folder == "photos":
        kind = "image/png" if upload.content.startswith(PNG) else "image/jpeg"
        return web.Response(body=upload.content, content_type=kind)
    return web.Response(
        body=upload.content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": "attachment"},
    )
