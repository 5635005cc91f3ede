"""Everybody who may come to the bot, each with what Telegram says of them."""

from typing import Any, Final, Literal, NamedTuple

from bot.standin.people import Person
from flows.engine.permissions import ELSEWHERE, OWN_CHAT, STAFF_CHAT

Json = dict[str, Any]
Place = Literal["own chat", "staff chat", "other group"]

PLACES: Final[tuple[Place, ...]] = ("own chat", "staff chat", "other group")
assert PLACES == (OWN_CHAT, STAFF_CHAT, ELSEWHERE)

ANONYMOUS: Final = {"id": 1087968824, "is_bot": True, "first_name": "Group",
                    "username": "GroupAnonymousBot"}  # fmt: skip
"""Who writes as an anonymous administrator; a press shows the real person
(docs/sources.md, anonymous-admins)."""

CHANNEL: Final = {"id": 136817688, "is_bot": True, "first_name": "Channel",
                  "username": "Channel_Bot"}  # fmt: skip
"""Who writes in the name of a channel."""

NEWS: Final = {"id": -1001234567890, "type": "channel", "title": "News"}
ROBOT: Final = {"id": 7009000001, "is_bot": True, "first_name": "Robot", "username": "robot_bot"}

ROLES: Final = {
    "stranger": "stranger",
    "patient": "patient",
    "other patient": "patient",
    "left the roster": "stranger",
    "nurse": "nurse",
    "doctor": "doctor",
    "admin": "admin",
    "auditor": "auditor",
    "anonymous admin": "stranger",
    "another bot": "stranger",
    "forwarder": "stranger",
    "channel": "stranger",
}
"""The twelve who come, and what each is in `flows/engine/permissions.py`. A forwarder is a stranger
who passes on what a nurse wrote; the anonymous administrator is not on the roster."""

NO_PERSON: Final = frozenset({"anonymous admin", "another bot", "channel"})
"""Who has no chat of their own with a bot, and opens no link: what they send there is ignored."""


class Actor(NamedTuple):
    """Somebody: who writes, who presses, and what a message of theirs has besides."""

    name: str
    writes: Json
    presses: Json
    also: Json

    @property
    def role(self) -> str:
        """What they are in the table."""
        return ROLES[self.name]


def actors(people: dict[str, Person], group: Json) -> list[Actor]:
    """Return all twelve; `people` are the real ones by name, and `nurse` among them."""
    found = []
    for name in ROLES:
        also: Json = {}
        match name:
            case "anonymous admin":
                writes, presses = ANONYMOUS, people["stranger"].json()
                also = {"sender_chat": group}
            case "another bot":
                writes = presses = ROBOT
            case "channel":
                writes = presses = CHANNEL
                also = {"sender_chat": NEWS}
            case "forwarder":
                writes = presses = people["stranger"].json()
                nurse = people["nurse"].json()
                also = {"forward_origin": {"type": "user", "sender_user": nurse, "date": 1}}
            case _:
                writes = presses = people[name].json()
        found.append(Actor(name, dict(writes), dict(presses), also))
    return found
