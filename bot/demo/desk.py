"""What the page needs of the bot, and moving the clock without leaving anything out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.demo.clock import DemoClock

MOST_STOPS = 500
"""Stops in one move; a week in which an alert repeats every fifteen minutes has more."""


Answer = Callable[[], bool]
"""Lets people answer what they are asked; whether anybody was."""


class Desk(Protocol):
    """The bot, as the page knows it."""

    async def settle(self) -> None:
        """Let the bot do everything it can do now."""

    async def next_due(self) -> tuple[datetime, str] | None:
        """Return what the bot will do next by itself: when, and in two or three words what."""

    async def goal(self) -> tuple[datetime, str] | None:
        """Return what a visitor wants to see next, such as a check-in; it may lie further on."""


async def travel(clock: DemoClock, desk: Desk, until: datetime) -> None:
    """Move the clock, and stop wherever the bot has something to do on the way.

    Without the stops the bot would think that it had been switched off meanwhile, and make one
    notice of many.
    """
    for _ in range(MOST_STOPS):
        due = await desk.next_due()
        if due is None or due[0] > until:
            break
        if due[0] > clock.now():
            clock.moves_to(due[0])
        await desk.settle()
        if await desk.next_due() == due:  # it stays undone, and would hold the clock for ever
            break
    clock.moves_to(until)
    await desk.settle()


async def travel_well(clock: DemoClock, desk: Desk, until: datetime, answer: Answer) -> None:
    """Move the clock, and `answer` whatever is asked on the way."""
    for _ in range(MOST_STOPS):
        due = await desk.goal()
        stop = until if due is None else min(max(due[0], clock.now()), until)
        await travel(clock, desk, stop)
        if answer():
            await desk.settle()
        elif stop == until:
            break


async def travel_to_next(clock: DemoClock, desk: Desk) -> None:
    """Move the clock to what a visitor wants to see next, stopping at everything before it."""
    due = await desk.goal()
    if due is not None:
        await travel(clock, desk, max(due[0], clock.now() + timedelta(microseconds=1)))
