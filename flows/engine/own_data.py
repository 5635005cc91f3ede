"""What a chat that staff have not confirmed is told of what is stored: what it gave itself."""

from collections.abc import Iterator

from flows.engine.languages import NAMES
from flows.engine.suitability import asked_facts, question
from flows.engine.turn import Turn
from flows.tables import Words

LONGEST = 4_000
"""Characters of one part; Telegram takes 4,096."""


def own_data(turn: Turn) -> list[str]:
    """Return everything in parts of at most 4,000 characters."""
    lines = [turn.phrase("mydata_title", time=turn.moment(turn.now))]
    lines += [*person(turn), *facts(turn), f"\n{turn.phrase('mydata_after_confirming')}"]
    return parts(lines)


def person(turn: Turn) -> Iterator[str]:
    """Yield what is kept of the person; the code is the clinic's."""
    patient = turn.patient
    if patient.name:
        yield turn.phrase("mydata_name", value=patient.name)
    language = NAMES.get(patient.language, patient.language)
    yield turn.phrase("mydata_language", value=language)
    yield turn.phrase("mydata_zone", value=patient.zone)
    if patient.consented_at is not None:
        when = turn.moment(patient.consented_at)
        yield turn.phrase("mydata_consent", time=when, version=patient.consent)
    if patient.paused_until is not None:
        yield turn.phrase("mydata_pause", time=turn.moment(patient.paused_until))
    if patient.quiet is not None:
        start, end = patient.quiet
        yield turn.phrase("mydata_quiet", quiet_start=start, quiet_end=end)


def facts(turn: Turn) -> Iterator[str]:
    """Yield the answers given at enrolment."""
    patient = turn.patient
    known = [fact for fact in asked_facts(turn) if fact.id in {*patient.profile, *patient.ticked}]
    if known:
        yield f"\n{turn.phrase('mydata_facts')}"
    for fact in known:
        value = bool(patient.profile.get(fact.id, fact.id in patient.ticked))
        yield f"• {question(turn, fact)} {yes_or_no(turn, value)}"


def yes_or_no(turn: Turn, value: bool) -> str:  # noqa: FBT001 - an answer is either
    """Return yes or no in the patient's language."""
    return in_language(turn, turn.desk.protocol.buttons["yes" if value else "no"])


def in_language(turn: Turn, words: Words) -> str:
    """Return words in the patient's language, or in the first that the protocol claims."""
    fallback = turn.desk.protocol.protocol.languages[0]
    return words.get(turn.patient.language) or words[fallback]  # type: ignore[call-overload]


def parts(lines: list[str]) -> list[str]:
    """Return lines joined to parts, none longer than a message may be; nothing is cut off."""
    found = [""]
    for line in lines:
        pieces = [line[start : start + LONGEST] for start in range(0, len(line), LONGEST)]
        for piece in pieces:
            if len(found[-1]) + 1 + len(piece) > LONGEST:
                found.append("")
            found[-1] = f"{found[-1]}\n{piece}" if found[-1] else piece.lstrip("\n")
    return found
