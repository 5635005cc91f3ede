"""The one door: a record and an input in; the changed record and the events out."""

from datetime import datetime, timedelta
from typing import NamedTuple, assert_never

from flows.engine import (
    beside_command,
    changed_words,
    deliveries,
    due_check_ins,
    enrolling,
    faq_answers,
    former_chat,
    how_others_felt,
    moving,
    new_chat,
    patient_commands,
    recognising,
    reporting,
    settings,
    staff_actions,
    warning_list,
)
from flows.engine.alerts import card_refused, notify
from flows.engine.desk import Desk
from flows.engine.doubt import ask_again
from flows.engine.events import Event, Noted, Plan
from flows.engine.inputs import (
    Blocked,
    BotWasDown,
    CameDue,
    CardRefused,
    ClaimantLeft,
    Commanded,
    FormerChatSaid,
    Input,
    LinkOpened,
    NewcomerSaid,
    PhotoRefused,
    Pressed,
    SentOther,
    SentPhoto,
    SessionAdded,
    StaffDid,
    StaffWrote,
    WasNotDelivered,
    Wrote,
)
from flows.engine.invitations import ASK_BOOKED, booked, overtaken, release
from flows.engine.own_rights import erase_due
from flows.engine.planning import session_added
from flows.engine.pressing import pressed
from flows.engine.record import Record
from flows.engine.relaying import staff_wrote
from flows.engine.silences import silence_due
from flows.engine.stages import is_known
from flows.engine.turn import Turn

Said = Pressed | Wrote | SentPhoto | SentOther
FromPatient = Said | Commanded


class Decision(NamedTuple):
    """What came of one input: the record as it is to be stored, and what happens."""

    record: Record
    events: tuple[Event, ...]


def advance(desk: Desk, record: Record, said: Input, now: datetime, update_id: int = 0) -> Decision:
    """Decide what an input means. The same arguments give the same decision.

    Args:
        desk: the clinic, with the protocol version that the case is pinned to.
        record: the case as it is stored.
        said: what happened.
        now: the present instant, with its zone.
        update_id: the update's number where the input is one; 0 for what came due.
    """
    turn = Turn(desk, record, now, update_id)
    if isinstance(said, FromPatient):
        from_patient(turn, said)
    elif isinstance(said, CameDue):
        came_due(turn, said)
    elif isinstance(said, StaffDid):
        from_staff(turn, said)
    else:
        HANDLERS[type(said)](turn, said)  # type: ignore[operator]
    release(turn)
    return Decision(turn.record, tuple(turn.events))


def from_patient(turn: Turn, said: FromPatient) -> None:
    """Hear the patient. Whoever writes can be written to again."""
    if turn.patient.unreachable_since is not None:
        deliveries.found_again(turn)
    waits = recognising.waits(turn)
    beside_command.keep(turn, said)
    if waits:
        recognising.heard(turn, said)
    elif isinstance(said, Commanded):
        patient_commands.commanded(turn, said)
    elif isinstance(said, Pressed) and said.code.startswith("s:"):
        patient_commands.settings_pressed(turn, said)
    elif isinstance(said, Pressed) and said.code.startswith("f:"):
        faq_answers.pressed(turn, said)
    elif isinstance(said, Pressed) and said.code.startswith(how_others_felt.ASK):
        how_others_felt.pressed(turn, said)
    elif isinstance(said, Pressed) and said.code.startswith(ASK_BOOKED):
        booked(turn, said)
    elif isinstance(said, Pressed) and said.code.startswith("e:"):
        enrolling.pressed(turn, said)
    elif is_active(turn):
        from_active(turn, said)
    else:
        from_others(turn, said)


def is_active(turn: Turn) -> bool:
    """Whether the patient is being looked after."""
    return turn.patient.stage == "active"


def from_active(turn: Turn, said: Said) -> None:
    """Hear a patient who is being looked after."""
    match said:
        case Pressed():
            pressed(turn, said)
        case Wrote():
            if not settings.typed_zone(turn, said):
                (changed_words.changed if said.edited else reporting.wrote)(turn, said)
        case SentPhoto():
            reporting.sent_photo(turn, said)
        case SentOther():
            reporting.sent_other(turn, said)
        case _:
            assert_never(said)


def from_others(turn: Turn, said: Said) -> None:
    """Hear somebody who is not yet, or no longer, looked after; nothing they send is lost."""
    match said:
        case Pressed():
            enrolling.pressed(turn, said)
        case Wrote():
            enrolling.wrote(turn, said)
        case SentPhoto() | SentOther():
            early(turn, said)
        case _:
            assert_never(said)


def early(turn: Turn, said: SentPhoto | SentOther) -> None:
    """Keep what somebody sends who is not yet, or no longer, looked after."""
    kind = "photo" if isinstance(said, SentPhoto) else said.kind
    if isinstance(said, SentPhoto) and is_known(turn.patient):
        reporting.keep_photo(turn, said)
    turn.add(Noted("patient", "other", f"{kind} {said.caption}".strip()))
    enrolling.wrote(turn, Wrote(said.caption or f"({kind})", said.message_id))


def from_staff(turn: Turn, said: StaffDid) -> None:
    """Do what a member of staff pressed."""
    if said.action in PAIRING and turn.patient.moving_to is not None:
        moving.decided(turn, said)
    elif said.action in PAIRING and turn.patient.doubted_at and is_active(turn):
        recognising.decided(turn, said)
    elif said.action in PAIRING:
        waited = not is_active(turn)
        enrolling.staff_decided(turn, said)
        if waited and is_active(turn):
            new_chat.goes_on(turn)
    else:
        staff_actions.staff_did(turn, said)


def came_due(turn: Turn, said: CameDue) -> None:
    """Do what was planned for now, if it still has a reason."""
    if said.kind == "notify":
        if said.about in turn.record.alerts:
            notify(turn, said.about)
        return
    if said.kind in ("pairing", "invitation"):
        enrolling.came_due(turn, said)
        return
    if said.kind in CASE_DUE:
        CASE_DUE[said.kind](turn)
        return
    if said.kind == "news":
        staff_actions.news_due(turn, said.about)
        return
    key, _, revision = said.about.partition(":")[2].partition(":")
    check_in = turn.record.check_ins.get(key)
    if check_in is not None and revision in ("", str(check_in.revision)):
        CHECK_IN_DUE[said.kind](turn, check_in)


def session_entered(turn: Turn, said: SessionAdded) -> None:
    """Take a next session in: the plan counts from it, and nobody is asked to book it any more."""
    session_added(turn, said)
    overtaken(turn, said.session.number)


def was_down(turn: Turn, said: BotWasDown) -> None:
    """Ask the open question again, since presses made meanwhile are gone.

    One that was asked meanwhile is on its way and needs no second copy, unless it may be lost.
    """
    check_in = turn.record.check_ins.get(turn.patient.current)
    if check_in is None or said.until <= said.since:
        return
    was_open = check_in.sent_at is None or check_in.sent_at <= said.since + NOT_NOTED
    if was_open or deliveries.may_be_lost(check_in):
        due_check_ins.asked_again(turn, check_in)


def end_pause(turn: Turn) -> None:
    """Take up the questions again after a pause, unless it was made longer meanwhile."""
    until = turn.patient.paused_until
    if until is not None and turn.now < until:
        turn.add(Plan("pause", turn.patient.code, until))
        return
    turn.record = turn.record.with_patient(paused_until=None)
    deliveries.catch_up(turn)


NOT_NOTED = timedelta(minutes=1)
"""So long before it stopped the bot may have noted last that it runs, twice over."""

PAIRING = ("pair_confirm", "pair_refuse")

CASE_DUE = {
    "pause": end_pause, "erase": erase_due, "doubt": ask_again, "not_read": reporting.not_read,
}  # fmt: skip

CHECK_IN_DUE = {
    "check_in": due_check_ins.check_in_due,
    "silence": silence_due,
    "red_flag": warning_list.unanswered,
    "resend": due_check_ins.resend_due,
    "again": due_check_ins.asked_again,
    "step": due_check_ins.step_due,
}

HANDLERS = {
    LinkOpened: enrolling.link_opened,
    NewcomerSaid: moving.heard,
    FormerChatSaid: former_chat.heard,
    Blocked: deliveries.blocked,
    ClaimantLeft: staff_actions.claimant_left,
    StaffWrote: staff_wrote,
    SessionAdded: session_entered,
    WasNotDelivered: deliveries.was_not_delivered,
    CardRefused: card_refused,
    PhotoRefused: reporting.photo_refused,
    BotWasDown: was_down,
}
