"""What must hold of what staff are told besides alerts, of their words, and of calls."""

from collections.abc import Iterator
from typing import Final

from bench.simulation.evidence import Evidence
from bench.simulation.of_alerts import CLAIM, MINUTE, TURN, first_contact, is_told, toasts
from bench.simulation.patients import Patient

REFUSED: Final = (
    "I do not know whom this is for", "Several cases stand there", "⚠️ This was not passed on",
)  # fmt: skip
"""What staff read who answered a copy of a card of which the bot never heard that it came, or
whose patient's chat nobody has confirmed."""


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


def unreachable_not_told(it: Evidence) -> Iterator[str]:
    """Yield every patient who blocked the bot, which heard of it, and of whom staff did not."""
    for act in it.acts:
        heard, patient = it.heard(act), it.patients.get(act.who)
        if act.kind != "blocks" or heard is None or patient is None:
            continue
        opens = it.seconds(it.story.machine_hours.opening(it.wall(heard))[0])
        end = it.by(max(opens, heard))
        back = any(heard <= one.at <= end and one.kind == "unblocks" for one in it.acts)
        if back or end >= it.horizon or not is_active(it, patient, act.at) or it.wrong_clock:
            continue
        if not is_told(it, patient.code, heard - 1, end) and not is_waiting(
            it, patient.code, heard
        ):
            yield it.says(act.at, f"{patient.code} blocked the bot, and staff did not hear of it")


def is_active(it: Evidence, patient: Patient, at: float) -> bool:
    """Whether a patient is in care at an instant."""
    posts = it.by_chat.get(patient.person.id, [])
    return any(one.text.startswith("You are set.") for one in posts if one.at < at) and (
        it.stopped(patient) > at
    )


def is_waiting(it: Evidence, code: str, at: float) -> bool:
    """Whether an alert of a case was open already, to which this was added."""
    return any(
        shown[0].code == code and shown[0].at < at and (first_contact(it, key) or at) >= at
        for key, shown in it.by_key.items()
    )


def two_winners(it: Evidence) -> Iterator[str]:
    """Yield every alert that two people were told is theirs, within the time that a claim holds."""
    won: dict[str, tuple[float, int]] = {}
    for act in it.acts:
        if not any(text.startswith("Yours.") for text in toasts(act)):
            continue
        before = won.get(act.key)
        won[act.key] = act.at, act.who
        if before is None or before[1] == act.who or it.wrong_clock:
            continue
        left = any(before[1] in people for _, people in it.story.roster_changes)
        shown = [one for one in it.by_key.get(act.key, []) if one.at <= act.at]
        first = next((one for one in reversed(shown) if one.at < before[0]), shown[0])
        rises = shown[-1].level > first.level
        if act.at - before[0] < CLAIM - TURN and not left and not rises:
            yield it.says(act.at, f"{act.key} is this person's, and was another's")


CHECKS: Final = (
    unreachable_not_told,
    two_winners,
    stop_not_told,
    unreadable_not_told,
    answers_lost,
    too_soon,
)
