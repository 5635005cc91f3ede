"""One case: answers on top of what is expected, photos side by side, all that happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.board.acts import look_in_words, looks
from bot.board.board import Board, Seat
from bot.board.carried import carried, shown_once
from bot.board.clocks import when
from bot.board.entering import html, said
from bot.board.now import card
from bot.board.passes import new_token
from bot.board.photos import pair, shots
from bot.board.timeline import entries
from flows.engine.cards import treatment
from flows.engine.check_in_words import named
from flows.engine.desk import Desk, day_and_time, since_session
from flows.engine.record import Record
from flows.engine.results import results
from flows.staff_language import N_, _, decimal
from flows.symptom_chart import Chart, Point, Wording, charts
from storage import board_case, records
from storage.board_case import Seen
from storage.board_now import OpenAlert
from storage.transaction import Transaction

NOT_THERE: Final = N_("There is no case with this code, or it was erased.")
COMING: Final = 3
"""So many coming check-ins are shown (own choice)."""

STAGES: Final = {
    "invited": N_("has a link, has not opened it"),
    "asked_consent": N_("asked to agree"),
    "asked_facts": N_("asked what staff should know"),
    "test_message": N_("asked whether messages arrive"),
    "pairing": N_("waits for staff to confirm whose chat it is"),
    "active": N_("in care"),
    "declined": N_("did not agree"),
    "refused": N_("was another person's chat"),
    "stopped": N_("stopped the check-ins"),
}


async def page(board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
    """Show a case; who looked at it is noted first."""
    code, now = request.match_info["code"], board.now
    await board.note(seat.who, "board_case", code)
    toast = carried(board, request, seat)

    def whole() -> Transaction[str | None]:
        found = yield from records.seen(board.office.vault.keys, code)
        if found is None:
            return None
        desk = yield from board.office.desk(found.record.patient.protocol, now)
        seen = yield from board_case.seen(code, found.key)
        words = shown(desk, found.record, seen, now)
        cards = [card(desk, one, seat, now) for one in open_ones(found.record)]
        return board.rendered(
            "case.html", seat, cards=cards, once=new_token(), toast=toast, **words
        )

    text = await board.reader.read(whole)
    if text is None:
        return said(board, 404, _(NOT_THERE), seat)
    response = html(text)
    shown_once(board, request, response)
    return response


def open_ones(record: Record) -> Sequence[OpenAlert]:
    """Return the open alerts, the most urgent first."""
    visits = {visit.session.number: visit for visit in record.visits}
    found = sorted(record.open_alerts, key=lambda one: (-one.level, one.raised_at))
    return [OpenAlert(one, visits.get(one.session), record.patient.protocol) for one in found]


def shown(desk: Desk, record: Record, seen: Seen, now: datetime) -> Mapping[str, object]:
    """Return what the page is made of."""
    patient, zone = record.patient, desk.clinic.hours.zone
    known = [fact.meaning for fact in desk.protocol.patient_facts if patient.profile.get(fact.id)]
    if patient.unreachable_since:
        since = day_and_time(patient.unreachable_since, zone)
        known.append(_("cannot be written to since {time}", time=since))
    if patient.paused_until and patient.paused_until > now:
        until = day_and_time(patient.paused_until, zone)
        known.append(_("asked for a pause until {time}", time=until))
    coming = sorted(
        (one for one in record.check_ins.values() if one.state == "planned" and one.due_at > now),
        key=lambda one: one.due_at,
    )
    kept = shots(desk, record, seen, now)
    return {
        "code": patient.code, "stage": _(STAGES[patient.stage]), "protocol": patient.protocol,
        "known": known, "visits": [treatment(desk, visit) for visit in record.visits],
        "since": since_session((now - record.last_visit.session.ended_at).total_seconds() / 3600),
        "coming": [(named(one), day_and_time(one.due_at, zone)) for one in coming[:COMING]],
        "results": results(desk.protocol, record), "charts": list(drawn(desk, record)),
        "alerts": [(one, day_and_time(one.raised_at, zone)) for one in record.alerts.values()],
        "pair": pair(kept), "shots": kept,
        "waited_for": sum(one.is_waited_for for one in seen.pictures),
        "entries": [(when(one.at, now, zone), one) for one in entries(desk, record, seen)],
        "looks": [(day_and_time(one.at, zone), look_in_words(one)) for one in looks(seen.acts)],
    }  # fmt: skip


def drawn(desk: Desk, record: Record) -> Sequence[Chart]:
    """Return the symptoms of the last session over the days."""
    session = record.last_visit.session
    points: dict[str, list[Point]] = {}
    answered = [one for one in record.check_ins.values() if one.session == session.number]
    for one in sorted(answered, key=lambda check_in: check_in.answered_hours):
        for question, value in one.answers.items():
            points.setdefault(question, []).append(Point(one.answered_hours, value, one.level))
    wording = Wording(_, decimal)
    return list(charts(desk.protocol, session.treatment, session.area, dict(points), wording))
