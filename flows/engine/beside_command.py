"""Words that a patient writes after a command that needs none: `/stop it hurts a lot`.

Words that may hold a warning sign are heard as if no command stood before them; these here are
kept, and a person reads them besides what the command does. So are words after /faq that tell how
somebody is; those that look something up are for nobody.

Hazards: H50.
"""

from flows.engine import reporting
from flows.engine.early_words import AGREED, note
from flows.engine.events import Noted
from flows.engine.inputs import Commanded, Wrote
from flows.engine.shown_to_staff import show_words
from flows.engine.stages import is_known
from flows.engine.turn import Turn
from flows.staff_language import _
from flows.telling import tells


def keep(turn: Turn, said: object) -> None:
    """Keep what stands after a command, and have a person read it; before a consent nobody does."""
    patient = turn.patient
    if not isinstance(said, Commanded) or not said.words or looks_up(turn, said):
        return
    if patient.stage == "active" and is_known(patient):
        turn.add(Noted("patient", "words", said.words))
        reporting.looked_at(turn, reporting.current(turn), reporting.UNASKED, reporting.SAYS_MORE)
        title = _("{code} wrote after /{command}:", code=patient.code, command=said.command)
        show_words(turn, f"{title}\n“{said.words}”")
    elif patient.chat_id is not None and patient.stage in (*AGREED, "active"):
        note(turn, Wrote(said.words, 0))


def looks_up(turn: Turn, said: Commanded) -> bool:
    """Whether words after a command search the clinic's answers, and say nothing else."""
    faq = turn.desk.faq
    is_question = faq is not None and faq.is_question(said.words)
    return said.command == "faq" and (is_question or not tells(said.words))
