"""What an export finds: Anna's good and bad day, typed words, an alert that Ben took."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.classify import compiled
from flows.derived import History
from flows.engine.events import Answered, Noted
from flows.engine.record import Patient, Record, StoredAlert, Visit
from flows.engine.stored_check_in import StoredCheckIn
from flows.escalation import StaffMember
from flows.protocol_file import bundled
from flows.schedule import Session
from flows.verdict import Verdict
from storage import clinic, journal
from storage.saving import new_case, save
from storage.sealing import Keyring, new_key_text
from storage.transaction import Database, Query, Transaction

KEY = new_key_text()
KEYRING = Keyring.from_text(KEY)
ENDED = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
BEN = StaffMember(5001, "Ben", "nurse")
WELL: Mapping[str, Any] = {"red_flags": frozenset(), "redness": 1, "swelling": 0, "hives": "none"}
ILL: Mapping[str, Any] = {
    "red_flags": frozenset(), "redness": 3, "temp_c": 39.2, "warmth": True, "bruise": 0,
}  # fmt: skip


def sorted_as(answers: Mapping[str, Any], hours: float) -> Verdict:
    """Return how the bundled protocol sorts answers."""
    return compiled(bundled()).classify("mn_topical", hours, answers, History())


def case(code: str, *, area: str = "face", lot: str = "L-1") -> Record:
    """Return a case with four check-ins: two to be answered, one missed, one planned."""
    patient = Patient(code, bundled().name, "active", "en", "Europe/Berlin", name="Anna Secret")
    session = Session(1, "mn_topical", ENDED, ENDED, "Europe/Berlin", area)
    check_ins = [
        StoredCheckIn(
            f"1/check_in/{hours}", 1, "check_in", hours, ENDED + timedelta(hours=hours), (hours,)
        )
        for hours in (6, 24, 72, 120)
    ]
    check_ins[2] = replace(check_ins[2], state="missed_by_system", reason="the bot was down")
    return Record(patient, (Visit(session, lot),), {one.key: one for one in check_ins})


def history(code: str, words: str = "my cheek is hot, really") -> Transaction[None]:
    """Store a case whose first answer was fine and whose second raised an alert."""
    before = case(code)
    key = yield from new_case(KEYRING, before, ENDED)
    after = before
    for name, answers in (("1/check_in/6", WELL), ("1/check_in/24", ILL)):
        one = before.check_ins[name]
        now = one.due_at + timedelta(minutes=15)
        verdict = sorted_as(answers, one.hours + 0.25)
        after = after.with_check_in(replace(
            one, state="complete", sent_at=one.due_at, answered_at=now, completed_at=now,
            level=verdict.level, answers=answers, revision=2,
        ))  # fmt: skip
        first = {"red_flags": answers["red_flags"]}
        for revision, given in ((1, first), (2, answers)):
            event = Answered(name, revision, one.hours + 0.25, given, verdict)
            yield from journal.answered(code, key, event, None, now)
    noted = Noted("patient", "words", words, "1/check_in/24")
    yield from journal.noted(code, key, noted, None, now + timedelta(minutes=1))
    alert = StoredAlert(
        f"{code}-1", code, verdict.level, now, now, 1, 24.25, "1/check_in/24",
        because=verdict.because, claimed_by=BEN.id, claimed_at=now + timedelta(minutes=3),
    )  # fmt: skip
    yield from save(key, before, after.with_alert(alert), now)


async def anna_and_ben(database: Database) -> None:
    """Store Anna's case, and who Ben is."""
    await database.run(clinic.join(BEN, ENDED))
    await database.run(history("A7K2"))


def was_opened_before(at: str) -> Transaction[None]:
    """Let Anna's alert have been opened at a lower level, before it became urgent."""
    yield Query("UPDATE alert SET opened_at = :at WHERE key = 'A7K2-1'", {"at": at})
