"""Enrolling with buttons: treatments, area, time, then the link. One message, changed in place."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.staff.enrol_choice import Choice, Step, code_of
from bot.staff.enrol_line import example
from bot.visit import usual_areas
from flows.engine.desk import clock_time, day_and_time
from flows.engine.events import Key, Message
from flows.local_time import wall_time
from flows.protocol import Protocol
from flows.screens import OPEN, TICKED
from flows.staff_language import _

AGO = {"Just now": 0, "1 h ago": 60, "2 h ago": 120, "4 h ago": 240}
"""By label the minutes before the press (own choice: most are enrolled on the way out)."""

CLOCKS = (time(9), time(11), time(13), time(15), time(17))
"""Times of today and yesterday evening's last that can be chosen, where they are past."""

PAST = 4
"""So many of them are offered."""

AREAS_A_ROW = 2
GO_ON: dict[Step, Step] = {"what": "area", "area": "when", "when": "ok"}
GO_BACK: dict[Step, Step] = {"area": "what", "when": "area", "ok": "when"}


def first(protocol: Protocol) -> Message:
    """Return the first step: what was done."""
    return what(protocol, Choice())


def shown(protocol: Protocol, choice: Choice, zone: ZoneInfo, now: datetime) -> Message:
    """Return the step that a choice is at."""
    match choice.step:
        case "area":
            return area(protocol, choice)
        case "when":
            return when(protocol, choice, zone, now)
        case "ok" | "make":
            return summary(protocol, choice, zone)
        case _:
            return what(protocol, choice)


def what(protocol: Protocol, choice: Choice) -> Message:
    """Return the tick list of treatments; a tick says what it leads to."""
    rows: list[tuple[Key, ...]] = []
    for place, treatment in enumerate(protocol.treatments.values()):
        is_on = place in choice.treatments
        label = f"{TICKED if is_on else OPEN}{treatment.label}"
        ticked = replace(choice, treatments=choice.treatments ^ {place}, step="what")
        rows.append((Key(label, code_of(protocol, ticked)),))
    rows.append(foot(protocol, choice.to("what"), forward=True))
    text = _("New patient, step 1 of 3: what was done? Tick all of it, then Next.")
    line = _("Or in one line: /enrol {example}", example=example(protocol))
    return Message(f"{text}\n{line}", tuple(rows))


def area(protocol: Protocol, choice: Choice) -> Message:
    """Return the areas, the usual one first where there is just one."""
    parts = choice.request(protocol)[0]
    usual = usual_areas(protocol, parts.split("+"))
    ids = list(protocol.areas)
    keys = []
    for name in sorted(ids, key=lambda one: one not in usual):
        label = protocol.areas[name]["en"].capitalize()
        suffix = [_("(usual)")] if usual == [name] else []
        chosen = replace(choice, area=ids.index(name), step="when")
        keys.append(Key(" ".join((label, *suffix)), code_of(protocol, chosen)))
    rows = [tuple(keys[at : at + AREAS_A_ROW]) for at in range(0, len(keys), AREAS_A_ROW)]
    rows.append(foot(protocol, choice.to("area")))
    return Message(_("New patient, step 2 of 3: which area was treated?"), tuple(rows))


def when(protocol: Protocol, choice: Choice, zone: ZoneInfo, now: datetime) -> Message:
    """Return times at which the session may have ended."""
    to_ok = choice.to("ok")
    ago = [Key(label, code_of(protocol, to_ok, minutes)) for label, minutes in AGO.items()]
    clocks = [
        Key(label, code_of(protocol, replace(to_ok, at=moment)))
        for label, moment in past_clocks(zone, now)
    ]
    rows = (
        tuple(ago[:2]), tuple(ago[2:]), tuple(clocks[:2]), tuple(clocks[2:]),
        foot(protocol, choice.to("when")),
    )  # fmt: skip
    text = _(
        "New patient, step 3 of 3: when did the session end?\nFor another time write one line:"
    )
    parts, name = choice.request(protocol)
    return Message(f"{text} /enrol {parts} {name or ''} 14:30", rows)


def past_clocks(zone: ZoneInfo, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield the latest of the times that are past, with their labels: today's, yesterday's."""
    today = now.astimezone(zone).date()
    days = ((today, _("Today")), (today - timedelta(days=1), _("Yesterday")))
    found = [
        (f"{name} {clock_time(moment, zone)}", moment)
        for day, name in days
        for clock in reversed(CLOCKS)
        if (moment := wall_time(day, clock, zone)) <= now
    ]
    yield from found[:PAST]


def summary(protocol: Protocol, choice: Choice, zone: ZoneInfo) -> Message:
    """Return everything chosen, to be looked at before the link is made."""
    names, name = choice.request(protocol)
    labels = " + ".join(protocol.treatments[part].label for part in names.split("+"))
    where = protocol.areas[name]["en"] if name else ""
    at = day_and_time(choice.at, zone) if choice.at else ""
    make = Key(_("Make the link"), code_of(protocol, choice.to("make")))
    right, ended = _("New patient: is this right?"), _("ended {time}", time=at)
    text = f"{right}\n\n{labels}\n{where}\n{ended}"
    return Message(text, ((make,), foot(protocol, choice.to("ok"))))


def foot(protocol: Protocol, choice: Choice, *, forward: bool = False) -> tuple[Key, ...]:
    """Return the row under a step: back or next, and stop."""
    keys = []
    if choice.step in GO_BACK:
        keys.append(Key(_("Back"), code_of(protocol, choice.to(GO_BACK[choice.step]))))
    if forward:
        keys.append(Key(_("Next"), code_of(protocol, choice.to(GO_ON[choice.step]))))
    return (*keys, Key(_("Stop"), code_of(protocol, choice.to("stop"))))
