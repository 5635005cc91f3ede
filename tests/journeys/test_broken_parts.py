"""A part of the bot fails: what the patients say is heard all the same, or the page says so."""

import logging
from pathlib import Path

import pytest
from clinic import a_journey

from bot import inbox_worker
from storage.transaction import ConflictError, StorageError

MESSAGES = "SELECT state, reason FROM inbox ORDER BY update_id DESC LIMIT 1"


async def test_anna_is_heard_after_her_failure_could_not_be_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk at the wrong moment must not leave her chat without anybody who works on it."""
    async with a_journey(tmp_path) as clinic:
        code = await clinic.enrolled(clinic.anna)
        worker, run = clinic.app.worker, clinic.app.database.run
        left = [StorageError("full", passing=True), ValueError("broken")]

        async def failing(transaction):
            if left:
                raise left.pop()
            return await run(transaction)

        with monkeypatch.context() as broken:
            broken.setattr(worker, "database", type("Failing", (), {"run": staticmethod(failing)}))
            await clinic.writes(clinic.anna, "I cannot breathe")
        assert not left
        assert "a failure could not be counted" in caplog.text
        assert (await clinic.rows(MESSAGES))[0]["state"] == "done"
        assert any("I cannot breathe" in seen.text for seen in clinic.staff_screen())
        assert code


async def test_what_the_database_refuses_is_set_aside_and_the_next_message_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A row that the database never takes is told of, and does not stop the chat for ever."""
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)

        def refused(*_):
            raise ConflictError("a row like this is there already")
            yield

        with monkeypatch.context() as broken:
            broken.setattr(inbox_worker, "work", refused)
            await clinic.writes(clinic.anna, "My lip is numb")
        assert (await clinic.rows(MESSAGES))[0]["state"] == "set_aside"
        assert "could not be read" in clinic.staff_screen()[-1].text
        await clinic.writes(clinic.anna, "I cannot breathe")
        assert any("I cannot breathe" in seen.text for seen in clinic.staff_screen())
