"""Kills the process it is in, at a named point of the product's code.

It runs in a process of the harness that is about to become the bot. The product's own functions
are wrapped at that point; nothing in the product knows.
"""

import json
import os
import signal
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from telegram.request import RequestData

import bot.delivery.courier
import bot.delivery.sender
import bot.inbox_worker
import bot.intake
import storage.backups
import storage.sqlite
from bench.kills.points import AFTER, BACKUP, BEFORE, WORDS, Spot
from bot.delivery.sender import Sender
from bot.office import Office
from bot.transport import Transport
from storage.inbox import Taken
from storage.transaction import StorageError, Transaction
from storage.worker import Outcome

CALLS: Final = {
    "getupdates": "fetch", "answercallbackquery": "callback answer", "editmessagetext": "edit",
    "sendmessage": "POST bytes",
}  # fmt: skip
NOTED: Final = "KILLS_NOTED"
"""The variable that names the file in which a process notes where it died."""


class Trap:
    """Counts how often a point is passed, and kills at the wanted time."""

    def __init__(self, spot: Spot) -> None:
        self.spot = spot
        self.passed = 0

    def passes(self, point: str, side: str) -> None:
        """Note that a point is passed; do not return if this was the time."""
        if (point, side) != self.spot[:2]:
            return
        self.passed += 1
        if self.passed == self.spot.time:
            with open(os.environ[NOTED], "ab", buffering=0) as file:  # noqa: PTH123 - at once
                file.write(f"{os.getpid()} {point}, {side}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)
            signal.pause()


def lay(spot: Spot) -> None:
    """Wrap what the product does at a point."""
    trap = Trap(spot)
    lay_in_calls(trap)
    lay_in_transactions(trap)
    lay_in_backup(trap)


def lay_in_calls(trap: Trap) -> None:
    """Wrap the calls to Telegram."""
    whole = Transport.do_request

    async def do_request(
        transport: Transport, url: str, method: str, request_data: RequestData | None = None,
        **given: object,
    ) -> tuple[int, bytes]:  # fmt: skip
        name = url.rsplit("/", 1)[-1].lower()
        point = CALLS.get(name, "")
        trap.passes(point, BEFORE)
        if name == "getupdates" and request_data and "offset" in request_data.parameters:
            trap.passes("offset", BEFORE)
        found = await whole(transport, url, method, request_data, **given)
        if name == "sendmessage":
            trap.passes("response", AFTER)
        elif name != "getupdates" or b'"result": []' not in found[1]:
            trap.passes(point, AFTER)
        return found

    Transport.do_request = do_request  # type: ignore[assignment]


def lay_in_transactions(trap: Trap) -> None:
    """Wrap what is saved together, and its commit."""
    saved: set[str] = set()

    def noted(module: ModuleType, name: str, point: str) -> None:
        whole = getattr(module, name)

        def wrapped(*given: object, **named: object) -> Transaction[Any]:
            if point == "commit":
                trap.passes("handler", BEFORE)
                if trap.spot[:2] == WORDS and are_words(*given):  # type: ignore[arg-type]
                    trap.passes(*WORDS)
            value = yield from whole(*given, **named)
            if point == "commit":
                trap.passes("handler", AFTER)
            if value.rows if point == "claim" else value:
                saved.add(point)
            return value

        setattr(module, name, wrapped)

    noted(bot.intake, "keep", "inbox commit")
    noted(bot.inbox_worker, "work", "commit")
    noted(bot.delivery.sender, "claim", "claim")
    noted(bot.delivery.courier, "finalise", "finalise")
    whole = storage.sqlite.commit_failure

    def commit_failure(
        connection: sqlite3.Connection, last: Outcome
    ) -> StorageError | None:  # fmt: skip
        for point in saved:
            trap.passes(point, BEFORE)
        failure = whole(connection, last)
        for point in saved:
            trap.passes(point, AFTER)
        saved.clear()
        return failure

    storage.sqlite.commit_failure = commit_failure


def are_words(office: Office, taken: Taken, _cause: object) -> bool:
    """Whether an update that is about to be worked on is somebody's words, and no command."""
    message = json.loads(taken.opened(office.vault.clinic)).get("message", {})
    return not message.get("text", "/").startswith("/")


def lay_in_backup(trap: Trap) -> None:
    """Wrap the copying of the database."""
    check, whole = storage.backups.check_whole, storage.backups.back_up

    def check_whole(connection: sqlite3.Connection) -> None:
        trap.passes(BACKUP, BEFORE)
        check(connection)

    def back_up(path: Path, target: Path, *given: Callable[[], None]) -> str:
        version = whole(path, target, *given)
        trap.passes(BACKUP, AFTER)
        return version

    storage.backups.check_whole = check_whole
    storage.backups.back_up = back_up  # type: ignore[assignment]


def shorten_lease(seconds: float) -> None:
    """Hold messages for less than the product's minute, so that a pause can outlast it."""
    defaults = Sender.__init__.__kwdefaults__
    assert defaults is not None
    defaults["lease"] = timedelta(seconds=seconds)
