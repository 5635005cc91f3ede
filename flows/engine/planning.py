"""Which check-ins a case has, after a session was added or changed."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from flows.course import plan_course
from flows.engine.events import Did, Drop, Plan
from flows.engine.inputs import SessionAdded
from flows.engine.nights import tell_by_day
from flows.engine.record import Record, Visit
from flows.engine.stored_check_in import StoredCheckIn, planned
from flows.engine.turn import Turn
from flows.schedule import PURPOSES, Due, Session

WAITING = ("planned", "paused")
KEPT_BACK = ("paused", "unreachable")
"""States of check-ins whose time came while nobody could be asked."""
STOPPED = "the patient stopped"
QUESTIONS = ("check_in", "results")


def plan_check_ins(turn: Turn) -> None:
    """Plan every message of the course anew, around those that were already sent."""
    rows = plan_course(turn.desk.protocol, sessions(turn.record), sent(turn.record))
    for row in rows:
        old = turn.record.check_ins.get(row.key)
        if old is not None and old.state not in WAITING:
            continue
        new = planned(row)
        if old is not None:
            new = replace(new, refused_at=old.refused_at)
        if new == old:
            continue
        turn.record = turn.record.with_check_in(new)
        about = about_check_in(turn.record, new)
        if new.state == "planned":
            turn.add(Plan("check_in", about, max(new.due_at, turn.now)))
        elif old is not None:
            turn.add(Drop("check_in", about, new.reason))


def take_up(turn: Turn) -> None:
    """Begin to ask again: plan what a stop had cancelled or nobody could be asked, and all else.

    What would have come during a stop stays cancelled: nobody is asked about days that are over.
    Of what was kept back the newest is asked. Sessions that were entered meanwhile are planned.
    """
    for one in list(turn.record.check_ins.values()):
        stopped = one.state == "cancelled" and one.reason == STOPPED and one.due_at > turn.now
        if stopped or one.state in KEPT_BACK:
            turn.record = turn.record.with_check_in(replace(one, state="planned", reason=""))
            about = about_check_in(turn.record, one)
            turn.add(Plan("check_in", about, max(one.due_at, turn.now)))
    plan_check_ins(turn)


def sessions(record: Record) -> list[Session]:
    """Return the sessions of the course."""
    return [visit.session for visit in record.visits]


def sent(record: Record) -> list[Due]:
    """Return the planned rows that are no longer open to change, as the schedule sees them."""
    return [
        Due(
            record.visit(stored.session).session, stored.purpose, stored.hours,
            stored.sent_at or stored.due_at, stored.covers,
        )
        for stored in record.check_ins.values()
        if stored.purpose != "report"
        and stored.key == f"{stored.session}/{stored.purpose}/{stored.hours}"
        and stored.state not in (*WAITING, "skipped", "cancelled")
    ]  # fmt: skip


def about_check_in(record: Record, check_in: StoredCheckIn) -> str:
    """Return what a due row about a check-in is about: `A7K2:1/check_in/24`."""
    return f"{record.patient.code}:{check_in.key}"


def session_added(turn: Turn, said: SessionAdded) -> None:
    """Add a known patient's next session: the plan changes, nobody opens a second link.

    A patient who came back after a stop, or whose link was never used, keeps their stage.
    """
    if any(visit.session.number == said.session.number for visit in turn.record.visits):
        return
    visits = (*turn.record.visits, Visit(said.session, said.lot))
    turn.record = Record(
        turn.patient, visits, turn.record.check_ins, turn.record.alerts, turn.record.alerts_so_far
    )
    who = said.who
    turn.add(Did(who.id if who else None, who.name if who else said.name, "session"))
    if turn.patient.stage != "active":
        return
    plan_check_ins(turn)
    tell_of_session(turn)


def tell_of_session(turn: Turn) -> None:
    """Tell the patient that the next session is known, and when they are asked."""
    first = next_planned(turn.record, turn.now)
    number = turn.record.last_visit.session.number
    if first:
        text = turn.phrase("check_in_next_session", next_check_in=turn.next_at(first))
        tell_by_day(turn, f"{turn.patient.code}:session", text, f"session:{number}")


def is_asked_now(turn: Turn) -> bool:
    """Whether a question's time has come already: it goes as soon as the night and staff let it."""
    return any(
        one.state == "planned" and one.due_at <= turn.now and one.purpose in QUESTIONS
        for one in turn.record.check_ins.values()
    )


def next_planned(
    record: Record, now: datetime, purposes: Collection[str] = PURPOSES
) -> datetime | None:
    """Return when the patient is asked next, None where nothing is planned."""
    coming = [
        one.due_at
        for one in record.check_ins.values()
        if one.state == "planned" and one.due_at > now and one.purpose in purposes
    ]
    return min(coming, default=None)
