"""Fifty patients who answer by taps and words, each as soon as the last answer was acknowledged."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Final

from bench.kills.witness import Witness
from bot.standin.accounts import Bot
from bot.standin.errors import ButtonGoneError
from bot.standin.messages import Seen, Shown
from bot.standin.people import Person

LOOK: Final = 0.05  # seconds between two looks at the screen
PATIENCE: Final = 20.0  # seconds after which somebody tries something else
PAUSE: Final = (0.05, 0.5)  # seconds between an answer and the next
SEVERE: Final = "One of these"
SIGNS: Final = "Which one? Tap each one"
UNTICKED: Final = "▫️"
"""Who asked for the list of signs can go back, and has said nothing; each sign calls a person."""
SELDOM: Final = {SEVERE: 0.04, "Back": 0.1, "Please call me": 0.1}
"""How likely each is pressed, where any other button is 1: alerts come to a group, which takes 20
messages a minute."""

TICKED: Final = "✅"
"""What a button begins with that is ticked: a tick of an earlier report stays, and says nothing."""

TEMPERATURE: Final = "Type a number"
WORDS_SHARE: Final = 0.005
END: Final = "Change my answers"


@dataclass
class Press:
    """A press that shows no effect yet; `at` is by `time.monotonic`, `again` is whether twice."""

    seen: Seen
    label: str
    at: float
    again: bool = False


@dataclass
class Patient:
    """One patient: the person, the case, a word nobody else says, and what was acknowledged."""

    person: Person
    code: str
    canary: str
    random: Random
    acknowledged: dict[int, str] = field(default_factory=dict)
    """What they saw acknowledged, by what the screen said then."""
    waiting: dict[int, int] = field(default_factory=dict)
    in_vain: set[int] = field(default_factory=set)
    pressed: dict[int, str] = field(default_factory=dict)
    """What each press was on, in words."""
    typed: dict[int, str] = field(default_factory=dict)
    """The same of each number."""
    severe: set[int] = field(default_factory=set)
    may_change: dict[int, set[int]] = field(default_factory=dict)
    unsure: set[int] = field(default_factory=set)
    """Messages of which a change can be the effect of more than one act."""
    overtook: bool = False
    """Whether they ever did something before they saw an effect of the last, which is heard later:
    from then on a change may be the effect of what was done one before."""
    wrote: dict[int, str] = field(default_factory=dict)
    """What each update says that is words, and neither a command nor a number."""
    alarmed: set[int] = field(default_factory=set)
    """Those of them that say that the patient cannot breathe."""
    acts: int = 0
    press: Press | None = None
    """What was pressed last, as long as it shows no effect."""

    def left_in_silence(self, world: Witness) -> list[int]:
        """Return the updates of this patient after which the screen did not change."""
        return [
            update for update, before in self.waiting.items()
            if update in self.in_vain
            or not any(self.is_reaction(one) for one in world.log[before:])
        ]  # fmt: skip

    async def lives(self, world: Witness, bot: Bot, stopping: asyncio.Event) -> None:
        """Answer until told to stop."""
        while not stopping.is_set():
            await self.acts_once(world, bot, stopping)
            await asyncio.sleep(self.random.uniform(*PAUSE))

    async def acts_once(self, world: Witness, bot: Bot, stopping: asyncio.Event) -> None:
        """Do one thing, and wait until the screen shows that it was taken."""
        before = len(world.log)
        self.acts_now(world, bot)
        await self.is_answered(world, before, world.queued[-1], stopping)

    def acts_now(self, world: Witness, bot: Bot) -> None:
        """Do one thing."""
        self.press = None
        chat = self.person.chat_with(bot)
        screen = [seen for seen in self.person.sees(chat) if not seen.mine]
        asking = next((seen for seen in reversed(screen) if seen.buttons), None)
        self.acts += 1
        if self.random.random() < WORDS_SHARE:
            self.writes(world, bot, f"it feels a bit {self.canary}")
        elif asking is None or self.is_over(asking):
            self.person.types(chat, "/report")
            if asking is not None:  # it may lose its buttons to what is asked below
                self.unsure.add(asking.message_id)
        elif TEMPERATURE in asking.text and self.random.random() < 0.8:
            self.person.types(chat, self.random.choice(("36,9", "37.4", "98.6 F", "39.3")))
            self.typed[world.queued[-1]] = f"a number under «{headline(asking.text)}»"
        else:
            label = self.choice(asking)
            self.person.presses(asking, label)
            self.press = Press(asking, label, time.monotonic())
            self.pressed[world.queued[-1]] = f"«{label}» under «{headline(asking.text)}»"
            if SIGNS in asking.text and label.startswith(UNTICKED):
                self.severe.add(world.queued[-1])
        if asking is not None:
            self.may_change.setdefault(asking.message_id, set()).add(world.queued[-1])

    def writes(self, world: Witness, bot: Bot, words: str) -> None:
        """Write words."""
        self.person.types(self.person.chat_with(bot), words)
        self.wrote[world.queued[-1]] = words

    def writes_besides(self, world: Witness, bot: Bot, *, alarmed: bool) -> None:
        """Write words whatever else they wait for; what changes next may be the effect of both."""
        seen = self.person.sees(self.person.chat_with(bot))
        self.unsure.update(one.message_id for one in seen if one.buttons)
        words = f"I cannot breathe {self.canary}" if alarmed else f"it itches {self.canary}"
        self.writes(world, bot, words)
        if alarmed:
            self.alarmed.add(world.queued[-1])
        self.acts += 1

    def is_over(self, asking: Seen) -> bool:
        """Whether a check-in is finished, and is to be left at that most of the time."""
        return END in str(asking.buttons) and self.random.random() < 0.7

    def choice(self, asking: Seen) -> str:
        """Choose a button."""
        labels = [label for row in asking.buttons for label in row]
        weights = [SELDOM.get(label, float(TICKED not in label)) for label in labels]
        return self.random.choices(labels, weights)[0]

    async def is_answered(
        self, world: Witness, before: int, update: int, stopping: asyncio.Event
    ) -> None:  # fmt: skip
        """Wait until the bot has changed a message or shown anything else.

        Whoever typed tries something else after a while. Whoever pressed waits until `gives_up`.
        """
        self.waiting[update] = before
        end = time.monotonic() + PATIENCE
        while not (stopping.is_set() or update in self.in_vain):
            fresh = [one for one in world.log[before:] if self.is_reaction(one)]
            before = len(world.log)
            for one in fresh:
                self.sees_change(world, one)
            if fresh:
                del self.waiting[update]
                self.press = None
                return
            if self.press is None and time.monotonic() > end:
                self.overtook = True
                return
            await asyncio.sleep(LOOK)

    def is_tired(self) -> bool:
        """Whether a press of theirs has waited for long."""
        return self.press is not None and time.monotonic() > self.press.at + PATIENCE

    def presses_again(self, world: Witness) -> None:
        """Press the same once more, as people do, unless it was done or the button is gone."""
        if self.press is None or self.press.again:
            return
        self.press.again = True
        with suppress(ButtonGoneError):
            self.person.presses(self.press.seen, self.press.label)
            self.pressed[world.queued[-1]] = f"«{self.press.label}» again"
            self.overtook = True

    def gives_up(self) -> None:
        """Take the press that waits for one that nobody heard."""
        self.in_vain.update(self.pressed.keys() & self.waiting.keys())

    def sees_change(self, world: Witness, one: Shown) -> None:
        """Take a changed message for the acknowledgement of the one act that can have done it.

        A press on one of two copies may only bring that one up to date, and one that loses its
        buttons has gone on elsewhere. Where two acts came before one change, or something was
        pressed twice, the next may be the effect of either.
        """
        if one.what != "edited" or one.message_id is None or not one.buttons:
            return
        acts = self.may_change.pop(one.message_id, set())
        if len(acts) > 1:
            self.unsure.add(one.message_id)
        is_sure = one.message_id not in self.unsure and not self.overtook
        if is_sure and world.is_only_copy(one.chat, one.message_id):
            self.acknowledged |= dict.fromkeys(acts, f"«{headline(one.text)}» {one.buttons}")

    def is_reaction(self, one: Shown) -> bool:
        """Whether this line shows that the bot did something in the patient's chat."""
        return one.person == self.person.id and one.by != self.person.name


def headline(text: str) -> str:
    """Return the beginning of a message, to tell which one it was."""
    return text.partition("\n")[0][:60]
