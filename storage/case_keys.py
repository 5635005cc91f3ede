"""The key of one case, and what its seals are bound to."""

from collections.abc import Hashable
from typing import Protocol


class Key(Hashable, Protocol):
    """A patient's own key; `place` binds what it seals to table, column and row."""

    def seal(self, plain: bytes, place: str) -> bytes: ...  # noqa: D102
    def open(self, sealed: bytes, place: str) -> bytes: ...  # noqa: D102
    def derived(self, purpose: str) -> bytes: ...  # noqa: D102


class Keys(Protocol):
    """Where patients' keys come from."""

    def new_data_key(self) -> bytes: ...  # noqa: D102
    def unwrap(self, wrapped: bytes) -> Key: ...  # noqa: D102


def place(table: str, *row: str) -> str:
    """Return what a sealed body is bound to."""
    return f"{table}|body|{':'.join(row)}"
