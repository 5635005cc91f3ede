"""What patients may have, and have undone: a copy of everything, and its erasure.

Both are asked for twice, the second time within ten minutes: a phone may lie about, and a message
with a button stays in a chat for ever.
"""

from datetime import datetime, timedelta

from flows.engine import warning_list
from flows.engine.desk import day
from flows.engine.enrolment_steps import show, show_step
from flows.engine.events import Did, Erase, Key, Keys, Message, Plan, SendCopy
from flows.engine.stopping import end_questions, may_stop
from flows.engine.turn import Turn, column
from flows.staff_language import _

COUNTS_FOR = timedelta(minutes=10)
"""How long the second confirmation may take (own choice)."""

LOOK_AGAIN = timedelta(days=1)
"""So often staff are reminded of an erasure that waits for an open alert (own choice)."""


def ask_for_copy(turn: Turn) -> None:
    """Ask whether the files may come now, and say who else could see them."""
    show(turn, Message(turn.phrase("mydata_ask"), yes_or_no(turn, "mydata", "mydata_yes")))


def ask_to_erase(turn: Turn, under: int) -> None:
    """Ask whether all is to be erased, and say what that means."""
    show(turn, Message(turn.phrase("erase_ask"), yes_or_no(turn, "erase", "erase_yes")), under)


def yes_or_no(turn: Turn, what: str, yes: str) -> Keys:
    """Return the two buttons, the first with this phrase; it knows when it was offered."""
    return column(
        Key(turn.phrase(yes), f"s:{what}:{int(turn.now.timestamp())}"),
        Key(turn.phrase("keep_as_it_is"), f"s:{what}:no"),
    )


def erase_key(turn: Turn) -> Keys:
    """Return the button that begins an erasure."""
    return column(Key(turn.phrase("erase"), "s:erase"))


def pressed(turn: Turn, code: str, under: int) -> bool:
    """Take a press about a copy or an erasure; whether it was one."""
    match code.split(":"):
        case ["s", "erase"]:
            ask_to_erase(turn, under)
        case ["s", "mydata" | "erase", "no"]:
            show_step(turn, under)
        case ["s", "mydata", offered] if is_fresh(turn, offered):
            send_copy(turn, under)
        case ["s", "mydata", _]:
            show(
                turn,
                Message(turn.phrase("mydata_ask"), yes_or_no(turn, "mydata", "mydata_yes")),
                under,
            )
        case ["s", "erase", offered] if is_fresh(turn, offered):
            erase_asked(turn, under)
        case ["s", "erase", _]:
            ask_to_erase(turn, under)
        case _:
            return False
    return True


def is_fresh(turn: Turn, offered: str) -> bool:
    """Whether a button was offered a moment ago."""
    known = offered.isascii() and offered.isdigit()
    return known and 0 <= turn.now.timestamp() - int(offered) <= COUNTS_FOR.total_seconds()


def send_copy(turn: Turn, under: int) -> None:
    """Send everything as files, to read and for a machine."""
    show(turn, Message(turn.phrase("mydata_sent")), under)
    code = turn.patient.code
    turn.add(
        SendCopy("pdf", turn.phrase("mydata_pdf"), f"{code}:copy:pdf:{turn.stamp}"),
        SendCopy("json", turn.phrase("mydata_json"), f"{code}:copy:json:{turn.stamp}"),
        Did(None, "patient", "copy"),
    )


def kept_until(turn: Turn) -> datetime | None:
    """Return until when the law has the clinic keep its record; None where that is over."""
    years = turn.desk.contact.record_years
    ended = turn.record.last_visit.session.ended_at if turn.record.visits else turn.now
    until = ended + timedelta(days=365.25 * years)
    return until if until > turn.now else None


def erase_asked(turn: Turn, under: int) -> None:
    """Stop the questions, and erase as soon as the law and what is open allow."""
    until = kept_until(turn)
    for check_in in list(turn.record.check_ins.values()):
        warning_list.unanswered(turn, check_in)  # whoever erases answers no list any more
    if may_stop(turn):
        end_questions(turn)
    alerts = [alert.key for alert in turn.record.open_alerts]
    code = turn.patient.code
    turn.add(Did(None, "patient", "erase_asked"), Plan("erase", code, until or turn.now))
    asked = _("{code} asked in the chat to have everything erased, and has stopped.", code=code)
    turn.tell_staff(
        f"{asked} {when_for_staff(turn, until, alerts)}",
        f"erase_asked:{turn.stamp}",
    )
    if until is not None:
        text = turn.phrase("erase_held", date=turn.date(until))
    else:
        text = turn.phrase("erase_open" if alerts else "erase_begun")
    show(turn, Message(text), under)


def when_for_staff(turn: Turn, until: datetime | None, alerts: list[str]) -> str:
    """Return what staff read of when an erasure comes."""
    if until is not None:
        return _(
            "The record has to be kept until {day}; it is erased then.", day=day(until, turn.zone)
        )
    if alerts:
        return _(
            "That waits until these are closed: {names}. Please take care of them.",
            names=", ".join(alerts),
        )
    return _("That is done now.")


def erase_due(turn: Turn) -> None:
    """Erase, unless the patient came back or somebody still has to look after them."""
    if turn.patient.stage != "stopped":
        return
    alerts = [alert.key for alert in turn.record.open_alerts]
    if not alerts:
        turn.add(Erase())
        return
    code = turn.patient.code
    turn.add(Plan("erase", code, turn.now + LOOK_AGAIN))
    turn.tell_staff(
        _("{code} waits to be erased. {when}", code=code, when=when_for_staff(turn, None, alerts)),
        f"erase:{turn.stamp}",
    )
