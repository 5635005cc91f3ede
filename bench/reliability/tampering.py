"""An audit trail of many rows, changed by somebody who can write to the database and has no key."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

from flows.engine.events import Did
from storage import audit, audit_check
from storage.audit import AuditKey, Head
from storage.audit_check import Check, Fault
from storage.transaction import Query, Transaction

START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
PEOPLE = ((5001, "Ben"), (5002, "Cleo"), (None, "Aftercheck"))
ACTS = ("claim", "contacted", "details", "case", "export", "write")

COLUMNS = {
    "at": "'2020-01-01T00:00:00.000000'", "actor": "CAST(5099 AS BIGINT)", "name": "'Zoe'",
    "action": "'resolve'", "code": "'Z9Z9'", "alert": "'Z9Z9-9'", "allowed": "1 - allowed",
    "detail": "'nothing happened'", "prev": "mac", "mac": "prev", "who_mark": "mac",
    "detail_mark": "mac",
}  # fmt: skip
"""By column, what somebody writes there instead."""

Put = Callable[[Query], None]


class Attack(NamedTuple):
    """What somebody does to the rows: its kind, and the statements."""

    kind: str
    statements: tuple[Query, ...]


def filled(key: AuditKey, count: int) -> Transaction[Head]:
    """Write so many acts; return the head of them."""
    head = yield from audit.begin(key, START)
    for number in range(count):
        actor, name = PEOPLE[number % len(PEOPLE)]
        code = f"A{number % 7 + 2}K2"
        act = Did(actor, name, ACTS[number % len(ACTS)], f"{code}-1", f"about {number}")
        row = audit.row_of(code, act, START + timedelta(seconds=number))
        head = yield from audit.append(key, head, row)
    return head


def attacks(rows: int, count: int, random: Random) -> Iterator[Attack]:
    """Yield so many attacks of each kind, each at another place."""
    for number in range(count):
        here = random.randint(2, rows - 2)
        other = random.choice([seq for seq in (here - 1, here + 1, 1, rows) if seq != here])
        column = list(COLUMNS)[number % len(COLUMNS)]
        change = f"UPDATE action SET {column} = {COLUMNS[column]}"  # noqa: S608 - ours, above
        yield Attack(f"change of {column}", (at(change, here),))
        yield Attack("deletion", (at("DELETE FROM action", here),))
        yield Attack("deletion, the rest moved up", (
            at("DELETE FROM action", here), after("UPDATE action SET seq = seq - 1", here),
        ))  # fmt: skip
        yield Attack("exchange of two", tuple(
            at(f"UPDATE action SET seq = {to}", seq)  # noqa: S608 - a number
            for seq, to in ((here, -1), (other, here), (-1, other))
        ))  # fmt: skip
        yield Attack("truncation", (after("DELETE FROM action", here),))
        yield Attack("row put in", (at(COPIED, here),))
        yield Attack("words emptied as if erased", (at(EMPTIED, here),))


COPIED = """
    INSERT INTO action (at, actor, name, action, code, alert, allowed, detail, seq, prev, mac,
                        who_mark, detail_mark)
    SELECT at, actor, name, action, code, alert, allowed, detail, seq + 1, prev, mac, who_mark,
           detail_mark FROM action
"""
EMPTIED = "UPDATE action SET detail = '', detail_mark = substr(detail_mark, 17)"


def at(text: str, seq: int) -> Query:
    """Return a statement for one row."""
    return Query(f"{text} WHERE seq = :seq", {"seq": seq})


def after(text: str, seq: int) -> Query:
    """Return a statement for all rows after one."""
    return Query(f"{text} WHERE seq > :seq", {"seq": seq})


def every_head() -> Transaction[list[Head]]:
    """Return each row as the head that it was."""
    rows = yield Query("SELECT seq, mac FROM action ORDER BY seq")
    return [Head(row["seq"], bytes(row["mac"])) for row in rows]


class UndoneError(Exception):
    """Raised inside a transaction, so that the attack is undone; holds what was found."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


def attacked(key: AuditKey, attack: Attack, known: Head | None = None) -> Transaction[None]:
    """Attack, look, and undo the attack.

    Raises:
        UndoneError: always.
    """
    for statement in attack.statements:  # noqa: UP028 - rows are sent back for each
        yield statement
    rows = yield Query(audit_check.ROWS)
    head = yield Query(audit_check.HEAD)
    loose = yield Query(audit_check.LOOSE)
    check = Check(key, known)
    faults = list(check.walk(rows))
    text = str(head[0]["value"]) if head else None
    raise UndoneError(faults + list(check.end(text, int(loose[0]["many"]))))


def cut_with_its_head(key: AuditKey, rows: list[Head], seq: int) -> Attack:
    """Return a truncation by somebody who kept an old head, and puts it back."""
    put_back = Query("UPDATE meta SET value = :value WHERE key = 'audit_head'",
                     {"value": key.text_of(rows[seq - 1])})  # fmt: skip
    return Attack("truncation with an old head", (after("DELETE FROM action", seq), put_back))
