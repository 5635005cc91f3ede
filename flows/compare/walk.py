"""Walking two versions of a protocol side by side, down to every value that differs.

Tables with an `id` are matched by it; everything else by its key. Values are compared with
their types, since in an example `true` and `1` are two answers. What stands in another order
is a change as well: the first of several rules with one level gives the patient's text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.protocol import Protocol

ABSENT = object()
"""Stands for what one of the versions does not have."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs; `old` or `new` is `ABSENT` where a whole part came or went.

    In a change of `order`, `old` and `new` are the names in their two orders.
    """

    path: Path
    old: object
    new: object
    order: bool = False

    @property
    def added(self) -> bool:
        """Whether only the newer version has it."""
        return self.old is ABSENT

    @property
    def removed(self) -> bool:
        """Whether only the older version has it."""
        return self.new is ABSENT


def changes(old: Protocol, new: Protocol) -> Iterator[Change]:
    """Yield every difference between two protocols, in the order of the file."""
    yield from walk((), old.model_dump(by_alias=True), new.model_dump(by_alias=True))


def walk(path: Path, old: object, new: object) -> Iterator[Change]:
    """Yield the differences at and below `path`."""
    before, after = keyed(old, new), keyed(new, old)
    if before is None or after is None:
        if repr(old) != repr(new):
            yield Change(path, old, new)
        return
    for name in (*before, *(name for name in after if name not in before)):
        below = (*path, name)
        if name not in after:
            yield Change(below, before[name], ABSENT)
        elif name not in before:
            yield Change(below, ABSENT, after[name])
        else:
            yield from walk(below, before[name], after[name])
    left = tuple(name for name in before if name in after)
    right = tuple(name for name in after if name in before)
    if left != right:
        yield Change(path, left, right, order=True)


def keyed(value: object, beside: object) -> Mapping[str, object] | None:
    """Return a table, or a list of tables with ids, by key; None for anything else.

    An empty list is one of tables when the value beside it is.
    """
    if isinstance(value, dict):
        return value if isinstance(beside, dict) else None
    if isinstance(value, tuple) and isinstance(beside, tuple):
        rows = value or beside
        if rows and all(isinstance(row, dict) and "id" in row for row in rows):
            return {row["id"]: row for row in value}
    return None
