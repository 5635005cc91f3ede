"""Instants as stored: UTC text of one width, so that they sort as text on both engines."""

from datetime import UTC, datetime

from storage.transaction import StorageError

EXAMPLE = "2026-11-26T00:17:58.123456+00:00"


class NoInstantError(StorageError, ValueError):
    """A stored text is no instant: the database was damaged, or changed by hand."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"«{text}» is no stored instant; it must look like {EXAMPLE}. Was the database changed "
            "by hand, or damaged? Then restore a backup with `aftercheck restore`."
        )


def stored(moment: datetime) -> str:
    """Return an instant as it is stored, such as 2026-11-26T00:17:58.123456+00:00.

    Raises:
        ValueError: the moment has no zone.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no zone; give an instant, for example in UTC")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def instant(text: str) -> datetime:
    """Return a stored instant, in UTC.

    Raises:
        NoInstantError: the text is not what `stored` writes.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NoInstantError(text) from None
    if moment.utcoffset() is None or stored(moment) != text:
        raise NoInstantError(text)
    return moment.replace(tzinfo=UTC)
