"""Which clinics a folder holds, and whether any two of them share what they must not.

A clinic is a folder with a file `.env`, from which all its settings come, and in which whatever has
a relative path lies. What the environment sets is not read: it would be set for every clinic.

Hazards: H52.
"""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.settings import Settings, SettingsError, settings
from storage.location import sqlite_path
from storage.transaction import StorageError

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
NONE_THERE: Final = (
    "{folder} holds no clinic: make a folder in it for each, with its settings in a file .env. "
    "docs/clinics.md says how."
)
PORT_MISSING: Final = "LISTEN_PORT is 0: choose one, so that its health can be looked at."
SETTINGS: Final = frozenset(name.upper() for name in Settings.model_fields)


@dataclass(frozen=True)
class ClinicFolder:
    """One clinic: its name, which is its folder's, and its settings."""

    name: str
    folder: Path
    settings: Settings


def environment(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return what of an environment a clinic's process gets: all but settings."""
    return {name: value for name, value in given.items() if name.upper() not in SETTINGS}


def clinics_in(directory: Path) -> list[ClinicFolder]:
    """Return every clinic of a folder, by name; the caller has taken settings out of `os.environ`.

    Raises:
        SettingsError: there is none, a setting is wrong or missing, or two share something.
    """
    found, problems = [], []
    for folder in sorted(path.parent for path in directory.glob("*/.env")):
        try:
            clinic = clinic_of(folder)
        except SettingsError as error:
            problems += [f"{folder.name}: {sentence}" for sentence in error.problems]
        else:
            found.append(clinic)
    if not found and not problems:
        problems = [NONE_THERE.format(folder=directory)]
    problems += shared(found)
    if problems:
        raise SettingsError(problems)
    return found


def clinic_of(folder: Path) -> ClinicFolder:
    """Return the clinic of a folder.

    Raises:
        SettingsError: its name or a setting is wrong, or one is missing.
    """
    if NAME.fullmatch(folder.name) is None:
        raise SettingsError(["the folder's name may have a to z, 0 to 9 and hyphens."])
    known = settings(_env_file=folder / ".env")
    if missing := [*known.missing(), *([] if known.listen_port else [PORT_MISSING])]:
        raise SettingsError(missing)
    return ClinicFolder(folder.name, folder, known)


def shared(clinics: Sequence[ClinicFolder]) -> Iterator[str]:
    """Yield a sentence for whatever two clinics share: each of these would let them cross."""
    for what, of in OWN.items():
        users = defaultdict(list)
        for clinic in clinics:
            if value := of(clinic):
                users[value].append(clinic.name)
        for names in users.values():
            if len(names) > 1:
                yield f"{' and '.join(names)} have the same {what}: each clinic needs its own."


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
