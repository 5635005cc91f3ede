"""What staff read of an alert: the card, and many alerts as one list.

A card is composed from what is stored when it goes out, so it is never behind. It says who by
the case code alone; staff who may know more open the details in their own chat.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flows.engine.desk import Desk, clock_time, day_and_time
from flows.engine.events import Key, Keys, Message
from flows.engine.record import StoredAlert, Visit
from flows.engine.staff_actions import OUTCOMES
from flows.verdict import Level

COLOURS = {
    Level.EMERGENCY: "🔴 EMERGENCY (red)",
    Level.URGENT: "🟠 URGENT (orange)",
    Level.FOLLOW_UP: "🟡 FOLLOW UP (yellow)",
    Level.WATCH: "🔵 WATCH (blue)",
    Level.EXPECTED: "🟢 EXPECTED (green)",
}
"""By level a symbol, its name and the colour in words: nobody has to tell colours apart."""

DO = {
    Level.EMERGENCY: "Phone the patient NOW. They were told to call the emergency number.",
    Level.URGENT: "Phone the patient now. They were told to call us.",
    Level.FOLLOW_UP: "Contact the patient today.",
    Level.WATCH: "Have a look. No call is needed.",
    Level.EXPECTED: "Nothing to do.",
}
CALL_LIST = "The patient asked for a call."

LONGEST_CARD = 3_500
"""UTF-16 units; Telegram takes 4,096, and a card must leave room for what is added later."""

LONGEST_LINE = 300
"""Characters of one line of what was said; the case page has the rest (own choice)."""

SHOWN_RULES = 6


def card(desk: Desk, alert: StoredAlert, visit: Visit, now: datetime, number: int = 1) -> Message:
    """Return the card of one alert; `number` counts its notices."""
    lines = [heading(alert, number), *next_step(alert), "", *why(alert), ""]
    lines += [where(desk, alert, visit), *state_lines(desk, alert, now)]
    if alert.said:
        title = "What is known:" if alert.event else "The patient said:"
        lines += ["", title, *(f"• {shortened(line)}" for line in alert.said)]
    foot = ""
    if desk.protocol.protocol.draft:
        foot = "\n\nDraft thresholds: no clinician has signed them."
    return Message(cut("\n".join(lines), foot), keys(alert))


def next_step(alert: StoredAlert) -> list[str]:
    """Return what to do now, the second thing that the eye falls on; nothing once it is done."""
    if not alert.is_open or alert.contacted_at is not None:
        return []
    return [CALL_LIST if alert.route else DO[alert.level]]


def why(alert: StoredAlert) -> list[str]:
    """Return the reasons, the worst first; the rules and their sources stand in the details."""
    reasons = list(dict.fromkeys(one.reason for one in alert.because))
    left = len(reasons) - SHOWN_RULES
    more = [f"• and {left} more, in the details"] if left > 0 else []
    return [*(f"• {reason}" for reason in reasons[:SHOWN_RULES]), *more]


def shortened(line: str) -> str:
    """Return one line of what was said, short enough that no other is pushed off the card."""
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 2]} …"


def heading(alert: StoredAlert, number: int) -> str:
    """Return a card's first line."""
    repeat = f" · notice {number}" if number > 1 and alert.is_open else ""
    done = "✅ CLOSED · was " if not alert.is_open else ""
    return f"{done}{COLOURS[alert.level]} · {alert.key}{repeat}"


def where(desk: Desk, alert: StoredAlert, visit: Visit) -> str:
    """Return what was treated where, and how long ago."""
    return f"{treatment(desk, visit)} · {since_session(alert.hours)}"


def treatment(desk: Desk, visit: Visit) -> str:
    """Return a session's treatments, area and lot in words."""
    protocol, session = desk.protocol, visit.session
    labels = [protocol.treatments[part].label for part in protocol.components(session.treatment)]
    area = protocol.areas[session.area]["en"] if session.area else ""
    lot = f"lot {visit.lot}" if visit.lot else ""
    return " · ".join(part for part in (" + ".join(labels), area, lot) if part)


def since_session(hours: float) -> str:
    """Return hours after a session as people say it: `30 h after`, `day 5`."""
    return f"{hours:.0f} h after" if hours < 72 else f"day {hours / 24:.0f}"  # noqa: PLR2004


def state_lines(desk: Desk, alert: StoredAlert, now: datetime) -> list[str]:
    """Return since when it has its level, when it was opened, and who has done what."""
    zone = desk.clinic.hours.zone
    lines = [f"Since {day_and_time(alert.raised_at, zone)}"]
    if alert.is_open:
        lines[0] += f" ({waited(now - alert.raised_at)})"
    if alert.has_risen:
        lines.append(f"Opened {day_and_time(alert.opened_at, zone)}, at a lower level")
    for name, who, at in (
        ("Taken by", alert.claimed_by, alert.claimed_at),
        ("Contacted by", alert.contacted_by, alert.contacted_at),
        ("Closed by", alert.resolved_by, alert.resolved_at),
    ):
        if at is not None:
            lines.append(f"{name} {desk.name_of(who)}, {clock_time(at, zone)}")
            member = desk.member(who)
            if name == "Taken by" and alert.is_open and member and not member.on_roster:
                lines[-1] += ", who has left: nobody has it"
    if alert.outcome:
        lines[-1] += f": {alert.outcome}"
    return lines


def waited(span: timedelta) -> str:
    """Return a waiting time: `4 min`, `3 h`, `2 days`."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"  # noqa: PLR2004 - two days


def keys(alert: StoredAlert) -> Keys:
    """Return the buttons that fit how far it has come; none once it is closed."""

    def key(label: str, action: str) -> Key:
        return Key(label, f"a:{action}:{alert.key}")

    if not alert.is_open:
        return ((key("Details in private", "details"),),)
    if alert.choosing_outcome:
        named = [key(words.capitalize(), f"outcome.{name}.{alert.content}")
                 for name, words in OUTCOMES.items() if name != "seen"]  # fmt: skip
        return (tuple(named[:2]), tuple(named[2:]), (key("Back", "back"),))
    first = [key("Claim" if alert.claimed_by is None else "Take over", "claim")]
    if alert.contacted_at is None:
        first.append(key("Contacted", f"contacted.{alert.level}.{alert.content}"))
    else:
        first = []
    return (
        *((tuple(first),) if first else ()),
        (key("Resolve", "resolve"), key("Details in private", "details")),
    )


def alert_list(desk: Desk, found: Sequence[StoredAlert], now: datetime) -> Message:
    """Return many alerts as one message, each with its own buttons."""
    lines = [f"{len(found)} alerts at once, the most urgent first:", ""]
    rows: list[tuple[Key, ...]] = []
    for alert in sorted(found, key=lambda one: (-one.level, one.raised_at)):
        lines.append(line(desk, alert, now))
        if alert.is_open and alert.contacted_at is None:
            label, action = "Claim", "claim"
            if alert.claimed_by is not None:
                label, action = "Contacted", f"contacted.{alert.level}.{alert.content}"
            rows.append((Key(f"{label} {alert.key}", f"a:{action}:{alert.key}"),
                         Key(f"Show {alert.key}", f"a:details:{alert.key}")))  # fmt: skip
    return Message(cut("\n".join(lines)), tuple(rows))


def line(desk: Desk, alert: StoredAlert, now: datetime) -> str:
    """Return one alert in one line."""
    reason = alert.because[0].reason if alert.because else "see the details"
    state = f"waiting {waited(now - alert.raised_at)}"
    if alert.has_risen:
        state += f", open {waited(now - alert.opened_at)}"
    if alert.resolved_at is not None:
        state = f"closed by {desk.name_of(alert.resolved_by)}"
    elif alert.contacted_at is not None:
        state = f"contacted by {desk.name_of(alert.contacted_by)}, not closed"
    elif alert.claimed_by is not None:
        state = f"taken by {desk.name_of(alert.claimed_by)}"
    colour = COLOURS[alert.level].rsplit(" (", 1)[0]
    return f"{colour} · {alert.key} · {since_session(alert.hours)} · {reason} · {state}"


def cut(text: str, foot: str = "") -> str:
    """Return a text no longer than a card may be, then its foot; the rest stands in the details."""
    room = LONGEST_CARD - units(foot)
    if units(text) > room:
        kept = text.encode("utf-16-le")[: 2 * (room - 2)].decode("utf-16-le", "ignore")
        text = f"{kept} …"
    return text + foot


def units(text: str) -> int:
    """Return how long Telegram takes a text to be."""
    return len(text.encode("utf-16-le")) // 2
