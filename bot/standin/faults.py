"""Faults on order: a script makes the next matching calls go wrong in a chosen way."""

from dataclasses import dataclass
from typing import Literal

from bot.standin.errors import Refusal, too_many

Kind = Literal["answer", "slow", "reset_before", "reset_after", "malformed"]


@dataclass(frozen=True)
class Fault:
    """One way to go wrong.

    `answer`: the refusal, instead of the call. `reset_before`: the connection breaks and the
    call is not carried out. `reset_after`, `malformed`: it is carried out, and the answer lost.
    `slow`: it is carried out, and the answer comes `seconds` later.
    """

    kind: Kind
    refusal: Refusal | None = None
    seconds: float = 0.0
    executed: bool = False


@dataclass
class Order:
    """A fault, which calls it strikes, and how many more of them."""

    fault: Fault
    method: str | None
    chat: int | None
    times: int
    skip: int

    def strikes(self, method: str, chat: int | None) -> bool:
        """Whether this call is one of those; counts it when it is."""
        if self.method not in (None, method) or self.chat not in (None, chat):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times == 0:
            return False
        self.times -= 1
        return True


class Faults:
    """The script. `method` and `chat` left out match every call; orders are tried in turn."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    def too_many(
        self, seconds: int, method: str | None = None, chat: int | None = None,
        *, times: int = 1, skip: int = 0,
    ) -> None:  # fmt: skip
        """Answer 429 with `retry_after`."""
        self.add(Fault("answer", too_many(seconds)), method, chat, times, skip)

    def refuses(  # noqa: PLR0913 - what to answer, and to which calls
        self, refusal: Refusal, method: str | None = None, chat: int | None = None,
        *, times: int = 1, skip: int = 0, executed: bool = False,
    ) -> None:  # fmt: skip
        """Answer with this refusal; `executed`: after carrying the call out all the same."""
        self.add(Fault("answer", refusal, executed=executed), method, chat, times, skip)

    def server_error(  # noqa: PLR0913 - as above
        self, code: int = 502, method: str | None = None, chat: int | None = None,
        *, times: int = 1, skip: int = 0, executed: bool = False,
    ) -> None:  # fmt: skip
        """Answer 5xx, as when Telegram is down; the call may have been carried out."""
        names = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
        refusal = Refusal(code, names.get(code, "Gateway Timeout"))
        self.add(Fault("answer", refusal, executed=executed), method, chat, times, skip)

    def breaks(
        self, kind: Kind, method: str | None = None, chat: int | None = None,
        *, times: int = 1, skip: int = 0,
    ) -> None:  # fmt: skip
        """Break the connection or the answer: `reset_before`, `reset_after`, `malformed`."""
        self.add(Fault(kind), method, chat, times, skip)

    def slow(
        self, seconds: float, method: str | None = None, chat: int | None = None,
        *, times: int = 1, skip: int = 0,
    ) -> None:  # fmt: skip
        """Answer `seconds` after having carried the call out."""
        self.add(Fault("slow", seconds=seconds), method, chat, times, skip)

    def add(
        self, fault: Fault, method: str | None, chat: int | None, times: int, skip: int
    ) -> None:
        """Put an order at the end of the script."""
        self.orders.append(Order(fault, method and method.lower(), chat, times, skip))

    def clear(self) -> None:
        """Let everything go right again."""
        self.orders.clear()

    def take(self, method: str, chat: int | None) -> Fault | None:
        """Return the fault that strikes this call, if any, and count it."""
        for order in self.orders:
            if order.strikes(method.lower(), chat):
                return order.fault
        return None
