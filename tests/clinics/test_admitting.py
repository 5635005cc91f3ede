"""Sunrise's settings have a mistake: Linden works on, and Sunrise comes once it is mended."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from written_clinic import clinic, register

from bot.clinics import keeping, running
from bot.clinics.health import asked
from bot.clinics.keeping import Kept, keep_all
from bot.clinics.running import run_clinics
from bot.settings import Settings

TOKEN = f"9:{'B' * 35}"


@pytest.fixture(autouse=True)
def _only_files(monkeypatch) -> None:
    """Take settings out of the environment, as the command does."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def change(place: Path, before: str, after: str) -> None:
    """Edit a clinic's file, as whoever mends it does."""
    file = place / ".env"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.hazard("H52")
def test_a_mistake_in_one_clinics_file_keeps_out_that_clinic_only(tmp_path) -> None:
    clinic(tmp_path, "sunrise", 1, clinic_timezone="Berlin")
    clinic(tmp_path, "linden", 2)
    found = register(tmp_path)
    assert list(found.in_service) == ["linden"]
    [said] = found.refused["sunrise"]
    assert said == (
        "CLINIC_TIMEZONE: there is no time zone «Berlin»; write for example Europe/Berlin"
    )


@pytest.mark.hazard("H52")
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("EMERGENCY_NUMBER=", "EMERGENCY_NUMER=", "EMERGENCY_NUMER: is that to be"),
        ("EMERGENCY_NUMBER=112", 'EMERGENCY_NUMBER="112', "line 5 of"),
        ("STAFF_CHAT_ID=-1", "STAFF_CHAT_ID=-1O", "STAFF_CHAT_ID: Input should be a valid integer"),
        ("LISTEN_PORT=8001", "LISTEN_PORT=80011", "LISTEN_PORT: Input should be less than"),
    ],
)  # fmt: skip
def test_a_typing_error_is_said_with_the_line_or_the_name_that_is_meant(
    tmp_path, before, after, said
) -> None:
    change(clinic(tmp_path, "sunrise", 1), before, after)
    clinic(tmp_path, "linden", 2)
    found = register(tmp_path)
    assert list(found.in_service) == ["linden"]
    assert any(said in one for one in found.refused["sunrise"]), found.refused


@pytest.mark.hazard("H52")
def test_a_file_that_is_no_text_keeps_out_its_clinic_only(tmp_path) -> None:
    place = clinic(tmp_path, "sunrise", 1)
    (place / ".env").write_bytes("CLINIC_NAME=Здоровье".encode("utf-16"))
    clinic(tmp_path, "linden", 2)
    found = register(tmp_path)
    assert list(found.in_service) == ["linden"]
    assert found.refused["sunrise"] == (f"{place / '.env'} cannot be read (it is not UTF-8 text).",)


@pytest.mark.hazard("H52")
def test_what_can_be_read_of_a_file_with_a_mistake_still_counts_as_shared(tmp_path) -> None:
    """Nobody knows whose token it is: started with it, Linden might speak to Sunrise's patients."""
    clinic(tmp_path, "sunrise", 1, telegram_bot_token=TOKEN, clinic_timezone="Berlin")
    clinic(tmp_path, "linden", 2, telegram_bot_token=TOKEN)
    clinic(tmp_path, "birch", 3)
    found = register(tmp_path)
    assert [found.admit(folder) for folder in found.folders[1:]] == [None, None], "not later either"
    assert list(found.in_service) == ["birch"]
    assert found.refused["linden"] == (
        "linden and sunrise have the same TELEGRAM_BOT_TOKEN: each clinic needs its own.",
    )


@pytest.mark.hazard("H52")
def test_a_clinic_that_is_mended_into_sharing_stays_out_and_the_other_stays_in(tmp_path) -> None:
    sunrise = clinic(tmp_path, "sunrise", 1, clinic_timezone="Berlin")
    linden = clinic(tmp_path, "linden", 2, telegram_bot_token=TOKEN)
    found = register(tmp_path)
    change(sunrise, "=Berlin", "=Europe/Berlin")
    change(sunrise, f"1:{'A' * 35}", TOKEN)
    assert found.admit(sunrise) is None
    assert "have the same TELEGRAM_BOT_TOKEN" in found.refused["sunrise"][0]
    assert found.admit(linden) is not None, "it was there first, and is started again if it ends"
    change(sunrise, TOKEN, f"1:{'A' * 35}")
    assert found.admit(sunrise) is not None
    assert found.refused == {}


@pytest.mark.hazard("H52")
def test_what_a_clinic_in_service_was_started_with_is_given_to_no_other(tmp_path) -> None:
    """Linden's file is edited while its process runs with what stood there before."""
    sunrise = clinic(tmp_path, "sunrise", 1, clinic_timezone="Berlin")
    linden = clinic(tmp_path, "linden", 2, telegram_bot_token=TOKEN)
    found = register(tmp_path)
    change(linden, TOKEN, f"7:{'C' * 35}")
    change(sunrise, "=Berlin", "=Europe/Berlin")
    change(sunrise, f"1:{'A' * 35}", TOKEN)
    assert found.admit(sunrise) is None


@pytest.mark.hazard("H52")
async def test_a_clinic_whose_file_is_broken_later_says_so_once_its_process_has_ended(
    tmp_path,
) -> None:
    sunrise = clinic(tmp_path, "sunrise", 1)
    found = register(tmp_path)
    change(sunrise, "EMERGENCY_NUMBER=112", "EMERGENCY_NUMBER=")
    assert found.admit(sunrise) is None
    said = await asked(None, Kept(sunrise, found))  # type: ignore[arg-type] - nobody is asked
    assert not said["ok"]
    assert "EMERGENCY_NUMBER is missing" in said["troubles"][0]


@pytest.mark.hazard("H52")
async def test_a_clinic_that_is_mended_is_started_while_the_other_runs(
    tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(keeping, "COMMAND", ("/bin/sleep", "600"))
    monkeypatch.setattr(keeping, "LOOK_AGAIN", timedelta(milliseconds=1))
    place = clinic(tmp_path, "sunrise", 1, clinic_timezone="Berlin")
    clinic(tmp_path, "linden", 2)
    found = register(tmp_path)
    linden, sunrise = (Kept(folder, found) for folder in found.folders)
    stopping = asyncio.Event()
    keeps = asyncio.create_task(keep_all([linden, sunrise], stopping))
    said = ""
    async with asyncio.timeout(20):
        while linden.process is None or said.count("sunrise is not running: ") < 3:
            await asyncio.sleep(0.01)
            said += capsys.readouterr().err
        assert await asked(None, sunrise) == {  # type: ignore[arg-type] - nobody is asked
            "ok": False, "troubles": list(sunrise.refused), "starts": 0,
        }  # fmt: skip
        change(place, "=Berlin", "=Europe/Berlin")
        while sunrise.process is None:  # noqa: ASYNC110 - processes tell nobody of their start
            await asyncio.sleep(0.01)
    stopping.set()
    await keeps
    assert "CLINIC_TIMEZONE: there is no time zone «Berlin»" in said
    assert f"Mend {place / '.env'}; it is read again in" in said
    assert (linden.starts, sunrise.starts, found.refused) == (1, 1, {})


@pytest.mark.hazard("H52")
@pytest.mark.parametrize(
    ("zone", "ends"),
    [
        ("UTC", (None, "Clinics: linden, sunrise.")),
        ("Berlin", (2, "Clinics: linden. Kept out: sunrise.")),
    ],
)
def test_the_command_ends_with_a_code_that_says_whether_one_was_kept_out(
    tmp_path, monkeypatch, capsys, zone, ends
) -> None:
    async def told_to_stop(_kept, _stopping) -> None:
        return

    monkeypatch.setattr(running, "keep_all", told_to_stop)
    clinic(tmp_path, "sunrise", 1, clinic_timezone=zone)
    clinic(tmp_path, "linden", 2)
    code, said = ends
    assert ended(tmp_path) == code
    assert said in capsys.readouterr().err


@pytest.mark.hazard("H52")
def test_where_no_clinic_can_be_started_the_command_ends_at_once_and_says_why(
    tmp_path, capsys
) -> None:
    assert ended(tmp_path) == 2
    assert "holds no clinic: make a folder in it for each" in capsys.readouterr().err
    clinic(tmp_path, "sunrise", 1, clinic_timezone="Berlin")
    clinic(tmp_path, "linden", 2, emergency_number="")
    assert ended(tmp_path) == 2
    said = capsys.readouterr().err
    assert "sunrise: CLINIC_TIMEZONE: there is no time zone" in said
    assert "linden: EMERGENCY_NUMBER is missing" in said


def ended(directory: Path) -> int | None:
    """Run the command, and return with which code it ends; None where all is well."""
    try:
        run_clinics(directory, "127.0.0.1", 0)
    except typer.Exit as end:
        return end.exit_code
    return None
