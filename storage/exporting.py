"""What an export reads: one case after the other, in constant memory, from one unchanging view.

Each table is walked once in the order of the case codes, so a million rows cost a million steps
and never more memory than the largest case. Sealed rows are opened only when somebody asks.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

from storage.bodies import Body, answers_of, unpacked
from storage.case_keys import Key, place
from storage.history_rows import Act, Alert, AlertContent, Answered, CheckIn, Visit, Written
from storage.migrations import REVISIONS
from storage.synthetic import FIRST_REAL_CODE
from storage.transaction import Query, Row, StorageError, Transaction

Rows = Callable[[Query], Iterator[Row]]
"""What `storage.cursor.cursor` gives."""

LAST_CODE = "\U0010ffff"  # sorts after every case code
VERSION = "SELECT version_num FROM alembic_version"
COUNT = "SELECT COUNT(*) AS cases FROM patient WHERE code >= :first AND code <= :last"
CODES = "SELECT code FROM patient WHERE code >= :first AND code <= :last ORDER BY code"
STAFF = "SELECT user_id, name FROM staff"
PROTOCOLS = "SELECT name, text FROM protocol"
PATIENTS = """
    SELECT code, protocol, stage, zone, wrapped_key, created_at FROM patient
    WHERE code >= :first AND code <= :last ORDER BY code
"""
VISITS = """
    SELECT code, number, treatment, area, lot, ended_at FROM session
    WHERE code >= :first AND code <= :last ORDER BY code, number
"""
CHECK_INS = """
    SELECT code, key, session, purpose, due_at, state, reason, sent_at, completed_at, level
    FROM check_in WHERE code >= :first AND code <= :last ORDER BY code
"""
ANSWERS = """
    SELECT code, check_in, revision, at, hours, level, protocol, body FROM answer
    WHERE code >= :first AND code <= :last AND revision = (
        SELECT MAX(later.revision) FROM answer AS later
        WHERE later.code = answer.code AND later.check_in = answer.check_in)
    ORDER BY code
"""
ALERTS = """
    SELECT code, key, level, opened_at, raised_at, claimed_by, claimed_at, contacted_at,
           resolved_at, outcome, body
    FROM alert WHERE code >= :first AND code <= :last ORDER BY code
"""
WORDS = """
    SELECT code, at, check_in, alert, body FROM message
    WHERE code >= :first AND code <= :last AND author = 'patient' ORDER BY code, at
"""
TREATED = """
    SELECT COUNT(*) FROM (
        SELECT 1 FROM session
        WHERE ended_at >= :first AND ended_at < :end AND code >= :real LIMIT :most) AS found
"""
ACTS = """
    SELECT at, name, action, code, alert, allowed, detail FROM action
    WHERE at >= :first AND at < :end AND (code IS NULL OR code >= :real) ORDER BY id
"""
ACTS_OF_CASE = """
    SELECT at, name, action, code, alert, allowed, detail FROM action
    WHERE at >= :first AND at < :end AND (
        code = :code OR alert IN (SELECT key FROM alert WHERE code = :code))
    ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything an export needs of one case. Without a `key` its content was erased."""

    code: str
    protocol: str
    stage: str
    zone: str
    created_at: str
    key: Key | None
    visits: list[Visit]
    check_ins: list[CheckIn]
    answers: Mapping[str, Answered]
    alerts: list[Alert]
    written: list[Written]

    def answered(self, row: Answered) -> tuple[dict[str, object], tuple[str, ...]]:
        """Return the answers of a check-in, and the rules that fired.

        Raises:
            SealError: the row is damaged or was moved.
        """
        body = self._opened(row.body, "answer", row.check_in, str(row.revision))
        rules = dict.fromkeys(fired[0] for fired in body["because"])
        return answers_of(body["answers"]), tuple(rules)

    def about(self, alert: Alert) -> AlertContent:
        """Return what an alert is about, and why it was raised.

        Raises:
            SealError: the row is damaged or was moved.
        """
        body = self._opened(alert.body, "alert", alert.key)
        fired = body["because"]
        return AlertContent(
            body["check_in"], body["event"], body["session"], body["hours"], tuple(body["said"]),
            tuple(dict.fromkeys(one[0] for one in fired)),
            tuple(dict.fromkeys(one[2] for one in fired)),
        )  # fmt: skip

    def words(self, row: Written) -> str:
        """Return what a patient wrote; nothing where it was a picture alone.

        Raises:
            SealError: as in `about`.
        """
        return str(self._opened(row.body, "message", row.at)["text"])

    def _opened(self, body: bytes, table: str, *row: str) -> Body:
        assert self.key is not None
        return unpacked(self.key.open(bytes(body), place(table, self.code, *row)))


class Walk:
    """One table, sorted by case code, handed out case by case."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next: Row | None = next(rows, None)

    def of(self, code: str) -> Iterator[Any]:
        """Yield the rows of a case; codes must be asked for in order."""
        row = self._next
        while row is not None and row[0] < code:
            row = next(self._rows, None)
        while row is not None and row[0] == code:
            yield row
            row = next(self._rows, None)
        self._next = row


def check_version(rows: Rows) -> None:
    """Refuse a database that this version does not read.

    Raises:
        StorageError: it is of another version.
    """
    version = next(iter(rows(Query(VERSION))))[0]
    if version != REVISIONS[-1]:
        raise StorageError(
            f"The database is at schema {version}, and this Aftercheck exports {REVISIONS[-1]}. "
            "Start the bot once to bring the database up to date, or install what wrote it."
        )


def span(code: str | None) -> dict[str, object]:
    """Return the first and last code to read: of one case, or of all."""
    return {"first": code or FIRST_REAL_CODE, "last": code or LAST_CODE}


def count(rows: Rows, code: str | None) -> int:
    """Return how many cases `cases` will yield."""
    return int(next(iter(rows(Query(COUNT, span(code)))))[0])


def codes(rows: Rows, code: str | None) -> Iterator[str]:
    """Yield the code of every case, or of one, in their order."""
    return (row[0] for row in rows(Query(CODES, span(code))))


def staff_names(rows: Rows) -> dict[int, str]:
    """Return the name of everybody who is or was on the roster, by Telegram id."""
    return {row[0]: row[1] for row in rows(Query(STAFF))}


def protocols(rows: Rows) -> dict[str, str]:
    """Return the text of every protocol version that was used, by `id@version`."""
    return {row[0]: row[1] for row in rows(Query(PROTOCOLS))}


def treated_within(first: str, end: str, most: int) -> Transaction[int]:
    """Return how many sessions ended from `first` to before `end`, `most` where there are more."""
    values = {"first": first, "end": end, "real": FIRST_REAL_CODE, "most": most}
    found = yield Query(TREATED, values)
    return int(found[0][0])


def acts(rows: Rows, code: str | None, first: str, end: str) -> Iterator[Act]:
    """Yield who did, saw or decided what, about all or one case, from `first` to before `end`."""
    values: dict[str, object] = {"first": first, "end": end}
    if code is None:
        return (Act(*row) for row in rows(Query(ACTS, values | {"real": FIRST_REAL_CODE})))
    return (Act(*row) for row in rows(Query(ACTS_OF_CASE, values | {"code": code})))


def cases(
    rows: Rows, unwrap: Callable[[bytes], Key], code: str | None = None
) -> Generator[Case, None, None]:
    """Yield every case, or one, in order of the codes; `unwrap` opens a case's key.

    Raises:
        StorageError: the database cannot be read.
        SealError: a case's key cannot be opened with the clinic's.
    """
    with ExitStack() as stack:

        def walked(text: str) -> Generator[Row, None, None]:
            found = (row for row in rows(Query(text, span(code))))
            return stack.enter_context(closing(found))

        visits, check_ins, answers = (
            Walk(walked(VISITS)),
            Walk(walked(CHECK_INS)),
            Walk(walked(ANSWERS)),
        )
        alerts, written = Walk(walked(ALERTS)), Walk(walked(WORDS))
        for row in walked(PATIENTS):
            case, wrapped = row[0], bytes(row[4])
            asked = [CheckIn(*one) for one in check_ins.of(case)]
            asked.sort(key=lambda one: (one.session, one.due_at, one.key))
            yield Case(
                case, row[1], row[2], row[3], row[5], unwrap(wrapped) if wrapped else None,
                [Visit(*one) for one in visits.of(case)], asked,
                {one[1]: Answered(*one) for one in answers.of(case)},
                [Alert(*one) for one in alerts.of(case)],
                [Written(*one) for one in written.of(case)],
            )  # fmt: skip
