"""What a phone shows: words, buttons, files, and the code from the desk."""

import pytest

from bot.demo.phone import event, leads, phone, runs, waiting_code
from bot.standin.styled import Styled

LINK = "https://t.me/aftercheck_demo_bot?start=abc"


@pytest.fixture
def stage(bot):
    return bot.stage


@pytest.fixture
def anna(stage):
    return stage.patients[0]


@pytest.fixture
def ben(stage):
    return stage.staff[0]


def shown(stage, person, chat=None):
    return phone(stage, person, chat or person.chat_with(stage.bot))


def last(stage, person, chat=None):
    return shown(stage, person, chat)["messages"][-1]


def test_a_text_is_cut_where_its_look_changes(stage) -> None:
    bold = {"type": "bold", "offset": 0, "length": 10}
    italic = {"type": "italic", "offset": 5, "length": 5}
    assert runs(Styled("Hello Anna!", (bold, italic)), stage) == [
        {"text": "Hello", "styles": ["bold"]},
        {"text": " Anna", "styles": ["bold", "italic"]},
        {"text": "!"},
    ]


def test_entities_count_utf_16_units(stage) -> None:
    words = Styled("😀😀 /help", ({"type": "bot_command", "offset": 5, "length": 5},))
    assert runs(words, stage) == [{"text": "😀😀 "}, {"text": "/help", "command": "/help"}]


def test_an_empty_text_has_no_pieces(stage) -> None:
    assert runs(Styled(""), stage) == []


@pytest.mark.parametrize(
    ("entity", "look"),
    [
        ({"type": "text_link", "url": "https://e.org/"}, {"link": "https://e.org/"}),
        ({"type": "text_link", "url": LINK}, {"opens": LINK}),
        ({"type": "text_mention", "user": {"id": 1}}, {"styles": ["mention"]}),
        ({"type": "spoiler"}, {"styles": ["spoiler"]}),
    ],
)
def test_a_piece_leads_where_its_entity_says(stage, entity, look) -> None:
    words = Styled("here", ({"offset": 0, "length": 4} | entity,))
    assert runs(words, stage) == [{"text": "here"} | look]


@pytest.mark.parametrize(
    "link",
    ["https://t.me/another_bot?start=abc", "https://e.org/aftercheck_demo_bot?start=abc", "t.me"],
)
def test_only_the_bot_s_own_link_opens_its_chat(stage, link) -> None:
    assert leads(link, stage) == {"link": link}


async def test_buttons_stand_as_they_were_sent(bot, stage, anna) -> None:
    anna.starts(stage.bot)
    rows = [
        [{"text": "Yes", "callback_data": "y", "style": "success"}, {"text": "No", "url": LINK}],
        [{"text": "Site", "url": "https://e.org"}],
    ]
    await bot.call("sendMessage", chat_id=anna.id, text="?", reply_markup={"inline_keyboard": rows})
    assert last(stage, anna)["buttons"] == [
        [{"label": "Yes", "style": "success"}, {"label": "No", "style": "", "opens": LINK}],
        [{"label": "Site", "style": "", "link": "https://e.org"}],
    ]


async def test_replies_edits_and_files_are_shown(bot, stage, anna) -> None:
    anna.starts(stage.bot)
    first = anna.types(anna.chat, "x" * 100)
    anna.types(anna.chat, "and", reply_to=first)
    assert last(stage, anna)["reply"] == {
        "id": first.message_id,
        "by": "Anna",
        "text": "x" * 90 + "…",
    }
    anna.edits(first, "y")
    assert shown(stage, anna)["messages"][1]["edited"]
    anna.sends_document(anna.chat, "letter.pdf", b"%PDF", "application/pdf")
    number = len(bot.world.files.stored) - 1
    assert last(stage, anna)["document"] == {"file": number, "name": "letter.pdf", "size": 4}


def test_times_are_the_clinic_s(stage, anna) -> None:
    anna.starts(stage.bot)
    message = last(stage, anna)
    assert (message["day"], message["time"]) == ("Thursday, 26 November", "10:00")


def test_who_joined_is_told_in_grey(stage, ben) -> None:
    assert last(stage, ben, stage.group)["event"] == "Ben added Aftercheck"
    dora = stage.staff[1]
    stage.group.lets_go(dora)
    assert last(stage, ben, stage.group)["event"] == "Dora left"
    notice = stage.group.world.tell(stage.group, ben, {"new_chat_title": "Team"})
    assert event(notice) == "new chat title"


async def test_a_pinned_message_is_told(bot, stage, ben) -> None:
    message = ben.types(stage.group, "hello")
    stage.group.promotes(stage.bot)
    await bot.call("pinChatMessage", chat_id=stage.group.id, message_id=message.message_id)
    assert last(stage, ben, stage.group)["event"] == "Aftercheck pinned a message"


async def test_the_newest_code_that_nobody_scanned_waits(bot, stage, anna, ben) -> None:
    assert waiting_code(stage) is None
    for token in ("one", "two"):
        text = f"https://t.me/{stage.bot.username}?start={token}"
        await bot.call("sendMessage", chat_id=stage.group.id, text=text)
    assert waiting_code(stage).endswith("=two")
    assert shown(stage, ben)["code"] is None
    anna.opens(shown(stage, anna)["code"])
    assert waiting_code(stage).endswith("=one")
    anna.opens(waiting_code(stage))
    assert waiting_code(stage) is None


def test_what_the_code_says_to_the_bot_is_not_shown_in_the_chat(stage, anna) -> None:
    anna.opens(LINK)
    assert last(stage, anna)["runs"] == [{"text": "/start", "command": "/start"}]


async def test_a_code_behind_a_button_waits_too(bot, stage) -> None:
    markup = {"inline_keyboard": [[{"text": "Open", "url": LINK}]]}
    await bot.call("sendMessage", chat_id=stage.group.id, text="Code", reply_markup=markup)
    assert waiting_code(stage) == LINK


async def test_a_keyboard_in_place_of_the_letters(bot, stage, anna) -> None:
    anna.starts(stage.bot)
    markup = {"keyboard": [["Yes", {"text": "No"}]]}
    await bot.call("sendMessage", chat_id=anna.id, text="?", reply_markup=markup)
    assert shown(stage, anna)["keys"] == [["Yes", "No"]]
