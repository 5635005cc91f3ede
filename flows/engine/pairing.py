"""Whose chat is it? Staff look at the person at the desk and confirm, or refuse.

Hazards: H06.
"""

import json
from datetime import timedelta
from hashlib import sha256

from flows.engine.cards import treatment
from flows.engine.desk import day_and_time
from flows.engine.enrolment_steps import say_to, slot, with_foot
from flows.engine.events import Did, Drop, Key, Lane, Message, Plan
from flows.engine.inputs import StaffDid
from flows.engine.planning import is_asked_now, next_planned, take_up
from flows.engine.record import Patient
from flows.engine.stages import is_known, move
from flows.engine.suitability import forgotten, warnings
from flows.engine.turn import Turn
from flows.staff_language import N_, _

TAG_DIGITS = 8
"""Hexadecimal digits of a card's tag: two of one case are alike once in 4,000,000,000."""

ANOTHER_CARD = N_(
    "This card is about another chat, or an earlier question. Nothing was "
    "decided: here is the newest card."
)

REPEAT = timedelta(minutes=15)
"""Staff are told again about a pairing that nobody answered. Own choice: as often as about an
urgent alert that everyone was told of, since no check-in goes out before."""


def ask_staff(turn: Turn, words: str = "") -> None:
    """Put the pairing card up; `words` are what the patient typed as the test."""
    code = turn.patient.code
    turn.tell_staff(
        card_text(turn, words),
        f"pairing:{turn.stamp}",
        keys=card_keys(turn),
        slot=f"pairing:{code}",
    )
    turn.add(Drop("invitation", code, "the link was used and every step is done"))
    turn.add(Plan("pairing", code, turn.now + REPEAT))


def card_text(turn: Turn, words: str) -> str:
    """Return what staff compare with the person before them."""
    patient, zone = turn.patient, turn.desk.clinic.hours.zone
    lines = [
        _("Pairing {code}: is this the person in front of you?", code=patient.code),
        "",
        account(patient),
    ]
    for visit in turn.record.visits:
        ended = day_and_time(visit.session.ended_at, zone)
        title = _("Session {number}:", number=visit.session.number)
        lines.append(f"{title} {treatment(turn.desk, visit)} · {ended}")
    lines += warnings(turn)
    if words:
        lines.append(_("They wrote: “{words}”", words=words))
    lines += ["", _("No check-in goes out before somebody confirms.")]
    if turn.desk.protocol.protocol.draft:
        lines.append(_("Draft thresholds: no clinician has signed them."))
    return "\n".join(lines)


def account(patient: Patient) -> str:
    """Return who the chat app says it is."""
    return _("Account: {name}", name=patient.name or _("shows no name"))


def card_keys(turn: Turn) -> tuple[tuple[Key, ...], ...]:
    """Return the two decisions."""
    about = f"{card_tag(turn.patient)}:{turn.patient.code}"
    return ((Key(_("Yes, confirm"), f"p:confirm.{about}"), Key(_("No"), f"p:refuse.{about}")),)


def card_tag(patient: Patient) -> str:
    """Return a short name of the chat that staff are asked about, and of what they are asked.

    A new link, a consent and a doubt are each a new question: an answer to an old one is none.
    """
    times = [at and at.timestamp() for at in (patient.consented_at, patient.doubted_at)]
    new = [patient.moving_to] if patient.moving_to is not None else []
    return sha256(json.dumps([patient.chat_id, *times, *new]).encode()).hexdigest()[:TAG_DIGITS]


def is_of_another(turn: Turn, said: StaffDid) -> bool:
    """Say so where a decision stands under a card about another chat, or an earlier question."""
    if said.option == card_tag(turn.patient):
        return False
    turn.toast(_(ANOTHER_CARD), alert=True)
    turn.add(Did(said.who.id, said.who.name, said.action, detail="under an older card"))
    return True


def pairing_due(turn: Turn) -> None:
    """Tell staff again, every 15 minutes until somebody decides.

    The next time waits for the clinic to open: nobody is at the desk to be looked at before.
    """
    patient = turn.patient
    if patient.stage != "pairing":
        return
    turn.tell_staff(
        _(
            "⚠️ {code} is still waiting to be confirmed. {account}.\nNo check-in "
            "goes out before somebody confirms. Is this your patient?",
            code=patient.code,
            account=account(patient),
        ),
        f"pairing:again:{turn.stamp}",
        keys=card_keys(turn),
    )
    again = turn.desk.clinic.hours.opening(turn.now + REPEAT)[0]
    turn.add(Plan("pairing", patient.code, again))


def staff_decided(turn: Turn, said: StaffDid) -> None:
    """Take the decision of a member of staff; the first one counts, and later ones hear whose."""
    if turn.patient.stage != "pairing":
        turn.toast(decided_before(turn), alert=True)
        late = f"too late: {turn.patient.stage}"
        turn.add(Did(said.who.id, said.who.name, said.action, detail=late))
        return
    if is_of_another(turn, said):
        ask_staff(turn)
        return
    if said.action == "pair_confirm":
        confirm(turn, said)
    else:
        refuse(turn, said)
    turn.add(Did(said.who.id, said.who.name, said.action))
    turn.add(Drop("pairing", turn.patient.code, f"{said.who.name} decided"))


def decided_before(turn: Turn) -> str:
    """Return why a decision comes too late or too soon."""
    patient = turn.patient
    name = turn.desk.name_of(patient.confirmed_by)
    if is_known(patient):
        return _("{name} has confirmed this already.", name=name)
    if patient.stage == "refused":
        return _(
            "{name} has refused this already. Make a new link with /link {code}.",
            name=name,
            code=turn.patient.code,
        )
    if patient.stage in ("declined", "stopped"):
        return _("The patient did not want to go on. Nothing is sent.")
    return _("This person is not through the steps in the chat yet. Wait for a new card.")


def confirm(turn: Turn, said: StaffDid) -> None:
    """Let the check-ins begin."""
    move(turn, "active", confirmed_by=said.who.id, doubted_at=None, recognised_at=turn.now)
    take_up(turn)
    first = next_planned(turn.record, turn.now)
    when = _("No check-in is planned.")
    text = turn.phrase("set_up_no_time")
    if is_asked_now(turn):
        when = _("A check-in is due already and comes first.")
    elif first is not None:
        text = turn.phrase("set_up", first_check_in=turn.moment(first))
        when = _("First check-in: {time}.", time=day_and_time(first, turn.desk.clinic.hours.zone))
    message = with_foot(turn, Message(text))
    turn.tell(message.text, f"set_up:{turn.stamp}", slot=slot(turn))
    turn.toast(_("Confirmed."))
    line = _(
        "✅ {code}: {name} confirmed the patient. {when}",
        code=turn.patient.code,
        name=said.who.name,
        when=when,
    )
    turn.tell_staff(line, f"confirmed:{turn.stamp}", lane=Lane.REPLY)


def refuse(turn: Turn, said: StaffDid) -> None:
    """Let go of a chat that is not the patient's: it hears one kind sentence and no reason."""
    stranger = turn.patient.chat_id
    move(
        turn, "refused", chat_id=None, name="", ticked=frozenset(), profile=forgotten(turn),
        consent="", consented_at=None, confirmed_by=said.who.id, doubted_at=None,
        unreachable_since=None, moving_to=None, moving_name="",
    )  # fmt: skip
    if stranger is not None:
        say_to(turn, stranger, turn.phrase("refused"), "refused_chat")
    turn.toast(_("Refused. Make a new link with /link {code}.", code=turn.patient.code))
    code = turn.patient.code
    line = _(
        "⚠️ {code}: {name} refused this chat. It needs a new link: /enrol. No check-in goes out "
        "until then.",
        code=code,
        name=said.who.name,
    )
    turn.tell_staff(line, f"refused:{turn.stamp}")
