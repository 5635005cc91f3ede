"""Holds every call of the bot, and every answer of the stand-in, against the published Bot API."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from published_api import published

from bot.standin.parameters import METHODS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def held_against_the_published(faults: list[str], *, requests: bool = True) -> Any:
    """Return a middleware that writes down what is not as published.

    Without `requests` a call may be wrong on purpose, and the stand-in's answers alone are held.
    """

    @web.middleware
    async def compare(request: web.Request, handler: Handler) -> web.StreamResponse:
        method = METHODS.get(request.match_info.get("method", "").lower())
        if requests and method and request.content_type == "application/json":
            values = json.loads(await request.text() or "{}")
            faults.extend(published().request_faults(method, values))
        response = await handler(request)
        if method and isinstance(response, web.Response) and response.status == 200:
            text = response.text or ""
            if text.endswith("}"):
                faults.extend(published().result_faults(method, json.loads(text)["result"]))
        return response

    return compare
