"""Every file that leaves the clinic, by its format: for the command line, the chat and the web.

Whoever offers one looks first at whether the asker may (`export` in `flows/engine/permissions.py`)
and notes it in the audit trail with `Order.told`; then `write` in a thread.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final, NamedTuple, TypeAlias, get_args
from zoneinfo import ZoneInfo

from bot.export import one_case
from bot.export.columns import RowKind
from bot.export.source import Source
from bot.export.writing import Options, OptionsError, Progress, write_csv
from bot.settings import Settings
from flows.staff_language import N_, _, decimal, in_english
from storage.sealing import Keyring


@dataclass(frozen=True)
class Order:
    """What to write: a format, and of what."""

    file_format: str
    options: Options

    @property
    def shape(self) -> "Shape":
        """Its format."""
        return SHAPES[self.file_format]

    def name(self, now: datetime) -> str:
        """Return a name for the file, such as `aftercheck-A7K2-2026-11-30.pdf`."""
        shape = self.shape
        what = self.options.case or (f"{self.options.rows}s" if shape.rows else "history")
        return f"aftercheck-{what}-{now:%Y-%m-%d}.{shape.suffix}"

    @property
    def told(self) -> str:
        """What was exported, as the audit trail names it."""
        options = self.options
        shape = self.shape
        parts = [
            options.rows if shape.rows else shape.told,
            options.alert,
            options.since and f"since {options.since:%Y-%m-%d %H:%M%z}",
            options.until and f"until {options.until:%Y-%m-%d %H:%M%z}",
        ]
        return " ".join(str(one) for one in parts if one)


Write: TypeAlias = Callable[[Source, Options, BinaryIO, Progress], int]


class Shape(NamedTuple):
    """A format: how its file ends, what writes it, what it holds: for the audit, and in a chat.

    `rows`: one kind of row must be chosen. `one_case`: it is about one case, and all of it.
    `alert`: it is about one alert of the case. `counts`: what `write` returns the number of.
    """

    suffix: str
    write: Write
    told: str
    caption: str = ""
    rows: bool = False
    one_case: bool = False
    alert: bool = False
    counts: str = "rows"

    @property
    def is_set(self) -> bool:
        """Whether it is a PDF, which the extra `pdf` sets."""
        return self.suffix.endswith("pdf")

    def how_far(self, done: int, total: int) -> str:
        """Return how far a file is, by what `write` has reported: `3 of 8 cases`, or a step."""
        if not self.one_case:
            return _("{done} of {total} cases", done=decimal(done), total=decimal(total))
        return _(one_case.STEPS[min(done, len(one_case.STEPS) - 1)])


def csv(source: Source, options: Options, out: BinaryIO, progress: Progress) -> int:
    """Write a table, and return how many rows it has."""
    return write_csv(source.settings.database_url, source.keyring, options, out, progress)


def xlsx(source: Source, options: Options, out: BinaryIO, progress: Progress) -> int:
    """Write a workbook, and return how many rows it has."""
    from bot.export.workbook import Cover, write_xlsx  # noqa: PLC0415 - only where it is wanted

    settings = source.settings
    cover = Cover(settings.contact.clinic, ZoneInfo(settings.clinic_timezone), source.now)
    return write_xlsx(settings.database_url, source.keyring, options, out, progress, cover)


def fhir(source: Source, options: Options, out: BinaryIO, progress: Progress) -> int:
    """Write a FHIR bundle, and return how many resources it holds."""
    from bot.export.fhir.bundle import Clinic, write_fhir  # noqa: PLC0415 - as above

    contact = source.settings.contact
    clinic = Clinic(contact.clinic, contact.phone, source.now)
    return write_fhir(source.settings.database_url, source.keyring, options, out, progress, clinic)


ONE_ROW: Final[Mapping[RowKind, str]] = {
    "answer": N_("One row an answer."),
    "check_in": N_("One row a check-in."),
    "session": N_("One row a session."),
}
WHOLE: Final = N_("Everything about {case}.")
COPY: Final = N_("The patient's own copy of everything about {case}, in the patient's language.")
SUMMARY: Final = N_("A prefilled summary (not a submission) of an alert of {case}.")
SHEETS: Final = N_("One sheet for each kind of row.")
BUNDLE: Final = N_("A FHIR R4B bundle.")
SHAPES: Final[Mapping[str, Shape]] = {
    "csv": Shape("csv", csv, "", rows=True),
    "xlsx": Shape("xlsx", xlsx, "workbook", SHEETS),
    "fhir": Shape("fhir.json", fhir, "FHIR bundle", BUNDLE, counts="resources"),
    "json": Shape("json", one_case.json, "everything, as json", WHOLE, one_case=True),
    "pdf": Shape("pdf", one_case.pdf, "everything, as pdf", WHOLE, one_case=True),
    "copy": Shape("copy.pdf", one_case.copy_pdf, "the patient's copy, as pdf", COPY, one_case=True),
    "copy-json": Shape(
        "copy.json", one_case.copy_json, "the patient's copy, as json", COPY, one_case=True
    ),
    "adverse-event": Shape(
        "adverse-event.pdf", one_case.adverse_event_pdf, "adverse event", SUMMARY,
        one_case=True, alert=True,
    ),
    "adverse-event-json": Shape(
        "adverse-event.json", one_case.adverse_event_json, "adverse event, as json", SUMMARY,
        one_case=True, alert=True,
    ),
}  # fmt: skip
"""By the name that `--format` takes."""


def order(  # noqa: PLR0913, PLR0917 - one parameter an option
    file_format: str, rows: str | None, case: str | None, since: datetime | None,
    until: datetime | None, alert: str | None = None,
) -> Order:  # fmt: skip
    """Return what was asked for.

    Raises:
        OptionsError: it makes no sense.
    """
    shape = SHAPES.get(file_format)
    if shape is None:
        raise OptionsError(f"--format is {listed(tuple(SHAPES))}.")
    kind = next((one for one in get_args(RowKind) if one == (rows or "answer")), None)
    if kind is None:
        raise OptionsError(f"--rows is one of {', '.join(get_args(RowKind))}.")
    if alert and case is None:
        case = alert.rpartition("-")[0]
    if shape.one_case and (case is None or rows or since or until):
        raise OptionsError(
            f"--format {file_format} is about one case and all of it: name it with --case, and "
            "leave --rows, --since and --until out."
        )
    if rows and not shape.rows:
        raise OptionsError(f"--rows is for csv only: {file_format} holds every kind of row.")
    if alert and not shape.alert:
        raise OptionsError("--alert is for adverse-event only.")
    options = Options(kind, upper(case), since, until, upper(alert))
    return Order(file_format, options)


def upper(code: str | None) -> str | None:
    """Return a case's or an alert's code as it is stored."""
    return code.strip().upper() if code else None


def write(
    settings: Settings, wanted: Order, out: BinaryIO, progress: Progress, now: datetime
) -> int:
    """Write a file, and return how many rows it has, or how many cases.

    It blocks: call it in a thread, never in the event loop. `progress` is told how many of all
    cases are done, of a file about one case how many steps (`Shape.how_far` says it in words).

    Raises:
        OptionsError: there is no such case.
        StorageError: the database cannot be read.
        SealError: ENCRYPTION_KEY does not open it, or a row was changed or moved.
        NoTypesetterError: a PDF was asked for, and the extra `pdf` is not installed.
        OSError: the file cannot be written.
    """
    keyring = Keyring.from_text(settings.encryption_key.get_secret_value())
    source = Source(settings, keyring, now)
    with in_english():
        return wanted.shape.write(source, wanted.options, out, progress)


def listed(names: tuple[str, ...]) -> str:
    """Return names as a sentence has them: `csv, json or pdf`."""
    return f"{', '.join(names[:-1])} or {names[-1]}"
