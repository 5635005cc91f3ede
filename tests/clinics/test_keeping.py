"""How long a clinic's process is waited for before it is started again, and that it is."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clinics import keeping
from bot.clinics.admitting import Register
from bot.clinics.folders import ClinicFolder
from bot.clinics.keeping import LONGEST_PAUSE, STEADY, Kept, keep_all, next_pause
from bot.settings import settings

SECOND = timedelta(seconds=1)


def test_the_pause_doubles_up_to_a_minute_while_starts_come_to_nothing() -> None:
    pauses, pause = [], timedelta()
    for _ in range(8):
        pause = next_pause(pause, SECOND)
        pauses.append(pause.total_seconds())
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize(("ran", "after"), [(STEADY, SECOND), (STEADY - SECOND, LONGEST_PAUSE)])
def test_after_a_minute_of_work_it_is_started_again_at_once(ran, after) -> None:
    assert next_pause(LONGEST_PAUSE, ran) == after


class Admitting(Register):
    """A register that admits everybody: what stands in their files is another test's."""

    def admit(self, folder: Path) -> ClinicFolder:
        return ClinicFolder(folder.name, folder, settings(_env_file=None))


def kept_in(directory: Path, *names: str) -> list[Kept]:
    register = Admitting(tuple(directory / name for name in names))
    return [Kept(folder, register) for folder in register.folders]


@pytest.mark.hazard("H52")
async def test_a_clinic_that_cannot_start_is_tried_again(tmp_path, monkeypatch) -> None:
    """Its process ends at once, each time, until the command is told to stop."""
    monkeypatch.setattr(keeping, "COMMAND", ("/bin/false",))
    monkeypatch.setattr(keeping, "FIRST_PAUSE", timedelta(microseconds=1))
    stopping = asyncio.Event()
    [kept] = kept_in(tmp_path, "sunrise")
    kept.folder.mkdir()
    keeps = asyncio.create_task(kept.keep(stopping))
    while kept.starts < 3:  # noqa: ASYNC110 - processes tell nobody how often they were started
        await asyncio.sleep(0)
    stopping.set()
    await keeps
    assert kept.process is not None
    assert kept.process.returncode is not None, "nothing is left behind"


@pytest.mark.hazard("H52")
async def test_a_clinic_whose_folder_cannot_be_entered_ends_no_other(
    tmp_path, monkeypatch, capsys
) -> None:
    """Sunrise's folder is away for a while; Linden goes on, and Sunrise comes back with it."""
    monkeypatch.setattr(keeping, "COMMAND", ("/bin/sleep", "600"))
    monkeypatch.setattr(keeping, "FIRST_PAUSE", timedelta(milliseconds=1))
    monkeypatch.setattr(keeping, "LONGEST_PAUSE", timedelta(milliseconds=1))
    (tmp_path / "linden").mkdir()
    sunrise, linden = kept_in(tmp_path, "sunrise", "linden")
    stopping = asyncio.Event()
    keeps = asyncio.create_task(keep_all([sunrise, linden], stopping))
    said = ""
    async with asyncio.timeout(20):
        while linden.process is None or said.count("sunrise cannot be started") < 3:
            await asyncio.sleep(0.01)
            assert not keeps.done(), "one clinic's trouble is its own"
            said += capsys.readouterr().err
        (tmp_path / "sunrise").mkdir()
        while sunrise.process is None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    assert "sunrise cannot be started (No such file or directory); again in" in said
    assert (linden.starts, linden.process.returncode) == (1, None)
    stopping.set()
    await keeps
    assert linden.process.returncode is not None, "nothing is left behind"
    assert sunrise.process.returncode is not None
