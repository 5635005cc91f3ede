"""Beginnings of stories that several tests share."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from desk_of_a_clinic import BEN, BERLIN
from outer_program import OuterProgram, annas_phone

from flows.engine.enrolling import invite
from flows.engine.inputs import Commanded, Pressed, StaffDid
from flows.engine.pairing import card_tag
from flows.engine.turn import Turn
from flows.verdict import Level

SYMPTOMS = "None of these, but"
FIRST, SECOND, THIRD = "1/check_in/6", "1/check_in/24", "1/check_in/48"


def asked(**changes: Any) -> OuterProgram:
    """Anna has just been asked for the first time, at 16:00; it is Tuesday, 16:30."""
    return annas_phone(**changes).wait(hours=6)


def feverish(program: OuterProgram | None = None, degrees: str = "39.2") -> OuterProgram:
    """Anna types a temperature; 39.2 is urgent."""
    program = program or asked()
    program.press(SYMPTOMS)
    program.press("Fever")
    program.press("Done")
    program.write(degrees)
    return program


def wants_a_call(program: OuterProgram | None = None) -> OuterProgram:
    """Anna is well, and asks for a call: a follow_up."""
    program = program or asked()
    program.press("All good")
    program.press("Please call me")
    return program


def wonders(program: OuterProgram | None = None) -> OuterProgram:
    """Anna is well, and writes something: a watch."""
    program = program or asked()
    program.press("All good")
    program.write("is this normal?")
    return program


def finished(program: OuterProgram) -> OuterProgram:
    """Anna answers what is left with the first button."""
    while any(key.label == "Back" for row in program.chat[-1].message.keys for key in row):
        program.press(program.chat[-1].message.keys[0][0].label)
    return program


def gets_a_link(program: OuterProgram) -> None:
    """Staff make a new link to the case, which nobody has opened yet."""
    turn = Turn(program.desk, program.record, program.now)
    invite(turn)
    program.record = turn.record
    for event in turn.events:
        program.carry_out(event, Commanded("start"))


def takes_the_steps(program: OuterProgram) -> None:
    """Anna agrees, says her facts, and answers the test."""
    for code in ("e:agree", "e:facts_done", "e:test"):
        program.do(Pressed(code, 1))


def is_confirmed(program: OuterProgram) -> None:
    """Ben says, on the newest card, that the chat is hers."""
    tag = card_tag(program.record.patient)
    program.do(StaffDid(BEN, "pair_confirm", "A7K2", tag, -100, 1))


def is_refused(program: OuterProgram) -> None:
    """Ben says, on the newest card, that the chat is not hers."""
    tag = card_tag(program.record.patient)
    program.do(StaffDid(BEN, "pair_refuse", "A7K2", tag, -100, 1))


def open_levels(program: OuterProgram) -> list[Level]:
    """The levels of the alerts that wait for a person."""
    return [one.level for one in program.record.open_alerts if one.contacted_at is None]


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of the November that the stories play in."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(BERLIN))


def cared_for(program: OuterProgram) -> OuterProgram:
    """Ben phones about the newest alert, and closes it."""
    key = program.alert.key
    program.staff("contacted", alert=key, option=str(program.alert.level))
    program.staff("resolve", alert=key)
    program.staff("outcome", alert=key, option="advised")
    assert not program.record.alerts[key].is_open
    return program


def well() -> OuterProgram:
    """Anna's first check-in is answered."""
    program = asked()
    program.press("All good")
    return program


def asked_since(program: OuterProgram, since: datetime) -> list[str]:
    """What Anna got since an instant that speaks of check-ins."""
    return [text for text in program.texts(since) if "check-in" in text]
