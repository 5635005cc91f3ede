"""Anna is a patient of two clinics, with one Telegram account; Ben nurses at one, Cleo at one.

Both clinics are real processes that the real command keeps up.
"""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from two_clinics import alarms, all_well, deployed, until

CANARY = "zebrafish"
STORM = 2_000
LONGEST_ALERT = 5.0
"""Seconds from an answer to its alert (docs/sources.md, alert-latency)."""


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


@pytest.mark.hazard("H52")
async def test_what_anna_says_at_one_clinic_is_nowhere_at_the_other(tmp_path) -> None:
    async with deployed(tmp_path) as (both, [anna]):
        sunrise, linden = both.sunrise, both.linden
        await alarms(anna, sunrise, "S22K")
        anna.types(anna.chat_with(sunrise.bot), f"my {CANARY} itches")
        await until(lambda: any(CANARY in text for text in sunrise.shown()))
        anna.types(anna.chat_with(linden.bot), "/status")
        await until(lambda: "Where things stand" in anna.sees(anna.chat_with(linden.bot))[-1].text)
        assert not any("S22K" in text or CANARY in text for text in linden.shown())
        shown = " ".join(seen.text for seen in anna.sees(anna.chat_with(linden.bot)))
        assert CANARY not in shown
        assert b"S22K" in bytes_of(sunrise.folder)
        assert b"S22K" not in bytes_of(linden.folder)
        linden.staff.adds(sunrise.nurse)
        sunrise.nurse.types(linden.staff, "/open")
        await until(lambda: any("roster can use this" in text for text in linden.shown()))
        linden.nurse.types(linden.staff, "/case S22K")
        await until(lambda: any("no case «S22K»" in text for text in linden.shown()))
        assert not any("Trouble breathing" in text for text in linden.shown())


@pytest.mark.hazard("H52")
async def test_a_clinic_that_dies_comes_back_and_the_other_does_not_notice(tmp_path) -> None:
    async with deployed(tmp_path) as (both, [anna]):
        await all_well(both)
        [sunrise] = processes_in(both.sunrise.folder)
        os.kill(sunrise, signal.SIGKILL)
        assert await alarms(anna, both.linden, "N22K") < LONGEST_ALERT
        await alarms(anna, both.sunrise, "S22K")
        found = await all_well(both)
        assert found["clinics"]["sunrise"]["starts"] == 2
        assert found["clinics"]["linden"]["starts"] == 1


@pytest.mark.hazard("H52")
async def test_a_storm_at_one_clinic_delays_no_alert_of_the_other(tmp_path) -> None:
    async with deployed(tmp_path, people=4) as (both, patients):
        await all_well(both)
        strangers = [both.world.user(f"Zed{number}") for number in range(STORM // 20)]
        for stranger in strangers:
            stranger.starts(both.sunrise.bot)
            for number in range(20):
                stranger.types(stranger.chat_with(both.sunrise.bot), f"hello {number}")
        await until(lambda: both.sunrise.waits() < STORM)
        for number, anna in enumerate(patients):
            took = await alarms(anna, both.linden, f"N{number + 22}K")
            assert took < LONGEST_ALERT
            assert both.sunrise.waits(), "the storm was over before the alert came"


async def test_both_end_in_order_when_the_command_is_told_to(tmp_path) -> None:
    async with deployed(tmp_path) as (both, _people):
        await all_well(both)
        numbers = [*processes_in(both.sunrise.folder), *processes_in(both.linden.folder)]
        assert len(numbers) == 2
        both.command.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(both.command.wait(), 60) == 0
        assert processes_in(both.sunrise.folder) == processes_in(both.linden.folder) == []


def processes_in(folder: Path) -> list[int]:
    """Return the processes that work in a folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if place.resolve() == folder.resolve():
                found.append(int(place.parent.name))
        except OSError:
            continue
    return found
