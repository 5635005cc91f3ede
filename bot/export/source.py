"""Where a file comes from."""

from datetime import datetime
from typing import NamedTuple

from bot.settings import Settings
from storage.sealing import Keyring


class Source(NamedTuple):
    """The clinic's settings, its keys, and when a file is made."""

    settings: Settings
    keyring: Keyring
    now: datetime
