"""A disk that fails while people act; the same code makes the page's figures."""

import pytest

from bench.reliability.disk import damaged, troubled
from bench.reliability.disk_trials import FAULTS, Trial
from bench.reliability.ward import a_ward
from storage.opening import open_database
from storage.sqlite import connect
from storage.transaction import StorageError


@pytest.mark.hazard("H20", "H21")
async def test_nobody_is_shown_a_next_step_for_what_is_not_kept_and_nothing_is_lost() -> None:
    found = await troubled(2, seed=1, advance=lambda _what: None)
    assert set(found) == set(FAULTS)
    for told in found.values():
        assert told.acts
        assert told.false == []
        assert told.lost == []


@pytest.mark.hazard("H22")
async def test_a_damaged_file_is_refused_with_the_way_out_or_patients_are_heard() -> None:
    told = await damaged(30, seed=1, advance=lambda _what: None)
    assert told.refused
    assert told.started
    assert told.false == []
    assert told.other == []


async def test_a_confirmation_that_comes_before_the_keeping_is_noticed() -> None:
    async with a_ward() as ward:
        await ward.enrols(1)
        trial = Trial(ward, None)  # type: ignore[arg-type]
        patient = ward.patients[0]
        trial.acted = {patient.person.id: [ward.bot.updates.next_id]}
        trial.seen = 0
        trial.looks(ward)
        trial.ends(0)
        assert trial.told.false
        assert trial.told.lost


async def test_an_index_that_lost_a_row_is_found_before_the_start(tmp_path) -> None:
    """Its patient would be taken for a stranger."""
    path = tmp_path / "clinic.db"
    await (await open_database(f"sqlite:///{path}")).close()
    connection = connect(path)
    connection.execute("CREATE TABLE note (word TEXT)")
    connection.execute("CREATE INDEX word ON note (word)")
    connection.executemany("INSERT INTO note VALUES (?)", [(f"{n:040}",) for n in range(500)])
    place = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'word'").fetchone()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(path.read_bytes())
    begin = 4096 * (place[0] - 1)
    found = content.index(b"0000", begin)
    content[found + 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(StorageError, match="restore a backup"):
        await open_database(f"sqlite:///{path}", exclusive=True)
