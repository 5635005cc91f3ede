"""Translations of a protocol: a file for each language beside it, put into its tables.

`exosome.es.toml` stands beside `exosome.toml` and holds all that a patient reads, by the ids of
the protocol, under `[translations.es]`. The texts of all files together are one text of TOML:
what an enrolment is pinned to, and what is signed. A language is claimed by its file being there;
`flows.proof.complete_words` refuses one that is not complete.

Hazards: H42.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.protocol import Protocol
from flows.reviews import ABOUT, digest_of

LISTS = {"symptoms": "label", "patient_facts": "ask"}
"""The tables whose entries have an id and one text, and the name of that text."""


def beside(path: Path) -> Iterator[Path]:
    """Yield the translations of a protocol file, such as `exosome.es.toml`, by their names."""
    pattern = re.compile(re.escape(path.stem) + r"\.[a-z]{2}\.toml")
    yield from sorted(one for one in path.parent.glob("*.toml") if pattern.fullmatch(one.name))


def translated(tables: dict[str, Any]) -> list[str]:
    """Move the words of every translation to where they belong; return what belongs nowhere.

    Tables that are no protocol at all are left as they are, for the model to refuse.
    """
    problems: list[str] = []
    translations = tables.get("translations")
    if not isinstance(translations, dict):
        return problems
    for language, words in translations.items():
        if not isinstance(words, dict):
            continue
        for name in [name for name in words if name not in ABOUT]:
            problems += placed(tables, language, name, words.pop(name))
        languages = tables.get("protocol", {}).get("languages")
        if isinstance(languages, list) and language not in languages:
            languages.append(language)
    return problems


def placed(tables: dict[str, Any], language: str, table: str, words: object) -> Iterator[str]:
    """Put one table of a translation into the protocol; yield what the protocol does not have."""
    where = f"translations › {language} › {table}"
    try:
        homes = dict(texts_of(tables, table))
    except (AttributeError, KeyError, TypeError):  # no protocol: the model says what is wrong
        return
    for name, said in words.items() if isinstance(words, dict) else ():
        for key, text in said.items() if isinstance(said, dict) else (("", said),):
            home = homes.get(f"{name}.{key}" if key else name)
            if home is None:
                path = " › ".join(part for part in (where, name, key) if part)
                yield f"{path}: the protocol has no such text; correct the name or remove it"
            else:
                home[language] = text
    if not homes or not isinstance(words, dict):
        yield f"{where}: the protocol has no such table of texts; correct the name or remove it"


def texts_of(tables: dict[str, Any], table: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the texts of one table by the names that a translation gives them."""
    if table in ("texts", "buttons", "areas"):
        yield from tables.get(table, {}).items()
    elif table in LISTS:
        asked = LISTS[table]
        yield from ((one["id"], one[asked]) for one in tables.get(table, ()) if asked in one)
    elif table == "questions":
        for question in tables.get(table, ()):
            yield f"{question['id']}.text", question["text"]
            for option in question.get("options", ()):
                yield f"{question['id']}.{option['id']}", option["label"]


def digest(protocol: Protocol, language: str) -> str:
    """Return which texts a review of this language is about: 16 hexadecimal digits.

    They are of the SHA-256 of every text beside the one it translates, so a change of either asks
    for a new review.
    """
    first = protocol.protocol.languages[0]
    return digest_of(
        (place, words.get(first), words.get(language))  # type: ignore[call-overload]
        for place, words in protocol.patient_words()
    )


def is_reviewed(protocol: Protocol, language: str) -> bool:
    """Whether a native speaker has reviewed a language; the file's own needs no translation."""
    about = protocol.translations.get(language)  # type: ignore[call-overload]
    return about is None or bool(about.reviewed_by)


def out_of_date(protocol: Protocol) -> Iterator[str]:
    """Find reviews of texts that have changed since."""
    for language, about in protocol.translations.items():
        now = digest(protocol, language)
        if about.reviewed_by and about.reviewed_texts != now:
            yield (
                f"translations › {language}: texts have changed since {about.reviewed_by} reviewed "
                f'them; have them reviewed again and write reviewed_texts = "{now}", or clear '
                "reviewed_by"
            )
