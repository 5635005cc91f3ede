"""Sixty alerts in ten seconds in one group, while other patients are written to.

    python -m bench.performance --only alerts

Against the strict stand-in (20 messages a minute in a group), in a process of its own. Sixty
patients tick a warning sign; others go on pressing all the while. An alert is on screen when a
message of the staff's group has a button for it.
"""

import asyncio
import multiprocessing
import statistics
import tempfile
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiohttp import web

from bench.child import start
from bench.figures import Advance, Figure, Section, table
from bench.ours import clinic_settings
from bench.patients import example, make
from bench.storm import ALARMS, EVERY, PATIENCE, SECONDS, Clinic
from bot.standin import World, create_app
from storage.sealing import new_key_text

OURS = "ours"  # who is on the other side


def serve(pipe: Connection) -> None:
    """Run the stand-in; send its port and the chats, then, when told to, what was seen."""

    async def run() -> None:
        world = World()
        clinic = Clinic(world)

        @web.middleware
        async def looking(request: web.Request, handler: Any) -> web.StreamResponse:  # noqa: ANN401
            response: web.StreamResponse = await handler(request)
            clinic.storm.answered(request, response)
            return response

        app = create_app(world, deliver=False)
        app.middlewares.append(looking)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        chats = [person.id for person in clinic.patients]
        pipe.send((runner.addresses[0][1], chats, clinic.staff.id))
        if await asyncio.to_thread(pipe.recv) == OURS:
            pipe.send(await clinic.plays())
        await asyncio.Event().wait()

    asyncio.run(run())


def storm() -> dict[str, Any]:
    """Run one storm and return what was seen."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=serve, args=(there,), daemon=True)
    server.start()
    port, chats, staff = here.recv()
    address, key = f"http://127.0.0.1:{port}", new_key_text()
    with tempfile.TemporaryDirectory() as name:
        walked = example(clinic_settings(Path(name), address, key))
        make(Path(name), key, chats, walked)
        here.send(OURS)
        bot = start("bench.ours", name, address, key, str(staff))
        try:
            if not here.poll(3 * PATIENCE):
                raise RuntimeError("the storm did not end")
            seen: dict[str, Any] = here.recv()
            bot.communicate("stop\n", timeout=PATIENCE)
        finally:
            bot.kill()
            server.terminate()
    return seen


def peer_storm() -> tuple[float, float]:
    """Run the library's limiter through a storm; the last alert and the patients' wait, seconds."""
    from bench.peers.limiter import storm as through  # noqa: PLC0415 - needs what may be missing

    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=serve, args=(there,), daemon=True)
    server.start()
    port, chats, staff = here.recv()
    try:
        others = chats[: int(SECONDS / EVERY)]
        return asyncio.run(through(f"http://127.0.0.1:{port}", staff, others, ALARMS, SECONDS))
    finally:
        server.terminate()


def measure(advance: Advance, *, quick: bool) -> Section:
    """Measure and return the section."""
    rounds = 1 if quick else 3
    found = []
    for _ in range(rounds):
        advance("sixty alerts in ten seconds")
        found.append(storm())
    peer, peer_wait = "AIORateLimiter, measured once before: 178 s", "the same: 24 s"
    if not quick and find_spec("aiolimiter") is not None:
        advance("sixty alerts through AIORateLimiter, three minutes")
        last, wait = peer_storm()
        peer, peer_wait = f"AIORateLimiter {last:.0f} s", f"AIORateLimiter, the wait: {wait:.0f} s"
    return section(found, peer, peer_wait)


def section(found: list[dict[str, Any]], peer: str, peer_wait: str) -> Section:
    """Return the section."""
    worst = statistics.median(max(one["late"], default=PATIENCE) for one in found)
    shown = min(len(one["late"]) for one in found)
    quiet = statistics.median(statistics.median(one["quiet"]) for one in found)
    loud = statistics.median(statistics.median(one["loud"]) for one in found)
    figures = [
        Figure("60 alerts in 10 s in one group: the last on screen after", 4.0, worst, "{:.1f} s",
               peer, at_most=True, short="60 alerts, the last after"),
        Figure("of the 60, on screen with a button to claim it", 60.0, float(shown), "{:.0f}",
               "", short="60 alerts, claimable"),
        Figure("other patients' wait meanwhile, beside without alerts", 1.1, loud / quiet,
               "{:.2f} ×", peer_wait, at_most=True, short="patients' wait in a storm"),
    ]  # fmt: skip
    rows = [(number, f"{statistics.median(one['late']):.1f}", f"{max(one['late']):.1f}",
             one["messages"], one["too_many"], f"{statistics.median(one['quiet']) * 1000:.0f}",
             f"{statistics.median(one['loud']) * 1000:.0f}")
            for number, one in enumerate(found, 1)]  # fmt: skip
    head = ["round", "alert late p50 s", "last s", "messages in the group", "429s",
            "patients' wait, quiet, ms", "in the storm, ms"]  # fmt: skip
    return Section("Sixty alerts at once", HOW, figures, [table(head, rows)])


HOW = (
    "Sixty patients tick a warning sign within ten seconds; 25 others press all the while, five "
    "times a second. The stand-in takes 20 messages a minute in a group and 30 a second in all. "
    "What bounds it: the group's 20 a minute; from the tenth card on those that wait go as one "
    "message, every three seconds."
)
