"""Wrapping every stored data key with the first of ENCRYPTION_KEY's keys.

What was sealed stays as it is: only the keys that open it are wrapped anew. Each batch is one
transaction, and a key that is wrapped with the first already is passed by, so a rotation that was
stopped goes on where it was.
"""

from typing import NamedTuple

from storage.sealing import Keyring, SealError
from storage.transaction import Query, Transaction

BATCH = 500  # keys in one transaction

COUNT = "SELECT COUNT(*) AS many FROM patient WHERE length(wrapped_key) > 0"
NEXT = """
    SELECT code, wrapped_key FROM patient
    WHERE code > :after AND length(wrapped_key) > 0 ORDER BY code LIMIT :most {for_update}
"""
WRAP = "UPDATE patient SET wrapped_key = :wrapped WHERE code = :code"
CLINIC_KEY = "SELECT value FROM meta WHERE key = 'clinic_key' {for_update}"
WRAP_CLINIC_KEY = "UPDATE meta SET value = :value WHERE key = 'clinic_key'"


class Batch(NamedTuple):
    """What a batch came to.

    `last` is the code to go on after, None at the end; `seen` counts keys, `wrapped` those that
    were changed; `lost` are cases whose key cannot be opened.
    """

    last: str | None
    seen: int
    wrapped: int
    lost: list[str]


def count() -> Transaction[int]:
    """Return how many patients have a key."""
    return int((yield Query(COUNT))[0]["many"])


def rotate(keyring: Keyring, after: str) -> Transaction[Batch]:
    """Wrap the keys of the next `BATCH` patients whose codes come after this one."""
    rows = yield Query(NEXT, {"after": after, "most": BATCH})
    lost = []
    wrapped = 0
    for row in rows:
        old = bytes(row["wrapped_key"])
        if keyring.is_first(old):
            continue
        try:
            new = keyring.rewrap(old)
        except SealError:
            lost.append(row["code"])
            continue
        yield Query(WRAP, {"wrapped": new, "code": row["code"]})
        wrapped += 1
    last = rows[-1]["code"] if len(rows) == BATCH else None
    return Batch(last, len(rows), wrapped, lost)


def rotate_clinic_key(keyring: Keyring) -> Transaction[bool]:
    """Wrap the clinic's key, and say whether that changed anything.

    Raises:
        SealError: ENCRYPTION_KEY does not hold the key it was wrapped with.
    """
    rows = yield Query(CLINIC_KEY)
    if not rows or keyring.is_first(bytes.fromhex(rows[0]["value"])):
        return False
    new = keyring.rewrap(bytes.fromhex(rows[0]["value"]))
    yield Query(WRAP_CLINIC_KEY, {"value": new.hex()})
    return True
