"""One case, everything: as it is stored, and as the copy that its patient gets."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

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


def copy_for_a_machine(whole: Document, saying: Saying) -> Document:
    """Return the patient's copy for a machine, with two things in the patient's words.

    `labels` are what its names mean, `in_words` is the same to read: what the PDF says.
    """
    read = copy_to_read(whole, saying)
    language = read["language"]
    return {"language": language, "labels": wording(language).keys, "in_words": read, **whole}


def copy_to_read(whole: Document, saying: Saying) -> Document:
    """Return what the patient's copy says, in the patient's language."""
    return report(whole, saying, wording(whole["patient"][0]["language"]))


def as_json(whole: Document) -> bytes:
    """Return a document for a machine: UTF-8, indented, keys in the order of docs/export.md."""
    return json.dumps(whole, ensure_ascii=False, indent=1).encode(errors="replace") + b"\n"


COPIES: Final[
    Mapping[str, tuple[Callable[[Document, Saying], Document], Callable[[Document], bytes]]]
] = {"json": (copy_for_a_machine, as_json), "pdf": (copy_to_read, pdf)}
"""What a patient gets by /mydata: what draws it up, and what sets it down."""
