"""Trying a changed protocol file on the board, and the doctor's signature under it.

A file is examined in a process of its own (`bot/board/examining.py`): proved, compared in sentences
with the version in use, and replayed over the clinic's own latest check-ins.

Hazards: H17.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from aiohttp import web

from bot import outgoing
from bot.board import examining
from bot.board.board import Board, Seat
from bot.board.entering import html, said
from bot.board.examining import BrokenOffError
from bot.board.history import lines
from bot.board.passes import new_token
from bot.board.signed_words import signed_words
from bot.board.trial_words import HEADINGS
from bot.board.ways import PROTOCOL, trial_page
from flows.engine.events import Did, Lane, Message, Say
from flows.joining import joined
from flows.protocol import Protocol
from flows.protocol_file import ProtocolError, parse_protocol, says_the_same
from flows.signing import UnsignableError, signed
from flows.staff_language import N_, _
from storage import audit, clinic, protocol_trials, records
from storage.protocol_trials import Signed, Trial
from storage.reading import Reader
from storage.transaction import StorageError, Transaction

LOGGER = logging.getLogger(__name__)
LARGEST: Final = 500_000
"""Bytes of a protocol file; the bundled one has a third of that."""

REPLAYED: Final = timedelta(days=365)
MOST_CASES, AT_ONCE = 1_000, 20
"""How far back the history is replayed, over how many cases, and how many are read at a time
(own choice: a year of a busy clinic)."""

MOST_SHOWN: Final = 50
"""So many alerts of each kind are named."""

GONE: Final = N_("This file is not kept any more. Upload it again.")
NO_FILE: Final = N_("Choose a protocol file first: plain text (TOML), UTF-8, at most 500 kB.")
NOT_READ: Final = N_("Tick that you have read what it changes.")
NOT_PROVED: Final = N_("This file is not proved, so it cannot be signed.")
OUTDATED: Final = N_(
    "It was compared with {against}, and {name} is in use by now. Upload it again, to see what it "
    "changes."
)
TAKEN: Final = N_(
    "{name} has been used as it was before. Raise the version in the file and upload it again: "
    "whoever is on that one keeps it, new patients get this one."
)


class Trials:
    """Examines files one after the other, each in a process of its own."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.running: set[str] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.turn = asyncio.Lock()

    async def uploaded(
        self, board: Board, request: web.Request, seat: Seat
    ) -> web.StreamResponse:  # fmt: skip
        """Take a file and begin to examine it."""
        text = text_of((await request.post()).get("file"))
        if not text:
            return said(board, 400, _(NO_FILE), seat, PROTOCOL)
        name, now = new_token(), board.now
        against = board.office.protocol.name
        await board.bot.database.run(
            lambda: protocol_trials.begin(name, text, against, seat.who.id, now)
        )
        await board.note(seat.who, "board_try", detail=f"against {against}")
        self.running.add(name)
        task = asyncio.create_task(self.examine(name, text, board.office.protocol_text))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return web.Response(status=303, headers={"Location": f"/board/protocol/trial/{name}"})

    async def examine(self, name: str, new: str, old: str) -> None:
        """Examine a file and keep what came of it."""
        try:
            async with self.turn:
                history = await self.history()
                report = await examining.ask({"old": old, "new": new, "history": history})
            key, now = self.board.office.vault.clinic, self.board.now
            await self.board.bot.database.run(lambda: protocol_trials.ended(name, key, report, now))
        except (BrokenOffError, StorageError):
            LOGGER.exception("a protocol file could not be examined")
        finally:
            self.running.discard(name)

    async def history(self) -> list[str]:
        """Return the latest check-ins of the clinic, read beside everything else."""
        board = self.board
        since, keys = board.now - REPLAYED, board.office.vault.keys
        reader = Reader(board.bot.settings.database_url)
        found: list[str] = []

        def some(codes: list[str]) -> Transaction[list[str]]:
            read = []
            for code in codes:
                loaded = yield from records.seen(keys, code)
                read += list(lines(loaded.record)) if loaded else []
            return read

        try:
            codes = await reader.read(lambda: protocol_trials.latest_cases(since, MOST_CASES))
            for first in range(0, len(codes), AT_ONCE):
                found += await reader.read(lambda: some(codes[first : first + AT_ONCE]))  # noqa: B023
        finally:
            await reader.close()
        return found

    async def trial(self, board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Show what came of a file; a page that is open asks again as long as it is examined."""
        name = request.match_info["trial"]
        live = "HX-Request" in request.headers
        if not live:
            await board.note(seat.who, "board_trial")

        def whole() -> Transaction[str | None]:
            found = yield from protocol_trials.trial(name, board.office.vault.clinic)
            if found is None:
                return None
            waits = found.report is None and name in self.running
            template = "trial_part.html" if live else "trial.html"
            return board.rendered(template, seat, here="protocol", trial=found, waits=waits,
                                  kinds=HEADINGS, shown=MOST_SHOWN)  # fmt: skip

        text = await board.reader.read(whole)
        return said(board, 404, _(GONE), seat, PROTOCOL) if text is None else html(text)

    async def text(self, board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Send a file with the translations that were put to it, and what is to be written."""
        name = request.match_info["trial"]
        await board.note(seat.who, "board_trial_text")
        found = await board.reader.read(
            lambda: protocol_trials.trial(name, board.office.vault.clinic)
        )
        if found is None:
            return said(board, 404, _(GONE), seat, PROTOCOL)
        try:
            text = (await asyncio.to_thread(joined, found.text, board.office.protocol)).text
        except ProtocolError:
            text = found.text  # as it was uploaded: the page says what is wrong with it
        shown = {"Content-Disposition": 'attachment; filename="protocol.toml"'}
        return web.Response(text=text, content_type="application/toml", headers=shown)

    async def signs(self, board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Take a doctor's signature: new enrolments are on this version from now on."""
        name, key = request.match_info["trial"], board.office.vault.clinic
        way = trial_page(name)
        if (await request.post()).get("read") != "yes":
            return said(board, 400, _(NOT_READ), seat, way)
        found = await board.reader.read(lambda: protocol_trials.trial(name, key))
        if found is None:
            return said(board, 404, _(GONE), seat, PROTOCOL)
        if found.report is None or found.report["problems"]:
            return said(board, 409, _(NOT_PROVED), seat, way)
        try:
            version = await asyncio.to_thread(to_be_signed, board, seat, found)
        except (UnsignableError, ProtocolError) as error:
            return said(board, 409, str(error), seat, way)
        refused = await board.bot.database.run(lambda: signing(board, seat, found, version))
        if refused:
            return said(board, 409, refused, seat, way)
        return web.Response(status=303, headers={"Location": "/board/protocol"})


def text_of(given: object) -> str:
    """Return the text of an uploaded file; empty where it is none that can be a protocol."""
    if not isinstance(given, web.FileField):
        return ""
    content = given.file.read(LARGEST + 1)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return ""
    return "" if len(content) > LARGEST or "\0" in text else text.strip() and text


def to_be_signed(board: Board, seat: Seat, found: Trial) -> tuple[Protocol, str]:
    """Return a version with its translations and a doctor's signature, and its text.

    Raises:
        ProtocolError: another version is in use by now, or a translation is missing.
        UnsignableError: the signature cannot be put in.
    """
    old, zone = board.office.protocol, board.office.settings.hours.zone
    if old.name != found.against:
        raise ProtocolError([_(OUTDATED, against=found.against, name=old.name)])
    whole = joined(found.text, old)
    if whole.missed:
        raise ProtocolError([*whole.missed])
    who = f"{seat.who.name}, {seat.who.role}"
    text = signed(whole.text, who, board.now.astimezone(zone).date())
    return parse_protocol(text, "the file"), text


def signing(
    board: Board, seat: Seat, found: Trial, version: tuple[Protocol, str]
) -> Transaction[str]:  # fmt: skip
    """Store a signed version, put it to use, and tell staff; return why not, or nothing.

    Whoever is enrolled keeps the version they are on. One that was ever in use never changes: each
    worker goes by its name and keeps what it has read.
    """
    office, now = board.office, board.now
    (protocol, text), name = version, version[0].name
    in_use = (yield from office.current()).name
    if in_use != found.against:
        return _(OUTDATED, against=found.against, name=in_use)
    known = yield from clinic.protocol_text(name)
    if name == in_use or (known is not None and not says_the_same(known, text)):
        return _(TAKEN, name=name)
    yield from clinic.keep_protocol(name, text, now)
    yield from protocol_trials.sign(Signed(name, office.configured.name))
    event = Did(seat.who.id, seat.who.name, "board_sign", detail=f"{name} after {in_use}")
    yield from audit.did(office.vault.audit, None, event, now)
    changed = found.report["differences"] if found.report else ()
    words = Message(signed_words(seat.who.name, name, in_use, changed))
    chat = yield from office.staff_chat()
    yield from outgoing.say(office, Say(chat, words, Lane.REPLY, f"signed:{name}"), chat, None, now)
    office.parsed[name] = protocol
    yield from office.current()
    return ""
