"""A known patient's new account: it opens a link, and the case goes there once staff confirm it.

Until then the chat of before goes on, and the new one learns nothing of the case. Whoever writes
there is heard as somebody is whom nobody has confirmed: staff see the words, and a warning sign
calls a person.

Hazards: H05, H06.
"""

from typing import Final, get_args

from flows.engine.deliveries import catch_up
from flows.engine.doubt import no_sign
from flows.engine.early_words import quoted, raise_urgent
from flows.engine.enrolment_steps import say_to, unnamed, with_foot
from flows.engine.events import Did, Drop, Invited, Lane, Message, Noted, Plan
from flows.engine.inputs import Command, LinkOpened, NewcomerSaid, StaffDid, Wrote
from flows.engine.new_chat import goes_on
from flows.engine.pairing import REPEAT, card_keys, is_of_another
from flows.engine.turn import Turn
from flows.named_signs import signs_in
from flows.staff_language import _

BARE: Final = frozenset(f"/{name}" for name in get_args(Command))
"""Commands alone, which say nothing; other words may begin with a slash too."""


def link_opened(turn: Turn, said: LinkOpened, name: str) -> None:
    """Note which chat has opened a known patient's new link, and ask staff whose it is.

    One that opened a link before, and that nobody has confirmed, hears that its link is over.
    """
    before = turn.patient.moving_to
    if before not in (None, said.chat_id):
        say_to(turn, newcomer(turn), turn.phrase("link_dead"), f"let_go:{before}")
    turn.record = turn.record.with_patient(moving_to=said.chat_id, moving_name=name)
    turn.add(Invited(said.chat_id), Did(None, "patient", "link_opened"))
    turn.add(Drop("invitation", turn.patient.code, "the link was used"))
    answer(turn)
    ask_staff(turn)


def answer(turn: Turn) -> None:
    """Tell the new chat what to do now; it hears nothing else."""
    name = turn.patient.moving_name
    text = turn.phrase("pairing", first_name=name) if name else turn.phrase("pairing_no_name")
    say_to(turn, newcomer(turn), text, "moving")


def newcomer(turn: Turn) -> int:
    """Return the chat that the case may go to."""
    assert turn.patient.moving_to is not None
    return turn.patient.moving_to


def ask_staff(turn: Turn) -> None:
    """Ask staff whether the new chat is the patient's, and plan to ask again."""
    patient = turn.patient
    account = patient.moving_name or _("shows no name")
    lines = [
        _("Pairing {code}: is this the person in front of you, with a new account?",
          code=patient.code),
        "",
        _("New account: {name}", name=account),
        "",
        _("Until somebody confirms, the chat of before goes on. Then it is closed."),
    ]  # fmt: skip
    turn.tell_staff(
        "\n".join(lines), f"new_account:{turn.stamp}", keys=card_keys(turn),
        slot=f"pairing:{patient.code}",
    )  # fmt: skip
    again = turn.desk.clinic.hours.opening(turn.now + REPEAT)[0]
    turn.add(Plan("pairing", patient.code, again))


def decided(turn: Turn, said: StaffDid) -> None:
    """Let the case go to the new chat, or let that one go."""
    if is_of_another(turn, said):
        ask_staff(turn)
        return
    new, old, code = newcomer(turn), turn.patient.chat_id, turn.patient.code
    turn.add(Did(said.who.id, said.who.name, said.action))
    turn.add(Drop("pairing", code, f"{said.who.name} decided"))
    if said.action != "pair_confirm":
        turn.record = turn.record.with_patient(moving_to=None, moving_name="")
        say_to(turn, new, turn.phrase("refused"), "refused")
        turn.toast(_("Refused. The chat of before goes on."))
        return
    turn.record = turn.record.with_patient(
        chat_id=new, name=turn.patient.moving_name, moving_to=None, moving_name="",
        confirmed_by=said.who.id, recognised_at=turn.now, doubted_at=None, unreachable_since=None,
    )  # fmt: skip
    assert old is not None, "whoever is known has a chat"
    say_to(turn, old, turn.phrase("chat_moved"), "moved")
    turn.add(Drop("doubt", code, f"{said.who.name} decided"))
    turn.toast(_("Confirmed."))
    line = _("✅ {code}: {name} confirmed the patient's new chat. The chat of before is closed.",
             code=code, name=said.who.name)  # fmt: skip
    turn.tell_staff(line, f"new_account:{turn.stamp}:confirmed", lane=Lane.REPLY)
    if turn.patient.stage != "active":
        say_to(turn, new, turn.phrase("stopped_now"), "stopped")
        return
    turn.tell(with_foot(turn, Message(turn.phrase("recognised"))).text, f"goes_on:{turn.stamp}")
    catch_up(turn)
    goes_on(turn)


def heard(turn: Turn, said: NewcomerSaid) -> None:
    """Hear somebody in a chat that staff have not confirmed yet."""
    if said.chat_id != turn.patient.moving_to:
        return
    if said.text in BARE and not said.note:
        answer(turn)
        return
    found, code = signs_in(turn.desk.protocol, said.text), turn.patient.code
    turn.add(Noted("patient", "words", f"{said.text} {said.note}".strip()))
    title = _("{code}: somebody wrote in the new chat, which nobody has confirmed yet:", code=code)
    shown = f"{quoted(said.text)} {_(said.note) if said.note else ''}".strip()
    turn.tell_staff(f"{title}\n“{shown}”", f"newcomer:{said.message_id}:{turn.stamp}")
    if not found.interrupt:
        say_to(turn, newcomer(turn), turn.phrase("words_shown"), "newcomer")
        return
    before = turn.record
    raise_urgent(turn, Wrote(said.text, said.message_id))
    no_sign(turn, before)
    emergency = turn.desk.protocol.levels["emergency"].text
    text = f"{turn.text(emergency, **unnamed(turn))}\n\n{turn.phrase('team_told')}"
    say_to(turn, newcomer(turn), text, "newcomer", Lane.ALERT)
