"""Each member's second channel: an e-mail or a web address for when Telegram does not reach them.

What may be one, when one counts, and what goes over it. None of it is sealed on its way, so it says
a case code, a level and what to do, and nothing else of a patient.

Hazards: H53.
"""

import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from flows.escalation import ChannelState, Clinic, Notification, StaffMember
from flows.rota import on_call
from flows.staff_language import N_, _
from flows.stored_words import restated

Kind = Literal["mail", "webhook"]

MAIL: Final = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z]{2,63}"
)
"""An address as it goes into a header: nothing that could end one (254: RFC 5321, by erratum)."""

WEB: Final = re.compile(
    r"https://(?P<host>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63})"
    r"(?::\d{1,5})?(?:[/?][!-~]{0,400})?"
)
"""A public host by its name: a number, or a name without a dot, may be of the clinic's network."""

HERE: Final = re.compile(
    r"http://(?P<host>127\.0\.0\.1|localhost)(?::\d{1,5})?(?:[/?][!-~]{0,400})?"
)
"""A service on the same machine, for whoever runs it."""

ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH: Final = 8
"""Signs that nobody takes for another; 8 of 31 are 39 bits, for five tries (own choice)."""

LIFE: Final = timedelta(hours=24)
TRIES: Final = 5
"""How long a code works, and how often it may be mistyped (docs/sources.md, codes)."""

STATES: Final[dict[ChannelState, str]] = {
    "none": N_("no second channel"),
    "asked": N_("⚠️ second channel not confirmed"),
    "confirmed": N_("second channel confirmed"),
    "failing": N_("⚠️ second channel takes nothing now"),
    "lost": N_("⚠️ second channel lost"),
}
"""What staff read of a member's channel."""

Tried = Literal["confirmed", "wrong", "over"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a second channel leads."""

    kind: Kind
    where: str

    @property
    def shown(self) -> str:
        """As it is shown to its owner and written into no log: enough to know it by."""
        if self.kind == "mail":
            first, domain = self.where[0], self.where.partition("@")[2]
            return _("the e-mail {first}…@{domain}", first=first, domain=domain)
        host = re.split("[:/?]", self.where.partition("//")[2])[0]
        return _("the web address at {host}", host=host)


@dataclass(frozen=True, slots=True)
class SecondChannel:
    """One member's channel: it counts once its code, which went over it, has come back."""

    address: Address
    state: ChannelState
    code: str
    expires_at: datetime
    tries: int = 0

    def given(self, code: str, now: datetime) -> tuple["SecondChannel", Tried]:
        """Return the channel after a code was given, and what came of it.

        A code works once, for a day, and not after five that were wrong.
        """
        if self.state != "asked" or now >= self.expires_at or self.tries >= TRIES:
            return self, "over"
        if hmac.compare_digest(as_typed(code), self.code):
            return replace(self, state="confirmed", code=""), "confirmed"
        return replace(self, tries=self.tries + 1), "wrong"


def as_typed(code: str) -> str:
    """Return a code as it was made, however it was typed; nothing that is none is like one."""
    typed = code.strip().upper()
    return typed if typed.isascii() else ""


def address_of(text: str, *, on_this_machine: bool = False) -> Address | None:
    """Return what a text names, None where it is no address that may be used.

    `on_this_machine` allows a service there, which only whoever runs the bot may choose.
    """
    if MAIL.fullmatch(text):
        return Address("mail", text)
    if WEB.fullmatch(text) or (on_this_machine and HERE.fullmatch(text)):
        return Address("webhook", text)
    return None


def reached_by_it(clinic: Clinic, notice: Notification) -> tuple[int, ...]:
    """Return whom a notice of an urgent alert is told by their second channel as well.

    Whoever Telegram does not reach, from the first notice on; everybody it is for from the second,
    since what they were told in Telegram went unheard.
    """
    present = {shift.staff for shift in on_call(clinic.rota, notice.at)}
    some = notice.audience in ("on_call", "call_list")
    return tuple(
        one.id
        for one in clinic.roster
        if one.has_second_channel
        and (one.id in present or not some)
        and (notice.step == "repeat" or not one.reachable)
    )


def state_words(member: StaffMember) -> str:
    """Return what staff read of a member's channel."""
    return _(STATES[member.channel])


def code_words(clinic: str, name: str, code: str) -> tuple[str, str]:
    """Return the subject and the text that bring a code."""
    return _("{clinic}: your code {code}", clinic=clinic, code=code), _(
        "{name}, this is to be where an alert of {clinic} reaches you when Telegram does not. "
        "If it is yours, write to the bot, in your private chat with it:\n\n"
        "/roster confirm {code}\n\n"
        "It works for 24 hours. Until then nothing else comes here. If you know nothing of this, "
        "do nothing.",
        name=name, clinic=clinic, code=code,
    )  # fmt: skip


def alert_words(clinic: str, alert: str, level: str, board: str) -> tuple[str, str]:
    """Return the subject and the text of an alert: what nobody may read on the way is not there."""
    case = alert.partition("-")[0]
    level = restated(level.replace("_", " "))
    take = N_(
        "Open the staff chat in Telegram and take it there, or call the patient {case}. "
        "It goes on until somebody has."
    )
    if board:
        take = N_(
            "Open the staff chat in Telegram, or on the board ({address}) and take it there, or "
            "call the patient {case}. It goes on until somebody has."
        )
    return f"{clinic}: {level.upper()} {alert}", "\n\n".join((
        _("{alert} ({level}): nobody has taken it, or Telegram did not bring it to you.",
          alert=alert, level=level),
        _(take, case=case, address=board + "/board"),
        _("This is your second channel. Nobody reads answers to it, and what the patient said is "
          "never in it."),
    ))  # fmt: skip
