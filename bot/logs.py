"""Logs: one JSON object a line on stderr, and in it only what may be known of a patient.

Three rules, none of which asks the caller to be careful:

- Only the fields of `FIELDS` are written, and a text in one must look like a key or a number.
- An exception is written as its types and the places it passed. Its text is left out, since it may
  quote what somebody typed, except for errors whose sentences are our own (`OWN_WORDS`).
- A library's message is written as its template, without what was to be filled in. In ours the
  name of an error's type and our own sentences are filled in, and nothing else.

What looks like a bot's token is replaced wherever it stands. `event` of our own code is a sentence
of the program, never anything that came from outside.

Hazards: H33.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, TextIO, TypeAlias

import structlog
from structlog.stdlib import ProcessorFormatter

from storage.sealing import SealError
from storage.transaction import StorageError

Event: TypeAlias = MutableMapping[str, Any]

FIELDS: Final = frozenset({
    "alert", "attempts", "chat", "check_in", "code", "count", "due", "kind", "lane", "method",
    "pending", "port", "reason", "rows", "seconds", "sent", "state", "tries", "update_id",
    "version",
})  # fmt: skip
"""What may be written besides time, level, logger, event and error. No names, answers or words."""

PRIVATE: Final = "private"
"""Stands for the number of a person's chat, which is also their account's."""

LEFT_OUT: Final = "…"
OWN_WORDS = (StorageError, SealError)
OURS = ("bot", "flows", "storage", "__main__")
FIXED_FIRST_LINE = frozenset({"asyncio"})
"""Libraries that put a message together themselves, but whose first line is always the same."""

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
IN_ADDRESS = re.compile(r"/bot[^/\s\"']+(?=/)")
KEY = re.compile(r"[A-Za-z0-9_.:/@#+-]{1,80}")
LONGEST = 300
MOST_PLACES = 20

QUIET = ("httpx", "httpcore", "aiohttp.access", "apscheduler", "alembic")
"""Libraries of which only warnings are wanted; some write addresses, which hold the token."""

get_logger = structlog.stdlib.get_logger


class Lines(logging.StreamHandler[TextIO]):
    """Writes lines; one that cannot be written is never shown with what was to be in it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Say that a line could not be written, and where it came from."""
        self.stream.write(
            f'{{"event": "a line could not be logged", "where": "{place(record)}"}}\n'
        )


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send everything that is logged, warned of or not caught through here, to stderr."""
    handler = Lines(stream or sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            processors=[narrowed, structlog.processors.JSONRenderer()], pass_foreign_args=True
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread
    sys.unraisablehook = unraisable


def narrowed(_logger: object, _method: str, event: Event) -> Event:
    """Return what may be written of a log line."""
    record: logging.LogRecord = event["_record"]
    ours = bool(event["_from_structlog"])
    line: Event = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": redacted(record.name),
        "event": redacted(str(event["event"])) if ours else said(event, record),
    }
    if not record.name.startswith(OURS):
        line["where"] = place(record)
    for name in FIELDS & event.keys() if ours else ():
        line[name] = safe(name, event[name])
    error = exception(event.get("exc_info"))
    if error is not None:
        line.update(described(error))
    return line


def said(event: Event, record: logging.LogRecord) -> str:
    """Return the message of a logger of the standard library, without what came from outside."""
    template, given = str(record.msg), event["positional_args"]
    if record.name.startswith(OURS):
        return redacted(template % tuple(map(filled_in, given)) if given else template)
    if given:
        return redacted(template)
    return redacted(template.partition("\n")[0]) if record.name in FIXED_FIRST_LINE else LEFT_OUT


def filled_in(value: object) -> str:
    """Return what our own loggers may fill in: a type's name, or a sentence of our own."""
    if isinstance(value, type):
        return value.__name__
    return str(value) if isinstance(value, OWN_WORDS) else LEFT_OUT


def safe(name: str, value: object) -> object:
    """Return a field's value, or what stands for one that may say too much."""
    if name == "chat":
        return value if isinstance(value, int) and value < 0 else PRIVATE
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return redacted(text) if KEY.fullmatch(text) else LEFT_OUT


def redacted(text: str) -> str:
    """Return a text without tokens, and no longer than a line should be."""
    return IN_ADDRESS.sub("/bot<token>", TOKEN.sub("<token>", text))[:LONGEST]


def place(record: logging.LogRecord) -> str:
    """Return where a line was logged: the module and the line in it."""
    return f"{redacted(record.module)}:{record.lineno}"


def exception(given: object) -> BaseException | None:
    """Return the exception of a log line: named, or the one that is being handled."""
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def described(error: BaseException) -> Event:
    """Return an exception's types, the places it passed, and its text where that is our own."""
    line: Event = {
        "error": [redacted(type(one).__name__) for one in chain(error)],
        "trace": [
            redacted(f"{one.filename.rpartition('/')[2]}:{one.lineno} {one.name}")
            for one in traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]
        ],
    }
    if isinstance(error, OWN_WORDS):
        line["why"] = redacted(str(error))
    return line


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and what it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what ends the program; an interrupt from the keyboard is nobody's fault."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        get_logger("bot").critical("the program ended", exc_info=error)


def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    """Log what ends a thread."""
    get_logger("bot").critical("a thread ended", exc_info=args.exc_value)


def unraisable(args: "sys.UnraisableHookArgs") -> None:
    """Log what could not be raised anywhere."""
    get_logger("bot").error("an error had nowhere to go", exc_info=args.exc_value)
