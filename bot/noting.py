"""Noting in the audit trail what is done at the command line, beside a running bot."""

from datetime import UTC, datetime

from bot.settings import Settings
from flows.engine.events import Did
from storage import audit
from storage.audit import AuditKey
from storage.location import sqlite_path
from storage.opening import open_database
from storage.sealing import Keyring, clinic_key
from storage.transaction import StorageError, Transaction


async def noted(known: Settings, code: str | None, act: Did) -> None:
    """Note an act, before it is done.

    Raises:
        SealError: ENCRYPTION_KEY does not open the database.
        StorageError: there is no database, or it could not be noted.
    """
    path = sqlite_path(known.database_url)
    if path is not None and not path.exists():
        raise StorageError(f"{path} cannot be opened: there is no such file.")
    keyring = Keyring.from_text(known.encryption_key.get_secret_value())
    database = await open_database(known.database_url)

    def noting() -> Transaction[None]:
        key = AuditKey((yield from clinic_key(keyring)))
        yield from audit.did(key, code, act, datetime.now(UTC))

    try:
        await database.run(noting)
    finally:
        await database.close()
