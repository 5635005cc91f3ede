"""A case in words, for a member of staff's own chat: sessions, answers, alerts."""

from collections.abc import Iterator

from flows.answers import NOT_MEASURED, UNCLEAR
from flows.conversation import list_is_open
from flows.engine.check_in_words import title
from flows.engine.desk import Desk, day_and_time
from flows.engine.record import Record
from flows.engine.results import results
from flows.engine.stored_check_in import StoredCheckIn
from flows.rule_tables import Question
from flows.staff_language import N_, _
from flows.stored_words import restated
from flows.verdict import Level

LIST_OPEN = N_("The list of warning signs was opened, and has no answer")
NOT_SAID = {UNCLEAR: N_("not understood"), NOT_MEASURED: N_("not measured")}
LONGEST_PART = 3_500
"""Characters of one message; Telegram takes 4,096."""


def case_page(desk: Desk, record: Record) -> list[str]:
    """Return everything that staff may read about a case, in parts that fit a message."""
    lines = (head, result_lines, check_in_lines, alert_lines)
    return parts([line for part in lines for line in part(desk, record)])


def head(desk: Desk, record: Record) -> Iterator[str]:
    """Yield who, what was treated, and what is known."""
    patient, zone = record.patient, desk.clinic.hours.zone
    case = _("Case {code}", code=patient.code)
    protocol = _("protocol {name}", name=patient.protocol)
    yield " · ".join((case, restated(patient.stage).replace("_", " "), protocol))
    for visit in record.visits:
        session = visit.session
        treated = desk.protocol.treatment_in_words(session.treatment)
        area, ended = session.area or _("usual area"), day_and_time(session.ended_at, zone)
        lot = [_("lot {number}", number=visit.lot)] if visit.lot else []
        title = _("Session {number}:", number=session.number)
        yield " · ".join((f"{title} {treated}", area, ended, *lot))
    if desk.board:
        yield _("On the board: {board}/board/case/{code}", board=desk.board, code=patient.code)
    known = [fact.meaning for fact in desk.protocol.patient_facts if patient.profile.get(fact.id)]
    if known:
        yield f"⚠️ {'; '.join(known)}"
    if patient.unreachable_since:
        yield _(
            "⚠️ cannot be written to since {time}",
            time=day_and_time(patient.unreachable_since, zone),
        )


def result_lines(desk: Desk, record: Record) -> Iterator[str]:
    """Yield how the patient likes the result, from day to day."""
    for one in results(desk.protocol, record):
        yield _(
            "Result, day {day} after session {session}: {answer}",
            day=one.day,
            session=one.session,
            answer=one.in_words,
        )


def check_in_lines(desk: Desk, record: Record) -> Iterator[str]:
    """Yield every check-in that has come to something, the oldest first."""
    zone = desk.clinic.hours.zone
    done = [one for one in record.check_ins.values() if one.state not in ("planned", "skipped")]
    for one in sorted(done, key=lambda check_in: check_in.answered_at or check_in.due_at):
        at = day_and_time(one.answered_at or one.due_at, zone)
        level = f" · {level_in_words(one.level)}" if one.level is not None else ""
        yield f"\n{at} · {title(one)}{level}"
        yield from (f"  {line}" for line in answer_lines(desk, one))


def answer_lines(desk: Desk, check_in: StoredCheckIn) -> Iterator[str]:
    """Yield each answer that says more than no, and the words; first that more was to be said."""
    if check_in.conversation and list_is_open(check_in.conversation):
        yield _(LIST_OPEN)
    for name, value in check_in.answers.items():
        question = desk.protocol.question_by_id.get(name)
        said = answer_in_words(question, value) if question else str(value)
        if said and question:
            yield f"{question.term}: {_(said)}"
    if check_in.conversation:
        yield from (f"“{words}”" for words in check_in.conversation.words)


def answer_in_words(question: Question, value: object) -> str:
    """Return a stored answer in words; nothing where it says none or no."""
    labels = {option.id: option.label["en"] for option in question.options}
    if isinstance(value, str) and value in NOT_SAID:
        return NOT_SAID[value]
    if isinstance(value, frozenset):
        return ", ".join(labels.get(sign, sign) for sign in sorted(value))
    if isinstance(value, bool):
        return N_("yes") if value else ""
    if isinstance(value, int) and question.options:
        return question.options[value].label["en"] if value else ""
    if isinstance(value, str) and labels:
        return "" if value == question.options[0].id else labels.get(value, value)
    return f"{value} °C" if question.kind == "temperature" else str(value)


def alert_lines(desk: Desk, record: Record) -> Iterator[str]:
    """Yield the alerts."""
    zone = desk.clinic.hours.zone
    for alert in record.alerts.values():
        state = restated(alert.outcome) or _("open")
        at = day_and_time(alert.raised_at, zone)
        if alert.has_risen:
            at = _("{time}, opened {before}", time=at, before=day_and_time(alert.opened_at, zone))
        title = _("Alert {key}", key=alert.key)
        yield "\n" + " · ".join((title, level_in_words(alert.level), at, state))
        yield from (f"  {restated(one.reason)} ({one.rule})" for one in alert.because)


def level_in_words(level: Level) -> str:
    """Return a level as people say it: `follow up`."""
    return restated(str(level).replace("_", " "))


def parts(lines: list[str]) -> list[str]:
    """Return lines joined to texts that each fit a message."""
    found, text = [], ""
    for line in lines:
        if text and len(text) + len(line) + 1 > LONGEST_PART:
            found.append(text)
            text = ""
        text = f"{text}\n{line[:LONGEST_PART]}" if text else line[:LONGEST_PART]
    return [*found, text] if text else found
