"""The world: accounts, chats, files, updates and the truth log, all in memory."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.standin.accounts import Account, Bot, bots_among
from bot.standin.chats import Chat, PrivateChat
from bot.standin.clock import Now, Patience, unix, wait_for_real, wall_clock
from bot.standin.errors import Json
from bot.standin.faults import Faults
from bot.standin.files import Files
from bot.standin.groups import Group
from bot.standin.limits import Gate, Limits
from bot.standin.messages import Message, Shown
from bot.standin.people import Person
from bot.standin.presses import Presses
from bot.standin.render import message_json
from bot.standin.updates import DAY

FIRST_PERSON = 5_001_000_001
FIRST_BOT = 7_001_000_001
FIRST_GROUP = -4_001_000_001
FIRST_SUPERGROUP = -1_002_001_000_001


class World:
    """Everything there is.

    Args:
        now: The clock; whatever has an age is judged by it.
        limits: How fast a bot may send.
        patience: How a long poll waits; tests give one that does not.
        local_mode: Accept a webhook at any address, as the official server's `--local` does.
    """

    def __init__(
        self, now: Now = wall_clock, *, limits: Limits | None = None,
        patience: Patience = wait_for_real, local_mode: bool = False,
    ) -> None:  # fmt: skip
        self.now = now
        self.patience = patience
        self.local_mode = local_mode
        self.accounts: dict[int, Account] = {}
        self.robots: list[Bot] = []
        self.groups: dict[int, Group] = {}
        self.private: dict[tuple[int, int], PrivateChat] = {}
        self.files = Files()
        self.presses = Presses()
        self.gate = Gate(limits or Limits())
        self.faults = Faults()
        self.log: list[Shown] = []
        self.ignored: Counter[str] = Counter()
        self.last_message = 100

    def unix_now(self) -> int:
        """Return the present as Telegram gives dates."""
        return unix(self.now())

    def user(
        self, first_name: str, *, last_name: str = "", username: str = "", language: str = ""
    ) -> Person:
        """Add a person; the language is their telephone's, such as `pt-br`."""
        number = FIRST_PERSON + len(self.accounts)
        person = Person(number, first_name, last_name, username, language, world=self)
        self.accounts[number] = person
        return person

    def bot(
        self, username: str = "aftercheck_bot", token: str = "", *, reads_all: bool = False
    ) -> Bot:
        """Add a bot; `reads_all` switches its privacy mode off."""
        number = int(token.split(":", maxsplit=1)[0]) if token else FIRST_BOT + len(self.bots())
        token = token or f"{number}:{'A' * 35}"
        bot = Bot(
            number, username.removesuffix("_bot").title(), username=username, is_bot=True,
            token=token, reads_all=reads_all,
        )  # fmt: skip
        self.accounts[number] = bot
        self.robots.append(bot)
        return bot

    def bots(self) -> list[Bot]:
        """Return every bot, in the order of their making."""
        return list(self.robots)

    def bot_named(self, username: str) -> Bot | None:
        """Return the bot with this name."""
        names = {bot.username.lower(): bot for bot in self.bots()}
        return names.get(username.removeprefix("@").lower())

    def group(self, title: str, owner: Account, *members: Account) -> Group:
        """Make a basic group."""
        group = Group(self, FIRST_GROUP - len(self.groups), title, "group")
        return self.founded(group, owner, members)

    def supergroup(
        self, title: str, owner: Account | None = None, *members: Account,
        forum: bool = False, username: str = "",
    ) -> Group:  # fmt: skip
        """Make a supergroup; a `forum` has topics."""
        group = Group(self, FIRST_SUPERGROUP - len(self.groups), title, "supergroup")
        group.is_forum = forum
        group.username = username
        return self.founded(group, owner, members)

    def founded(self, group: Group, owner: Account | None, members: tuple[Account, ...]) -> Group:
        """Give a new group its owner and its first members."""
        self.groups[group.id] = group
        if owner is not None:
            group.changes(owner, "creator", owner)
        for member in members:
            group.adds(member)
        return group

    def chat_of(self, person: Account, bot: Bot) -> PrivateChat:
        """Return a person's chat with a bot."""
        return self.private.setdefault((bot.id, person.id), PrivateChat(person, bot))

    def number(self, chat: Chat) -> int:
        """Return the next message's number: counted by chat in a supergroup, else together."""
        if chat.kind == "supergroup":
            return next(reversed(chat.messages), 0) + 1
        self.last_message += 1
        return self.last_message

    def tell(
        self, chat: Chat, sender: Account, service: Json, *, own_topic: bool = False
    ) -> Message:
        """Put the notice of an event into a chat."""
        message = Message(chat, self.number(chat), self.now(), sender, service=service)
        if own_topic:
            message.thread = message.message_id
        return self.post(message)

    def post(self, message: Message) -> Message:
        """Put a message into its chat: everybody there sees it, the bots that may hear it."""
        message.chat.messages[message.message_id] = message
        self.show(message, "sent")
        self.announce("message", message)
        return message

    def announce(self, kind: str, message: Message) -> None:
        """Queue an update about a message for the bots that get it, never for its sender."""
        for bot in self.hearers(message):
            if bot is not message.sender:
                bot.met.add(message.sender.id)
                self.push(bot, kind, message_json(message, bot.id), f"message:{message.chat.id}")

    def hearers(self, message: Message) -> Iterator[Bot]:
        """Return the bots that get a message; bots do not hear each other."""
        chat = message.chat
        if isinstance(chat, PrivateChat):
            yield chat.bot
        elif isinstance(chat, Group) and (message.is_service or not message.sender.is_bot):
            yield from (bot for bot in bots_among(chat.accounts()) if chat.heard_by(bot, message))

    def push(self, bot: Bot, kind: str, payload: Json, lane: str, life: timedelta = DAY) -> None:
        """Queue an update."""
        bot.updates.push(kind, payload, self.now(), life, lane)

    def show(self, message: Message, what: str) -> None:
        """Write into the truth log that everybody in the chat was shown this."""
        by = message.chat.title if message.anonymous else message.sender.name
        for account in message.chat.accounts():
            if not account.is_bot:
                self.log.append(
                    Shown(
                        self.now(), account.id, account.name, message.chat.id, message.message_id,
                        what, message.words.text, by, message.buttons, message.media,
                    )
                )  # fmt: skip

    def edit(self, message: Message) -> None:
        """Note that a message was changed: everybody in the chat sees it, and the bots hear."""
        message.edited_at = self.now()
        self.show(message, "edited")
        self.announce("edited_message", message)

    def delete(self, message: Message) -> None:
        """Take a message away for everybody; bots are not told."""
        message.deleted = True
        self.show(message, "deleted")

    def shown_to(self, person: Account, since: datetime | None = None) -> list[Shown]:
        """Return the truth log of one person."""
        return [
            line
            for line in self.log
            if line.person == person.id and (since is None or line.at >= since)
        ]

    def close(self) -> None:
        """End every poll that waits, so that a server can stop at once."""
        for bot in self.bots():
            if bot.updates.poll:
                bot.updates.poll.woken.set()
