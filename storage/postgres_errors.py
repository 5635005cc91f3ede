"""What the errors of PostgreSQL and its driver mean, in words without any value of a row."""

import asyncpg  # type: ignore[import-untyped]  # it ships none

from storage.transaction import ConflictError, StorageError, UncertainError

UNREACHABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)
DRIVER_ERRORS = (asyncpg.PostgresError, *UNREACHABLE)
"""All that the driver raises."""


class LockedOutError(StorageError):
    """Two transactions waited for each other, and this one was rolled back; try it again."""


def storage_error(error: BaseException, *, committing: bool = False) -> StorageError:
    """Return the same error in words; `committing` says that it broke during COMMIT."""
    said = str(error.args[0]) if error.args else type(error).__name__
    match error:
        case asyncpg.SerializationError() | asyncpg.DeadlockDetectedError():
            sentence = "Two transactions waited for each other: do this one again."
            return LockedOutError(sentence, passing=True)
        case asyncpg.IntegrityConstraintViolationError():
            return ConflictError(f"The database refused a row: {said}")
        case ValueError() | asyncpg.DataError():
            return StorageError(f"PostgreSQL refused a value: {value_fault(error, said)}")
    if isinstance(error, UNREACHABLE):
        return unreachable(committing=committing)
    full = isinstance(error, asyncpg.InsufficientResourcesError)
    return StorageError(f"PostgreSQL refused, so nothing was saved: {said}", passing=full)


def value_fault(error: BaseException, said: str) -> str:
    """Return what is wrong with a value, without the value, which the driver's sentence names."""
    return said.rpartition("(")[2].strip(")") if "(" in said else type(error).__name__


def unreachable(*, committing: bool) -> StorageError:
    """Return what a lost connection means before COMMIT and during it."""
    if committing:
        sentence = "PostgreSQL was lost while saving: nobody knows whether this was saved."
        return UncertainError(sentence, passing=True)
    sentence = "PostgreSQL cannot be reached: see that it runs, and look at DATABASE_URL."
    return StorageError(sentence, passing=True)
