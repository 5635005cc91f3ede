"""The bundled protocol file with a few words of its text changed, as somebody might edit it."""

from importlib.resources import files
from typing import NamedTuple

from flows.protocol import Protocol
from flows.protocol_file import BUNDLED, parse_protocol

TEXT = files("flows.protocols").joinpath(BUNDLED).read_text(encoding="utf-8")


class Edit(NamedTuple):
    """One edit: the first line of the table it is made in, what stood there, what stands now."""

    table: str
    old: str
    new: str


def edited_text(*edits: Edit, text: str = TEXT) -> str:
    """Return the file's text after the edits; each finds its old words in its table."""
    for table, old, new in edits:
        start = text.index(f"{table}\n")
        end = text.find("\n\n[", start)
        part = text[start:end]
        assert old in part, f"{table} does not say {old}"
        text = text[:start] + part.replace(old, new, 1) + text[end:]
    return text


def without_rules(text: str, *rules: str) -> str:
    """Return a file's text without some of its rules."""
    for rule in rules:
        start = text.index(f'[[rules]]\nid = "{rule}"\n')
        text = text[:start] + text[text.index("\n\n[", start) + 2 :]
    return text


def edited(*edits: Edit) -> Protocol:
    """Return the protocol after the edits, under another version."""
    return parse_protocol(edited_text(*edits), "edited.toml")


def with_tables(more: str) -> Protocol:
    """Return the protocol with more tables at its end."""
    return parse_protocol(TEXT + more, "edited.toml")
