"""A small outer program for the tests: due rows, chats and a clock round `advance`.

It does what `bot` and `storage` do with a decision, and after every step it looks at what must
hold whatever happened (`promises_kept`).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from desk_of_a_clinic import BEN, DESK, NOW, SESSION, anna
from promises import Seen, promises_kept

from flows.engine.advance import advance
from flows.engine.desk import Desk
from flows.engine.events import (
    Change,
    Did,
    Drop,
    Event,
    Key,
    Message,
    Plan,
    Say,
    ShowCard,
    Toast,
)
from flows.engine.inputs import (
    BotWasDown,
    CameDue,
    Commanded,
    Input,
    Pressed,
    StaffDid,
    StaffWrote,
    Wrote,
)
from flows.engine.planning import plan_check_ins
from flows.engine.record import Record, StoredAlert
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.escalation import StaffMember
from flows.schedule import Session

A_MOMENT = timedelta(seconds=1)
"""How late a tick comes: no real one is on time."""

MOST_DUE = 500
"""Due rows of one tick; more means that it never comes to rest."""


@dataclass(frozen=True)
class Shown:
    """A message in the patient's chat: its number, when and why it came, and what it says."""

    number: int
    at: datetime
    cause: Input
    message: Message
    repeat: str
    event: Say | Change


@dataclass
class OuterProgram:
    """One case with all that is round it."""

    record: Record
    desk: Desk = DESK
    now: datetime = NOW
    due: dict[tuple[str, str], datetime] = field(default_factory=dict)
    chat: list[Shown] = field(default_factory=list)
    to_staff: list[tuple[datetime, Say]] = field(default_factory=list)
    cards: list[tuple[datetime, ShowCard]] = field(default_factory=list)
    log: list[tuple[datetime, Event]] = field(default_factory=list)
    repeats: set[str] = field(default_factory=set)
    seen: Seen = field(default_factory=Seen)
    typed: int = 1000
    reaches_the_patient: bool = True

    def do(self, said: Input) -> tuple[Event, ...]:
        """Put one input through the door, keep what comes out, and look at every promise."""
        before = self.record
        decision = advance(self.desk, before, said, self.now)
        assert decision == advance(self.desk, before, said, self.now), "not deterministic"
        self.record = decision.record
        for event in decision.events:
            self.log.append((self.now, event))
            self.carry_out(event, said)
        promises_kept(self, before, said, decision.events)
        return decision.events

    def carry_out(self, event: Event, said: Input) -> None:
        """Do what the outer program does with one event."""
        match event:
            case Plan():
                self.due[event.kind, event.about] = event.at
            case Drop():
                self.due.pop((event.kind, event.about), None)
            case Say(to="patient") | Change():
                self.show(event, said)
            case Say() if event.repeat not in self.repeats:
                self.repeats.add(event.repeat)
                self.to_staff.append((self.now, event))
            case ShowCard() if event.repeat not in self.repeats:
                self.repeats.add(event.repeat)
                self.cards.append((self.now, event))

    def show(self, event: Say | Change, said: Input) -> None:
        """Bring a message to the patient; the same one twice is brought once."""
        if event.repeat in self.repeats:
            return
        self.repeats.add(event.repeat)
        number = event.message_id if isinstance(event, Change) else len(self.chat) + 1
        self.chat.append(
            Shown(number, self.now, said, event.message, event.repeat, event)
        )  # fmt: skip
        key = event.slot.partition(":")[2]
        check_in = self.record.check_ins.get(key)
        if isinstance(event, Say) and check_in is not None and self.reaches_the_patient:
            self.record = self.record.with_check_in(replace(check_in, message_id=number))

    def tick(self) -> int:
        """Do everything that is due by now; it has to come to rest."""
        count = 0
        while rows := sorted((at, *row) for row, at in self.due.items() if at <= self.now):
            for _, kind, about in rows:
                if self.due.get((kind, about), self.now + timedelta(1)) <= self.now:
                    del self.due[kind, about]
                    self.do(CameDue(kind, about))
                count += 1
                assert count < MOST_DUE, f"{kind} {about} never comes to rest"
        return count

    def until(self, instant: datetime) -> "OuterProgram":
        """Let time pass with the bot running: every row is done at its instant."""
        for _ in range(20 * MOST_DUE):
            at = min((*self.due.values(), instant))
            self.now = max(self.now, min(at + A_MOMENT, instant))
            self.tick()
            if self.now >= instant:
                return self
        raise AssertionError("time does not pass")

    def wait(self, **span: float) -> "OuterProgram":
        """Let some time pass with the bot running."""
        return self.until(self.now + timedelta(**span))

    def outage(self, **span: float) -> "OuterProgram":
        """Let time pass with the bot down; then it starts as the real one does."""
        since = self.now
        self.now += timedelta(**span)
        self.do(BotWasDown(since, self.now))
        self.tick()
        return self

    def press(self, label: str, message: int | None = None) -> tuple[Event, ...]:
        """Press the newest button whose label begins so, or that of one message."""
        for shown in reversed(self.chat):
            for key in keys_of(shown):
                if key.label.lstrip("✅▫️ ").startswith(label) and message in (None, shown.number):
                    return self.do(Pressed(key.code.removeprefix("p:"), shown.number))
        raise AssertionError(f"no button «{label}» in {[s.message.keys for s in self.chat][-1:]}")

    def well_until(self, instant: datetime) -> "OuterProgram":
        """Let time pass while Anna answers every check-in that all is well."""
        while self.now < instant:
            self.wait(hours=1)
            waiting = (one for one in self.record.check_ins.values() if one.state == "sent")
            for one in waiting:
                self.do(Pressed(f"c:{one.key}:all_good", one.message_id or 0))
        return self

    def write(self, text: str, *, edits: int = 0) -> tuple[Event, ...]:
        """Type something, or change an earlier message."""
        self.typed += 1
        return self.do(Wrote(text, edits or self.typed, edited=bool(edits)))

    def command(self, name: Any) -> tuple[Event, ...]:
        """Give a command."""
        return self.do(Commanded(name))

    def staff(
        self, action: str, who: StaffMember = BEN, alert: str = "", option: str = ""
    ) -> tuple[Event, ...]:
        """Let somebody press a button of an alert's card, the newest alert's unless said.

        It is that of the card as it stands now, unless `option` says which it was.
        """
        key = alert or self.alert.key
        return self.do(StaffDid(who, action, key, self.on_the_card(action, key, option), -100, 1))

    def on_the_card(self, action: str, key: str, option: str) -> str:
        """Return what the button of a card brings along by now."""
        alert = self.record.alerts.get(key)
        if alert is None or "." in option or action not in ("contacted", "outcome"):
            return option
        return f"{option or alert.level}.{alert.content}"

    def relay(self, text: str, who: StaffMember = BEN) -> tuple[Event, ...]:
        """Let somebody answer a card."""
        return self.do(StaffWrote(who, text, self.alert.key if self.record.alerts else ""))

    @property
    def alert(self) -> StoredAlert:
        """The newest alert."""
        return list(self.record.alerts.values())[-1]

    def check_in(self, key: str) -> StoredCheckIn:
        """One check-in."""
        return self.record.check_ins[key]

    def states(self) -> dict[str, str]:
        """The state of every check-in."""
        return {key: one.state for key, one in self.record.check_ins.items()}

    @property
    def last(self) -> str:
        """What the patient read last."""
        return self.chat[-1].message.text

    def texts(self, since: datetime) -> list[str]:
        """What the patient got since an instant."""
        return [shown.message.text for shown in self.chat if shown.at >= since]

    def staff_texts(self, since: datetime | None = None) -> list[str]:
        """What stood in the staff chat since an instant."""
        return [say.message.text for at, say in self.to_staff if since is None or at >= since]

    def toasts(self) -> list[str]:
        """What popped up so far."""
        return [event.text for _, event in self.log if isinstance(event, Toast)]

    def did(self) -> list[str]:
        """What the log says, action by action."""
        return [event.action for _, event in self.log if isinstance(event, Did)]


def keys_of(shown: Shown) -> list[Key]:
    """Return the buttons of a message."""
    return [key for row in shown.message.keys for key in row]


def annas_phone(session: Session = SESSION, desk: Desk = DESK, **changes: Any) -> OuterProgram:
    """Return Anna's case just after staff confirmed her: everything is planned."""
    record = anna(session=session, **changes).with_patient(zone=session.zone)
    turn = Turn(desk, record, session.known_at)
    plan_check_ins(turn)
    program = OuterProgram(turn.record, desk, session.known_at)
    for event in turn.events:
        program.carry_out(event, Commanded("start"))
    return program
