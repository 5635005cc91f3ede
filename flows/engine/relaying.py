"""What staff write to a patient, as an answer to a card.

Hazards: H05, H06.
"""

from flows.engine.doubt import doubt, is_in_doubt
from flows.engine.events import Did, Lane, Noted
from flows.engine.inputs import StaffWrote
from flows.engine.stages import is_known
from flows.engine.turn import Turn
from flows.staff_language import _


def staff_wrote(turn: Turn, said: StaffWrote) -> None:
    """Bring a staff member's words to the patient, with their name over them.

    They are advice: where nobody knows whether they arrived, they go again. They may say anything
    of the case: where nobody knows whose chat it is, they go nowhere.
    """
    code = turn.patient.code
    if turn.patient.chat_id is None or turn.patient.unreachable_since is not None:
        unsent(turn, _("{code} cannot be written to here.", code=code))
        return
    if is_known(turn.patient) and is_in_doubt(turn):
        doubt(turn)
    if not is_known(turn.patient):
        unsent(
            turn,
            _(
                "⚠️ This was not passed on: nobody has confirmed whose chat {code} has now.",
                code=code,
            ),
        )
        return
    words = turn.phrase("relay_from_staff", staff=said.who.name)
    foot = turn.phrase("relay_foot")
    repeat = f"relay:{said.who.id}:{turn.stamp}"
    text = f"{words}\n\n{said.text}\n\n{foot}"
    turn.tell(text, repeat, slot=f"{code}:{repeat}", lane=Lane.ALERT)
    turn.add(Noted(said.who.name, "relay", said.text, alert=said.alert))
    turn.add(Did(said.who.id, said.who.name, "write", said.alert))


def unsent(turn: Turn, why: str) -> None:
    """Tell staff that their words went nowhere, and what to do instead."""
    turn.tell_staff(_("{why} Please phone the patient.", why=why), f"unsent:{turn.stamp}")
