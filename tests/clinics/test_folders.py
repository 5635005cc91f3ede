"""Clinic Sunrise and Clinic Linden on one machine: what each needs, and must not share."""

from pathlib import Path

import pytest
from written_clinic import clinic, register

from bot.clinics.folders import environment
from bot.clinics.running import everything_wrong
from bot.settings import Settings
from storage.sealing import new_key_text


@pytest.fixture(autouse=True)
def _only_files(monkeypatch) -> None:
    """Take settings out of the environment, as the command does."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def refused(folder: Path) -> str:
    """Return what keeps every clinic of a folder out: none may be in service."""
    found = register(folder)
    assert found.in_service == {}
    return "\n".join(everything_wrong(found))


def test_two_clinics_are_found_each_with_its_own_settings(tmp_path) -> None:
    clinic(tmp_path, "sunrise", 1, clinic_timezone="Europe/Berlin")
    clinic(tmp_path, "linden", 2)
    (tmp_path / "notes").mkdir()
    first, second = register(tmp_path).in_service.values()
    assert (first.name, second.name) == ("linden", "sunrise")
    assert (first.settings.clinic_timezone, second.settings.clinic_timezone) == (
        "UTC", "Europe/Berlin",
    )  # fmt: skip


@pytest.mark.hazard("H52")
@pytest.mark.parametrize(
    ("shared", "said"),
    [
        ({"telegram_bot_token": f"9:{'B' * 35}"}, "the same TELEGRAM_BOT_TOKEN"),
        ({"encryption_key": new_key_text()}, "the same ENCRYPTION_KEY"),
        ({"staff_chat_id": -77}, "the same STAFF_CHAT_ID"),
        ({"silent_chat_id": -78}, "the same SILENT_CHAT_ID"),
        ({"listen_port": 8888}, "the same LISTEN_PORT"),
        ({"heartbeat_url": "https://alive.example/1"}, "the same HEARTBEAT_URL"),
        ({"backup_dir": "/srv/backups"}, "the same BACKUP_DIR"),
        ({"backup_dir": "../backups"}, "the same BACKUP_DIR"),
        ({"board_url": "https://board.example.org"}, "the same BOARD_URL host"),
        ({"database_url": "sqlite:////srv/one.db"}, "the same database"),
        ({"database_url": "sqlite:///../one.db"}, "the same database"),
        ({"database_url": "postgresql://ben:x@db.example/one"}, "the same database"),
    ],
)
def test_two_clinics_share_nothing_by_which_they_could_cross(tmp_path, shared, said) -> None:
    clinic(tmp_path, "sunrise", 1, **shared)
    clinic(tmp_path, "linden", 2, **shared)
    sentence = f"linden and sunrise have {said}: each clinic needs its own."
    found = refused(tmp_path)
    assert f"linden: {sentence}" in found
    assert f"sunrise: {sentence}" in found


@pytest.mark.hazard("H52")
def test_one_database_is_one_however_it_is_written(tmp_path) -> None:
    clinic(tmp_path, "sunrise", 1, database_url="postgresql://a:x@db.example/one")
    clinic(tmp_path, "linden", 2, database_url="postgresql://b:y@db.example:5432/one")
    assert "have the same database:" in refused(tmp_path)


@pytest.mark.hazard("H52")
def test_a_role_that_could_read_both_databases_is_refused(tmp_path) -> None:
    clinic(tmp_path, "sunrise", 1, database_url="postgresql://a:x@db.example/one")
    clinic(tmp_path, "linden", 2, database_url="postgresql://a:x@db.example/two")
    assert "have the same database role:" in refused(tmp_path)


@pytest.mark.hazard("H52")
def test_one_folder_of_backups_and_one_board_are_one_however_they_are_written(tmp_path) -> None:
    clinic(
        tmp_path, "sunrise", 1, backup_dir="../kept/", board_url="https://Board.example.org:8443"
    )
    clinic(
        tmp_path, "linden", 2, backup_dir=tmp_path / "kept", board_url="https://board.example.org"
    )
    said = refused(tmp_path)
    assert "linden and sunrise have the same BACKUP_DIR:" in said
    assert "linden and sunrise have the same BOARD_URL host:" in said


def test_each_clinic_may_keep_backups_in_its_own_folder_under_the_same_name(tmp_path) -> None:
    clinic(tmp_path, "sunrise", 1, backup_dir="backups", board_url="https://sunrise.example.org")
    clinic(tmp_path, "linden", 2, backup_dir="backups", board_url="https://linden.example.org")
    assert len(register(tmp_path).in_service) == 2


def test_every_fault_is_said_with_the_clinic_it_is_in(tmp_path) -> None:
    clinic(tmp_path, "sunrise", 1, emergency_number="")
    clinic(tmp_path, "linden", 2, clinic_timezone="Berlin")
    clinic(tmp_path, "Our Clinic", 3)
    clinic(tmp_path, "birch", 4, listen_port=0)
    said = refused(tmp_path)
    assert "sunrise: EMERGENCY_NUMBER is missing" in said
    assert "linden: CLINIC_TIMEZONE: there is no time zone" in said
    assert "Our Clinic: the folder's name may have a to z" in said
    assert "birch: LISTEN_PORT is 0" in said


@pytest.mark.hazard("H52")
def test_a_setting_of_the_environment_reaches_no_clinic() -> None:
    given = {"PATH": "/bin", "ENCRYPTION_KEY": "k", "encryption_key": "k", "DATABASE_URL": "d"}
    assert environment(given) == {"PATH": "/bin"}
