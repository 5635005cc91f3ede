"""What goes wrong in a story, and what its people do by themselves, drawn when it begins."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bench.simulation.acts import Act
from bench.simulation.weather import KINDS
from bot.standin.errors import UnfairError
from bot.standin.render import message_json
from bot.standin.styled import Styled

if TYPE_CHECKING:
    from bench.simulation.story import Story

MINUTE, HOUR = 60.0, 3600.0
DOWN: Final = ((60, (0.1, 20)), (25, (20, 900)), (12, (900, 4 * HOUR)), (3, (4 * HOUR, 30 * HOUR)))
"""How long the bot stays away after a kill: weights, and spans in seconds."""


def plot(story: "Story") -> None:
    """Draw everything that will happen."""
    random = story.random
    for makes, most in (
        (bad_weather, 4), (darkness, 2), (kill, 6), (restart, 2), (disk_trouble, 2),
        (clock_jump, 1), (group_trouble, 1),
    ):  # fmt: skip
        for _ in range(random.randint(0, most)):
            makes(story, moment(story))
    if random.random() < 0.15:
        story.at(moment(story), lambda: nonsense(story))
    for patient in story.patients:
        weights = [weight for weight, _ in patient.habits]
        for _ in range(random.randint(2, 7)):
            [(_, act)] = random.choices(patient.habits, weights)
            story.at(moment(story), act)


def moment(story: "Story") -> float:
    """Return some moment of the story."""
    return story.random.uniform(story.loop.time() + 1200, story.end)


def spans(
    story: "Story", kind: str, begin: float, length: float, *ways: Callable[[], None]
) -> None:
    """Let something be wrong for a while: what begins it, and what ends it."""
    begins, ends = ways

    def first() -> None:
        story.troubles.begins(kind)
        begins()

    def last() -> None:
        ends()
        story.troubles.ends(kind)

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


def kill(story: "Story", begin: float) -> None:
    """Kill the bot: at once, or at one of the next points at which it commits or calls."""
    random, machine = story.random, story.machine
    fuse = random.choice((0, 0, random.randint(1, 12), random.randint(1, 60)))
    [(_, (least, most))] = random.choices(DOWN, [weight for weight, _ in DOWN])
    down = random.uniform(least, most)

    def dies(process_number: int) -> None:
        if machine.process is not None and machine.process.number == process_number:
            machine.dies("at some moment")

    def strikes() -> None:
        process = machine.process
        if process is None:
            return
        process.fuse = fuse
        process.goes = lambda: machine.agenda.after(down, machine.starts)
        if fuse == 0:
            dies(process.number)
        else:
            story.at(story.loop.time() + 900, lambda: dies(process.number))

    story.at(begin, strikes)
    if random.random() < 0.3:
        story.at(begin + down + random.uniform(0, 5), strikes)


def restart(story: "Story", begin: float) -> None:
    """Stop the bot in order, change something, and start it again."""
    random, machine = story.random, story.machine
    what = random.choice(("nothing", "roster", "protocol"))
    down = random.choice((3.0, 100.0, 1000.0, 4 * HOUR))

    def stops() -> None:
        machine.stops()
        machine.agenda.after(down, starts)

    def starts() -> None:
        from bench.simulation.story import versions  # noqa: PLC0415 - a story makes a plot

        if what == "protocol":
            story.tale.adds("— a new version of the protocol is installed —")
            machine.protocol, machine.protocol_text = versions()[1]
        if what == "roster":
            leaves(story)
        machine.starts()

    story.at(begin, stops)


def leaves(story: "Story") -> None:
    """Let somebody leave the clinic: off the roster, and out of the group."""
    here = [nurse for nurse in story.nurses if nurse.works_here]
    if len(here) < 2:
        return
    gone = here[-1]
    gone.works_here = False
    gone.diligence = 0.0
    staff = story.staff if story.staff.became is None else story.staff.became
    staff.removes(gone.person)
    story.tale.adds(f"— {gone.person.name} leaves the clinic —")
    story.roster_changes.append((story.loop.time(), {gone.person.id}))


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
        spans(story, "disk", begin, random.uniform(3, 100), locks, unlocks)
    else:
        spans(story, "disk", begin, random.uniform(30, 300), fills, empties)


def clock_jump(story: "Story", begin: float) -> None:
    """Set the machine's wall clock wrongly, and right again some time later."""
    random, machine = story.random, story.machine
    jump = timedelta(seconds=random.choice((-DAY, -3600, -90, 90, 3600, DAY)))

    def begins() -> None:
        story.tale.adds(f"— the wall clock jumps by {jump.total_seconds():.0f} s —")
        machine.skew = jump

    def ends() -> None:
        story.tale.adds("— the wall clock is right again —")
        machine.skew = timedelta()

    spans(story, "clock", begin, random.uniform(600, 6 * HOUR), begins, ends)


DAY = 86_400


def group_trouble(story: "Story", begin: float) -> None:
    """Let the group become a supergroup, or the bot be removed from it for hours."""
    random = story.random

    def migrates() -> None:
        if story.staff.kind == "group" and story.staff.became is None:
            story.tale.adds("— the staff's group becomes a supergroup —")
            story.staff.migrate()

    def removes() -> None:
        story.tale.adds("— the bot is removed from the staff's group —")
        current(story).removes(story.bot)

    def adds() -> None:
        story.tale.adds("— the bot is in the staff's group again —")
        current(story).adds(story.bot)

    if story.staff.kind == "group":
        story.at(begin, migrates)
    else:
        spans(story, "alone", begin, random.uniform(600, 5 * HOUR), removes, adds)


def current(story: "Story"):  # noqa: ANN201
    """Return the staff's group as it is now."""
    return story.staff if story.staff.became is None else story.staff.became


def nonsense(story: "Story") -> None:
    """Let an update come that no version of the Bot API sends."""
    person = story.patients[0].person
    try:
        message = message_json(person.draft(person.chat, Styled("")), story.bot.id)
    except UnfairError:
        return
    act = Act(story.loop.time(), person.id, "sends", "something that cannot be read")
    story.acts.does(
        person, act,
        lambda: story.world.push(
            story.bot, "message", {**message, "text": {"no": "text"}}, f"message:{person.id}"
        ),
    )  # fmt: skip
