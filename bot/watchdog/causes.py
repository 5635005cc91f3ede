"""What is wrong, since when, and who has been told of it. Pure: no clock, no network.

Each cause is told once when it begins, again while it lasts, and once when it is over, on each
channel for itself. A channel that does not take a message is tried again after a growing pause, so
everything is told at least once and nothing is told in a flood.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

STAFF_CHAT: Final = "staff_chat"
"""The channel that hears nothing of what its cards say anyway."""
HOURLY: Final = timedelta(hours=1)
SETTLED: Final = timedelta(minutes=5)
"""So long a cause must have been gone before it is over: one that comes and goes is one cause."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)
"""Between two tries on a channel; each pause is twice the one before (own choice)."""
FORGOTTEN: Final = timedelta(hours=24)
"""So long after its end a cause that a channel never took is still tried there."""

What = Literal["begins", "lasts", "over"]


class Trouble(NamedTuple):
    """Something that is wrong now.

    `cause` is its name: a word, and behind a colon what it is about. `sentence` says it to people,
    with nothing of a patient but the case code. `in_staff_chat`: whether staff hear of it there;
    what their cards say anyway is for the second channel alone. `again`: how often it is told while
    it lasts.
    """

    cause: str
    sentence: str
    in_staff_chat: bool = True
    again: timedelta = HOURLY


@dataclass
class Cause:
    """A trouble with its history; `told` says by channel when it was last told there."""

    sentence: str
    since: datetime
    seen: datetime
    in_staff_chat: bool
    again: timedelta
    told: dict[str, datetime] = field(default_factory=dict)

    def what(self, channel: str, now: datetime) -> What | None:
        """Return what this channel is still to be told."""
        last = self.told.get(channel)
        if channel == STAFF_CHAT and not self.in_staff_chat:
            return None
        if now - self.seen >= SETTLED:
            return None if last is not None and last >= self.seen + SETTLED else "over"
        if last is None:
            return "begins"
        return "lasts" if now - last >= self.again else None


class Item(NamedTuple):
    """One thing to tell: of which cause, what about it, its sentence, and since when."""

    cause: str
    what: What
    sentence: str
    since: datetime


@dataclass
class Pause:
    """How often a channel failed in a row, and when it is tried next."""

    tries: int = 0
    until: datetime | None = None


@dataclass
class Ledger:
    """Every cause that is or just was."""

    causes: dict[str, Cause] = field(default_factory=dict)
    pauses: dict[str, Pause] = field(default_factory=dict)

    def note(self, troubles: Iterable[Trouble], now: datetime) -> None:
        """Take in what is wrong now."""
        for one in troubles:
            known = self.causes.get(one.cause)
            since = known.since if known and now - known.seen < SETTLED else now
            told = known.told if known and since == known.since else {}
            self.causes[one.cause] = Cause(
                one.sentence, since, now, one.in_staff_chat, one.again, told
            )

    def troubles(self, names: Sequence[str]) -> list[Trouble]:
        """Return those of these causes that not everybody knows to be over."""
        return [
            Trouble(name, cause.sentence, cause.in_staff_chat, cause.again)
            for name, cause in self.causes.items() if name in names
        ]  # fmt: skip

    def due(self, channel: str, now: datetime) -> list[Item]:
        """Return what a channel is to be told now; nothing while it rests after a failure.

        What is over is told also where the beginning could not be, so that nobody is left to
        find out.
        """
        until = self.pauses.get(channel, Pause()).until
        if until is not None and now < until:
            return []
        found = []
        for name, cause in self.causes.items():
            what = cause.what(channel, now)
            if what is not None:
                found.append(Item(name, what, cause.sentence, cause.since))
        return found

    def was_told(self, channel: str, items: Sequence[Item], now: datetime) -> None:
        """Note that a channel took these."""
        self.pauses.pop(channel, None)
        for item in items:
            self.causes[item.cause].told[channel] = now

    def failed(self, channel: str, now: datetime) -> None:
        """Note that a channel took nothing."""
        tries = self.pauses.get(channel, Pause()).tries
        pause = min(FIRST_PAUSE * 2 ** min(tries, 10), LONGEST_PAUSE)
        self.pauses[channel] = Pause(tries + 1, now + pause)

    def forget(self, channels: Sequence[str], now: datetime) -> None:
        """Drop what is over and was told everywhere, or could not be for a day."""
        self.causes = {
            name: cause
            for name, cause in self.causes.items()
            if now - cause.seen < SETTLED
            or (now - cause.seen < FORGOTTEN and any(cause.what(one, now) for one in channels))
        }

    def text(self) -> str:
        """Return it as it is kept over a restart; pauses begin anew."""
        return json.dumps({
            name: asdict(cause) | {
                "since": cause.since.isoformat(), "seen": cause.seen.isoformat(),
                "again": cause.again.total_seconds(),
                "told": {one: at.isoformat() for one, at in cause.told.items()},
            }
            for name, cause in self.causes.items()
        })  # fmt: skip


def ledger_of(text: str) -> Ledger:
    """Read what was kept.

    Raises:
        ValueError, KeyError, TypeError: it is nothing of ours.
    """
    moment = datetime.fromisoformat
    return Ledger({
        name: Cause(
            kept["sentence"], moment(kept["since"]), moment(kept["seen"]), kept["in_staff_chat"],
            timedelta(seconds=kept["again"]),
            {one: moment(at) for one, at in kept["told"].items()},
        )
        for name, kept in json.loads(text).items()
    })  # fmt: skip
