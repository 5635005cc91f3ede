"""One case's rows, and which of them belong together: what every kind of export asks."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flows.verdict import ALERTING, Level
from storage.exporting import Case
from storage.history_rows import Alert, AlertContent, Answered, CheckIn, Visit
from storage.instants import instant

zone_named = lru_cache(64)(ZoneInfo)

Within = Callable[[str], bool]
"""Whether a stored instant lies in the time that was asked for."""


class About(NamedTuple):
    """An alert, and what of it was sealed."""

    alert: Alert
    content: AlertContent


class CaseHistory:
    """One case; `names` are the staff's by Telegram id."""

    def __init__(self, case: Case, names: Mapping[int, str]) -> None:
        self.case = case
        self.names = names
        self.zone = zone_named(case.zone)
        self.visits = {one.number: one for one in case.visits}
        self.about = [About(one, case.about(one)) for one in case.alerts] if case.key else []
        self.answered = cache(case.answered)

    def visit_before(self, at: str) -> Visit | None:
        """Return the last session that had ended by then."""
        return next((one for one in reversed(self.case.visits) if one.ended_at <= at), None)

    def alert_of(self, check_in: CheckIn, row: Answered | None) -> Alert | None:
        """Return the alert about a check-in, or the one that its answers were added to.

        An alert that waits for contact takes up what is said later, and then is about that.
        """
        found = [one.alert for one in self.about if one.content.check_in == check_in.key]
        if not found and row is not None and Level.named(row.level) >= ALERTING:
            found = [
                one.alert for one in self.about
                if not one.content.event and one.alert.opened_at <= row.at
                and (one.alert.resolved_at is None or row.at <= one.alert.resolved_at)
            ]  # fmt: skip
        return max(found, key=lambda one: one.opened_at) if found else None

    def alert_named(self, key: str) -> Alert | None:
        """Return the alert with this key."""
        return next((one.alert for one in self.about if one.alert.key == key), None)

    def alerts_of(self, check_ins: list[CheckIn]) -> list[Alert]:
        """Return the alerts that these check-ins led to."""
        keys = {one.key for one in check_ins}
        return [one.alert for one in self.about if one.content.check_in in keys]

    def name(self, who: int | None) -> str | None:
        """Return the name of a member of staff, the number of one who is not known."""
        return None if who is None else self.names.get(who, str(who))


def hours_between(ended: str, at: str) -> float:
    """Return the hours from the end of a session to an instant."""
    return round((instant(at) - instant(ended)).total_seconds() / 3600, 2)
