"""`/export`: a history or a case as a file, sent to the private chat of whoever asks."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.enrolment import EnrolmentError, case
from bot.export.files import SHAPES, Order, order
from bot.export.pdf import NoTypesetterError, can_set
from bot.export.writing import Options, OptionsError, moment
from bot.staff.asked import Asked
from bot.staff.asked_files import elsewhere
from bot.staff.cases import private_or_told, told_where
from flows.staff_language import N_, _
from storage import outbox
from storage.exporting import treated_within
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

USAGE: Final = N_(
    "Write /export, or /export with one of: {names}. Then, if you like, a case "
    "code, or the first day, or the first and the last: /export xlsx 2026-11-01 "
    "2026-11-30."
)


def usage() -> str:
    """Return how a file is asked for."""
    return _(USAGE, names=", ".join(CHOICES))


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
    if choice is None:
        raise OptionsError(usage())
    file_format, rows = choice
    shape = SHAPES[file_format]
    if shape.is_set and not can_set():
        raise NoTypesetterError
    if not shape.one_case and all(is_day(word) for word in more):
        since, until = days(more, ZoneInfo(asked.office.settings.clinic_timezone))
        yield from refuse_too_many(asked, file_format, since, until)
        return order(file_format, rows, None, since, until)
    if len(more) > 1:
        raise OptionsError(usage())
    if more:
        code, dash, _number = more[0].rpartition("-") if shape.alert else (more[0], "", "")
        loaded = yield from case(asked.office, code if dash else more[0])
        alert = more[0] if dash else None
        return order(file_format, rows, loaded.record.patient.code, None, None, alert)
    raise OptionsError(_("Write the case code too, like /export {shape} A7K2.", shape=file_format))


def days(words: list[str], zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return the first instant of the first day and the first after the last, None where not said.

    Raises:
        OptionsError: there are more days, or the last is before the first.
    """
    if len(words) > len(("first", "last")):
        raise OptionsError(usage())
    since = moment(words[0], zone) if words else None
    until = moment(words[1], zone, ends=True) if words[1:] else None
    if since and until and until <= since:
        raise OptionsError(_("The last day must not be before the first."))
    return since, until


def refuse_too_many(
    asked: Asked, file_format: str, since: datetime | None, until: datetime | None
) -> Transaction[None]:
    """Refuse a file that would be held in memory for long, or could not be sent.

    Raises:
        OptionsError: there are too many sessions.
    """
    most = MOST_OF_A_BUNDLE if file_format == "fhir" else MOST_SESSIONS
    span = Options(since=since, until=until).span
    count = yield from treated_within(*span, most + 1)
    if count > most:
        raise OptionsError(
            _(
                "More than {number} sessions are too much for a chat. Name fewer days, like "
                "/export xlsx 2026-11-01 2026-11-30, or {where}.",
                number=format(most, ","),
                where=elsewhere(asked.office.settings),
            )
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
    since, until = (stored(at) if at else None for at in (options.since, options.until))
    rows = options.rows if SHAPES[wanted.file_format].rows else None
    return {
        "format": wanted.file_format, "rows": rows, "case": options.case, "since": since,
        "until": until, "alert": options.alert,
    }  # fmt: skip


def order_of(payload: dict[str, str | None]) -> Order:
    """Return the order of an outbox row; one of version 0.1 names its rows alone."""
    since, until = (
        datetime.fromisoformat(at) if at else None
        for at in (payload.get("since"), payload.get("until"))
    )
    return order(
        payload.get("format") or "csv", payload["rows"], payload.get("case"), since, until,
        payload.get("alert"),
    )  # fmt: skip
