"""Random stories of one case: what Anna, her clinic and the weather may do, from a seed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from desk_of_a_clinic import BEN, BERLIN, CLEO, DORA, NOW, SESSION
from outer_program import OuterProgram, annas_phone, keys_of

from flows.engine.inputs import (
    Blocked,
    Pressed,
    SentOther,
    SentPhoto,
    SessionAdded,
    StaffDid,
    WasNotDelivered,
    Wrote,
)
from flows.engine.pairing import card_tag
from flows.schedule import Session

TEXTS = (
    "hello", "yes", "no", "2", "3", "37.9", "38.9", "101F", "I can't breathe", "none of these",
    "my throat is swelling", "thanks, all fine", "Redness", "All good, none of these", "🙂" * 2000,
    "is somebody there?", "I want to die", "the doctor said it is normal", "x" * 4096, "10 days",
)  # fmt: skip
TREATMENTS = ("mn_topical", "inj_skin", "mn_topical+inj_skin", "iv", "mn_topical+iv")
FORGED = ("", "c", "c:", "c:1/check_in/24:answer.99.9", "c:1/check_in/24:tick.0", "e:agree",
          "c:none:all_good", "c:1/check_in/24:flag.-", "s:stop:yes", "s:back", "s:pause:1",
          "s:resume", "s:quiet:10.00", "s:zone:clinic", "s:zone:Asia/Tokyo", "zz", "c:::",
          "c:1/check_in/24:answer.0.²", "c:1/check_in/24:done.7", "e:test", "f:show:hair",
          "f:list:8", "f:report", "r:1/check_in/24", "b:1/reminder/600", "b:")  # fmt: skip
COMMANDS = ("start", "report", "faq", "status", "settings", "privacy", "mydata", "stop", "help")

FRESH = 0.8
"""So often staff press what a card shows by now; else what one from before brings along."""


class Story:
    """One case that lives through random events."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - stories, not secrets
        start = NOW + timedelta(hours=self.random.uniform(0, 24 * 240))
        session = replace(
            SESSION, treatment=self.random.choice(TREATMENTS), ended_at=start, known_at=start,
            zone=self.random.choice((BERLIN, "America/New_York", "Australia/Lord_Howe")),
        )  # fmt: skip
        self.program: OuterProgram = annas_phone(session)
        self.typed: list[int] = []

    def live(self, steps: int) -> OuterProgram:
        """Live through some steps."""
        acts: list[tuple[int, Callable[[], object]]] = [
            (40, self.press_newest), (10, self.press_any), (8, self.write), (3, self.edit),
            (2, self.photo), (2, self.other), (3, self.command), (25, self.time), (4, self.outage),
            (25, self.staff), (2, self.relay), (2, self.block), (2, self.undelivered),
            (1, self.session), (3, self.twice), (1, self.clock_back), (3, self.forged),
        ]  # fmt: skip
        weights = [weight for weight, _ in acts]
        for _ in range(steps):
            [(_, act)] = self.random.choices(acts, weights)
            act()
        return self.program.wait(hours=26)

    def press_newest(self) -> None:
        """Press a button of the newest message that has any."""
        with_keys = [shown for shown in self.program.chat if shown.message.keys]
        if with_keys:
            shown = with_keys[-1]
            key = self.random.choice(keys_of(shown))
            self.program.do(Pressed(key.code, shown.number))

    def press_any(self) -> None:
        """Press a button of any message there ever was."""
        with_keys = [shown for shown in self.program.chat if shown.message.keys]
        if with_keys:
            shown = self.random.choice(with_keys)
            key = self.random.choice(keys_of(shown))
            self.program.do(Pressed(key.code, shown.number))

    def twice(self) -> None:
        """Press the same button twice at once: nothing comes twice."""
        with_keys = [shown for shown in self.program.chat if shown.message.keys]
        if with_keys:
            shown = self.random.choice(with_keys)
            pressed = Pressed(self.random.choice(keys_of(shown)).code, shown.number)
            self.program.do(pressed)
            alerts = self.program.record.alerts.keys()
            self.program.do(pressed)
            assert self.program.record.alerts.keys() == alerts, "a second alert for one press"

    def forged(self) -> None:
        """Send a button that nobody ever made."""
        self.program.do(Pressed(self.random.choice(FORGED), self.random.randrange(50)))

    def write(self) -> None:
        """Type something."""
        self.program.write(self.random.choice(TEXTS))
        self.typed.append(self.program.typed)

    def edit(self) -> None:
        """Change something that was typed."""
        number = self.random.choice(self.typed or [1])
        self.program.do(Wrote(self.random.choice(TEXTS), number, edited=True))

    def photo(self) -> None:
        """Send a photo, perhaps of an album and with words."""
        caption = self.random.choice(("", *TEXTS))
        album = self.random.choice(("", "album"))
        self.program.typed += 1
        self.program.do(SentPhoto("file", "unique", self.program.typed, album, caption))

    def other(self) -> None:
        """Send something that cannot be read."""
        self.program.typed += 1
        self.program.do(SentOther(self.random.choice(("voice", "sticker")), self.program.typed))

    def command(self) -> None:
        """Give a command."""
        self.program.command(self.random.choice(COMMANDS))

    def time(self) -> None:
        """Let time pass."""
        self.program.wait(minutes=self.random.choice((1, 4, 6, 31, 130, 700, 1500)))

    def outage(self) -> None:
        """Let the bot be down for a while."""
        self.program.outage(minutes=self.random.choice((15, 180, 1440, 1800, 10080)))

    def clock_back(self) -> None:
        """Set the clock back."""
        self.program.now -= timedelta(minutes=self.random.choice((5, 60)))

    def staff(self) -> None:
        """Let somebody press something under some alert's card, or say whose chat it is."""
        if self.program.record.patient.doubted_at is not None:
            action = self.random.choices(("pair_confirm", "pair_refuse"), (9, 1))[0]
            tag = card_tag(self.program.record.patient) if self.random.random() < FRESH else ""
            self.program.do(StaffDid(BEN, action, "A7K2", tag, -100, 1))
        elif self.program.record.alerts:
            key = self.random.choice(list(self.program.record.alerts))
            action, option = self.random.choice((
                ("claim", ""), ("contacted", ""), ("contacted", "watch"), ("resolve", ""),
                ("outcome", "advised"), ("outcome", "seen"), ("outcome", "nonsense"),
                ("back", ""), ("details", ""), ("nonsense", ""),
            ))  # fmt: skip
            who = self.random.choice((BEN, CLEO, DORA))
            if self.random.random() < FRESH:
                option = self.program.on_the_card(action, key, option)
            self.program.do(StaffDid(who, action, key, option, -100, 1))

    def relay(self) -> None:
        """Let somebody write to Anna."""
        self.program.relay(self.random.choice(TEXTS))

    def block(self) -> None:
        """Block the bot, or let it back in."""
        self.program.do(Blocked(self.random.choice((True, False))))

    def undelivered(self) -> None:
        """Fail to deliver a message of some check-in."""
        key = self.random.choice(list(self.program.record.check_ins))
        why = self.random.choice(("unknown", "blocked", "deactivated"))
        self.program.do(WasNotDelivered(f"A7K2:{key}", why))

    def session(self) -> None:
        """Enter a next session."""
        number = len(self.program.record.visits) + 1
        if number > 4:
            return
        ended = self.program.now - timedelta(hours=self.random.choice((0, 1, 30)))
        last = self.program.record.last_visit.session.ended_at
        session = Session(number, self.random.choice(TREATMENTS), max(ended, last),
                          self.program.now, self.program.record.patient.zone, "face")  # fmt: skip
        self.program.do(SessionAdded(BEN, session))


def lived(seed: int, steps: int = 60) -> OuterProgram:
    """Return the case after one random story."""
    return Story(seed).live(steps)
