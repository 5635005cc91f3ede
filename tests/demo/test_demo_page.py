"""The page's requests: what a visitor can do, and what they get to see."""

import asyncio

import pytest


async def snapshot(client, **chosen):
    response = await client.get("/demo/state", params=chosen)
    assert response.status == 200
    return await response.json()


@pytest.fixture
def does(client):
    """Let Anna or Ben do something, and return what the page shows then."""

    async def act(person, chat, **deed):
        body = {"person": person.id, "chat": chat.id, **deed}
        response = await client.post("/demo/act", json=body)
        return await response.json()

    return act


@pytest.fixture
def anna(bot):
    return bot.stage.patients[0]


@pytest.fixture
def ben(bot):
    return bot.stage.staff[0]


def words(message) -> str:
    return "".join(run["text"] for run in message["runs"])


async def test_the_answer_to_a_deed_shows_the_bot_s_reaction(bot, does, ben) -> None:
    shown = await does(ben, bot.stage.group, act="types", text="/enrol")
    messages = shown["phones"]["staff"]["messages"]
    assert [words(one) for one in messages[-2:]] == ["/enrol", "What was the treatment?"]
    shown = await does(
        ben, bot.stage.group, act="presses", message=messages[-1]["id"], label="Microneedling"
    )
    assert "photo" in shown["phones"]["staff"]["messages"][-1]
    assert shown["phones"]["patient"]["code"].startswith("https://t.me/aftercheck_demo_bot?start=")


async def test_omar_s_phone_can_be_looked_at(bot, client, anna) -> None:
    omar = bot.stage.patients[1]
    anna.starts(bot.stage.bot)
    anna.types(anna.chat, "My answers")
    shown = await snapshot(client, patient=omar.id)
    assert shown["phones"]["patient"]["name"] == "Omar"
    assert shown["phones"]["patient"]["messages"] == []
    assert (await snapshot(client, patient="nobody"))["phones"]["patient"]["name"] == "Anna"


async def test_ben_has_a_chat_with_the_bot_besides_the_group(bot, client, does, ben) -> None:
    shown = await snapshot(client, staff=ben.id, chat=ben.id)
    assert (shown["phones"]["staff"]["title"], shown["phones"]["staff"]["started"]) == (
        "Aftercheck", False,
    )  # fmt: skip
    await does(ben, ben.chat_with(bot.stage.bot), act="starts")
    assert (await snapshot(client, chat=ben.id))["phones"]["staff"]["started"]


async def test_a_photo_is_a_true_picture_and_is_shown(bot, client, does, anna) -> None:
    anna.starts(bot.stage.bot)
    await bot.settle()
    shown = await does(anna, anna.chat, act="photo")
    photo = shown["phones"]["patient"]["messages"][-1]["photo"]
    assert (photo["width"], photo["height"]) == (160, 120)
    response = await client.get(f"/demo/file/{photo['file']}")
    assert response.content_type == "image/png"
    assert (await response.read()).startswith(b"\x89PNG")


async def test_a_document_is_only_ever_saved(bot, client, anna) -> None:
    anna.starts(bot.stage.bot)
    anna.sends_document(anna.chat, "page.html", b"<script>", "text/html")
    number = len(bot.world.files.stored) - 1
    response = await client.get(f"/demo/file/{number}")
    assert response.headers["Content-Disposition"] == "attachment"
    assert response.content_type == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert (await client.get(f"/demo/file/{number + 1}")).status == 404


async def test_a_reply_names_its_message(bot, does, anna) -> None:
    first = anna.starts(bot.stage.bot)
    shown = await does(anna, anna.chat, act="types", text="why?", reply_to=first.message_id)
    assert shown["phones"]["patient"]["messages"][-2]["reply"]["text"] == "/start"


async def test_keys_in_place_of_letters_can_be_tapped(bot, does, anna, ben) -> None:
    anna.starts(bot.stage.bot)
    await bot.settle()
    markup = {"keyboard": [["Yes"]]}
    await bot.call("sendMessage", chat_id=anna.id, text="?", reply_markup=markup)
    shown = await does(anna, anna.chat, act="taps", label="Yes")
    assert words(shown["phones"]["patient"]["messages"][-2]) == "?"
    assert "no keyboard" in (await does(ben, bot.stage.group, act="taps", label="Yes"))["error"]


@pytest.mark.parametrize(
    "deed",
    [
        {"act": "types", "text": "hello"},
        {"act": "presses", "message": 99, "label": "Yes"},
        {"act": "opens", "link": "https://e.org"},
    ],
)
async def test_what_a_chat_app_does_not_allow_is_refused_with_its_reason(does, anna, deed) -> None:
    assert (await does(anna, anna.chat, **deed))["error"].startswith("Not possible: ")


async def test_nobody_acts_in_somebody_else_s_chat(bot, does, anna, ben) -> None:
    assert "has no chat" in (await does(ben, anna.chat, act="types", text="hello"))["error"]
    assert "has no chat" in (await does(anna, bot.stage.group, act="types", text="hi"))["error"]
    assert "nobody" in (await does(bot.stage.bot, anna.chat, act="types", text="hi"))["error"]


@pytest.mark.parametrize("body", ["", "{}", '{"act": "flies", "person": 1, "chat": 1}'])
async def test_nonsense_is_refused(client, body) -> None:
    headers = {"Content-Type": "application/json"}
    response = await client.post("/demo/act", data=body, headers=headers)
    assert response.status == 400
    assert "error" in await response.json()


@pytest.mark.parametrize("path", ["/demo/act", "/demo/clock"])
async def test_another_site_cannot_act_by_a_form(client, path) -> None:
    response = await client.post(path, data="{}", headers={"Content-Type": "text/plain"})
    assert response.status == 415


async def test_the_clock_moves_to_the_check_in(bot, client, anna) -> None:
    anna.starts(bot.stage.bot)
    await bot.settle()
    await bot.confirm("Ben", bot.stage.group.id, (await ask_ben(bot)), anna.id)
    shown = await snapshot(client)
    assert shown["clock"] == {
        "time": "10:00", "day": "Thursday, 26 November",
        "next": {"what": "check-in", "at": "Fri 27 Nov, 10:00"},
    }  # fmt: skip
    shown = await (await client.post("/demo/clock", json={"minutes": 23 * 60 + 59})).json()
    assert shown["clock"]["next"] == {"what": "check-in", "at": "10:00"}
    shown = await (await client.post("/demo/clock", json={})).json()
    assert shown["clock"]["day"] == "Friday, 27 November"
    assert shown["phones"]["patient"]["messages"][-1]["buttons"]


async def ask_ben(bot) -> int:
    return await bot.send(bot.stage.group.id, "Is it Anna?", [[("Yes, confirm", "x")]])


@pytest.mark.parametrize("minutes", [0, -5, 10**6, "soon"])
async def test_the_clock_only_moves_ahead_and_a_week_at_most(client, minutes) -> None:
    assert (await client.post("/demo/clock", json={"minutes": minutes})).status == 400


async def test_news_arrive_without_asking_again(bot, client, anna) -> None:
    before = await snapshot(client)
    waiting = asyncio.create_task(snapshot(client, since=before["version"]))
    await snapshot(client)
    assert not waiting.done()
    anna.starts(bot.stage.bot)
    after = await asyncio.wait_for(waiting, 5)
    assert after["version"] > before["version"]
    assert words(after["phones"]["patient"]["messages"][0]) == "/start"


async def test_the_answer_to_a_press_stands_over_the_chat(bot, does, ben) -> None:
    bot.alerts[1] = "Fever"
    number = await bot.send(bot.stage.group.id, "Fever", [[("Claim", "claim")]])
    shown = await does(ben, bot.stage.group, act="presses", message=number, label="Claim")
    toast = shown["notices"][-1]
    assert (toast["person"], toast["alert"]) == (ben.id, False)
    assert toast["text"].startswith("Yours.")


async def test_the_page_may_load_nothing_of_others(client) -> None:
    response = await client.get("/")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    page = await response.text()
    assert "http://" not in page
    assert "https://" not in page
    for path in ("style.css", "page.js", "icon.svg"):
        assert (await client.get(f"/demo/static/{path}")).status == 200
