"""Sealing what a patient said: AES-256-GCM, bound to the place where it is stored.

The clinic's ENCRYPTION_KEY wraps one data key for each patient, and the data key seals the rows. To
erase a patient, destroy the wrapped key: the rows cannot be read again. A backup made before holds
the wrapped key too, and is to be deleted (`storage/erasing.py`).

A sealed value is the key's id (4 bytes), a nonce (12), then ciphertext and tag (as long as the
content, and 16). The place, "table|column|row", is authenticated with it, so a value that is moved
to another row cannot be opened there.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.transaction import Query, Transaction

KEY_BYTES = 32
ID_BYTES = 4
NONCE_BYTES = 12
"""96 random bits, as NIST SP 800-38D asks of a key that seals less than 2**32 values."""

WRAPPED = "data key"
"""The place of a wrapped key, which is valid in any row: a row's content is bound to its key."""

KEPT_KEYS = 4096
"""How many unwrapped data keys are remembered: patients that are active at one time."""


class SealError(Exception):
    """A sealed value cannot be opened; the sentence never holds any of its content."""


class DataKey:
    """Seals and opens the values of one patient, or of one other owner."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher = AESGCM(key)
        self.id = sha256(key).digest()[:ID_BYTES]

    def seal(self, plain: bytes, place: str) -> bytes:
        """Return the content sealed for this place, "table|column|row"."""
        nonce = os.urandom(NONCE_BYTES)
        return self.id + nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Return the content of what was sealed for this place.

        Raises:
            SealError: another key or another place, or a byte has changed.
        """
        if sealed[:ID_BYTES] != self.id:
            raise SealError(
                f"What is stored at {place} was sealed with key {sealed[:ID_BYTES].hex()}, "
                f"not with {self.id.hex()}: it belongs to somebody else, or is damaged."
            )
        nonce, rest = sealed[ID_BYTES : ID_BYTES + NONCE_BYTES], sealed[ID_BYTES + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, rest, place.encode())
        except (InvalidTag, ValueError):
            raise SealError(
                f"What is stored at {place} was changed or moved from another place. "
                "Do not trust this database; compare it with a backup."
            ) from None

    def derived(self, purpose: str) -> bytes:
        """Return a key of 32 bytes for another purpose, from which this one cannot be found."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(self._key)


class Keyring:
    """The clinic's keys: the first wraps, all of them unwrap."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {key.id: key for key in map(DataKey, keys)}
        self._first = next(iter(self._keys.values()))
        self.unwrap = lru_cache(KEPT_KEYS)(self._unwrapped)

    @classmethod
    def from_text(cls, text: str) -> "Keyring":
        """Read ENCRYPTION_KEY: one key as of `new_key_text`, or several separated by commas.

        To change the key, put a new one in front, `rewrap` every stored key, and take the old out.

        Raises:
            SealError: a key is missing or malformed; the sentence does not repeat it.
        """
        return cls([key_from_text(part.strip()) for part in text.split(",")])

    def new_data_key(self) -> bytes:
        """Return a new data key, wrapped; unwrap it to use it."""
        return self._first.seal(os.urandom(KEY_BYTES), WRAPPED)

    def rewrap(self, wrapped: bytes) -> bytes:
        """Return the same data key wrapped with the first of the clinic's keys.

        Raises:
            SealError: as in `unwrap`.
        """
        return self._first.seal(self._opened(wrapped), WRAPPED)

    def is_first(self, wrapped: bytes) -> bool:
        """Say whether a data key is wrapped with the first of the clinic's keys."""
        return wrapped[:ID_BYTES] == self._first.id

    def _unwrapped(self, wrapped: bytes) -> DataKey:
        """Return the data key, remembered for the next time.

        Raises:
            SealError: ENCRYPTION_KEY does not hold the key it was wrapped with, or it is damaged.
        """
        return DataKey(self._opened(wrapped))

    def _opened(self, wrapped: bytes) -> bytes:
        key = self._keys.get(wrapped[:ID_BYTES])
        if key is None:
            known = ", ".join(known.hex() for known in self._keys)
            raise SealError(
                f"A data key was wrapped with key {wrapped[:ID_BYTES].hex()}, and ENCRYPTION_KEY "
                f"holds {known}. Add the key that was used before, after a comma."
            )
        return key.open(wrapped, WRAPPED)


def new_key_text() -> str:
    """Return a new key for ENCRYPTION_KEY: 32 random bytes in base64url."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def key_from_text(text: str) -> bytes:
    """Return one key; the `=` at its end may be left out.

    Raises:
        SealError: it is no key.
    """
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SealError(
            "ENCRYPTION_KEY is no key. It must be 32 bytes in base64url, 43 characters; "
            "several are separated by commas."
        )
    return key


CLINIC_KEY = "SELECT value FROM meta WHERE key = 'clinic_key'"


def clinic_key(keyring: Keyring) -> Transaction[DataKey]:
    """Return the data key of rows that belong to no patient, made at the first use.

    Raises:
        SealError: as in `Keyring.unwrap`.
    """
    yield Query(
        "INSERT INTO meta (key, value) VALUES ('clinic_key', :wrapped) ON CONFLICT DO NOTHING",
        {"wrapped": keyring.new_data_key().hex()},
    )
    rows = yield Query(CLINIC_KEY)
    return keyring.unwrap(bytes.fromhex(rows[0]["value"]))
