"""Everything that is stored about a case, in the patient's words. Levels are staff's matter."""

from collections.abc import Iterator

from flows.answers import NOT_MEASURED, UNCLEAR
from flows.engine.desk import day_and_time
from flows.engine.languages import NAMES
from flows.engine.record import StoredCheckIn
from flows.engine.stages import is_known
from flows.engine.suitability import asked_facts, question
from flows.engine.turn import Turn
from flows.rule_tables import Question
from flows.tables import Words

LONGEST = 4_000
"""Characters of one part; Telegram takes 4,096."""


def own_data(turn: Turn) -> list[str]:
    """Return everything in parts of at most 4,000 characters."""
    lines = [turn.phrase("mydata_title", time=day_and_time(turn.now, turn.zone))]
    lines += [*person(turn), *facts(turn)]
    if is_known(turn.patient):
        lines += [*visits(turn), *check_ins(turn)]
    else:
        lines.append(f"\n{turn.phrase('mydata_after_confirming')}")
    return parts([*lines, f"\n{turn.phrase('mydata_more')}"])


def person(turn: Turn) -> Iterator[str]:
    """Yield what is kept of the person; the code is the clinic's until it has confirmed them."""
    patient = turn.patient
    if patient.name:
        yield turn.phrase("mydata_name", value=patient.name)
    if is_known(patient):
        yield turn.phrase("mydata_code", value=patient.code)
    language = NAMES.get(patient.language, patient.language)
    yield turn.phrase("mydata_language", value=language)
    yield turn.phrase("mydata_zone", value=patient.zone)
    if patient.consented_at is not None:
        when = day_and_time(patient.consented_at, turn.zone)
        yield turn.phrase("mydata_consent", time=when, version=patient.consent)
    if patient.paused_until is not None:
        yield turn.phrase("mydata_pause", time=day_and_time(patient.paused_until, turn.zone))
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


def visits(turn: Turn) -> Iterator[str]:
    """Yield every session: what was treated, where, when, and with which lot."""
    protocol = turn.desk.protocol
    yield f"\n{turn.phrase('mydata_visits')}"
    for visit in turn.record.visits:
        session = visit.session
        parts = protocol.components(session.treatment)
        words = [" + ".join(protocol.treatments[part].label for part in parts)]
        if session.area:
            words.append(in_language(turn, protocol.areas[session.area]))
        if visit.lot:
            words.append(turn.phrase("mydata_lot", value=visit.lot))
        yield f"• {day_and_time(session.ended_at, turn.zone)}: {', '.join(words)}"


def check_ins(turn: Turn) -> Iterator[str]:
    """Yield every check-in, the oldest first, with every answer and all words."""
    yield f"\n{turn.phrase('mydata_check_ins')}"
    for check_in in sorted(turn.record.check_ins.values(), key=lambda one: one.due_at):
        when = check_in.answered_at or check_in.sent_at or check_in.due_at
        yield turn.phrase(heading(check_in), time=day_and_time(when, turn.zone))
        yield from answers(turn, check_in)


def heading(check_in: StoredCheckIn) -> str:
    """Return the phrase for how far a check-in has come."""
    if check_in.answered_at is not None:
        return "mydata_answered"
    if check_in.sent_at is not None:
        return "mydata_asked"
    return "mydata_planned" if check_in.state == "planned" else "mydata_not_asked"


def answers(turn: Turn, check_in: StoredCheckIn) -> Iterator[str]:
    """Yield each answer under its question's words, and what was written."""
    for name, value in check_in.answers.items():
        asked = turn.desk.protocol.question_by_id.get(name)
        if asked is not None:
            yield f"• {in_language(turn, asked.text)} {in_words(turn, asked, value)}"
    state = check_in.conversation
    for words in state.words if state is not None else ():
        yield f"• {turn.phrase('mydata_wrote', value=words)}"


def in_words(turn: Turn, asked: Question, value: object) -> str:
    """Return a stored answer in the patient's words."""
    labels = {option.id: in_language(turn, option.label) for option in asked.options}
    words = labels | {
        UNCLEAR: turn.phrase("mydata_unclear"), NOT_MEASURED: turn.phrase("mydata_not_measured")
    }  # fmt: skip
    if isinstance(value, bool):
        return yes_or_no(turn, value)
    if isinstance(value, frozenset):
        return ", ".join(words.get(sign, sign) for sign in sorted(value)) or turn.phrase(
            "mydata_none"
        )
    if isinstance(value, int) and asked.kind == "severity":
        return [*labels.values()][value]
    if isinstance(value, int | float):
        return measured(turn, asked, value)
    return words.get(str(value), str(value))


def measured(turn: Turn, asked: Question, value: float) -> str:
    """Return a number with its unit."""
    if asked.kind == "onset":
        return turn.phrase("mydata_days_hours", value=f"{value:g}")
    return f"{value:g} °C" if asked.kind == "temperature" else f"{value:g} cm"


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
