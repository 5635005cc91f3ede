"""A press on the board, as the inbox takes it, and the answer that whoever pressed waits for.

It goes the way of a press in the chat: stored, then worked on in its turn, and answered. What it is
called comes from the form that was pressed, so a form that is sent twice is stored once.
"""

import asyncio
from collections import OrderedDict
from hashlib import sha256
from typing import Any, Final

from flows.engine.events import Toast

FAMILY: Final = "board_press"
"""What such an update is called, beside Telegram's own kinds."""

LOWEST: Final = 1 << 62
"""The board's numbers lie below this, below 0: under the trial's, which count microseconds."""

KEPT: Final = 256
"""So many answers are remembered, for a form that is sent twice (own choice)."""


def press_of(user_id: int, code: str, form: str) -> dict[str, Any]:
    """Return a press of a member of staff's as an update; `form` names the form that it came by."""
    proof = sha256(f"{user_id}\n{code}\n{form}".encode(errors="surrogateescape")).digest()
    number = -LOWEST - (int.from_bytes(proof[:8], "big") % LOWEST)
    return {"update_id": number, FAMILY: {"from": user_id, "data": code}}


def is_ours(number: int) -> bool:
    """Whether an update's number is one that Telegram never gives."""
    return number <= -LOWEST


class Answers:
    """The answers to presses, each for whoever waits for it in this process."""

    def __init__(self) -> None:
        self.known: OrderedDict[str, asyncio.Future[Toast]] = OrderedDict()

    def of(self, press: str) -> asyncio.Future[Toast]:
        """Return the answer to a press, now or later; the same one to all who ask."""
        if press not in self.known:
            self.known[press] = asyncio.get_running_loop().create_future()
            while len(self.known) > KEPT:
                self.known.popitem(last=False)
        return self.known[press]

    def answer(self, press: str, toast: Toast) -> None:
        """Give the answer to whoever waits; where nobody does, the page shows what came of it."""
        waiting = self.known.get(press)
        if waiting is not None and not waiting.done():
            waiting.set_result(toast)
