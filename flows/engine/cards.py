"""What staff read of an alert: the card, and many alerts as one list.

A card is composed from what is stored when it goes out, so it is never behind. It says who by
the case code alone; staff who may know more open the details in their own chat.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flows.engine.desk import Desk, clock_time, day_and_time, since_session
from flows.engine.events import Key, Keys, Message
from flows.engine.record import StoredAlert, Visit
from flows.engine.staff_actions import OUTCOMES
from flows.staff_language import N_, _, first_upper, ngettext
from flows.stored_words import restated
from flows.verdict import Level

LEVELS = {
    Level.EMERGENCY: N_("🔴 EMERGENCY"),
    Level.URGENT: N_("🟠 URGENT"),
    Level.FOLLOW_UP: N_("🟡 FOLLOW UP"),
    Level.WATCH: N_("🔵 WATCH"),
    Level.EXPECTED: N_("🟢 EXPECTED"),
}
COLOURS = {
    Level.EMERGENCY: N_("red"),
    Level.URGENT: N_("orange"),
    Level.FOLLOW_UP: N_("yellow"),
    Level.WATCH: N_("blue"),
    Level.EXPECTED: N_("green"),
}
"""By level a symbol and its name, and the colour in words: nobody has to tell colours apart."""

DO = {
    Level.EMERGENCY: N_("Phone the patient NOW. They were told to call the emergency number."),
    Level.URGENT: N_("Phone the patient now. They were told to call us."),
    Level.FOLLOW_UP: N_("Contact the patient today."),
    Level.WATCH: N_("Have a look. No call is needed."),
    Level.EXPECTED: N_("Nothing to do."),
}
CALL_LIST = N_("The patient asked for a call.")
DOERS = {
    "claimed": N_("Taken by {name}, {time}"),
    "contacted": N_("Contacted by {name}, {time}"),
    "closed": N_("Closed by {name}, {time}"),
}

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
        title = _("What is known:") if alert.event else _("The patient said:")
        lines += ["", title, *(f"• {shortened(restated(line))}" for line in alert.said)]
    if alert.enclosed > 1:
        lines += ["", _("Photos and other things that came: {number}", number=alert.enclosed)]
    foot = ""
    if desk.protocol.protocol.draft:
        foot = "\n\n" + _("Draft thresholds: no clinician has signed them.")
    return Message(cut("\n".join(lines), foot), keys(alert))


def next_step(alert: StoredAlert) -> list[str]:
    """Return what to do now, the second thing that the eye falls on; nothing once it is done."""
    if not alert.is_open or alert.contacted_at is not None:
        return []
    return [_(CALL_LIST if alert.route else DO[alert.level])]


def why(alert: StoredAlert) -> list[str]:
    """Return the reasons, the worst first; the rules and their sources stand in the details."""
    reasons = list(dict.fromkeys(restated(one.reason) for one in alert.because))
    left = len(reasons) - SHOWN_RULES
    more = []
    if left > 0:
        more = ["• " + _("and {number} more, in the details", number=left)]
    return [*(f"• {reason}" for reason in reasons[:SHOWN_RULES]), *more]


def shortened(line: str) -> str:
    """Return one line of what was said, short enough that no other is pushed off the card."""
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 2]} …"


def heading(alert: StoredAlert, number: int) -> str:
    """Return a card's first line."""
    level = f"{_(LEVELS[alert.level])} ({_(COLOURS[alert.level])})"
    if not alert.is_open:
        return _("✅ CLOSED · was {level}", level=level) + f" · {alert.key}"
    repeat = " · " + _("notice {number}", number=number) if number > 1 else ""
    return f"{level} · {alert.key}{repeat}"


def where(desk: Desk, alert: StoredAlert, visit: Visit) -> str:
    """Return what was treated where, and how long ago."""
    return f"{treatment(desk, visit)} · {since_session(alert.hours)}"


def treatment(desk: Desk, visit: Visit) -> str:
    """Return a session's treatments, area and lot in words."""
    protocol, session = desk.protocol, visit.session
    treated = protocol.treatment_in_words(session.treatment)
    area = protocol.areas[session.area]["en"] if session.area else ""
    lot = _("lot {number}", number=visit.lot) if visit.lot else ""
    return " · ".join(part for part in (treated, area, lot) if part)


def state_lines(desk: Desk, alert: StoredAlert, now: datetime) -> list[str]:
    """Return since when it has its level, when it was opened, and who has done what."""
    zone = desk.clinic.hours.zone
    lines = [_("Since {time}", time=day_and_time(alert.raised_at, zone))]
    if alert.is_open:
        lines[0] += f" ({waited(now - alert.raised_at)})"
    if alert.has_risen:
        opened = day_and_time(alert.opened_at, zone)
        lines.append(_("Opened {time}, at a lower level", time=opened))
    for act, who, at in (
        ("claimed", alert.claimed_by, alert.claimed_at),
        ("contacted", alert.contacted_by, alert.contacted_at),
        ("closed", alert.resolved_by, alert.resolved_at),
    ):
        if at is not None:
            member, words = desk.member(who), DOERS[act]
            if act == "claimed" and alert.is_open and member and not member.on_roster:
                words = N_("Taken by {name}, {time}, who has left: nobody has it")
            lines.append(_(words, name=desk.name_of(who), time=clock_time(at, zone)))
    if alert.outcome:
        lines[-1] += f": {restated(alert.outcome)}"
    return lines


def waited(span: timedelta) -> str:
    """Return a waiting time: `4 min`, `3 h`, `2 days`."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return _("{minutes} min", minutes=minutes)
    hours = minutes // 60
    if hours < 48:  # noqa: PLR2004 - two days
        return _("{hours} h", hours=hours)
    return ngettext("{days} day", "{days} days", hours // 24, days=hours // 24)


def keys(alert: StoredAlert) -> Keys:
    """Return the buttons that fit how far it has come; none once it is closed."""

    def key(label: str, action: str) -> Key:
        return Key(label, f"a:{action}:{alert.key}")

    if not alert.is_open:
        return ((key(_("Details in private"), "details"),),)
    if alert.choosing_outcome:
        named = [key(first_upper(_(words)), f"outcome.{name}.{alert.content}")
                 for name, words in OUTCOMES.items() if name != "seen"]  # fmt: skip
        return (tuple(named[:2]), tuple(named[2:]), (key(_("Back"), "back"),))
    first = [key(_("Claim") if alert.claimed_by is None else _("Take over"), "claim")]
    if alert.contacted_at is None:
        first.append(key(_("Contacted"), f"contacted.{alert.level}.{alert.content}"))
    else:
        first = []
    return (
        *((tuple(first),) if first else ()),
        (key(_("Resolve"), "resolve"), key(_("Details in private"), "details")),
    )


def alert_list(desk: Desk, found: Sequence[StoredAlert], now: datetime) -> Message:
    """Return many alerts as one message, each with its own buttons."""
    title = ngettext(
        "{number} alert, the most urgent first:",
        "{number} alerts at once, the most urgent first:",
        len(found), number=len(found),
    )  # fmt: skip
    lines = [title, ""]
    rows: list[tuple[Key, ...]] = []
    for alert in sorted(found, key=lambda one: (-one.level, one.raised_at)):
        lines.append(line(desk, alert, now))
        if alert.is_open and alert.contacted_at is None:
            label, action = _("Claim {key}", key=alert.key), "claim"
            if alert.claimed_by is not None:
                label = _("Contacted {key}", key=alert.key)
                action = f"contacted.{alert.level}.{alert.content}"
            show = _("Show {key}", key=alert.key)
            rows.append((Key(label, f"a:{action}:{alert.key}"),
                         Key(show, f"a:details:{alert.key}")))  # fmt: skip
    return Message(cut("\n".join(lines)), tuple(rows))


def line(desk: Desk, alert: StoredAlert, now: datetime) -> str:
    """Return one alert in one line."""
    reason = restated(alert.because[0].reason) if alert.because else _("see the details")
    parts = (_(LEVELS[alert.level]), alert.key, since_session(alert.hours), reason)
    return " · ".join((*parts, state_of(desk, alert, now)))


def state_of(desk: Desk, alert: StoredAlert, now: datetime) -> str:
    """Return in a few words who has an alert, or how long it has waited."""
    if alert.resolved_at is not None:
        return _("closed by {name}", name=desk.name_of(alert.resolved_by))
    if alert.contacted_at is not None:
        who = desk.name_of(alert.contacted_by)
        return _("contacted by {name}, not closed", name=who)
    if alert.claimed_by is not None:
        return _("taken by {name}", name=desk.name_of(alert.claimed_by))
    waits = waited(now - alert.raised_at)
    if not alert.has_risen:
        return _("waiting {span}", span=waits)
    opened = waited(now - alert.opened_at)
    return _("waiting {span}, open {longer}", span=waits, longer=opened)


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
