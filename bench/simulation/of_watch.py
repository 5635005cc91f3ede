"""What must hold of the watchdog: no heartbeat while the bot is blind, no alarm for nothing."""

from collections.abc import Iterator
from typing import Final

from bench.simulation.evidence import URGENT, Evidence
from bench.simulation.kennel import PACE
from bench.simulation.of_alerts import MINUTE, first_act
from bench.simulation.troubles import Span, joined, touches

SEEN_WITHIN: Final = 70.0
"""Seconds until a look that begins after the trouble: 30 between two, 20 for a slow condition."""

DARK: Final = 120.0 + SEEN_WITHIN  # a poll may be two minutes old (docs/sources.md, watchdog)
UNTAKEN: Final = 15 * MINUTE
TOLD_WITHIN: Final = PACE + SEEN_WITHIN + 30.0
SETTLED: Final = 10 * MINUTE + SEEN_WITHIN
"""Seconds after trouble in which its consequences may still be found, such as a trial that began at
its end: it may take ten minutes (`bot.watchdog.trial_round.LONGEST`)."""

OF_CARDS: Final = ("untaken", "undelivered")
JUMPED: Final = 120.0  # seconds by which the clock may be wrong (docs/sources.md, clocks)


def beats_while_blind(it: Evidence) -> Iterator[str]:
    """Yield every heartbeat that came while the bot could not do its work."""
    for kind, first, last in it.story.troubles.spans:
        wait = DARK if kind == "dark" else SEEN_WITHIN
        if kind not in ("dark", "full", "alone", "clock_off", "down"):
            continue
        begin = first if kind == "down" else first + wait
        for beat in it.story.machine.kennel.beats:
            if begin < beat < last - 1:
                yield it.says(beat, f"a heartbeat came, {beat - first:.0f} s into: {kind}")
                break


def beats_while_nobody_comes(it: Evidence) -> Iterator[str]:
    """Yield every heartbeat that came while an urgent alert had waited too long for anybody."""
    for key, first, last in untaken(it):
        for beat in it.story.machine.kennel.beats:
            jumped = touches(it.wrong_clock, first - UNTAKEN - 60, beat)
            if first + SEEN_WITHIN < beat < last - 1 and not jumped:
                yield it.says(beat, f"a heartbeat came, and nobody had taken {key}")
                break


def second_channel_silent(it: Evidence) -> Iterator[str]:
    """Yield every urgent alert that nobody took and of which the second channel was not told."""
    for key, first, last in untaken(it):
        end = it.by(first) + TOLD_WITHIN
        if end >= min(last, it.horizon) or touches(it.wrong_clock, first - UNTAKEN - 60, end):
            continue
        told = it.story.machine.kennel.told
        if not any(one.cause == f"untaken:{key}" and first <= one.at <= end for one in told):
            yield it.says(first, f"nobody took {key}, and the second channel was not told")


def untaken(it: Evidence) -> Iterator[tuple[str, float, float]]:
    """Yield from when to when an urgent alert had been on the screens for too long, untaken."""
    for key, shown in it.by_key.items():
        begun = next((one.at for one in shown if one.level >= URGENT and one.is_new), None)
        if begun is None:
            continue
        taken = first_act(it, key)
        end = it.horizon if taken is None else taken
        if end > begun + UNTAKEN and not it.story.roster_changes:
            yield key, begun + UNTAKEN, end


def cries_wolf(it: Evidence) -> Iterator[str]:
    """Yield every trouble that the second channel was told of while nothing was wrong."""
    spans: list[Span] = joined([
        *it.bad, *it.story.troubles.of("alone", "clock", "clock_off"),
        *((at, at + SETTLED) for at, _ in it.story.roster_changes),
        *((act.at, act.at + SETTLED) for act in it.acts if "cannot be read" in act.text),
    ])  # fmt: skip
    for one in it.story.machine.kennel.told:
        if one.what != "begins" or one.cause.startswith(OF_CARDS):
            continue
        if not touches(spans, one.at - SETTLED, one.at):
            yield it.says(one.at, f"the second channel was told of {one.cause}, and all was well")


CHECKS: Final = (beats_while_blind, beats_while_nobody_comes, second_channel_silent, cries_wolf)
