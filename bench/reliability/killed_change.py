"""Changes the schema in a process that is killed after so many statements, once for each line.

    python -m bench.reliability.killed_change URL

Reads `REVISION STATEMENTS` lines; prints how each process ended: -9 where it was killed, 0 where
the change was complete before. The commit counts as a statement, and is not made.
"""

import asyncio
import os
import signal
import sys

from sqlalchemy import Engine, event

from storage.location import sqlite_path
from storage.migrations.upgrade import upgrade_postgres, upgrade_sqlite
from storage.postgres_connection import connect


def change(url: str, revision: str) -> None:
    """Bring a database to a revision."""
    path = sqlite_path(url)
    if path is not None:
        upgrade_sqlite(path, revision)
    else:
        asyncio.run(upgrade_postgres(lambda: connect(url), revision))


def killed_after(statements: int) -> None:
    """Have this process killed at one of its statements."""
    left = [statements]

    def counted(*_: object) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "after_cursor_execute", counted)
    event.listen(Engine, "commit", counted)


def main() -> None:
    """Serve the lines of stdin."""
    url = sys.argv[1]
    for line in sys.stdin:
        revision, statements = line.split()
        child = os.fork()
        if not child:
            killed_after(int(statements))
            change(url, revision)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
