"""The power goes while a clinic is at work, and comes back."""

import sqlite3
from pathlib import Path
from random import Random

import pytest

from bench.power import day
from bench.power.disk import Deleted, Flushed, Step, Told, Truncated, Write, library
from bench.power.losses import Disk
from bench.power.run import run
from storage import sqlite

CUTS = 50


@pytest.fixture(autouse=True)
def a_small_clinic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer patients, since each cut opens all that was said until then."""
    monkeypatch.setattr(day, "PATIENTS", 5)
    try:
        library()
    except OSError as error:
        pytest.skip(f"nothing can be put beneath SQLite: {error}")


@pytest.mark.hazard("H18", "H22")
async def test_no_committed_row_is_lost_in_fifty_power_cuts(tmp_path: Path) -> None:
    """No failure in 50 cuts bounds the rate at about 6 %; bench.reliability goes on to 1,000."""
    figures = await run(CUTS, tmp_path)
    assert figures.faults == []
    assert figures.bitten > CUTS / 3, "too little was lost to prove anything"
    assert figures.told > 100


async def test_a_commit_that_is_not_flushed_is_seen_to_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof has teeth: with `synchronous=NORMAL` a commit is told before it is safe."""
    whole = sqlite.configured

    def weaker(connection: sqlite3.Connection, own: str) -> sqlite3.Connection:
        found = whole(connection, own)
        found.execute("PRAGMA synchronous = NORMAL")
        return found

    monkeypatch.setattr(sqlite, "configured", weaker)
    figures = await run(10, tmp_path)
    assert any("was said to be safe" in fault for fault in figures.faults)


def disk_after(*steps: Step) -> Disk:
    disk = Disk()
    for step in steps:
        disk.takes(step)
    return disk


def afterwards(*steps: Step) -> set[tuple[tuple[str, bytes], ...]]:
    """Return all that a hundred cuts after these steps leave behind."""
    random = Random(1)  # noqa: S311 - no secret
    return {tuple(sorted(disk_after(*steps).cut(random).items())) for _ in range(100)}


def test_what_was_flushed_stays_and_the_rest_comes_in_sectors() -> None:
    found = afterwards(Write("a", 0, b"x" * 512), Flushed("a", folder=True), Told(1),
                       Write("a", 512, b"y" * 1024))  # fmt: skip
    contents = {dict(files)["a"] for files in found}
    assert all(one.startswith(b"x" * 512) for one in contents)
    assert {len(one) for one in contents} == {512, 1024, 1536}
    assert b"x" * 512 + bytes(512) + b"y" * 512 in contents, "the first was lost, not the second"


def test_a_deleted_file_may_be_there_again_until_the_folder_was_flushed() -> None:
    made = (Write("a", 0, b"x"), Flushed("a", folder=True), Deleted("a", flushed=False))
    assert afterwards(*made) == {(), (("a", b"x"),)}
    later = (*made, Write("b", 0, b"y"), Flushed("b", folder=True))
    assert afterwards(*later) == {(("b", b"y"),)}


def test_a_file_may_be_as_long_as_it_was() -> None:
    found = afterwards(Write("a", 0, b"xy"), Flushed("a", folder=True), Truncated("a", 1))
    assert found == {(("a", b"xy"),), (("a", b"x"),)}
