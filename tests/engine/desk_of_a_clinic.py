"""A clinic in Berlin for the tests of the engine: Ben, Cleo and Dora care for Anna, Eve reads."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.clinic_hours import ClinicHours
from flows.engine.desk import Contact, Desk
from flows.engine.events import Change, Event, Message, Say, Toast
from flows.engine.record import Patient, Record, Visit
from flows.engine.turn import Turn
from flows.escalation import Clinic, StaffMember
from flows.protocol import Protocol
from flows.protocol_file import bundled
from flows.schedule import Session

BERLIN = "Europe/Berlin"
BEN = StaffMember(5001, "Ben", "nurse")
CLEO = StaffMember(5002, "Cleo", "doctor")
DORA = StaffMember(5003, "Dora", "nurse")
EVE = StaffMember(5004, "Eve", "auditor")
ROSTER = (BEN, CLEO, DORA, EVE)

WEEKDAY, SATURDAY = ["09:00-18:00"], ["10:00-14:00"]
HOURS = ClinicHours.weekly(
    BERLIN,
    {"mon": WEEKDAY, "tue": WEEKDAY, "wed": WEEKDAY, "thu": WEEKDAY, "fri": WEEKDAY,
     "sat": SATURDAY},
)  # fmt: skip
CONTACT = Contact(
    "Clinic Linden", "+49 30 555 0100", "Mon to Fri 9 to 18, Sat 10 to 14", "112", "116 117",
    "0800 111 0 111",
)  # fmt: skip
DESK = Desk(bundled(), Clinic(ROSTER, (), HOURS), CONTACT)

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
"""Tuesday, 10:30 in Berlin, half an hour after Anna's session."""

SESSION = Session(1, "mn_topical+inj_skin", NOW - timedelta(minutes=30), NOW, BERLIN, "face")
ANNAS_CHAT = 7001


def desk_with(protocol: Protocol) -> Desk:
    """Return the same clinic with another protocol."""
    return Desk(protocol, DESK.clinic, CONTACT)


def anna(stage: str = "active", *, session: Session = SESSION, **changes: Any) -> Record:
    """Return Anna's case at a stage: linked to her chat from the first on."""
    facts: dict[str, Any] = {"name": "Anna"} if stage not in ("invited", "refused") else {}
    if facts:
        facts["chat_id"] = ANNAS_CHAT
    if stage in ("active", "stopped"):
        facts |= {"confirmed_by": BEN.id, "consent": "0a1b2c3d", "consented_at": NOW}
    facts |= changes
    patient = Patient("A7K2", bundled().name, stage, "en", BERLIN, **facts)  # type: ignore[arg-type]
    return Record(patient, (Visit(session),))


def yes_stop(now: datetime = NOW) -> str:
    """Return what «Yes, stop» carries where it was offered at an instant."""
    return f"s:stop:{int(now.timestamp())}"


def turn_of(record: Record, now: datetime = NOW, desk: Desk = DESK) -> Turn:
    """Return the beginning of a decision about a case."""
    return Turn(desk, record, now)


def messages(events: Sequence[Event], to: str | int = "patient") -> list[Message]:
    """Return what somebody gets to see, in order; changed messages are the patient's."""
    return [
        event.message
        for event in events
        if (isinstance(event, Change) and to == "patient")
        or (isinstance(event, Say) and event.to == to)
    ]


def told(events: Sequence[Event], to: str | int = "patient") -> list[str]:
    """Return the texts that somebody gets, in order."""
    return [message.text for message in messages(events, to)]


def toasts(events: Sequence[Event]) -> list[str]:
    """Return what pops up over the chat."""
    return [event.text for event in events if isinstance(event, Toast)]


def buttons(events: Sequence[Event], to: str | int = "patient") -> dict[str, str]:
    """Return the codes of all buttons that somebody gets, by label."""
    rows = [row for message in messages(events, to) for row in message.keys]
    return {key.label: key.code for row in rows for key in row}


def of_kind(events: Sequence[Event], kind: type) -> list[Any]:
    """Return the events of one kind, in order."""
    return [event for event in events if isinstance(event, kind)]
