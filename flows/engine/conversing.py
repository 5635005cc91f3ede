"""The message of a check-in: built from what is stored, sent, and changed as it goes."""

from dataclasses import replace
from datetime import timedelta

from flows.asking import Occasion
from flows.checkin import CheckIn
from flows.clinic_hours import callback_by
from flows.conversation import Screen, State
from flows.derived import History
from flows.engine import day_0_photo
from flows.engine.buttons import code_of
from flows.engine.desk import filled
from flows.engine.events import Change, Key, Lane, Message, Say
from flows.engine.how_others_felt import offered
from flows.engine.invitations import booking_key, session_words
from flows.engine.languages import NAMES
from flows.engine.planning import next_planned
from flows.engine.stored_check_in import REPORT, StoredCheckIn
from flows.engine.turn import Turn
from flows.free_text import WORDS_RULE
from flows.screens import Screens, View
from flows.verdict import ALERTING, CASE_RULE, Level, Verdict

STAFFS = "en"
"""The language of everything that staff read."""

SPEAKS = "Uses the chat in {language}"
"""A line for whoever phones: they have to know another language of the patient's."""

RECHECK_AFTER = timedelta(hours=18)
"""When a *watch* is asked again: the middle of the protocol's "12 to 24 h" (own choice)."""


def hours_since_session(turn: Turn, check_in: StoredCheckIn) -> float:
    """Return the hours from the check-in's session until now, 0 at least."""
    ended = turn.record.visit(check_in.session).session.ended_at
    return max(0.0, (turn.now - ended).total_seconds() / 3600)


def conversation(turn: Turn, check_in: StoredCheckIn) -> CheckIn:
    """Return the conversation of a stored check-in, with everything known before it."""
    session = turn.record.visit(check_in.session).session
    profile = dict(turn.patient.profile)
    if session.area is not None:
        profile["area"] = session.area
    history = History(
        turn.record.before(check_in), profile, case_level=turn.record.case_level
    )  # fmt: skip
    kind = REPORT if check_in.purpose == REPORT else check_in.kind
    any_symptom = kind in ("results", "reminder")
    occasion = Occasion(kind, check_in.hours, session.treatment, session.area, any_symptom)
    return CheckIn(turn.desk.asking, occasion, history, check_in.conversation)


def said_lines(turn: Turn, talk: CheckIn, state: State) -> list[str]:
    """Return what was said, a line each, in the staff's language; typed words as they stand."""
    words = [f"“{text}”" for text in state.words]
    language = turn.patient.language
    speaks = [] if language == STAFFS else [SPEAKS.format(language=NAMES.get(language, language))]
    return Screens(talk, STAFFS).understood(state) + words + speaks


def slot_of(turn: Turn, check_in: StoredCheckIn) -> str:
    """Return the slot of a check-in's message."""
    return f"{turn.patient.code}:{check_in.key}"


def shown(
    turn: Turn, talk: CheckIn, check_in: StoredCheckIn, state: State, verdict: Verdict
) -> Message:
    """Return the message that shows a state of a check-in."""
    protocol = turn.desk.protocol
    verdict = as_read(turn, verdict)
    view: View = Screens(talk, turn.patient.language).view(state, verdict)
    promised = promises(turn, check_in)
    words = turn.words(**promised)
    lines = [filled(line, words) for line in view.lines]
    if advice := call_now(state, verdict):
        lines.insert(0, turn.text(advice, **promised))
    if state.screen is Screen.END and (asks := day_0_photo.asked(turn, check_in)):
        lines.insert(-1, asks)
    text = "\n\n".join(lines)
    keys = tuple(
        tuple(Key(one.label, code_of(protocol, check_in.key, one.tap, state)) for one in row)
        for row in view.rows
    )
    others = offered(turn, check_in) if state.screen is Screen.END else ()
    reaches = state.screen in (Screen.OPENING, Screen.END) and verdict.level < ALERTING
    booking = booking_key(turn, check_in) if reaches else ()
    return Message(text, (*keys, *others, *booking))


def call_now(state: State, verdict: Verdict) -> str:
    """Return the text of an urgent answer while questions are still to come; else nothing.

    At the end it is the end's own text, and an emergency stops the questions. Words are first
    asked about, with the emergency number.
    """
    if state.screen in (Screen.END, Screen.STOP, Screen.OPENING):
        return ""
    urgent = (
        one.text
        for one in verdict.because
        if one.level is Level.URGENT and one.rule not in (CASE_RULE, WORDS_RULE)
    )
    return next(urgent, "")


def as_read(turn: Turn, verdict: Verdict) -> Verdict:
    """Return a verdict with the text that is true: no call is promised that nobody will make.

    An open case keeps its level. Once every alert of it has been contacted, and the answers
    raise none, they are read as a *watch*: we go on asking.
    """
    waiting = any(alert.contacted_at is None for alert in turn.record.open_alerts)
    if waiting or verdict.because[:1] == () or verdict.because[0].rule != CASE_RULE:
        return verdict
    return replace(verdict, text=turn.desk.protocol.levels["watch"].text)


def asks_again(turn: Turn, verdict: Verdict) -> bool:
    """Whether the text of a verdict promises to ask again soon."""
    watch = turn.desk.protocol.levels["watch"].text
    return verdict.level is Level.WATCH or as_read(turn, verdict).text == watch


def promises(turn: Turn, check_in: StoredCheckIn) -> dict[str, str]:
    """Return what texts promise: the next check-in, when it is asked again, the call by when."""
    desk = turn.desk
    upcoming = next_planned(turn.record, turn.now)
    asked_again = next_planned(turn.record, turn.now, ("check_in",))
    raised = [alert.raised_at for alert in turn.record.open_alerts if alert.level >= ALERTING]
    hours, rules = desk.clinic.hours, desk.protocol.escalation
    by = callback_by(hours, rules, max(raised, default=turn.now))
    if by <= turn.now:  # an old promise: a new one counts from now
        by = callback_by(hours, rules, turn.now)
    return {
        "next_check_in": turn.next_at(upcoming),
        "recheck_at": turn.moment(asked_again or turn.now + RECHECK_AFTER),
        "callback_by": turn.moment(by, hours.zone),
        "check_in_due": turn.moment(check_in.due_at),
        **session_words(turn, check_in),
    }


def repeat_key(turn: Turn, check_in: StoredCheckIn, repeat: str) -> str:
    """Return the key of a check-in's message, a new one once a chat has refused it for good."""
    anew = f"{check_in.refused_at.isoformat()}:" if check_in.refused_at else ""
    return f"{slot_of(turn, check_in)}:{anew}{repeat}"


def send(
    turn: Turn,
    check_in: StoredCheckIn,
    lead: str = "",
    repeat: str = "",
    lane: Lane = Lane.CHECK_IN,
) -> StoredCheckIn:
    """Put a check-in's message into the chat as it stands now; `lead` goes before it.

    `repeat` tells a second sending of the same check-in from the first.
    """
    talk = conversation(turn, check_in)
    state = check_in.conversation or talk.open()
    verdict = talk.verdict(state, hours_since_session(turn, check_in))
    message = shown(turn, talk, check_in, state, verdict)
    if lead:
        message = replace(message, text=f"{lead}\n\n{message.text}")
    sent = replace(
        check_in, state="complete" if check_in.completed_at else "sent", conversation=state,
        sent_at=check_in.sent_at or turn.now,
    )  # fmt: skip
    turn.record = turn.record.with_check_in(sent).with_patient(current=sent.key)
    slot = slot_of(turn, sent)
    lane = Lane.REPLY if check_in.purpose == REPORT else lane
    turn.add(Say("patient", message, lane, repeat_key(turn, sent, repeat), slot))
    return sent


def lane_of(verdict: Verdict) -> Lane:
    """Return the lane of an answer's reply: safety advice goes with the alerts."""
    return Lane.ALERT if verdict.own_level >= Level.URGENT else Lane.REPLY


def show_step(
    turn: Turn, check_in: StoredCheckIn, message: Message, verdict: Verdict, under: int | None
) -> None:
    """Show the next step: in place under a pressed message, below what was typed otherwise.

    A message whose conversation goes on in another keeps its words and loses its buttons.
    """
    slot, known = slot_of(turn, check_in), check_in.message_id
    if known is not None and known != under:
        above = under is not None and under < known
        old = Message(turn.phrase("check_in_continued_above" if above else "check_in_continued"))
        turn.add(Change(known, old, slot, f"{slot}:old:{check_in.revision}:{known}"))
    if under is None:
        repeat = f"{slot}:step:{check_in.revision}"
        turn.add(Say("patient", message, lane_of(verdict), repeat, slot))
        return
    stored = turn.record.check_ins[check_in.key]
    turn.record = turn.record.with_check_in(replace(stored, message_id=under))
    repeat = f"{slot}:step:{check_in.revision}:{under}"
    turn.add(Change(under, message, slot, repeat, lane_of(verdict)))


def bring_up_to_date(turn: Turn, check_in: StoredCheckIn, talk: CheckIn, message_id: int) -> None:
    """Let a message show the step that its check-in is at, which it may not show yet.

    It is changed however often it was before: a change that a killed process had sent can arrive
    after a newer one, and then the buttons in front of the patient are those of an earlier step.
    Where another message is known to show it, that one stays the known one, so that the next step
    closes it.
    """
    if check_in.message_id is None:
        turn.record = turn.record.with_check_in(replace(check_in, message_id=message_id))
    state = check_in.conversation or talk.open()
    verdict = talk.verdict(state, hours_since_session(turn, check_in))
    message = shown(turn, talk, check_in, state, verdict)
    slot = slot_of(turn, check_in)
    repeat = f"{slot}:step:{check_in.revision}:{message_id}:{turn.stamp}"
    turn.add(Change(message_id, message, slot, repeat, lane_of(verdict)))
