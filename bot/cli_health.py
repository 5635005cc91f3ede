"""`aftercheck health`: asks the bot on this machine whether it does its work; for containers.

Also `python -m bot.cli_health`.
"""

import json
import sys
from http import HTTPStatus
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

from bot.settings import SettingsError, settings

TIMEOUT = 8  # seconds
SICK = 1
"""Exit code of a bot that does not do its work, or does not answer."""


def health() -> None:
    """Say whether the bot on this machine does its work; exit 1 if not."""
    try:
        address = f"http://127.0.0.1:{settings().listen_port}/healthz"
    except SettingsError as error:
        sys.exit(f"{error}")
    try:
        # Without a proxy, even where one is set for the way out.
        with build_opener(ProxyHandler({})).open(address, timeout=TIMEOUT) as answer:
            said = json.load(answer)
    except HTTPError as error:
        with error:
            said = json.load(error) if error.code == HTTPStatus.SERVICE_UNAVAILABLE else {}
    except (URLError, OSError, ValueError) as error:
        sys.exit(
            f"The bot does not answer at {address} ({type(error).__name__}). Start it with "
            f"“aftercheck run”, or look at its log."
        )
    if not said.get("ok"):
        sys.exit(f"The bot is not well: {', '.join(said.get('troubles', ['no health page']))}")
    sys.stdout.write("The bot is well.\n")


if __name__ == "__main__":
    health()
