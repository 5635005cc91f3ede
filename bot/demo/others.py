"""Made-up patients of the weeks before: without them nobody could see how others felt."""

from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from bot.app import Aftercheck
from flows.engine.record import Patient, Record, Visit
from flows.engine.stored_check_in import StoredCheckIn
from flows.recovery import LAST_DAY, LEAST
from flows.schedule import Session
from flows.verdict import Level
from storage import saving
from storage.transaction import Transaction

MANY: Final = LEAST + 4
WEEKS_AGO: Final = timedelta(weeks=6)
LETTERS: Final = "BCDFGHJKMNPQRSTVWXYZ"
SETTLES: Final = 60
"""Hours in which what is felt halves, in this demo alone."""


async def others_before(app: Aftercheck) -> None:
    """Store courses of each treatment of the skin and scalp that are over, and count them."""
    now, office = app.clock.now(), app.office
    random = Random(7)  # noqa: S311 - the same in every demo
    treatments = [name for name, one in office.protocol.treatments.items() if one.course != "none"]
    for place, treatment in enumerate(treatments):
        cases = [
            case(app, f"{LETTERS[place]}{LETTERS[number % 20]}{number // 20 + 2}X", treatment,
                 now, random)
            for number in range(MANY)
        ]  # fmt: skip
        await app.database.run(partial(stored, app, cases, now))
    await app.night.counts_recovery(now)


def stored(app: Aftercheck, cases: list[Record], now: datetime) -> Transaction[None]:
    """Store new cases."""
    for record in cases:
        yield from saving.new_case(app.office.vault.keys, record, now)


def case(app: Aftercheck, code: str, treatment: str, now: datetime, random: Random) -> Record:
    """Return somebody who has answered every check-in of the first month, and has stopped."""
    protocol, zone = app.office.protocol, app.settings.clinic_timezone
    given = protocol.treatments[treatment]
    ended = now - WEEKS_AGO - timedelta(days=random.randrange(30))
    session = Session(1, treatment, ended, ended, zone, given.usual_area)
    worst = random.choice((1, 1, 2, 2, 3))
    asked = [hours for hours in given.schedule if hours <= LAST_DAY * 24]
    check_ins = {}
    for hours in asked:
        left = round(worst * 0.5 ** (hours / SETTLES * random.uniform(0.5, 1.5)))
        at = ended + timedelta(hours=hours)
        key = f"1/check_in/{hours}"
        check_ins[key] = StoredCheckIn(
            key, 1, "check_in", hours, at, (hours,), "complete", sent_at=at, answered_at=at,
            completed_at=at, answered_hours=float(hours), level=Level.EXPECTED,
            answers={"redness": left, "swelling": max(0, left - 1)}, revision=1,
        )  # fmt: skip
    patient = Patient(code, protocol.name, "stopped", "en", zone)
    return Record(patient, (Visit(session),), check_ins)
