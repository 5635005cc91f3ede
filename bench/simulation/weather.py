"""What is wrong between the bot and Telegram, drawn anew for each call."""

from random import Random
from typing import Any, Final

from bot.standin.errors import Refusal, too_many
from bot.standin.faults import Fault

KINDS: Final = (
    "too_many", "error", "error_done", "slow", "very_slow", "reset_before", "reset_after",
    "malformed",
)  # fmt: skip
KEPT: Final = 30  # updates that may come a second time
ERRORS: Final = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}


class Weather:
    """The state of the way to Telegram.

    `chance` is how likely a call goes wrong, in one of `kinds`; `is_dark` lets none through.
    `repeats` is how likely an answered poll brings updates that came before.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.chance = 0.0
        self.kinds: tuple[str, ...] = KINDS
        self.repeats = 0.0
        self.is_dark = False
        self.came: list[dict[str, Any]] = []

    def clears(self) -> None:
        """Let everything go right."""
        self.chance, self.kinds, self.repeats, self.is_dark = 0.0, KINDS, 0.0, False

    def fault(self, method: str, chat: int | None) -> Fault | None:
        """Return what goes wrong with a call, if anything does."""
        if self.is_dark:
            return self.dark()
        share = (
            self.chance
            if chat is not None or method == "answerCallbackQuery"
            else (self.chance / 3)
        )
        if share <= 0 or self.random.random() >= share:
            return None
        return self.made(self.random.choice(self.kinds))

    def dark(self) -> Fault:
        """Return how a call goes wrong while none gets through."""
        if self.random.random() < 0.5:
            return Fault("reset_before")
        return Fault("answer", Refusal(502, "Bad Gateway"))

    def made(self, kind: str) -> Fault:
        """Return a fault of a kind."""
        random = self.random
        if kind == "too_many":
            return Fault("answer", too_many(random.randint(1, 40)))
        if kind in ("error", "error_done"):
            code = random.choice(list(ERRORS))
            refusal = Refusal(code, ERRORS[code])
            return Fault("answer", refusal, executed=kind == "error_done")
        if kind in ("slow", "very_slow"):
            seconds = random.uniform(1, 15) if kind == "slow" else random.uniform(21, 90)
            return Fault("slow", seconds=seconds)
        return Fault(kind)  # type: ignore[arg-type]

    def repeated(self, result: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return updates as they come, now and then with some that came before among them."""
        before = list(self.came)
        self.came = [*self.came, *result][-KEPT:]
        if self.repeats and before and self.random.random() < self.repeats:
            again = self.random.sample(before, min(len(before), 3))
            return [*again, *result] if self.random.random() < 0.5 else [*result, *again]
        return result
