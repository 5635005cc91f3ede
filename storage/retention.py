"""What is kept no longer than it is needed, by class; docs/data-care.md shows the table.

Deleted in small transactions, each of which takes what is left: a night that was broken off goes on
where it was. What waits, what nobody could read yet, and what is open is never touched.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from storage.erasing import YEAR
from storage.instants import stored
from storage.transaction import Query, Transaction

BATCH: Final = 500
"""Rows in one transaction: a few milliseconds, so that no answer waits behind it."""


class Kept(NamedTuple):
    """A class of rows: its setting, what it is, how long by default, why, and what deletes it.

    `days` is 0 where it stays as long as its case.
    """

    setting: str
    what: str
    days: int
    why: str
    text: str


CLASSES: Final = (
    Kept(
        "KEEP_UPDATES_DAYS", "updates from Telegram that were worked on", 30,
        "own choice: a month to find out what went wrong", """
            DELETE FROM inbox WHERE update_id IN (
                SELECT update_id FROM inbox WHERE state = 'done' AND ended_at < :before
                ORDER BY update_id LIMIT :most)
            RETURNING update_id
        """,
    ),
    Kept(
        "KEEP_MESSAGES_DAYS", "messages that were sent or dropped", 30,
        "own choice: as long as updates", """
            DELETE FROM outbox WHERE id IN (
                SELECT id FROM outbox
                WHERE state NOT IN ('pending', 'sending') AND ended_at < :before
                ORDER BY id LIMIT :most)
            RETURNING id
        """,
    ),
    Kept(
        "KEEP_PLANS_DAYS", "plans that were carried out or dropped", 30,
        "own choice: as long as updates", """
            DELETE FROM due WHERE key IN (
                SELECT key FROM due WHERE state <> 'waiting' AND ended_at < :before
                ORDER BY key LIMIT :most)
            RETURNING key
        """,
    ),
    Kept(
        "KEEP_PHOTOS_DAYS", "patients' photos", 0,
        "own choice: part of the record of the treatment", """
            UPDATE photo SET body = NULL WHERE id IN (
                SELECT photo.id FROM photo JOIN message ON message.id = photo.message
                WHERE photo.body IS NOT NULL AND message.at < :before
                ORDER BY photo.id LIMIT :most)
            RETURNING id
        """,
    ),
    Kept(
        "KEEP_WORDS_DAYS", "single messages of patients and staff; words that are answers stay "
        "with the case", 0, "own choice: part of the record of the treatment", """
            DELETE FROM message WHERE id IN (
                SELECT message.id FROM message
                WHERE message.at < :before AND NOT EXISTS (
                    SELECT 1 FROM photo
                    WHERE photo.message = message.id
                      AND (photo.fetched_at IS NULL OR photo.body IS NOT NULL))
                ORDER BY message.id LIMIT :most)
            RETURNING id
        """,
    ),
)  # fmt: skip

CASES_YEARS: Final = 10
"""Years after its last session a case is erased. German law has records of a treatment kept for
ten years after its end (BGB, section 630f (3)); elsewhere set KEEP_CASES_YEARS."""

OLD_CASE = """
    SELECT code FROM patient
    WHERE length(wrapped_key) > 0 AND created_at < :before AND code > :after
      AND NOT EXISTS (
          SELECT 1 FROM session WHERE session.code = patient.code AND ended_at >= :before)
      AND NOT EXISTS (
          SELECT 1 FROM alert WHERE alert.code = patient.code AND resolved_at IS NULL)
    ORDER BY code LIMIT 1
"""


def forget(kept: Kept, days: int, now: datetime) -> Transaction[int]:
    """Delete the next few rows of a class that ended so long ago; return how many.

    Less than `BATCH` means that no more is left.
    """
    values = {"before": stored(now - timedelta(days=days)), "most": BATCH}
    return len((yield Query(kept.text, values)))


def old_case(years: float, now: datetime, after: str) -> Transaction[str | None]:
    """Return the next case, by its code, whose last session is so long ago and that is closed."""
    rows = yield Query(OLD_CASE, {"before": stored(now - years * YEAR), "after": after})
    return str(rows[0]["code"]) if rows else None


def table_of_classes() -> str:
    """Return the classes as a table of Markdown."""
    lines = ["| setting | of what | by default | why so long |", "|---|---|---:|---|"]
    for kept in CLASSES:
        days = f"{kept.days} days" if kept.days else "0: as long as the case"
        lines.append(f"| `{kept.setting}` | {kept.what} | {days} | {kept.why} |")
    law = "BGB, section 630f (3), which is German law; your own may say otherwise"
    whole = "whole cases, after their last session: erased as `aftercheck erase` does"
    lines.append(f"| `KEEP_CASES_YEARS` | {whole} | {CASES_YEARS} years | {law} |")
    felt = "how each treatment was felt, in counts of 20 courses or more and without codes"
    felt_for = "2 days after they were last made | own choice: made anew each night"
    lines.append(f"| none | {felt} ([the course](course.md)) | {felt_for} |")
    trail = "the audit trail: pseudonymous once the case is erased"
    lines.append(f"| none | {trail} | for good | its chain proves nothing with a part cut off |")
    return "\n".join(lines)
