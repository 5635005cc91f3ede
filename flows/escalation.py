"""Who is told next about an alert, and when.

Everything is a function of stored facts and of now: after an outage the same call gives the
right next step, overdue ones as one notice at once to their widest audience. Ask again at
`Notification.at` and send that answer, since rota, roster and alert may have changed.

Every number comes from the protocol's `[escalation]` table, which names its sources, or from
the clinic's settings (opening hours, rota). docs/escalation.md shows it run.

Hazards: H27, H28, H29, H31.
"""

from datetime import datetime, timedelta
from operator import attrgetter
from typing import Literal, NamedTuple

from pydantic.dataclasses import dataclass

from flows.clinic_hours import ClinicHours, Instant, callback_by, utc
from flows.rota import Shift, on_call
from flows.tables import Escalation
from flows.verdict import ALERTING, Level

CLOCKS_APART = timedelta(seconds=120)
"""So far may the clocks of two workers be apart, as that of one may jump
(docs/sources.md, clocks)."""

Audience = Literal["on_call", "everyone", "digest", "call_list", "clinic"]
Step = Literal["first", "repeat", "digest"]
Role = Literal["nurse", "doctor", "admin", "auditor"]
ChannelState = Literal["none", "asked", "confirmed", "failing", "lost"]
"""Of somebody's second channel; `failing` takes nothing now, and is tried all the same."""


@dataclass(frozen=True)
class StaffMember:
    """One person by Telegram id. Who left the clinic stays stored, with `on_roster` false."""

    id: int
    name: str
    role: Role
    reachable: bool = True
    on_roster: bool = True
    channel: ChannelState = "none"

    @property
    def takes_alerts(self) -> bool:
        """Whether they may be told and may claim; an auditor only reads."""
        return self.on_roster and self.role != "auditor"

    @property
    def has_second_channel(self) -> bool:
        """Whether an alert may go over it: one that was never confirmed may be a stranger's."""
        return self.takes_alerts and self.channel in ("confirmed", "failing")


@dataclass(frozen=True)
class Clinic:
    """Whom the clinic has, who is on call when, and when it is open."""

    roster: tuple[StaffMember, ...]
    rota: tuple[Shift, ...]
    hours: ClinicHours

    def people(self, audience: Audience, at: datetime) -> tuple[Audience, tuple[int, ...], bool]:
        """Return whom `audience` means at this instant, and whether none of them is reachable.

        Nobody reachable on call becomes everybody reachable. Where the bot reaches nobody, all
        are tried all the same; with an empty roster the audience is the clinic itself.
        """
        team = {m.id: m.reachable for m in self.roster if m.takes_alerts}
        reachable = tuple(staff for staff in team if team[staff])
        if not reachable:
            return "everyone" if team else "clinic", tuple(team), True
        shifts = {shift.staff for shift in on_call(self.rota, at)}
        present = tuple(staff for staff in reachable if staff in shifts)
        if audience in ("on_call", "call_list") and present:
            return audience, present, False
        return "everyone" if audience == "on_call" else audience, reachable, False


@dataclass(frozen=True)
class Told:
    """A notice that was decided: when, at which level of the alert, and its step."""

    at: Instant
    level: Level
    step: Step


@dataclass(frozen=True)
class Alert:
    """The stored facts of one alert.

    `raised_at` is when it reached its present level: a raise moves it, keeps in `opened_at` when
    the alert began, and in `notified` the notices of the lower level. A raise after
    `resolved_at` belongs to a new alert.
    """

    level: Level
    raised_at: Instant
    opened_at: Instant | None = None
    route: Literal["call_list"] | None = None
    claimed_by: int | None = None
    claimed_at: Instant | None = None
    contacted_at: Instant | None = None
    resolved_at: Instant | None = None
    notified: tuple[Told, ...] = ()

    @property
    def calls_a_person(self) -> bool:
        """Whether somebody is to contact the patient; otherwise the daily digest is enough."""
        return self.level >= ALERTING or self.route is not None

    @property
    def told(self) -> tuple[Told, ...]:
        """The notices of the present level; lower ones say nothing about it."""
        return tuple(told for told in self.notified if told.level == self.level)

    def answered_by(self, moment: datetime | None) -> bool:
        """Whether something staff did then can have been an answer to the present level."""
        if moment is None:
            return False
        return moment > self.raised_at or any(told.at <= moment for told in self.told)

    def held_until(self, clinic: Clinic, rules: Escalation, now: datetime) -> datetime | None:
        """Return when the claim on it runs out, or None where no claim counts.

        None for a claimant who is off the roster, a claim older than the level, and a claim
        from the future: after a wrong clock it could silence the alert for years. A little ahead
        is no future: another worker saved it while this one waited, or has another clock.
        """
        at = self.claimed_at
        present = any(m.id == self.claimed_by and m.takes_alerts for m in clinic.roster)
        if not present or at is None or at > now + CLOCKS_APART or not self.answered_by(at):
            return None
        return min(at, now) + timedelta(minutes=rules.claim_expires_minutes)


@dataclass(frozen=True)
class Notification:
    """The next notice about an alert.

    `due` is when it should go, `at` when it goes: `due`, or now where that is past. `who` holds
    staff ids in roster order; with `unreachable` the bot reaches none, which somebody outside
    must hear. `out_of_hours`: raised with the clinic closed; `callback_by`: the promised call.
    """

    at: Instant
    due: Instant
    step: Step
    audience: Audience
    who: tuple[int, ...]
    unreachable: bool
    out_of_hours: bool
    callback_by: Instant | None


class Progress(NamedTuple):
    """How far an alert has come: its notices so far, its start, and no notice before `floor`."""

    told: tuple[Told, ...]
    since: datetime
    floor: datetime
    now: datetime


class Planned(NamedTuple):
    """A notice before it is known who is meant."""

    at: datetime
    due: datetime
    step: Step
    audience: Audience


def next_notification(
    alert: Alert, clinic: Clinic, rules: Escalation, now: datetime
) -> Notification | None:
    """Return who is told next and when; None once contacted or resolved, and only then.

    A claim holds back repeats, never a level's first notice. A notice recorded later than now,
    as a clock set back leaves it, does not count. Where several are overdue, the one that calls
    a person stands for all of them.

    Raises:
        ValueError: `now` has no zone.
    """
    now = utc(now)
    future = alert.contacted_at is not None and alert.contacted_at > now
    contacted = None if future else alert.contacted_at
    if alert.resolved_at is not None or alert.answered_by(contacted):
        return None
    told = tuple(told for told in alert.told if told.at <= now)
    since = min(now, alert.raised_at, *(notice.at for notice in told))
    held = alert.held_until(clinic, rules, now) if told else None
    progress = Progress(told, since, held or since, now)
    hours, urgent = clinic.hours, alert.level >= Level.URGENT
    promised = alert.calls_a_person and not urgent
    steps = [follow_up_step(alert, hours, rules, progress)] if promised else []
    if urgent:
        steps.append(urgent_step(alert, rules, progress))
    else:
        steps.append(digest_step(alert, hours, rules, progress))
    at, due, step, meant = min(steps, key=attrgetter("at"))
    out_of_hours = hours.opening(alert.raised_at)[0] > alert.raised_at
    by = callback_by(hours, rules, alert.raised_at) if promised else None
    return Notification(at, due, step, *clinic.people(meant, at), out_of_hours, by)


def urgent_step(alert: Alert, rules: Escalation, progress: Progress) -> Planned:
    """Plan a notice at any hour: at once, then `urgent_repeat_minutes` after the raise.

    The last of those goes to everyone, and so does every later one, `everyone_repeat_minutes`
    apart. An emergency goes to everyone from the start, `emergency_repeat_minutes` apart.
    """
    told, since, floor, now = progress
    offsets = [timedelta(minutes=minutes) for minutes in rules.urgent_repeat_minutes]
    emergency = alert.level is Level.EMERGENCY
    due = since
    if told:
        last = max(notice.at for notice in told)
        repeat = rules.emergency_repeat_minutes if emergency else rules.everyone_repeat_minutes
        later = [since + offset for offset in offsets if since + offset > last and not emergency]
        due = min(later, default=last + timedelta(minutes=repeat))
    due = max(floor, due)
    at = max(due, now)
    everyone = emergency or at >= since + max(offsets)
    return Planned(at, due, "repeat" if told else "first", "everyone" if everyone else "on_call")


def follow_up_step(
    alert: Alert, hours: ClinicHours, rules: Escalation, progress: Progress
) -> Planned:
    """Plan a notice within opening hours: at once or at the opening, then every so often.

    `follow_up_repeat_minutes` apart. A request for a call is repeated in the same way: the safer
    reading, since a call list that nobody opens would lose the request.
    """
    told, since, floor, now = progress
    calls = [notice.at for notice in told if notice.step != "digest"]
    repeat = timedelta(minutes=rules.follow_up_repeat_minutes)
    due = max(floor, max(calls) + repeat if calls else since)
    step: Step = "repeat" if calls else "first"
    at = hours.opening(max(due, now))[0]
    return Planned(at, hours.opening(due)[0], step, alert.route or "on_call")


def digest_step(alert: Alert, hours: ClinicHours, rules: Escalation, progress: Progress) -> Planned:
    """Plan the next digest at `digest_at`, every day of the year.

    Each open alert below urgent stands in it whatever its level, so none waits out a weekend or
    a long holiday unheard, and none is told later because its level rose.
    """
    _, _, floor, now = progress
    notices = [notice.at + timedelta.resolution for notice in alert.notified if notice.at <= now]
    after = max(notices, default=min(now, alert.opened_at or alert.raised_at))
    due = max(floor, hours.next_at(rules.digest_at, after))
    return Planned(max(due, now), due, "digest", "digest")
