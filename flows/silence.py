"""When a patient's silence becomes somebody's task.

Everything is a function of stored facts and of now, so after a crash or a day's outage the
same call gives the right next step. Every number comes from the protocol's `[silence]` table,
which names its sources. docs/escalation.md shows it run.
"""

from datetime import datetime, timedelta
from operator import attrgetter
from typing import Literal, NamedTuple

from pydantic.dataclasses import dataclass

from flows.clinic_hours import Instant, utc
from flows.tables import Silence
from flows.verdict import Level

Silent = Literal["reminder", "no_answer_1h", "no_answer_24h", "abandoned_2h"]


@dataclass(frozen=True)
class SentCheckIn:
    """The stored facts of one check-in that was sent.

    `last_level` is the patient's last known level, None before the first answer, and counts
    the answers so far of this check-in. `produced` holds the silence events it has had.
    """

    sent_at: Instant
    last_level: Level | None = None
    last_answer_at: Instant | None = None
    complete: bool = False
    reminder_sent_at: Instant | None = None
    produced: frozenset[Silent] = frozenset()


class SilenceStep(NamedTuple):
    """What a silence leads to, `due` and `at` as in a notification.

    The reminder, which the caller may hold through quiet hours, or an event of
    `flows.protocol.EVENTS`, which nothing may hold.
    """

    at: datetime
    due: datetime
    what: Silent


def silence_step(check_in: SentCheckIn, rules: Silence, now: datetime) -> SilenceStep | None:
    """Return what comes next while a check-in is unanswered; None when nothing is left.

    There is one reminder, `reminder_after_minutes` after sending. Silence of somebody who said
    nothing alarming becomes an event after `unanswered_after_hours`, and no sooner than
    `reminder_after_minutes` after the reminder: after an outage the reminder comes first. Two
    silences never wait behind it, since it may be held: after an urgent or emergency level the
    event comes `unanswered_after_serious_hours` after the last sign of the patient, and a
    check-in that was begun is abandoned `abandoned_after_hours` after its last answer.

    Raises:
        ValueError: `now` has no zone.
    """
    now = utc(now)
    if check_in.complete:
        return None
    wait = timedelta(minutes=rules.reminder_after_minutes)
    sent, answered, reminded = check_in.sent_at, check_in.last_answer_at, check_in.reminder_sent_at
    plan: dict[Silent, datetime] = {}
    serious = check_in.last_level is not None and check_in.last_level >= Level.URGENT
    if serious:
        plan["no_answer_1h"] = (answered or sent) + timedelta(
            hours=rules.unanswered_after_serious_hours
        )
    if answered:
        plan["abandoned_2h"] = answered + timedelta(hours=rules.abandoned_after_hours)
    if not reminded:
        plan["reminder"] = sent + wait
    if not serious and not answered:
        day = sent + timedelta(hours=rules.unanswered_after_hours)
        plan["no_answer_24h"] = max(day, (reminded or sent + wait) + wait)
    steps = (SilenceStep(max(due, now), due, what) for what, due in plan.items())
    left = (step for step in steps if step.what not in check_in.produced)
    return min(left, key=attrgetter("at"), default=None)


def red_flag_urgent_at(asked_at: datetime, rules: Silence) -> datetime:
    """Return when an unanswered "is this happening now?" becomes urgent, in UTC.

    `red_flag_question_minutes` after it was asked, at any hour, with no reminder before.

    Raises:
        ValueError: `asked_at` has no zone.
    """
    return utc(asked_at) + timedelta(minutes=rules.red_flag_question_minutes)
