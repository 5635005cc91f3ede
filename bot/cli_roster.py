"""`aftercheck roster`: who is on it, and the way back in when no admin is left to change it.

Whoever can run this has the database and the key anyway, so it asks for no role. It works beside a
running bot, which acts on it at once and tells the staff chat.

Hazards: H31.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from bot.cli_ends import BAD_INPUT, end
from bot.cli_enrol import done, known_settings
from bot.enrolment import EnrolmentError, did
from bot.office import Office
from bot.staff import channels, leaving
from flows import roster as rules
from flows.engine.events import Lane, Message
from flows.escalation import Role, StaffMember
from flows.second_channel import Address, address_of, state_words
from flows.staff_language import N_, _, in_english, speaking
from flows.stored_words import restated
from storage import audit, clinic
from storage.transaction import Transaction

NOBODY = "Nobody is on the roster yet: the first start takes it from STAFF_ROSTER."
UNKNOWN = "Nobody on the roster has the number {number}; `aftercheck roster show` lists them."
BY: Final = N_("by the command line")
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
        yield from noted(office, lambda: joined_words(name, chosen), number, now)
        return (
            f"{name} is on the roster as {chosen}. They press Start in a private chat with the bot."
        )

    changed(wanted)


@app.command("role")
def change_role(number: Number, role: RoleName) -> None:
    """Give somebody another role; the last admin may lose it here."""
    chosen = role_or_end(role)

    def wanted(office: Office, now: datetime) -> Transaction[str]:
        whom = yield from present_or_error(number)
        yield from noted(office, lambda: role_words(whom, chosen), number, now)
        with speaking(office.settings.staff_language):
            yield from leaving.change_role(office, whom, chosen, _(BY), now)
        return f"{whom.name} is {chosen} now, and was {whom.role}."

    changed(wanted)


@app.command()
def remove(number: Number) -> None:
    """Take somebody off at once: what they had taken is open again, and staff are told."""

    def wanted(office: Office, now: datetime) -> Transaction[str]:
        whom = yield from present_or_error(number)
        log = replace(did(None, "roster_change"), detail=f"{whom.name} off the roster")
        yield from audit.did(office.vault.audit, None, log, now)
        with speaking(office.settings.staff_language):
            yield from leaving.take_off(office, whom, _(BY), now)
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
        yield from noted(office, lambda: channel_words(whom, chosen), number, now)
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
        yield from noted(office, lambda: confirmed_words(whom), number, now)
        return f"{whom.name}'s second channel is confirmed."

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


def joined_words(name: str, role: Role) -> str:
    """Say that somebody was put on the roster."""
    return _(
        "{name} is on the roster as {role} (by the command line).", name=name, role=restated(role)
    )


def role_words(whom: StaffMember, role: Role) -> str:
    """Say that somebody has another role."""
    return _(
        "{name} is {role} now, and was {before} (by the command line).",
        name=whom.name, role=restated(role), before=restated(whom.role),
    )  # fmt: skip


def channel_words(whom: StaffMember, address: Address | None) -> str:
    """Say that somebody's second channel was changed, never to where it leads."""
    if address is None:
        return _("{name}'s second channel is none any more (by the command line).", name=whom.name)
    if address.kind == "mail":
        return _(
            "{name}'s second channel is an e-mail, not confirmed yet (by the command line).",
            name=whom.name,
        )
    return _(
        "{name}'s second channel is a web address, not confirmed yet (by the command line).",
        name=whom.name,
    )


def confirmed_words(whom: StaffMember) -> str:
    """Say that somebody's second channel counts now."""
    return _("{name}'s second channel is confirmed (by the command line).", name=whom.name)


def noted(
    office: Office, words: Callable[[], str], number: int, now: datetime
) -> Transaction[None]:
    """Note a change in the trail, and tell the staff chat, where nobody saw who made it.

    `words` says it: in English for the trail, and in the language of the staff for them.
    """
    with in_english():
        log = replace(did(None, "roster_change"), detail=words())
    yield from audit.did(office.vault.audit, None, log, now)
    chat = yield from office.staff_chat()
    key = f"roster:{number}:{now.isoformat()}"
    with speaking(office.settings.staff_language):
        message = Message(words())
    yield from leaving.say(office, chat, message, Lane.REPLY, key, now)


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
