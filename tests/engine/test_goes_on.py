"""However often Anna stops, comes back or gets a new link: whoever is followed is asked again."""

from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from typing import TypeAlias

from desk_of_a_clinic import ANNAS_CHAT, BEN, BERLIN, yes_stop
from hypothesis import given, settings
from hypothesis import strategies as st
from outer_program import OuterProgram, annas_phone
from stories import gets_a_link, is_confirmed, is_refused, takes_the_steps

from flows.engine.doubt import is_in_doubt
from flows.engine.inputs import (
    Blocked,
    LinkOpened,
    Pressed,
    SessionAdded,
    WasNotDelivered,
)
from flows.engine.nights import patient_quiet
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.schedule import Session

Act: TypeAlias = Callable[[OuterProgram], object]

HALF_A_DAY, A_DAY = timedelta(hours=12), timedelta(days=1)
"""So much before its hour the night may pull a check-in, or a little more than it."""


def stops(program: OuterProgram) -> None:
    """Anna stops."""
    program.do(Pressed(yes_stop(program.now), 1))


def comes_back(program: OuterProgram) -> None:
    """Anna presses «Start again», and takes the steps that follow where there are any."""
    program.do(Pressed("s:back", 1))
    takes_the_steps(program)


def has_a_session(program: OuterProgram) -> None:
    """Staff enter the next session, which ended just now."""
    visits = program.record.visits
    if len(visits) < 4:
        session = Session(
            len(visits) + 1, "mn_topical+inj_skin", program.now, program.now, BERLIN, "face"
        )
        program.do(SessionAdded(BEN, session))


def deletes_the_account(program: OuterProgram) -> None:
    """The newest check-in finds that the account is gone, which puts the chat in doubt."""
    key = program.record.patient.current or "1/check_in/6"
    program.do(WasNotDelivered(f"A7K2:{key}", "deactivated"))


def blocks(program: OuterProgram) -> None:
    """Anna blocks the bot."""
    program.do(Blocked(blocked=True))


def unblocks(program: OuterProgram) -> None:
    """Anna lets the bot back in."""
    program.do(Blocked(blocked=False))


def opens_the_link(program: OuterProgram) -> None:
    """Anna opens it on a new phone, and takes the steps."""
    program.do(LinkOpened(ANNAS_CHAT + len(program.log), "Anna", "en"))
    takes_the_steps(program)


def pauses(program: OuterProgram) -> None:
    """Anna pauses for three days."""
    program.do(Pressed("s:pause:3", 1))


def by_day(program: OuterProgram) -> None:
    """Let the night pass, in which nobody is at the desk."""
    turn = Turn(program.desk, program.record, program.now)
    program.until(patient_quiet(turn).held(program.now))


def passes(hours: int, *, answering: bool = False) -> Act:
    """Let time pass, in which Ben takes care of every alert, and Anna may say that all is well."""

    def passing(program: OuterProgram) -> None:
        end = program.now + timedelta(hours=hours)
        while program.now < end:
            program.until(min(end, program.now + HALF_A_DAY))
            for one in [*program.record.check_ins.values()] if answering else []:
                if one.state == "sent":
                    program.do(Pressed(f"c:{one.key}:all_good", one.message_id or 0))
            for alert in [*program.record.open_alerts]:
                program.staff("contacted", alert=alert.key)
                program.staff("resolve", alert=alert.key)
                program.staff("outcome", alert=alert.key, option="advised")

    passing.__qualname__ = passing.__name__ = f"passes_{hours}_hours"
    return passing


ACTS: tuple[tuple[Act, ...], ...] = (
    (stops,), (comes_back,), (comes_back, by_day, is_confirmed), (has_a_session,),
    (deletes_the_account,), (blocks,), (by_day, unblocks), (by_day, is_refused),
    (by_day, is_confirmed), (gets_a_link,), (opens_the_link,),
    (gets_a_link, opens_the_link, by_day, is_confirmed), (pauses,), (passes(500, answering=True),),
    (passes(3),), (passes(30),), (passes(100),), (passes(31 * 24),),
)  # fmt: skip


def goes_on(program: OuterProgram) -> None:
    """Whoever is followed, within reach and in a course has a question open or to come."""
    patient, record = program.record.patient, program.record
    in_doubt = is_in_doubt(Turn(program.desk, record, program.now))
    if patient.stage != "active" or in_doubt or patient.unreachable_since is not None:
        return
    session = record.last_visit.session
    protocol = program.desk.protocol
    parts = protocol.components(session.treatment)
    last = max(hour for part in parts for hour in protocol.treatments[part].schedule)
    if program.now >= session.ended_at + timedelta(hours=last) - A_DAY:
        return
    of_it = [one for one in record.check_ins.values() if one.session == session.number]
    coming = [one for one in of_it if one.purpose == "check_in" and goes_out(program, one)]
    assert coming, [(one.key, f"{one.due_at}", one.state, one.reason) for one in of_it]


def goes_out(program: OuterProgram, check_in: StoredCheckIn) -> bool:
    """Whether a check-in waits for an answer, or for its time."""
    waits = ("check_in", f"A7K2:{check_in.key}") in program.due
    return check_in.state == "sent" or (check_in.state == "planned" and waits)


def lived(*acts: Act) -> OuterProgram:
    """Return Anna's case after some acts; after each of them it has to go on."""
    program = annas_phone()
    for act in acts:
        act(program)
        program.wait(minutes=1)
        goes_on(program)
    return program


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.lists(st.sampled_from(ACTS), max_size=12))
def test_whoever_is_followed_is_asked_again_whatever_happened(acts):
    lived(*chain.from_iterable(acts))
