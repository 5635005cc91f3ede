"""What is left of a backup that was killed beside the running bot."""

from contextlib import closing
from pathlib import Path

from storage.backups import check_whole
from storage.sqlite import connect_read_only
from storage.transaction import StorageError


def damage(copy: Path) -> list[str]:
    """Return what is wrong with a copy."""
    try:
        with closing(connect_read_only(copy)) as connection:
            check_whole(connection)
            return []
    except StorageError as error:
        return [str(error)]
