"""What stands round a case's own words in a language: headings, labels, times, and codes in words.

A file each in `labels`: `labels` are headings, `values` the codes that are stored, `keys` the names
in the JSON file, `treatments` the bundled protocol's, `reasons` sentences that are stored
(`reasons.py`). What a translation lacks stands in English, and a code that none has as it is.

Hazards: H42.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from bot.export.said import as_stored, in_words
from flows.engine.case_page import NOT_SAID
from flows.engine.languages import NAMES
from flows.engine.phrases import is_reviewed as phrases_are_reviewed
from flows.engine.phrases import phrases
from flows.engine.stored_check_in import REPORT
from flows.local_words import (
    DAY,
    DAY_AND_TIME,
    ENGLISH,
    RIGHT_TO_LEFT,
    english_day,
    english_day_and_time,
    spell,
    written,
)
from flows.protocol import Protocol
from flows.reviews import Review, review_of
from flows.rule_tables import Question
from flows.tables import Words
from flows.translations import is_reviewed

FOLDER: Final = Path(__file__).with_name("labels")
LEFT_TO_RIGHT: Final = "\u200e"
SECTIONS: Final = ("labels", "values", "keys", "treatments", "reasons")


class Wording:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language if (FOLDER / f"{language}.toml").is_file() else ENGLISH
        own = read(self.language)
        words: Iterator[dict[str, str]] = (read(ENGLISH)[one] | own[one] for one in SECTIONS)
        self.labels, self.values, self.keys, self.treatments, self.reasons = words

    def say(self, name: str, **more: object) -> str:
        """Return a heading or a label, filled."""
        return self.labels[name].format(**more)

    def value(self, code: str) -> str:
        """Return a stored code in words; one that is not known as it is."""
        if self.language == ENGLISH:
            return code.replace("_", " ")
        return self.values.get(code.replace(" ", "_"), code.replace("_", " "))

    def check_in(self, row: Mapping[str, Any], time: str) -> str:
        """Return what a check-in is called, with its session and when it was due."""
        what = self.say(f"purpose_{row['purpose']}")
        if row["purpose"] == REPORT:
            return self.say("report_title", what=what, time=time)
        after = spell(row["hours"], self.language)
        return self.say("check_in_title", what=what, after=after, session=row["session"], time=time)

    def author(self, name: str) -> str:
        """Return who wrote or did something; the name of whoever is not the patient as it is."""
        known = self.language != ENGLISH and name in ("patient", "the patient", "somebody")
        return self.value(name) if known else name

    def moment(self, text: str | None, zone: ZoneInfo) -> str:
        """Return a stored instant with its year, by the clock of a zone; empty for none."""
        if not text:
            return ""
        at = datetime.fromisoformat(text)
        wall = at.astimezone(zone)
        pattern = DAY_AND_TIME.get(self.language)
        said = written(wall, pattern, self.language) if pattern else english_day_and_time(wall)
        return f"{said} ({wall:%Y})"

    def day(self, at: datetime, zone: ZoneInfo) -> str:
        """Return an instant's date, by the clock of a zone."""
        pattern = DAY.get(self.language)
        wall = at.astimezone(zone)
        return written(wall, pattern, self.language) if pattern else english_day(wall)

    def words(self, words: Words) -> str:
        """Return words of the protocol in the language, or in the first that it has."""
        return words.get(self.language) or next(iter(words.values()))  # type: ignore[call-overload]

    def in_order(self, text: str) -> str:
        """Return a code or words of another direction so that they keep their order in a line.

        Without it an Arabic line shows `A7K2-1` from its end, and `36.9 °C` as `C° 36.9`.
        """
        other = not any(bidirectional(sign) in ("R", "AL") for sign in text)
        return f"{LEFT_TO_RIGHT}{text}{LEFT_TO_RIGHT}" if self.turns and other and text else text

    @property
    def turns(self) -> bool:
        """Whether lines of this language run from right to left."""
        return self.language in RIGHT_TO_LEFT

    def yes_or_no(self, value: object) -> str:
        """Return yes, no, or what else was said."""
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        return str(value)

    def answer(self, question: Question | None, value: object) -> str:
        """Return an answer in words, also where it is none or no."""
        if question is None or self.language == ENGLISH:
            return in_words(question, value) or str(as_stored(value))
        if isinstance(value, bool):
            return self.yes_or_no(value)
        if question.kind == "temperature" and isinstance(value, float):
            return f"{value} °C"
        return self.chosen(question, value)

    def chosen(self, question: Question, value: object) -> str:
        """Return the words of what was chosen."""
        labels = {option.id: self.words(option.label) for option in question.options}
        if isinstance(value, frozenset):
            return "; ".join(labels.get(one, one) for one in sorted(value)) or self.say("none")
        if isinstance(value, int) and question.options:
            return labels[question.options[value].id]
        said = str(value)
        return self.value(NOT_SAID_CODES[said]) if said in NOT_SAID else labels.get(said, said)

    def fact(self, protocol: Protocol | None, name: str) -> str:
        """Return what was asked at enrolment; the fact's name where the protocol has none such."""
        facts = protocol.patient_facts if protocol else ()
        asked = next((one.ask for one in facts if one.id == name), None)
        return self.words(asked) if asked else name.replace("_", " ")

    def area(self, protocol: Protocol | None, name: str) -> str:
        """Return an area in words; in English as staff know it."""
        if self.language == ENGLISH or protocol is None or name not in protocol.areas:
            return name
        return self.words(protocol.areas[name])

    def treatment(self, protocol: Protocol | None, name: str) -> str:
        """Return treatments in words; one that the protocol does not have as it is.

        A translation is of the bundled protocol's label: one that a clinic has worded otherwise
        stands as the clinic wrote it.
        """
        known = protocol.treatments if protocol else {}
        if any(part not in known for part in name.split("+")):
            return name
        labels = {part: known[part].label for part in name.split("+")}
        english = read(ENGLISH)["treatments"]
        return "; ".join(
            self.treatments[part] if english.get(part) == label else label
            for part, label in labels.items()
        )

    def spoken(self, language: str) -> str:
        """Return the name of a language; in English its code, as staff know it."""
        return language if self.language == ENGLISH else NAMES.get(language, language)

    def notes(self, protocols: Iterable[Protocol | None]) -> str:
        """What a reader of a translation has to know of it; empty in English.

        Nobody has reviewed it as long as one of the files is not signed that its words are from:
        the protocols', of which None is one that cannot be read, the phrases' and its own.
        """
        if self.language == ENGLISH:
            return ""
        signed = all(one is not None and is_reviewed(one, self.language) for one in protocols)
        own = review(self.language)
        if signed and phrases_are_reviewed(self.language) and own is not None and own.counts:
            return f" {self.say('note')}"
        return f" {self.say('note')} ({phrases(self.language)['language_unreviewed']})"


NOT_SAID_CODES: Final = {code: said.replace(" ", "_") for code, said in NOT_SAID.items()}


@cache
def review(language: str) -> Review | None:
    """Return who has reviewed a language's labels; None for English."""
    if language == ENGLISH:
        return None
    english, own = read(ENGLISH), read(language)
    texts = (
        (f"{section}.{name}", english[section].get(name), own[section].get(name))
        for section in SECTIONS
        for name in sorted(english[section].keys() | own[section].keys())
    )
    return review_of(own, texts)


@cache
def read(language: str) -> Mapping[str, Any]:
    """Return the file of a language."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def wording(language: str = ENGLISH) -> Wording:
    """Return the words of a language; English where there are none."""
    return Wording(language)
