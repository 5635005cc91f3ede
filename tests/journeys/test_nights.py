"""What the clinic finds in the morning: old data gone, a copy that opens, a line in the log."""

from datetime import timedelta
from pathlib import Path

import pytest
from clinic import Journey, a_journey

from storage.cursor import cursor
from storage.transaction import Query

NIGHTS = "SELECT detail FROM action WHERE action = 'night' ORDER BY id"


async def sleeps(clinic: Journey, nights: int = 1) -> None:
    """Let so many nights pass."""
    for _ in range(nights):
        clinic.clock.moves(days=1)
        await clinic.settle()


def copies(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.backup-*Z"))


def whole(folder: Path) -> bytes:
    """Return every byte of the database and its journal."""
    return b"".join(one.read_bytes() for one in folder.glob("clinic.db*"))


async def test_each_night_leaves_a_copy_that_opens_and_of_many_the_newest(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    async with a_journey(tmp_path, backup_dir=folder, backups_kept=3) as clinic:
        await clinic.enrolled(clinic.anna)
        assert not folder.exists()
        await sleeps(clinic, 5)
        found = copies(folder)
        assert len(found) == 3
        assert all(one.stat().st_mode & 0o777 == 0o600 for one in found)
        with cursor(f"sqlite:///{found[-1]}") as rows:
            assert [row[0] for row in rows(Query("SELECT code FROM patient"))] == ["A7K2"]
        said = [row["detail"] for row in await clinic.rows(NIGHTS)]
        assert len(said) == 5
        assert all("backup" in one for one in said)
        noted = await clinic.rows("SELECT detail FROM action WHERE action = 'backup'")
        assert noted[-1]["detail"] == str(found[-1])


async def test_staff_are_told_when_no_copy_can_be_made_and_the_old_ones_stay(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "copies"
    async with a_journey(tmp_path, backup_dir=folder) as clinic:
        await sleeps(clinic, 2)
        kept = copies(folder)
        clinic.app.settings.backup_dir = tmp_path / "clinic.db" / "no folder"
        await sleeps(clinic)
        assert copies(folder) == kept != []
        assert any("No backup could be made" in seen.text for seen in clinic.staff_screen())


async def test_what_is_old_is_gone_in_the_morning_and_a_long_gap_deletes_nothing(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)
        [before] = await clinic.rows("SELECT COUNT(*) AS many FROM inbox")
        clinic.clock.moves(days=40)
        await clinic.settle()
        [after] = await clinic.rows("SELECT COUNT(*) AS many FROM inbox")
        assert after["many"] >= before["many"] > 3, "the clock may be wrong"
        await sleeps(clinic)
        [after] = await clinic.rows("SELECT COUNT(*) AS many FROM inbox")
        assert after["many"] < before["many"]
        said = [row["detail"] for row in await clinic.rows(NIGHTS)]
        assert "keep_updates_days" in said[-1]


async def test_a_case_that_need_not_be_kept_is_erased_and_its_key_swept_away(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path, keep_cases_years=0.01) as clinic:
        await clinic.enrolled(clinic.anna)
        await clinic.enrolled(clinic.omar)
        [anna, _] = await clinic.rows("SELECT wrapped_key FROM patient ORDER BY code")
        await clinic.rewrites(
            "UPDATE session SET ended_at = :later WHERE code <> 'A7K2'",
            later="2026-12-30T00:00:00.000000+00:00",
        )
        await clinic.writes(clinic.anna, "/stop")
        await clinic.presses(clinic.anna, "Yes, stop")
        await sleeps(clinic, 5)
        keys = await clinic.rows("SELECT code, length(wrapped_key) AS size FROM patient")
        assert {row["code"]: row["size"] > 0 for row in keys} == {"A7K2": False, "M4R8": True}
        said = [row["detail"] for row in await clinic.rows(NIGHTS)]
        assert any("cases erased 1" in one and "swept" in one for one in said)
        assert bytes(anna["wrapped_key"]) not in whole(tmp_path)


async def test_before_resume_a_restored_clinic_deletes_and_copies_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    async with a_journey(tmp_path, backup_dir=folder) as clinic:
        await sleeps(clinic)
        await clinic.rewrites("INSERT INTO meta (key, value) VALUES ('frozen', 'now')")
        before = copies(folder)
        await sleeps(clinic, 2)
        assert copies(folder) == before
        await clinic.rewrites("DELETE FROM meta WHERE key = 'frozen'")
        await sleeps(clinic)
        assert len(copies(folder)) == len(before) + 1


@pytest.mark.parametrize("hour", [3, 4])
async def test_the_night_comes_at_half_past_three(tmp_path: Path, hour: int) -> None:
    async with a_journey(tmp_path) as clinic:
        start = clinic.clock.now()
        clinic.clock.reaches(start + timedelta(days=1) - timedelta(hours=10 - hour))
        await clinic.settle()
        assert len(await clinic.rows(NIGHTS)) == (hour == 4)
