"""A disk that keeps what was flushed, and of the rest what chance leaves."""

from collections.abc import Sequence
from copy import copy
from itertools import pairwise
from random import Random
from typing import Final

from bench.power.disk import Deleted, Flushed, Step, Told, Truncated, Write

SECTOR: Final = 512  # bytes: the least that a disk writes whole


class Disk:
    """The files of one folder, as they are on the disk and as they were asked to be."""

    def __init__(self) -> None:
        self.safe: dict[str, bytearray] = {}
        self.asked: dict[str, list[Write | Truncated]] = {}
        self.gone: dict[str, bytearray] = {}
        """Files whose deletion is not flushed: they may be there again."""

    def takes(self, step: Step) -> None:
        """Carry out one step."""
        match step:
            case Write() | Truncated():
                self.asked.setdefault(step.name, []).append(step)
            case Flushed(name, folder):
                self.safe[name] = done(self.safe.get(name), self.asked.pop(name, []))
                if folder:
                    self.gone.clear()
            case Deleted(name, flushed):
                self.asked.pop(name, None)
                kept = self.safe.pop(name, None)
                if kept is not None and not flushed:
                    self.gone[name] = kept
            case Told():
                pass

    def whole(self) -> dict[str, bytes]:
        """Return the files with everything that was asked."""
        names = self.safe.keys() | self.asked.keys()
        return {name: bytes(done(self.safe.get(name), self.asked.get(name, []))) for name in names}

    def cut(self, random: Random) -> dict[str, bytes]:
        """Return the files as they may be when the power comes back."""
        found = {}
        for name in sorted(self.safe.keys() | self.asked.keys() | self.gone.keys()):
            if name in self.safe:
                found[name] = torn(self.safe[name], self.asked.get(name, []), random)
            elif name in self.gone and random.random() < 0.5:
                found[name] = bytes(self.gone[name])
            elif name in self.asked and random.random() < 0.5:
                found[name] = torn(None, self.asked[name], random)
        return found


def done(image: bytearray | None, steps: Sequence[Write | Truncated]) -> bytearray:
    """Return a file after all of these steps."""
    image = copy(image) if image is not None else bytearray()
    for step in steps:
        carried_out(image, step, Random(0), noise=False)
    return image


def torn(image: bytearray | None, steps: Sequence[Write | Truncated], random: Random) -> bytes:
    """Return a file after some of the sectors of these steps, or none, or all."""
    image = copy(image) if image is not None else bytearray()
    share = random.choice((0.0, 1.0, random.random(), random.random()))
    noise = random.random() < 0.5
    for step in steps:
        for part in sectors(step):
            if random.random() < share:
                carried_out(image, part, random, noise=noise)
    return bytes(image)


def sectors(step: Write | Truncated) -> Sequence[Write | Truncated]:
    """Return a step in parts of which each happens or does not."""
    if isinstance(step, Truncated):
        return [step]
    first = SECTOR - step.offset % SECTOR
    edges = [0, *range(first, len(step.data), SECTOR), len(step.data)]
    return [
        Write(step.name, step.offset + start, step.data[start:end])
        for start, end in pairwise(edges)
    ]


def carried_out(
    image: bytearray, step: Write | Truncated, random: Random, *, noise: bool
) -> None:  # fmt: skip
    """Change a file; what it grows by without having been written is zeros, or noise."""
    end = step.size if isinstance(step, Truncated) else step.offset
    if (gap := end - len(image)) > 0:
        image += random.randbytes(gap) if noise else bytes(gap)
    if isinstance(step, Truncated):
        del image[step.size :]
    else:
        image[step.offset : step.offset + len(step.data)] = step.data
