"""Each time that an alert reached a level, as the audit trail has it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from flows.engine.record import StoredAlert
from flows.verdict import LEVEL_WORDS, Fired, Level
from storage.board_case import Act

RAISED = "raised"


class Raise(NamedTuple):
    """When an alert reached a level, and by which rules; `before` is the level that it had.

    None where it was opened at this level, and where nobody knows any more.
    """

    at: datetime
    level: Level
    rules: Sequence[str]
    before: Level | None = None
    is_first: bool = False

    def because(self, alert: StoredAlert) -> list[Fired]:
        """Return the rules that raised it then."""
        return [fired for fired in alert.because if fired.rule in self.rules]


def raises(alert: StoredAlert, acts: Iterable[Act]) -> list[Raise]:
    """Return every raise of an alert, the first one first.

    What the trail does not have, as for the oldest alerts of a long case, is taken from the alert:
    it was opened, and where it has risen, reached its level later.
    """
    about = [one for one in acts if one.action == RAISED and one.alert == alert.key]
    found = [one for one in map(raise_of, about) if one is not None]
    rules = [fired.rule for fired in alert.because]
    return found or [Raise(alert.raised_at, alert.level, rules, is_first=not alert.has_risen)]


def raise_of(act: Act) -> Raise | None:
    """Return what `urgent: FEV-07, TRD-04` or `watch to urgent: FEV-07` says; None for neither."""
    levels, _, rules = act.detail.partition(": ")
    before, _, level = levels.rpartition(" to ")
    if level not in LEVEL_WORDS or (before and before not in LEVEL_WORDS):
        return None
    since = Level.named(before) if before else None
    return Raise(act.at, Level.named(level), rules.split(", "), since, is_first=not before)
