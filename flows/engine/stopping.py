"""Stopping, and coming back. A stop ends the questions; what is open stays somebody's task."""

from flows.engine.due_check_ins import drop_check_in, end
from flows.engine.enrolment_steps import show, show_step
from flows.engine.events import Did, Drop, Key, Message
from flows.engine.planning import STOPPED, about_check_in, is_asked_now, next_planned, take_up
from flows.engine.silences import abandon
from flows.engine.stages import EDGES, await_steps, is_known, move
from flows.engine.turn import Turn, column
from flows.staff_language import _

HELD = ("planned", "paused", "unreachable")
"""States of check-ins that could still be sent."""


def ask_whether_to_stop(turn: Turn, under: int | None = None) -> None:
    """Ask once more: a command is typed quickly. The button knows when it was offered."""
    yes = Key(turn.phrase("stop_yes"), f"s:stop:{int(turn.now.timestamp())}")
    keys = column(yes, Key(turn.phrase("stop_no"), "s:stop:no"))
    show(turn, Message(turn.phrase("stop_ask"), keys), under)


def may_stop(turn: Turn) -> bool:
    """Whether there is anything to stop."""
    return "stopped" in EDGES[turn.patient.stage]


def stop(turn: Turn, under: int) -> None:
    """Stop the questions, tell staff, and say how to reach the clinic."""
    end_questions(turn)
    code, alerts = turn.patient.code, [alert.key for alert in turn.record.open_alerts]
    turn.add(Did(None, "patient", "stopped"))
    turn.tell_staff(staff_sentence(code, alerts), f"stopped:{turn.stamp}")
    text = turn.phrase("stopped")
    if alerts:
        text += f" {turn.phrase('stopped_open')}"
    show(turn, Message(text, come_back_keys(turn)), under)


def end_questions(turn: Turn) -> None:
    """Stop: nothing is asked any more, and nobody waits for an answer.

    Who stops in the middle of an answer says no more of it, which staff hear of at once.
    """
    for check_in in list(turn.record.check_ins.values()):
        if check_in.state in HELD:
            drop_check_in(turn, check_in, STOPPED)
        elif check_in.sent_at is not None:
            abandon(turn, check_in)
            after = turn.record.check_ins[check_in.key]
            turn.add(Drop("silence", about_check_in(turn.record, after), STOPPED))
            if after.state == "sent":
                end(turn, after, "cancelled", STOPPED)
    for kind in ("pairing", "invitation", "pause", "doubt"):
        turn.add(Drop(kind, turn.patient.code, STOPPED))
    move(turn, "stopped", paused_until=None)


def staff_sentence(code: str, alerts: list[str]) -> str:
    """Return what staff read of a stop."""
    sentence = _("{code} has stopped the check-ins. Nothing is asked any more.", code=code)
    if alerts:
        named = ", ".join(alerts)
        still = _("Still open, and still yours to take care of: {alerts}.", alerts=named)
        return f"{sentence} {still}"
    return sentence + " " + _("If you want to follow up, phone.")


def come_back_keys(turn: Turn) -> tuple[tuple[Key, ...], ...]:
    """Return the button that begins again."""
    return column(Key(turn.phrase("come_back"), "s:back"))


def come_back(turn: Turn, under: int | None = None) -> None:
    """Begin again: where staff once confirmed the chat at once, else from the consent on."""
    turn.add(Drop("erase", turn.patient.code, "the patient came back"))
    if not is_known(turn.patient):
        move(turn, "asked_consent")
        await_steps(turn)
        show_step(turn, under)
        return
    move(turn, "active")
    take_up(turn)
    turn.add(Did(None, "patient", "came_back"))
    turn.tell_staff(
        _("{code} has started the check-ins again.", code=turn.patient.code),
        f"came_back:{turn.stamp}",
    )
    following = next_planned(turn.record, turn.now)
    text = turn.phrase("back_again_no_time")
    if following is not None and not is_asked_now(turn):
        text = turn.phrase("back_again", time=turn.moment(following))
    show(turn, Message(text), under)
