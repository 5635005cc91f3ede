"""Everything one command computed, for the page to tell."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.clinic.assumptions import Assumptions
from bench.clinic.tally import Outcome, Tally
from bench.clinic.variants import WithDayFive
from flows.protocol import Protocol


@dataclass(frozen=True)
class Run:
    """Everything one command computed."""

    protocol: Protocol
    assumed: Assumptions
    tallies: Sequence[Tally]
    complications: Tally
    turned: Sequence[tuple[str, Tally]]
    fifth: WithDayFive | None

    @property
    def courses(self) -> int:
        """Courses of all seeds."""
        return sum(tally.courses for tally in self.tallies)

    def added(self, counter: Callable[[Tally], Counter[str]]) -> Counter[str]:
        """Return one of the tallies' counters, summed over seeds."""
        return sum((counter(tally) for tally in self.tallies), Counter[str]())


def caught(outcome: Outcome) -> bool:
    """Whether it was caught."""
    return outcome.caught
