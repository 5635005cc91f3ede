"""What somebody did in a story, as the proof looks at it later."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.standin.errors import Refusal, UnfairError
from bot.standin.messages import Seen
from bot.standin.people import Person
from bot.standin.presses import Press

if TYPE_CHECKING:
    from bench.simulation.witness import Witness

NIGHT: Final = (22, 7)  # hours of the clinic's clock between which most people sleep


@dataclass
class Act:
    """One thing that somebody did.

    `update` is the number under which the bot hears of it; `need` is what it has to lead to: an
    `urgent` alert, or the `list` of warning signs and then an alert. `message` is what it was done
    to, and `key` the alert it was about.
    """

    at: float
    who: int
    kind: str
    text: str
    update: int | None = None
    message: int = 0
    need: str = ""
    key: str = ""
    press: Press | None = None
    alone: bool = True


@dataclass
class Acts:
    """Everything that was done, in order, and the tale of it."""

    world: "Witness"
    done: list[Act] = field(default_factory=list)
    tells: Callable[[str], None] = lambda _text: None

    def does(self, person: Person, act: Act, doing: Callable[[], object]) -> Act | None:
        """Let somebody do something; None where the chat program does not let them."""
        number = self.world.updates.next_id
        try:
            result = doing()
        except (UnfairError, Refusal):
            return None
        if self.world.updates.next_id > number:
            act.update = number
        if isinstance(result, Press):
            act.press = result
        self.done.append(act)
        self.tells(f"{person.name} {act.kind} {act.text}".rstrip())
        return act

    def press(self, person: Person, seen: Seen, label: str, **more: str) -> Act | None:
        """Press a button."""
        act = Act(self.world.seconds(), person.id, "presses", f"[{label}]", message=seen.message_id,
                  **more)  # type: ignore[arg-type]  # fmt: skip
        return self.does(person, act, lambda: person.presses(seen, label))

    def writes(self, person: Person, text: str, need: str = "") -> Act | None:
        """Type something into one's own chat with the bot."""
        act = Act(self.world.seconds(), person.id, "writes", text, need=need)
        chat = person.chat_with(self.world.aftercheck)
        return self.does(person, act, lambda: person.types(chat, text))


def labels(seen: Seen) -> list[str]:
    """Return the labels of a message's buttons."""
    return [label for row in seen.buttons for label in row]
