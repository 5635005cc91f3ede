"""The settings of a clinic, written into its folder."""

from pathlib import Path

from bot.clinics.admitting import Register
from bot.clinics.folders import folders_in
from storage.sealing import new_key_text


def clinic(folder: Path, name: str, number: int, **changes: object) -> Path:
    """Write the settings of a clinic."""
    given = {
        "telegram_bot_token": f"{number}:{'A' * 35}", "encryption_key": new_key_text(),
        "staff_chat_id": -number, "staff_roster": "5001:Ben:admin", "emergency_number": "112",
        "clinic_phone": "+49 30 1", "listen_port": 8000 + number,
    } | changes  # fmt: skip
    place = folder / name
    place.mkdir()
    text = "\n".join(f"{key.upper()}={value}" for key, value in given.items())
    (place / ".env").write_text(text, encoding="utf-8")
    return place


def register(folder: Path) -> Register:
    """Return who of a folder's clinics is in service at a first start, and who is not."""
    found = Register(tuple(folders_in(folder)))
    found.admit_all()
    return found
