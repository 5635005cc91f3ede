"""/enrol, /session and /link: a patient's link, shown to whoever asked for it and nobody else."""

from bot.enrolment import (
    Added,
    Enrolled,
    EnrolmentError,
    EnrolmentRequest,
    add_session,
    check_reached,
    enrol,
    new_link,
    too_few_for,
)
from bot.staff import enrol_steps
from bot.staff.asked import Asked, how_to_be_reached
from bot.staff.enrol_line import example, read_line
from flows.engine.desk import day_and_time
from flows.engine.events import Lane, Message, Say
from flows.staff_language import N_, _
from flows.stored_words import restated
from storage.enrolment import is_announced
from storage.transaction import Transaction

ONCE = N_("A link was made for this message already. Start again with /enrol for another patient.")


def enrol_asked(asked: Asked, words: list[str]) -> Transaction[None]:
    """Enrol from one line; without one, ask for everything with buttons."""
    office = asked.office
    try:
        yield from check_reached(office)
        if not words:
            yield from asked.answer(enrol_steps.first(office.protocol))
            return
        request = read_line(office.protocol, words, office.settings.hours.zone, asked.now)
        told = yield from make(asked, request)
    except EnrolmentError as error:
        told = str(error)
    if told:
        yield from asked.answer(told)


def session_asked(asked: Asked, words: list[str]) -> Transaction[None]:
    """Add a known patient's next session."""
    like = _("Write for example: /session A7K2 {example}", example=example(asked.office.protocol))
    if len(words) < 2:  # noqa: PLR2004 - a case code, and what was done
        yield from asked.answer(_("Write the case code and what was done. {like}", like=like))
        return
    office = asked.office
    code, *rest = words
    try:
        yield from check_reached(office)
        request = read_line(office.protocol, rest, office.settings.hours.zone, asked.now)
        added = yield from add_session(office, code, request, asked.now, asked.who)
    except EnrolmentError as error:
        yield from asked.answer(str(error))
        return
    slot = slot_of(added.code, added.number)
    answer = _("Answer this message with the lot number to note it.")
    text = f"{added_words(asked, added)}\n{answer}"
    say = Say(asked.chat_id, Message(text), Lane.REPLY, f"staff:{asked.repeat}", slot)
    yield from asked.say(say, added.code)


def added_words(asked: Asked, added: Added) -> str:
    """Return what came of a next session."""
    text = _("{code}: session {number} is noted.", code=added.code, number=added.number)
    if added.stage != "active":
        stage = restated(added.stage)
        none = _("⚠️ No check-in goes out: the case is at «{stage}». See /link.", stage=stage)
        return f"{text} {none}"
    if added.next_check_in is None:
        return text + " " + _("⚠️ No check-in is planned.")
    zone = asked.office.settings.hours.zone
    upcoming = day_and_time(added.next_check_in, zone)
    return text + " " + _("The patient is asked next on {time}.", time=upcoming)


def link_asked(asked: Asked, words: list[str]) -> Transaction[None]:
    """Make a fresh link for a case: also for a known patient who has a new account."""
    if len(words) != 1:
        yield from asked.answer(_("Write the case code too, like /link A7K2."))
        return
    try:
        warning = yield from too_few_for(asked.office, words[0])
        yield from refuse_twice(asked)
        enrolled = yield from new_link(asked.office, words[0], asked.now, asked.who)
    except EnrolmentError as error:
        yield from asked.answer(str(error))
        return
    what = _("has a new link; older ones no longer work")
    if enrolled.moves:
        what = _(
            "has a link for a new account of this patient. The chat of before goes on until you "
            "confirm the new one. A next session needs no link: /session"
        )
    note = yield from show_link(asked, enrolled, what)
    if text := "\n\n".join(one for one in (note, warning) if one):
        yield from asked.answer(text, enrolled.code)


def make(asked: Asked, request: EnrolmentRequest) -> Transaction[str]:
    """Enrol once for one message, show the link, and return what its chat is told besides.

    Raises:
        EnrolmentError: something in the request is wrong, or this message made a link before.
    """
    yield from check_reached(asked.office)
    yield from refuse_twice(asked)
    enrolled = yield from enrol(asked.office, request, asked.now, asked.who)
    return (yield from show_link(asked, enrolled, _("is enrolled")))


def refuse_twice(asked: Asked) -> Transaction[None]:
    """Let a message make one link, however often it is pressed or edited.

    Raises:
        EnrolmentError: it made one before.
    """
    if (yield from is_announced(key_of(asked))):
        raise EnrolmentError(_(ONCE))


def key_of(asked: Asked) -> str:
    """Return the key of the link that a message makes: one, however often it is pressed."""
    chat, message, *_ = asked.repeat.split(":")
    return f"link:{chat}:{message}"


def show_link(asked: Asked, enrolled: Enrolled, what: str) -> Transaction[str]:
    """Send a link and its picture to the asker's own chat, else where it was asked.

    Returns what the chat where it was asked is told besides, empty where it has the link.
    """
    until = day_and_time(enrolled.expires_at, asked.office.settings.hours.zone)
    lines = [
        _("{code} {what}. Let the patient scan this, or open:", code=enrolled.code, what=what),
        enrolled.link,
        _("It works once, until {until}.", until=until),
        _("Answer this message with the product's lot number to note it."),
    ]
    to = asked.private or asked.chat_id
    if asked.private is None:
        how = yield from how_to_be_reached()
        lines.append(_("So that I can send a link to you alone, {how}", how=how))
    text = "\n".join(lines)
    slot = slot_of(enrolled.code, 0)
    say = Say(to, Message(text), Lane.REPLY, key_of(asked), slot, qr=enrolled.link)
    yield from asked.say(say, enrolled.code)
    if to == asked.chat_id:
        return ""
    return _(
        "{code} {what}. {name}, the link was sent to you privately.",
        code=enrolled.code,
        what=what,
        name=asked.who.name,
    )


def slot_of(code: str, number: int) -> str:
    """Return what a message about a session shows: `enrolment:A7K2`, `enrolment:A7K2:2`.

    Number 0 is the case's link, whose session is the first.
    """
    return f"enrolment:{code}:{number}" if number else f"enrolment:{code}"
