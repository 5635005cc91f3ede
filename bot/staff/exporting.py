"""`/export`: a history or a case as a file, sent to the private chat of whoever asks."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.enrolment import EnrolmentError, case
from bot.export.files import SHAPES, Order, order
from bot.export.pdf import NoTypesetterError, can_set
from bot.export.writing import OptionsError, moment
from bot.staff.asked import Asked
from bot.staff.cases import private_or_told, told_where
from storage import outbox
from storage.exporting import treated_since
from storage.instants import stored
from storage.outbox_rows import Lane, NewRow
from storage.transaction import Transaction

EXPORT: Final = "export"
"""The outbox's own name for a file that is written when it goes."""

ROWS: Final = ("answer", "check_in", "session")
CHOICES: Final = {
    **{rows: ("csv", rows) for rows in ROWS},
    **{name: (name, None) for name in SHAPES if name != "csv"},
}
"""By what one types: the format, and which rows of it."""

MOST_SESSIONS: Final = 1_000
"""Sessions of one file in the chat, about 80,000 answers: it is held in memory until it is sent
(`bench.workbook` measures what 100,000 rows take)."""

MOST_OF_A_BUNDLE: Final = 300
"""The same of a FHIR bundle: Telegram takes 50 MB, and one of 250 full sessions was 30 MB."""

USAGE: Final = (
    f"Write /export, or /export with one of: {', '.join(CHOICES)}. Then, if you like, a case code, "
    "or the first day: /export xlsx 2026-11-01."
)


def export_asked(asked: Asked, words: list[str]) -> Transaction[None]:
    """Have a file written and sent to the private chat of whoever asks."""
    try:
        wanted = yield from wanted_of(asked, words)
    except (EnrolmentError, OptionsError, NoTypesetterError) as error:
        yield from asked.answer(str(error))
        return
    to = yield from private_or_told(asked)
    if to is None:
        return
    yield from asked.log(EXPORT, wanted.options.case, wanted.told)
    row = NewRow(f"export:{asked.repeat}", Lane.REST, to, EXPORT, payload_of(wanted))
    yield from outbox.put(row, asked.now, asked.office.vault)
    yield from told_where(asked, to)


def wanted_of(asked: Asked, words: list[str]) -> Transaction[Order]:
    """Return what was asked for.

    Raises:
        EnrolmentError: there is no such case.
        OptionsError: it makes no sense, or is too much for a chat.
        NoTypesetterError: nothing is installed that could set a PDF.
    """
    what, *more = words or [""]
    choice = CHOICES.get(what.lower() or ROWS[0])
    if choice is None or len(more) > 1:
        raise OptionsError(USAGE)
    file_format, rows = choice
    word = more[0] if more else ""
    shape = SHAPES[file_format]
    if shape.suffix == "pdf" and not can_set():
        raise NoTypesetterError
    if is_day(word) and not shape.one_case:
        since = moment(word, ZoneInfo(asked.office.settings.clinic_timezone))
        yield from refuse_too_many(since, file_format)
        return order(file_format, rows, None, since, None)
    if word:
        code, dash, _ = word.rpartition("-") if shape.alert else (word, "", "")
        loaded = yield from case(asked.office, code if dash else word)
        alert = word if dash else None
        return order(file_format, rows, loaded.record.patient.code, None, None, alert)
    if shape.one_case:
        raise OptionsError(f"Write the case code too, like /export {file_format} A7K2.")
    yield from refuse_too_many(None, file_format)
    return order(file_format, rows, None, None, None)


def refuse_too_many(since: datetime | None, file_format: str) -> Transaction[None]:
    """Refuse a file that would be held in memory for long, or could not be sent.

    Raises:
        OptionsError: there are too many sessions.
    """
    most = MOST_OF_A_BUNDLE if file_format == "fhir" else MOST_SESSIONS
    count = yield from treated_since(stored(since) if since else "", most + 1)
    if count > most:
        raise OptionsError(
            f"More than {most:,} sessions are too much for a chat. Name a later first "
            "day, like /export xlsx 2026-11-01, or have `aftercheck export` run where the bot runs."
        )


def is_day(word: str) -> bool:
    """Whether a word is a date such as 2026-11-01."""
    try:
        date.fromisoformat(word)
    except ValueError:
        return False
    return True


def payload_of(wanted: Order) -> dict[str, str | None]:
    """Return an order as the outbox keeps it."""
    options = wanted.options
    since = stored(options.since) if options.since else None
    rows = options.rows if SHAPES[wanted.file_format].rows else None
    return {
        "format": wanted.file_format, "rows": rows, "case": options.case, "since": since,
        "alert": options.alert,
    }  # fmt: skip


def order_of(payload: dict[str, str | None]) -> Order:
    """Return the order of an outbox row; one of version 0.1 names its rows alone."""
    since = payload.get("since")
    return order(
        payload.get("format") or "csv", payload["rows"], payload.get("case"),
        datetime.fromisoformat(since) if since else None, None, payload.get("alert"),
    )  # fmt: skip
