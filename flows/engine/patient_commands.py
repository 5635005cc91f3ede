"""What the commands of the patient's menu do, and the buttons under their answers."""

from collections.abc import Callable

from flows.engine.enrolment_steps import not_yet, show, show_step, with_foot
from flows.engine.events import Message
from flows.engine.faq_answers import looked_up
from flows.engine.inputs import Command, Commanded, Pressed
from flows.engine.own_data import own_data
from flows.engine.own_rights import ask_for_copy, erase_key, is_fresh, pressed
from flows.engine.reporting import open_report
from flows.engine.settings import chosen, settings
from flows.engine.stages import is_known
from flows.engine.standing import standing
from flows.engine.stopping import ask_whether_to_stop, come_back, may_stop, stop
from flows.engine.turn import Turn


def commanded(turn: Turn, said: Commanded) -> None:
    """Do what a command asks for; what needs a confirmed patient shows the present step instead.

    Whoever has no chat with the case is told nothing.
    """
    if turn.patient.chat_id is None:
        return
    if said.command == "faq":
        looked_up(turn, said.words)
    else:
        COMMANDS[said.command](turn)


def when_active(act: Callable[[Turn], None]) -> Callable[[Turn], None]:
    """Return a command that works for patients who are being looked after."""

    def command(turn: Turn) -> None:
        if turn.patient.stage == "active":
            act(turn)
        else:
            not_yet(turn)

    return command


def report(turn: Turn) -> None:
    """Ask the patient how they are, outside the schedule."""
    open_report(turn)


def show_settings(turn: Turn) -> None:
    """Show the settings."""
    message = settings(turn)
    slot = f"settings:{turn.patient.code}"
    turn.tell(message.text, f"settings:{turn.stamp}", keys=message.keys, slot=slot)


def show_own_data(turn: Turn) -> None:
    """Offer everything as files; a chat that is not confirmed sees what it gave itself."""
    if is_known(turn.patient):
        ask_for_copy(turn)
        return
    texts = own_data(turn)
    for number, text in enumerate(texts, start=1):
        turn.tell(text, f"mydata:{turn.stamp}:{number}")
    foot = with_foot(turn, Message(turn.phrase("mydata_end")))
    turn.tell(foot.text, f"mydata:{turn.stamp}:end")


def stop_asked(turn: Turn) -> None:
    """Ask whether to stop, where there is something to stop."""
    if may_stop(turn):
        ask_whether_to_stop(turn)
    else:
        show_step(turn)


def said_as_is(name: str) -> Callable[[Turn], None]:
    """Return a command that says a phrase to everybody."""
    return lambda turn: show(turn, Message(turn.phrase(name)))


def privacy(turn: Turn) -> None:
    """Say what is kept, and offer a confirmed patient to erase it."""
    keys = erase_key(turn) if is_known(turn.patient) else ()
    show(turn, Message(turn.phrase("privacy"), keys))


COMMANDS: dict[Command, Callable[[Turn], None]] = {
    "start": show_step,
    "report": when_active(report),
    "status": when_active(lambda turn: show(turn, Message(standing(turn)))),
    "settings": when_active(show_settings),
    "privacy": privacy,
    "mydata": show_own_data,
    "stop": stop_asked,
    "help": said_as_is("help"),
}


def settings_pressed(turn: Turn, said: Pressed) -> None:
    """Take a press on a button that begins with `s:`; one that does not fit changes nothing."""
    match said.code:
        case "s:stop:no" if may_stop(turn):
            not_stopped(turn, said.message_id)
        case code if code.startswith("s:stop:") and may_stop(turn):
            stop_pressed(turn, said)
        case "s:back" if turn.patient.stage == "stopped":
            come_back(turn, said.message_id)
        case _ if is_known(turn.patient) and pressed(turn, said.code, said.message_id):
            pass
        case _ if turn.patient.stage == "active" and is_known(turn.patient):
            chosen(turn, said.code, said.message_id)
        case _:
            show_step(turn, said.message_id)


def stop_pressed(turn: Turn, said: Pressed) -> None:
    """Stop, where that was offered a moment ago; an old button asks first, as for an erasure."""
    if is_fresh(turn, said.code.rpartition(":")[2]):
        stop(turn, said.message_id)
    else:
        ask_whether_to_stop(turn, said.message_id)


def not_stopped(turn: Turn, under: int) -> None:
    """Go on as before; whoever was still enrolling sees the step they are at."""
    if turn.patient.stage == "active":
        show(turn, Message(turn.phrase("not_stopped")), under)
    else:
        show_step(turn, under)
