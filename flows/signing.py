"""A doctor's signature under a protocol file: three lines of its head, and nothing else."""

import re
import tomllib
from datetime import date
from typing import Final

HEAD: Final = re.compile(r"^\[protocol\][^\n]*\n(?P<body>(?:(?!^\[).*\n?)*)", re.MULTILINE)
LINE: Final = "^{}[ \t]*=.*$"
FIELDS: Final = ("signed_by", "signed_on", "draft")


class UnsignableError(ValueError):
    """The file's head is written in a way that a signature cannot be put into."""

    def __init__(self) -> None:
        super().__init__(
            "The signature could not be put into this file. Write signed_by, signed_on and draft "
            "in lines of their own under [protocol], and upload it again."
        )


def signed(text: str, who: str, on: date) -> str:
    """Return a protocol file with a signature; all else of it says what it said.

    Args:
        text: The file, in TOML.
        who: The doctor's name as it is to stand there.
        on: The day.

    Raises:
        UnsignableError: it cannot be put in without changing anything else.
    """
    found = HEAD.search(text)
    if found is None:
        raise UnsignableError
    body = found["body"]
    lines = {"signed_by": quoted(who), "signed_on": on.isoformat(), "draft": "false"}
    for name in FIELDS:
        body = re.sub(LINE.format(name) + r"\n?", "", body, flags=re.MULTILINE)
    kept = body.rstrip("\n")
    head = "\n".join((kept, *(f"{name} = {value}" for name, value in lines.items())))
    whole = f"{text[: found.start('body')]}{head}\n\n{text[found.end('body') :]}"
    if not says_all_else(text, whole):
        raise UnsignableError
    return whole


def quoted(words: str) -> str:
    """Return a text as TOML writes it."""
    plain = "".join(sign if sign.isprintable() else " " for sign in words)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def says_all_else(text: str, whole: str) -> bool:
    """Whether two files differ in the signature alone."""
    try:
        before, after = tomllib.loads(text), tomllib.loads(whole)
    except tomllib.TOMLDecodeError:
        return False
    for tables in (before, after):
        for name in FIELDS:
            tables["protocol"].pop(name, None)
    return before == after
