"""Whatever changes in a protocol file, a sentence says so."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from small_protocol import OLD, Tables

from flows.diff import of_the_file
from flows.loose_ends import loose_ends
from flows.protocol import Protocol


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield every value of the tables with its path; rows are counted."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from places(value, (*path, name))
    elif isinstance(node, tuple) and node and isinstance(node[0], dict) and "id" in node[0]:
        for place, row in enumerate(node):
            yield from places(row, (*path, place))
    else:
        yield path, node


def others(value: object) -> list[object]:
    """Return values that may stand in place of one."""
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [value + 1]
        case str():
            return [f"{value} indeed", "P2", "urgent", "09:15", "strictest", "digest"]
        case date():
            return [value + timedelta(days=1)]
        case tuple():
            return [value[1:], (*value, *value[:1])] if value else [("hours > 5",)]
        case _:
            return ["P2", "call_list", date(2026, 12, 1), 5]


def with_value(tables: Tables, path: tuple[Any, ...], value: object) -> Tables:
    """Return the tables with one value replaced; nothing else is copied."""
    first, *rest = path
    if isinstance(tables, tuple):
        row = with_value(tables[first], tuple(rest), value)
        return (*tables[:first], row, *tables[first + 1 :])  # type: ignore[return-value]
    return {**tables, first: with_value(tables[first], tuple(rest), value) if rest else value}


TABLES = OLD.model_dump(by_alias=True)
NEXT = Protocol.model_validate(TABLES)


def each_kind() -> list[tuple[Any, ...]]:
    """Return one path for each kind of value in the file: its table, depth and field."""
    found = {}
    for path, value in places(TABLES):
        kind = (path[0], len(path), path[-1], value is None, value == ())
        found.setdefault(kind, path)
    return list(found.values())


@pytest.mark.parametrize("path", each_kind(), ids=lambda path: ".".join(map(str, path)))
def test_no_change_of_the_file_is_silent(path: tuple[Any, ...]) -> None:
    node: Any = TABLES
    for step in path:
        node = node[step]
    for value in others(node):
        try:
            new = Protocol.model_validate(with_value(TABLES, path, value))
        except ValidationError:
            continue
        if repr(value) != repr(node) and not any(loose_ends(new)):
            (first, *_) = [difference for _, difference in of_the_file(NEXT, new)]
            assert first.sentence
            return
