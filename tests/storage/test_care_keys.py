"""A new key takes the old one's place: every patient's key opens with it, nobody is left out."""

import asyncio

import pytest
from cared_for import filled, on, readable, rows, terminal, wrapped_key
from clinic_history import KEY, KEYRING
from one_engine import file_of, on_sqlite

from storage import records, rotating
from storage.opening import open_database
from storage.saving import new_case
from storage.sealing import Keyring, SealError, clinic_key, new_key_text
from storage.transaction import Query

NEW = new_key_text()
NEWER = Keyring.from_text(NEW)


@pytest.fixture
def cared(url, tmp_path, monkeypatch):
    """A clinic with Anna and Berta, and a new key in front of the old one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("ENCRYPTION_KEY", f"{NEW},{KEY}")
    filled(url)
    return url


def test_everything_opens_with_the_new_key_alone(cared) -> None:
    assert on(cared, lambda: records.of_case(KEYRING, "A7K2"))
    result = terminal("keys", "rotate")
    assert result.exit_code == 0
    assert "3 of 3 keys were wrapped with the first key." in result.stdout
    assert "take the others out of ENCRYPTION_KEY" in result.stdout
    for code in ("A7K2", "B2B2"):
        assert on(cared, lambda code=code: records.of_case(NEWER, code))
    assert on(cared, lambda: clinic_key(NEWER))


def test_nothing_opens_with_the_old_key_any_more(cared) -> None:
    assert terminal("keys", "rotate").exit_code == 0
    with pytest.raises(SealError, match="Add the key that was used before"):
        on(cared, lambda: records.of_case(KEYRING, "A7K2"))
    with pytest.raises(SealError, match="Add the key that was used before"):
        on(cared, lambda: clinic_key(KEYRING))


@on_sqlite
def test_the_file_keeps_no_key_that_the_old_one_opens(cared) -> None:
    path = file_of(cared)
    before = wrapped_key(cared)
    assert terminal("keys", "rotate").exit_code == 0
    assert before not in b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


def test_a_second_time_there_is_nothing_to_do(cared) -> None:
    assert terminal("keys", "rotate").exit_code == 0
    before = wrapped_key(cared)
    assert "0 of 3 keys" in terminal("keys", "rotate").stdout
    assert wrapped_key(cared) == before


def test_what_was_stopped_halfway_goes_on_where_it_was(cared, monkeypatch) -> None:
    monkeypatch.setattr(rotating, "BATCH", 1)
    both = Keyring.from_text(f"{NEW},{KEY}")
    first = on(cared, lambda: rotating.rotate(both, ""))
    assert (first.last, first.wrapped) == ("A7K2", 1)
    done = wrapped_key(cared)
    assert "2 of 3 keys" in terminal("keys", "rotate").stdout
    assert wrapped_key(cared) == done
    assert on(cared, lambda: records.of_case(NEWER, "B2B2"))


def test_many_patients_are_gone_through_in_batches(cared, monkeypatch) -> None:
    monkeypatch.setattr(rotating, "BATCH", 2)

    def more():
        from clinic_history import ENDED, case  # noqa: PLC0415 - only here

        for number in range(2, 8):
            yield from new_case(KEYRING, case(f"C{number}D{number}"), ENDED)

    on(cared, more)
    assert "9 of 9 keys" in terminal("keys", "rotate").stdout
    for row in rows(cared, "SELECT code FROM patient"):
        assert on(cared, lambda code=row[0]: records.of_case(NEWER, code))


def test_a_bot_that_knows_only_the_old_key_must_be_stopped_first(cared) -> None:
    async def while_it_runs() -> int:
        bot = await open_database(cared, exclusive=True)
        try:
            result = await asyncio.to_thread(terminal, "keys", "rotate")
        finally:
            await bot.close()
        assert "already running on this database" in result.stderr
        return result.exit_code

    assert asyncio.run(while_it_runs()) == 1
    assert on(cared, lambda: records.of_case(KEYRING, "A7K2"))


def test_a_key_that_is_lost_keeps_nobody_else_and_the_old_key_stays(cared) -> None:
    stranger = Keyring.from_text(new_key_text()).new_data_key()
    on(cared, lambda: set_key("A7K2", stranger))
    result = terminal("keys", "rotate")
    assert result.exit_code == 1
    assert "No key in ENCRYPTION_KEY opens these cases: A7K2. Keep every key" in result.stderr
    assert "take the others out" not in result.stdout
    assert wrapped_key(cared) == stranger
    assert on(cared, lambda: records.of_case(NEWER, "B2B2"))


def set_key(code: str, wrapped: bytes):
    yield Query("UPDATE patient SET wrapped_key = :key WHERE code = :code",
                {"key": wrapped, "code": code})  # fmt: skip


def test_an_erased_patient_gets_no_key_again(cared) -> None:
    on(cared, lambda: set_key("A7K2", b""))
    assert "2 of 2 keys" in terminal("keys", "rotate").stdout
    assert wrapped_key(cared) == b""


def test_without_the_old_key_nothing_is_changed(cared, monkeypatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEY", NEW)
    result = terminal("keys", "rotate")
    assert (result.exit_code, "Add the key that was used before" in result.stderr) == (1, True)
    assert on(cared, lambda: records.of_case(KEYRING, "A7K2"))
    assert readable(cared)


@pytest.mark.usefixtures("cared")
def test_a_key_that_is_none_is_said(monkeypatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEY", "nonsense")
    result = terminal("keys", "rotate")
    assert (result.exit_code, "ENCRYPTION_KEY is no key" in result.stderr) == (2, True)
