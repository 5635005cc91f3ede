"""Raising alerts, telling staff, and telling them again until somebody has taken care of it.

Hazards: H15, H28, H53.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from flows.engine.conversing import hours_since_session
from flows.engine.events import (
    Did,
    Drop,
    Lane,
    Message,
    Plan,
    RefreshCards,
    Say,
    ShowCard,
    TellBySecondChannel,
)
from flows.engine.inputs import CardRefused
from flows.engine.record import StoredAlert
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.escalation import CLOCKS_APART, Notification, Told, next_notification
from flows.second_channel import reached_by_it
from flows.staff_language import _
from flows.verdict import ALERTING, Fired, Level

KEPT_NOTICES = 40
"""So many notices are kept of an alert, half of them the first: what `flows.escalation` looks at
is the first and the last ones, and an alert that nobody takes for a week must not grow."""

MOST_SAID = 30
"""So many lines of what was said stand in an alert; the case page has them all (own choice)."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a person is needed: the rules that fired on a check-in, and what was said.

    `event` names a silence, or another thing that nobody said. `replaced` is what the check-in
    said one step before: it stands on the card no longer. `enclosed` counts the photos and other
    things that came without words, which belong `together` as those of one album do.
    """

    check_in: StoredCheckIn
    fired: Sequence[Fired]
    said: Sequence[str] = ()
    event: str = ""
    replaced: Sequence[str] = ()
    enclosed: int = 0
    together: str = ""

    @property
    def level(self) -> Level:
        """The highest level of the rules."""
        return max((one.level for one in self.fired), default=Level.EXPECTED)

    @property
    def serious_in(self) -> set[int]:
        """The session that it follows where it is urgent: a later one takes it from no lot."""
        return {self.check_in.session} if self.level >= Level.URGENT else set()


def raise_alert(turn: Turn, cause: Cause) -> StoredAlert:
    """Raise an alert, or add to the open one that still waits for contact.

    Whoever was contacted already and says something new gets a new alert: what staff did
    cannot have been an answer to it. Nor can a call about a silence be one to an answer.
    """
    waiting = [
        one
        for one in turn.record.open_alerts
        if one.contacted_at is None and (cause.event or not one.event)
    ]
    if not waiting:
        alert = opened(turn, cause)
        turn.record = replace(
            turn.record.with_alert(alert), alerts_so_far=turn.record.alerts_so_far + 1
        )
    else:
        before = waiting[-1]
        alert = merged(turn, before, cause)
        if alert == before:
            return alert
        turn.record = turn.record.with_alert(alert)
        turn.add(RefreshCards(alert.key))
        if alert.claimed_by and alert.level == before.level:
            say_more(turn, alert, cause.together)
    notify(turn, alert.key)
    return turn.record.alerts[alert.key]


def say_more(turn: Turn, alert: StoredAlert, together: str = "") -> None:
    """Tell whoever took an alert that the patient has said more; a changed card rings nobody.

    Once for what belongs `together`.
    """
    name = turn.desk.name_of(alert.claimed_by)
    text = _("{key}: new answers. {name}, please look at the card again.", key=alert.key, name=name)
    slot = card_slot(alert.key)
    key = f"{alert.key}:more:{together or alert.version}"
    turn.add(Say("staff", Message(text), Lane.ALERT, key, under=slot))


def card_slot(key: str) -> str:
    """Return the slot of an alert's cards."""
    return f"alert:{key}"


def opened(turn: Turn, cause: Cause) -> StoredAlert:
    """Return a new alert."""
    key = alert_key(turn)
    turn.add(Did(None, "Aftercheck", "raised", key, f"{cause.level}: {reasons(cause.fired)}"))
    return StoredAlert(
        key=key, code=turn.patient.code, level=cause.level, raised_at=turn.now,
        opened_at=turn.now, session=cause.check_in.session,
        hours=hours_since_session(turn, cause.check_in), check_in=cause.check_in.key,
        event=cause.event, route=route_of(turn, cause.fired),
        said=tuple(cause.said)[-MOST_SAID:], because=worst_first(cause.fired),
        enclosed=cause.enclosed, serious_in=tuple(cause.serious_in),
    )  # fmt: skip


def alert_key(turn: Turn) -> str:
    """Return the key of the case's next alert: `A7K2-3`."""
    return f"{turn.patient.code}-{turn.record.alerts_so_far + 1}"


def reasons(fired: Iterable[Fired]) -> str:
    """Return which rules fired, for the log: never a word of what was said."""
    return ", ".join(dict.fromkeys(one.rule for one in fired))


def worst_first(fired: Iterable[Fired]) -> tuple[Fired, ...]:
    """Return every rule once, as it fired at its highest level, the highest of all first."""
    by_rule: dict[tuple[str, str], Fired] = {}
    for one in sorted(fired, key=lambda one: -one.level):
        by_rule.setdefault((one.rule, one.reason), one)
    return tuple(by_rule.values())


def merged(turn: Turn, alert: StoredAlert, cause: Cause) -> StoredAlert:
    """Return an open alert with what was said since; its level only ever rises.

    What the same check-in said a step before is replaced by what it says now, and what others
    said stays; so do the rules that fired, since a milder second answer takes nothing back. Who
    was about to close it has not seen this yet, and looks again.
    """
    said = [line for line in alert.said if line in cause.said or line not in cause.replaced]
    said += [line for line in cause.said if line not in said]
    rises = cause.level > alert.level
    after = replace(
        alert, level=max(cause.level, alert.level),
        raised_at=turn.now if rises else alert.raised_at, check_in=cause.check_in.key,
        hours=hours_since_session(turn, cause.check_in), session=cause.check_in.session,
        route=alert.route and route_of(turn, cause.fired), said=tuple(said)[-MOST_SAID:],
        because=worst_first((*cause.fired, *alert.because)),
        enclosed=alert.enclosed + cause.enclosed,
        serious_in=tuple(sorted(cause.serious_in.union(alert.serious_in))),
    )  # fmt: skip
    if rises:
        detail = f"{alert.level} to {cause.level}: {reasons(cause.fired)}"
        turn.add(Did(None, "Aftercheck", "raised", alert.key, detail))
    again = replace(after, choosing_outcome=False, version=alert.version + 1)
    return again if shown(after) != shown(alert) else alert


def shown(alert: StoredAlert) -> tuple[object, ...]:
    """Return what a card says of the patient, and after which sessions that was serious."""
    return alert.level, alert.said, alert.because, alert.enclosed, alert.serious_in


def route_of(turn: Turn, fired: Iterable[Fired]) -> Literal["call_list"] | None:
    """Return the call list where a wish for a call is all that needs a person."""
    routes = {rule.id: rule.route for rule in turn.desk.protocol.rules}
    calling = [routes.get(one.rule) for one in fired if one.level >= ALERTING]
    return "call_list" if calling and set(calling) == {"call_list"} else None


def notify(turn: Turn, key: str, *, at_once: bool = False) -> None:
    """Tell staff what is due now about an alert, and plan what comes next.

    A notice or a claim that a wrong clock dated later than now is forgotten: else it would count
    once that time comes, and the alert be silent as long as the clock was wrong, or as a claim
    holds. With `at_once` the next notice does not wait for its time.
    """
    alert = without_future(turn, turn.record.alerts[key])
    desk, rules = turn.desk, turn.desk.protocol.escalation
    upcoming = next_notification(alert.facts, desk.clinic, rules, turn.now)
    if at_once and upcoming is not None and upcoming.at > turn.now:
        alert = told(turn, alert, upcoming)
        upcoming = next_notification(alert.facts, desk.clinic, rules, turn.now)
    while upcoming is not None and upcoming.at <= turn.now:
        alert = told(turn, alert, upcoming)
        upcoming = next_notification(alert.facts, desk.clinic, rules, turn.now)
    turn.record = turn.record.with_alert(alert)
    if upcoming is None:
        turn.add(Drop("notify", key, "somebody has taken care of it"))
    else:
        turn.add(Plan("notify", key, upcoming.at))


RAN_OUT = "it had run out before the clock was set back"
IN_FUTURE = "its time lies in the future"
"""Why a claim counts no more; `bot.board.reasons` has both in the language of the staff."""


def without_future(turn: Turn, alert: StoredAlert) -> StoredAlert:
    """Return an alert without the notices and the claim that lie in the future.

    A claim that had run out when such a notice went would hold once more after a clock set back.
    """
    latest = turn.now + CLOCKS_APART
    known = tuple(one for one in alert.notified if one.at <= latest)
    claimed = alert.claimed_at
    if claimed is None or alert.contacted_at is not None:
        return replace(alert, notified=known)
    held = timedelta(minutes=turn.desk.protocol.escalation.claim_expires_minutes)
    ran_out = any(one.at > latest and one.at >= claimed + held for one in alert.notified)
    if claimed <= latest and not ran_out:
        return replace(alert, notified=known)
    why = RAN_OUT if ran_out else IN_FUTURE
    turn.add(Did(None, "Aftercheck", "claim_void", alert.key, why), RefreshCards(alert.key))
    free = replace(alert, claimed_by=None, claimed_at=None, version=alert.version + 1)
    return replace(free, notified=known)


def told(turn: Turn, alert: StoredAlert, notice: Notification) -> StoredAlert:
    """Return the alert with one more notice; the digest lists it, all others put a card up.

    An urgent one also goes to each person's own chat, since a group may be muted; and over their
    second channel, where Telegram does not reach them or nobody has answered.
    """
    told_now = Told(turn.now, alert.level, notice.step)
    half = KEPT_NOTICES // 2
    notices = (*alert.notified, told_now)
    kept = notices if len(notices) <= KEPT_NOTICES else notices[:half] + notices[-half:]
    if notice.step != "digest":
        number = 1 + sum(1 for one in alert.facts.told if one.step != "digest")
        stamp = f"{alert.key}:{alert.level}:{turn.stamp}"
        people: list[Literal["staff"] | int] = ["staff"]
        if alert.level >= Level.URGENT:
            people += notice.who
        for person in people:
            turn.add(
                ShowCard(alert.key, person, f"{stamp}:{person}", number, notice.audience,
                         notice.who)
            )  # fmt: skip
        if alert.level >= Level.URGENT:
            for member in reached_by_it(turn.desk.clinic, notice):
                turn.add(TellBySecondChannel(alert.key, member, f"{stamp}:{member}"))
    return replace(alert, notified=kept)


def card_refused(turn: Turn, said: CardRefused) -> None:
    """Bring an alert to somebody whose own chat refused its card by their second channel at once.

    One that somebody holds, or has seen to, needs no more people.
    """
    alert = turn.record.alerts.get(said.alert)
    who = turn.desk.member(said.staff)
    if alert is None or who is None or not who.has_second_channel:
        return
    facts, rules = alert.facts, turn.desk.protocol.escalation
    held = facts.held_until(turn.desk.clinic, rules, turn.now)
    is_held = held is not None and held > turn.now
    if alert.is_open and not is_held and not facts.answered_by(alert.contacted_at):
        repeat = f"{alert.key}:refused:{said.number}"
        turn.add(TellBySecondChannel(alert.key, who.id, repeat))
