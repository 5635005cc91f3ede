"""The door to storage: a transaction is a generator that yields queries and is sent their rows.

    def rename(code: str, name: str) -> Transaction[bool]:
        rows = yield Query("UPDATE … WHERE code = :code RETURNING code", {"code": code, …})
        return bool(rows)

    renamed = await database.run(rename("K7M2", "Anna"))

Transactions compose with `yield from`. Who writes one knows neither engine, thread nor loop, so the
same one runs on SQLite, on PostgreSQL and, step by step, in a simulation.

One text of each query serves both engines. Values are bound as `:name`, never formatted in. Two
markers differ: `{for_update}` and `{skip_locked}` become `FOR UPDATE` and `FOR UPDATE SKIP LOCKED`
on PostgreSQL, and nothing on SQLite, which has one writer anyway. PostgreSQL must be able to tell a
value's type from its place: compare with a column, or write `CAST(:name AS TEXT)`.

**On PostgreSQL two transactions can lock each other out, and one of them is rolled back.** A
generator that has begun cannot begin again. Give `run` something that makes a new one each time,
`run(lambda: rename("K7M2", "Anna"))`, and it is tried again by itself; given a generator, `run`
raises a `StorageError` whose `passing` is true. It never happens on SQLite.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

T = TypeVar("T")


class Query(NamedTuple):
    """One statement: its text, and the values of its `:name` markers."""

    text: str
    values: Mapping[str, object] = MappingProxyType({})


class Row(Protocol):
    """One row: a value by column name or by place, the values in order, and the names."""

    def __getitem__(self, key: str | int, /) -> Any: ...  # noqa: ANN401 - what a column holds
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def keys(self) -> Any:  # noqa: ANN401 - a list or an iterator, by the engine
        """Return the names of the columns, in order."""


Rows: TypeAlias = Sequence[Row]
Transaction: TypeAlias = Generator[Query, Rows, T]
Startable: TypeAlias = Transaction[T] | Callable[[], Transaction[T]]
"""A transaction, or what makes a new one each time it is called."""


class Database(Protocol):
    """Where transactions run: one of the two engines."""

    async def run(self, transaction: Startable[T]) -> T:
        """Run and commit; return what the function returned, only after it is safely on disk.

        A caller that is cancelled while waiting does not know whether it was saved.

        Raises:
            StorageError: the database could not save it.
            BaseException: what the function itself raised, after everything was rolled back.
        """

    async def read(self, transaction: Startable[T]) -> T:
        """Run on one unchanging view of what is committed; never wait for a writer.

        Raises:
            StorageError: it tried to write, or the database cannot be read.
            BaseException: what the function itself raised.
        """

    async def close(self) -> None:
        """Finish what was handed in, then let go of the database."""


class StorageError(Exception):
    """The database did not save a transaction, and says why and how to mend it.

    `passing` tells whether the same transaction can succeed later without anybody changing it.
    """

    def __init__(self, sentence: str, *, passing: bool = False) -> None:
        super().__init__(sentence)
        self.passing = passing


class ConflictError(StorageError):
    """A constraint, such as a unique key, refused the row; nothing was saved."""


class UncertainError(StorageError):
    """The connection broke during COMMIT: it may have been saved, so a repeat must be harmless."""


def apart(transaction: Transaction[T]) -> Transaction[T]:
    """Run a part of a transaction, and undo that part alone where it raises; a part of no other.

    Raises:
        StorageError: a statement of it failed. Where that is `passing` the database may have
            undone everything: let it end the whole transaction.
        BaseException: what the part itself raised, after it was rolled back.
    """
    yield Query("SAVEPOINT apart")
    try:
        result = yield from transaction
    except Exception:
        yield Query("ROLLBACK TO SAVEPOINT apart")
        yield Query("RELEASE SAVEPOINT apart")
        raise
    yield Query("RELEASE SAVEPOINT apart")
    return result


def started(transaction: Startable[T]) -> Transaction[T]:
    """Return the generator to run."""
    return transaction() if callable(transaction) else transaction


def drive(execute: Callable[[Query], Rows], transaction: Transaction[T]) -> T:
    """Run a transaction to its end with `execute`; an error in a statement is raised within it."""
    try:
        query = next(transaction)
        while True:
            try:
                rows = execute(query)
            except Exception as error:  # noqa: BLE001 - the transaction says what becomes of it
                query = transaction.throw(error)
            else:
                query = transaction.send(rows)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        transaction.close()
