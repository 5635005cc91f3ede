"""The keys of cases and of the clinic, found when a transaction needs them."""

from storage.audit import AuditKey
from storage.case_keys import Key, Keys
from storage.sealing import SealError
from storage.transaction import Query, Transaction

WRAPPED = "SELECT wrapped_key FROM patient WHERE code = :code"


class Vault:
    """Opens and seals for cases by their code, and for the clinic.

    Args:
        keys: what opens the wrapped keys that are stored.
        clinic: the key of rows that belong to no case.
    """

    def __init__(self, keys: Keys, clinic: Key) -> None:
        self.keys = keys
        self.clinic = clinic
        self.audit = AuditKey(clinic)

    def key_of(self, code: str | None) -> Transaction[Key]:
        """Return the key of a case, or the clinic's.

        Raises:
            SealError: there is no such case, or its key was destroyed.
        """
        if code is None:
            return self.clinic
        rows = yield Query(WRAPPED, {"code": code})
        if not rows or not rows[0]["wrapped_key"]:
            raise SealError(f"There is no key of the case {code}: it was erased, or never was.")
        return self.keys.unwrap(bytes(rows[0]["wrapped_key"]))

    def seal(self, code: str | None, plain: bytes, place: str) -> Transaction[bytes]:
        """Return the sealed bytes; errors as `key_of`."""
        return (yield from self.key_of(code)).seal(plain, place)

    def open(self, code: str | None, sealed: bytes, place: str) -> Transaction[bytes]:
        """Return the plain bytes.

        Raises:
            SealError: they cannot be opened.
        """
        return (yield from self.key_of(code)).open(sealed, place)
