"""A clinic's database full of patients who are being asked: real cases, real buttons.

Each patient has an open check-in and ten earlier ones, every one of them walked through the
engine press by press. The same walk answers the open one: its codes are what a phone presses.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bench.loopback import MESSAGE
from bench.ours import ZONE
from bot.settings import Settings
from flows.engine.advance import advance
from flows.engine.desk import Desk
from flows.engine.events import Change, Event, Key, Plan, Say
from flows.engine.inputs import CameDue, Pressed
from flows.engine.record import Patient, Record, Visit
from flows.engine.stored_check_in import StoredCheckIn
from flows.escalation import Clinic
from flows.protocol_file import bundled
from flows.schedule import Session
from storage import due, saving
from storage.due import DueRow
from storage.migrations.upgrade import upgrade_sqlite
from storage.sealing import Keyring
from storage.sqlite import connect, run_now
from storage.transaction import Transaction

TREATMENT, AREA = "laser_abl", "face"
HOURS = (6, 24, 48, 72, 96, 120, 168, 240, 336, 504, 672)
"""Hours of the eleven check-ins after the session; the last is the open one."""

GROUP = 500
"""Patients stored in one transaction."""

LONGEST = 30  # presses
QUIET = timedelta(days=1)
"""Nothing planned falls due while something else is measured."""

WANTED = ("▫️ redness", "have symptoms", "same", "done", "1  ",
          "treated area only", "no")  # fmt: skip
"""What the patient presses: the first of these that a button's label begins or ends with."""


class Walked(NamedTuple):
    """One patient's case, what is planned for it, and the presses that finish its check-in."""

    record: Record
    plans: tuple[Plan, ...]
    presses: tuple[str, ...]


def keys_of(events: Sequence[Event]) -> list[Key]:
    """Return the buttons of the message that a decision shows."""
    shown = [one.message.keys for one in events if isinstance(one, (Say, Change))]
    return [key for row in shown[-1] for key in row]


def pressed_next(keys: Sequence[Key]) -> str:
    """Return the code of the button that a patient with mild redness presses."""
    labels = {key.label.lower(): key.code for key in keys}
    for wanted in WANTED:
        for label, code in labels.items():
            if label.startswith(wanted) or label.endswith(wanted):
                return code
    return next(iter(labels.values()))


def walk(desk: Desk, record: Record, check_in: StoredCheckIn) -> tuple[list[Walked], list[str]]:
    """Send a check-in and answer it to its end: the case after each press, and the presses."""
    now, about = check_in.due_at, f"{record.patient.code}:{check_in.key}"
    decision = advance(
        desk, record.with_check_in(check_in), CameDue("check_in", about), now
    )  # fmt: skip
    steps: list[Walked] = []
    codes: list[str] = []
    while True:
        plans = tuple(one for one in decision.events if isinstance(one, Plan))
        steps.append(Walked(decision.record, plans, ()))
        if decision.record.check_ins[check_in.key].completed_at:
            return steps, codes
        codes.append(pressed_next(keys_of(decision.events)))
        assert len(codes) < LONGEST, f"a check-in without an end: {codes}"
        now += timedelta(seconds=20)
        decision = advance(desk, decision.record, Pressed(codes[-1], MESSAGE), now)


def example(given: Settings) -> Walked:
    """Return a case with ten answered check-ins and an open one of the last noon."""
    desk = Desk(bundled(), Clinic(given.staff, (), given.hours), given.contact)
    today = datetime.now(ZoneInfo(ZONE)) - timedelta(hours=12)
    noon = today.replace(hour=12, minute=0, second=0, microsecond=0)
    ended = noon.astimezone(UTC) - timedelta(hours=HOURS[-1])
    session = Session(1, TREATMENT, ended, ended, ZONE, AREA)
    patient = Patient("CODE", bundled().name, "active", "en", ZONE, name="Anna")
    record = Record(patient, (Visit(session, "L-2026-01"),))
    for hours in HOURS:
        due_at = ended + timedelta(hours=hours)
        key = f"1/check_in/{hours}"
        check_in = StoredCheckIn(key, 1, "check_in", hours, due_at, (hours,))
        steps, codes = walk(desk, record, check_in)
        record = replace(steps[-1].record, alerts={}, alerts_so_far=0)
        rechecks = {name: one for name, one in record.check_ins.items() if "recheck" not in name}
        record = replace(record, check_ins=rechecks)
    opened = steps[0]
    message = replace(opened.record.check_ins[key], message_id=MESSAGE)
    return Walked(opened.record.with_check_in(message), opened.plans, tuple(codes))


def waiting(given: Settings) -> Walked:
    """Return the same case before its open check-in was sent: planned for the last noon."""
    record = example(given).record
    key, opened = next((key, c) for key, c in record.check_ins.items() if c.state == "sent")
    fresh = StoredCheckIn(key, 1, "check_in", opened.hours, opened.due_at, opened.covers)
    record = record.with_check_in(fresh).with_patient(current="")
    return Walked(record, (Plan("check_in", f"CODE:{key}", opened.due_at),), ())


def stored(
    keyring: Keyring, walked: Walked, chats: Sequence[int], now: datetime
) -> Transaction[None]:
    """Store the same case for each of these chats."""
    for chat in chats:
        code = f"P{chat}"
        patient = replace(walked.record.patient, code=code, chat_id=chat)
        yield from saving.new_case(keyring, replace(walked.record, patient=patient), now)
        for plan in walked.plans:
            about = plan.about.replace("CODE:", f"{code}:")
            at = max(plan.at, now + QUIET)
            yield from due.plan(DueRow(plan.kind, about, code, at))


def make(
    folder: Path, key: str, chats: Sequence[int], walked: Walked, now: datetime | None = None
) -> None:
    """Make the database `clinic.db` in a folder, with a patient in each of these chats.

    `now` is when they are stored: nothing of theirs falls due in the day after it.
    """
    path = folder / "clinic.db"
    connect(path).close()
    upgrade_sqlite(path)
    connection = connect(path)
    keyring, now = Keyring.from_text(key), now or datetime.now(UTC)
    for first in range(0, len(chats), GROUP):
        some = chats[first : first + GROUP]
        run_now(connection, stored(keyring, walked, some, now))
    connection.close()
