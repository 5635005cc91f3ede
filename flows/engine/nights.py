"""The hours in which a patient is left alone, and what is said to them only afterwards."""

from dataclasses import replace
from datetime import datetime, timedelta

from flows.engine.events import Lane, Plan
from flows.engine.record import Patient
from flows.engine.turn import Turn
from flows.protocol import Protocol
from flows.quiet_hours import Quiet, quiet_hours

AT_THE_EDGE = timedelta(minutes=15)
"""A check-in due as the quiet hours begin still goes this much later. Own choice: every tick comes
a moment late, and what is asked at 21:00 must not wait for the morning."""


def patient_quiet(turn: Turn) -> Quiet:
    """Return the patient's own quiet hours where they chose some, else the protocol's."""
    return quiet_of(turn.desk.protocol, turn.patient)


def quiet_of(protocol: Protocol, patient: Patient) -> Quiet:
    """Return a patient's own quiet hours where they chose some, else the protocol's."""
    quiet = quiet_hours(protocol, patient.zone)
    if patient.quiet is None:
        return quiet
    start, stop = (datetime.strptime(text, "%H:%M").time() for text in patient.quiet)  # noqa: DTZ007 - a wall time
    return replace(quiet, start=start, end=stop)


def holds(turn: Turn, due_at: datetime) -> bool:
    """Whether the night keeps back now what was due at an instant."""
    quiet = patient_quiet(turn)
    return quiet.covers(turn.now) and (quiet.covers(due_at) or turn.now - due_at > AT_THE_EDGE)


def may_be_asked(turn: Turn) -> bool:
    """Whether the patient may be written to unasked: followed, within reach, and in no pause."""
    patient = turn.patient
    paused = patient.paused_until is not None and turn.now < patient.paused_until
    return within_reach(turn) and not paused


def within_reach(turn: Turn) -> bool:
    """Whether the patient is being looked after, can be written to, and it is their chat."""
    patient = turn.patient
    hears = patient.unreachable_since is None and patient.doubted_at is None
    return patient.stage == "active" and hears


def tell_by_day(turn: Turn, about: str, text: str, repeat: str, *, lane: Lane = Lane.REPLY) -> None:
    """Say what nobody has to wake up for; at night plan `news` about it for the morning.

    Safety text in the alert lane never waits.
    """
    quiet = patient_quiet(turn)
    if not within_reach(turn):
        return
    if quiet.covers(turn.now) and lane is not Lane.ALERT:
        turn.add(Plan("news", about, quiet.held(turn.now)))
    else:
        turn.tell(text, repeat, lane=lane)
