"""A whole protocol file: what a clinic's doctor writes and signs.

Everything is strict and immutable: an unknown key, a wrong type or a word that stands for
nothing is refused. `flows.protocol_file` turns a refusal into a sentence with its place in
the file; `flows.verify` proves what a model alone cannot.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from pydantic import Field

from flows.conditions import Comparison, Subject, parse
from flows.derived import DERIVED
from flows.rule_tables import Question, Rule, Sign, Symptom, Window
from flows.tables import (
    AcceptedFall,
    CaseRatchet,
    Course,
    Escalation,
    FreeText,
    Incomplete,
    Language,
    LevelRoute,
    LevelWord,
    Lines,
    Metadata,
    Model,
    PatientFact,
    QuietHours,
    Silence,
    Source,
    Translation,
    Treatment,
    Word,
    Words,
)
from flows.verdict import LEVEL_WORDS


class Protocol(Model):
    """A whole protocol file, checked and ready to compile."""

    protocol: Metadata
    levels: dict[LevelWord, LevelRoute]
    case: CaseRatchet
    incomplete: Incomplete
    free_text: FreeText
    escalation: Escalation
    silence: Silence
    quiet_hours: QuietHours
    treatments: dict[Word, Treatment]
    groups: dict[Word, tuple[str, ...]]
    areas: dict[Word, Words]
    courses: dict[Literal["skin", "hair"], Course]
    patient_facts: tuple[PatientFact, ...]
    symptoms: tuple[Symptom, ...]
    questions: tuple[Question, ...]
    signs: tuple[Sign, ...]
    rules: tuple[Rule, ...]
    windows: dict[Word, Window]
    accepted_falls: tuple[AcceptedFall, ...] = ()
    texts: dict[str, Words]
    buttons: dict[Word, Words]
    sources: dict[str, Source]
    translations: dict[Language, Translation] = Field(default={})

    def __hash__(self) -> int:
        """Caches are kept by object: comparing two long files at each look-up is too slow."""
        return id(self)

    def __eq__(self, other: object) -> bool:
        """Two loaded files are two protocols; `flows.diff` says whether they differ."""
        return self is other

    @property
    def name(self) -> str:
        """`id@version`, pinned to every enrolment and every verdict."""
        return f"{self.protocol.id}@{self.protocol.version}"

    @cached_property
    def question_by_id(self) -> dict[str, Question]:
        """Every question under its id, in file order."""
        return {question.id: question for question in self.questions}

    @cached_property
    def subjects(self) -> dict[str, Subject]:
        """Everything a comparison may be about."""
        found = {question.id: question.subject() for question in self.questions}
        found |= {name: Subject(name, kind) for name, (kind, _) in DERIVED.items()}
        found |= {fact.id: Subject(fact.id, "sign") for fact in self.patient_facts}
        found |= {sign.id: Subject(sign.id, "sign") for sign in self.signs}
        found |= {
            not_measured(q.id): Subject(not_measured(q.id), "sign")
            for q in self.questions
            if q.kind == "temperature"
        }
        levels = ("none", *LEVEL_WORDS)
        found["hours"] = Subject("hours", "number")
        found["treatment"] = Subject("treatment", "ticks", (*self.treatments, *self.groups))
        found["area"] = Subject("area", "choice", tuple(self.areas))
        found["field"] = Subject("field", "choice", ("single", "multi"))
        found["event"] = Subject("event", "choice", EVENTS)
        found["last_level"] = Subject("last_level", "choice", levels)
        found["misses"] = Subject("misses", "number")
        found["worst_partial"] = Subject("worst_partial", "number")
        return found

    def comparisons(self, lines: Lines) -> tuple[Comparison, ...]:
        """Parse condition lines.

        Raises:
            ConditionError: a line is not understood.
        """
        return tuple(parse(line, self.subjects) for line in lines)

    def components(self, treatment: str) -> tuple[str, ...]:
        """Split `mn_topical+inj_skin` into its treatments, in file order.

        Raises:
            ValueError: a part is no treatment of this protocol.
        """
        parts = [part.strip() for part in treatment.split("+")]
        for part in parts:
            if part not in self.treatments:
                known = ", ".join(self.treatments)
                raise ValueError(f"there is no treatment «{part}»; this protocol has {known}")
        return tuple(name for name in self.treatments if name in parts)

    def treatment_in_words(self, treatment: str) -> str:
        """Return the labels of a treatment's parts; one that is not of this protocol as it is."""
        try:
            return " + ".join(self.treatments[part].label for part in self.components(treatment))
        except ValueError:
            return treatment

    def with_groups(self, components: tuple[str, ...]) -> frozenset[str]:
        """The components and every group that one of them belongs to."""
        groups = (name for name, members in self.groups.items() if set(members) & set(components))
        return frozenset((*components, *groups))

    def patient_words(self) -> Iterator[tuple[str, Words]]:
        """Every text a patient can see, with the place it stands in the file."""
        yield from ((f"texts.{name}", words) for name, words in self.texts.items())
        yield from ((f"buttons.{name}", words) for name, words in self.buttons.items())
        yield from ((f"symptoms.{symptom.id}", symptom.label) for symptom in self.symptoms)
        yield from ((f"areas.{name}", words) for name, words in self.areas.items())
        for fact in self.patient_facts:
            if fact.ask is not None:
                yield f"patient_facts.{fact.id}", fact.ask
        for question in self.questions:
            yield f"questions.{question.id}", question.text
            yield from ((f"questions.{question.id}.{o.id}", o.label) for o in question.options)


EVENTS = ("no_answer_1h", "no_answer_24h", "abandoned_2h", "bot_blocked")
"""The silences that rules may run on (clinical/REVIEW.md, «Derived quantities, exactly»)."""


def not_measured(question: str) -> str:
    """The fact that a temperature was asked for and there was no thermometer."""
    return f"{question}_not_measured"
