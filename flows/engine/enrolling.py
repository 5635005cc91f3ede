"""Enrolment from the opened link to the confirmed patient, as the patient goes through it.

One message, changed in place: the language where the chat app's is not offered, what this is and
whether they agree, what staff should know of them, and a test. Then staff confirm (`pairing`).
"""

from unicodedata import category

from flows.answers import NO, YES, plain
from flows.engine import moving
from flows.engine.early_words import alarming, keep_words, pressed_while_unasked
from flows.engine.enrolment_steps import (
    consent_version,
    language_choice,
    say_to,
    show,
    show_step,
    step,
)
from flows.engine.events import Did, Drop, Invited, Noted
from flows.engine.inputs import CameDue, LinkOpened, Pressed, Wrote
from flows.engine.languages import claimed, is_offered, nearest
from flows.engine.pairing import ask_staff, pairing_due, staff_decided
from flows.engine.phrases import phrases
from flows.engine.record import Stage
from flows.engine.stages import INVITATION_LIFE, await_steps, is_known, move
from flows.engine.stopping import come_back
from flows.engine.suitability import answered, asked_facts, forgotten, tick
from flows.engine.turn import Turn
from flows.screens import OPEN, TICKED
from flows.staff_language import N_, _

__all__ = [
    "INVITATION_LIFE",
    "came_due",
    "invite",
    "link_opened",
    "pressed",
    "staff_decided",
    "wrote",
]

JOINERS = "\u200c\u200d"
WAITING = ("asked_consent", "asked_facts", "test_message", "pairing", "active")
"""Stages in which somebody in the case's chat waits for something; active is one in doubt."""
LONGEST_NAME = 64
"""Letters kept of an account's first name: what Telegram allows."""


def invite(turn: Turn) -> None:
    """Wait for somebody to open a new link, and for what staff are told if nobody does.

    A chat that was not confirmed yet no longer counts: the new link may be for another one.
    """
    code = turn.patient.code
    await_steps(turn)
    if is_known(turn.patient):
        return
    turn.add(Drop("pairing", code, "there is a new link"))
    let_go(turn)
    move(
        turn, "invited", chat_id=None, name="", ticked=frozenset(), profile=forgotten(turn),
        consent="", consented_at=None, confirmed_by=None, doubted_at=None, unreachable_since=None,
        moving_to=None, moving_name="",
    )  # fmt: skip


def let_go(turn: Turn) -> None:
    """Tell the chats that a new link takes the place of that theirs works no more.

    They may be anybody's, so nothing else is said. Whoever was refused has heard, and whoever
    wants nothing more, or has stopped, waits for nothing.
    """
    patient = turn.patient
    waits = patient.chat_id if patient.stage in WAITING else None
    for chat in dict.fromkeys((waits, patient.moving_to)):
        if chat is not None:
            say_to(turn, chat, turn.phrase("link_dead"), f"let_go:{chat}")


def link_opened(turn: Turn, said: LinkOpened) -> None:
    """Begin: the case has a chat now, which learns nothing of it until staff confirm."""
    patient = turn.patient
    if patient.chat_id == said.chat_id:
        turn.add(Invited(said.chat_id))
        show_step(turn)
        return
    name = legible(said.name)[:LONGEST_NAME]
    if is_known(patient):
        moving.link_opened(turn, said, name)
        return
    if patient.stage != "invited":
        say_to(turn, said.chat_id, turn.phrase("link_of_no_use"), f"link:{said.chat_id}")
        turn.tell_staff(
            _(
                "{code}: somebody opened a second link, and the case has a chat already. "
                "They were let in nowhere. Is it the patient's new phone? Then phone them.",
                code=patient.code,
            ),
            f"second_link:{said.chat_id}:{turn.stamp}",
        )
        return
    language = nearest(turn, said.language)
    move(turn, "asked_consent", chat_id=said.chat_id, name=name, language=language)
    turn.add(Invited(said.chat_id), Did(None, "patient", "link_opened"))
    show_step(turn) if is_offered(turn, said.language) else show(turn, language_choice(turn))


def legible(name: str) -> str:
    """Return a name in one line, without signs that turn or hide what stands beside it.

    Staff decide by it who is paired with whom; the joiners that scripts need stay.
    """
    line = " ".join(name.split())
    shown = (sign for sign in line if sign in JOINERS or not category(sign).startswith("C"))
    return "".join(shown).strip()


def pressed(turn: Turn, said: Pressed) -> None:
    """Take a press; one that does not fit the stage changes nothing and shows the present step.

    A message that is not the enrolment's own keeps what it says. One may be an old check-in's:
    after a stop, and where somebody came back and is not confirmed again yet.
    """
    pressed_while_unasked(turn, said.code)
    act(turn, said.code)
    show_step(turn, said.message_id if said.code.startswith("e:") else None)


def act(turn: Turn, code: str, words: str = "") -> None:
    """Do what a button says, where its stage is the present one."""
    match turn.patient.stage, code.split(":"):
        case "asked_consent", ["e", "language", language] if language in claimed(turn):
            turn.record = turn.record.with_patient(language=language)
        case "asked_consent", ["e", "agree"]:
            agree(turn)
        case "asked_consent", ["e", "decline"]:
            decline(turn)
        case "declined", ["e", "reconsider"]:
            move(turn, "asked_consent")
            await_steps(turn)
        case "asked_facts", ["e", "fact", place]:
            tick(turn, place)
        case "asked_facts", ["e", "facts_done"]:
            move(turn, "test_message", profile=answered(turn))
        case "test_message", ["e", "test"]:
            move(turn, "pairing")
            ask_staff(turn, words)


def agree(turn: Turn) -> None:
    """Note which text was agreed to and when; a protocol that asks no facts skips their step."""
    version = consent_version(turn.patient.language)
    stage: Stage = "asked_facts" if asked_facts(turn) else "test_message"
    move(turn, stage, consent=version, consented_at=turn.now)
    turn.add(Did(None, "patient", "consented", detail=version))


def decline(turn: Turn) -> None:
    """Note that somebody does not want this; staff hear of it, who may offer a phone call."""
    move(turn, "declined")
    code = turn.patient.code
    turn.add(Did(None, "patient", "declined"))
    turn.add(Drop("invitation", code, "declined"))
    turn.tell_staff(
        _(
            "{code} does not want check-ins in the chat. Nothing will be asked: please "
            "arrange with the patient how you follow them up.",
            code=code,
        ),
        f"declined:{turn.stamp}",
    )


def wrote(turn: Turn, said: Wrote) -> None:
    """Take what is typed while there are no check-ins: a button's name, an answer, or words."""
    if alarming(turn, said):
        return
    code = heard(turn, said.text)
    if not code:
        keep_words(turn, said)
        return
    if code == "s:back":
        come_back(turn)
        return
    if code == "e:test":
        turn.add(Noted("patient", "words", said.text))
    act(turn, code, said.text[:LONGEST_NAME])
    show_step(turn)


def heard(turn: Turn, text: str) -> str:
    """Return the code of the button that typed words stand for, empty where they are none's."""
    said = plain(text).strip(" .!")
    words = phrases(turn.patient.language)
    for keys in step(turn).keys:
        for key in keys:
            label = plain(key.label.removeprefix(TICKED).removeprefix(OPEN))
            if said == label:
                return key.code
    if turn.patient.stage == "test_message":
        return "e:test"
    if turn.patient.stage == "asked_consent":
        if said in YES or said in words["agree_words"].split(" / "):
            return "e:agree"
        if said in NO or said in words["decline_words"].split(" / "):
            return "e:decline"
    return ""


def came_due(turn: Turn, said: CameDue) -> None:
    """Tell staff what did not go on: a pairing without an answer, a link that ran out."""
    if said.kind == "pairing" and turn.patient.moving_to is not None:
        moving.ask_staff(turn)
    elif said.kind == "pairing":
        pairing_due(turn)
    else:
        invitation_over(turn)


UNFINISHED = {
    "invited": N_("Nobody opened the link of {code} within 72 hours; it is dead now."),
    "asked_consent": N_("Somebody opened the link of {code}, and has not agreed within 72 hours."),
    "asked_facts": N_("{code} agreed, and has not finished the steps in the chat within 72 hours."),
    "test_message": N_("{code} agreed, and has not answered the test message within 72 hours."),
}
"""What staff read by the stage at which an invitation ran out; at others they know already."""


def invitation_over(turn: Turn) -> None:
    """Tell staff once that a link came to nothing."""
    sentence = UNFINISHED.get(turn.patient.stage)
    if sentence:
        code = turn.patient.code
        instead = _(
            "This patient gets no check-ins. Make a new link with /link {code}, or phone the "
            "patient.",
            code=code,
        )
        turn.tell_staff(f"{_(sentence, code=code)} {instead}", f"invitation:{turn.stamp}")
