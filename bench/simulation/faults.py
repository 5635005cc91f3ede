"""What goes wrong around the bot for a while: the way to Telegram, the disk, the clock."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bench.simulation.weather import KINDS

if TYPE_CHECKING:
    from bench.simulation.story import Story

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
SOON: Final = 10  # seconds in which the bot has seen that its clock was set
JUMPS: Final = (-DAY, -HOUR, -90.0, 90.0, HOUR, DAY)  # seconds


def spans(
    story: "Story", kind: str, begin: float, length: float, *ways: Callable[[], None]
) -> None:
    """Let something be wrong for a while, of one or more kinds: what begins it, what ends it.

    Where two of a kind overlap, both end with the later one.
    """
    begins, ends = ways

    def first() -> None:
        for one in kind.split():
            story.troubles.begins(one)
        begins()

    def last() -> None:
        if story.troubles.open[kind.rsplit(maxsplit=1)[-1]] == 1:
            ends()
        for one in kind.split():
            story.troubles.ends(one)

    if begin + length < story.end:
        story.at(begin, first)
        story.at(begin + length, last)


def bad_weather(story: "Story", begin: float) -> None:
    """Let calls go wrong now and then."""
    weather, random = story.machine.weather, story.random
    chance = random.choice((0.05, 0.2, 0.5, 0.8))
    kinds = tuple(random.sample(KINDS, random.randint(1, len(KINDS))))

    def begins() -> None:
        story.tale.adds(f"— {chance:.0%} of the calls go wrong: {', '.join(kinds)} —")
        weather.chance, weather.kinds, weather.repeats = chance, kinds, 0.3

    def ends() -> None:
        story.tale.adds("— the calls go right again —")
        weather.chance, weather.repeats = 0.0, 0.0

    spans(story, "weather", begin, random.choice((2, 20, 90, 300)) * MINUTE, begins, ends)


def darkness(story: "Story", begin: float) -> None:
    """Let no call get through."""
    weather, random = story.machine.weather, story.random
    minutes = random.choice((1, 5, 20, 60, 180))

    def begins() -> None:
        story.tale.adds("— no call gets through —")
        weather.is_dark = True

    def ends() -> None:
        story.tale.adds("— calls get through again —")
        weather.is_dark = False

    spans(story, "dark", begin, minutes * MINUTE, begins, ends)


def disk_trouble(story: "Story", begin: float) -> None:
    """Let another program lock the file, or the disk be full."""
    random, disk = story.random, story.machine.disk

    def locks() -> None:
        story.tale.adds("— another program locks the database —")
        disk.locks()

    def unlocks() -> None:
        disk.unlocks()
        story.tale.adds("— the database is free again —")

    def fills() -> None:
        story.tale.adds("— the disk is full —")
        disk.is_full = True

    def empties() -> None:
        disk.is_full = False
        story.tale.adds("— the disk has room again —")

    if random.random() < 0.5:
        spans(story, "disk locked", begin, random.uniform(3, 100), locks, unlocks)
    else:
        spans(story, "disk full", begin, random.uniform(30, 300), fills, empties)


def awake(story: "Story") -> None:
    """Skip no time while the bot looks at its clock, as it does every second or so."""
    for seconds in range(1, SOON):
        story.machine.agenda.after(seconds, lambda: None)


def clock_jump(story: "Story", begin: float) -> None:
    """Set the machine's wall clock wrongly, and right again some time later."""
    random, machine = story.random, story.machine
    jump = timedelta(seconds=random.choice(JUMPS))

    def begins() -> None:
        story.tale.adds(f"— the wall clock jumps by {jump.total_seconds():.0f} s —")
        machine.skew = jump
        awake(story)

    def ends() -> None:
        story.tale.adds("— the wall clock is right again —")
        machine.skew = timedelta()
        awake(story)

    kind = "clock" if abs(jump) < timedelta(minutes=2) else "clock clock_off"
    spans(story, kind, begin, random.uniform(600, 6 * HOUR), begins, ends)
