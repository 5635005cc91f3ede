"""One health page for all clinics: `GET /healthz` asks each for its own."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.clinics.keeping import Kept

PATIENCE: Final = ClientTimeout(total=5)
"""Seconds for one clinic's answer; each is asked beside the others: one that hangs hides none."""

SILENT: Final = "it does not answer"


def application(kept: Sequence[Kept]) -> web.Application:
    """Return the web server's application; `/healthz` is all it has."""

    async def healthz(_request: web.Request) -> web.Response:
        async with ClientSession(timeout=PATIENCE) as session:
            answers = await asyncio.gather(*(asked(session, one) for one in kept))
        ok = all(one["ok"] for one in answers)
        clinics = {one.name: said for one, said in zip(kept, answers, strict=True)}
        status = HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response(
            {"ok": ok, "clinics": clinics}, status=status, headers={"Cache-Control": "no-store"}
        )

    app = web.Application()
    app.router.add_get("/healthz", healthz, name="healthz")
    return app


async def asked(session: ClientSession, one: Kept) -> dict[str, Any]:
    """Return whether a clinic's bot does its work, what troubles it, and how often it started."""
    if one.refused or one.clinic is None:
        return {"ok": False, "troubles": list(one.refused), "starts": one.starts}
    known = one.clinic.settings
    host = "127.0.0.1" if known.listen_host in ("0.0.0.0", "") else known.listen_host  # noqa: S104 - heard of everywhere is heard of here
    try:
        async with session.get(f"http://{host}:{known.listen_port}/healthz") as answer:
            said = await answer.json()
        found = {"ok": bool(said["ok"]), "troubles": list(said["troubles"])}
    except (ClientError, TimeoutError, ValueError, KeyError, TypeError):
        found = {"ok": False, "troubles": [SILENT]}
    return found | {"starts": one.starts}
