"""What must hold of what staff are told besides alerts, of their words, and of calls."""

from collections.abc import Iterator
from typing import Final

from bench.simulation.evidence import Evidence
from bench.simulation.of_alerts import MINUTE

REFUSED: Final = ("I do not know whom this is for", "Several cases stand there")
"""What staff read who answered a copy of a card of which the bot never heard that it came."""


def stop_not_told(it: Evidence) -> Iterator[str]:
    """Yield every longer stop of which staff were not told."""
    longest = 15 * MINUTE + 35  # the bot notes every 30 s that it lives
    for first, last in it.story.troubles.of("down"):
        if last - first <= longest or it.wrong_clock:
            continue
        end = it.by(last)
        told = any(one.text.startswith("⚠️ The bot was down") and last - 5 <= one.at <= end
                   for one in it.staff)  # fmt: skip
        if not told and end < it.horizon:
            yield it.says(last, "staff were not told that the bot had been down")


def unreadable_not_told(it: Evidence) -> Iterator[str]:
    """Yield every update that cannot be read and of which staff did not hear."""
    for act in it.acts:
        heard = it.heard(act)
        if act.text != "something that cannot be read" or heard is None:
            continue
        end = it.by(heard)
        told = any("could not be read" in one.text and heard - 10 <= one.at <= end
                   for one in it.staff)  # fmt: skip
        if not told and end < it.horizon:
            yield it.says(act.at, "staff did not hear that something could not be read")


def answers_lost(it: Evidence) -> Iterator[str]:
    """Yield every answer of staff to a patient that did not arrive."""
    for act in it.acts:
        heard = it.heard(act)
        if act.kind != "answers a card" or heard is None:
            continue
        patient = it.codes[act.key.rpartition("-")[0]]
        end = it.by(heard)
        blocked = any(a <= end and b >= act.at for a, b in it.blocked(patient))
        nurse = next(one for one in it.story.nurses if one.person.id == act.who)
        if blocked or end >= it.horizon or not nurse.works_here:
            continue
        arrived = any(act.text in one.text for one in it.in_chat(patient.person.id, act.at, end))
        refused = any(one.text.startswith(REFUSED) and act.at <= one.at <= end for one in it.staff)
        if not arrived and not refused:
            yield it.says(act.at, f"the words to {patient.code} did not arrive: {act.text}")


def too_soon(it: Evidence) -> Iterator[str]:
    """Yield every call into a chat that Telegram had asked to be left alone for longer."""
    quiet: dict[int, float] = {}
    ends = [first for first, _ in it.story.troubles.of("down")]
    for call in it.world.calls:
        if call.chat is None or call.is_apart:
            continue
        since = quiet.get(call.chat, 0.0)
        if call.at < since - 0.1 and not any(call.at - 60 < one <= call.at for one in ends):
            yield it.says(call.at, f"{call.method} into {call.chat}, {since - call.at:.1f} s early")
        if call.retry_after:
            quiet[call.chat] = call.at + call.retry_after


CHECKS: Final = (stop_not_told, unreadable_not_told, answers_lost, too_soon)
