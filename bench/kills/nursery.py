"""A process that has imported the bot, and makes one that runs it for each line it reads.

Importing, reading the protocol and the red flags take most of a start, so a kill costs a tenth of
what it costs otherwise. What runs is the command of a line, `aftercheck run` or another, in a
process of its own, with nothing of this one but modules and what they keep of the bundled files.
A line may name a place in the product's code at which the process kills itself, or a way in which
the product is to be broken.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import bot.cli_run  # noqa: F401 - the command imports it only when it runs
from bench.kills.broken import BREAKS
from bench.kills.points import Spot
from bench.kills.traps import lay, shorten_lease
from bot.cli import app
from flows.asking import asking
from flows.classify import compiled
from flows.protocol_file import bundled
from flows.redflags import detect


class Order(NamedTuple):
    """What a line asks for, as the harness wrote it."""

    words: Sequence[str]
    spot: Sequence[Any] | None
    given: Mapping[str, str]
    lease: float
    broken: str


def born(order: Order) -> int:
    """Start a command, and return its process's number."""
    number = os.fork()
    if number:
        return number
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # not closed: a socket would get its number
    os.dup2(2, 1)  # the numbers of processes go out there
    os.environ.update(order.given)
    code = 1
    try:
        if order.broken:
            BREAKS[order.broken][0]()
        if order.spot is not None:
            lay(Spot(*order.spot))
        if order.lease:
            shorten_lease(order.lease)
        app(order.words)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        os._exit(code)


def main() -> None:
    """Start a command for every line of stdin, and print its number."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave nothing behind
    asking(compiled(bundled()))
    detect("")
    gc.freeze()
    for line in sys.stdin:
        print(born(Order(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
