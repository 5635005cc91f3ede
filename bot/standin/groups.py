"""Groups and supergroups: joining, rights, topics, privacy mode, migration."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.standin.accounts import Account, Bot, bots_among
from bot.standin.chats import INSIDE, RIGHTS, Chat, Kind, Member, Status, Topic
from bot.standin.errors import Json, NotAllowedError, NotInChatError
from bot.standin.messages import Message
from bot.standin.render import membership_json

if TYPE_CHECKING:
    from bot.standin.world import World

TOPIC_COLOUR = 7322096  # 0x6FB9F0, the first of the colours topics may have


class Group(Chat):
    """A group, or a supergroup when `is_super`."""

    def __init__(self, world: "World", number: int, title: str, kind: Kind) -> None:
        super().__init__(number)
        self.world = world
        self.title = title
        self.kind: Kind = kind
        self.members: dict[int, Member] = {}
        self.topics: dict[int, Topic] = {}
        self.general = Topic(1, "General")
        self.became: Group | None = None

    def json(self) -> Json:
        """Return the `Chat` object."""
        body: Json = {"id": self.id, "type": self.kind, "title": self.title}
        if self.username:
            body["username"] = self.username
        if self.is_forum:
            body["is_forum"] = True
        return body

    def accounts(self) -> Iterator[Account]:
        """Everybody who is a member, whatever their rights; nobody once it was upgraded."""
        if self.became is None:
            yield from (one.account for one in self.members.values() if one.status in INSIDE)

    def member(self, account: Account) -> Member:
        """Return somebody's place, `left` for who never was in it."""
        return self.members.get(account.id) or Member(account, "left")

    @property
    def owner(self) -> Account:
        """Return whoever made the group."""
        for member in self.members.values():
            if member.status == "creator":
                return member.account
        raise NotInChatError(f"{self.title} has no owner")

    def adds(self, account: Account, by: Account | None = None) -> None:
        """Add somebody, with the notice that the others see."""
        adder = by or self.owner
        self.changes(account, "member", adder)
        self.world.tell(self, adder, {"new_chat_members": [account.json()]})

    def removes(self, account: Account, by: Account | None = None) -> None:
        """Remove somebody; they cannot come back by themselves."""
        remover = by or self.owner
        self.changes(account, "kicked", remover)
        self.world.tell(self, remover, {"left_chat_member": account.json()})

    def lets_go(self, account: Account) -> None:
        """Let somebody leave of their own will."""
        self.changes(account, "left", account)
        self.world.tell(self, account, {"left_chat_member": account.json()})

    def promotes(self, account: Account, *rights: str, anonymous: bool = False) -> None:
        """Make a member an administrator, with all rights unless some are named."""
        granted = frozenset(rights or (*RIGHTS, "can_manage_topics")) | {"can_manage_chat"}
        self.changes(account, "administrator", self.owner, granted, anonymous=anonymous)

    def demotes(self, account: Account) -> None:
        """Make an administrator a plain member again."""
        self.changes(account, "member", self.owner)

    def hides(self, account: Account) -> None:
        """Let the owner or an administrator write in the group's name."""
        self.member(account).anonymous = True

    def changes(
        self, account: Account, status: Status, by: Account,
        rights: frozenset[str] = frozenset(), *, anonymous: bool = False,
    ) -> None:  # fmt: skip
        """Give somebody another place, and tell the bots that may know."""
        if self.became is not None:
            raise NotInChatError(f"{self.title} was upgraded to a supergroup")
        old = self.member(account)
        new = Member(account, status, rights, anonymous)
        self.members[account.id] = new
        payload = membership_json(self, by, old, new, self.world.unix_now())
        bots = {bot.id: bot for bot in bots_among([*self.accounts(), account])}
        for bot in bots.values():
            mine = bot is account
            if mine or self.member(bot).status == "administrator":
                kind = "my_chat_member" if mine else "chat_member"
                self.world.push(bot, kind, payload, f"{kind}:{self.id if mine else account.id}")
            bot.met.update(one.id for one in self.accounts())

    def topic(self, name: str, by: Account | None = None) -> Topic:
        """Open a topic in a forum."""
        if not self.is_forum:
            raise NotAllowedError(f"{self.title} has no topics")
        service = {"forum_topic_created": {"name": name, "icon_color": TOPIC_COLOUR}}
        opening = self.world.tell(self, by or self.owner, service, own_topic=True)
        self.topics[opening.message_id] = Topic(opening.message_id, name)
        return self.topics[opening.message_id]

    def migrate(self) -> "Group":
        """Upgrade the group to a supergroup with another number, and return that one.

        The bots in it are told twice: by a notice in the old group with `migrate_to_chat_id`,
        and by one in the new with `migrate_from_chat_id`.
        """
        if self.kind != "group" or self.became is not None:
            raise NotAllowedError(f"{self.title} is a supergroup already")
        new = self.world.supergroup(self.title)
        new.members = dict(self.members)
        self.world.tell(self, self.owner, {"migrate_to_chat_id": new.id})
        self.became = new
        self.world.tell(new, new.owner, {"migrate_from_chat_id": self.id})
        return new

    def heard_by(self, bot: Bot, message: Message) -> bool:
        """Whether a bot gets a message of this group, in view of privacy mode.

        Events reach every bot in it. A command counts at the beginning of a text; without a
        bot's name it is for the only bot there, or for the last one that wrote (Telegram's
        features page, "Privacy mode"). A mention alone is not enough.
        """
        if message.is_service or bot.reads_all or self.member(bot).may("can_manage_chat"):
            return True
        if message.reply_to is not None and message.reply_to.sender is bot:
            return True
        for entity in message.words.entities:
            if entity["type"] == "bot_command" and entity["offset"] == 0:
                _, _, named = message.words.part(entity).partition("@")
                return named.lower() == bot.username.lower() if named else self.is_addressed(bot)
        return False

    def is_addressed(self, bot: Bot) -> bool:
        """Whether a command that names no bot is for this one."""
        bots = bots_among(self.accounts())
        if len(bots) == 1:
            return True
        written = [one.sender for one in self.standing() if isinstance(one.sender, Bot)]
        return bool(written) and written[-1] is bot
