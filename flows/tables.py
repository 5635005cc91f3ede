"""The tables of a protocol file, as what they have to be: the parts of `flows.protocol`.

Everything is strict and immutable: an unknown key, a wrong type or a word that stands for
nothing is refused. `flows.protocol_file` turns a refusal into a sentence with its place in
the file; `flows.verify` proves what a model alone cannot.

Hours are whole hours since the end of the session, unless a name says otherwise.
"""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Sentence = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Language = Literal["en", "es", "pt", "ru", "ar", "zh"]
Words = dict[Language, Sentence]
LevelWord = Literal["expected", "watch", "follow_up", "urgent", "emergency"]
Codes = Annotated[tuple[str, ...], Field(min_length=1)]
Lines = tuple[str, ...]
Hours = Annotated[int, Field(ge=0)]
Answers = dict[str, int | float | bool | str | tuple[str, ...]]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Model(BaseModel):
    """Settings every table shares."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Metadata(Model):
    """Who wrote, reviewed and signed this version, and for which languages it has words."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+(-[a-z0-9.]+)?$")]
    title: Sentence
    date: dt.date
    author: Sentence
    reviewer: str
    signed_by: str
    signed_on: dt.date | None = None
    draft: bool
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    without: tuple[Language, ...] = ()
    """Languages of the version before that are left out on purpose: see `flows.joining`."""

    @model_validator(mode="after")
    def signature_ends_the_draft(self) -> "Metadata":
        """Refuse a final version that no named clinician has signed."""
        if not self.draft and not (self.signed_by and self.signed_on):
            raise ValueError("draft = false needs signed_by and signed_on: a named clinician signs")
        return self


class Translation(Model):
    """Who, as a native speaker, has reviewed a language, when, and which texts (their digest).

    Nobody means that a machine made it; patients read so in their settings.
    """

    reviewed_by: str = ""
    reviewed_on: dt.date | None = None
    reviewed_texts: str = ""


class LevelRoute(Model):
    """What one level means: the patient's text and the staff's route."""

    text: str
    staff: Literal["log", "digest", "same_day", "at_once", "everyone_at_once"]
    meaning: Sentence


class Escalation(Model):
    """How long each step waits, in minutes unless named otherwise, with its source."""

    urgent_repeat_minutes: Annotated[tuple[int, ...], Field(min_length=1)]
    emergency_repeat_minutes: Annotated[int, Field(ge=1)]
    everyone_repeat_minutes: Annotated[int, Field(ge=1)]
    follow_up_repeat_minutes: Annotated[int, Field(ge=1)]
    follow_up_latest_minutes_before_closing: Annotated[int, Field(ge=0)]
    claim_expires_minutes: Annotated[int, Field(ge=1)]
    digest_at: Clock
    sources: Codes


class Silence(Model):
    """When an unanswered check-in is reminded of, and when it becomes somebody's task."""

    reminder_after_minutes: Annotated[int, Field(ge=1)]
    unanswered_after_hours: Hours
    unanswered_after_serious_hours: Hours
    abandoned_after_hours: Hours
    red_flag_question_minutes: Annotated[int, Field(ge=1)]
    sources: Codes


class Treatment(Model):
    """One treatment type: its window class, its site, and the course it belongs to."""

    label: Sentence
    window_class: Literal["A", "B", "C", "CL", "D", "E"]
    site: Literal["skin", "scalp", "vein", "joint"]
    course: Literal["skin", "hair", "none"]
    usual_area: Word
    expects: Sentence
    schedule: Annotated[tuple[Hours, ...], Field(min_length=1)]
    sources: Codes


class PatientFact(Model):
    """Something known about the patient since enrolment; `ask` puts it to the patient there."""

    id: Word
    meaning: Sentence
    ask: Words | None = None
    sources: Codes


class CaseRatchet(Model):
    """A case keeps its highest level until a person closes it."""

    keeps_highest_level: Literal[True]
    reason: Sentence
    sources: Codes


class FreeText(Model):
    """What words that are no answer raise: as they are, with a warning sign, and denied."""

    level: LevelWord
    alarming_level: LevelWord
    denied_level: LevelWord
    reason: Sentence
    sources: Codes


class Incomplete(Model):
    """A check-in whose red-flag question has no answer."""

    question: Word
    level: LevelWord
    reason: Sentence
    sources: Codes


class QuietHours(Model):
    """Local times between which nothing is sent; the first evening has its own bound."""

    start: Clock
    end: Clock
    sources: Codes


class Moment(Model):
    """A results check-in or a reminder: days after the session, and the FAQ's words for it.

    The text named by `opens` begins its message, and the one named by `ends` is added at its end
    where the answers call nobody.
    """

    days: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)]
    at: Clock
    sources: Codes
    opens: str = "OPEN"
    ends: str | None = None


class Course(Model):
    """How a series of sessions goes, and which later moments belong to it."""

    sessions: tuple[int, int]
    gap_days: tuple[int, int]
    sources: Codes
    reminders: Moment
    maintenance: Moment
    results: Moment


class AcceptedFall(Model):
    """A place where a worse or later answer may lower the level on purpose, with the reason."""

    id: Word
    when: Literal["later", "worse"]
    question: str
    rules: Annotated[tuple[str, ...], Field(min_length=1)]
    reason: Sentence
    sources: Codes


class Source(Model):
    """Where a number comes from. `read` tells verified from remembered."""

    kind: Literal["clinic_faq", "literature", "own_choice"]
    read: Literal["in full", "second hand", "from memory", "not applicable"]
    says: Sentence
    where: str = ""
