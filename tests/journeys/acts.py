"""What people do in a story, and what their screens show."""

import re
from collections.abc import Callable

from tape import Tape

from bot.demo.picture import picture
from bot.standin import Seen, World
from bot.standin.accounts import Bot
from bot.standin.chats import Chat
from bot.standin.groups import Group
from bot.standin.people import Person
from bot.standin.render import message_json
from bot.standin.styled import Styled


class Acts:
    """Everybody who acts in a clinic's story, and what they can do there."""

    world: World
    bot: Bot
    ben: Person
    staff: Group
    tape: Tape

    async def settle(self) -> None:
        """Let the bot come to rest."""
        raise NotImplementedError

    def moves_staff(self) -> None:
        """Make the staff's group a supergroup, which has another number."""
        assert isinstance(self.staff, Group)
        self.staff = self.staff.migrate()

    async def does(self, what: str, act: Callable[[], object]) -> None:
        """Let something happen that people or Telegram do, and write down what."""
        self.tape.did(what)
        act()
        await self.settle()

    def screen(self, person: Person) -> list[Seen]:
        return person.sees(person.chat_with(self.bot))

    def last(self, person: Person) -> Seen:
        """Return the last message of the bot in a person's own chat."""
        return [seen for seen in self.screen(person) if not seen.mine][-1]

    def staff_screen(self) -> list[Seen]:
        return [seen for seen in self.ben.sees(self.staff) if not seen.service]

    def cards(self) -> list[Seen]:
        """Return the alert cards in the staff chat, the oldest first."""
        return [seen for seen in self.staff_screen() if re.search(r"\b\w{4,6}-\d+\b", seen.text)]

    def offers(self, person: Person, label: str) -> bool:
        """Whether the last message in a person's own chat has this button."""
        return matching(self.last(person), label) is not None

    async def reports(self, person: Person, *labels: str) -> None:
        """Open a report with /report, and press these buttons in it."""
        await self.writes(person, "/report")
        await self.presses(person, *labels)

    async def presses(self, person: Person, *labels: str | re.Pattern[str]) -> None:
        """Press buttons one after the other, each of the last message that has it."""
        for label in labels:
            self.press_now(person, label)
            await self.settle()

    def press_now(
        self, person: Person, label: str | re.Pattern[str], on: str = "", chat: Chat | None = None
    ) -> None:
        """Press a button without letting the bot do anything yet."""
        screen = self.screen(person) if chat is None else person.sees(chat)
        for seen in reversed(screen):
            found = matching(seen, label) if on in seen.text else None
            if found:
                where = "" if chat is None else " in the staff chat"
                self.tape.did(f"{person.name} presses [{found}]{where}")
                person.presses(seen, found)
                return
        raise AssertionError(f"no button {label} on {person.name}'s screen: {screen[-1:]}")

    async def presses_old(self, person: Person, seen: Seen, label: str) -> None:
        """Press a button of a message that was seen before, wherever it stands now."""
        self.tape.did(f"{person.name} scrolls up and presses [{label}]")
        person.presses(seen, label)
        await self.settle()

    async def writes(self, person: Person, *texts: str) -> None:
        for text in texts:
            person.types(person.chat_with(self.bot), text)
            await self.settle()

    def says_aloud(self, person: Person) -> None:
        """Send a voice message, which the bot cannot read."""
        self.tape.did(f"{person.name} sends a voice message")
        message = message_json(person.draft(person.chat, Styled("")), self.bot.id)
        voice = {"duration": 7, "file_id": "voice-1", "file_unique_id": "voice-1"}
        self.world.push(self.bot, "message", {**message, "voice": voice}, f"message:{person.id}")

    def sends_nonsense(self, person: Person) -> None:
        """Send what no version of the Bot API sends: a text that is no text."""
        self.planted = True
        self.tape.did(f"{person.name} sends something that cannot be read")
        message = message_json(person.draft(person.chat, Styled("")), self.bot.id)
        self.world.push(self.bot, "message", {**message, "text": {"no": "text"}}, "nonsense")

    async def edits(self, person: Person, old: str, new: str) -> None:
        """Change the last message of one's own with these words."""
        mine = [seen for seen in self.screen(person) if seen.mine and seen.text == old]
        person.edits(mine[-1], new)
        await self.settle()

    async def staff_press(self, person: Person, label: str | re.Pattern[str], on: str = "") -> None:
        """Press a button in the staff chat, on the last message that has it (and the words)."""
        self.press_now(person, label, on, self.staff)
        await self.settle()

    async def staff_writes(self, person: Person, text: str, under: str = "") -> None:
        """Write in the staff chat, answering the last message of the bot with these words."""
        answered = None
        if under:
            answered = next(s for s in reversed(person.sees(self.staff)) if under in s.text)
        person.types(self.staff, text, reply_to=answered)
        await self.settle()


def photo(number: int) -> bytes:
    """Return a small photo; each number is another one."""
    return picture(number)


def matching(seen: Seen, label: str | re.Pattern[str]) -> str | None:
    labels = [one for row in seen.buttons for one in row]
    for one in labels:
        if isinstance(label, str) and label in one:
            return one
        if isinstance(label, re.Pattern) and label.search(one):
            return one
    return None
