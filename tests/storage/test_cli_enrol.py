"""Ben enrols at the command line, beside a running bot: what comes out, and how it ends."""

import json
import stat
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import typer
from aiohttp import web
from aiohttp.test_utils import TestServer
from one_engine import file_of, on_sqlite
from typer.testing import CliRunner, Result

from bot import cli_enrol, cli_keys
from bot.own_name import NoNameError, asked_name
from bot.settings import settings
from bot.standin import World, create_app, no_patience
from flows.escalation import StaffMember
from storage import clinic
from storage.exclusive import lock_file
from storage.opening import open_database
from storage.sealing import Keyring, new_key_text
from storage.transaction import Query, Rows, Transaction

app = typer.Typer()
app.command("enrol")(cli_enrol.enrol_patient)
app.command("session")(cli_enrol.add_patient_session)
app.add_typer(cli_keys.app, name="keys")


@pytest.fixture
def shell(url, tmp_path, monkeypatch):
    """A terminal in a folder of its own, with the clinic's settings in its environment."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATABASE_URL": url, "ENCRYPTION_KEY": new_key_text(), "CLINIC_TIMEZONE": "Europe/Berlin",
        "TELEGRAM_BOT_TOKEN": "", "TELEGRAM_API_URL": "http://127.0.0.1:1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    on(url, two_can_be_reached)

    def run(*words: str) -> Result:
        result = CliRunner().invoke(app, words)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


@pytest.fixture
def named(shell, url):
    """The same, after a bot has run on the database once."""
    on(url, lambda: clinic.put("bot_name", "aftercheck_bot"))
    return shell


def two_can_be_reached() -> Transaction[None]:
    """Put Ben and Cleo on the roster, who have pressed Start: else nobody is enrolled."""
    for one in (StaffMember(5001, "Ben", "nurse"), StaffMember(5002, "Cleo", "doctor")):
        yield from clinic.join(one, datetime.now(UTC))
        yield from clinic.reach(one.id, reachable=True)


def on(url, make):
    """Run a transaction on a database, and return what it returns."""
    import asyncio  # noqa: PLC0415 - the test's own loop must not be running

    async def run():
        database = await open_database(url)
        try:
            return await database.run(make)
        finally:
            await database.close()

    return asyncio.run(run())


def rows(url, text: str) -> Rows:
    def find() -> Transaction[Rows]:
        return (yield Query(text))

    return on(url, find)


def test_a_link_as_json(named, url) -> None:
    result = named("enrol", "--treatment", "mn_topical+inj_skin", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert list(found) == ["case", "token", "link", "expires_at"]
    assert found["link"] == f"https://t.me/aftercheck_bot?start={found['token']}"
    assert datetime.fromisoformat(found["expires_at"]) > datetime.now(UTC) + timedelta(hours=71)
    [stored] = rows(url, "SELECT * FROM invitation")
    assert stored["code"] == found["case"]
    assert stored["token_hash"] == sha256(found["token"].encode()).hexdigest()


def test_a_link_for_people_with_its_picture(named, tmp_path) -> None:
    result = named("enrol", "--treatment", "iv", "--case", "a7k2", "--lot", "AB12")
    assert result.exit_code == 0
    link, about, *picture = result.stdout.splitlines()
    assert link.startswith("https://t.me/aftercheck_bot?start=")
    assert about.startswith("Case A7K2. The link works once, until ")
    assert any("█" in line for line in picture)
    file = tmp_path / "A7K2.png"
    assert file.read_bytes().startswith(b"\x89PNG")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_picture_goes_where_it_is_wanted(named, tmp_path) -> None:
    result = named("enrol", "--treatment", "iv", "--json", "--qr", "anna.png")
    assert result.exit_code == 0
    assert json.loads(result.stdout)
    assert (tmp_path / "anna.png").exists()


def test_a_picture_that_cannot_be_written_does_not_hide_the_link(named) -> None:
    result = named("enrol", "--treatment", "iv", "--json", "--qr", "nowhere/anna.png")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["link"]
    assert "nowhere/anna.png cannot be written" in result.stderr


@on_sqlite
def test_it_works_beside_a_running_bot(named, url) -> None:
    release = lock_file(file_of(url))
    assert named("enrol", "--treatment", "iv", "--json").exit_code == 0
    release()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--treatment", "botox"], "There is no treatment «botox»"),
        (["--treatment", "iv", "--area", "nose"], "There is no area «nose»"),
        (["--treatment", "iv", "--session-at", "yesterday"], "«yesterday» is no time"),
        (["--treatment", "iv", "--session-at", "2020-01-01T10:00"], "more than 14 days ago"),
        (["--treatment", "iv", "--session-at", "2999-01-01T10:00Z"], "lies ahead"),
        (["--treatment", "iv", "--case", "O0"], "no case code"),
        (["--treatment", "iv", "--lot", "=1+1"], "A lot number has"),
    ],
)
def test_what_makes_no_sense_ends_with_2_and_a_sentence(named, url, words, sentence) -> None:
    result = named("enrol", *words)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert not rows(url, "SELECT * FROM patient")


def test_a_time_without_a_zone_is_the_clinics(shell) -> None:
    known = settings(_env_file=None)
    at = cli_enrol.moment("2026-11-24T14:30", known, datetime.now(UTC))
    assert at == datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert shell is not None


def test_without_a_key_it_says_which_setting_is_missing(named, monkeypatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEY", "")
    result = named("enrol", "--treatment", "iv")
    assert (result.exit_code, "ENCRYPTION_KEY is missing" in result.stderr) == (2, True)


def test_another_key_than_the_bots_is_refused(named, monkeypatch) -> None:
    named("enrol", "--treatment", "iv", "--json")
    monkeypatch.setenv("ENCRYPTION_KEY", new_key_text())
    result = named("enrol", "--treatment", "iv", "--json")
    assert (result.exit_code, "ENCRYPTION_KEY holds" in result.stderr) == (1, True)


def test_a_protocol_file_that_is_not_there_is_named(named, monkeypatch) -> None:
    monkeypatch.setenv("PROTOCOL_FILE", "missing.toml")
    result = named("enrol", "--treatment", "iv")
    assert (result.exit_code, "missing.toml" in result.stderr) == (2, True)


# The bot's name


def test_without_a_name_or_a_token_it_says_what_to_do(shell, url) -> None:
    result = shell("enrol", "--treatment", "iv")
    assert result.exit_code == 1
    assert "set TELEGRAM_BOT_TOKEN, or start the bot once" in result.stderr
    assert not rows(url, "SELECT * FROM patient")


def test_a_network_that_is_not_there_is_named_and_the_token_is_not(shell, monkeypatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:secret-of-the-bot")
    result = shell("enrol", "--treatment", "iv")
    assert result.exit_code == 1
    assert "Telegram cannot be reached" in result.stderr
    assert "secret" not in result.output


@pytest.fixture
async def address():
    """Where a world with one bot is served, and that bot's token."""
    world = World(lambda: datetime(2026, 11, 24, tzinfo=UTC), patience=no_patience)
    bot = world.bot("aftercheck_bot")
    async with TestServer(create_app(world, deliver=False)) as server:
        yield str(server.make_url("")), bot.token


async def test_the_name_is_asked_of_telegram(address) -> None:
    url, token = address
    known = settings(_env_file=None, telegram_api_url=url, telegram_bot_token=token)
    assert await asked_name(known) == "aftercheck_bot"


async def test_a_token_that_is_none_is_said_to_be(address) -> None:
    url, token = address
    known = settings(_env_file=None, telegram_api_url=url, telegram_bot_token=f"1{token}")
    with pytest.raises(NoNameError, match="knows no bot"):
        await asked_name(known)


async def test_an_answer_that_is_not_telegrams_is_no_traceback(address) -> None:
    _, token = address

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<html>welcome to the hotel</html>")

    hotel = web.Application()
    hotel.router.add_route("*", "/{anything:.*}", page)
    async with TestServer(hotel) as server:
        url = str(server.make_url(""))
        known = settings(_env_file=None, telegram_api_url=url, telegram_bot_token=token)
        with pytest.raises(NoNameError, match="cannot be reached"):
            await asked_name(known)


# The next session, and keys


def test_a_next_session(named, url) -> None:
    before = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    named("enrol", "--treatment", "iv", "--case", "A7K2", "--json", "--session-at", before)
    result = named("session", "a7k2", "--treatment", "iv", "--lot", "AB12", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found == {"case": "A7K2", "session": 2, "stage": "invited", "next_check_in": None}
    assert [row["lot"] for row in rows(url, "SELECT lot FROM session ORDER BY number")] == [
        None, "AB12",
    ]  # fmt: skip


def test_a_next_session_of_a_case_that_is_none(named) -> None:
    result = named("session", "ZZ99", "--treatment", "iv")
    assert (result.exit_code, "no case «ZZ99»" in result.stderr) == (2, True)


def test_a_next_session_in_words(named) -> None:
    before = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    named("enrol", "--treatment", "iv", "--case", "A7K2", "--json", "--session-at", before)
    result = named("session", "A7K2", "--treatment", "iv")
    assert result.stdout == (
        "Session 2 of A7K2 is noted. Next check-in: not planned (the case is invited).\n"
    )


def test_a_new_key_is_a_key() -> None:
    result = CliRunner().invoke(app, ["keys", "new"])
    assert result.exit_code == 0
    assert Keyring.from_text(result.stdout.strip())
