"""Updates made wrong: each mutant is a real update with something changed, by a seed.

Two kinds. One that keeps its shape could come from Telegram as it is today: other words, other
numbers, other senders. One that loses it could come from a later Bot API, or from a broken server.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[Any, Any]
"""A dict or a list, and the key or the index in it."""

KINDS: Final = (
    "message", "edited_message", "channel_post", "edited_channel_post", "callback_query",
    "my_chat_member", "chat_member", "inline_query", "message_reaction", "business_message",
    "poll", "something_new",
)  # fmt: skip
UNREADABLE: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1.5, 1e308, 2**31, 2**53, 2**63, 2**64, -(2**63), 10**400, "", "x",
    "x" * 5000, "\x00", "\ud83d", [], {}, [None], [[1], [2]], {"id": 1}, {"": {"": []}},
)  # fmt: skip
DEPTHS: Final = (5, 60, 300)
"""How deep values are nested; what is deeper cannot be read as JSON, which is tested apart."""
TEXTS: Final = (
    "\ud83d", "\udc00 half a sign", "\x00", "a\x00b", "\u202e desrever", "\u200b\u200b", "\ufeff",
    "e" + "\u0301" * 500, "👩\u200d👩\u200d👧" * 200, "٣٨٫٦", "３８．６", "38,6", "१०१", "Ⅷ", "½",
    "<b>bold", "</b>", "&lt;", "*_`[", "```", "@everyone", "=1+1", "'; DROP TABLE patient; --",
    "../../etc/passwd", "%s %d %n", "{0} {name} {", "${jndi:ldap://x}", "\r\n\r\n", "\t",
    "x" * 4096, "х" * 4096, "/start " + "A" * 64, "/stop", "/report",
    "/report I cannot breathe", "/start", "/settings", "/mydata", "/privacy", "/status", "/help",
    "/" + "a" * 4000, "//", "/", "/@bot", "/status@other_bot", "I cannot breathe", "no",
    "1e309", "-0", "NaN", "37.9999999999999999999",
    "9" * 4000, "١" * 4000, "a\u2028b\u2029c", "\U000e0001", "I\u0307",
)  # fmt: skip


def places(value: object) -> Iterator[Place]:
    """Yield every place in a value: the key of each dict, the index of each list."""
    keys: Any = ()
    if isinstance(value, dict):
        keys = value.keys()
    elif isinstance(value, list):
        keys = range(len(value))
    for key in keys:
        yield value, key
        yield from places(value[key])  # type: ignore[index]


def nested(depth: int) -> object:
    """Return lists and dicts in each other, so many deep."""
    value: object = "deep"
    for level in range(depth):
        value = [value] if level % 2 else {"x": value}
    return value


class Mutator:
    """Makes mutants of updates.

    Args:
        random: Whatever is chosen, is chosen by it.
        numbers: Chats and accounts that may be put in place of a real one.
    """

    def __init__(self, random: Random, numbers: Sequence[int]) -> None:
        self.random = random
        self.numbers = numbers
        self.codes: list[str] = ["x"]

    def mutant(self, real: Json) -> tuple[Json, bool]:
        """Return a mutant of an update, and whether it keeps its shape."""
        update = copy.deepcopy(real)
        for code in (place[0][place[1]] for place in places(update) if place[1] == "data"):
            self.codes.append(code)
        if self.random.random() < 0.5:
            for _ in range(self.random.randint(1, 3)):
                self.random.choice(STRANGE)(self, update)
            return update, True
        for _ in range(self.random.randint(1, 4)):
            self.random.choice(BROKEN)(self, update)
        return update, False

    def place(self, update: Json, wanted: Callable[[Place], bool]) -> Place | None:
        """Return one of the places of an update that are wanted."""
        found = [one for one in places(update) if wanted(one)]
        return self.random.choice(found) if found else None

    def other_text(self, update: Json) -> None:
        """Write something else, as any patient can."""
        place = self.place(update, lambda one: one[1] in ("text", "caption", "first_name"))
        if place:
            place[0][place[1]] = self.random.choice(TEXTS)

    def other_button(self, update: Json) -> None:
        """Press a button that is another's, half of one, or none."""
        place = self.place(update, lambda one: one[1] == "data")
        if place:
            code = self.random.choice(self.codes)
            cut = self.random.randrange(len(code) + 1)
            place[0][place[1]] = self.random.choice(
                (code, code[:cut], code + "9", code[:cut] + "é" + code[cut:], "\x00", ":" * 64)
            )

    def other_number(self, update: Json) -> None:
        """Put another chat, person or message in place of one."""
        place = self.place(update, lambda one: one[1] in ("id", "message_id") and
                           isinstance(one[0][one[1]], int))  # fmt: skip
        if place:
            key = place[1]
            number = self.random.choice(self.numbers) if key == "id" else self.random.randrange(400)
            place[0][key] = number

    def other_time(self, update: Json) -> None:
        """Let it have been sent at another time."""
        place = self.place(update, lambda one: one[1] in ("date", "edit_date"))
        if place:
            place[0][place[1]] = self.random.choice((0, 1, 10**9, 2**31 - 1))

    def edited(self, update: Json) -> None:
        """Let a message be a changed one."""
        if "message" in update:
            update["edited_message"] = update.pop("message")

    def dropped(self, update: Json) -> None:
        """Leave something out."""
        place = self.place(update, lambda one: one[0] is not update)
        if place:
            del place[0][place[1]]

    def retyped(self, update: Json) -> None:
        """Put a value of any kind in place of another."""
        place = self.place(update, lambda one: one[1] != "update_id")
        if place:
            place[0][place[1]] = copy.deepcopy(self.random.choice(UNREADABLE))

    def deepened(self, update: Json) -> None:
        """Nest a value deeply."""
        place = self.place(update, lambda one: one[1] != "update_id")
        if place:
            place[0][place[1]] = nested(self.random.choice(DEPTHS))

    def renamed(self, update: Json) -> None:
        """Let it be of another kind."""
        kind = next((name for name in update if name != "update_id"), None)
        if kind:
            update[self.random.choice(KINDS)] = update.pop(kind)

    def doubled(self, update: Json) -> None:
        """Let it be of two kinds at once; what it holds may be nested too deeply for a copy."""
        kind = next((name for name in update if name != "update_id"), None)
        if kind:
            update[self.random.choice(KINDS)] = update[kind]

    def unnumbered(self, update: Json) -> None:
        """Give it a number that is none."""
        update["update_id"] = copy.deepcopy(self.random.choice(UNREADABLE))

    def emptied(self, update: Json) -> None:
        """Leave nothing but the number."""
        for name in [name for name in update if name != "update_id"]:
            del update[name]


STRANGE: Final = (
    Mutator.other_text, Mutator.other_text, Mutator.other_button, Mutator.other_number,
    Mutator.other_time, Mutator.edited,
)  # fmt: skip
BROKEN: Final = (
    Mutator.dropped, Mutator.dropped, Mutator.retyped, Mutator.retyped, Mutator.retyped,
    Mutator.deepened, Mutator.renamed, Mutator.doubled, Mutator.unnumbered, Mutator.emptied,
    Mutator.other_number, Mutator.other_text,
)  # fmt: skip
