"""Whether the audit trail is as it was written: each row by itself, and all of them as a chain.

It goes through the rows once, in their order, and keeps only what is still open: rows whose words
were emptied, until the act of erasing that explains it comes. So any number of rows takes the same
memory. It goes on after a fault, and finds each that can be told from the others.
"""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from storage.audit import BROKEN, DIGEST, SALT, AuditKey, Head
from storage.erasing import NAMELESS_ROWS
from storage.transaction import Query, Row, Transaction

ROWS = "SELECT * FROM action WHERE seq IS NOT NULL ORDER BY seq, id"
TAIL = "SELECT * FROM action WHERE seq IS NOT NULL ORDER BY seq DESC, id DESC LIMIT :most"
NEWEST = "SELECT * FROM action ORDER BY id DESC LIMIT :most"
NEWEST_OF_CASE = """
    SELECT * FROM action WHERE code = :code OR alert LIKE :alerts ORDER BY id DESC LIMIT :most
"""
LOOSE = "SELECT COUNT(*) AS many FROM action WHERE seq IS NULL"
HEAD = "SELECT value FROM meta WHERE key = 'audit_head'"

BROKEN_HEAD: Final = "broken"
SHORTEST_HEAD: Final = 8
"""Hexadecimal digits of a head that somebody kept, at least."""

NOBODY: Final = (None, "somebody")
"""Who did it, once erasing has emptied that."""


class Fault(NamedTuple):
    """What is wrong: at which row, 0 for the trail as a whole, and in a sentence."""

    seq: int
    what: str

    def __str__(self) -> str:
        return f"row {self.seq}: {self.what}" if self.seq else self.what


class KnownHeadError(ValueError):
    """A head that was kept is written SEQ:MAC, as the digest and `aftercheck audit head` say it."""


def known_head(text: str) -> Head:
    """Read a head that somebody kept; its `mac` is the first bytes of the whole.

    Raises:
        KnownHeadError: it is none.
    """
    seq, _, mac = text.strip().partition(":")
    try:
        head = Head(int(seq), bytes.fromhex(mac))
    except ValueError:
        raise KnownHeadError(KnownHeadError.__doc__) from None
    if head.seq < 0 or len(mac) < SHORTEST_HEAD:
        raise KnownHeadError(KnownHeadError.__doc__)
    return head


@dataclass
class Check:
    """One walk over the rows.

    Args:
        key: What the rows were signed with.
        known: A head that somebody kept outside.
        last: The row before the first one to come; the trail's own beginning if left out.
    """

    key: AuditKey
    known: Head | None = None
    last: Head = Head(0, b"")  # noqa: RUF009 - it cannot change
    seen: int = 0
    wordless: dict[str, int] = field(default_factory=dict)
    nameless: set[int] = field(default_factory=set)

    def walk(self, rows: Iterable[Row]) -> Iterator[Fault]:
        """Yield what is wrong with the rows and between them."""
        for row in rows:
            values = {name: row[name] for name in row.keys()}  # noqa: SIM118 - it is no mapping
            seq = values["seq"]
            if not isinstance(seq, int):
                yield Fault(0, "A row's place was changed to something that is no number.")
                continue
            yield from self.place_of(seq)
            yield from self.content_of(seq, values)
            self.explain(seq, values)
            if self.known is not None and seq == self.known.seq:
                yield from self.known_at(bytes_of(values["mac"]))
            self.last = Head(seq, bytes_of(values["mac"]))
            self.seen += 1

    def place_of(self, seq: int) -> Iterator[Fault]:
        """Yield whether the row is not the next one."""
        due = self.last.seq + 1
        if seq == due + 1:
            yield Fault(due, "is missing: it was deleted.")
        elif seq > due:
            yield Fault(due, f"and all up to {seq - 1} are missing: they were deleted.")
        elif seq < due:
            yield Fault(seq, "is there twice, or out of its place.")

    def content_of(self, seq: int, row: dict[str, Any]) -> Iterator[Fault]:
        """Yield whether the row says anything else than was written."""
        marks = {name: bytes_of(row[name]) for name in ("who_mark", "detail_mark")}
        prev = bytes_of(row["prev"])
        mac = self.key.mac(seq, prev, row | marks)
        if not hmac.compare_digest(mac, bytes_of(row["mac"])):
            yield Fault(seq, "was changed, moved or put in: its code does not fit what it says.")
        elif prev != self.last.mac and seq == self.last.seq + 1:
            yield Fault(seq, "does not follow the row before it, which was changed or put in.")
        who = [row["actor"], row["name"]]
        if not self.fits(marks["who_mark"], who, emptied=tuple(who) == NOBODY):
            yield Fault(seq, "who did it was changed.")
        is_bare = not marks["detail_mark"] and row["detail"] == ""
        if not is_bare and not self.fits(
            marks["detail_mark"], row["detail"], emptied=row["detail"] == ""
        ):
            yield Fault(seq, "its detail was changed.")
        if row["action"] == BROKEN:
            yield Fault(seq, "the head was found changed here; rows before this may be missing.")

    def fits(self, mark: bytes, content: object, *, emptied: bool) -> bool:
        """Whether a content is the one that was written, or was emptied with its salt."""
        if len(mark) == DIGEST:
            return emptied
        if len(mark) != SALT + DIGEST:
            return False
        return hmac.compare_digest(self.key.mark(content, mark[:SALT]), mark)

    def explain(self, seq: int, row: dict[str, Any]) -> None:
        """Note what was emptied, and strike out what this act of erasing explains."""
        if len(bytes_of(row["detail_mark"])) == DIGEST:
            self.wordless.setdefault(case_of(row), seq)
        if len(bytes_of(row["who_mark"])) == DIGEST:
            self.nameless.add(seq)
        if row["action"] == "erase" and row["allowed"]:
            self.wordless.pop(str(row["code"]), None)
            named = str(row["detail"]).removeprefix(NAMELESS_ROWS).split()
            self.nameless -= {int(one) for one in named if one.isdigit()}

    def known_at(self, mac: bytes) -> Iterator[Fault]:
        """Yield whether the row with the known head's place is another one."""
        assert self.known is not None
        if not mac.startswith(self.known.mac):
            yield Fault(
                self.known.seq, "is another one than when its head was kept: the trail was "
                "written anew since, or a backup was restored.",
            )  # fmt: skip

    def end(self, head_text: str | None, loose: int) -> Iterator[Fault]:
        """Yield what is wrong with the end: the head, and what nothing explains."""
        head = self.key.head_of(head_text or "")
        if head is None and (head_text or self.seen):
            yield Fault(
                0, "The trail's head was changed or taken away: rows at its end may be too."
            )
        elif head is not None and head.seq > self.last.seq:
            what = f"and all up to {head.seq} are missing: the end was cut off."
            yield Fault(self.last.seq + 1, what)
        elif head is not None and head.seq < self.last.seq:
            yield Fault(head.seq + 1, "and all after it were put in: the head does not know them.")
        elif head is not None and head.mac != self.last.mac:
            yield Fault(head.seq, "is not the one that the head knows.")
        if self.known is not None and self.known.seq > self.last.seq:
            yield Fault(
                self.last.seq + 1, f"and all up to {self.known.seq} are missing, which were there "
                "when that head was kept: the end was cut off, or a backup was restored.",
            )  # fmt: skip
        if loose and self.seen:
            yield Fault(0, f"{loose} row(s) stand outside the trail: they were put in.")
        for case, seq in sorted(self.wordless.items(), key=lambda one: one[1]):
            yield Fault(seq, f"its detail was emptied, and no erasing of {case} explains it.")
        for seq in sorted(self.nameless):
            yield Fault(seq, "who did it was emptied, and no erasing explains it.")


def case_of(row: dict[str, Any]) -> str:
    """Return the case that a row is about."""
    return str(row["code"] or str(row["alert"] or "").rpartition("-")[0])


def bytes_of(value: object) -> bytes:
    """Return a column of bytes, empty where something else stands there."""
    return bytes(value) if isinstance(value, bytes | memoryview | bytearray) else b""


def verify_tail(key: AuditKey, most: int) -> Transaction[list[Fault]]:
    """Look at the last rows and the head only: cheap enough for every minute.

    What was emptied is not held against them here, because what explains it may come earlier.
    """
    rows = list(reversed((yield Query(TAIL, {"most": most + 1}))))
    head = yield Query(HEAD)
    loose = yield Query(LOOSE)
    is_whole = len(rows) <= most
    last = Head(0, b"") if is_whole else Head(rows[0]["seq"], bytes_of(rows[0]["mac"]))
    check = Check(key, last=last)
    faults = list(check.walk(rows if is_whole else rows[1:]))
    check.wordless.clear()
    check.nameless.clear()
    text = str(head[0]["value"]) if head else None
    return faults + list(check.end(text, int(loose[0]["many"])))


def head_now(key: AuditKey) -> Transaction[str]:
    """Return the head as people keep it, `417:9f2c…`; empty where the trail has not begun.

    A head that is not ours is `BROKEN_HEAD`.
    """
    rows = yield Query(HEAD)
    text = str(rows[0]["value"]) if rows else ""
    head = key.head_of(text)
    return str(head) if head else (BROKEN_HEAD if text else "")
