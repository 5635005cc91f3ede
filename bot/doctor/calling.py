"""Calls to the Bot API that keep what the doctor needs: the refusal, and the server's clock."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiohttp import ClientError, ClientSession, ClientTimeout

TIMEOUT = ClientTimeout(total=15)


class UnreachableError(Exception):
    """The Bot API did not answer, or what answered is something else."""


class Answer(NamedTuple):
    """An answer: its result, or why it was refused; and when the server says it was given."""

    ok: bool
    result: Any
    code: int
    description: str
    parameters: dict[str, Any]
    at: datetime | None


class Calling:
    """Calls for one bot; used with `async with`."""

    def __init__(self, api_url: str, token: str) -> None:
        self._address = f"{api_url.rstrip('/')}/bot{token}"
        self._session: ClientSession

    async def __aenter__(self) -> Self:
        self._session = ClientSession(timeout=TIMEOUT)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        await self._session.close()

    async def __call__(self, method: str, **values: object) -> Answer:
        """Make one call.

        Raises:
            UnreachableError: no answer, or none of the Bot API's; the text holds no address.
        """
        try:
            async with self._session.post(f"{self._address}/{method}", json=values) as response:
                body = await response.json(content_type=None)
                date = response.headers.get("Date")
        except (ClientError, OSError, ValueError) as error:
            name = type(error).__name__
        else:
            if isinstance(body, dict) and "ok" in body:
                return Answer(
                    body["ok"], body.get("result"), body.get("error_code", 200),
                    body.get("description", ""), body.get("parameters", {}), instant_of(date),
                )  # fmt: skip
            name = "not an answer of the Bot API"
        raise UnreachableError(name)  # outside the handler: aiohttp's own error holds the address


def instant_of(date: str | None) -> datetime | None:
    """Return the instant of a Date header, if it has one."""
    try:
        return parsedate_to_datetime(date).astimezone(UTC) if date else None
    except ValueError:
        return None
