"""A process that has imported the bot, and makes one that runs it for each line it reads.

Importing, reading the protocol and the red flags take most of a start, so a kill costs a tenth of
what it costs otherwise. What runs is `aftercheck run` in a process of its own, with nothing of
this one but modules and what they keep of the bundled files.
"""

import gc
import os
import signal
import sys

import bot.cli_run  # noqa: F401 - the command imports it only when it runs
from bot.cli import app
from flows.asking import asking
from flows.classify import compiled
from flows.protocol_file import bundled
from flows.redflags import detect


def born() -> int:
    """Start a bot, and return its process's number."""
    number = os.fork()
    if number:
        return number
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # not closed: a socket would get its number
    code = 1
    try:
        app(["run"])
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        os._exit(code)


def main() -> None:
    """Start a bot for every line of stdin, and print its number."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave nothing behind
    asking(compiled(bundled()))
    detect("")
    gc.freeze()
    for _ in sys.stdin:
        print(born(), flush=True)


if __name__ == "__main__":
    main()
