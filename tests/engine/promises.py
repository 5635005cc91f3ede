"""What must hold after every step of a case, whatever happened before."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flows.conversation import list_is_open
from flows.engine.advance import FromPatient
from flows.engine.events import Answered, Noted, Say, ShowCard
from flows.engine.inputs import (
    CameDue,
    Input,
    LinkOpened,
    PhotoRefused,
    SentOther,
    SentPhoto,
    StaffWrote,
    WasNotDelivered,
    Wrote,
)
from flows.engine.nights import AT_THE_EDGE, patient_quiet
from flows.engine.record import Record
from flows.engine.stored_check_in import WATCHED
from flows.engine.turn import Turn
from flows.escalation import next_notification
from flows.silence import red_flag_urgent_at
from flows.verdict import ALERTING, CASE_RULE, Level

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST, LONGEST_CODE = 4_096, 64
"""UTF-16 units of a message and bytes of a button (Telegram)."""


@dataclass(frozen=True)
class Need:
    """Something that a person has to take care of, by the step at which it was said."""

    step: int
    level: Level
    what: str


@dataclass
class Seen:
    """What the checks remember from step to step."""

    step: int = 0
    needs: list[Need] = field(default_factory=list)
    handled: list[tuple[int, Level]] = field(default_factory=list)
    lists: dict[str, datetime] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)
    answers: dict[str, object] = field(default_factory=dict)
    own: dict[str, Level] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    shown: int = 0
    latest: datetime = LONG_AGO
    stopped: datetime = LONG_AGO
    spoke: datetime = LONG_AGO


def promises_kept(program: Any, before: Record, said: Input, events: tuple[Any, ...]) -> None:
    """Look at everything that must hold after a step.

    Raises:
        AssertionError: something does not hold.
    """
    seen: Seen = program.seen
    seen.step += 1
    seen.latest = max(seen.latest, program.now)
    if isinstance(said, FromPatient):
        seen.spoke = program.now
    needs_of(program, before, events)
    handled(program, before)
    every_need_has_a_person(program)
    no_level_falls(program)
    every_alert_goes_on(program)
    every_check_in_goes_on(program)
    if before.patient.chat_id is not None:  # else it is a stranger's, and reaches no case
        nothing_is_dropped(said, events)
    nobody_is_asked_to_book_with_an_open_case(program, before, events)
    messages_are_sound(program, said)


def nobody_is_asked_to_book_with_an_open_case(
    program: Any, before: Record, events: tuple[Any, ...]
) -> None:
    """A reminder to book goes out only while no alert is open, before this step or after it."""
    sent = [
        event.slot
        for event in events
        if isinstance(event, Say) and event.to == "patient" and event.repeat == f"{event.slot}:"
        and ("/reminder/" in event.slot or "/maintenance/" in event.slot)
    ]  # fmt: skip
    open_alerts = [*before.open_alerts, *program.record.open_alerts]
    assert not (sent and open_alerts), f"{sent} went out with {open_alerts} open"


def needs_of(program: Any, before: Record, events: tuple[Any, ...]) -> None:
    """Note what the answers of a step need, and which lists of warning signs are open.

    Words that bring the list up may wait for its answer; words in place of an answer may not.
    """
    seen: Seen = program.seen
    noted = any(isinstance(event, Noted) for event in events)
    for event in events:
        if not isinstance(event, Answered):
            continue
        key = event.check_in
        state = program.check_in(key).conversation
        old = before.check_ins.get(key)
        was_open = bool(old and old.conversation and list_is_open(old.conversation))
        waits = bool(state.alarming) and not (was_open and noted)
        fired = [f for f in event.verdict.because if f.rule != CASE_RULE]
        level = max((f.level for f in fired if not (waits and f.rule == "WORDS")),
                    default=Level.EXPECTED)  # fmt: skip
        news = noted or seen.answers.get(key) != state.answers or level > seen.own.get(key, -1)
        if level >= ALERTING and news:
            seen.needs.append(Need(seen.step, level, f"{key}: {[f.rule for f in fired]}"))
        seen.answers[key], seen.own[key] = state.answers, level
        if waits and not was_open:
            at = red_flag_urgent_at(program.now, program.desk.protocol.silence)
            seen.lists.setdefault(key, at)
        elif not state.alarming:
            seen.lists.pop(key, None)
    for key, at in list(seen.lists.items()):
        if at <= program.now and ("red_flag", f"A7K2:{key}") not in program.due:
            del seen.lists[key]
            seen.needs.append(Need(seen.step - 1, Level.URGENT, f"{key}: the list is open"))


def handled(program: Any, before: Record) -> None:
    """Note which alerts somebody contacted or closed at this step, and how high they were."""
    seen: Seen = program.seen
    for key, old in before.alerts.items():
        new = program.record.alerts[key]
        contact = (old.contacted_at, old.resolved_at) != (new.contacted_at, new.resolved_at)
        if contact:
            seen.handled.append((seen.step, new.level))


def every_need_has_a_person(program: Any) -> None:
    """What was said stays an open alert of its level, until somebody did something after it."""
    seen: Seen = program.seen
    open_level = max(
        (one.level for one in program.record.open_alerts if one.contacted_at is None),
        default=Level.EXPECTED,
    )
    left = []
    for need in seen.needs:
        if any(step > need.step and level >= need.level for step, level in seen.handled):
            continue
        assert open_level >= need.level, f"nobody is told of {need}"
        left.append(need)
    seen.needs, seen.handled = left, []


def no_level_falls(program: Any) -> None:
    """An alert is never lost, and its level never falls."""
    for alert in program.record.alerts.values():
        assert alert.level >= program.seen.levels.get(alert.key, alert.level), alert.key
        program.seen.levels[alert.key] = alert.level
    assert program.seen.levels.keys() <= program.record.alerts.keys()


def every_alert_goes_on(program: Any) -> None:
    """Every open alert without contact has its next notice planned, at the right instant."""
    desk = program.desk
    for alert in program.record.open_alerts:
        upcoming = next_notification(
            alert.facts, desk.clinic, desk.protocol.escalation, program.seen.latest
        )  # fmt: skip
        planned = program.due.get(("notify", alert.key))
        if upcoming is not None:
            assert planned is not None, f"no notice of {alert.key} is planned"
            assert planned <= upcoming.at, f"{alert.key}: {planned} is later than {upcoming.at}"


def every_check_in_goes_on(program: Any) -> None:
    """Every check-in waits for something that is planned, or has ended with a reason."""
    patient, seen = program.record.patient, program.seen
    if patient.stage != "active":
        seen.stopped = seen.latest
    for key, one in program.record.check_ins.items():
        about = f"{patient.code}:{key}"
        if one.state == "planned":
            assert ("check_in", about) in program.due, f"{key} is planned and nothing sends it"
        elif one.state == "sent" and one.purpose in WATCHED and one.sent_at > seen.stopped:
            assert ("silence", about) in program.due or one.reason, f"nobody waits for {key}"
        elif one.state not in ("sent", "complete"):
            assert one.reason, f"{key} is {one.state} without a reason"
        if one.conversation and one.conversation.alarming and key in program.seen.lists:
            called = any(alert.level >= Level.URGENT for alert in program.record.open_alerts)
            waits = ("red_flag", about) in program.due
            assert waits or called, f"nobody waits for the list of {key}"


def nothing_is_dropped(said: Input, events: tuple[Any, ...]) -> None:
    """What the patient sends is kept, and staff see what was no answer."""
    if not isinstance(said, (Wrote, SentPhoto, SentOther)):
        return
    noted = [event for event in events if isinstance(event, Noted)]
    answered = [event for event in events if isinstance(event, Answered)]
    replied = [event for event in events if isinstance(event, Say) and event.to == "patient"]
    assert noted or answered or replied, f"{said} left no trace"
    if noted:
        to_staff = (Say, ShowCard)
        assert any(isinstance(e, to_staff) and e.to != "patient" for e in events), said


def messages_are_sound(program: Any, said: Input) -> None:
    """Every message is filled, short enough, and comes at a time when it may."""
    seen: Seen = program.seen
    fresh, seen.shown = program.chat[seen.shown :], len(program.chat)
    turn = Turn(program.desk, program.record, program.now)
    answers = isinstance(said, (WasNotDelivered, PhotoRefused))
    awake = answers and program.now - seen.spoke <= AT_THE_EDGE
    own = awake or isinstance(said, (FromPatient, StaffWrote, LinkOpened))
    for shown in fresh:
        text = shown.message.text
        if not isinstance(said, StaffWrote) and ":mydata:" not in shown.repeat:
            assert "{" not in text, text  # staff's words and /mydata quote people at any length
            assert len(text.encode("utf-16-le")) // 2 <= LONGEST
        for row in shown.message.keys:
            for key in row:
                assert key.label
                assert len(key.code.encode()) <= LONGEST_CODE, key.code
        if not own and isinstance(shown.event, Say):
            quiet = patient_quiet(turn)
            night = quiet.covers(program.now) and quiet.covers(program.now - AT_THE_EDGE)
            assert not night or shown.event.lane == 0, f"at night, on {said}: {text}"
            assert program.record.patient.stage == "active", f"{said}: {text}"
            until = program.record.patient.paused_until
            asked = isinstance(said, CameDue) and said.kind != "news"
            paused = until is not None and program.now < until and asked
            assert not paused or shown.event.lane == 0, f"in a pause: {text}"
            assert program.record.patient.unreachable_since is None, f"out of reach: {text}"
        if isinstance(shown.event, Say) and shown.repeat.endswith(":"):
            assert shown.repeat not in seen.sent, f"{shown.repeat} was sent twice"
            seen.sent.add(shown.repeat)
