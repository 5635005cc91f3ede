"""A story written down for people: the time, who, and what; and its hash."""

import re
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from bench.simulation.witness import Posted

if TYPE_CHECKING:
    from bench.simulation.story import Story

ZONE: Final = ZoneInfo("Europe/Berlin")
SECRET: Final = re.compile(r"(start[ =]|Audit trail up to \d+:)[\w-]{16,}")
"""What comes from the machine's own chance, which no number decides: links, the trail's key."""

LINES: Final = 3


class Tale:
    """What happened, line by line."""

    def __init__(self, story: "Story") -> None:
        self.story = story
        self.lines: list[tuple[float, str]] = []

    def adds(self, text: str) -> None:
        """Write a line."""
        self.lines.append((self.story.loop.time(), SECRET.sub(r"\1…", text)))

    def shows(self, one: Posted) -> None:
        """Write down what the bot showed."""
        verb = "says" if one.is_new else "changes"
        text = " / ".join(line for line in one.text.split("\n") if line)
        self.adds(f"the bot {verb} in {self.name(one.chat)} #{one.message}: {text} "
                  f"{' '.join(f'[{label}]' for label in one.labels)}")  # fmt: skip

    def name(self, chat: int) -> str:
        """Return whose chat it is."""
        account = self.story.world.accounts.get(chat)
        return account.name if account else f"the staff chat {chat}"

    def hash(self) -> str:
        """Return what is the same for two runs that went the same way, to the microsecond."""
        calls = "\n".join(str(call) for call in self.story.world.calls)
        told = "\n".join(f"{at:.6f} {text}" for at, text in self.lines)
        log = "\n".join(f"{one.at} {one.person} {one.what} {one.message_id}"
                        for one in self.story.world.log)  # fmt: skip
        return sha256(f"{calls}\n{told}\n{log}".encode()).hexdigest()

    def written(self, since: float = 0.0, until: float = float("inf"), longest: int = 160) -> str:
        """Return the story as lines of text."""
        return "\n".join(
            f"{self.wall(at)}  {text[:longest]}" for at, text in self.lines if since <= at <= until
        )

    def wall(self, at: float) -> str:
        """Return a moment as the clinic's wall clock really shows it."""
        moment = self.story.machine.start + timedelta(seconds=at)
        return f"{moment.astimezone(ZONE):%a %d %H:%M:%S}"
