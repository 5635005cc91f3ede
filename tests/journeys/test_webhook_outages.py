"""A clinic with a webhook: Telegram cannot bring what Anna presses, and forgets it."""

import asyncio
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from clinic import Journey, a_journey
from pydantic import SecretStr

from bench.server import NewDatabase, database_server
from bot.standin.webhook import Deliverer
from bot.way_in import webhook_path

AGAIN = "answer once more"
SYMPTOMS = "None of these, but I have symptoms"


@pytest.fixture(scope="module")
def new_database() -> Iterator[NewDatabase]:
    with database_server() as new:
        yield new


class Road:
    """The way from Telegram to the bot, which can be closed."""

    def __init__(self, clinic: Journey) -> None:
        self.clinic = clinic
        self.deliverer = Deliverer(clinic.world, self.post)
        self.is_open = True

    async def post(self, _url: str, body: bytes, headers: dict[str, str]) -> tuple[int, int]:
        if not self.is_open:
            return 0, 0
        app = self.clinic.app
        path = webhook_path(app.settings.webhook_secret.get_secret_value())
        async with (
            TestClient(TestServer(app.web())) as client,
            client.post(path, data=body, headers=headers) as answer,
        ):
            return answer.status, 0

    async def minutes(self, number: int) -> None:
        """Let time pass as it does for a running bot: deliveries, and a look each minute."""
        for _ in range(number):
            for _ in range(6):
                self.clinic.clock.moves(seconds=10)
                await self.deliverer.run_due()
                await self.clinic.settle()
            await self.clinic.app.way_in.look_at_webhook()
            await self.clinic.settle()

    def asked_again(self) -> int:
        log = self.clinic.world.log
        return sum(one.what == "sent" and AGAIN in one.text for one in log)


@asynccontextmanager
async def by_webhook(path: Path, **given):
    """Anna was enrolled and asked; from then on Telegram brings what she presses."""
    async with a_journey(path, **given) as clinic:
        await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        app = clinic.app
        app.settings.webhook_url = "https://bot.example"
        app.settings.webhook_secret = SecretStr("s" * 43)
        await app.way_in.choose()
        road = Road(clinic)
        await road.minutes(2)
        yield road


@pytest.mark.hazard("H02")
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_annas_warning_sign_is_lost_on_the_way_and_she_is_asked_again(
    tmp_path, engine, new_database
) -> None:
    """Nobody here noticed that she pressed: Telegram's own words say that it failed."""
    given = {}
    if engine == "postgres":
        given["database_url"] = await asyncio.to_thread(new_database)
    async with by_webhook(tmp_path, **given) as road:
        anna = road.clinic.anna
        road.is_open = False
        anna.presses(road.clinic.last(anna), "One of these")
        await road.minutes(5)
        assert road.asked_again() == 1, "the way out is open, and her press is forgotten"
        anna.presses(road.clinic.last(anna), "One of these")
        await road.minutes(6)
        assert road.asked_again() == 1, "not again and again while nothing comes through"
        road.is_open = True
        anna.presses(road.clinic.last(anna), SYMPTOMS)
        await road.minutes(3)
        assert road.asked_again() == 2
        await road.minutes(10)
        assert road.asked_again() == 2


@pytest.mark.hazard("H02")
async def test_a_minute_without_a_way_loses_nothing_and_asks_nobody(tmp_path) -> None:
    async with by_webhook(tmp_path) as road:
        anna = road.clinic.anna
        road.is_open = False
        anna.presses(road.clinic.last(anna), SYMPTOMS)
        await road.minutes(1)
        road.is_open = True
        await road.minutes(8)
        assert road.asked_again() == 0
        assert road.clinic.offers(anna, "Done")


async def test_what_a_restart_has_made_up_for_is_not_made_up_for_twice(tmp_path) -> None:
    """Telegram fails for a moment more after the start, until the bot listens."""
    async with by_webhook(tmp_path) as road:
        clinic, anna = road.clinic, road.clinic.anna
        clinic.given |= {"webhook_url": "https://bot.example", "webhook_secret": "s" * 43}
        await clinic.restart(minutes=10)
        assert road.asked_again() == 1
        road.is_open = False
        anna.presses(clinic.last(anna), SYMPTOMS)
        await road.deliverer.run_due()
        await clinic.app.way_in.look_at_webhook()
        road.is_open = True
        await road.minutes(5)
        assert road.asked_again() == 1


@pytest.mark.hazard("H02")
async def test_what_anna_typed_before_her_next_check_in_answers_the_one_before(tmp_path) -> None:
    """Her 39.2 is on its way for an hour, and the next check-in comes meanwhile."""
    async with by_webhook(tmp_path) as road:
        clinic = road.clinic
        for label in (SYMPTOMS, "Fever", "Done"):
            clinic.press_now(clinic.anna, label)
            await road.minutes(1)
        await clinic.until("Tue 09:50")
        road.is_open = False
        clinic.anna.types(clinic.anna.chat, "39.2")
        await clinic.passes(minutes=30)
        assert "Time for your check-in" in clinic.last(clinic.anna).text
        road.is_open = True
        await road.minutes(2)
        assert any("URGENT" in card.text and "39.2" in card.text for card in clinic.cards())
        assert "Please call us now" in clinic.last(clinic.anna).text
