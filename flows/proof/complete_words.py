"""The fourth guarantee: whatever happens, the patient reads a text that says what to do."""

import re
from collections.abc import Iterator

from flows.classify import Classifier
from flows.proof import course_words
from flows.protocol import Protocol
from flows.tables import Words
from flows.translations import out_of_date
from flows.verdict import LEVEL_WORDS, Level

LONGEST_TEXT = 1024
"""A patient text fits a photo's caption, Telegram's shorter limit (4,096 for plain text)."""

LONGEST_BUTTON = 60
"""Characters of a button label that a phone shows on two lines (own choice)."""

PLACEHOLDERS = frozenset(
    {
        "clinic",
        "clinic_hours",
        "clinic_phone",
        "urgent_line",
        "emergency_number",
        "crisis_line",
        "next_check_in",
        "recheck_at",
        "review_days",
        "review_time",
        "callback_by",
        "session_date",
        "summary",
    }
)
"""What the bot can fill in."""

MUST_NAME = {
    Level.EXPECTED: "clinic_phone",
    Level.WATCH: "clinic_phone",
    Level.FOLLOW_UP: "clinic_phone",
    Level.URGENT: "clinic_phone",
    Level.EMERGENCY: "emergency_number",
}
"""What the text of a rule at this level has to tell the patient."""


def complete_in_words(classifier: Classifier) -> Iterator[str]:
    """Find missing languages, texts too long, unknown placeholders, and texts too weak."""
    protocol = classifier.protocol
    of_a_course = {f"texts.{name}" for name in course_words.of_a_course(protocol)}
    for place, words in protocol.patient_words():
        is_button = place.startswith(("buttons.", "symptoms.")) or place.count(".") > 1
        longest = LONGEST_BUTTON if is_button else LONGEST_TEXT
        for language in protocol.protocol.languages:
            if language not in words:
                yield f"{place}: no words in «{language}», which the file claims; add them"
        for language, text in words.items():
            if len(text) > longest:
                yield f"{place}.{language}: {len(text)} characters; {longest} is the most"
            known = PLACEHOLDERS | (course_words.PLACEHOLDERS if place in of_a_course else set())
            named = set(re.findall(r"\{(\w*)\}", text))
            for name in named - known:
                yield f"{place}.{language}: «{{{name}}}» cannot be filled in; correct its name"
            for name in placeholders(protocol, words) - named:
                yield f"{place}.{language}: «{{{name}}}» is missing, which the first language names"
    for rule in protocol.rules:
        yield from weak_text(protocol, f"rules «{rule.id}»", rule.level, rule.text)
    for level, route in protocol.levels.items():
        yield from weak_text(protocol, f"levels › {level}", level, route.text)
    yield from course_words.course_words(protocol)
    yield from out_of_date(protocol)


def placeholders(protocol: Protocol, words: Words) -> set[str]:
    """Return what the text in the file's first language names: a number to call, a time."""
    first = words.get(protocol.protocol.languages[0], "")
    return set(re.findall(r"\{(\w*)\}", first))


def weak_text(protocol: Protocol, where: str, level: str, text: str | None) -> Iterator[str]:
    """Find a text that does not tell the patient whom to call at this level."""
    needed = MUST_NAME.get(LEVEL_WORDS[level])
    name = text or protocol.levels[level].text  # type: ignore[index]
    either = ("emergency_number", needed)
    for language, words in protocol.texts.get(name, {}).items():
        found = [p for p in either if p and f"{{{p}}}" in words]
        if needed and not found:
            text_name = f"text «{name}» ({language})"
            yield f"{where}: {text_name} does not name {{{needed}}}, as {level} needs"
