"""`aftercheck roster`: who is on it, and the way back in when no admin is left to change it.

Whoever can run this has the database and the key anyway, so it asks for no role. It works beside a
running bot, which acts on it at once and tells the staff chat.

Hazards: H31.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli_ends import BAD_INPUT, end
from bot.cli_enrol import done, known_settings
from bot.enrolment import EnrolmentError, did
from bot.office import Office
from bot.staff import channels, leaving
from flows import roster as rules
from flows.engine.events import Lane, Message
from flows.escalation import Role, StaffMember
from flows.second_channel import address_of, state_words
from storage import audit, clinic
from storage.transaction import Transaction

NOBODY = "Nobody is on the roster yet: the first start takes it from STAFF_ROSTER."
UNKNOWN = "Nobody on the roster has the number {number}; `aftercheck roster show` lists them."
ROLES = f"Roles are {', '.join(rules.ROLES)}."

Number = Annotated[int, typer.Argument(help="Their Telegram user id.")]
RoleName = Annotated[str, typer.Argument(help=ROLES)]

app = typer.Typer(
    help="Who is on the roster; add somebody, change a role, take somebody off at once.",
    no_args_is_help=True, add_completion=False,
)  # fmt: skip


@app.command()
def show() -> None:
    """List who is on the roster, with their numbers."""
    people = done(known_settings(), lambda _office: clinic.roster())
    for one in rules.present(people):
        reach = "reachable" if one.reachable else "has not pressed Start"
        second = f", {state_words(one)}" if one.takes_alerts else ""
        typer.echo(f"{one.id}  {one.name}, {one.role}: {reach}{second}")
    if not rules.present(people):
        typer.echo(NOBODY, err=True)


@app.command()
def add(
    number: Number,
    name: Annotated[str, typer.Argument(help="As patients read it.")],
    role: RoleName = "admin",
) -> None:
    """Put somebody on the roster, as admin where no role is said; they press Start themselves."""
    chosen = role_or_end(role)

    def wanted(office: Office, now: datetime) -> Transaction[str]:
        before = yield from clinic.member(number)
        if before is not None and before.on_roster:
            raise EnrolmentError(f"{before.name} is on the roster already, as {before.role}.")
        if why := rules.why_not_invite((yield from clinic.roster()), name):
            raise EnrolmentError(why)
        yield from clinic.join(StaffMember(number, name, chosen), now)
        said = f"{name} is on the roster as {chosen}"
        yield from noted(office, f"{said} (by the command line).", number, now)
        return f"{said}. They press Start in a private chat with the bot."

    changed(wanted)


@app.command("role")
def change_role(number: Number, role: RoleName) -> None:
    """Give somebody another role; the last admin may lose it here."""
    chosen = role_or_end(role)

    def wanted(office: Office, now: datetime) -> Transaction[str]:
        whom = yield from present_or_error(number)
        said = f"{whom.name} is {chosen} now, and was {whom.role}"
        yield from noted(office, f"{said} (by the command line).", number, now)
        yield from leaving.change_role(office, whom, chosen, "by the command line", now)
        return f"{said}."

    changed(wanted)


@app.command()
def remove(number: Number) -> None:
    """Take somebody off at once: what they had taken is open again, and staff are told."""

    def wanted(office: Office, now: datetime) -> Transaction[str]:
        whom = yield from present_or_error(number)
        log = replace(did(None, "roster_change"), detail=f"{whom.name} off the roster")
        yield from audit.did(office.vault.audit, None, log, now)
        yield from leaving.take_off(office, whom, "by the command line", now)
        left = rules.present((yield from clinic.roster()))
        alone = "" if any(one.role == "admin" for one in left) else " Nobody is an admin now."
        return f"{whom.name} is off the roster.{alone}"

    changed(wanted)


@app.command()
def channel(
    number: Number,
    address: Annotated[str, typer.Argument(help="An e-mail, an http(s) address, or off.")],
) -> None:
    """Set where an alert reaches somebody besides Telegram; it counts once it is confirmed."""
    chosen = address_of(address, on_this_machine=True)
    if chosen is None and address != "off":
        end(f"«{address[:60]}» is no e-mail and no https address.", BAD_INPUT)

    def wanted(office: Office, now: datetime) -> Transaction[str]:
        whom = yield from present_or_error(number)
        try:
            said = yield from channels.changed(office, whom, chosen, now)
        except channels.NoChannelError as error:
            raise EnrolmentError(str(error)) from None
        what = channels.in_trail(chosen)
        text = f"{whom.name}'s second channel is {what} (by the command line)."
        yield from noted(office, text, number, now)
        return said

    changed(wanted)


@app.command()
def confirm(
    number: Number, code: Annotated[str, typer.Argument(help="As it arrived over the channel.")]
) -> None:
    """Confirm somebody's second channel by the code that was sent there."""

    def wanted(office: Office, now: datetime) -> Transaction[str]:
        whom = yield from present_or_error(number)
        tried = yield from channels.confirmed(office, whom, code, now)
        if tried != "confirmed":
            return channels.WRONG if tried == "wrong" else channels.OVER
        said = f"{whom.name}'s second channel is confirmed"
        yield from noted(office, f"{said} (by the command line).", number, now)
        return f"{said}."

    changed(wanted)


def present_or_error(number: int) -> Transaction[StaffMember]:
    """Return who is on the roster by this number.

    Raises:
        EnrolmentError: nobody is.
    """
    whom = yield from clinic.member(number)
    if whom is None or not whom.on_roster:
        raise EnrolmentError(UNKNOWN.format(number=number))
    return whom


def noted(office: Office, text: str, number: int, now: datetime) -> Transaction[None]:
    """Note a change in the trail, and tell the staff chat, where nobody saw who made it."""
    log = replace(did(None, "roster_change"), detail=text)
    yield from audit.did(office.vault.audit, None, log, now)
    chat = yield from office.staff_chat()
    key = f"roster:{number}:{now.isoformat()}"
    yield from leaving.say(office, chat, Message(text), Lane.REPLY, key, now)


def changed(wanted: Callable[[Office, datetime], Transaction[str]]) -> None:
    """Make a change and print what came of it, or end with why it was not made."""
    now, known = datetime.now(UTC), known_settings()
    if not known.staff_chat_id:
        end("STAFF_CHAT_ID is missing: set the one that the bot runs with.", BAD_INPUT)
    typer.echo(done(known, lambda office: wanted(office, now)))


def role_or_end(word: str) -> Role:
    """Return the role that a word names, or end."""
    role = rules.role_named(word)
    if role is None:
        end(f"«{word[:20]}» is no role. {ROLES}", BAD_INPUT)
    return role
