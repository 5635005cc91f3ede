"""What somebody hears whose chat is in doubt, and how staff end the doubt.

Hazards: H05.
"""

from typing import assert_never

from flows.engine import patient_commands, reporting
from flows.engine.deliveries import catch_up
from flows.engine.doubt import ask_again, doubt, is_in_doubt
from flows.engine.early_words import alarming, note
from flows.engine.enrolment_steps import show, with_foot
from flows.engine.events import Did, Drop, Lane, Message, Noted
from flows.engine.inputs import Commanded, Pressed, SentOther, SentPhoto, StaffDid, Wrote
from flows.engine.nights import patient_quiet, within_reach
from flows.engine.pairing import is_of_another, refuse
from flows.engine.pressing import pressed_unasked
from flows.engine.turn import Turn
from flows.staff_language import _

HARMLESS = ("stop", "help", "privacy")
"""Commands that show nothing of the case."""


def waits(turn: Turn) -> bool:
    """Whether what the patient says has to wait for staff; begins the doubt where it is due."""
    if turn.patient.stage not in ("active", "stopped") or not is_in_doubt(turn):
        return False
    doubt(turn)
    return turn.patient.stage == "active"


def heard(turn: Turn, said: Commanded | Pressed | Wrote | SentPhoto | SentOther) -> None:
    """Hear somebody whose chat is in doubt: all is kept, warning signs call a person."""
    match said:
        case Commanded() if said.command in HARMLESS:
            patient_commands.commanded(turn, said)
        case Pressed() if said.code.startswith("s:stop:"):
            patient_commands.settings_pressed(turn, said)
        case Commanded():
            wait(turn)
        case Pressed():
            pressed(turn, said)
        case Wrote():
            wrote(turn, said)
        case SentPhoto() | SentOther():
            sent(turn, said)
        case _:
            assert_never(said)


def wait(turn: Turn) -> None:
    """Say that the team has to look first, and whom to call meanwhile."""
    show(turn, Message(turn.phrase("doubted")))


def pressed(turn: Turn, said: Pressed) -> None:
    """Take a press under an old message: a warning sign calls a person at once."""
    if pressed_unasked(turn, said.code) and not said.code.endswith(":all_good"):
        turn.tell_staff(
            _(
                "{code} pressed a button under an old check-in. They may want to tell you "
                "something: please phone.",
                code=turn.patient.code,
            ),
            f"pressed:{turn.stamp}",
        )
    wait(turn)


def wrote(turn: Turn, said: Wrote) -> None:
    """Take words: staff see all of them, and alarming ones are answered."""
    if not alarming(turn, said):
        note(turn, said)
        wait(turn)


def sent(turn: Turn, said: SentPhoto | SentOther) -> None:
    """Keep a photo, or that something else came, with its words."""
    if isinstance(said, SentPhoto):
        reporting.keep_photo(turn, said)
    kind = "photo" if isinstance(said, SentPhoto) else said.kind
    turn.add(Noted("patient", "other", f"{kind} {said.caption}".strip()))
    wrote(turn, Wrote(said.caption or f"({kind})", said.message_id))


def decided(turn: Turn, said: StaffDid) -> None:
    """Take what a member of staff says: it is the patient, and we go on; or the chat is let go."""
    if is_of_another(turn, said):
        ask_again(turn)
        return
    code = turn.patient.code
    turn.add(Did(said.who.id, said.who.name, said.action))
    turn.add(Drop("doubt", code, f"{said.who.name} decided"))
    if said.action != "pair_confirm":
        refuse(turn, said)
        return
    turn.record = turn.record.with_patient(doubted_at=None, recognised_at=turn.now)
    turn.toast(_("Confirmed."))
    line = _(
        "✅ {code}: {name} confirmed that the chat is still the patient's.",
        code=code,
        name=said.who.name,
    )
    turn.tell_staff(line, f"recognised:{turn.stamp}", lane=Lane.REPLY)
    if within_reach(turn) and not patient_quiet(turn).covers(turn.now):
        message = with_foot(turn, Message(turn.phrase("recognised")))
        turn.tell(message.text, f"goes_on:{turn.stamp}")
    catch_up(turn)
