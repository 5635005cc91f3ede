"""The clinic's figures on one page: the last week, month or quarter."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from bot.board import figures, rule_words
from bot.board.bars import bar, burden_bars, hour_bars
from bot.board.board import Board, Seat
from bot.board.entering import html
from flows.engine.cards import waited
from flows.engine.desk import day_and_time
from flows.staff_language import N_, _, decimal, percentage
from storage import board_clinic
from storage.overview import LOOKED_BACK
from storage.transaction import Transaction

SPANS: Final = {7: N_("7 days"), 30: N_("30 days"), 90: N_("90 days")}
USUAL: Final = 30
SETTLED: Final = timedelta(hours=24)
"""Whoever was asked less long ago and has not answered may still do so (own choice)."""

MINUTE: Final = 60
RULES_SHOWN: Final = 12
"""The rest raises less than the least of these, and is folded up (own choice: a phone's screen)."""


async def page(board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
    """Show the figures."""
    given = request.query.get("days", "")
    days = int(given) if given.isascii() and given.isdigit() and int(given) in SPANS else USUAL
    await board.note(seat.who, "board_clinic")
    now = board.now

    def whole() -> Transaction[str]:
        words = yield from shown(board, now, days)
        return board.rendered("clinic.html", seat, here="clinic", days=days, **words)

    return html(await board.reader.read(whole))


def shown(board: Board, now: datetime, days: int) -> Transaction[Mapping[str, object]]:
    """Return what the page is made of."""
    office, since = board.office, now - timedelta(days=days)
    zone = office.settings.hours.zone
    answered = yield from board_clinic.answers(since, now - SETTLED)
    seconds = yield from board_clinic.answer_seconds(since)
    alerts = yield from board_clinic.raised(since)
    reasons = yield from board_clinic.reasons(since)
    sessions = yield from board_clinic.sessions(since)
    unreachable = yield from board_clinic.unreachable(office.vault.keys, now - LOOKED_BACK)
    heard = figures.heard_seconds(alerts)
    followed = figures.reactions(alerts, since)
    per_100 = figures.burden(alerts, answered)
    by_rule = yield from rules(board, figures.by_rule(reasons), answered)
    by_hour = figures.by_hour(alerts, zone)
    treatments = figures.shares(sessions, followed, of_lots=False)
    return {
        "spans": {number: _(name) for number, name in SPANS.items()}, "answered": answered,
        "response": share(answered.answered, answered.sent),
        "answer_middle": in_words(figures.quantile(seconds, figures.MIDDLE)),
        "alerts": len(alerts), "per_100": per_100,
        "acted": share(sum(one.is_acted_upon for one in alerts), len(alerts)),
        "ack_middle": in_words(figures.quantile(heard, figures.MIDDLE)),
        "ack_nearly": in_words(figures.quantile(heard, figures.NEARLY_ALL)),
        "burden": burden_bars(per_100, figures.PRO_TECT, figures.MSK),
        "rules": by_rule[:RULES_SHOWN], "more_rules": by_rule[RULES_SHOWN:],
        "hours": hour_bars(by_hour),
        "by_hour": [(one, in_words(one.middle), in_words(one.nearly_all)) for one in by_hour],
        "treatments": treatments,
        "lots": figures.shares(sessions, followed, of_lots=True),
        "labels": {one.name: office.protocol.treatment_in_words(one.name) for one in treatments},
        "bar": bar, "percentage": percentage,
        "unreachable": [(code, day_and_time(at, zone)) for code, at in unreachable],
    }  # fmt: skip


def rules(
    board: Board, counts: Mapping[str, int], answered: board_clinic.Answers
) -> Transaction[list[tuple[str, str, int, str]]]:
    """Return by rule its reason, its alerts, and how many per 100 check-ins; the most first."""
    words = yield from rule_words.reasons(board, counts)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [
        (rule, words[rule], many, share(many, answered.answered, tenths)) for rule, many in ordered
    ]


def share(part: int, whole: int, shape: Callable[..., str] = percentage) -> str:
    """Return a share in words; `–` where there is nothing that it could be a share of."""
    return shape(figures.percent(part, whole)) if whole else "–"


def tenths(number: float) -> str:
    """Return a number with one decimal place."""
    return decimal(number, 1)


def in_words(seconds: float | None) -> str:
    """Return a time as people say it: `4 min`."""
    if seconds is None:
        return "–"
    return waited(timedelta(seconds=seconds)) if seconds >= MINUTE else _("< 1 min")
