"""Patients who answer as they like: late, twice, wrongly, in words, from old messages, or not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from bench.simulation.acts import Act, Acts, labels
from bench.simulation.loop import Agenda
from bench.simulation.sayings import (
    ALARMING,
    DULL,
    END,
    FACTS,
    FEVER,
    FEVERS,
    MILD,
    NEVER,
    PATIENCE,
    PHOTO,
    SELDOM,
    SEVERE,
    SIGNS,
    STEPS,
)
from bench.simulation.witness import Posted, Witness
from bot.standin.messages import Seen
from bot.standin.people import Person

if TYPE_CHECKING:
    from flows.schedule import Session


def is_severe(seen: Seen, label: str) -> bool:
    """Whether a press says a warning sign that calls for a person by itself."""
    return SIGNS in seen.text and label.startswith("▫️") and MILD not in label


@dataclass
class Patient:
    """One patient: the person, the case, a word that nobody else says, and habits."""

    person: Person
    code: str
    canary: str
    session: "Session"
    link: str
    random: Random
    agenda: Agenda
    world: Witness
    acts: Acts
    waits: bool = False
    typed: int = 0
    said: list[tuple[int, str]] = field(default_factory=list)
    in_flight: float = -1e9
    answered: int = 0

    def sees(self, one: Posted) -> None:
        """See what the bot wrote, and perhaps answer it after a while."""
        if one.chat != self.person.id or self.waits or not one.codes:
            return
        self.waits = True
        self.agenda.after(self.delay(one), self.answers)

    def delay(self, one: Posted) -> float:
        """Return the seconds until the next answer: soon in a talk, else when there is time."""
        chance = self.random.random()
        if not one.is_new or one.text.startswith((FACTS, "This is the aftercare", "One last")):
            return self.random.uniform(3, 60) if chance < 0.9 else self.random.uniform(60, 9000)
        self.answered = 0
        if chance < 0.6:
            return self.random.uniform(5, 900)
        return self.random.uniform(900, 30_000)

    def answers(self) -> None:
        """Do something about the newest message with buttons."""
        self.waits = False
        seen = self.newest()
        if seen is None or self.answered > PATIENCE:
            return
        self.answered += 1
        offered = labels(seen)
        step: str | None = next((one for one in STEPS if one in offered), None)
        if FACTS in seen.text:
            step = "Done"
        if step is not None:
            self.press(seen, step)
        elif END in offered and self.random.random() < 0.9:
            return
        elif FEVER in seen.text and self.random.random() < 0.85:
            self.types_fever(seen)
        elif choices := [one for one in offered if not one.startswith(NEVER)]:
            weights = [SELDOM.get(one.removeprefix("▫️ "), 1.0) for one in choices]
            label = self.random.choices(choices, weights)[0]
            self.press(seen, label)
            if self.random.random() < 0.05:
                self.press(seen, label)
        self.tries_again()

    def tries_again(self) -> None:
        """Look at the chat again where nothing came."""
        if not self.waits and self.random.random() < 0.5:
            self.waits = True
            self.agenda.after(self.random.uniform(100, 1500), self.answers)

    def press(self, seen: Seen, label: str) -> None:
        """Press a button."""
        sign = is_severe(seen, label)
        done = self.acts.press(self.person, seen, label, need="urgent" if sign else "")
        if done is not None:
            self.marks(done.at)

    def types_fever(self, seen: Seen) -> None:
        """Type a temperature, in some way."""
        text = self.random.choice(FEVERS)
        alone = self.is_at_rest() and self.newest_of_all() == seen.message_id
        asked = not any(END in label for row in seen.buttons for label in row)
        need = "" if text not in SEVERE or not alone else "urgent" if asked else "list"
        done = self.acts.writes(self.person, text, need)
        if done is not None:
            self.said.append((self.last_message(), text))
            self.marks(done.at)

    def is_at_rest(self) -> bool:
        """Whether the bot has had time to show everything that was said before."""
        return self.world.seconds() - self.in_flight > 100

    def marks(self, at: float) -> None:
        """Note that the bot has something to react to."""
        self.in_flight = at

    def newest(self) -> Seen | None:
        """Return the newest message of the bot that has buttons."""
        screen = self.screen()
        return next((one for one in reversed(screen) if one.buttons and not one.mine), None)

    def newest_of_all(self) -> int:
        """Return the number of the bot's newest message."""
        return next((one.message_id for one in reversed(self.screen()) if not one.mine), 0)

    def last_message(self) -> int:
        """Return the number of the newest message of all."""
        screen = self.screen()
        return screen[-1].message_id if screen else 0

    def screen(self) -> list[Seen]:
        """Return what the chat shows."""
        return self.person.sees(self.person.chat_with(self.world.aftercheck))

    def words(self, some: tuple[str, ...], need: str = "") -> None:
        """Type words that nobody else types."""
        self.typed += 1
        text = f"{self.random.choice(some)}. {self.canary}{self.typed}"
        done = self.acts.writes(self.person, text, need)
        if done is not None:
            self.said.append((self.last_message(), text))
            self.marks(done.at)

    # What they do by themselves, at times that the story chooses.

    def reports(self) -> None:
        """Tell the bot something unasked."""
        self.answered = 0
        self.acts.writes(self.person, "/report")

    def speaks(self) -> None:
        """Type something."""
        self.words(DULL)

    def is_in_danger(self) -> None:
        """Type something that may be an emergency."""
        self.words(ALARMING, "list")

    def asks(self) -> None:
        """Give a command that shows something."""
        self.acts.writes(self.person, self.random.choice(("/status", "/help", "/mydata", "/start")))

    def looks_back(self) -> None:
        """Press a button of an old message."""
        old = [one for one in self.screen() if one.buttons and not one.mine][:-1]
        if old:
            seen = self.random.choice(old)
            choices = [one for one in labels(seen) if not one.startswith(NEVER)]
            if choices:
                label = self.random.choice(choices)
                sign = is_severe(seen, label)
                self.acts.press(self.person, seen, label, need="urgent" if sign else "")

    def corrects(self) -> None:
        """Change a message that was sent before."""
        if not self.said:
            return
        number, before = self.random.choice(self.said)
        found = next((one for one in self.screen() if one.message_id == number), None)
        if found is None:
            return
        self.typed += 1
        text = (
            self.random.choice(("39.4", "36.9"))
            if before in FEVERS
            else (f"{self.random.choice((*ALARMING, *DULL))}. {self.canary}{self.typed}")
        )
        self.changes(found, text)

    def changes(self, found: Seen, text: str) -> None:
        """Change a message; alarming words in it have to be heard."""
        need = "list" if text.startswith(ALARMING) else ""
        act = Act(self.world.seconds(), self.person.id, "changes a message to", text, need=need)
        self.acts.does(self.person, act, lambda: self.person.edits(found, text))

    def sends_photo(self) -> None:
        """Send a photo."""
        act = Act(self.world.seconds(), self.person.id, "sends", "a photo")
        chat = self.person.chat_with(self.world.aftercheck)
        self.acts.does(self.person, act, lambda: self.person.sends_photo(chat, PHOTO))

    def blocks(self) -> None:
        """Block the bot for some time."""
        act = Act(self.world.seconds(), self.person.id, "blocks", "the bot")
        self.acts.does(self.person, act, lambda: self.person.blocks(self.world.aftercheck))
        self.agenda.after(self.random.uniform(600, 40_000), self.comes_back)

    def comes_back(self) -> None:
        """Let the bot in again."""
        act = Act(self.world.seconds(), self.person.id, "unblocks", "the bot")
        self.acts.does(self.person, act, lambda: self.person.unblocks(self.world.aftercheck))

    def stops(self) -> None:
        """Stop for good, with the second confirmation."""
        if self.acts.writes(self.person, "/stop") is not None:
            self.agenda.after(self.random.uniform(20, 90), self.means_it)

    def means_it(self) -> None:
        """Press the confirmation, where it is there."""
        for seen in reversed(self.screen()):
            if "Yes, stop" in labels(seen):
                self.acts.press(self.person, seen, "Yes, stop")
                return

    @property
    def habits(self) -> list[tuple[int, Callable[[], None]]]:
        """What this patient may do by themselves, and how likely each is."""
        return [
            (5, self.reports), (5, self.speaks), (4, self.is_in_danger), (3, self.asks),
            (4, self.looks_back), (4, self.corrects), (2, self.sends_photo), (2, self.blocks),
            (1, self.stops), (3, self.answers),
        ]  # fmt: skip
