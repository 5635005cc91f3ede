"""Who needs somebody now: open alerts, the most urgent first, each with its clocks and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from bot.board import around
from bot.board.board import Board, Seat
from bot.board.carried import carried, shown_once
from bot.board.clocks import Clock, clocks
from bot.board.entering import html
from bot.board.passes import new_token
from bot.staff.lists import buttons, needs_a_look
from flows.engine.cards import CALL_LIST, DO, keys, treatment, why
from flows.engine.desk import Desk, clock_time, since_session
from flows.engine.events import Key
from flows.engine.record import StoredAlert
from flows.staff_language import N_, _
from flows.verdict import Level
from storage import board_now
from storage.board_now import OpenAlert
from storage.transaction import Transaction

NAMES = {
    Level.EMERGENCY: N_("Emergency"),
    Level.URGENT: N_("Urgent"),
    Level.FOLLOW_UP: N_("Follow up"),
    Level.WATCH: N_("Watch"),
    Level.EXPECTED: N_("Expected"),
}
LISTED: Final = timedelta(hours=1)
"""So far ahead a list of warning signs may become an alert and be named here: the protocol's wait
is minutes, and the due table is not read further than that."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button of an alert: its label, what it does, and what it brings besides."""

    label: str
    act: str
    option: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One alert as the page shows it."""

    alert: StoredAlert
    name: str
    level: str
    todo: str
    reasons: Sequence[str]
    where: str
    clocks: Sequence[Clock]
    buttons: Sequence[Button]

    @property
    def group(self) -> str:
        """Which part of the page it stands in."""
        if needs_a_look(self.alert):
            return "look"
        return "contacted" if self.alert.contacted_at else "waiting"


async def page(board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
    """Show the open alerts; an open page asks again, and gets nothing where nothing is new."""
    if "HX-Request" in request.headers:
        text = await listed(board, seat, seen=request.query.get("seen", ""))
        return html(text) if text else web.Response(status=204)
    await board.note(seat.who, "board_now")
    now, toast = board.now, carried(board, request, seat)

    def whole() -> Transaction[str]:
        part = yield from part_of(board, seat, now, toast, "")
        people = yield from board.office.people(now)
        return board.rendered(
            "now.html", seat, here="now", part=part, roster=around.roster_lines(people),
            planned=around.planned_lines(people, now),
        )  # fmt: skip

    response = html(await board.reader.read(whole))
    shown_once(board, request, response)
    return response


async def listed(board: Board, seat: Seat, toast: str = "", seen: str = "") -> str:
    """Return the list alone; empty where what was `seen` is what there is."""
    now = board.now
    return await board.reader.read(lambda: part_of(board, seat, now, toast, seen))


def part_of(
    board: Board, seat: Seat, now: datetime, toast: str, seen: str
) -> Transaction[str]:  # fmt: skip
    """Return the list as HTML."""
    found, asked = (yield from board_now.rows()), (yield from board_now.asked(now + LISTED))
    pairings = yield from board_now.pairings()
    version = f"{board_now.version(found, [*asked, *pairings])}-{now:%H%M}"
    if seen == version:
        return ""
    people = yield from board.office.people(now)
    cards = []
    for one in (yield from board_now.opened(found, board.office.vault.keys)):
        protocol = yield from board.office.protocol_named(one.protocol)
        desk = Desk(protocol, people, board.office.settings.contact)
        cards.append(card(desk, one, seat, now))
    cards.sort(key=lambda one: (-one.alert.level, one.alert.raised_at))
    zone = board.office.settings.hours.zone
    closed = yield from around.closed_lately(people, now)
    return board.rendered(
        "now_list.html", seat, cards=cards, version=version, toast=toast, once=new_token(),
        at=clock_time(now, zone), asked=[(code, clock_time(at, zone)) for code, at in asked],
        on_call=around.on_call_lines(people, now), pairings=around.pairing_lines(pairings, now),
        closed=closed[: around.MOST_CLOSED], more_closed=len(closed) > around.MOST_CLOSED,
        groups=[name for name in ("waiting", "contacted", "look") if holds(cards, name)],
    )  # fmt: skip


def holds(cards: Sequence[Card], group: str) -> bool:
    """Whether some card stands in a part of the page."""
    return any(one.group == group for one in cards)


def card(desk: Desk, found: OpenAlert, seat: Seat, now: datetime) -> Card:
    """Return an alert as the page shows it."""
    alert = found.alert
    visit = treatment(desk, found.visit) if found.visit else ""
    where = " · ".join(part for part in (visit, since_session(alert.hours)) if part)
    waits = alert.contacted_at is None
    todo = _(CALL_LIST if alert.route else DO[alert.level]) if waits else ""
    return Card(
        alert, _(NAMES[alert.level]), str(alert.level).replace("_", "-"), todo, why_lines(alert),
        where, clocks(desk, alert, now), [one for one in shown(desk, alert) if seat.may(one.act)],
    )  # fmt: skip


def why_lines(alert: StoredAlert) -> list[str]:
    """Return the reasons, the worst first."""
    return [line.removeprefix("• ") for line in why(alert)]


def shown(desk: Desk, alert: StoredAlert) -> list[Button]:
    """Return the buttons that the card in the chat has too; its details are a page here."""
    rows = buttons(desk, alert) if needs_a_look(alert) else keys(alert)
    next_step = "claim" if alert.claimed_by is None else "contacted"
    found = [button(key, next_step) for row in rows for key in row]
    return [one for one in found if one.act != "details"]


def button(key: Key, next_step: str) -> Button:
    """Return a button of a chat as one of the page: `a:outcome.advised.0a1b2c3d:A7K2-1`."""
    word = key.code.split(":")[1]
    act, _dot, option = word.partition(".")
    label = _("Seen") if option.startswith("seen.") else key.label
    return Button(label, act, option, act == next_step)
