"""An event loop whose time is a number: a wait costs nothing, and the same story runs the same way.

Time goes in whole microseconds, and moves only when nothing is left to do. `skip` may let it move
further than to the next timer, over hours in which nothing can happen; timers that lie between then
fire late, in their order, as those of a machine that was asleep.
"""

import asyncio
import heapq
import math
import selectors
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Final

MICRO: Final = 1_000_000
CLOSEST: Final = 2.0
"""Seconds before something happens at which skipping ends: the bot gets its ticks before it."""


class NothingLeftError(RuntimeError):
    """Everything waits for something that will never come."""


class Waiting(selectors.BaseSelector):
    """Stands for waiting for sockets, of which there are none: it moves the clock instead."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self.loop = loop

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:  # noqa: ANN401 - as declared
        """Take the loop's own pipe, which nobody writes to."""
        return selectors.SelectorKey(fileobj, 0, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:  # noqa: ANN401 - as declared
        """Let go of it."""
        return selectors.SelectorKey(fileobj, 0, 0, None)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Move the clock on by what would have been waited."""
        if timeout is None:
            raise NothingLeftError("everything waits for something that will never come")
        if timeout > 0:
            self.loop.moves(timeout)
        return []

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """Return what is registered: nothing that matters."""
        return {}


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop with a clock of its own; `skip` says until when nothing can happen, in its seconds.

    `skipped_at` is the microsecond at which time was skipped last.
    """

    def __init__(self) -> None:
        self.micro = 0
        self.skip: Callable[[], float] | None = None
        self.skipped_at = 0
        super().__init__(Waiting(self))
        self._clock_resolution = 1 / MICRO

    def run_in_executor(  # what is run takes no time, and is over at once
        self, _executor: object, func: Callable[..., Any], *args: object
    ) -> asyncio.Future[Any]:
        """Do at once what the product gives to a thread: a real one would have its own pace."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
            done.set_exception(error)
        return done

    def time(self) -> float:
        """Return the seconds since the story's beginning."""
        return self.micro / MICRO

    def looks(self) -> int:
        """Return the present in microseconds, and let one pass: no two looks show the same."""
        self.micro += 1
        return self.micro

    def moves(self, seconds: float) -> None:
        """Move the clock on to the next timer, or further where nothing can happen before."""
        upcoming = self.micro + max(1, math.ceil(seconds * MICRO))
        later = 0.0 if self.skip is None else self.skip()
        if upcoming < later * MICRO < math.inf:  # where nothing else comes the story's end does
            upcoming = self.skipped_at = int(later * MICRO)
        self.micro = upcoming


class Agenda:
    """What will happen in a story, by its time; what is due at one instant keeps its order."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.loop = loop
        self.times: list[float] = []
        self.numbers = count()

    def at(self, moment: float, act: Callable[[], object]) -> None:
        """Let something happen at a moment in the loop's seconds, or now where that is past."""
        moment = max(moment, self.loop.time())
        heapq.heappush(self.times, moment)

        def happens() -> None:
            self.times.remove(moment)
            heapq.heapify(self.times)
            act()

        self.loop.call_at(moment, happens)

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Let something happen so many seconds from now."""
        self.at(self.loop.time() + seconds, act)

    def coming(self) -> float:
        """Return shortly before when something happens next; infinity where nothing will."""
        return self.times[0] - CLOSEST if self.times else math.inf
