"""When something was wrong, so that the proof knows from when on it may expect something."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Span = tuple[float, float]


@dataclass
class Troubles:
    """Spans in which a kind of thing was wrong, in the loop's seconds."""

    time: Callable[[], float]
    open: Counter[str] = field(default_factory=Counter)
    since: dict[str, float] = field(default_factory=dict)
    spans: list[tuple[str, float, float]] = field(default_factory=list)

    def begins(self, kind: str) -> None:
        """Note that something is wrong from now on."""
        self.open[kind] += 1
        self.since.setdefault(kind, self.time())

    def ends(self, kind: str) -> None:
        """Note that it is right again."""
        if self.open[kind] > 0:
            self.open[kind] -= 1
            if not self.open[kind]:
                self.spans.append((kind, self.since.pop(kind), self.time()))

    def closes(self) -> None:
        """End whatever is still wrong."""
        for kind in list(self.since):
            self.open[kind] = 1
            self.ends(kind)

    def of(self, *kinds: str) -> list[Span]:
        """Return the spans of some kinds, of all if none is named, in order and joined."""
        found = sorted((a, b) for kind, a, b in self.spans if not kinds or kind in kinds)
        return joined(found)


def joined(spans: Sequence[Span]) -> list[Span]:
    """Return spans in order, those that touch as one."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def calm_after(spans: Sequence[Span], begin: float, wanted: float) -> float:
    """Return the end of the first calm of so many seconds that begins at an instant or later."""
    end = begin + wanted
    for first, last in spans:
        if last <= begin:
            continue
        if first >= end:
            break
        begin = max(begin, last)
        end = begin + wanted
    return end


def touches(spans: Sequence[Span], begin: float, end: float) -> bool:
    """Whether anything was wrong between two instants."""
    return any(first < end and last > begin for first, last in spans)
