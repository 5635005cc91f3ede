"""What Telegram says of whoever opened the Mini App, and what nobody else can say."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bench.reliability.mini_apps import ANOTHER, TOKEN, data, let_in
from bot.board.mini_app import NotTelegramError, checked, signature

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def test_the_signature_is_the_one_that_telegram_documents() -> None:
    """Worked out with `openssl dgst -sha256 -mac HMAC` from Telegram's description."""
    fields = {"auth_date": "1", "user": "{}"}
    assert signature(fields, "123:ABC") == (
        "109267b86acb4011405f586faf03814619dd35c4a53c390cb7bddc1a94f2c2d1"
    )


def test_ben_is_who_telegram_says() -> None:
    assert checked(data(5001, NOW), TOKEN, NOW).user_id == 5001


@pytest.mark.hazard("H35")
@pytest.mark.parametrize(
    ("age", "is_let_in"), [(0, True), (300, True), (301, False), (-30, True), (-31, False)]
)
def test_it_is_at_most_five_minutes_old(age, is_let_in) -> None:
    given = data(5001, NOW - timedelta(seconds=age))
    if is_let_in:
        assert checked(given, TOKEN, NOW)
    else:
        with pytest.raises(NotTelegramError):
            checked(given, TOKEN, NOW)


@pytest.mark.hazard("H35")
def test_no_change_of_it_is_let_in() -> None:
    assert let_in(10_000, NOW, Random(7)) == 0  # noqa: S311 - the same each time


@pytest.mark.parametrize(
    "given",
    ["", "hash=", "&&&", "user=%00", "\ud800", "x" * 10_000, "hash=ä&auth_date=1&user={}",
     data(5001, NOW, ANOTHER), data(5001, NOW, auth_date="9" * 400),
     data(5001, NOW, user="[]"), data(5001, NOW, user='{"id": "5001"}'),
     data(5001, NOW, user='{"id": true}'),
     data(5001, NOW, user="[" * 5_000)],
)  # fmt: skip
def test_what_is_not_telegrams_names_nobody(given) -> None:
    with pytest.raises(NotTelegramError):
        checked(given, TOKEN, NOW)


async def test_ben_opens_it_in_telegram_once(clinic) -> None:
    journey = clinic.journey
    given = data(journey.ben.id, journey.clock.now(), journey.bot.token)
    ben, thief = clinic.browser(), clinic.browser()
    status, text = await ben.post("/board/app", data=given)
    assert (status, "<h1>Now</h1>" in text) == (200, True)
    assert (await thief.post("/board/app", data=given))[0] == 403
    assert (await thief.get("/board"))[0] == 401


@pytest.mark.hazard("H35")
async def test_anna_a_patient_who_opens_it_sees_nothing(clinic) -> None:
    journey = clinic.journey
    given = data(journey.anna.id, journey.clock.now(), journey.bot.token)
    assert (await clinic.browser().post("/board/app", data=given))[0] == 403


async def test_forged_data_is_refused_by_the_server_in_the_same_words(clinic) -> None:
    status, text = await clinic.browser().post("/board/app", data="user=1&hash=2")
    assert status == 403
    assert "Send /board to the bot" in text
