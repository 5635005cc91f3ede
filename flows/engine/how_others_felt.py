"""A button under a check-in that was expected: how others felt after the same treatment.

Hazards: H50.
"""

from typing import Any

from flows.engine.events import Key, Keys, ShowCurve
from flows.engine.inputs import Pressed
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.recovery import LEAST, Curve, Day, may_be_shown

ASK = "r:"
"""How the button's code begins; the check-in's key follows."""
HOURS_A_DAY = 24
LEGEND = ("curve_nothing", "curve_little", "curve_more")
COLUMN, SENTENCE = ("curve_hours", "curve_day"), ("curve_when_hours", "curve_when_day")
"""Phrases for the time of a check-in: on its first day, and later."""


def offered(turn: Turn, check_in: StoredCheckIn) -> Keys:
    """Return the button, where enough others have answered and nothing speaks against it."""
    if day_of(turn, check_in) is None or not may_be_shown(turn.record, check_in):
        return ()
    return ((Key(turn.phrase("curve_button"), f"{ASK}{check_in.key}"),),)


def pressed(turn: Turn, said: Pressed) -> None:
    """Show it, unless something has been said since that more than a picture has to answer."""
    check_in = turn.record.check_ins.get(said.code.removeprefix(ASK))
    found = day_of(turn, check_in) if check_in else None
    if check_in is None or found is None or not may_be_shown(turn.record, check_in):
        turn.toast(turn.phrase("curve_not_now"), alert=True)
        return
    curve, day = found
    repeat = f"{turn.patient.code}:curve:{check_in.key}:{turn.stamp}"
    turn.add(ShowCurve(check_in.key, picture(turn, curve, day), caption(turn, day), repeat))


def day_of(turn: Turn, check_in: StoredCheckIn) -> tuple[Curve, Day] | None:
    """Return the curve of a check-in's treatment and its day there, where enough have answered."""
    session = turn.record.visit(check_in.session).session
    curve = turn.desk.curves.get(session.treatment)
    day = curve.at(check_in.hours) if curve else None
    return (curve, day) if curve and day else None


def picture(turn: Turn, curve: Curve, here: Day) -> dict[str, Any]:
    """Return what is drawn, in the patient's words: each day's tenths, the patient's own marked."""
    return {
        "title": turn.phrase("curve_title"),
        "legend": [turn.phrase(name) for name in LEGEND],
        "days": [
            {"label": label(turn, day, COLUMN), "tenths": day.tenths, "here": day == here}
            for day in curve.days
        ],
    }


def caption(turn: Turn, day: Day) -> str:
    """Return what stands under the picture: what it says of this day, and what it does not say."""
    nothing, little, _ = day.tenths
    said = turn.phrase(
        "curve_text", when=label(turn, day, SENTENCE), share=str(nothing + little),
        least=str(LEAST),
    )  # fmt: skip
    return f"{said}\n\n{turn.text('FOOT')}"


def label(turn: Turn, day: Day, names: tuple[str, str]) -> str:
    """Return the time of a check-in in words: hours on the first day, then days."""
    in_hours, in_days = names
    if day.hours < HOURS_A_DAY:
        return turn.phrase(in_hours, number=str(day.hours))
    return turn.phrase(in_days, number=str(day.hours // HOURS_A_DAY))
