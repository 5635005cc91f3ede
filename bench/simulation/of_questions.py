"""What must hold of questions: asked in time, reminded of, never twice alike."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from bench.simulation.acts import Act
from bench.simulation.evidence import Evidence
from bench.simulation.kennel import PACE_IN_TROUBLE
from bench.simulation.troubles import calm_after, joined, touches
from bench.simulation.witness import Posted
from flows.course import plan_course

if TYPE_CHECKING:
    from bench.simulation.patients import Patient

ASKED_WITHIN: Final = 33 * 60.0
"""Seconds of calm in which a check-in has to have come: one of unknown fate is reminded of after 30
minutes (docs/sources.md, unknown-fate)."""

REMINDED_AFTER: Final = 120 * 60.0  # seconds; the protocol's `reminder_after_minutes`
OPENING: Final = "Time for your check-in"
REMINDER: Final = "We have not heard from you."
AGAIN: Final = "We were away for a while"
LATE: Final = "We could not ask you on"
IN_CASE: Final = "In case this did not reach you"
ONCE_MORE: Final = "We write again on"
STOPPED: Final = "We have stopped."
CONFIRMED: Final = "You are set."
DAY: Final = 86_400.0
JUMPED: Final = 130.0  # seconds that the clock may be wrong without anybody knowing


def asks(one: Posted) -> bool:
    """Whether a message asks how somebody is, by itself."""
    begins = one.text.startswith((OPENING, REMINDER, AGAIN, LATE, IN_CASE, ONCE_MORE))
    return one.is_new and begins and any(code.startswith("c:") for code in one.codes)


def shows(one: Posted, keys: Collection[str]) -> bool:
    """Whether a new message shows one of these check-ins, also as the answer to an old button.

    A report that is asked again asks the same, and takes the place of what fell due meanwhile.
    """
    begins = (*(f"c:{key}:" for key in keys), *(("c:report/",) if asks(one) else ()))
    return one.is_new and any(code.startswith(begins) for code in one.codes)


def not_asked(it: Evidence) -> Iterator[str]:
    """Yield every check-in whose time came and of which, nor of a later one, nothing was shown."""
    dark = it.nights
    for patient in it.story.patients:
        posts = it.by_chat.get(patient.person.id, [])
        begun = next((one.at for one in posts if one.text.startswith(CONFIRMED)), None)
        if begun is None:
            continue
        trouble = joined([*it.bad, *it.wrong_clock, *dark])
        rows = due_rows(it, patient, begun)
        for due, key in rows:
            end = calm_after(trouble, due, ASKED_WITHIN)
            ended = min(it.stopped(patient), it.horizon)
            if end >= ended or touches(it.blocked(patient), due - 60, end):
                continue
            early = 86_400.0 if touches(it.wrong_clock, due - 90_000, due) else 5.0
            keys = {key, *(other for later, other in rows if later > due)}
            if any(shows(one, keys) and due - early <= one.at <= end for one in posts):
                continue
            if not instead(it, patient, due, end):
                yield it.says(due, f"{patient.code}: {key} not asked by second {end:.0f}")


def due_rows(it: Evidence, patient: "Patient", begun: float) -> list[tuple[float, str]]:
    """Return when the protocol's schedule has this patient asked, and the check-ins' keys."""
    rows = plan_course(it.story.machine.protocol, [patient.session], ())
    times = [
        (it.seconds(row.due_at), row.key)
        for row in rows if row.to_send and row.purpose == "check_in"
    ]  # fmt: skip
    return [row for row in times if row[0] > begun + 5]


def instead(it: Evidence, patient: "Patient", begin: float, end: float) -> bool:
    """Whether staff were told to phone instead."""
    return any(
        patient.code in one.text and "could not be sent in time" in one.text
        and begin <= one.at <= end
        for one in it.staff
    )  # fmt: skip


def asked_early(it: Evidence) -> Iterator[str]:
    """Yield every planned question that came long before its time."""
    for patient in it.story.patients:
        posts = it.by_chat.get(patient.person.id, [])
        begun = next((one.at for one in posts if one.text.startswith(CONFIRMED)), None)
        due = [time for time, _ in due_rows(it, patient, -1e9)]
        for one in posts:
            if not one.is_new or not one.text.startswith(OPENING) or begun is None:
                continue
            lately = one.at - DAY
            if any(lately < act.at for act in it.acts_of(patient.person.id) if act.at < one.at):
                continue
            if one.at > begun + 60 and not any(lately < time < one.at + JUMPED for time in due):
                yield it.says(one.at, f"{patient.code} was asked before anything was due")


def not_reminded(it: Evidence) -> Iterator[str]:
    """Yield every check-in that nobody answered and of which the patient was not reminded."""
    trouble = joined([*it.bad, *it.wrong_clock, *it.nights])
    for patient in it.story.patients:
        posts = it.by_chat.get(patient.person.id, [])
        acts = [act.at for act in it.acts_of(patient.person.id)]
        for one in posts:
            if not (asks(one) and one.text.startswith(OPENING)):
                continue
            end = calm_after(trouble, one.at + REMINDED_AFTER, PACE_IN_TROUBLE + 150)
            gone = min(it.stopped(patient), it.horizon)
            spoke = any(one.at <= at <= end for at in acts)
            if end >= gone or spoke or touches(it.blocked(patient), one.at, end):
                continue
            if touches(it.wrong_clock, one.at - 90_000, end):
                continue
            if not any(asks(other) and one.at < other.at <= end for other in posts):
                yield it.says(one.at, f"{patient.code} did not answer and was not reminded")


def not_asked_again(it: Evidence) -> Iterator[str]:
    """Yield every tap on an open question that Telegram forgot and that was not asked again."""
    trouble = joined([*it.bad, *it.wrong_clock, *it.nights])
    forgotten = it.world.updates.forgotten
    for act in it.acts:
        patient = it.patients.get(act.who)
        if patient is None or act.press is None or act.update not in forgotten:
            continue
        if not act.press.data.startswith("c:") or is_at_end(it, act):
            continue
        end = calm_after(trouble, forgotten[act.update], PACE_IN_TROUBLE + 150)
        gone = min(it.stopped(patient), it.horizon)
        if end >= gone or touches(it.blocked(patient), act.at, end) or it.wrong_clock:
            continue
        later = any(act.at < one.at <= end for one in it.acts_of(act.who))
        if later or it.in_chat(act.who, act.at, end):
            continue
        yield it.says(act.at, f"{patient.code}'s tap was lost, and nothing was asked again")


def asks_on(one: Posted) -> bool:
    """Whether a new message goes on with a check-in."""
    return one.is_new and any(code.startswith("c:") for code in one.codes)


def is_at_end(it: Evidence, act: Act) -> bool:
    """Whether what was pressed on had no question any more, or a newer message had it."""
    before = it.in_chat(act.who, 0.0, act.at)
    if any(one.message > act.message and asks_on(one) for one in before):
        return True
    seen = next((one for one in reversed(before) if one.message == act.message), None)
    return seen is not None and ("Change my answers" in seen.labels or seen.labels == ("Back",))


def twice_alike(it: Evidence) -> Iterator[str]:
    """Yield every question that a patient was shown twice in the same words.

    After each time in which nothing was heard for 150 s an open question is asked again. An answer
    that may be lost comes once more after each act of the patient, and reads as the one before. Who
    blocked the bot is asked anew, and reminded anew.
    """
    spans = it.story.troubles.of("down", "dark", "weather", "disk")
    stops = sum(1 + int((last - first) // 150) for first, last in spans if last - first > 100)
    for patient in it.story.patients:
        acts = [act.at for act in it.acts_of(patient.person.id)]
        seen: dict[tuple[str, tuple[str, ...]], list[float]] = {}
        for one in it.by_chat.get(patient.person.id, []):
            if not asks(one):
                continue
            times = seen.setdefault((one.text, one.codes), [])
            since = times[-1] if times else one.at
            acted = one.text.startswith(IN_CASE) and any(since < at <= one.at for at in acts)
            if acted or touches(it.blocked(patient), since, one.at):
                times.clear()
            times.append(one.at)
            allowed = max(1, stops) if one.text.startswith(AGAIN) else 1
            if len(times) > allowed:
                yield it.says(one.at, f"{patient.code} was shown the same question twice")


def after_stop(it: Evidence) -> Iterator[str]:
    """Yield every question that came after the patient was told that there would be none."""
    for patient in it.story.patients:
        posts = it.by_chat.get(patient.person.id, [])
        told = next((one.at for one in posts if one.text.startswith(STOPPED)), float("inf"))
        for one in posts:
            if asks(one) and one.at > told + 30:
                yield it.says(one.at, f"{patient.code} had stopped, and is asked")


CHECKS: Final = (
    not_asked, asked_early, not_reminded, not_asked_again, twice_alike, after_stop,
)  # fmt: skip
