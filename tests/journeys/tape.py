"""A story written down: what everybody did, and what every screen showed, in order of time."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.standin.messages import Shown

if TYPE_CHECKING:
    from clinic import Journey

ZONE = ZoneInfo("Europe/Berlin")
RANDOM = (
    (re.compile(r"^/start (staff-)?[\w-]{22}$"), "/start …"),
    (re.compile(r"\?start=[\w-]+"), "?start=…"),
    (re.compile(r"\(update \d+\)"), "(update …)"),
    (re.compile(r"Audit trail up to \d+:\w+"), "Audit trail up to …"),
)
"""What is random in a text, and what stands in a recording instead."""
LONG = 8
"""A list of so many lines is written out once in a recording, and then counted."""
VERBS = {
    "sent": "", "edited": ", changed", "deleted": ", taken away", "toast": ", over the chat",
    "alert": ", over the chat until closed", "action": ", doing",
}  # fmt: skip


class Tape:
    """Writes down one journey, from the moment `begins` is called."""

    def __init__(self, journey: "Journey") -> None:
        self.journey = journey
        self.lines: list[str] = []
        self.heard = 0
        self.day = ""
        self.lists: set[str] = set()
        self.dull: dict[str, bool] = {}

    def begins(self) -> None:
        """Forget what was written so far."""
        self.hears()
        self.lines, self.day = [], ""
        self.lists.clear()

    def told_once(self, words: str) -> None:
        """Write messages with these words down only the first time: they come every day."""
        self.dull[words] = False

    def did(self, what: str) -> None:
        """Write down what somebody did, or what happened around the clinic."""
        self.hears()
        self.entry(self.journey.clock.now(), what)

    def hears(self) -> None:
        """Write down what was shown since the last time, one line for all who saw the same."""
        fresh = self.journey.world.log[self.heard :]
        self.heard = len(self.journey.world.log)
        minutes: dict[str, list[Shown]] = {}
        for one in fresh:
            minutes.setdefault(f"{one.at:%F %H:%M}", []).append(one)
        for shown in minutes.values():
            together: dict[tuple[object, ...], list[Shown]] = {}
            for one in sorted(shown, key=self.rank):
                same = (one.what, one.text, one.buttons, one.media, one.by)
                together.setdefault(same, []).append(one)
            for copies in together.values():
                self.shown(copies)

    def rank(self, one: Shown) -> tuple[int, int]:
        """Sort what was shown in one minute: patients, then the staff chat, then staff alone."""
        if one.chat < 0:
            return (1, 0)
        return (2 if one.person in self.journey.staff_ids else 0, one.person)

    def shown(self, copies: list[Shown]) -> None:
        """Write down one message, change or toast, and who saw it."""
        one = copies[0]
        if not (one.text or one.media) or self.is_dull(one.text):
            return
        self.entry(one.at, f"{one.by or 'Aftercheck'} → {self.whom(copies)}{VERBS[one.what]}")
        if one.media:
            self.lines.append(f"    ({one.media})")
        self.lines += [f"    {line}".rstrip() for line in self.text(one.text)]
        self.lines += ["    " + " ".join(f"[{label}]" for label in row) for row in one.buttons]

    def is_dull(self, text: str) -> bool:
        """Whether this was written down often enough; counts it."""
        for words, written in self.dull.items():
            if words in text:
                self.dull[words] = True
                return written
        return False

    def whom(self, copies: list[Shown]) -> str:
        """Say whose screens showed the same in one minute, and how often where it was twice."""
        one = copies[0]
        alone = list(dict.fromkeys(copy.name for copy in copies if self.is_private(copy)))
        if alone == [one.by]:
            return "the bot"
        where = ["the staff chat"] if any(not self.is_private(copy) for copy in copies) else []
        seen = Counter((copy.person, self.is_private(copy)) for copy in copies)
        times = max(seen.values())
        named = ", and alone ".join([*where, ", ".join(alone)] if alone else where)
        return f"{named}, {times} times" if times > 1 else named

    def is_private(self, one: Shown) -> bool:
        """Whether only this person saw it: in their own chat, or over a chat."""
        return one.chat > 0 or one.what in ("toast", "alert")

    def text(self, text: str) -> Iterator[str]:
        """Yield a text's lines, with a long list that was written before only counted."""
        for pattern, instead in RANDOM:
            text = pattern.sub(instead, text)
        block: list[str] = []
        for line in text.split("\n"):
            if line.startswith("• "):
                block.append(line)
                continue
            yield from self.listed(block)
            block = []
            yield line
        yield from self.listed(block)

    def listed(self, block: list[str]) -> Iterator[str]:
        """Yield a list, or how long it is where it was written before."""
        whole = "\n".join(block)
        if len(block) >= LONG and whole in self.lists:
            yield f"• … (the same {len(block)} as before)"
            return
        self.lists.add(whole)
        yield from block

    def entry(self, at: object, what: str) -> None:
        """Write one line, under a new day's heading where one begins."""
        wall = at.astimezone(ZONE)  # type: ignore[attr-defined]
        day = f"{wall:%a %d %b %Y}"
        if day != self.day:
            self.lines += ["", day, ""] if self.lines else [day, ""]
            self.day = day
        self.lines.append(f"{wall:%H:%M}  {what}")

    def written(self) -> str:
        """Return the whole recording."""
        self.hears()
        return "\n".join(self.lines) + "\n"
