"""How far an enrolment has come, and which step may follow which: everything else is refused."""

from datetime import timedelta

from flows.engine.events import Plan
from flows.engine.record import Patient, Stage
from flows.engine.turn import Turn

EDGES: dict[Stage, frozenset[Stage]] = {
    "invited": frozenset({"invited", "asked_consent"}),
    "asked_consent": frozenset({"asked_facts", "test_message", "declined", "stopped", "invited"}),
    "asked_facts": frozenset({"test_message", "stopped", "invited"}),
    "test_message": frozenset({"pairing", "stopped", "invited"}),
    "pairing": frozenset({"active", "refused", "stopped", "invited"}),
    "active": frozenset({"stopped", "refused", "invited"}),
    "declined": frozenset({"asked_consent", "invited"}),
    "refused": frozenset({"invited"}),
    "stopped": frozenset({"active", "asked_consent", "invited"}),
}
"""By stage the stages that may come next; only a member of staff leads from pairing to active,
and only somebody who was once confirmed comes back from a stop without being confirmed again. A
chat in doubt can be refused, or its case get a new link."""

INVITATION_LIFE = timedelta(hours=72)
"""How long a link can be opened (docs/sources.md, link-life), and a patient be on the steps that
follow before staff hear that they did not go on."""


def move(turn: Turn, stage: Stage, **changes: object) -> None:
    """Go to a stage and change some of the patient's fields with it."""
    assert stage in EDGES[turn.patient.stage], f"{turn.patient.stage} does not lead to {stage}"
    turn.record = turn.record.with_patient(stage=stage, **changes)


def is_known(patient: Patient) -> bool:
    """Whether staff have confirmed whose chat this is: before that, nothing medical is said."""
    confirmed = patient.confirmed_by is not None
    if patient.doubted_at is not None:
        return False
    return patient.stage == "active" or (patient.stage == "stopped" and confirmed)


def await_steps(turn: Turn) -> None:
    """Have staff told where the patient does not come as far as the pairing."""
    turn.add(Plan("invitation", turn.patient.code, turn.now + INVITATION_LIFE))
