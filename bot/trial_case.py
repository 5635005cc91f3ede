"""What a decision about the trial's case makes happen: everything, but only in its own chat.

Nobody did anything, so nothing stands in the audit trail; and no card rings anybody's phone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flows.engine.advance import Decision
from flows.engine.events import Did, Event, Say, ShowCard
from storage.synthetic import CODE


def in_its_own_chat(decision: Decision) -> Decision:
    """Return a decision as it is carried out; only one about the trial's case is changed."""
    patient = decision.record.patient
    if patient.code != CODE or patient.chat_id is None:
        return decision
    return Decision(decision.record, tuple(kept(decision.events, patient.chat_id)))


def kept(events: Sequence[Event], chat_id: int) -> Iterator[Event]:
    """Yield what goes to the staff's group into the trial's chat, and nothing to single people."""
    for event in events:
        if isinstance(event, Did):
            continue
        if isinstance(event, Say) and event.to != "patient":
            if event.to == "staff":
                yield replace(event, to=chat_id)
        elif isinstance(event, ShowCard):
            if event.to == "staff":
                yield replace(event, to=chat_id, who=())
        else:
            yield event
