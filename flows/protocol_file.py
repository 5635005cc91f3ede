"""Reading a protocol file: TOML in, a checked `Protocol` out, or sentences that help.

Every mistake is reported at once, each with the file, the table, the line where it can be
found, and how to mend it.
"""

import tomllib
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from flows.loose_ends import loose_ends
from flows.protocol import Protocol
from flows.toml_lines import line_of
from flows.translations import beside, translated

BUNDLED = "exosome.toml"


class ProtocolError(ValueError):
    """A protocol file that cannot be used. `problems` holds one sentence for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@cache
def bundled() -> Protocol:
    """Return the exosome protocol that comes with Aftercheck, parsed once."""
    return parse_protocol(bundled_text(), BUNDLED)


def bundled_text() -> str:
    """Return the text of the exosome protocol that comes with Aftercheck, in all its languages."""
    with as_file(files("flows.protocols").joinpath(BUNDLED)) as path:
        return text_of(path)


def text_of(path: Path) -> str:
    """Return the text of a protocol file and of its translations beside it, as one.

    Raises:
        ProtocolError: one of them is missing or cannot be read.
    """
    texts = []
    for one in (path, *beside(path)):
        try:
            texts.append(one.read_text(encoding="utf-8"))
        except OSError as error:
            raise ProtocolError([f"{one}: cannot be read: {error.strerror}"]) from None
        except UnicodeDecodeError as error:
            raise ProtocolError([f"{one}: save the file as UTF-8 ({error.reason})"]) from None
    return "\n".join(texts)


def load(path: Path) -> Protocol:
    """Read a protocol file with the translations beside it.

    Raises:
        ProtocolError: the file is missing, is not TOML, or breaks the model.
    """
    return parse_protocol(text_of(path), path.name)


def says_the_same(text: str, other: str) -> bool:
    """Whether two texts of protocol files differ in comments and layout at most."""
    return text == other or tomllib.loads(text) == tomllib.loads(other)


def parse_protocol(text: str, name: str) -> Protocol:
    """Parse the text of a protocol file called `name`.

    Raises:
        ProtocolError: the text is not TOML, or breaks the model.
    """
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # tomllib lets int() and deep nesting speak
        raise ProtocolError([f"{name}: not valid TOML: {error}"]) from None
    strays = translated(tables)
    try:
        protocol = Protocol.model_validate(tables)
    except ValidationError as error:
        raise ProtocolError([sentence(name, text, tables, d) for d in error.errors()]) from None
    problems = [f"{name}: {stray}" for stray in strays]
    problems += [
        f"{placed(name, line_of(text, end.location, end.condition))}: {end.sentence}"
        for end in loose_ends(protocol)
    ]
    if problems:
        raise ProtocolError(problems)
    return protocol


def placed(name: str, line: int | None) -> str:
    """Return the file's name, with the line where one was found."""
    return f"{name}, line {line}" if line else name


def sentence(name: str, text: str, tables: dict[str, object], error: ErrorDetails) -> str:
    """Say one mistake: where it is, what is wrong, and what would be right."""
    where, node = [], tables
    for step in error["loc"]:
        node = node[step] if isinstance(node, (dict, list)) and has(node, step) else None  # type: ignore[index,assignment]
        label = node.get("id") if isinstance(node, dict) else None
        where.append(f"{step} «{label}»" if isinstance(step, int) and label else str(step))
    message = error["msg"].removeprefix("Value error, ")
    hint = HINTS.get(error["type"], "")
    place = placed(name, line_of(text, error["loc"]))
    return f"{place}: {' › '.join(where)}: {message}{hint}"


HINTS = {
    "extra_forbidden": "; remove it, or correct its spelling",
    "missing": "; add it",
}


def has(node: object, step: int | str) -> bool:
    """Whether `node` holds something under `step`."""
    if isinstance(node, list):
        return isinstance(step, int) and step < len(node)
    return isinstance(node, dict) and step in node
