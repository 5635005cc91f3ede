"""A press under a message that shows another screen than the talk is on by now.

A check-in may stand in the chat several times: its reminder, a copy that a crash left behind, the
message above what was typed. Each keeps its buttons, and whoever presses one means what it says.

Hazards: H14.
"""

from dataclasses import replace

from flows.checkin import CheckIn
from flows.conversation import Screen, State, Tap
from flows.engine.buttons import Meaning

SCREENS = {"flag": Screen.FLAGS, "tick": Screen.TICKS, "one_of_these": Screen.OPENING}
"""On which screen a button stands."""


def at_button(talk: CheckIn, state: State, tap: Tap) -> State:
    """Return the state on the screen that shows a button, whatever is shown by now."""
    if tap.action == "answer" and tap.question in talk.offered:
        ticked = state.ticked | {talk.offered[tap.question].symptom}
        return replace(state, screen=Screen.QUESTION, current=tap.question, ticked=ticked)
    return replace(state, screen=SCREENS.get(tap.action, state.screen), current="")


def heard_at(talk: CheckIn, state: State, meaning: Meaning) -> State:
    """Return the state in which a press on an open check-in is heard.

    Whatever names a complaint is heard on the screen that it stands on; what takes one back, or
    leads on, only where the talk is. A list of warning signs that waits for its answer goes on
    waiting, whatever else is pressed.
    """
    tap = meaning.tap
    signs_first = state.screen in (Screen.FLAGS, Screen.STOP) or talk.flags.id not in state.answers
    match tap.action:
        case "flag":
            elsewhere = meaning.is_sign
        case "one_of_these":
            elsewhere = state.screen not in (Screen.FLAGS, Screen.STOP)
        case "tick" if meaning.wanted:
            elsewhere = not signs_first
        case "answer":
            elsewhere = not signs_first and tap.question not in (state.current, *state.path)
        case _:
            elsewhere = False
    return at_button(talk, state, tap) if elsewhere else state
