"""What ends the bot: a kill anywhere, or an orderly stop in which its protocol may be changed."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bench.simulation.faults import HOUR
from flows.local_time import wall_time
from flows.quiet_hours import quiet_hours

if TYPE_CHECKING:
    from bench.simulation.story import Story

DOWN: Final = ((60, (0.1, 20)), (25, (20, 900)), (12, (900, 4 * HOUR)), (3, (4 * HOUR, 30 * HOUR)))
"""How long the bot stays away after a kill: weights, and spans in seconds."""


def kill(story: "Story", begin: float, down: float | None = None) -> None:
    """Kill the bot: at once, or at one of the next points at which it commits or calls.

    `down` is the seconds until it is started again, drawn where they are not given.
    """
    random, machine = story.random, story.machine
    fuse = random.choice((0, 0, random.randint(1, 12), random.randint(1, 60)))
    if down is None:
        [(_, span)] = random.choices(DOWN, [weight for weight, _ in DOWN])
        down = random.uniform(*span)

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


def kill_until_night(story: "Story", due: float) -> None:
    """Kill the bot shortly before somebody is asked, and start it again in the next night."""
    begin = due - story.random.uniform(0, 40)
    quiet = quiet_hours(story.machine.protocol, "Europe/Berlin")
    due_at = story.machine.start + timedelta(seconds=due)
    evening = wall_time(due_at.astimezone(quiet.zone).date(), quiet.start, quiet.zone)
    night = (evening - story.machine.start).total_seconds()
    kill(story, begin, night + story.random.uniform(0.3, 8) * HOUR - begin)


def restart(story: "Story", begin: float) -> None:
    """Stop the bot in order, change something, and start it again."""
    random, machine = story.random, story.machine
    what = random.choice(("nothing", "protocol"))
    down = random.choice((3.0, 100.0, 1000.0, 4 * HOUR))

    def stops() -> None:
        machine.stops()
        machine.agenda.after(down, starts)

    def starts() -> None:
        from bench.simulation.story import versions  # noqa: PLC0415 - a story makes a plot

        if what == "protocol":
            story.tale.adds("— a new version of the protocol is installed —")
            machine.protocol, machine.protocol_text = versions()[1]
        machine.starts()

    story.at(begin, stops)
