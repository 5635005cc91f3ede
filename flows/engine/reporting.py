"""What a patient says unasked: /report, free words, photos."""

from dataclasses import replace
from datetime import timedelta

from flows.engine import written_before
from flows.engine.alerts import Cause, raise_alert
from flows.engine.answering import typed
from flows.engine.conversing import hours_since_session, send
from flows.engine.events import Lane, Noted
from flows.engine.inputs import PhotoRefused, SentOther, SentPhoto, Wrote
from flows.engine.nights import AT_THE_EDGE, tell_by_day, within_reach
from flows.engine.record import StoredAlert
from flows.engine.shown_to_staff import newest_open, show_staff, show_words
from flows.engine.silences import plan_silence
from flows.engine.stored_check_in import REPORT, StoredCheckIn
from flows.engine.turn import Turn
from flows.named_signs import signs_in
from flows.staff_language import N_, _
from flows.stored_words import restated
from flows.verdict import ALERTING, Fired, Level

STILL_TALKING = timedelta(hours=1)
"""Words this long after a check-in's last answer begin a report of their own (own choice)."""

PHOTO, UNREADABLE, UNASKED = "PHOTO", "UNREADABLE", "UNASKED"
SAYS_MORE = "The patient wrote something that is no answer: read it"
"""Why a person reads words that are part of no check-in."""
NOT_READ = Fired(
    "NOT_READ", Level.URGENT, "A message could not be worked on, and nobody knows what it says",
    ("own_choice",), "P3",
)  # fmt: skip
"""Why a person is called for what the bot failed at."""


def open_report(turn: Turn) -> StoredCheckIn:
    """Ask everything that may be asked, outside the schedule, in a message of its own."""
    close_unbegun(turn)
    fresh = new_report(turn)
    sent = send(turn, fresh)
    plan_silence(turn, sent)
    return sent


def close_unbegun(turn: Turn) -> None:
    """Let a new report take the place of those that were opened and not begun.

    Their silence goes on counting, as that of a check-in that a later one replaces.
    """
    reason = f"{REPORT}/{turn.patient.reports + 1} took its place"
    for other in list(turn.record.check_ins.values()):
        unbegun = other.state == "sent" and not other.answered_at
        if unbegun and other.purpose == REPORT:
            ended = replace(other, state="unanswered", reason=reason)
            turn.record = turn.record.with_check_in(ended)


def unasked_report(turn: Turn) -> StoredCheckIn:
    """Return a finished report for something that came by itself: nothing is asked about it."""
    current = turn.patient.current
    report = replace(new_report(turn), state="complete", completed_at=turn.now)
    turn.record = turn.record.with_check_in(report).with_patient(current=current)
    return report


def new_report(turn: Turn) -> StoredCheckIn:
    """Put a report into the record that nobody has seen yet."""
    number = turn.patient.reports + 1
    session = turn.record.last_visit.session
    fresh = StoredCheckIn(
        f"{REPORT}/{number}", session.number, REPORT, 0, turn.now, state="sent", sent_at=turn.now
    )  # fmt: skip
    fresh = replace(fresh, hours=int(hours_since_session(turn, fresh)))
    turn.record = turn.record.with_patient(reports=number, current=fresh.key)
    turn.record = turn.record.with_check_in(fresh)
    return fresh


def wrote(turn: Turn, said: Wrote) -> None:
    """Take what was typed: as an answer to what is asked, else as a report of its own.

    Nothing that is typed is ever lost, and nobody is left without the emergency line.
    """
    if not written_before.answered(turn, said):
        check_in = current(turn) or new_report(turn)
        typed(turn, check_in, said.text, said.message_id)
        pass_on(turn, turn.record.check_ins[check_in.key], said.text)


def current(turn: Turn) -> StoredCheckIn | None:
    """Return the check-in that typed words belong to, where one is still being talked about."""
    check_in = turn.record.check_ins.get(turn.patient.current)
    if check_in is None or check_in.state not in ("sent", "complete"):
        return None
    last = check_in.answered_at or check_in.sent_at
    if check_in.state == "complete" and (last is None or turn.now - last > STILL_TALKING):
        return None
    return check_in


def pass_on(turn: Turn, check_in: StoredCheckIn, text: str) -> None:
    """Show staff words that were no answer, under the case's card where there is one.

    They ring while an alert that calls a person is open; otherwise the digest lists the case.
    """
    state = check_in.conversation
    if state is None or text not in state.words:
        return
    sign = signs_in(turn.desk.protocol, text).interrupt
    title = N_("{code} wrote ⚠️ may hold a warning sign:") if sign else N_("{code} wrote:")
    show_words(turn, _(title, code=turn.patient.code) + f"\n“{text}”", rings=sign)


def sent_photo(turn: Turn, said: SentPhoto) -> None:
    """Keep a photo, show it to staff, and thank once for an album.

    A photo is something to look at: a case in which no alert waits gets one for the digest.
    """
    keep_photo(turn, said)
    repeat = said.album or str(said.message_id)
    turn.tell(turn.phrase("check_in_photo"), f"photo:{repeat}")
    if said.caption:
        wrote(turn, Wrote(said.caption, said.message_id))


def keep_photo(turn: Turn, said: SentPhoto) -> None:
    """Keep a photo with the case, and show it to staff under a card."""
    check_in = current(turn)
    key = check_in.key if check_in else ""
    turn.add(Noted("patient", "photo", said.caption, key, file_id=said.file_id,
                   unique_id=said.unique_id))  # fmt: skip
    what = "The patient sent a photo: look at it"
    alert = looked_at(turn, check_in, PHOTO, what, said.album)
    ended = turn.record.last_visit.session.ended_at
    day = f"{max(0.0, (turn.now - ended).total_seconds()) / 86400:.0f}"
    words = f"\n“{said.caption}”" if said.caption else ""
    lane = Lane.ALERT if alert.level >= ALERTING else Lane.REST
    title = _("{code}: photo, day {number}", code=turn.patient.code, number=day)
    show_staff(turn, title + words, alert, lane, said.file_id)


def photo_refused(turn: Turn, said: PhotoRefused) -> None:
    """Tell staff that a photo is not kept, and ask the patient for it once more.

    Whoever has just sent it is awake, and was thanked for it; later in the night it waits for the
    morning.
    """
    code, repeat = turn.patient.code, f"photo_refused:{said.unique_id}"
    turn.tell_staff(
        _(
            "A photo of {code} was not kept: {why}. If it was shown here, look at it "
            "above. If not, please ask the patient to send it once more.",
            code=code,
            why=restated(said.why),
        ),
        f"{repeat}:staff",
        lane=Lane.REPLY,
        slot=f"case:{code}",
    )
    lately = said.sent_at is not None and turn.now - said.sent_at <= AT_THE_EDGE
    if within_reach(turn) and lately:
        turn.tell(turn.phrase("check_in_photo_refused"), repeat)
    else:
        ask_for_photo(turn, f"photo:{code}", repeat)


def ask_for_photo(turn: Turn, about: str, repeat: str) -> None:
    """Ask for a photo once more, by day."""
    tell_by_day(turn, about, turn.phrase("check_in_photo_refused"), repeat)


def looked_at(
    turn: Turn, check_in: StoredCheckIn | None, rule: str, what: str, album: str = ""
) -> StoredAlert:
    """See to it that a person looks at what came, and return the alert that it is shown under.

    One that waits says so from now on, and how much came: whoever has its card of before has not
    seen the last of it. Where none does, as after a contact, the digest gets one:
    nobody goes back to a done card.
    """
    shown = newest_open(turn)
    waiting = [one for one in turn.record.open_alerts if one.contacted_at is None]
    about = check_in or (turn.record.check_ins[waiting[-1].check_in] if waiting else None)
    fired = Fired(rule, Level.WATCH, what, ("own_choice",), "P1")
    fresh = raise_alert(
        turn, Cause(about or unasked_report(turn), [fired], enclosed=1, together=album)
    )  # fmt: skip
    return shown or fresh


def not_read(turn: Turn) -> None:
    """Call a person about a message that the bot failed at each time: it may say anything."""
    raise_alert(turn, Cause(current(turn) or unasked_report(turn), [NOT_READ]))


def sent_other(turn: Turn, said: SentOther) -> None:
    """Say that only text and photos can be read here, and tell staff that something came.

    Words that came with it are heard like all others.
    A voice message may be a call for help, so it is never just dropped: a case in which no alert
    waits gets one for the digest.
    """
    turn.tell(turn.phrase("check_in_cannot_read"), f"other:{said.message_id}")
    words = f" with the words “{said.caption}”" if said.caption else ""
    turn.add(Noted("patient", "other", f"{said.kind}{words}"))
    what = "The patient sent something that cannot be shown here: ask what it says"
    alert = looked_at(turn, current(turn), UNREADABLE, what)
    sent = N_(
        "{code} sent a {kind}, which cannot be shown here. They were asked to write or to phone."
    )
    if said.caption:
        sent = N_(
            "{code} sent a {kind} with the words “{words}”, which cannot be shown here. They were "
            "asked to write or to phone."
        )
    text = _(sent, code=turn.patient.code, kind=restated(said.kind), words=said.caption)
    show_staff(turn, text, alert, Lane.ALERT)
    if said.caption:
        wrote(turn, Wrote(said.caption, said.message_id))
