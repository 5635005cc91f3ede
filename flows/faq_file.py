"""The file of a clinic's answers, and its translations beside it.

The file is TOML beside the protocol's; a clinic replaces it as a whole. `own.es.toml` beside
`own.toml` is its Spanish: `[answers.ID]` with a question, an answer and words that people type.

Hazards: H42.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from flows.faq import Faq, Review
from flows.protocol_file import ProtocolError, sentence
from flows.translations import beside

BUNDLED = "exosome_faq"
REVIEW = tuple(Review.model_fields)


@cache
def bundled_faq() -> Faq:
    """Return the answers that come with the bundled protocol."""
    folder = files("flows.protocols")
    pattern = re.compile(rf"{BUNDLED}\.[a-z]{{2}}\.toml")
    texts = {
        one.name: one.read_text(encoding="utf-8")
        for one in folder.iterdir()
        if one.name == f"{BUNDLED}.toml" or pattern.fullmatch(one.name)
    }
    return parsed(f"{BUNDLED}.toml", texts)


def load_faq(path: Path) -> Faq:
    """Read a file of answers, and its translations beside it, such as `own.es.toml`.

    Raises:
        ProtocolError: it is missing, is not TOML, or breaks the model.
    """
    texts = {}
    for one in (path, *beside(path)):
        try:
            texts[one.name] = one.read_text(encoding="utf-8")
        except OSError as error:
            raise ProtocolError([f"{one}: cannot be read: {error.strerror}"]) from None
        except UnicodeDecodeError as error:
            raise ProtocolError([f"{one}: save the file as UTF-8 ({error.reason})"]) from None
    return parsed(path.name, texts)


def parsed(name: str, texts: Mapping[str, str]) -> Faq:
    """Parse a file of answers called `name` with its translations, by their names.

    Raises:
        ProtocolError: a text is not TOML, breaks the model, or translates what is not there.
    """
    tables = toml(name, texts[name])
    problems: list[str] = []
    for other in sorted(texts.keys() - {name}):
        problems += joined(tables, other, toml(other, texts[other]))
    if problems:
        raise ProtocolError(problems)
    try:
        return Faq.model_validate(tables)
    except ValidationError as error:
        said = [sentence(name, texts[name], tables, one) for one in error.errors()]
        raise ProtocolError(said) from None


def toml(name: str, text: str) -> dict[str, Any]:
    """Return the tables of a text.

    Raises:
        ProtocolError: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError([f"{name}: not valid TOML: {error}"]) from None


def joined(tables: dict[str, Any], name: str, translation: dict[str, Any]) -> Iterator[str]:
    """Put a translation's words beside those it translates; yield what belongs nowhere."""
    language = name.removesuffix(".toml")[-2:]
    try:
        about, answers = tables["faq"], {one["id"]: one for one in tables["answers"]}
        about["languages"] = [*about["languages"], language]
        about["ignore"] = [*about.get("ignore", ()), *translation.get("ignore", ())]
        review = {key: translation[key] for key in REVIEW if key in translation}
        tables.setdefault("translations", {})[language] = review
        for key, words in translation.get("answers", {}).items():
            if key in answers:
                one = answers[key]
                one["question"][language], one["answer"][language] = (
                    words["question"], words["answer"],
                )  # fmt: skip
                one["words"] = [*one.get("words", ()), *words.get("words", ())]
            else:
                yield f"{name}: there is no answer «{key}»; correct the name or remove it"
    except (AttributeError, KeyError, TypeError) as error:
        yield f"{name}: every answer needs a question and an answer: {error} is missing or no text"
