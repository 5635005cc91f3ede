"""The protocol's page: which version is in use, its thresholds, and files on trial."""

from typing import Final

from aiohttp import web

from bot.board import examining
from bot.board.board import Board, Seat
from bot.board.entering import html, said
from bot.board.examining import BrokenOffError, Json
from bot.board.trials import Trials
from bot.board.ways import PROTOCOL, THRESHOLDS
from flows.engine.desk import day_and_time
from flows.staff_language import N_, _
from storage import protocol_trials
from storage.protocol_trials import Trial
from storage.transaction import Transaction

SHOWN: Final = 5
KEPT_PAGES: Final = 4
LATER: Final = N_("The thresholds could not be drawn. Load this page again.")
NO_PICTURE: Final = N_("There is no such picture.")


class Thresholds:
    """The pages of protocol versions, each drawn once, in a process of its own."""

    def __init__(self, trials: Trials) -> None:
        self.trials = trials
        self.drawn: dict[str, Json] = {}

    async def of(self, name: str, text: str) -> Json:
        """Return a version's page and pictures.

        Raises:
            BrokenOffError: they could not be drawn.
        """
        if name not in self.drawn:
            found = await examining.ask({"page": text})
            while len(self.drawn) >= KEPT_PAGES:
                del self.drawn[next(iter(self.drawn))]
            self.drawn[name] = found
        return self.drawn[name]

    async def page(self, board: Board, _request: web.Request, seat: Seat) -> web.StreamResponse:
        """Show which version is in use, and which files are on trial."""
        await board.note(seat.who, "board_protocol")

        def whole() -> Transaction[str]:
            office, zone = board.office, board.office.settings.hours.zone
            protocol = yield from office.current()
            people = yield from office.people(board.now)
            found = yield from protocol_trials.trials(office.vault.clinic, SHOWN, board.now)
            names = {member.id: member.name for member in people.roster}
            tried = [
                (day_and_time(one.created_at, zone), names.get(one.created_by, _("somebody")),
                 one.id,
                 state(one, self.trials.running))
                for one in found
            ]  # fmt: skip
            in_care = yield from protocol_trials.in_care()
            return board.rendered(
                "protocol.html", seat, here="protocol", about=protocol.protocol, tried=tried,
                name=protocol.name, in_care=in_care,
            )  # fmt: skip

        return html(await board.reader.read(whole))

    async def thresholds(
        self, board: Board, _request: web.Request, seat: Seat
    ) -> web.StreamResponse:  # fmt: skip
        """Show every threshold of the version in use, as docs/thresholds.md has the bundled one."""
        await board.note(seat.who, "board_thresholds")
        office = board.office
        try:
            drawn = await self.of(office.protocol.name, office.protocol_text)
        except BrokenOffError:
            return said(board, 503, _(LATER), seat, PROTOCOL)
        page = board.rendered("thresholds.html", seat, here="protocol", text=drawn["html"])
        return html(page)

    async def chart(self, board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Send a treatment's picture; it brings its own colours."""
        office = board.office
        try:
            drawn = await self.of(office.protocol.name, office.protocol_text)
        except BrokenOffError:
            return said(board, 503, _(LATER), seat, PROTOCOL)
        picture = drawn["charts"].get(request.match_info["name"])
        if picture is None:
            return said(board, 404, _(NO_PICTURE), seat, THRESHOLDS)
        return web.Response(text=picture, content_type="image/svg+xml")

    async def chart_page(
        self, board: Board, request: web.Request, seat: Seat
    ) -> web.StreamResponse:  # fmt: skip
        """Show a treatment's picture as large as it is, and the way back."""
        name = request.match_info["name"]
        treatment = board.office.protocol.treatments.get(name)
        if treatment is None:
            return said(board, 404, _(NO_PICTURE), seat, THRESHOLDS)
        title = _("Expected course: {treatment}", treatment=treatment.label)
        way = THRESHOLDS._replace(path=f"{THRESHOLDS.path}#picture-{name}")
        page = board.rendered(
            "picture.html", seat, here="protocol", title=title, about="", alt=title, wide=True,
            source=f"/board/protocol/chart/{name}.svg", way=way,
        )  # fmt: skip
        return html(page)


def state(trial: Trial, running: set[str]) -> str:
    """Return how far a trial is, in words."""
    if trial.report is None:
        words = N_("is being examined")
        return _(words if trial.id in running else N_("was broken off; upload it again"))
    return _(N_("is not good enough") if trial.report["problems"] else N_("is proved"))
