"""Files that leave the clinic: what one asks for, how far it is, and the file.

A file is written in a thread, into one without a name: nobody else can open it, and nothing of it
is left when the bot ends. Each member of staff has one at a time, for a quarter of an hour.

Hazards: H30.
"""

import asyncio
import logging
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.board.board import Board, Seat
from bot.board.entering import html, said
from bot.board.ways import EXPORT
from bot.export.files import SHAPES, Order, order, write
from bot.export.pdf import NoTypesetterError
from bot.export.writing import OptionsError, moment
from flows.staff_language import N_, _
from flows.stored_words import restated
from storage.sealing import SealError
from storage.transaction import StorageError

LOGGER = logging.getLogger(__name__)
KEPT: Final = timedelta(minutes=15)
"""So long a finished file can be fetched (own choice)."""
PIECE: Final = 65_536  # bytes read at a time
NOT_THERE: Final = N_("This file is not there any more. Ask for it again.")
ONE_ALERT: Final = N_("«{key}» is an alert: choose a summary of an alert, or write its case alone.")
LONGEST: Final = 40
"""Characters of a field of the form."""

CHOICES: Final = {
    "pdf": N_("Case: PDF with symptoms drawn, to sign"),
    "json": N_("Case: everything, for a machine (JSON)"),
    "copy": N_("Case: the patient's own copy, in the patient's language (PDF)"),
    "copy-json": N_("Case: the patient's own copy, for a machine (JSON)"),
    "adverse-event": N_("Case: summary of an alert for a regulator, prefilled, not sent (PDF)"),
    "adverse-event-json": N_("Case: the same for a machine (JSON)"),
    "xlsx": N_("Workbook, a sheet for each kind of row"),
    "csv:answer": N_("CSV, a row an answer"),
    "csv:check_in": N_("CSV, a row a check-in"),
    "csv:session": N_("CSV, a row a session"),
    "fhir": N_("FHIR R4B bundle, for other systems"),
}
"""By what the form sends, what somebody reads; those of one case first."""


@dataclass
class Job:
    """One file; `fault` says why there is none."""

    wanted: Order
    name: str
    begun: datetime
    done: int = 0
    total: int = 0
    file: BinaryIO | None = None
    fault: str = ""
    work: "asyncio.Task[None] | None" = None

    @property
    def is_running(self) -> bool:
        """Whether it is still being written."""
        return self.file is None and not self.fault


class Exports:
    """The files of one board, by the number of who asked."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.jobs: dict[int, Job] = {}

    async def page(self, board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Show the form and how far a file is; or that part alone; or send the file."""
        job = self.of(seat)
        if "file" in request.query:
            if job is None or job.file is None:
                return said(board, 404, _(NOT_THERE), seat, EXPORT)
            return await sent(request, job)
        if "state" in request.query:
            return html(board.rendered("export_state.html", seat, job=job))
        return html(form(board, seat, job, request.query))

    async def orders(self, board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Begin to write a file, unless something is wrong with what was asked for."""
        job = self.of(seat)
        fields = {
            name: value.strip()[:LONGEST]
            for name, value in (await request.post()).items()
            if isinstance(value, str)
        }
        fault = _("Your last file is still being written.") if job and job.is_running else ""
        try:
            wanted = asked_for(fields, ZoneInfo(board.bot.settings.clinic_timezone))
        except OptionsError as error:
            fault = fault or str(error)
        if fault:
            return html(form(board, seat, job, fields, fault), 400)
        await board.note(seat.who, "board_export", wanted.options.case, wanted.told)
        if job is not None:
            forget(job)
        job = Job(wanted, wanted.name(board.now), board.now)
        self.jobs[seat.who.id] = job
        job.work = asyncio.create_task(self.made(job))
        return web.Response(status=303, headers={"Location": "/board/export"})

    def of(self, seat: Seat) -> Job | None:
        """Return somebody's file; files that were there long enough are forgotten first."""
        old = [who for who, one in self.jobs.items() if is_old(one, self.board.now)]
        for who in old:
            forget(self.jobs.pop(who))
        return self.jobs.get(seat.who.id)

    async def made(self, job: Job) -> None:
        """Write a file, or say why it cannot be written."""
        settings, now = self.board.bot.settings, job.begun

        def report(done: int, total: int) -> None:
            job.done, job.total = done, total

        def writing() -> BinaryIO:
            file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - it stays open to be sent
            try:
                write(settings, job.wanted, file, report, now)
                file.flush()
            except BaseException:
                file.close()
                raise
            return file

        try:
            job.file = await asyncio.to_thread(writing)
        except (OptionsError, NoTypesetterError, StorageError, SealError) as error:
            job.fault = restated(str(error))
        except Exception:
            LOGGER.exception("a file for the board could not be written")
            job.fault = _("It could not be written; the log of the bot says why.")

    async def close(self) -> None:
        """Wait for what is being written, and let go of every file."""
        for job in self.jobs.values():
            if job.work is not None:
                await job.work
            forget(job)


def form(
    board: Board, seat: Seat, job: Job | None, fields: Mapping[str, str], fault: str = ""
) -> str:  # fmt: skip
    """Return the page, its form filled in with what a link or the last form brought."""
    code, what = fields.get("case", "")[:LONGEST], fields.get("what", "")
    chosen = what if what in CHOICES else "pdf" if code else "xlsx"
    return board.rendered(
        "export.html", seat, here="export", job=job, code=code, chosen=chosen,
        fault=fault, choices={name: _(words) for name, words in CHOICES.items()},
    )  # fmt: skip


def asked_for(fields: Mapping[str, str], zone: ZoneInfo) -> Order:
    """Return what a form asks for.

    Raises:
        OptionsError: it makes no sense.
    """
    choice = fields.get("what", "")
    if choice not in CHOICES:
        raise OptionsError(_("Choose what the file is to hold."))
    file_format, _colon, rows = choice.partition(":")
    word, shape = "".join(fields.get("case", "").split()), SHAPES[file_format]
    code, alert = word.partition("-")[0] or None, word if "-" in word else None
    if alert and not shape.alert:
        raise OptionsError(_(ONE_ALERT, key=alert))
    if shape.one_case and code is None:
        raise OptionsError(_("This file is about one case: write its code."))
    since, until = fields.get("since", ""), fields.get("until", "")
    if shape.one_case:
        return order(file_format, None, code, None, None, alert)
    if since and until and until < since:
        raise OptionsError(_("The last day must not be before the first."))
    return order(
        file_format, rows or None, code, moment(since, zone) if since else None,
        moment(until, zone, ends=True) if until else None,
    )  # fmt: skip


async def sent(request: web.Request, job: Job) -> web.StreamResponse:
    """Send a file piece by piece; two who fetch it at once each get all of it."""
    assert job.file is not None
    name = {"Content-Disposition": f'attachment; filename="{job.name}"'}
    response = web.StreamResponse(headers=name)
    response.content_type = "application/octet-stream"
    await response.prepare(request)
    place = 0
    while piece := await asyncio.to_thread(read, job.file, place):
        await response.write(piece)
        place += len(piece)
    await response.write_eof()
    return response


def read(file: BinaryIO, place: int) -> bytes:
    """Return a piece of a flushed file from there; another who reads it moves nothing."""
    return os.pread(file.fileno(), PIECE, place)


def is_old(job: Job, now: datetime) -> bool:
    """Whether a file was there long enough."""
    return not job.is_running and now - job.begun > KEPT


def forget(job: Job) -> None:
    """Let go of a file."""
    if job.file is not None:
        job.file.close()
