"""/roster channel and /roster confirm: where an alert reaches somebody when Telegram does not.

In a private chat only: an address is its owner's alone. It counts once a code that went there has
come back from that chat, so nobody is written to who did not want it.

Hazards: H53.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot import outgoing
from bot.office import Office
from bot.staff.asked import Asked, refusal, why_not
from bot.staff.leaving import say
from flows import second_channel as rules
from flows.engine.events import Lane, Message
from flows.escalation import StaffMember
from flows.roster import named
from flows.second_channel import Address, SecondChannel, Tried
from flows.staff_language import N_, _
from storage import clinic, second_channels
from storage.transaction import Transaction

HOW: Final = N_(
    "An alert also reaches you there when Telegram does not, or nobody has "
    "answered. Write /roster channel you@example.org, or an https address that "
    "takes a JSON object, as an on-call service has; /roster channel off ends "
    "it. An admin writes a name first, for somebody else."
)
NO_MAIL: Final = N_(
    "No e-mail can be sent from here: whoever runs the bot sets SMTP_URL. Until "
    "then an https address can be one."
)
SOON: Final = N_("A code was sent there a moment ago. Wait a minute for the next one.")
PAUSE: Final = timedelta(minutes=1)
"""Between two codes, so that nobody's mailbox is filled from here (own choice)."""
NONE: Final = N_("You have no second channel that waits for a code. /roster channel begins.")
WRONG: Final = N_(
    "That is not the code. After five wrong ones a new one is needed: /roster channel."
)
OVER: Final = N_(
    "There is no code that works: it was used, is a day old, or was mistyped five times."
)


class NoChannelError(Exception):
    """An address cannot be a second channel; the sentence says why."""


def channel_asked(asked: Asked, words: Sequence[str]) -> Transaction[None]:
    """Set, change or end the second channel of whoever asks, or as an admin of somebody else."""
    *name, last = list(words[1:]) or [""]
    address, is_off = rules.address_of(last), last.lower() == "off"
    if address is None and not is_off:
        yield from asked.answer((yield from standing(asked, last)))
        return
    whom: StaffMember | None = asked.who
    if name:
        why = yield from why_not(asked.office, asked.who, "roster_change", asked.chat_id)
        if why:
            event = refusal(asked.who, None, "roster_change", why)
            yield from event.told(asked.office, asked.chat_id, asked.repeat, asked.now)
            return
        whom = named((yield from clinic.roster()), " ".join(name))
    if whom is None:
        called = " ".join(name)[:64]
        yield from asked.answer(_("Nobody on the roster is called {name}.", name=called))
        return
    try:
        said = yield from changed(asked.office, whom, address, asked.now)
    except NoChannelError as error:
        yield from asked.answer(str(error))
        return
    yield from asked.log("channel", detail=f"{whom.name}'s: {in_trail(address)}")
    yield from asked.answer(said)
    if whom.id != asked.who.id and whom.reachable:
        text = _("{name} has changed your second channel.", name=asked.who.name) + f" {said}"
        key = f"channel:{whom.id}:{asked.repeat}"
        yield from say(asked.office, whom.id, Message(text), Lane.REPLY, key, asked.now)


def standing(asked: Asked, word: str) -> Transaction[str]:
    """Return what whoever asks has, and how it is changed."""
    channel = yield from second_channels.of(asked.office.vault.clinic, asked.who.id)
    has = _("You have no second channel.")
    if channel:
        shown, state = channel.address.shown, rules.state_words(asked.who)
        has = _("Yours is {shown}: {state}.", shown=shown, state=state)
    wrong = _("«{word}» is no e-mail and no https address.", word=word[:60]) if word else ""
    return "\n\n".join(filter(None, (wrong, has, _(HOW))))


def changed(
    office: Office, whom: StaffMember, address: Address | None, now: datetime
) -> Transaction[str]:
    """Put an address in the place of somebody's channel, or none; return what there is to read.

    Nothing but its code goes there before it is confirmed.

    Raises:
        NoChannelError: it cannot be one.
    """
    before = yield from second_channels.of(office.vault.clinic, whom.id)
    if address is None:
        yield from second_channels.forget(whom.id, now)
        return _(
            "{name} has no second channel now: alerts reach them in Telegram alone.", name=whom.name
        )
    if not whom.takes_alerts:
        raise NoChannelError(_("{name} takes no alerts, so none would go there.", name=whom.name))
    if address.kind == "mail" and not office.settings.smtp_url.get_secret_value():
        raise NoChannelError(_(NO_MAIL))
    if before and before.state == "asked" and now < before.expires_at - rules.LIFE + PAUSE:
        raise NoChannelError(_(SOON))
    code = "".join(secrets.choice(rules.ALPHABET) for _ in range(rules.CODE_LENGTH))
    yield from second_channels.forget(whom.id, now)
    channel = SecondChannel(address, "asked", code, now + rules.LIFE)
    yield from second_channels.keep(office.vault.clinic, whom.id, channel)
    repeat = f"code:{whom.id}:{now.isoformat()}"
    yield from outgoing.by_second_channel(office, whom.id, repeat, {"code": code}, None, now)
    return _(
        "A code is on its way to {shown}. It counts once {name} has sent it to me in "
        "a private chat, within 24 hours: /roster confirm CODE. Until then alerts "
        "reach {name} in Telegram alone.",
        shown=address.shown,
        name=whom.name,
    )


def confirm_asked(asked: Asked, words: Sequence[str]) -> Transaction[None]:
    """Take the code that whoever asks was sent."""
    tried = yield from confirmed(asked.office, asked.who, " ".join(words[1:]), asked.now)
    if tried == "confirmed":
        yield from asked.log("channel", detail=f"{asked.who.name}'s: confirmed")
        yield from asked.answer(
            _(
                "Your second channel is confirmed. An urgent alert goes there too when "
                "Telegram does not bring it to you, or nobody has answered the first notice."
            )
        )
        chat = yield from asked.office.staff_chat()
        text = _("{name} has confirmed a second channel.", name=asked.who.name)
        key = f"channel:{asked.who.id}:confirmed:{asked.repeat}"
        yield from say(asked.office, chat, Message(text), Lane.REPLY, key, asked.now)
    else:
        yield from asked.answer(_({None: NONE, "wrong": WRONG, "over": OVER}[tried]))


def confirmed(
    office: Office, whom: StaffMember, code: str, now: datetime
) -> Transaction[Tried | None]:  # fmt: skip
    """Try a code on somebody's channel; None where there is no channel."""
    channel = yield from second_channels.of(office.vault.clinic, whom.id)
    if channel is None:
        return None
    after, tried = channel.given(code, now)
    if tried != "over":
        yield from second_channels.keep(office.vault.clinic, whom.id, after)
    return tried


def in_trail(address: Address | None) -> str:
    """Return what the audit trail says of a change: never where it leads."""
    if address is None:
        return "none any more"
    kind = "an e-mail" if address.kind == "mail" else "a web address"
    return f"{kind}, not confirmed yet"
