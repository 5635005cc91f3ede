"""What must hold of the nights: who is left alone, and whom staff phone instead."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from bench.simulation.evidence import SLOW, Evidence
from bench.simulation.of_questions import (
    CONFIRMED,
    DAY,
    ONCE_MORE,
    asks,
    due_rows,
    instead,
    shows,
)  # fmt: skip
from bench.simulation.troubles import calm_after, joined, touches
from bench.simulation.witness import Posted

EDGE: Final = 15 * 60.0  # seconds after 21:00 in which one that was due then may still come
FIRST_DAYS: Final = 48 * 3600.0
"""Seconds after a session in which staff phone whom the night kept from being asked
(docs/sources.md, catching-up)."""


def not_phoned(it: Evidence) -> Iterator[str]:
    """Yield every new patient whose check-in the night held back and whom staff were not to phone.

    Staff read it at the latest when the clinic opens.
    """
    trouble = joined([*it.bad, *it.wrong_clock])
    for patient in it.story.patients:
        posts = it.by_chat.get(patient.person.id, [])
        begun = next((one.at for one in posts if one.text.startswith(CONFIRMED)), float("inf"))
        new_until = it.seconds(patient.session.ended_at) + FIRST_DAYS
        rows = due_rows(it, patient, begun)
        for (due, key), (first, last) in product(rows, it.nights):
            awake = calm_after(trouble, first + EDGE, SLOW)
            ended = min(it.stopped(patient), it.horizon, new_until)
            if not due < first < due + DAY / 2 or awake >= min(last, ended):
                continue
            keys = {key, *(other for later, other in rows if later > due)}
            if any(shows(one, keys) and due - DAY <= one.at <= awake for one in posts):
                continue
            opens = it.seconds(it.story.machine_hours.opening(it.wall(last))[0])
            end = calm_after(trouble, opens, SLOW)
            away = touches(it.blocked(patient), due - 60, end)
            if end >= ended or away or touches(it.wrong_clock, due - 90_000, end):
                continue
            if not instead(it, patient, first, end):
                yield it.says(due, f"{patient.code}: {key} was held for the night, nobody phones")


def at_night(it: Evidence) -> Iterator[str]:
    """Yield every question that came in quiet hours although the patient had said nothing.

    What was said before the night counts where the bot, which was away, heard it only then.
    """
    dark = [(first + EDGE, last - 1) for first, last in it.nights]
    for patient in it.story.patients:
        done = list(it.acts_of(patient.person.id))
        acts = [*(act.at for act in done), *(it.heard(act) or act.at for act in done)]
        for one in it.by_chat.get(patient.person.id, []):
            since = unanswered_since(it, one) - EDGE
            own = any(since <= at <= one.at for at in acts)
            if asks(one) and touches(dark, one.at, one.at) and not own and not it.wrong_clock:
                yield it.says(one.at, f"{patient.code} was asked at night")


def unanswered_since(it: Evidence, one: Posted) -> float:
    """Return when the trouble began in which an answer that comes once more could not go."""
    if not one.text.startswith(ONCE_MORE):
        return one.at
    lately = (first for first, last in joined(it.bad) if first <= one.at <= last + EDGE)
    return next(lately, one.at)


CHECKS: Final = (not_phoned, at_night)
