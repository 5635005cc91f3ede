"""docs/escalation.md: what it shows was run with the bundled protocol."""

import re
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from test_escalation import (
    ALWAYS,
    BEN,
    CALL,
    CLINIC,
    DORA,
    EMERGENCY,
    FOLLOW_UP,
    HOURS,
    MINUTE,
    NIGHT,
    URGENT,
    WATCH,
    berlin,
    local,
    silent_staff,
    told,
)
from test_silence import ANNA, SENT, silence_of

from flows.clinic_hours import callback_by
from flows.escalation import Alert, next_notification
from flows.protocol_file import bundled
from flows.silence import red_flag_urgent_at
from flows.verdict import Level

PAGE = Path(__file__).parents[1] / "docs" / "escalation.md"
TESTS = {
    name
    for file in Path(__file__).parent.rglob("test_*.py")
    for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
}


def table(*rows: tuple[str, ...]) -> str:
    head, *body = rows
    return "\n".join(
        " | ".join(("", *row, "")).strip() for row in (head, ("---",) * len(head), *body)
    )


def notices(alert: Alert, count: int) -> str:
    found = islice(silent_staff(alert, ALWAYS[1], rules=bundled().escalation), count)
    rows = [(f"{local(f.at)}", AUDIENCES[f.audience], f.step) for f in found]
    return table(("time", "who is told", "step"), *rows)


AUDIENCES = {
    "on_call": "who is on call",
    "everyone": "everyone",
    "digest": "the digest",
    "call_list": "the call list",
}


def promises() -> str:
    moments = ("25 12:00", "25 16:30", "25 17:00", "25 17:01", "27 20:15", "28 13:01")
    rows = []
    for moment in moments:
        raised_at = berlin(f"2026-11-{moment}")
        rows.append((local(raised_at), local(callback_by(HOURS, bundled().escalation, raised_at))))
    return table(("raised", "call by"), *rows)


def silences() -> str:
    cases = {
        "nothing answered; last level below urgent": ANNA,
        "nothing answered; last level urgent or emergency": replace(ANNA, last_level=Level.URGENT),
        "stopped 10 minutes after it was sent": replace(ANNA, last_answer_at=SENT + 10 * MINUTE),
    }
    rows = []
    for words, check_in in cases.items():
        found = silence_of(check_in, bundled().silence)
        steps = [f"`{what}` after {m // 60}:{m % 60:02} h" for what, m in found]
        rows.append((words, ", then ".join(steps)))
    asked = (red_flag_urgent_at(SENT, bundled().silence) - SENT) // MINUTE
    rows.append(('"Is this happening now?" unanswered', f"urgent after 0:{asked:02} h"))
    return table(("silence", "what follows"), *rows)


def timeline() -> str:
    """Anna's urgent answer: Ben claims and forgets, Dora phones."""
    rules, alert, rows, now = bundled().escalation, URGENT, [], NIGHT
    acts = {
        NIGHT + 7 * MINUTE: ("Ben claims it", {"claimed_by": BEN.id}, "claimed_at"),
        NIGHT + 39 * MINUTE: ("Dora claims it", {"claimed_by": DORA.id}, "claimed_at"),
        NIGHT + 45 * MINUTE: ("Dora has spoken to Anna", {}, "contacted_at"),
    }
    while True:
        found = next_notification(alert, CLINIC, rules, now)
        act = min((at for at in acts if at > now or not rows), default=None)
        if act is None and found is None:
            return table(("time", "what happens"), *rows)
        if found and (act is None or found.at <= act):
            now, alert = found.at, told(alert, found.at, found.step)
            rows.append((local(now), f"told: {AUDIENCES[found.audience]}"))
        elif act is not None:
            words, facts, when = acts.pop(act)
            now, alert = act, replace(alert, **facts, **{when: act})
            rows.append((local(now), words))


SHOWN = {
    "urgent": lambda: notices(URGENT, 6),
    "emergency": lambda: notices(EMERGENCY, 4),
    "follow_up in hours": lambda: notices(
        replace(FOLLOW_UP, raised_at=berlin("2026-11-25 16:20")), 5
    ),
    "follow_up closed": lambda: notices(
        replace(FOLLOW_UP, raised_at=berlin("2026-11-27 20:15")), 4
    ),
    "call_list": lambda: notices(replace(CALL, raised_at=berlin("2026-11-29 12:00")), 4),
    "watch": lambda: notices(WATCH, 3),
    "promises": promises,
    "silences": silences,
    "timeline": timeline,
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_page_shows_what_the_bundled_protocol_does(name):
    block = rf"<!-- run: {name} -->\n(.*?)\n(?:\n|\Z)"
    shown = re.findall(block, PAGE.read_text("utf-8"), re.DOTALL)
    assert shown == [SHOWN[name]()]


def test_every_claim_of_the_page_names_a_test_that_exists():
    named = re.findall(r"`(test_\w+)`", PAGE.read_text("utf-8"))
    assert named
    assert [name for name in named if name not in TESTS] == []
