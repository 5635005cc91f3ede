"""What staff do with an alert: claim it, say that the patient was contacted, close it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.engine.alerts import notify
from flows.engine.case_page import case_page
from flows.engine.desk import clock_time
from flows.engine.events import Did, Lane, Message, RefreshCards, Say
from flows.engine.inputs import ClaimantLeft, StaffDid
from flows.engine.nights import tell_by_day
from flows.engine.planning import tell_of_session
from flows.engine.record import StoredAlert
from flows.engine.reporting import ask_for_photo
from flows.engine.turn import Turn
from flows.staff_language import N_, _
from flows.stored_words import restated
from flows.verdict import Level

OUTCOMES = {
    "advised": N_("advised"),
    "reviewed": N_("reviewed in clinic"),
    "emergency": N_("sent to emergency care"),
    "no_problem": N_("no problem"),
    "seen": N_("seen in the digest"),
}
"""How an alert can end, stored in these words; `seen` is the digest's, for *watch* only."""


def staff_did(turn: Turn, said: StaffDid) -> None:
    """Do what a member of staff pressed; the caller has looked at `permissions`."""
    alert = turn.record.alerts.get(said.argument)
    if alert is None:
        turn.toast(_("This alert is not there any more."))
        return
    act = ACTIONS.get(said.action)
    if act is None:
        turn.toast(_("This button is too old. Use the newest card of this alert."))
    else:
        act(turn, said, alert)


def changed(turn: Turn, alert: StoredAlert, said: StaffDid, detail: str = "") -> None:
    """Store a changed alert, log who did it, refresh every card, and plan what is next."""
    turn.record = turn.record.with_alert(replace(alert, version=alert.version + 1))
    turn.add(Did(said.who.id, said.who.name, said.action, alert.key, detail))
    turn.add(RefreshCards(alert.key))
    notify(turn, alert.key)


def claim(turn: Turn, said: StaffDid, alert: StoredAlert) -> None:
    """Take an alert, unless somebody else holds it: the first wins, and both see who."""
    held = alert.facts.held_until(turn.desk.clinic, turn.desk.protocol.escalation, turn.now)
    holder = turn.desk.name_of(alert.claimed_by)
    if refused_as_closed(turn, alert):
        return
    if held is not None and held > turn.now:
        mine = alert.claimed_by == said.who.id
        taken = wall(turn, alert.claimed_at)
        turn.toast(
            _("You took it at {time}.", time=taken)
            if mine
            else _("{name} took this at {time}.", name=holder, time=taken)
        )
        turn.add(Did(said.who.id, said.who.name, "claim_lost", alert.key, f"held by {holder}"))
        return
    changed(turn, replace(alert, claimed_by=said.who.id, claimed_at=turn.now), said)
    turn.toast(_("Yours. Press Contacted once you have reached the patient."))
    tell_patient(turn, alert.key)


def claimant_left(turn: Turn, said: ClaimantLeft) -> None:
    """Give an alert back whose claimant has left: it is open again, and the others are told.

    An urgent one goes to whoever is next at once, and not when it would have been said again.
    One whose patient was reached is nobody's to call about, and keeps who did it.
    """
    alert = turn.record.alerts.get(said.alert)
    if alert is None or not alert.is_open or alert.claimed_by != said.who.id:
        return
    if alert.facts.answered_by(alert.contacted_at):
        return
    free = replace(alert, claimed_by=None, claimed_at=None, version=alert.version + 1)
    turn.record = turn.record.with_alert(free)
    now_reads = "takes no alerts any more" if said.who.on_roster else "has left"
    detail = f"{said.who.name} {now_reads}"
    turn.add(Did(None, "Aftercheck", "claim_void", alert.key, detail), RefreshCards(alert.key))
    notify(turn, alert.key, at_once=free.level >= Level.URGENT)


def tell_patient(turn: Turn, key: str) -> None:
    """Tell the patient that a person has seen what they said, or has closed it: the loop is closed.

    What they did not say themselves, such as a silence, is no news to them. At night only who
    was told to get help hears that a person has seen it.
    """
    alert = turn.record.alerts[key]
    if alert.event or not alert.check_in or alert.outcome == OUTCOMES["seen"]:
        return
    if alert.resolved_at is not None:
        name = turn.staff_name(alert.resolved_by)
        tell_by_day(turn, key, turn.phrase("alert_closed", staff=name), f"{key}:closed")
    elif alert.claimed_at is not None and alert.contacted_at is None:
        name, at = turn.staff_name(alert.claimed_by), clock_time(alert.claimed_at, turn.zone)
        lane = Lane.ALERT if alert.level >= Level.URGENT else Lane.REPLY
        text = turn.phrase("alert_seen", staff=name, time=at)
        tell_by_day(turn, key, text, f"{key}:seen", lane=lane)


def news_due(turn: Turn, about: str) -> None:
    """Tell in the morning what the night kept back, as it is by then."""
    if about in turn.record.alerts:
        tell_patient(turn, about)
    elif about == f"photo:{turn.patient.code}":
        ask_for_photo(turn, about, f"photo_refused:{turn.stamp}")
    else:
        tell_of_session(turn)


def contacted(turn: Turn, said: StaffDid, alert: StoredAlert) -> None:
    """Note that the patient was reached; the alert stays open until it is resolved.

    A button of a card that said less counts for nothing: who pressed it has not seen what the
    patient said since. In `option` it carries the level, and the content that it stood under.
    """
    if refused_as_closed(turn, alert):
        return
    if alert.contacted_at is not None:
        name = turn.desk.name_of(alert.contacted_by)
        turn.toast(
            _("{name} noted the contact at {time}.", name=name, time=wall(turn, alert.contacted_at))
        )
        return
    if not shows_all(alert, said.option):
        behind(turn, alert)
        return
    claimed = alert.claimed_by == said.who.id and alert.claimed_at is not None
    changed(
        turn,
        replace(
            alert, contacted_by=said.who.id, contacted_at=turn.now, claimed_by=said.who.id,
            claimed_at=alert.claimed_at if claimed else turn.now,
        ),
        said,
    )  # fmt: skip
    turn.toast(_("Noted. Press Resolve when it is finished."))


def shows_all(alert: StoredAlert, option: str) -> bool:
    """Whether a button stands under what the alert says now: `urgent.0a1b2c3d`.

    One that names no content counts as long as nothing at all has come since the alert was raised.
    """
    content = option.partition(".")[2]
    return content == alert.content if content else alert.version == 1


def behind(turn: Turn, alert: StoredAlert) -> None:
    """Say that the patient has said more than the pressed card or list shows, and show it."""
    level = restated(str(alert.level).replace("_", " "))
    turn.toast(
        _("New answers came: it is {level} now. Read the card again first, or /open.", level=level),
        alert=True,
    )
    turn.add(RefreshCards(alert.key))


def resolve(turn: Turn, said: StaffDid, alert: StoredAlert) -> None:
    """Show how it can end."""
    if not refused_as_closed(turn, alert) and not alert.choosing_outcome:
        changed(turn, replace(alert, choosing_outcome=True), said)
        turn.toast(_("How did it end?"))


def back(turn: Turn, said: StaffDid, alert: StoredAlert) -> None:
    """Go back from the outcomes to the card's first buttons."""
    if not refused_as_closed(turn, alert) and alert.choosing_outcome:
        changed(turn, replace(alert, choosing_outcome=False), said)


def outcome(turn: Turn, said: StaffDid, alert: StoredAlert) -> None:
    """Close an alert with how it ended, and tell the patient.

    New answers take the outcomes off the card again. `seen` closes what a look is enough for, and
    an old digest closes nothing that calls a person by now, or says more.
    """
    if refused_as_closed(turn, alert):
        return
    name = said.option.partition(".")[0]
    if name not in OUTCOMES:
        turn.toast(_("This button is too old. Press Resolve again."))
        return
    too_soon = alert.facts.calls_a_person if name == "seen" else not alert.choosing_outcome
    if too_soon or not shows_all(alert, said.option):
        behind(turn, alert)
        return
    closed = replace(
        alert, resolved_by=said.who.id, resolved_at=turn.now, outcome=OUTCOMES[name],
        choosing_outcome=False,
    )  # fmt: skip
    changed(turn, closed, said, OUTCOMES[name])
    turn.toast(_("Closed."))
    tell_patient(turn, alert.key)


def details(turn: Turn, said: StaffDid, alert: StoredAlert) -> None:
    """Send the case's page to the presser's own chat."""
    if not said.who.reachable:
        turn.toast(
            _("Open a private chat with me and press Start; then I can show it."), alert=True
        )
        return
    page = case_page(turn.desk, turn.record)
    repeat = f"{alert.key}:details:{said.who.id}:{turn.stamp}"
    for number, text in enumerate(page):
        turn.add(Say(said.who.id, Message(text), Lane.REPLY, f"{repeat}:{number}"))
    turn.add(Did(said.who.id, said.who.name, "details", alert.key))
    turn.toast(_("Sent to your private chat."))


def refused_as_closed(turn: Turn, alert: StoredAlert) -> bool:
    """Say who closed an alert and when, if somebody has; whether somebody has."""
    if alert.resolved_at is None:
        return False
    name = turn.desk.name_of(alert.resolved_by)
    turn.toast(
        _(
            "{name} closed this at {time}: {outcome}.",
            name=name,
            time=wall(turn, alert.resolved_at),
            outcome=restated(alert.outcome),
        )
    )
    return True


def wall(turn: Turn, instant: datetime | None) -> str:
    """Return an instant on the clinic's wall clock."""
    zone: ZoneInfo = turn.desk.clinic.hours.zone
    return clock_time(instant, zone) if instant else _("an unknown time")


ACTIONS: dict[str, Callable[[Turn, StaffDid, StoredAlert], None]] = {
    "claim": claim,
    "contacted": contacted,
    "resolve": resolve,
    "outcome": outcome,
    "back": back,
    "details": details,
}
