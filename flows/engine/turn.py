"""One decision in the making: the record as it stands, and what has been decided so far."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.engine.desk import Desk, filled
from flows.engine.events import Event, Key, Keys, Lane, Message, Say, Toast
from flows.engine.phrases import phrases
from flows.engine.record import Patient, Record
from flows.local_words import (
    DAY,
    DAY_AND_TIME,
    english_day,
    english_day_and_time,
    isolated,
    plural,
    written,
)


class Turn:
    """What the steps of one decision share. It lives as long as one call of `advance`."""

    def __init__(self, desk: Desk, record: Record, now: datetime, update_id: int = 0) -> None:
        self.desk = desk
        self.record = record
        self.now = now
        self.update_id = update_id
        self.events: list[Event] = []

    @property
    def patient(self) -> Patient:
        """The patient as decided so far."""
        return self.record.patient

    @property
    def zone(self) -> ZoneInfo:
        """The patient's zone."""
        return ZoneInfo(self.patient.zone)

    @property
    def stamp(self) -> str:
        """What tells two decisions apart that say the same: the instant, and the update behind it.

        Several updates of one chat may be worked on within one instant.
        """
        instant = self.now.isoformat()
        return f"{instant}#{self.update_id}" if self.update_id else instant

    def add(self, *events: Event) -> None:
        """Add what happens."""
        self.events += events

    def words(self, **more: str) -> dict[str, str]:
        """Return what fills the placeholders of a text to the patient."""
        language = self.patient.language
        words = {"review_time": self.days(self.desk.contact.review_days)}
        if self.record.visits:
            words["session_date"] = self.date(self.record.last_visit.session.ended_at)
        shown = {name: isolated(word, language) for name, word in (words | more).items()}
        return self.desk.contact.words_in(language) | shown

    def phrase(self, name: str, **more: str) -> str:
        """Return one of the product's phrases in the patient's language, filled."""
        return filled(phrases(self.patient.language)[name], self.words(**more))

    def moment(self, instant: datetime, zone: ZoneInfo | None = None) -> str:
        """Return an instant as the patient writes it, by the patient's clock unless by another."""
        language, wall = self.patient.language, instant.astimezone(zone or self.zone)
        if language not in DAY_AND_TIME:
            return english_day_and_time(wall)
        return written(wall, DAY_AND_TIME[language], language)

    def date(self, instant: datetime) -> str:
        """Return an instant's date as the patient writes it."""
        language, wall = self.patient.language, instant.astimezone(self.zone)
        return written(wall, DAY[language], language) if language in DAY else english_day(wall)

    def days(self, number: int) -> str:
        """Return a number of days in the patient's language, in the right plural form."""
        words = phrases(self.patient.language)
        form = words.get(f"days_{plural(self.patient.language, number)}") or words["days_other"]
        return filled(form, {"number": f"{number}"})

    def staff_name(self, number: int | None) -> str:
        """Return a staff member's name as the patient reads it."""
        member = self.desk.member(number)
        return member.name if member else self.phrase("somebody_here")

    def text(self, name: str, **more: str) -> str:
        """Return one of the protocol's texts in the patient's language, filled."""
        protocol = self.desk.protocol
        words: Mapping[str, str] = protocol.texts[name]  # type: ignore[assignment]
        fallback = protocol.protocol.languages[0]
        said = words.get(self.patient.language) or words[fallback]
        return filled(said, self.words(**more))

    def next_at(self, instant: datetime | None) -> str:
        """Return an instant as the patient reads it, or that nothing is planned."""
        return self.moment(instant) if instant else self.phrase("check_in_none")

    def for_staff(self, instant: datetime) -> str:
        """Return an instant as it is stored for staff: in English, by the clinic's clock."""
        return english_day_and_time(instant.astimezone(self.desk.clinic.hours.zone))

    def tell(
        self, text: str, repeat: str, *, keys: Keys = (), lane: Lane = Lane.REPLY, slot: str = ""
    ) -> None:
        """Say something to the patient; `repeat` never comes twice for this case."""
        key = f"{self.patient.code}:{repeat}"
        self.add(Say("patient", Message(text, keys), lane, key, slot))

    def tell_staff(
        self, text: str, repeat: str, *, lane: Lane = Lane.ALERT, keys: Keys = (), slot: str = ""
    ) -> None:
        """Say something in the staff chat; `repeat` never comes twice for this case."""
        key = f"{self.patient.code}:{repeat}"
        self.add(Say("staff", Message(text, keys), lane, key, slot))

    def toast(self, text: str, *, alert: bool = False) -> None:
        """Answer the press that this decision is about."""
        self.add(Toast(text, alert))


def column(*keys: Key) -> Keys:
    """Return keys one below the other."""
    return tuple((key,) for key in keys)
