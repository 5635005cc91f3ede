"""One running bot for each database file: a lock that the operating system frees when it dies.

Hazards: H24.
"""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from storage.transaction import StorageError


class AlreadyRunningError(StorageError):
    """Aftercheck is already running on this database."""

    def __init__(self) -> None:
        super().__init__(
            "Aftercheck is already running on this database; stop it first, "
            "or use PostgreSQL for several."
        )


class ChangingError(StorageError):
    """A program is changing this database, and no bot may run meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            "Another program is changing this database, such as `aftercheck keys rotate`; "
            "start this again when it has ended."
        )


def lock_file(database: Path) -> Callable[[], None]:
    """Lock the file beside the database, and return what unlocks it.

    The lock file stays: were it deleted, two programs could each lock a file of that name.

    Raises:
        AlreadyRunningError: another program holds the lock.
        StorageError: the folder cannot be written.
    """
    try:
        descriptor = os.open(f"{database}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise StorageError(f"{database}.lock cannot be made: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunningError from None
    return lambda: os.close(descriptor)
