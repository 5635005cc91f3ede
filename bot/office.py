"""What every decision needs besides the case: settings, keys, protocols, people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.settings import Settings
from flows.engine.desk import Desk
from flows.escalation import Clinic
from flows.faq import Faq
from flows.protocol import Protocol
from flows.protocol_file import parse_protocol
from flows.recovery import LONGEST, Curve
from storage import clinic, protocol_trials, recovery, rota
from storage.transaction import Transaction
from storage.vault import Vault

STAFF_CHAT = "staff_chat"
"""Where the staff chat's number is kept once a group became a supergroup."""

BOT_NAME = "bot_name"

CURVES_AGAIN = timedelta(hours=1)
"""How long what the night has counted is kept in memory; it changes once a day (own choice)."""


@dataclass
class Office:
    """One clinic's bot, as far as it is not in the database.

    `protocol` is what new enrolments are pinned to, and `protocol_text` the file it was read from;
    running ones keep theirs, parsed once. `faq` is shown to those whose protocol it is about.
    """

    settings: Settings
    vault: Vault
    protocol: Protocol
    protocol_text: str
    faq: Faq | None = None
    parsed: dict[str, Protocol] = field(default_factory=dict)
    curves: Mapping[str, Curve] = field(default_factory=dict)
    curves_read_at: datetime | None = None
    configured: Protocol = field(init=False)
    """The protocol of the settings."""

    def __post_init__(self) -> None:
        self.configured = self.protocol
        self.parsed[self.protocol.name] = self.protocol

    def protocol_named(self, name: str) -> Transaction[Protocol]:
        """Return the protocol version that a case is pinned to.

        Raises:
            LookupError: nobody has stored it.
        """
        if name not in self.parsed:
            text = yield from clinic.protocol_text(name)
            if text is None:
                raise LookupError(f"the protocol {name} is not in the database")
            self.parsed[name] = parse_protocol(text, name)
        return self.parsed[name]

    def current(self) -> Transaction[Protocol]:
        """Return what new enrolments are pinned to, and keep to it from now on."""
        one, own = (yield from protocol_trials.signed()), self.configured.name
        is_named = self.settings.protocol_file is not None
        wanted = one.name if one and one.goes_before(own, is_named=is_named) else own
        if wanted != self.protocol.name:
            text = yield from clinic.protocol_text(wanted)
            if text is None:
                return self.protocol
            self.protocol = yield from self.protocol_named(wanted)
            self.protocol_text = text
        return self.protocol

    def people(self, now: datetime) -> Transaction[Clinic]:
        """Return who is on the roster and on call, as stored."""
        roster = yield from clinic.roster()
        shifts = yield from rota.rota(now)
        return Clinic(roster, shifts, self.settings.hours)

    def left(self, now: datetime) -> Transaction[frozenset[int]]:
        """Return the own chats of those who were on the roster once."""
        people = yield from self.people(now)
        return frozenset(member.id for member in people.roster if not member.on_roster)

    def desk(self, name: str, now: datetime) -> Transaction[Desk]:
        """Return the desk of a case that is pinned to the protocol `name`."""
        protocol = yield from self.protocol_named(name)
        people = yield from self.people(now)
        faq = self.faq if self.faq is not None and self.faq.fits(protocol) else None
        yield from self.read_curves(now)
        board = self.settings.board_url.rstrip("/")
        return Desk(protocol, people, self.settings.contact, faq, self.curves, board)

    def read_curves(self, now: datetime) -> Transaction[None]:
        """Look once an hour what the night has counted: how others felt after each treatment."""
        read_at = self.curves_read_at
        if read_at is None or not timedelta() <= now - read_at < CURVES_AGAIN:
            self.curves = yield from recovery.curves(now - LONGEST)
            self.curves_read_at = now

    def staff_chat(self) -> Transaction[int]:
        """Return the number of the staff chat."""
        stored = yield from clinic.get(STAFF_CHAT)
        return int(stored) if stored else self.settings.staff_chat_id
