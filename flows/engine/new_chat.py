"""The chat in which a case goes on once staff have confirmed it, which may be another than before.

Hazards: H05.
"""

from dataclasses import replace

from flows.engine.conversing import send
from flows.engine.due_check_ins import is_open
from flows.engine.events import Lane
from flows.engine.silences import another_is_due
from flows.engine.turn import Turn


def goes_on(turn: Turn) -> None:
    """Show the question that is open, which only the old chat has; the numbers there are no more.

    One whose time has come meanwhile takes its place.
    """
    for one in list(turn.record.check_ins.values()):
        if one.message_id is not None:
            turn.record = turn.record.with_check_in(replace(one, message_id=None))
    check_in = turn.record.check_ins.get(turn.patient.current)
    if check_in is None or not is_open(check_in) or another_is_due(turn, check_in):
        return
    send(turn, check_in, turn.phrase("check_in_resent"), f"chat:{turn.stamp}", Lane.REPLY)
