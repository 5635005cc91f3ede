"""Instants as stored: UTC text of one width, so that they sort as text on both engines."""

from datetime import UTC, datetime

EXAMPLE = "2026-11-26T00:17:58.123456+00:00"


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
        ValueError: the text is not what `stored` writes.
    """
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None or stored(moment) != text:
        raise ValueError(f"«{text}» is no stored instant; it must look like {EXAMPLE}")
    return moment.replace(tzinfo=UTC)
