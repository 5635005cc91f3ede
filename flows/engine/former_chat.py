"""A chat that a case has left: the patient may be in it all the same, and be ill.

A warning sign there calls a person as one in the case's own chat does, again and again until
somebody has taken care. Neither that chat nor the case's own hears of it from here: the one may
be another's by now, and the other has said nothing.

Hazards: H05, H45, H47.
"""

from collections.abc import Iterable
from dataclasses import replace

from flows.engine.alerts import Cause, raise_alert
from flows.engine.buttons import ButtonError, meaning_of
from flows.engine.doubt import no_sign
from flows.engine.early_words import raise_urgent
from flows.engine.inputs import FormerChatSaid, Wrote
from flows.engine.pressing import serious_late, unsaid
from flows.engine.turn import Turn
from flows.named_signs import signs_in
from flows.staff_language import N_

WHERE = N_("In a chat that is not the case's any more, and may be another's:")
"""What stands on the card before what was said there."""


def heard(turn: Turn, said: FormerChatSaid) -> None:
    """Call a person where words or a press there mean a warning sign."""
    before = turn.record
    if said.code:
        for cause in pressed(turn, said.code):
            raise_alert(turn, replace(cause, said=(WHERE, *cause.said)))
    elif signs_in(turn.desk.protocol, said.text).interrupt:
        raise_urgent(turn, Wrote(said.text, said.message_id), WHERE)
    no_sign(turn, before)


def pressed(turn: Turn, code: str) -> Iterable[Cause]:
    """Return why a press calls a person; «one of these» does, whose list cannot be shown there."""
    try:
        meaning = meaning_of(turn.desk.protocol, code)
    except ButtonError:
        return
    if not turn.record.visits:
        return
    cause = serious_late(turn, meaning)
    if cause is not None:
        yield cause
    if meaning.tap.action == "one_of_these":
        yield unsaid(turn, meaning)
