"""What each step of an enrolment shows. Nothing here may tell what was treated, where or when."""

from hashlib import sha256

from flows.engine.events import Change, Key, Lane, Message, Say
from flows.engine.languages import NAMES, claimed, in_rows
from flows.engine.phrases import phrases
from flows.engine.stages import is_known
from flows.engine.suitability import tick_list
from flows.engine.turn import Turn, column


def step(turn: Turn) -> Message:
    """Return what the stage that the enrolment is at shows."""
    stage = turn.patient.stage
    if stage == "active" and turn.patient.doubted_at is not None:
        return Message(turn.phrase("doubted"))
    if stage == "asked_consent":
        return consent(turn)
    if stage == "asked_facts":
        return tick_list(turn)
    if stage == "pairing":
        return Message(pairing(turn))
    name, *button = WITH_ONE_BUTTON.get(stage, ("link_of_no_use",))
    keys = column(Key(turn.phrase(button[0]), button[1])) if button else ()
    return Message(turn.phrase(name), keys)


WITH_ONE_BUTTON = {
    "test_message": ("test", "test_button", "e:test"),
    "declined": ("declined", "reconsider", "e:reconsider"),
    "stopped": ("stopped_now", "come_back", "s:back"),
    "active": ("already_set_up",),
}
"""By stage the phrase that it shows, and its one button's phrase and code."""


def consent(turn: Turn) -> Message:
    """Return what the patient agrees to; the language can still be changed under it."""
    agree = Key(turn.phrase("agree"), "e:agree")
    decline = Key(turn.phrase("decline"), "e:decline")
    return Message(turn.phrase("consent"), ((agree,), (decline,), *language_rows(turn)))


def language_choice(turn: Turn) -> Message:
    """Return the question for the language."""
    return Message(turn.phrase("choose_language"), language_rows(turn))


def language_rows(turn: Turn) -> tuple[tuple[Key, ...], ...]:
    """Return a row for each language, none where there is no choice."""
    languages = claimed(turn)
    if len(languages) == 1:
        return ()
    return in_rows([Key(NAMES.get(one, one), f"e:language:{one}") for one in languages])


def consent_version(language: str) -> str:
    """Return which text was agreed to: 8 hexadecimal digits of the SHA-256 of its words."""
    return sha256(phrases(language)["consent"].encode()).hexdigest()[:8]


def pairing(turn: Turn) -> str:
    """Return what to do while staff have not confirmed whose chat this is."""
    if turn.patient.name:
        return turn.phrase("pairing", first_name=turn.patient.name)
    return turn.phrase("pairing_no_name")


def with_foot(turn: Turn, message: Message) -> Message:
    """Return a message with the emergency line, which every one of them carries."""
    return Message(f"{message.text}\n\n{turn.text('FOOT')}", message.keys)


def unnamed_session(turn: Turn) -> dict[str, str]:
    """Return words in place of the session's day, which confirmed patients alone may read."""
    return {} if is_known(turn.patient) else unnamed(turn)


def unnamed(turn: Turn) -> dict[str, str]:
    """Return words in place of the session's day."""
    return {"session_date": turn.phrase("session_not_named")}


def slot(turn: Turn) -> str:
    """Return the slot of the enrolment's one message."""
    return f"enrolment:{turn.patient.code}"


def show(turn: Turn, message: Message, under: int | None = None) -> None:
    """Show a message with the emergency line: in place of `under`, or below everything.

    A case that no chat belongs to shows it to nobody.
    """
    whole = with_foot(turn, message)
    if turn.patient.chat_id is None:
        return
    if under is None:
        turn.tell(whole.text, f"step:{turn.stamp}", keys=whole.keys, slot=slot(turn))
        return
    repeat = f"{turn.patient.code}:step:{turn.stamp}:{under}"
    turn.add(Change(under, whole, slot(turn), repeat))


def show_step(turn: Turn, under: int | None = None, lead: str = "") -> None:
    """Show the step that the enrolment is at; `lead` goes before it."""
    message = step(turn)
    text = f"{lead}\n\n{message.text}" if lead else message.text
    show(turn, Message(text, message.keys), under)


def not_yet(turn: Turn) -> None:
    """Say that something works only later, and what comes now."""
    lead = "" if is_known(turn.patient) else turn.phrase("not_set_up")
    show_step(turn, lead=lead)


def say_to(turn: Turn, chat_id: int, text: str, repeat: str, lane: Lane = Lane.REPLY) -> None:
    """Say something to a chat that does not, or no longer, belong to the case."""
    key = f"{turn.patient.code}:{repeat}:{turn.stamp}"
    turn.add(Say(chat_id, Message(f"{text}\n\n{turn.text('FOOT')}"), lane, key))
