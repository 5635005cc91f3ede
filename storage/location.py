"""What DATABASE_URL names."""

from pathlib import Path

from storage.transaction import StorageError

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite address, or `None` for PostgreSQL.

    `sqlite:///aftercheck.db` is in the working directory, `sqlite:////srv/aftercheck.db` is not.

    Raises:
        StorageError: the address is neither.
    """
    if url.startswith(POSTGRES):
        return None
    name = url.removeprefix(SQLITE)
    if name in (url, "", ":memory:"):
        # The address itself is not repeated, because it may hold a password.
        raise StorageError(
            "DATABASE_URL must look like sqlite:///aftercheck.db, sqlite:////srv/aftercheck.db "
            "or postgresql://user:password@host/database."
        )
    return Path(name)
