"""The staff's commands: who may, and what does each."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from bot.case_codes import CODE
from bot.office import BOT_NAME, Office
from bot.staff import (
    board,
    cases,
    channels,
    enrolling,
    exporting,
    lists,
    next_sessions,
    oncall,
    planning,
    replies,
    resuming,
    roster,
)
from bot.staff.asked import Asked, Refusal, StaffCommand, why_not
from bot.staff.daily import digest_asked
from flows.engine.permissions import OWN_CHAT, PERMISSIONS, may, permits
from flows.escalation import StaffMember
from flows.staff_language import N_, _
from storage import clinic
from storage.transaction import Transaction

ANSWERS = (
    N_("Answer an alert's card, and the patient gets your words with your name."),
    N_("Answer an enrolment's message with the product's lot number to note it."),
)
"""What else staff can do, as /help says it."""

LONGEST_DETAIL = 40
"""Characters of a command's words that the log keeps."""


class Command(NamedTuple):
    """What a command does, with the permission it needs and its line in /help."""

    action: str
    do: Callable[[Asked, list[str]], Transaction[None]]
    words: str
    help: str


def command(
    office: Office, who: StaffMember | None, said: StaffCommand, now: datetime
) -> Transaction[None]:
    """Carry out a command that was typed in the staff chat or a member of staff's own chat.

    One that names another bot is none of ours.
    """
    first, *words = said.text.split()
    name, bot = first.removeprefix("/").lower().partition("@")[::2]
    name = ALSO.get(name, name)
    own = yield from clinic.get(BOT_NAME)
    if bot and own and bot != own.lower():
        return
    known = meant(name, words)
    action = known.action if known else (name if name in PERMISSIONS else "help")
    why = yield from why_not(office, who, action, said.chat_id)
    if why or who is None:
        about = case_of(said.text.split()[1:])
        event = Refusal(said.user_id, said.name, action, why, about)
        yield from event.told(office, said.chat_id, repeat_of(said), now)
        return
    asked = Asked(office, who, said.chat_id, repeat_of(said), now)
    if known is None:  # or it is a patient's, and was refused above
        yield from asked.answer(
            _("I do not know /{name}. /help lists what I can do.", name=name[:32])
        )
        return
    yield from known.do(asked, words)
    if known.action in LOGGED_HERE:
        yield from asked.log(action, case_of(words), " ".join(words)[:LONGEST_DETAIL])


def named(text: str) -> str:
    """Return the command that a text is, by its usual name; empty for any other text."""
    if not text.startswith("/"):
        return ""
    name = text.split(maxsplit=1)[0].removeprefix("/").lower().partition("@")[0]
    return ALSO.get(name, name)


def meant(name: str, words: list[str]) -> Command | None:
    """Return what a command means: `/roster invite …` is another than `/roster`."""
    longer = COMMANDS.get(f"{name} {words[0].lower()}") if words else None
    return longer or COMMANDS.get(name)


def action_of(text: str) -> str:
    """Return what a text asks for, as `permissions` names it; empty where it asks for nothing."""
    name = named(text)
    known = meant(name, text.split()[1:])
    return known.action if known else (name if name in PERMISSIONS else "")


def repeat_of(said: StaffCommand) -> str:
    """Return what tells a command from every other; an edited one is another, the same is not."""
    return f"{said.chat_id}:{said.message_id}:{sha256(said.text.encode()).hexdigest()[:8]}"


def case_of(words: list[str]) -> str | None:
    """Return the case code that a command's first word is, None where it is none."""
    code = words[0].upper() if words else ""
    return code if CODE.fullmatch(code) else None


def help_asked(asked: Asked, _words: list[str]) -> Transaction[None]:
    """Say which commands there are for the role of whoever asks."""
    lines = [
        f"/{name}{' ' if one.words else ''}{one.words}: {_(one.help)}"
        for name, one in COMMANDS.items()
        if may(asked.who, one.action) or permits(asked.who.role, OWN_CHAT, one.action)
    ]
    lines += ["", *map(_, ANSWERS)]
    yield from asked.answer("\n".join(lines))


COMMANDS = {
    "enrol": Command("enrol", enrolling.enrol_asked, "", N_("a new patient")),
    "session": Command(
        "session", enrolling.session_asked, "CODE …", N_("a known patient's next session")
    ),
    "link": Command(
        "enrol", enrolling.link_asked, "CODE", N_("a new link; the old one stops working")
    ),
    "lot": Command(
        "lot",
        replies.lot_asked,
        "CODE [SESSION] LOT",
        N_("the product's lot number; of the latest session, or of the one that is named"),
    ),
    "open": Command("open", lists.open_asked, "", N_("every open alert, the most urgent first")),
    "board": Command(
        "board", board.board_asked, "", N_("a link to the board, in your private chat")
    ),
    "due": Command("due", next_sessions.due_asked, "", N_("whose next session is to be booked")),
    "case": Command("case", cases.case_asked, "CODE", N_("all about a case, in your private chat")),
    "roster": Command("roster", roster.roster_asked, "", N_("who is on the roster; change it")),
    "roster invite": Command(
        "roster_change", roster.invite_asked, "ROLE NAME", N_("let somebody onto the roster")
    ),
    "roster channel": Command(
        "channel",
        channels.channel_asked,
        "ADDRESS",
        N_("where an alert reaches you besides Telegram; in your private chat"),
    ),
    "roster confirm": Command(
        "channel", channels.confirm_asked, "CODE", N_("the code that was sent there")
    ),
    "oncall": Command("oncall", oncall.oncall_asked, "[me|off] [hours]", N_("who is on call")),
    "oncall plan": Command(
        "rota", planning.plan_asked, "NAME fri 18:00 mon 08:00", N_("who is to be on call when")
    ),
    "oncall away": Command(
        "rota",
        planning.away_asked,
        "NAME DAY DAY cover NAME",
        N_("days off, and who stands in"),
    ),
    "digest": Command("digest", digest_asked, "", N_("the daily list, now")),
    "export": Command(
        "export",
        exporting.export_asked,
        f"[{'|'.join(exporting.CHOICES)}] [CODE|FIRST LAST]",
        N_("the history, or a case, as a file"),
    ),
    "resume": Command(
        "resume", resuming.resume_asked, "", N_("write to patients again after a restore")
    ),
    "help": Command("help", help_asked, "", N_("this list")),
}
ALSO = {"enroll": "enrol", "on_call": "oncall", "start": "help"}
"""Other ways to write a command."""

LOGGED_HERE = frozenset({"open", "due", "case", "roster", "oncall", "rota", "digest", "board"})
"""Actions whose log line is written here; enrolling and exporting write their own."""
