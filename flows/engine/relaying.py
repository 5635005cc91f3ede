"""What staff write to a patient, as an answer to a card."""

from flows.engine.events import Did, Lane, Noted
from flows.engine.inputs import StaffWrote
from flows.engine.turn import Turn


def staff_wrote(turn: Turn, said: StaffWrote) -> None:
    """Bring a staff member's words to the patient, with their name over them.

    They are advice: where nobody knows whether they arrived, they go again.
    """
    if turn.patient.chat_id is None or turn.patient.unreachable_since is not None:
        slot = f"{turn.patient.code}:unsent:{turn.stamp}"
        turn.tell_staff(
            f"{turn.patient.code} cannot be written to here. Please phone the patient.", slot
        )
        return
    words = turn.phrase("relay_from_staff", staff=said.who.name)
    foot = turn.phrase("relay_foot")
    repeat = f"relay:{said.who.id}:{turn.stamp}"
    text = f"{words}\n\n{said.text}\n\n{foot}"
    turn.tell(text, repeat, slot=f"{turn.patient.code}:{repeat}", lane=Lane.ALERT)
    turn.add(Noted(said.who.name, "relay", said.text, alert=said.alert))
    turn.add(Did(said.who.id, said.who.name, "write", said.alert))
