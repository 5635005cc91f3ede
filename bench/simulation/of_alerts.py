"""What must hold of alerts: raised, shown, told again, until somebody took care of them."""

from collections.abc import Iterator
from typing import Final

from bench.simulation.acts import Act
from bench.simulation.evidence import QUICK, URGENT, Evidence, Shown
from bench.simulation.of_questions import JUMPED
from bench.simulation.troubles import touches

LIST: Final = 300.0
"""Seconds in which the list of warning signs may wait for its answer (the protocol's 5 minutes)."""

MINUTE: Final = 60.0
CLAIM: Final = 30 * MINUTE
FIRST_GAP: Final = 5 * MINUTE
GAP: Final = 15 * MINUTE
FOLLOW_UP_GAP: Final = 60 * MINUTE
IN_THE_AIR: Final = 90.0  # seconds; the longest that a call takes (`weather`)
TURN: Final = 60.0
"""Seconds in which a card that was composed before may still come."""


def unheard(it: Evidence) -> Iterator[str]:
    """Yield every severe answer that the bot took over and that staff were not shown in time.

    What was typed long before it was heard may no longer answer what is asked by then: it is words,
    and may open the list of warning signs.
    """
    for act in it.acts:
        heard = it.heard(act)
        if not act.need or heard is None or act.who not in it.patients:
            continue
        patient = it.patients[act.who]
        waits = LIST if act.need == "list" or heard > act.at + LIST else 0.0
        begun = it.by(heard) if waits else heard
        end = it.by(begun + waits)
        if end >= it.horizon or (waits and goes_on(it, act, begun + waits)):
            continue
        if (
            said_before(it, act)
            or is_open(it, patient.code, act.at)
            or is_shown(it, patient.code, act.at, end)
        ):
            continue
        if it.stopped(patient) <= act.at and is_told(it, patient.code, act.at, end):
            continue
        yield it.says(act.at, f"{patient.code} {act.kind} {act.text}, and staff see no alert")


def said_before(it: Evidence, act: Act) -> bool:
    """Whether the patient had pressed the same sign before: staff know it then."""
    return act.press is not None and any(
        one.press and one.text == act.text and one.at < act.at and it.heard(one) is not None
        for one in it.acts_of(act.who)
    )


def goes_on(it: Evidence, act: Act, until: float) -> bool:
    """Whether the patient did something more, which may have answered the list."""
    return any(act.at < one.at <= until for one in it.acts_of(act.who))


def is_shown(it: Evidence, code: str, begin: float, end: float) -> bool:
    """Whether staff were shown an open urgent alert of a case."""
    return any(
        one.code == code and one.level >= URGENT and not one.is_over and begin <= one.at <= end
        for one in it.alerts
    )


def is_open(it: Evidence, code: str, at: float) -> bool:
    """Whether staff have an urgent alert of a case before them that nobody has taken care of."""
    for key, shown in it.by_key.items():
        before = [one for one in shown if one.at < at]
        if before and before[0].code == code and max(one.level for one in before) >= URGENT:
            pressed = first_contact(it, key)
            if not before[-1].is_over and (pressed is None or pressed > at):
                return True
    return False


def is_told(it: Evidence, code: str, begin: float, end: float) -> bool:
    """Whether staff were told anything of a case."""
    return any(code in one.text and begin <= one.at <= end for one in it.staff)


def first_contact(it: Evidence, key: str) -> float | None:
    """Return when somebody first pressed that the patient was contacted, or closed the alert."""
    found = (
        act.at for act in it.acts
        if act.key == key and act.press and act.text.startswith(("[Contacted", *OUTCOMES))
        and it.heard(act) is not None and not is_turned_down(act)
    )  # fmt: skip
    return next(found, None)


def first_act(it: Evidence, key: str) -> float | None:
    """Return when somebody first pressed a button of an alert, and was heard."""
    return next((act.at for act in it.acts if act.key == key and act.press), None)


OUTCOMES: Final = ("[Advised", "[Reviewed", "[Sent to", "[No problem")
TURNED_DOWN: Final = ("New answers came", "This button is too old", "Only nurses", "This alert")


def is_turned_down(act: Act) -> bool:
    """Whether the press was told that it counts for nothing."""
    texts = toasts(act)
    return any(text.startswith(TURNED_DOWN) for text in texts)


def toasts(act: Act) -> list[str]:
    """Return what was shown over the chat after a press."""
    return [toast.text for toast in act.press.answers] if act.press else []


def not_told_again(it: Evidence) -> Iterator[str]:
    """Yield every open alert that went quiet before somebody had taken care of it."""
    for key, shown in it.by_key.items():
        over = first_contact(it, key)
        notices = [one for one in shown if one.is_new and not one.is_over]
        for place, one in enumerate(notices):
            due = next_due(it, one)
            if due is None:
                continue
            end = it.by(due)
            while (held := held_until(it, key, one.at, end)) > due:
                due, end = held, it.by(held)
            if one.level < URGENT:  # it waits for the clinic's hours again if trouble outlasts them
                end = it.by(in_hours(it, end))
            later = notices[place + 1].at if place + 1 < len(notices) else float("inf")
            closed = over if over is not None else float("inf")
            raised = next((n.at for n in shown if n.is_over and n.at > one.at), float("inf"))
            if end < min(it.horizon, closed, later, raised):
                yield it.says(one.at, f"{key} was told of here and not again by second {end:.0f}")


def next_due(it: Evidence, one: Shown) -> float | None:
    """Return by when an alert has to be told of again; None where the digest is enough."""
    level = one.level
    if level >= URGENT:
        gap = FIRST_GAP if level > URGENT or one.is_first else GAP
        jumped = any(one.at <= edge <= one.at + gap for span in it.wrong_clock for edge in span)
        return one.at + gap * (2 if jumped else 1)  # nobody can know how long ago it was
    if level < URGENT - 1:
        return None
    return in_hours(it, one.at + FOLLOW_UP_GAP)


def in_hours(it: Evidence, at: float) -> float:
    """Return a moment, or when the clinic opens next if it is closed then."""
    return it.seconds(it.story.machine_hours.opening(it.wall(at))[0])


def held_until(it: Evidence, key: str, since: float, end: float) -> float:
    """Return until when somebody's claim keeps an alert quiet."""
    gone = it.story.roster_changes
    held = since
    for act in it.acts:
        claims = act.text.startswith(("[Claim", "[Take over")) and act.key == key
        heard = it.heard(act)
        if claims and heard is not None and since - CLAIM <= heard <= end:
            until = it.by(heard) + CLAIM  # it was kept when the disk had room again, say
            if any(heard <= edge <= until for span in it.wrong_clock for edge in span):
                until += JUMPED  # nobody can know how long ago it was
            left = (at for at, people in gone if act.who in people and at >= act.at)
            held = max(held, min(until, next(left, until)))
    return held


def told_too_often(it: Evidence) -> Iterator[str]:
    """Yield every alert that rang again although the bot had said that the contact was noted."""
    for act in it.acts:
        if not any(text.startswith("Noted. Press Resolve") for text in toasts(act)):
            continue
        noted = it.heard(act) or act.at
        for one in it.by_key.get(act.key, []):
            if one.is_new and not one.is_over and one.at > noted + TURN and not it.wrong_clock:
                yield it.says(one.at, f"{act.key} rings, and its contact was noted before")


def claim_forgotten(it: Evidence) -> Iterator[str]:
    """Yield every claim that the bot confirmed and that later cards know nothing of."""
    claims = [act for act in it.acts if any(said.startswith("Yours.") for said in toasts(act))]
    for act in claims:
        taken = it.heard(act) or act.at
        left = [at for at, people in it.story.roster_changes if act.who in people and at > taken]
        over = [other.at for other in claims if other.key == act.key and other.at > act.at]
        void = min([*left, *over, it.horizon])
        known = taken + TURN + (IN_THE_AIR if touches(it.bad, taken, taken + TURN) else 0.0)
        for one in it.by_key.get(act.key, []):
            if touches(it.wrong_clock, taken, one.at) or one.at >= void:
                break  # a claim that lies in the future, of who left, or that somebody took over
            is_new = one.is_new and one.is_card
            if is_new and one.at > known and not (one.is_taken or one.is_over):
                yield it.says(one.at, f"{act.key} was taken before, and the card does not say so")
                break


def two_at_once(it: Evidence) -> Iterator[str]:
    """Yield every second alert for answers of a patient while a first still waits for contact."""
    for code in it.codes:
        waiting: list[str] = []
        for one in it.alerts:
            if one.code != code or not one.by_answer or one.key in waiting:
                continue
            for other in waiting:
                contact = first_contact(it, other)
                seen = any(n.is_over and n.at <= one.at for n in it.by_key[other])
                if not seen and (contact is None or contact > one.at):
                    yield it.says(one.at, f"{one.key} was raised while {other} still waited")
            waiting.append(one.key)


def without_reason(it: Evidence) -> Iterator[str]:
    """Yield every alert that names no rule, or that nothing a patient did can have led to."""
    for key, shown in it.by_key.items():
        if not all(one.has_reason for one in shown):
            yield it.says(shown[0].at, f"{key} gives no reason")
        patient = it.codes.get(shown[0].code)
        did = patient and any(a.at <= shown[0].at for a in it.acts_of(patient.person.id))
        if shown[0].by_answer and not did:
            yield it.says(shown[0].at, f"{key} quotes a patient who has said nothing")


CHECKS: Final = (
    unheard, not_told_again, told_too_often, claim_forgotten, two_at_once, without_reason,
)  # fmt: skip
assert QUICK < TURN
