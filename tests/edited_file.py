"""The bundled protocol file with a few words of its text changed, as somebody might edit it."""

from itertools import count
from typing import NamedTuple

from flows.protocol import Protocol
from flows.protocol_file import bundled, bundled_text, parse_protocol

TEXT = bundled_text()
VERSIONS = count()


class Edit(NamedTuple):
    """One edit: the first line of the table it is made in, what stood there, what stands now."""

    table: str
    old: str
    new: str


def edited_text(*edits: Edit) -> str:
    """Return the file's text after the edits; each finds its old words in its table.

    It is another version: what is kept for one version must not be searched for its twin.
    """
    text = TEXT
    version = Edit("[protocol]", bundled().protocol.version, f"9.0.{next(VERSIONS)}")
    for table, old, new in (version, *edits):
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
    return parse_protocol(edited_text() + more, "edited.toml")
