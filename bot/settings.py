"""What the clinic sets: from the environment, or from a file `.env` beside where it is run."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.clinic_hours import DAYS, ClinicHours
from flows.engine.desk import Contact
from flows.escalation import StaffMember
from flows.faq import Faq
from flows.faq_file import bundled_faq, load_faq
from flows.local_words import ENGLISH
from flows.staff_language import translations

ROLES = ("nurse", "doctor", "admin", "auditor")
PERSON = re.compile(r"(?P<id>\d{4,20}):(?P<name>[^:,]{1,64}):(?P<role>[a-z]+)")
BOARD_ADDRESS = re.compile(r"https://[^/?#]+/?|http://(127\.0\.0\.1|localhost)(:\d+)?/?")
"""Where the board is reached: encrypted, or on this machine alone."""
SPAN = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+(?P<times>[\d:,\s-]+)")


class SettingsError(ValueError):
    """Settings that the bot cannot start with. `problems` holds one sentence for each.

    `names` are the fields that could not be read, where that is what is wrong.
    """

    def __init__(self, problems: list[str], names: Iterable[str] = ()) -> None:
        self.problems = problems
        self.names = frozenset(names)
        super().__init__("\n".join(problems))


def weekly(text: str) -> Mapping[str, list[str]]:
    """Read opening hours: `mon-fri 09:00-13:00, 14:00-18:00; sat 10:00-14:00`.

    Raises:
        ValueError: a part is not understood.
    """
    week: dict[str, list[str]] = {}
    for part in filter(None, (one.strip() for one in text.lower().split(";"))):
        found = SPAN.fullmatch(part)
        first, last = (found["first"], found["last"] or found["first"]) if found else ("", "")
        if found is None or first not in DAYS or last not in DAYS:
            raise ValueError(f"«{part}»: write for example «mon-fri 09:00-18:00; sat 10:00-14:00»")
        for day in DAYS[DAYS.index(first) : DAYS.index(last) + 1]:
            week.setdefault(day, []).extend(found["times"].replace(" ", "").split(","))
    return week


def known_zone(name: str) -> str:
    """Return the name of a time zone that there is."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(
            f"there is no time zone «{name}»; write for example Europe/Berlin"
        ) from None
    return name


def opening(text: str) -> str:
    """Return opening hours that can be read."""
    ClinicHours.weekly("UTC", weekly(text))
    return text


def spoken(language: str) -> str:
    """Return a language that staff can be written to in."""
    if language != ENGLISH:
        translations(language)
    return language


def people(text: str) -> str:
    """Return a roster that can be read."""
    staff(text)
    return text


def staff(text: str) -> tuple[StaffMember, ...]:
    """Read a roster: `5001:Ben:nurse, 5002:Cleo:doctor`, Telegram user ids first.

    Raises:
        ValueError: an entry is not understood.
    """
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        person = PERSON.fullmatch(part)
        if person is None or person["role"] not in ROLES:
            raise ValueError(
                f"«{part}»: write for example «5001:Ben:nurse»; roles are {', '.join(ROLES)}"
            )
        role = person["role"]
        found.append(StaffMember(int(person["id"]), person["name"].strip(), role, reachable=False))  # type: ignore[arg-type]
    return tuple(found)


class Settings(BaseSettings):
    """Every setting; `.env.example` lists them with what they mean."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    database_url: str = "sqlite:///aftercheck.db"
    encryption_key: SecretStr = SecretStr("")

    staff_chat_id: int = 0
    staff_roster: Annotated[str, AfterValidator(people)] = ""
    staff_language: Annotated[str, AfterValidator(spoken)] = "en"
    single_handed: bool = False

    clinic_name: str = ""
    clinic_phone: str = ""
    clinic_timezone: Annotated[str, AfterValidator(known_zone)] = "UTC"
    clinic_hours: Annotated[str, AfterValidator(opening)] = "mon-fri 09:00-18:00"
    emergency_number: str = ""
    urgent_line: str = ""
    crisis_line: str = ""

    protocol_file: Path | None = None
    faq_file: Path | None = None

    record_years: Annotated[float, Field(ge=0, le=100)] = 0.0
    keep_updates_days: Annotated[int, Field(ge=7)] = 30
    keep_messages_days: Annotated[int, Field(ge=7)] = 30
    keep_plans_days: Annotated[int, Field(ge=7)] = 30
    keep_photos_days: Annotated[int, Field(ge=0)] = 0
    keep_words_days: Annotated[int, Field(ge=0)] = 0
    keep_cases_years: Annotated[float, Field(ge=0, le=100)] = 10.0
    backup_dir: Path | None = None
    backups_kept: Annotated[int, Field(ge=1)] = 7

    board_url: str = ""
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    listen_host: str = "127.0.0.1"
    listen_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    heartbeat_url: str = ""
    alert_email: str = ""
    smtp_url: SecretStr = SecretStr("")
    alert_webhook_url: SecretStr = SecretStr("")
    silent_chat_id: int = 0
    send_rate: Annotated[float, Field(gt=0, le=29)] = 29.0
    log_level: str = "INFO"

    @cached_property
    def hours(self) -> ClinicHours:
        """When the clinic is open."""
        return ClinicHours.weekly(self.clinic_timezone, weekly(self.clinic_hours))

    @cached_property
    def faq(self) -> Faq:
        """The clinic's answers to common questions.

        Raises:
            ProtocolError: FAQ_FILE cannot be used.
        """
        return load_faq(self.faq_file) if self.faq_file else bundled_faq()

    @cached_property
    def staff(self) -> tuple[StaffMember, ...]:
        """Who is on the roster, by these settings."""
        return staff(self.staff_roster)

    @cached_property
    def contact(self) -> Contact:
        """What patients are told of the clinic."""
        return Contact(
            self.clinic_name or "the clinic", self.clinic_phone, self.clinic_hours,
            self.emergency_number, self.urgent_line or self.emergency_number,
            self.crisis_line or self.emergency_number, record_years=self.record_years,
        )  # fmt: skip

    def missing(self) -> list[str]:
        """Return one sentence for each thing without which nobody may be looked after."""
        wanted = {
            "TELEGRAM_BOT_TOKEN": (
                self.telegram_bot_token.get_secret_value(), "the bot's token, from @BotFather",
            ),
            "ENCRYPTION_KEY": (self.encryption_key.get_secret_value(), WHY_A_KEY),
            "STAFF_CHAT_ID": (self.staff_chat_id, "the number of the staff's group"),
            "STAFF_ROSTER": (self.staff, "who may act, like 5001:Ben:nurse, 5002:Cleo:doctor"),
            "EMERGENCY_NUMBER": (self.emergency_number, "the number patients call when in danger"),
            "CLINIC_PHONE": (self.clinic_phone, "the number patients call you at"),
        }  # fmt: skip
        found = [
            f"{name} is missing: {what}." for name, (value, what) in wanted.items() if not value
        ]
        takers = [member for member in self.staff if member.takes_alerts]
        if self.staff and not takers:
            found.append("STAFF_ROSTER has nobody who takes alerts: add a nurse or a doctor.")
        if 0 < self.keep_cases_years < self.record_years:
            found.append(
                "KEEP_CASES_YEARS is less than RECORD_YEARS, for which the law keeps them."
            )
        if self.backup_dir is not None and not self.database_url.startswith("sqlite:"):
            found.append(
                "BACKUP_DIR is for SQLite: PostgreSQL makes its own backups; leave it out."
            )
        found += self.second_channel_faults()
        if self.board_url and not BOARD_ADDRESS.fullmatch(self.board_url):
            found.append(
                "BOARD_URL is a public https address without a path, like https://board.example.org."
            )
        if self.webhook_url and len(self.webhook_secret.get_secret_value()) < SECRET_LENGTH:
            found.append(f"WEBHOOK_SECRET needs {SECRET_LENGTH} characters or more of A-Za-z0-9_-.")
        return found

    def second_channel_faults(self) -> list[str]:
        """Return one sentence for each thing that would keep the watchdog from being heard."""
        found = []
        smtp, post = self.smtp_url.get_secret_value(), self.alert_webhook_url.get_secret_value()
        if bool(self.alert_email) != bool(smtp):
            found.append("ALERT_EMAIL and SMTP_URL go together: who is written to, and by whom.")
        if smtp and not smtp.startswith(("smtp://", "smtps://")):
            found.append("SMTP_URL begins with smtps:// or smtp://, then user:password@host:port.")
        if post and not post.startswith(("https://", "http://")):
            found.append("ALERT_WEBHOOK_URL begins with https://.")
        if self.silent_chat_id and self.silent_chat_id == self.staff_chat_id:
            found.append("SILENT_CHAT_ID is the staff's group: make another one for the trial.")
        if self.silent_chat_id > 0:
            found.append("SILENT_CHAT_ID is a person's chat: make a group for the trial.")
        return found


WHY_A_KEY = (
    "the key that seals what is stored; make one with `aftercheck keys new` "
    "and keep a copy away from this machine"
)
SECRET_LENGTH = 43
"""Characters: 256 bits in base64url (docs/sources.md, webhook)."""


def settings(**given: object) -> Settings:
    """Return the settings; what is given here goes before the environment.

    Raises:
        SettingsError: one of them cannot be read.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = {str(one["loc"][0]): one["msg"] for one in error.errors()}
        raise SettingsError(
            [
                f"{name.upper()}: {said.removeprefix('Value error, ')}"
                for name, said in faults.items()
            ],
            faults,
        ) from None
