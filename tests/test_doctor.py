"""The doctor names what is wrong, says how to mend it, and touches nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.doctor import account, machine
from bot.doctor.account import of_clock
from bot.doctor.examining import examine
from bot.doctor.findings import Mark, well
from bot.settings import Settings
from bot.standin import World, create_app
from flows.escalation import StaffMember
from flows.protocol_file import bundled, bundled_text, parse_protocol
from flows.signing import signed
from storage.clinic import join, keep_protocol
from storage.exclusive import lock_file
from storage.migrations.upgrade import upgrade_sqlite
from storage.protocol_trials import Signed, sign
from storage.sealing import Keyring, clinic_key, new_key_text
from storage.sqlite import connect, run_now
from storage.transaction import Query

KEY = new_key_text()
SECRET = "s" * 43


@pytest.fixture
async def clinic(tmp_path) -> AsyncIterator[SimpleNamespace]:
    """A clinic where all is well: Ben owns the staff's group, Cleo and the bot are in it."""
    world = World(patience=brief)
    bot, ben, cleo = world.bot("aftercheck_bot"), world.user("Ben"), world.user("Cleo")
    group = world.supergroup("Staff", ben, cleo, bot)
    for person in (ben, cleo):
        person.starts(bot)
    path = tmp_path / "aftercheck.db"
    upgrade_sqlite(path)
    connection = connect(path)
    run_now(connection, clinic_key(Keyring.from_text(KEY)))
    async with TestServer(create_app(world, deliver=False)) as server:
        yield SimpleNamespace(
            world=world, bot=bot, ben=ben, cleo=cleo, group=group, path=path,
            connection=connection, address=str(server.make_url("")).rstrip("/"),
        )  # fmt: skip
    connection.close()


async def brief(woken: asyncio.Event, _seconds: float) -> None:
    """Wait for a poll as long as the other one needs to come back."""
    try:
        await asyncio.wait_for(woken.wait(), 0.3)
    except TimeoutError:
        return


def settings(clinic: SimpleNamespace, **changes: Any) -> Settings:
    given = {
        "telegram_bot_token": clinic.bot.token, "telegram_api_url": clinic.address,
        "database_url": f"sqlite:///{clinic.path}", "encryption_key": KEY,
        "staff_chat_id": clinic.group.id, "emergency_number": "112", "clinic_phone": "+49 30 555",
        "staff_roster": f"{clinic.ben.id}:Ben:nurse, {clinic.cleo.id}:Cleo:admin",
        "heartbeat_url": "https://example.org/alive", "silent_chat_id": -1001,
        "alert_webhook_url": "https://example.org/told",
    } | changes  # fmt: skip
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]


async def findings(clinic: SimpleNamespace, **changes: Any) -> list[str]:
    """Return what the doctor says of what is not well."""
    known = settings(clinic, **changes)
    found = [one async for one in examine(known, datetime.now(UTC))]
    for secret in (known.telegram_bot_token, known.encryption_key, known.webhook_secret):
        text = secret.get_secret_value()
        assert not text or text not in "\n".join(map(str, found))
    assert all(one.mark is Mark.WELL or one.what for one in found)
    return [str(one) for one in found if one.mark is not Mark.WELL]


DRAFT = "! The protocol exosome-aftercare@1.0.0-draft.2 is a draft"


async def test_where_all_is_well_only_the_unsigned_protocol_is_named(clinic) -> None:
    (only,) = await findings(clinic)
    assert only.startswith(DRAFT)


async def test_a_protocol_that_was_signed_on_the_board_is_the_one_in_use(clinic, tmp_path) -> None:
    """Unless the settings name a file that came later; a database that is damaged is said so."""
    text = signed(bundled_text(), "Cleo", date(2026, 11, 2)).replace(".0-draft.2", ".1")
    name = parse_protocol(text, "signed").name
    run_now(clinic.connection, keep_protocol(name, text, datetime.now(UTC)))
    run_now(clinic.connection, sign(Signed(name, bundled().name)))
    known = settings(clinic)
    assert machine.of_protocol(known) == well(f"The protocol {name} is signed by Cleo.")
    own = tmp_path / "own.toml"
    own.write_text(bundled_text().replace("draft.2", "draft.3"), encoding="utf-8")
    assert "draft.3 is a draft" in machine.of_protocol(settings(clinic, protocol_file=own)).what
    clinic.connection.execute("DROP TABLE meta")
    assert machine.of_protocol(known).mark is Mark.DOUBT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[faq]", "The answers for /faq cannot be used: own.toml"),
        (('[faq]\nabout = "laser"\nlanguages = ["en"]\n[[answers]]\nid = "sun"\n'
         'question.en = "Sun?"\nanswer.en = "No."'), "Set FAQ_FILE to a file with about ="),
    ],
)  # fmt: skip
async def test_answers_that_no_patient_would_see_are_named(clinic, tmp_path, text, said) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    assert any(said in one for one in await findings(clinic, faq_file=path))


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ({"heartbeat_url": ""}, "nobody notices when this machine stands still"),
        ({"alert_webhook_url": ""}, "There is no second channel"),
        ({"silent_chat_id": 0}, "The hourly trial from a check-in to an alert is off"),
    ],
)
async def test_a_watchdog_that_is_not_heard_is_doubtful(clinic, left_out, said) -> None:
    first, _draft = await findings(clinic, **left_out)
    assert first.startswith("! ")
    assert said in first


@pytest.mark.hazard("H44")
async def test_where_everything_hangs_on_one_person_it_is_said(clinic) -> None:
    alone = {"staff_roster": f"{clinic.ben.id}:Ben:admin"}
    first, _draft = await findings(clinic, **alone)
    assert first.startswith("✗ Only Ben takes alerts: nobody new can be enrolled")
    first, _draft = await findings(clinic, **alone, single_handed=True)
    assert first.startswith("! A practice of one person (SINGLE_HANDED): only Ben takes alerts.")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"clinic_phone": ""}, "✗ CLINIC_PHONE is missing"),
        ({"encryption_key": ""}, "✗ ENCRYPTION_KEY is missing"),
        ({"encryption_key": "abc"}, "✗ ENCRYPTION_KEY is no key"),
        ({"encryption_key": new_key_text()}, "✗ A data key was wrapped with key"),
        ({"telegram_bot_token": ""}, "! Telegram was not asked"),
        ({"telegram_bot_token": "77:wrong"}, "✗ TELEGRAM_BOT_TOKEN is refused (401 Unauthorized)."),
        ({"telegram_api_url": "http://127.0.0.1:9"}, "✗ The Bot API does not answer (Client"),
        ({"staff_chat_id": -100999}, "✗ The staff's group cannot be found"),
        ({"database_url": "sqlite:////nowhere/x.db"}, "✗ The folder /nowhere is not there"),
        ({"database_url": "mysql://x"}, "✗ DATABASE_URL must look like"),
        ({"protocol_file": "/nowhere.toml"}, "✗ The protocol cannot be used: /nowhere.toml"),
        ({"webhook_url": "https://bot.example/hook", "webhook_secret": SECRET},
         "! WEBHOOK_URL is set, but no webhook at Telegram. Start the bot."),
    ],
)  # fmt: skip
async def test_a_wrong_setting_is_named(clinic, changes, said) -> None:
    found = await findings(clinic, **changes)
    assert any(line.startswith(said) for line in found), found


async def test_privacy_mode_that_is_off_is_bad(clinic) -> None:
    clinic.bot.reads_all = True
    assert "✗ Privacy mode is off" in "\n".join(await findings(clinic))


async def test_a_webhook_while_polling_is_bad_and_another_one_too(clinic) -> None:
    async with ClientSession() as session:
        url = f"{clinic.address}/bot{clinic.bot.token}/setWebhook"
        await (await session.post(url, json={"url": "https://bot.example/old/telegram/2b"})).read()
    assert "✗ A webhook is set at Telegram" in "\n".join(await findings(clinic))
    set_here = {"webhook_url": "https://bot.example/new", "webhook_secret": SECRET}
    assert "✗ The webhook at Telegram is another" in "\n".join(await findings(clinic, **set_here))
    same = {"webhook_url": "https://bot.example/old", "webhook_secret": SECRET}
    assert len(await findings(clinic, **same)) == 1
    clinic.bot.updates.webhook.last_error = "Connection refused"
    clinic.bot.updates.webhook.last_error_at = datetime.now(UTC)
    assert "failed: Connection refused." in "\n".join(await findings(clinic, **same))


@pytest.mark.hazard("H24")
async def test_a_second_poller_is_found_and_no_update_is_confirmed(clinic) -> None:
    clinic.bot.updates.pending.clear()
    other = asyncio.create_task(polls(clinic))
    await asyncio.sleep(0)
    found = "\n".join(await findings(clinic))
    other.cancel()
    assert "✗ Another program fetches this bot's updates." in found


async def polls(clinic: SimpleNamespace) -> None:
    """Fetch updates again and again, as a bot does, whatever the answer."""
    async with ClientSession() as session:
        while True:
            url = f"{clinic.address}/bot{clinic.bot.token}/getUpdates"
            async with session.post(url, json={"timeout": 30}) as answer:
                await answer.read()


async def test_updates_that_wait_are_left_for_the_bot(clinic) -> None:
    waiting = [one.update_id for one in clinic.bot.updates.pending]
    assert waiting
    await findings(clinic)
    assert [one.update_id for one in clinic.bot.updates.pending] == waiting


async def test_a_bot_that_runs_here_is_not_disturbed(clinic, monkeypatch) -> None:
    async def fails(_call: object) -> None:
        raise AssertionError

    monkeypatch.setattr(account, "of_second_poller", fails)
    release = lock_file(clinic.path)
    assert len(await findings(clinic)) == 1
    release()


async def test_the_bots_place_in_the_group_is_looked_at(clinic) -> None:
    clinic.group.promotes(clinic.bot)
    assert "! The bot is an administrator" in "\n".join(await findings(clinic))
    clinic.group.removes(clinic.bot)
    assert "✗ The staff's group cannot be found" in "\n".join(await findings(clinic))


async def test_a_group_with_a_new_number_is_named_with_it(clinic) -> None:
    old = clinic.world.group("Old", clinic.ben, clinic.cleo, clinic.bot)
    new = old.migrate()
    found = "\n".join(await findings(clinic, staff_chat_id=old.id))
    assert f"Set STAFF_CHAT_ID to {new.id}." in found


@pytest.mark.hazard("H43")
async def test_a_private_chat_is_no_staff_chat(clinic) -> None:
    found = await findings(clinic, staff_chat_id=clinic.ben.id)
    assert "✗ STAFF_CHAT_ID is a private chat" in "\n".join(found)


@pytest.mark.hazard("H44")
async def test_dora_who_is_not_in_the_group_or_has_not_started_the_bot_is_named(clinic) -> None:
    dora = clinic.world.user("Dora")
    roster = {"staff_roster": f"{clinic.ben.id}:Ben:admin, {dora.id}:Dora:nurse"}
    assert "✗ Dora (nurse) is not in the staff's group." in "\n".join(
        await findings(clinic, **roster)
    )
    clinic.group.adds(dora)
    assert "✗ Dora (nurse) has not started the bot" in "\n".join(await findings(clinic, **roster))
    dora.starts(clinic.bot)
    assert len(await findings(clinic, **roster)) == 1


@pytest.mark.hazard("H31")
async def test_the_roster_is_the_stored_one_and_a_settings_file_that_says_more_is_named(
    clinic,
) -> None:
    ben = StaffMember(clinic.ben.id, "Ben", "nurse")
    run_now(clinic.connection, join(ben, datetime.now(UTC)))
    said = "\n".join(await findings(clinic))
    assert "! Nobody on the roster is an admin" in said
    assert "✗ Only Ben takes alerts" in said
    assert "! STAFF_ROSTER names Cleo, who is not on the roster" in said


@pytest.mark.hazard("H20")
async def test_a_full_disk_is_bad(clinic, monkeypatch) -> None:
    usage = SimpleNamespace(total=100, used=90, free=10)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _folder: usage)
    assert "✗ 10% of the disk is free." in "\n".join(await findings(clinic))


async def test_a_database_of_a_newer_version_or_none_is_named(clinic) -> None:
    def newer():
        yield Query("UPDATE alembic_version SET version_num = '9999'")

    run_now(clinic.connection, newer())
    assert "✗ The database is at schema 9999" in "\n".join(await findings(clinic))
    fresh = f"sqlite:///{clinic.path.with_name('new.db')}"
    assert "! There is no database yet." in "\n".join(await findings(clinic, database_url=fresh))
    assert not clinic.path.with_name("new.db").exists()


@pytest.mark.parametrize(
    ("seconds", "mark"), [(0, "✓"), (5, "✓"), (5.5, "!"), (-90, "!"), (120.5, "✗"), (-7_200, "✗")]
)
def test_the_clock_is_compared_with_the_servers(seconds, mark) -> None:
    now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert of_clock(now + timedelta(seconds=seconds), now).mark.value == mark
    assert of_clock(None, now).mark is Mark.DOUBT


async def test_something_else_at_the_address_is_said(clinic) -> None:
    app = web.Application()
    async with TestServer(app) as server:
        found = await findings(clinic, telegram_api_url=str(server.make_url("")))
    assert "✗ The Bot API does not answer" in "\n".join(found)
