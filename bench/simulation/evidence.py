"""What a story left behind, seen from outside: who was shown what, did what, and what was wrong."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bench.simulation.acts import Act
from bench.simulation.troubles import Span, calm_after, joined, touches
from bench.simulation.witness import Posted
from flows.quiet_hours import quiet_hours

if TYPE_CHECKING:
    from bench.simulation.patients import Patient
    from bench.simulation.story import Story

QUICK: Final = 20.0
"""Seconds in which the bot has to react while nothing is and nothing lately was wrong."""

SLOW: Final = 150.0
"""Seconds of calm after trouble: a lease of 60 s, a `retry_after` of 40 s, a delay of 15 s."""

LATELY: Final = 180.0  # seconds
LEVELS: Final = {"EMERGENCY": 4, "URGENT": 3, "FOLLOW UP": 2, "WATCH": 1, "EXPECTED": 0}
URGENT: Final = LEVELS["URGENT"]
ALERT: Final = re.compile(
    r"(?P<closed>✅ CLOSED · was )?\S (?P<level>EMERGENCY|URGENT|FOLLOW UP|WATCH|EXPECTED)"
    r"(?: \(\w+\))? · (?P<key>(?P<code>[A-Z0-9]{4,6})-\d+)(?P<rest>[^\n]*)"
)


@dataclass(frozen=True)
class Shown:
    """One alert as one message showed it to staff."""

    at: float
    key: str
    code: str
    level: int
    is_new: bool
    is_over: bool
    """Whether it says that somebody contacted the patient, or closed it."""

    is_taken: bool
    by_answer: bool
    """Whether it quotes what the patient said."""

    has_reason: bool
    is_first: bool
    """Whether it is the first notice of the alert, as far as it says."""

    is_card: bool
    """Whether it is a card, which says how things stand as it goes, and not a list, which stays."""


class Evidence:
    """Everything that the proof looks at."""

    def __init__(self, story: "Story") -> None:
        self.story = story
        self.world = story.world
        self.acts = story.acts.done
        self.horizon = story.horizon
        self.codes = {patient.code: patient for patient in story.patients}
        self.silent = story.silent.id
        self.people = {nurse.person.id for nurse in story.nurses}
        self.patients = {patient.person.id: patient for patient in story.patients}
        self.bad = story.troubles.of("down", "weather", "dark", "disk")
        self.wrong_clock = story.troubles.of("clock")
        self.confirmed = story.world.updates.confirmed

    @cached_property
    def staff(self) -> list[Posted]:
        """What staff were shown, in the group and alone."""
        return [
            one for one in self.world.posted
            if one.chat in self.people or (one.chat < 0 and one.chat != self.silent)
        ]  # fmt: skip

    @cached_property
    def alerts(self) -> list[Shown]:
        """Every alert that staff were shown, by time."""
        return [shown for one in self.staff for shown in read(one)]

    @cached_property
    def by_key(self) -> dict[str, list[Shown]]:
        """The same, by the alert's key."""
        found: dict[str, list[Shown]] = {}
        for one in self.alerts:
            found.setdefault(one.key, []).append(one)
        return found

    @cached_property
    def by_chat(self) -> dict[int, list[Posted]]:
        """What the bot wrote into each chat."""
        found: dict[int, list[Posted]] = {}
        for one in self.world.posted:
            found.setdefault(one.chat, []).append(one)
        return found

    @cached_property
    def nights(self) -> list[Span]:
        """The quiet hours of the story."""
        quiet = quiet_hours(self.story.machine.protocol, "Europe/Berlin")
        spans: list[Span] = []
        step = timedelta(hours=8)  # shorter than a night
        moment, end = self.wall(-43_200), self.wall(self.horizon) + step
        while moment < end:
            if quiet.covers(moment):
                first, last = quiet.edges(moment)
                spans.append((self.seconds(first), self.seconds(last)))
            moment += step
        return joined(spans)

    def in_chat(self, chat: int, begin: float, end: float) -> Sequence[Posted]:
        """Return what the bot wrote into a chat between two instants."""
        posts = self.by_chat.get(chat, [])
        first = bisect_left(posts, begin, key=lambda one: one.at)
        last = bisect_left(posts, end, key=lambda one: one.at)
        return posts[first:last]

    def by(self, moment: float, also: Sequence[Span] = ()) -> float:
        """Return by when something has to have happened that is due at a moment."""
        bad = joined([*self.bad, *also]) if also else self.bad
        if not touches(bad, moment - LATELY, moment + QUICK):
            return moment + QUICK
        return calm_after(bad, moment, SLOW)

    def is_calm(self, begin: float, end: float) -> bool:
        """Whether nothing was wrong between two instants, nor shortly before."""
        return not touches(self.bad, begin - LATELY, end)

    def acts_of(self, person: int) -> Iterator[Act]:
        """Yield what somebody did."""
        return (act for act in self.acts if act.who == person)

    def heard(self, act: Act) -> float | None:
        """Return when the bot took over what somebody did; None where it never did."""
        return None if act.update is None else self.confirmed.get(act.update)

    def blocked(self, patient: "Patient") -> list[Span]:
        """Return the spans in which a patient had blocked the bot."""
        spans: list[Span] = []
        since: float | None = None
        for act in self.acts_of(patient.person.id):
            if act.kind == "blocks" and since is None:
                since = act.at
            elif since is not None and (act.kind == "unblocks" or act.text.startswith("/start")):
                spans.append((since, act.at))
                since = None
        return spans if since is None else [*spans, (since, self.horizon)]

    def stopped(self, patient: "Patient") -> float:
        """Return when a patient pressed that they want to stop; infinity for never."""
        found = (act.at for act in self.acts_of(patient.person.id) if act.text == "[Yes, stop]")
        return next(found, float("inf"))

    def wall(self, at: float) -> datetime:
        """Return a moment in real time."""
        return self.story.machine.start + timedelta(seconds=at)

    def seconds(self, moment: datetime) -> float:
        """Return a real time in the story's seconds."""
        return (moment - self.story.machine.start).total_seconds()

    def says(self, at: float, text: str) -> str:
        """Return the sentence of a fault."""
        return f"{self.story.tale.wall(at)} (second {at:.1f}): {text}"


def read(one: Posted) -> Iterator[Shown]:
    """Yield the alerts that a message shows: a card's one, or those of a list."""
    found = list(ALERT.finditer(one.text))
    many = not found or found[0].start() > 0
    for match in found:
        text = match["rest"] if many else one.text
        over = match["closed"] is not None or re.search(r"[Cc]ontacted by |closed by ", text)
        yield Shown(
            one.at, match["key"], match["code"], LEVELS[match["level"]], one.is_new, bool(over),
            bool(re.search(r"[Tt]aken by ", text)), "The patient said:" in text,
            many or "• " in text, not many and "notice" not in match["rest"], not many,
        )  # fmt: skip
