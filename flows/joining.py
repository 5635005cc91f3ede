"""A changed protocol file without its translations, joined with those of the version in use.

A text that says what it said keeps its translation. Where the text in the file's own language has
changed, or is new, its translation is missed: the file is not to be used before somebody has
written it, or has said in the file which language is left out. Otherwise five languages would go
with one upload, and the next patient would read of an emergency in a language that is not theirs.

Hazards: H42.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from flows.protocol import Protocol
from flows.protocol_file import ProtocolError, parse_protocol
from flows.reviews import ABOUT
from flows.tables import Language
from flows.translations import digest

SECTION: Final = r"^\[translations\.{}(?:\.[^\]\n]*)?\][^\n]*\n(?:(?!^\[).*\n?)*"
BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
MISSED: Final = (
    "translations › {language} › {place}: {why}, and {language} is a language of {old}. "
    'Translate it, or leave the language out on purpose: without = ["{language}"] under [protocol]'
)
STALE: Final = (
    "{place}: its text has changed, and its translation has not ({languages}): look whether it "
    "still says the same"
)
CHANGED, NEW = "its text has changed", "its text is new"
UNJOINABLE: Final = (
    "The translations in this file could not be completed from those of {old}. Write each language "
    "whole, or leave it out: then those of {old} are taken."
)


class Joined(NamedTuple):
    """A file with its translations; `missed` has a sentence for each that it lacks."""

    text: str
    missed: tuple[str, ...] = ()
    completed: tuple[Language, ...] = ()


def joined(text: str, old: Protocol) -> Joined:
    """Return a file with the translations that it lacks and the version in use has.

    Raises:
        ProtocolError: it is no protocol, or its own translations could not be completed.
    """
    new = parse_protocol(text, "the file")
    missed: list[str] = []
    completed = []
    whole = text
    for language in old.protocol.languages:
        if language in new.protocol.without or is_complete(new, language):
            continue
        words = dict(kept(new, old, language))
        lacks = list(lacking(new, old, language, words))
        missed += (MISSED.format(language=language, place=place, why=why, old=old.name)
                   for place, why in lacks)  # fmt: skip
        whole = without_section(whole, language) + section(new, language, words, lacks)
        completed.append(language)
    if completed:
        whole = reviewed(whole, old, completed)
        if all_else(whole) != all_else(text):
            raise ProtocolError([UNJOINABLE.format(old=old.name)])
    return Joined(whole, tuple(missed), tuple(completed))


def stale(new: Protocol, old: Protocol) -> Iterator[str]:
    """Yield a sentence for each translation that is as it was, though what it translates is not."""
    first, before = new.protocol.languages[0], dict(old.patient_words())
    for place, words in new.patient_words():
        had = before.get(place, {})
        if had.get(first) not in (None, words.get(first)):
            same = [name for name in words if name != first and words[name] == had.get(name)]
            if same:
                yield STALE.format(place=place, languages=", ".join(same))


def is_complete(new: Protocol, language: Language) -> bool:
    """Whether a file has a word for every text in a language."""
    return all(words.get(language) for _, words in new.patient_words())


def kept(new: Protocol, old: Protocol, language: Language) -> Iterator[tuple[str, str]]:
    """Yield translations by place: the file's own, else those of texts that are as they were."""
    first, before = new.protocol.languages[0], dict(old.patient_words())
    for place, words in new.patient_words():
        had = before.get(place, {})
        if own := words.get(language):
            yield place, own
        elif had.get(language) and had.get(first) == words.get(first):
            yield place, had[language]


def lacking(
    new: Protocol, old: Protocol, language: Language, words: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the place of every text without a translation, and why there is none."""
    before = dict(old.patient_words())
    for place, _ in new.patient_words():
        if place not in words:
            yield place, CHANGED if before.get(place, {}).get(language) else NEW


def section(
    new: Protocol, language: Language, words: Mapping[str, str], lacks: list[tuple[str, str]]
) -> str:
    """Return a language's tables, with a remark where a translation has to be written."""
    about = new.translations.get(language)
    lines = ["", f"[translations.{language}]"]
    for name in ABOUT:
        value = getattr(about, name, None)
        if value or name != "reviewed_on":
            shown = value.isoformat() if name == "reviewed_on" and value else quoted(value or "")
            lines.append(f"{name} = {shown}")
    tables: dict[str, list[str]] = {}
    for place, said in words.items():
        table, name = home(place)
        tables.setdefault(table, []).append(f"{name} = {quoted(said)}")
    for place, why in lacks:
        table, name = home(place)
        tables.setdefault(table, []).append(f"# {name} = to be written: {why}")
    for table, entries in tables.items():
        lines += [f"[translations.{language}.{table}]", *entries]
    return "\n".join(lines) + "\n"


def home(place: str) -> tuple[str, str]:
    """Return the table of a translation in which a text has its place, and its name there."""
    table, name, *option = place.split(".")
    if table == "questions":
        return f"{table}.{bare(name)}", bare(option[0]) if option else "text"
    return table, bare(name)


def bare(name: str) -> str:
    """Return a name as TOML writes it."""
    return name if BARE.fullmatch(name) else quoted(name)


def quoted(text: str) -> str:
    """Return a text as TOML writes it, in one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def without_section(text: str, language: Language) -> str:
    """Return a file without its own tables of a language."""
    kept_lines = re.sub(SECTION.format(language), "", text, flags=re.MULTILINE)
    return kept_lines.rstrip("\n") + "\n"


def reviewed(text: str, old: Protocol, languages: list[Language]) -> str:
    """Return a file in which a review still stands that is of these very texts."""
    new = parse_protocol(text, "the file")
    for language in languages:
        about = old.translations.get(language)
        if about is None or not about.reviewed_by or digest(new, language) != about.reviewed_texts:
            continue
        lines = [f"[translations.{language}]", f"reviewed_by = {quoted(about.reviewed_by)}",
                 f'reviewed_texts = "{about.reviewed_texts}"']  # fmt: skip
        if about.reviewed_on:
            lines.append(f"reviewed_on = {about.reviewed_on.isoformat()}")
        empty = f'[translations.{language}]\nreviewed_by = ""\nreviewed_texts = ""'
        text = text.replace(empty, "\n".join(lines), 1)
    return text


def all_else(text: str) -> dict[str, object]:
    """Return all that a file says but its translations."""
    return {name: said for name, said in tomllib.loads(text).items() if name != "translations"}
