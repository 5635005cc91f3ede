"""Cases for measuring the board: copies over three years, and some that are whole."""

# ruff: noqa: S608 - nothing from outside is put into a query

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bench.patients import AREA, HOURS, TREATMENT
from flows.engine.record import Record, StoredAlert
from flows.protocol_file import bundled
from flows.verdict import Fired, Level
from storage import saving
from storage.instants import stored
from storage.sealing import Keyring
from storage.transaction import Query, Transaction

WHOLE, OPEN = 60, 40
"""So many open, and so many of those have an open alert."""

YEARS: Final = 3

AT = "strftime('%Y-%m-%dT%H:%M:%S', :now, '-' || (n * {step:.3f}) || ' minutes', '+{more} minutes')"
CODE, SILENT = "'C' || printf('%05d', n)", "n % 7 = 0"
SERIOUS = "(n + :number) % 20 = 0"
COUNT = "WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < :many)"


def at(many: int, minutes: int = 0) -> str:
    """Return in SQL when something of case `n` was, minutes after its session."""
    step = YEARS * 365 * 24 * 60 / many
    return AT.format(step=step, more=minutes) + " || '.000000+00:00'"


def copied(now: datetime, many: int) -> Transaction[None]:
    """Fill the tables with so many cases over the years; nobody opens what is sealed in them."""
    values = {"now": stored(now)[:19], "many": many}
    about = {"protocol": bundled().name, "treatment": TREATMENT, "area": AREA}
    yield Query(
        f"""{COUNT} INSERT INTO patient (code, protocol, stage, language, zone, wrapped_key, body,
        created_at, changed_at) SELECT {CODE}, :protocol, 'active', 'en', 'UTC', x'00', x'00',
        {at(many)}, {at(many)} FROM count""",
        values | about,
    )
    yield Query(
        f"""{COUNT} INSERT INTO session (code, number, treatment, area, lot, ended_at, known_at,
        zone) SELECT {CODE}, 1, :treatment, :area, 'LOT' || (n / 400), {at(many)}, {at(many)}, 'UTC'
        FROM count""",
        values | about,
    )
    for number, hours in enumerate(HOURS):
        yield from check_ins_copied(values | {"number": number}, hours)


def check_ins_copied(values: dict[str, object], hours: int) -> Transaction[None]:
    """Fill in every case's check-in of so many hours, of which one in twenty raised an alert."""
    many, minute = int(str(values["many"])), hours * 60 + 1
    asked, done = at(many, minute), at(many, minute + 20)
    yield Query(
        f"""{COUNT} INSERT INTO check_in (code, key, session, purpose, hours, due_at, state,
        sent_at, completed_at, level) SELECT {CODE}, '1/check_in/{hours}', 1, 'check_in', {hours},
        {at(many, hours * 60)}, CASE WHEN {SILENT} THEN 'unanswered' ELSE 'complete' END, {asked},
        CASE WHEN {SILENT} THEN NULL ELSE {done} END, CASE WHEN {SILENT} THEN NULL
        WHEN {SERIOUS} THEN 'urgent' ELSE 'expected' END FROM count""",
        values,
    )
    alert = f"{CODE} || '-' || (:number + 1)"
    of_those = f"FROM count WHERE {SERIOUS} AND NOT ({SILENT})"
    yield Query(
        f"""{COUNT} INSERT INTO alert (key, code, state, level, opened_at, raised_at, claimed_at,
        contacted_at, resolved_at, outcome, body) SELECT {alert}, {CODE}, 'closed', 'urgent',
        {asked}, {asked}, {at(many, minute + 6)}, {at(many, minute + 9)}, {done}, 'advised', x'00'
        {of_those}""",
        values,
    )
    yield Query(
        f"""{COUNT} INSERT INTO action (at, name, action, code, alert, allowed, detail) SELECT
        {asked}, 'Aftercheck', 'raised', {CODE}, {alert}, 1, 'urgent: FEV-07, TRD-04' {of_those}""",
        values,
    )


def whole(keyring: Keyring, record: Record, now: datetime) -> Transaction[None]:
    """Store cases whose rows open, some of them with an open alert."""
    for number in range(1, WHOLE + 1):
        code = f"W{number:05d}"
        patient = replace(record.patient, code=code, chat_id=None)
        found = replace(record, patient=patient)
        if number <= OPEN:
            at = now - timedelta(minutes=number)
            fired = (
                Fired("FEV-07", Level.URGENT, "39.0-40.0 C (FDA grade 3)", ("S2", "S3"), "P3"),
            )
            alert = StoredAlert(
                f"{code}-1", code, Level.URGENT, at, at, 1, 30.0, next(iter(record.check_ins)),
                said=("What is the highest temperature? 39.2 °C",), because=fired,
            )  # fmt: skip
            found = replace(found, alerts={alert.key: alert}, alerts_so_far=1)
        yield from saving.new_case(keyring, found, now)
