"""Part of the second guarantee: nothing is routed, waited for or left out beyond all reason.

A clinic chooses its own numbers inside these bounds. They are the authors' own choice, wide on
purpose: outside them a file is a mistake.
"""

from collections.abc import Iterator
from itertools import pairwise

from flows.asking import offered
from flows.proof.reachable import occasions
from flows.protocol import Protocol

ROUTES = {
    "follow_up": ("same_day", "at_once", "everyone_at_once"),
    "urgent": ("at_once", "everyone_at_once"),
    "emergency": ("everyone_at_once",),
}
"""What a level has to bring about at least."""

MOST = {
    ("escalation", "emergency_repeat_minutes"): 15,
    ("escalation", "everyone_repeat_minutes"): 60,
    ("escalation", "follow_up_repeat_minutes"): 240,
    ("escalation", "claim_expires_minutes"): 60,
    ("silence", "reminder_after_minutes"): 360,
    ("silence", "unanswered_after_hours"): 48,
    ("silence", "unanswered_after_serious_hours"): 4,
    ("silence", "abandoned_after_hours"): 12,
    ("silence", "red_flag_question_minutes"): 15,
}
"""The longest that each of these may wait."""

LAST_URGENT_MINUTES = 60
FIRST_CHECK_IN, FIRST_WEEK, LONGEST_GAP = 24, 168, 72
"""Hours: when the first check-in is due at the latest, and the longest gap in the first week."""
LONGEST_QUIET = 12 * 60
"""Minutes of quiet hours in a day."""
A_DAY = 24 * 60


def bounds(protocol: Protocol) -> Iterator[str]:
    """Say what lies outside the bounds."""
    for level, routes in ROUTES.items():
        staff = protocol.levels[level].staff  # type: ignore[index]
        if staff not in routes:
            yield f"levels › {level}: staff = «{staff}» is too little; use {' or '.join(routes)}"
    for (table, name), most in MOST.items():
        value = getattr(getattr(protocol, table), name)
        if value > most:
            yield f"{table} › {name}: {value} is too long; {most} is the most"
    if protocol.escalation.urgent_repeat_minutes[-1] > LAST_URGENT_MINUTES:
        yield f"escalation: urgent alerts reach everyone within {LAST_URGENT_MINUTES} minutes"
    if quiet_minutes(protocol) > LONGEST_QUIET:
        yield f"quiet_hours: more than {LONGEST_QUIET // 60} hours; nobody would be asked"
    if "emergency_number" not in protocol.texts["FOOT"].get("en", "emergency_number"):
        yield "texts.FOOT: does not name {emergency_number}, and stands under every message"
    yield from schedules(protocol)


def quiet_minutes(protocol: Protocol) -> int:
    """Return how many minutes a day are quiet."""
    start, end = (
        int(clock[:2]) * 60 + int(clock[3:])
        for clock in (protocol.quiet_hours.start, protocol.quiet_hours.end)
    )
    return (end - start) % A_DAY


def schedules(protocol: Protocol) -> Iterator[str]:
    """Say where a first week has a hole, and which check-in leaves out the warning signs."""
    for name, treatment in protocol.treatments.items():
        week = [hours for hours in treatment.schedule if hours <= FIRST_WEEK]
        if not week or week[0] > FIRST_CHECK_IN:
            yield f"treatments › {name}: the first check-in is due within {FIRST_CHECK_IN} h"
        for early, late in pairwise([*week, FIRST_WEEK]):
            if late - early > LONGEST_GAP:
                yield f"treatments › {name}: nothing between {early} h and {late} h of week one"
    flags = protocol.incomplete.question
    for occasion in occasions(protocol):
        if all(question.id != flags for question in offered(protocol, occasion)):
            yield (
                f"questions «{flags}»: not asked {occasion.hours} h after {occasion.treatment} "
                f"({occasion.kind}); every check-in asks it"
            )
            return
