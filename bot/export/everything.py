"""One case, everything: as JSON for a machine, and as a PDF to read."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from bot.export.case_report import report
from bot.export.pdf import pdf
from bot.export.said import Saying
from bot.export.wording import wording
from bot.export.writing import OptionsError
from storage.cursor import cursor
from storage.exporting import check_version, protocols
from storage.sealing import Keyring
from storage.whole_case import whole_case

Document: TypeAlias = Mapping[str, Any]
CopyFormat: TypeAlias = Literal["json", "pdf"]
KIND: Final = "aftercheck.case/1"
"""What the document calls itself; the number grows when a key changes its meaning or goes."""


def document(
    database_url: str, keyring: Keyring, code: str, clinic: str, now: datetime
) -> tuple[Document, Saying]:
    """Return everything that is stored about a case, and what puts its answers into words.

    It blocks, on a connection of its own: call it in a thread, never in the event loop.

    Raises:
        OptionsError: there is no such case.
        StorageError: the database cannot be read.
        SealError: ENCRYPTION_KEY does not open it, or a row was changed or moved.
    """
    with cursor(database_url) as rows:
        check_version(rows)
        found = whole_case(rows, keyring, code)
        if found is None:
            raise OptionsError(f"There is no case {code}.")
        saying = Saying(protocols(rows))
    made = now.isoformat(timespec="seconds")
    return {"format": KIND, "case": code, "clinic": clinic, "made_at": made, **found}, saying


def copy_as_json(whole: Document, saying: Saying) -> bytes:
    """Return the patient's copy for a machine, with two things in the patient's words.

    `labels` are what its names mean, `in_words` is the same to read: what the PDF says.
    """
    word = wording(whole["patient"][0]["language"])
    read = report(whole, saying, word)
    own = {"language": word.language, "labels": word.keys, "in_words": read, **whole}
    return as_json(own, saying)


def copy_as_pdf(whole: Document, saying: Saying) -> bytes:
    """Return the patient's copy to read, in the patient's language.

    Raises:
        NoTypesetterError: the extra `pdf` is not installed.
    """
    return pdf(report(whole, saying, wording(whole["patient"][0]["language"])))


def as_json(whole: Document, _saying: Saying) -> bytes:
    """Return the document for a machine: UTF-8, indented, keys in the order of docs/export.md."""
    return json.dumps(whole, ensure_ascii=False, indent=1).encode(errors="replace") + b"\n"


def as_pdf(whole: Document, saying: Saying) -> bytes:
    """Return the document to read.

    Raises:
        NoTypesetterError: the extra `pdf` is not installed.
    """
    return pdf(report(whole, saying))


FORMATS: Final[Mapping[str, Callable[[Document, Saying], bytes]]] = {
    "json": as_json, "pdf": as_pdf,
}  # fmt: skip
"""By the name that `--format` takes."""
COPIES: Final[Mapping[str, Callable[[Document, Saying], bytes]]] = {
    "json": copy_as_json, "pdf": copy_as_pdf,
}  # fmt: skip
"""What a patient gets by /mydata."""
