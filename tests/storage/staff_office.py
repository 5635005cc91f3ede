"""A clinic in Berlin with its database: Ben, Cleo and Dora care, Alma leads, Eve reads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from bot import staff
from bot.enrolment import Enrolled, EnrolmentRequest, enrol
from bot.office import BOT_NAME, Office
from bot.settings import settings
from flows.engine.record import StoredAlert
from flows.engine.stored_check_in import StoredCheckIn
from flows.escalation import StaffMember
from flows.protocol_file import bundled, bundled_text
from flows.verdict import Fired, Level
from storage import clinic, outbox, records, saving
from storage.sealing import Keyring, clinic_key, new_key_text
from storage.transaction import Database, Query, Transaction
from storage.vault import Vault

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
"""Tuesday, 14:00 in Berlin."""

GROUP, ELSEWHERE = -100_500, -100_999
BEN = StaffMember(5001, "Ben", "nurse")
CLEO = StaffMember(5002, "Cleo", "doctor")
DORA = StaffMember(5003, "Dora", "nurse", reachable=False)
EVE = StaffMember(5004, "Eve", "auditor")
ALMA = StaffMember(5005, "Alma", "admin")
GONE = StaffMember(5006, "Gus", "nurse", on_roster=False)
PEOPLE = (BEN, CLEO, DORA, EVE, ALMA, GONE)

BOTH = EnrolmentRequest("mn_topical+inj_skin", NOW - timedelta(minutes=30), "face")


@dataclass
class Desk:
    """A clinic's office and database, and how its people act on them."""

    office: Office
    database: Database
    now: datetime = NOW
    numbers: int = 0

    async def runs(self, make: Any) -> Any:
        """Run a transaction that a function makes, and return what it returns."""
        return await self.database.run(make)

    async def enrols(self, by: StaffMember | None = BEN, **changes: Any) -> Enrolled:
        request = replace(BOTH, **changes)
        return await self.runs(lambda: enrol(self.office, request, self.now, by))

    async def types(
        self, who: StaffMember | None, text: str, chat: int = GROUP, number: int | None = None
    ) -> list[SimpleNamespace]:
        """Type a command; return the messages that it caused."""
        self.numbers += 1
        name, user_id = (who.name, who.id) if who else ("Zoe", 9999)
        said = staff.StaffCommand(text, chat, number or self.numbers, user_id, name)
        before = await self.last_row()
        await self.runs(lambda: staff.command(self.office, who, said, self.now))
        return await self.messages(before)

    async def presses(
        self, who: StaffMember | None, code: str, chat: int = GROUP, number: int = 77,
        after: float = 1.0,
    ) -> tuple[str, list[SimpleNamespace]]:  # fmt: skip
        """Press a button so many seconds later; return what pops up and the messages it caused."""
        self.now += timedelta(seconds=after)
        self.numbers += 1
        before = await self.last_row()
        toasts = await self.runs(
            lambda: staff.pressed(
                self.office, who, code, chat, number, self.now, update_id=self.numbers
            )
        )
        return " ".join(toast.text for toast in toasts), await self.messages(before)

    async def answers(
        self, who: StaffMember | None, text: str, *slots: str, chat: int = GROUP
    ) -> tuple[bool, list[SimpleNamespace]]:
        """Answer a message of the bot's; return whether it was taken, and what it caused."""
        self.numbers += 1
        before = await self.last_row()
        taken = await self.runs(
            lambda: staff.replied(
                self.office, who, text, slots, chat, self.now, update_id=self.numbers
            )
        )
        return taken, await self.messages(before)

    async def digest(self) -> SimpleNamespace:
        """Let the digest's time come; return it."""
        before = await self.last_row()
        await self.runs(lambda: staff.digest(self.office, self.now))
        [message] = await self.messages(before)
        return message

    async def rows(self, text: str, **values: object) -> list[SimpleNamespace]:
        """Return the rows of a query."""

        def find() -> Transaction[list[SimpleNamespace]]:
            rows = yield Query(text, values)
            return [SimpleNamespace(**dict(zip(row.keys(), row, strict=True))) for row in rows]

        return await self.database.read(find())

    async def last_row(self) -> int:
        [found] = await self.rows("SELECT COALESCE(MAX(id), 0) AS last FROM outbox")
        return found.last

    async def messages(self, after: int = 0) -> list[SimpleNamespace]:
        """Return the outbox's messages after a row, opened: text, keys, chat, slot, method."""
        rows = await self.rows("SELECT * FROM outbox WHERE id > :after ORDER BY id", after=after)
        return [await self.opened(row) for row in rows]

    async def opened(self, row: SimpleNamespace) -> SimpleNamespace:
        def body() -> Transaction[bytes]:
            place = outbox.place_of(row.dedup_key)
            return (yield from self.office.vault.open(row.code, bytes(row.body), place))

        payload = json.loads(await self.database.read(body()))
        keyboard = payload.get("reply_markup", {}).get("inline_keyboard", [])
        keys = {key["text"]: key.get("callback_data") for line in keyboard for key in line}
        text = payload.get("text", payload.get("caption", ""))
        return SimpleNamespace(text=text, keys=keys, payload=payload, **vars_of(row))

    async def case(self, code: str) -> Any:
        """Return a case's record."""
        loaded = await self.runs(lambda: records.of_case(self.office.vault.keys, code))
        return loaded.record

    async def saves(self, code: str, change: Any) -> None:
        """Change a case's record."""

        def save() -> Transaction[None]:
            loaded = yield from records.of_case(self.office.vault.keys, code)
            assert loaded is not None
            after = change(loaded.record)
            yield from saving.save(loaded.key, loaded.record, after, self.now)

        await self.runs(save)

    async def raises(self, code: str, level: Level, **changes: Any) -> str:
        """Raise an alert of a case; return its key."""
        record = await self.case(code)
        key = f"{code}-{len(record.alerts) + 1}"
        fired = Fired("FEV-04", level, "Fever after the first two days", ("S3",), "P2")
        alert = StoredAlert(
            key=key, code=code, level=level, raised_at=self.now, opened_at=self.now, session=1,
            hours=50, check_in="1/check_in/48", said=("Temperature: 38.2",), because=(fired,),
            **changes,
        )  # fmt: skip
        await self.saves(code, lambda record: record.with_alert(alert))
        return key

    async def has_check_in(self, code: str, hours: int, state: str, due_at: datetime) -> None:
        """Give a case a check-in that came to something."""
        key = f"1/check_in/{hours}"
        one = StoredCheckIn(key, 1, "check_in", hours, due_at, (hours,), state)  # type: ignore[arg-type]
        await self.saves(code, lambda record: record.with_check_in(one))


def vars_of(row: SimpleNamespace) -> dict[str, Any]:
    """Return the columns of an outbox row that a test may look at."""
    return {
        "chat": row.chat_id, "slot": row.slot, "method": row.method, "lane": row.lane,
        "code": row.code,
    }  # fmt: skip


async def open_desk(database: Database, people: Sequence[StaffMember] = PEOPLE) -> Desk:
    """Return a clinic on an empty database."""
    given = settings(
        _env_file=None, encryption_key=new_key_text(), staff_chat_id=GROUP,
        clinic_timezone="Europe/Berlin", clinic_hours="mon-fri 09:00-18:00; sat 10:00-14:00",
        clinic_name="Clinic Linden", clinic_phone="+49 30 555 0100", emergency_number="112",
    )  # fmt: skip
    keyring = Keyring.from_text(given.encryption_key.get_secret_value())
    key = await database.run(lambda: clinic_key(keyring))

    def move_in() -> Transaction[None]:
        yield from clinic.put(BOT_NAME, "aftercheck_bot")
        for member in people:
            yield from clinic.join(member, NOW)
            yield from clinic.reach(member.id, reachable=member.reachable)
            if not member.on_roster:
                yield from clinic.leave(member.id)

    await database.run(move_in)
    return Desk(Office(given, Vault(keyring, key), bundled(), bundled_text()), database)
