"""What a patient ticks at enrolment: facts that staff should know. It never refuses anybody."""

from flows.engine.events import Key, Message
from flows.engine.turn import Turn, column
from flows.screens import mark
from flows.tables import PatientFact

WARNING = "⚠️"
ON, OFF = "+", "-"


def asked_facts(turn: Turn) -> tuple[PatientFact, ...]:
    """Return the facts that the protocol asks the patient for, in file order."""
    return tuple(fact for fact in turn.desk.protocol.patient_facts if fact.ask)


def tick_list(turn: Turn) -> Message:
    """Return the questions and a button for each.

    The questions also stand in the text, numbered: a phone cuts a long button. A button says
    which state it leads to, so a double tap is harmless.
    """
    ticked = turn.patient.ticked
    lines, keys = [], []
    for number, fact in enumerate(asked_facts(turn), start=1):
        asked = f"{number}. {question(turn, fact)}"
        wanted = OFF if fact.id in ticked else ON
        lines.append(f"\n{asked}")
        keys.append(Key(mark(fact.id in ticked) + asked, f"e:fact:{number}{wanted}"))
    keys.append(Key(turn.phrase("facts_done"), "e:facts_done"))
    return Message(turn.phrase("facts", questions="".join(lines)), column(*keys))


def question(turn: Turn, fact: PatientFact) -> str:
    """Return what a fact asks, in the patient's language or in the protocol's first."""
    words = fact.ask or {}
    fallback = turn.desk.protocol.protocol.languages[0]
    return words.get(turn.patient.language) or words[fallback]  # type: ignore[call-overload]


def tick(turn: Turn, place: str) -> None:
    """Set or take back one tick, such as `3+`; what names no question changes nothing."""
    facts, number, wanted = asked_facts(turn), place[:-1], place[-1:]
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(facts)):
        return
    fact = facts[int(number) - 1].id
    ticked = turn.patient.ticked | {fact} if wanted == ON else turn.patient.ticked - {fact}
    turn.record = turn.record.with_patient(ticked=ticked)


def answered(turn: Turn) -> dict[str, object]:
    """Return the patient's profile with every asked fact, true where it is ticked."""
    ticks = {fact.id: fact.id in turn.patient.ticked for fact in asked_facts(turn)}
    return {**turn.patient.profile, **ticks}


def forgotten(turn: Turn) -> dict[str, object]:
    """Return the profile without what was asked at enrolment."""
    asked = {fact.id for fact in asked_facts(turn)}
    return {name: value for name, value in turn.patient.profile.items() if name not in asked}


def warnings(turn: Turn) -> list[str]:
    """Return a line for staff about every fact that is true."""
    profile = turn.patient.profile
    return [f"{WARNING} {fact.meaning}" for fact in asked_facts(turn) if profile.get(fact.id)]
