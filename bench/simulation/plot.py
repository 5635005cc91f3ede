"""What goes wrong in a story, and what its people do by themselves, drawn when it begins."""

from typing import TYPE_CHECKING, Final

from bench.simulation.acts import Act
from bench.simulation.faults import HOUR, bad_weather, clock_jump, darkness, disk_trouble, spans
from bench.simulation.leaving import leaves
from bench.simulation.stops import kill, kill_until_night, restart
from bot.standin.errors import UnfairError
from bot.standin.groups import Group
from bot.standin.render import message_json
from bot.standin.styled import Styled
from flows.course import plan_course

if TYPE_CHECKING:
    from bench.simulation.story import Story

BESIDE: Final = 0.5
"""How likely trouble begins shortly before somebody does something or is asked, and not just at any
time."""

NIGHTS: Final = 0.2  # of the stories have the bot away from a check-in's time into the night


def plot(story: "Story") -> None:
    """Draw everything that will happen."""
    random = story.random
    busy: list[float] = []
    for patient in story.patients:
        weights = [weight for weight, _ in patient.habits]
        for _ in range(random.randint(2, 7)):
            [(_, act)] = random.choices(patient.habits, weights)
            busy.append(moment(story))
            story.at(busy[-1], act)
    due = falling_due(story)
    busy += due
    for makes, most in (
        (bad_weather, 4), (darkness, 2), (kill, 6), (restart, 2), (disk_trouble, 2),
        (clock_jump, 1), (group_trouble, 1),
    ):  # fmt: skip
        for _ in range(random.randint(0, most)):
            makes(story, beside(story, busy))
    if due and random.random() < NIGHTS:
        kill_until_night(story, random.choice(due))
    if random.random() < 0.15:
        story.at(moment(story), lambda: nonsense(story))
    if random.random() < 0.5:
        story.at(moment(story), lambda: leaves(story))
    if random.random() < 0.3:
        story.at(moment(story), story.stranger.opens_link_of_another)


def falling_due(story: "Story") -> list[float]:
    """Return when the protocol's schedule has somebody asked."""
    machine, soonest = story.machine, story.loop.time() + 1200
    rows = (
        row for patient in story.patients
        for row in plan_course(machine.protocol, [patient.session], ()) if row.to_send
    )  # fmt: skip
    times = [(row.due_at - machine.start).total_seconds() for row in rows]
    return [time for time in times if soonest < time < story.end]


def moment(story: "Story") -> float:
    """Return some moment of the story."""
    return story.random.uniform(story.loop.time() + 1200, story.end)


def beside(story: "Story", busy: list[float]) -> float:
    """Return a moment at which trouble begins."""
    if not busy or story.random.random() > BESIDE:
        return moment(story)
    before = story.random.choice(busy) - story.random.uniform(0, 40)
    return max(before, story.loop.time() + 1200)


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


def current(story: "Story") -> Group:
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
