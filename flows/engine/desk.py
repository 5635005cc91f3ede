"""What a decision knows of the clinic: its protocol, its people and hours, whom to call."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from flows.asking import Asking, asking
from flows.classify import compiled
from flows.escalation import Clinic, StaffMember
from flows.faq import Faq
from flows.local_words import ENGLISH, isolated, weekdays
from flows.protocol import Protocol
from flows.recovery import Curve
from flows.staff_language import _, full_date, weekday_and_date

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Contact:
    """What patients are told of the clinic. `hours` says in words when somebody is there.

    For `record_years` after the last session nothing is erased because a patient asks for it.
    """

    clinic: str
    phone: str
    hours: str
    emergency_number: str
    urgent_line: str
    crisis_line: str
    review_days: int = 3
    record_years: float = 0

    @property
    def words(self) -> dict[str, str]:
        """The placeholders that stand for the clinic in every text, in English."""
        return self.words_in(ENGLISH)

    def words_in(self, language: str) -> dict[str, str]:
        """Return the same with the names of days, and the direction, of a patient's language."""
        words = {
            "clinic": self.clinic,
            "clinic_phone": self.phone,
            "clinic_hours": weekdays(self.hours, language),
            "emergency_number": self.emergency_number,
            "urgent_line": self.urgent_line,
            "crisis_line": self.crisis_line,
            "review_days": str(self.review_days),
        }
        return {name: isolated(word, language) for name, word in words.items()}


@dataclass(frozen=True)
class Desk:
    """One clinic with the protocol version that a case is pinned to.

    `faq` holds the clinic's answers to common questions, where there are any for this protocol.
    `curves` says by treatment how others felt, where enough have answered. `board` is where staff
    reach the web page, empty where there is none.
    """

    protocol: Protocol
    clinic: Clinic
    contact: Contact
    faq: Faq | None = None
    curves: Mapping[str, Curve] = field(default_factory=dict)
    board: str = ""

    @cached_property
    def asking(self) -> Asking:
        """The protocol compiled, shared by everything that uses it."""
        return asking(compiled(self.protocol))

    def member(self, number: int | None) -> StaffMember | None:
        """Return who has this Telegram id, on the roster or once on it."""
        return next((one for one in self.clinic.roster if one.id == number), None)

    def name_of(self, number: int | None) -> str:
        """Return a staff member's name, `the clinic` where there is none."""
        member = self.member(number)
        return member.name if member else _("the clinic")


def filled(text: str, words: dict[str, str]) -> str:
    """Put words in the place of a text's placeholders.

    Raises:
        KeyError: the text has a placeholder that nothing fills.
    """
    return PLACEHOLDER.sub(lambda found: words[found[1]], text)


def clock_time(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant as the wall clock shows it: `14:05`."""
    return f"{instant.astimezone(zone):%H:%M}"


def day_and_time(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant as staff write it: `Tue 24 Nov, 14:05`."""
    wall = instant.astimezone(zone)
    return f"{weekday_and_date(wall)}, {wall:%H:%M}"


def day(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant's date as staff write it: `24 November 2026`."""
    return full_date(instant.astimezone(zone))


def since_session(hours: float) -> str:
    """Return hours after a session as people say it: `30 h after`, `day 5`."""
    if hours < 72:  # noqa: PLR2004 - three days
        return _("{hours} h after").format(hours=f"{hours:.0f}")
    return _("day {number}").format(number=f"{hours / 24:.0f}")
