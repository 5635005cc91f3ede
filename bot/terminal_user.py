"""Who sits at the command line, as the audit trail names them."""

import os
from pwd import getpwuid

from flows.engine.events import Did


def at_terminal(action: str, detail: str = "") -> Did:
    """Return an act of whoever runs this program from a terminal."""
    return Did(None, terminal_name(), action, detail=detail)


def terminal_name() -> str:
    """Return `command line (anna)`; behind sudo also who asked for it, `(root for anna)`."""
    asked_by = os.environ.get("SUDO_USER", "")
    return f"command line ({user()}{f' for {asked_by[:40]}' if asked_by else ''})"


def user() -> str:
    """Return the operating system's user: its name, or its number where it has none.

    What the environment says is not asked, since whoever runs the program writes it.
    """
    try:
        return getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
