"""The clinic's own history as lines of JSON, as `aftercheck protocol replay` reads them."""

import json
from collections.abc import Iterator
from typing import Final

from flows.engine.record import Record
from flows.engine.stored_check_in import StoredCheckIn
from storage.bodies import as_list

COUNTED: Final = ("check_in", "report")
"""Check-ins whose answers are sorted for alerts; questions about the result are not replayed."""


def lines(record: Record) -> Iterator[str]:
    """Yield a line for every check-in of a case that was answered."""
    for check_in in record.check_ins.values():
        if check_in.answered_at is not None and check_in.answers and check_in.purpose in COUNTED:
            yield line(record, check_in)


def line(record: Record, check_in: StoredCheckIn) -> str:
    """Return one answered check-in with all that was known when it was sorted.

    That an open alert keeps a case's level is left out: it is the same in every version, and would
    hide what a rule no longer says.
    """
    session = record.visit(check_in.session).session
    profile = {name: value for name, value in record.patient.profile.items() if value is not None}
    if session.area is not None:
        profile["area"] = session.area
    assert check_in.answered_at is not None
    return json.dumps(
        {
            "case": record.patient.code,
            "at": check_in.answered_at.isoformat(),
            "treatment": session.treatment,
            "hours": check_in.answered_hours,
            "answers": dict(check_in.answers),
            "history": {
                "checkins": [
                    {"h": one.hours, "answers": dict(one.answers)}
                    for one in record.before(check_in)
                ],
                "profile": profile,
            },
        },
        default=as_list,
    )
