"""The files about one case: each is read, drawn up and set, and says which of these it is at."""

from collections.abc import Callable
from typing import Any, BinaryIO, Final, TypeAlias
from zoneinfo import ZoneInfo

from bot.export.adverse_event import adverse_event, as_summary_json, as_summary_pdf
from bot.export.clinic_report import clinic_report
from bot.export.everything import COPIES, Document, as_json, document
from bot.export.pdf import pdf as set_pdf
from bot.export.said import Saying
from bot.export.source import Source
from bot.export.writing import Options, Progress
from flows.staff_language import N_

STEPS: Final = (N_("reading the case"), N_("drawing it up"), N_("setting it"))
DrawUp: TypeAlias = Callable[[Document, Saying], Any]
"""Makes, out of everything that is stored about a case, what a file is to say."""


def json(source: Source, options: Options, out: BinaryIO, progress: Progress) -> int:
    """Write everything about one case for a machine; return 1, for one case."""
    return one_case(source, options, out, progress, lambda whole, _: whole, as_json)


def pdf(source: Source, options: Options, out: BinaryIO, progress: Progress) -> int:
    """Write everything about one case to read and to sign; return 1, for one case."""
    zone = ZoneInfo(source.settings.clinic_timezone)

    def drawn_up(whole: Document, saying: Saying) -> Any:  # noqa: ANN401 - what JSON can hold
        return clinic_report(whole, saying, zone)

    return one_case(source, options, out, progress, drawn_up, set_pdf)


def copy_pdf(source: Source, options: Options, out: BinaryIO, progress: Progress) -> int:
    """Write a patient's own copy to read, as /mydata gives it; return 1, for one case."""
    return one_case(source, options, out, progress, *COPIES["pdf"])


def copy_json(source: Source, options: Options, out: BinaryIO, progress: Progress) -> int:
    """Write a patient's own copy for a machine, as /mydata gives it; return 1, for one case."""
    return one_case(source, options, out, progress, *COPIES["json"])


def adverse_event_pdf(source: Source, options: Options, out: BinaryIO, progress: Progress) -> int:
    """Write a prefilled summary of an alert to read and to complete; return 1, for one case."""
    return one_case(source, options, out, progress, summary(source, options), as_summary_pdf)


def adverse_event_json(source: Source, options: Options, out: BinaryIO, progress: Progress) -> int:
    """Write a prefilled summary of an alert for a machine; return 1, for one case."""
    return one_case(source, options, out, progress, summary(source, options), as_summary_json)


def summary(source: Source, options: Options) -> DrawUp:
    """Return what draws up the summary of an alert."""
    settings = source.settings
    zone, phone = ZoneInfo(settings.clinic_timezone), settings.contact.phone
    return lambda whole, saying: adverse_event(whole, saying, zone, phone, options.alert)


def one_case(  # noqa: PLR0913, PLR0917 - the four of every format, and the two that differ
    source: Source, options: Options, out: BinaryIO, progress: Progress, draw_up: DrawUp,
    set_down: Callable[[Any], bytes],
) -> int:  # fmt: skip
    """Write a file about one case; return 1. `progress` is told how many of `STEPS` are done."""
    assert options.case is not None
    url, clinic = source.settings.database_url, source.settings.contact.clinic
    progress(0, len(STEPS))
    whole, saying = document(url, source.keyring, options.case, clinic, source.now)
    progress(1, len(STEPS))
    drawn_up = draw_up(whole, saying)
    progress(2, len(STEPS))
    out.write(set_down(drawn_up))
    progress(len(STEPS), len(STEPS))
    return 1
