"""Makes the pictures of docs/export.md: a page of a case's PDF, and a sheet of its workbook.

    python -m bench.export_pictures --write docs/screenshots

The case is made up: two sessions, a fever that Ben takes care of, words in three scripts. Typst
draws the page. The sheet is drawn by LibreOffice and Poppler, which `make office` and the system's
`poppler-utils` bring; where they are missing it says so and leaves the old picture.
"""

import argparse
import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bench.office import by_office
from bot.export.clinic_report import clinic_report
from bot.export.everything import document
from bot.export.pdf import drawn_page
from bot.export.workbook import Cover, write_xlsx
from bot.export.writing import Options
from flows.classify import compiled
from flows.derived import History
from flows.engine.events import Answered, Did, Noted
from flows.engine.record import Patient, Record, StoredAlert, Visit
from flows.engine.stored_check_in import StoredCheckIn
from flows.escalation import StaffMember
from flows.protocol_file import bundled
from flows.schedule import Session
from flows.verdict import ALERTING
from storage import audit, clinic, journal
from storage.audit import AuditKey
from storage.opening import open_database
from storage.saving import new_case, save
from storage.sealing import Keyring, clinic_key, new_key_text
from storage.transaction import Transaction

CASE: Final = "A7K2"
ZONE: Final = ZoneInfo("Europe/Berlin")
ENDED: Final = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
MADE: Final = datetime(2026, 12, 9, 9, tzinfo=UTC)
BEN: Final = StaffMember(5001, "Ben", "nurse")
NONE: Final = frozenset[str]()
DAYS: Final[Mapping[int, Mapping[str, Any]]] = {
    6: {"red_flags": NONE, "redness": 2, "swelling": 1, "temp_c": 36.9},
    24: {"red_flags": NONE, "redness": 3, "swelling": 2, "temp_c": 39.2, "warmth": True},
    72: {"red_flags": NONE, "redness": 2, "swelling": 1, "itch": 1, "temp_c": 37.6},
    120: {"red_flags": NONE, "redness": 1, "swelling": 0, "itch": 2, "temp_c": 36.8},
    336: {"red_flags": NONE, "redness": 0, "itch": 0},
}
"""By hours after the session, what the patient answers."""
PART: Final = ("-r", "160", "-x", "100", "-y", "110", "-W", "1550", "-H", "350")
"""Of the sheet's page, the part that has something in it: dots an inch, and where it lies."""
WORDS: Final = (
    ("patient", "my cheek is hot, really"), ("Ben", "Please drink, and send a photo tomorrow."),
    ("patient", "Щека очень горячая"), ("patient", "خدي ساخن جدا"), ("patient", "=1+1"),
)  # fmt: skip


def story(keyring: Keyring) -> Transaction[None]:
    """Store the case."""
    session = Session(1, "mn_topical", ENDED, ENDED, "Europe/Berlin", "face")
    patient = Patient(CASE, bundled().name, "active", "en", "Europe/Berlin")
    planned = {
        f"1/check_in/{hours}": StoredCheckIn(
            f"1/check_in/{hours}", 1, "check_in", hours, ENDED + timedelta(hours=hours), (hours,)
        )
        for hours in DAYS
    }
    record = Record(patient, (Visit(session, "EX-2026-118"),), planned)
    key = yield from new_case(keyring, record, ENDED)
    after = record
    for (name, one), (hours, given) in zip(planned.items(), DAYS.items(), strict=True):
        now = one.due_at + timedelta(minutes=12)
        verdict = compiled(bundled()).classify("mn_topical", hours + 0.2, given, History())
        after = after.with_check_in(replace(
            one, state="complete", sent_at=one.due_at, answered_at=now, completed_at=now,
            level=verdict.level, answers=given, revision=1,
        ))  # fmt: skip
        event = Answered(name, 1, hours + 0.2, given, verdict)
        yield from journal.answered(CASE, key, event, None, now)
        if verdict.level >= ALERTING:
            after = after.with_alert(StoredAlert(
                f"{CASE}-1", CASE, verdict.level, now, now, 1, hours + 0.2, name,
                because=verdict.because, claimed_by=BEN.id, claimed_at=now + timedelta(minutes=3),
                contacted_by=BEN.id, contacted_at=now + timedelta(minutes=9),
                resolved_by=BEN.id, resolved_at=now + timedelta(hours=26), outcome="advised",
            ))  # fmt: skip
    for place, (who, said) in enumerate(WORDS):
        at = ENDED + timedelta(hours=24, minutes=14 + place)
        yield from journal.noted(CASE, key, Noted(who, "words", said), None, at)
    yield from save(key, record, after, MADE)
    signing = AuditKey((yield from clinic_key(keyring)))
    for place, action in enumerate(("claim", "contacted", "resolve")):
        act = Did(BEN.id, "Ben", action, f"{CASE}-1")
        yield from audit.did(signing, CASE, act, ENDED + timedelta(hours=24 + place))


async def stored(url: str, keyring: Keyring) -> None:
    """Make the clinic's database."""
    database = await open_database(url)
    await database.run(clinic.join(BEN, ENDED))
    await database.run(story(keyring))
    await database.close()


def page(url: str, keyring: Keyring) -> bytes:
    """Draw the first page of the case's PDF."""
    found = document(url, keyring, CASE, "Clinic Sunrise", MADE)
    return drawn_page(clinic_report(*found, ZONE))


def sheet(url: str, keyring: Keyring, folder: Path) -> bytes:
    """Draw the sheet of the answers as LibreOffice shows it."""
    book = BytesIO()
    cover = Cover("Clinic Sunrise", ZONE, MADE)
    write_xlsx(url, keyring, Options(), book, lambda _done, _total: None, cover)
    source = folder / "history.xlsx"
    source.write_bytes(book.getvalue())
    by_office(source, "pdf", folder)
    text = ["pdftotext", "-layout", str(folder / "anew" / "history.pdf"), "-"]
    pages = subprocess.run(text, check=True, capture_output=True, text=True).stdout.split("\f")  # noqa: S603
    number = next(n for n, one in enumerate(pages, 1) if "In words" in one and CASE in one)
    command = ["pdftoppm", "-png", *PART, "-f", str(number), "-l", str(number), "-singlefile"]
    paths = [str(folder / "anew" / "history.pdf"), str(folder / "sheet")]
    subprocess.run([*command, *paths], check=True)  # noqa: S603
    return (folder / "sheet.png").read_bytes()


def main() -> None:
    """Draw both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, required=True, help="the folder of the pictures")
    target: Path = parser.parse_args().write
    with tempfile.TemporaryDirectory() as name:
        folder, keyring = Path(name), Keyring.from_text(new_key_text())
        url = f"sqlite:///{folder / 'clinic.db'}"
        asyncio.run(stored(url, keyring))
        (target / "case-pdf.png").write_bytes(page(url, keyring))
        if all(map(shutil.which, ("soffice", "pdftotext", "pdftoppm"))):
            (target / "workbook.png").write_bytes(sheet(url, keyring, folder))
        else:
            print("The sheet was not drawn: it needs LibreOffice and poppler-utils.")


if __name__ == "__main__":
    main()
