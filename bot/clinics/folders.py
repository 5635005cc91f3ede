"""A clinic's folder: its settings, what is wrong with them, and what it must not share.

A clinic is a folder with a file `.env`, from which all its settings come, and in which whatever has
a relative path lies. What the environment sets is not read: it would be set for every clinic.

Hazards: H52.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dotenv.parser import parse_stream

from bot.settings import Settings, SettingsError, settings
from storage.location import sqlite_path
from storage.transaction import StorageError

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
PORT_MISSING: Final = "LISTEN_PORT is 0: choose one, so that its health can be looked at."
BAD_NAME: Final = (
    "the folder's name may have a to z, 0 to 9 and hyphens: rename it, and start the command again."
)
UNREADABLE: Final = "{file} cannot be read ({why})."
LINE: Final = "line {number} of {file} cannot be read: write NAME=value."
MISSPELT: Final = "{file} has {written}: is that to be {meant}?"
SHARED: Final = "{names} have the same {what}: each clinic needs its own."
SETTINGS: Final = frozenset(name.upper() for name in Settings.model_fields)


@dataclass(frozen=True)
class ClinicFolder:
    """One clinic: its name, which is its folder's, and its settings.

    Where `problems` says what is wrong, the settings are those that could be read.
    """

    name: str
    folder: Path
    settings: Settings
    problems: tuple[str, ...] = ()


def environment(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return what of an environment a clinic's process gets: all but settings."""
    return {name: value for name, value in given.items() if name.upper() not in SETTINGS}


def folders_in(directory: Path) -> list[Path]:
    """Return the folder of every clinic, by name."""
    return sorted(path.parent for path in directory.glob("*/.env"))


def clinic_of(folder: Path) -> ClinicFolder:
    """Return the clinic of a folder; the caller has taken settings out of `os.environ`."""
    file = folder / ".env"
    problems = [] if NAME.fullmatch(folder.name) else [BAD_NAME]
    try:
        known, wrong = read(file)
    except (OSError, UnicodeError) as error:
        known = settings(_env_file=None, listen_port=0)
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        wrong = [UNREADABLE.format(file=file, why=why)]
    return ClinicFolder(folder.name, folder, known, tuple(problems + wrong))


def read(file: Path) -> tuple[Settings, list[str]]:
    """Return what can be read of a settings file, and a sentence for whatever is wrong with it.

    Raises:
        OSError: the file cannot be opened.
        UnicodeError: it is not UTF-8 text.
    """
    wrong: list[str] = []
    try:
        known = settings(_env_file=file)
    except SettingsError as error:
        wrong += error.problems
        known = settings(_env_file=file, **{name: UNREAD[name] for name in error.names})
    wrong += known.missing()
    if not known.listen_port and not any(one.startswith("LISTEN_PORT") for one in wrong):
        wrong.append(PORT_MISSING)
    return known, [*wrong, *misspelt(file)] if wrong else []


UNREAD: Final = {name: field.default for name, field in Settings.model_fields.items()} | {
    "listen_port": 0
}
"""What a setting is taken to be that cannot be read: shared with nobody."""


def misspelt(file: Path) -> Iterator[str]:
    """Yield a sentence for each line that has no name, or one that is nearly a setting's."""
    with file.open(encoding="utf-8") as lines:
        for line in parse_stream(lines):
            if line.error:
                yield LINE.format(number=line.original.line, file=file)
            elif line.key and line.key.upper() not in SETTINGS:
                for meant in get_close_matches(line.key.upper(), SETTINGS, n=1, cutoff=0.8):
                    yield MISSPELT.format(file=file, written=line.key, meant=meant)


def crossings(clinic: ClinicFolder, others: Iterable[ClinicFolder]) -> Iterator[str]:
    """Yield a sentence for whatever a clinic shares: each of these would let two of them cross."""
    known = [one for one in others if one.name != clinic.name]
    for what, of in OWN.items():
        value = of(clinic)
        sharing = {one.name for one in known if value and of(one) == value}
        if sharing:
            names = " and ".join(sorted({clinic.name, *sharing}))
            yield SHARED.format(names=names, what=what)


def own(clinic: ClinicFolder) -> dict[str, object]:
    """Return what a clinic has for itself, by what it is called."""
    return {what: of(clinic) for what, of in OWN.items()}


def database_of(clinic: ClinicFolder) -> str:
    """Return which database a clinic has, however its address is written."""
    url = clinic.settings.database_url
    try:
        path = sqlite_path(url)
    except StorageError:
        return url
    if path is not None:
        return str((clinic.folder / path).resolve())
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 5432}{parts.path}"


def role_of(clinic: ClinicFolder) -> str:
    """Return by which role a clinic's database is opened, empty for a file."""
    parts = urlsplit(clinic.settings.database_url)
    return f"{parts.hostname}:{parts.port or 5432}:{parts.username}" if parts.username else ""


def backups_of(clinic: ClinicFolder) -> str:
    """Return the folder of a clinic's backups, however it is written; empty where it makes none."""
    folder = clinic.settings.backup_dir
    return "" if folder is None else str((clinic.folder / folder).resolve())


def board_of(clinic: ClinicFolder) -> str:
    """Return the host of a clinic's board: a browser's cookies go by it, whatever the port."""
    return urlsplit(clinic.settings.board_url).hostname or ""


OWN: Final[dict[str, Callable[[ClinicFolder], object]]] = {
    "TELEGRAM_BOT_TOKEN": lambda one: one.settings.telegram_bot_token.get_secret_value(),
    "ENCRYPTION_KEY": lambda one: one.settings.encryption_key.get_secret_value(),
    "database": database_of,
    "database role": role_of,
    "STAFF_CHAT_ID": lambda one: one.settings.staff_chat_id,
    "SILENT_CHAT_ID": lambda one: one.settings.silent_chat_id,
    "LISTEN_PORT": lambda one: one.settings.listen_port,
    "HEARTBEAT_URL": lambda one: one.settings.heartbeat_url,
    "WEBHOOK_SECRET": lambda one: one.settings.webhook_secret.get_secret_value(),
    "BACKUP_DIR": backups_of,
    "BOARD_URL host": board_of,
}
"""What each clinic has to have for itself. A shared heartbeat would hide that one stands still;
in a shared folder of backups each would delete the other's, where their files are called alike."""
