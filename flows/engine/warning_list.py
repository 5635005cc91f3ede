"""The list of warning signs that words or a press have brought up, and that waits for an answer.

Hazards: H25.
"""

from flows.conversation import State, list_is_open
from flows.engine.alerts import Cause, raise_alert
from flows.engine.conversing import conversation, hours_since_session, said_lines
from flows.engine.events import Drop, Lane, Plan
from flows.engine.nights import within_reach
from flows.engine.planning import about_check_in
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.silence import red_flag_urgent_at
from flows.verdict import Fired, Level, Verdict

UNSAID = Fired(
    "LIST", Level.URGENT, "Pressed «One of these» under the warning signs, and has not said which",
    ("own_choice",), "P3",
)  # fmt: skip
"""Why a person is called for a list of warning signs that nobody answers."""


def watch(turn: Turn, check_in: StoredCheckIn, before: State, after: State) -> None:
    """Wait for the answer to the list of warning signs, as long as the protocol says.

    The wait counts from what brought the list up: no other press makes it longer.
    """
    about = about_check_in(turn.record, check_in)
    if list_is_open(after) and not list_is_open(before):
        at = red_flag_urgent_at(turn.now, turn.desk.protocol.silence)
        turn.add(Plan("red_flag", about, at))
    elif list_is_open(before) and not list_is_open(after):
        turn.add(Drop("red_flag", about, "the list of warning signs was answered"))


def unanswered(turn: Turn, check_in: StoredCheckIn) -> None:
    """Call a person: the list of warning signs stayed open after words or a press that mean one.

    The patient is told once more whom to call, at any hour.
    """
    talk = conversation(turn, check_in)
    state = check_in.conversation
    if state is None or not list_is_open(state):
        return
    verdict: Verdict = talk.verdict(state, hours_since_session(turn, check_in))
    fired = verdict.own
    if not state.alarming:
        fired.insert(0, UNSAID)
    raise_alert(turn, Cause(check_in, fired, said_lines(turn, talk, state)))
    if within_reach(turn):
        repeat = f"{check_in.key}:red_flag:{check_in.revision}"
        turn.tell(turn.text("PNA_serious"), repeat, lane=Lane.ALERT)


def ask_again(turn: Turn, check_in: StoredCheckIn) -> None:
    """Wait once more for a list that is open, where the first wait for it is over."""
    rules = turn.desk.protocol.silence
    since = check_in.answered_at
    if since is not None and red_flag_urgent_at(since, rules) <= turn.now:
        at = red_flag_urgent_at(turn.now, rules)
        turn.add(Plan("red_flag", about_check_in(turn.record, check_in), at))
