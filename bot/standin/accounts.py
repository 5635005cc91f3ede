"""Who has an account: people and bots."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.standin.commands import CommandMenu
from bot.standin.errors import Json
from bot.standin.updates import UpdateQueue

ANONYMOUS_ADMIN = 1087968824  # the account @GroupAnonymousBot


@dataclass(eq=False)
class Account:
    """What everybody can see of an account."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = ""
    is_bot: bool = False
    deactivated: bool = False

    def json(self) -> Json:
        """Return the `User` object."""
        names = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language,
        }
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        return user | {name: value for name, value in names.items() if value}

    @property
    def name(self) -> str:
        """Return the name as shown over a message."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(eq=False)
class Bot(Account):
    """A bot: its token, its updates, its menus. Privacy mode is on unless `reads_all`."""

    token: str = ""
    reads_all: bool = False
    updates: UpdateQueue = field(default_factory=UpdateQueue)
    commands: CommandMenu = field(default_factory=CommandMenu)
    descriptions: dict[str, str] = field(default_factory=dict)
    met: set[int] = field(default_factory=set)
    links: dict[str, datetime] = field(default_factory=dict)

    def about_itself(self) -> Json:
        """Return the `User` object of `getMe`, with the fields only that method gives."""
        return self.json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_all,
            "supports_inline_queries": False,
            "supports_guest_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
            "can_manage_bots": False,
        }


def anonymous_admin() -> Account:
    """Return the account in whose name an anonymous administrator writes."""
    return Account(ANONYMOUS_ADMIN, "Group", username="GroupAnonymousBot", is_bot=True)


def bots_among(accounts: Iterable[Account]) -> list[Bot]:
    """Return the bots among some accounts."""
    return [account for account in accounts if isinstance(account, Bot)]
