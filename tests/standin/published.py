"""Holds every call of the bot, and every answer of the stand-in, against the published Bot API."""

import json
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.standin.parameters import METHODS
from bot.standin.spec import Spec, spec_path

ROOT = Path(__file__).resolve().parents[2]
PLACES = (ROOT / "shared/telegram/api.json", ROOT.parent / "shared/telegram/api.json")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@cache
def published() -> Spec | None:
    """Return the published description, where it lies beside the project."""
    path = spec_path(*PLACES)
    return Spec(path) if path else None


def held_against(spec: Spec, faults: list[str]) -> Any:
    """Return a middleware that writes down what is not as published."""

    @web.middleware
    async def compare(request: web.Request, handler: Handler) -> web.StreamResponse:
        method = METHODS.get(request.match_info.get("method", "").lower())
        if method and request.content_type == "application/json":
            faults.extend(spec.request_faults(method, json.loads(await request.text() or "{}")))
        response = await handler(request)
        if method and isinstance(response, web.Response) and response.status == 200:
            text = response.text or ""
            if text.endswith("}"):
                faults.extend(spec.result_faults(method, json.loads(text)["result"]))
        return response

    return compare
