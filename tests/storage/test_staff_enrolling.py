"""Ben enrols Anna in the chat: in one line or with buttons, and who gets to see the link."""

import re
from datetime import timedelta

import pytest
from staff_office import BEN, CLEO, DORA, GROUP, NOW, Desk, open_desk

LINE = "/enrol mn_topical+inj_skin face 13:30 lot=AB12"


@pytest.fixture
async def desk(database) -> Desk:
    return await open_desk(database)


async def test_one_line_enrols_and_the_link_goes_to_ben_alone(desk) -> None:
    link, note = await desk.types(BEN, LINE)
    assert (link.chat, link.method) == (BEN.id, "qr")
    assert link.payload["link"] in link.text
    assert note.chat == GROUP
    assert "sent to you privately" in note.text
    assert "t.me" not in note.text
    assert link.slot == f"enrolment:{link.code}"
    visit = (await desk.case(link.code)).visits[0]
    assert (visit.session.ended_at, visit.lot) == (NOW - timedelta(minutes=30), "AB12")


async def test_a_caption_of_a_link_fits_under_a_picture(desk) -> None:
    for who in (BEN, DORA):
        link, *_ = await desk.types(who, LINE)
        assert len(link.text) <= 1000


async def test_dora_who_cannot_be_reached_gets_it_in_the_group(desk) -> None:
    [link] = await desk.types(DORA, LINE)
    assert link.chat == GROUP
    assert "press Start: https://t.me/aftercheck_bot" in link.text


async def test_asked_for_in_private_it_is_answered_there_once(desk) -> None:
    [link] = await desk.types(DORA, LINE, chat=DORA.id)
    assert link.chat == DORA.id


async def test_a_line_that_is_not_understood_gets_an_example_and_no_case(desk) -> None:
    [message] = await desk.types(BEN, "/enrol mn_topicl face")
    assert message.text.startswith("I did not understand «mn_topicl».")
    assert "mn_topical face 14:30 lot=AB12" in message.text
    assert not await desk.rows("SELECT * FROM patient")


async def test_one_message_makes_one_link_also_when_it_is_edited(desk) -> None:
    await desk.types(BEN, LINE, number=9)
    [message] = await desk.types(BEN, LINE + "3", number=9)
    assert message.text.startswith("A link was made for this message already")
    assert len(await desk.rows("SELECT * FROM patient")) == 1


async def test_a_corrected_line_is_taken(desk) -> None:
    await desk.types(BEN, "/enrol mn_topicl face", number=9)
    link, _ = await desk.types(BEN, "/enrol mn_topical face", number=9)
    assert link.method == "qr"


# With buttons


async def pressed(desk: Desk, keys: dict, label: str, who=BEN) -> dict:  # type: ignore[no-untyped-def, type-arg]
    """Press the button with this label; return the buttons of the changed message."""
    [code] = [code for name, code in keys.items() if label in name]
    _, messages = await desk.presses(who, code)
    [changed] = [one for one in messages if one.method == "editMessageText"]
    assert changed.payload["message_id"] == 77
    return changed.keys | {"": changed.text}


async def up_to_the_link(desk: Desk) -> dict:  # type: ignore[type-arg]
    [first] = await desk.types(BEN, "/enrol")
    keys = await pressed(desk, first.keys, "Microneedling + topical")
    keys = await pressed(desk, keys, "Face/skin")
    keys = await pressed(desk, keys, "Next")
    keys = await pressed(desk, keys, "Face (usual)")
    return await pressed(desk, keys, "1 h ago")


async def test_buttons_lead_to_the_link(desk) -> None:
    keys = await up_to_the_link(desk)
    assert "Microneedling + topical exosomes + Face/skin injection" in keys[""]
    assert "ended Tue 24 Nov, 13:00" in keys[""]
    toast, messages = await desk.presses(BEN, keys["Make the link"])
    assert toast == "Sent to your private chat."
    link, changed = messages
    assert (link.chat, link.method) == (BEN.id, "qr")
    assert "sent to you privately" in changed.text
    assert not changed.keys
    session = (await desk.case(link.code)).visits[0].session
    assert (session.treatment, session.area) == ("mn_topical+inj_skin", "face")
    assert session.ended_at == NOW - timedelta(hours=1)


async def test_a_double_tap_makes_one_case(desk) -> None:
    code = (await up_to_the_link(desk))["Make the link"]
    await desk.presses(BEN, code)
    toast, messages = await desk.presses(CLEO, code)
    assert toast.startswith("A link was made for this message already")
    assert not messages
    assert len(await desk.rows("SELECT * FROM patient")) == 1


async def test_a_late_press_does_not_bring_the_steps_back(desk) -> None:
    keys = await up_to_the_link(desk)
    await desk.presses(BEN, keys["Make the link"])
    _, messages = await desk.presses(BEN, keys["Back"])
    assert not messages


async def test_two_quick_ticks_of_one_button_are_one(desk) -> None:
    [first] = await desk.types(BEN, "/enrol")
    keys = await pressed(desk, first.keys, "IV infusion")
    again = await pressed(desk, first.keys, "IV infusion")
    assert keys == again


async def test_two_ticks_of_one_instant_are_both_shown(desk) -> None:
    """Two people press under the same message, and the last state stands there."""
    [first] = await desk.types(BEN, "/enrol")
    codes = [code for name, code in first.keys.items() if "IV" in name or "Face/skin" in name]
    shown = [
        await desk.presses(who, code, after=0) for who, code in zip((BEN, CLEO), codes, strict=True)
    ]
    assert [len(messages) for _, messages in shown] == [1, 1]


async def test_two_lots_answered_in_one_instant_are_both_confirmed(desk) -> None:
    enrolled = [await desk.enrols() for _ in range(2)]
    said = [await desk.answers(BEN, "AB12", f"enrolment:{one.code}:1") for one in enrolled]
    assert [len(messages) for _, messages in said] == [1, 1]


async def test_next_without_a_treatment_goes_nowhere(desk) -> None:
    [first] = await desk.types(BEN, "/enrol")
    toast, messages = await desk.presses(BEN, first.keys["Next"])
    assert toast == "Tick at least one treatment."
    assert not messages


async def test_stop_takes_the_buttons_away(desk) -> None:
    [first] = await desk.types(BEN, "/enrol")
    _, [changed] = await desk.presses(BEN, first.keys["Stop"])
    assert changed.text.startswith("Nobody was enrolled.")
    assert not changed.keys


async def test_a_button_left_for_weeks_is_refused_in_a_sentence(desk) -> None:
    code = (await up_to_the_link(desk))["Make the link"]
    desk.now += timedelta(days=15)
    toast, messages = await desk.presses(BEN, code)
    assert "more than 14 days ago" in toast
    assert len(toast) <= 200
    assert not messages


async def test_a_button_of_another_protocol_is_too_old(desk) -> None:
    code = (await up_to_the_link(desk))["Make the link"]
    toast, messages = await desk.presses(BEN, code[:-4] + "0000")
    assert toast.startswith("This button is of another list")
    assert not messages


# /link, /session, the lot


async def test_a_new_link_for_a_case(desk) -> None:
    enrolled = await desk.enrols()
    link, note = await desk.types(BEN, f"/link {enrolled.code.lower()}")
    assert link.payload["link"] != enrolled.link
    assert note.text.startswith(f"{enrolled.code} has a new link; older ones no longer work")
    assert "t.me" not in note.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/link", "/link A7K2"), ("/link ZZ99", "no case «ZZ99»"),
        ("/session", "/session A7K2 mn_topical"), ("/session ZZ99 iv", "no case «ZZ99»"),
        ("/case", "/case A7K2"), ("/case ZZ99", "no case «ZZ99»"),
    ],
)  # fmt: skip
async def test_a_command_that_lacks_something_says_what(desk, text, words) -> None:
    [message] = await desk.types(BEN, text)
    assert words in message.text


async def test_a_next_session_in_one_line(desk) -> None:
    enrolled = await desk.enrols()
    facts = {"stage": "active", "chat_id": 7001, "confirmed_by": BEN.id}
    await desk.saves(enrolled.code, lambda record: record.with_patient(**facts))
    desk.now += timedelta(days=28)
    messages = await desk.types(BEN, f"/session {enrolled.code} mn_topical+inj_skin face")
    to_anna, to_staff = sorted(messages, key=lambda one: -one.chat)
    assert to_anna.chat == 7001
    assert to_staff.text.startswith(f"{enrolled.code}: session 2 is noted. The patient is asked")
    assert to_staff.slot == f"enrolment:{enrolled.code}:2"


async def test_a_session_that_nobody_is_asked_about_says_so(desk) -> None:
    enrolled = await desk.enrols()
    desk.now += timedelta(days=3)
    [message] = await desk.types(BEN, f"/session {enrolled.code} mn_topical")
    assert "⚠️ No check-in goes out: the case is at «invited»" in message.text


async def test_ben_answers_the_link_with_the_lot(desk) -> None:
    enrolled = await desk.enrols(lot="AB12")
    taken, [message] = await desk.answers(BEN, " CD34 ", f"enrolment:{enrolled.code}")
    assert taken
    assert message.text == f"{enrolled.code}, session 1: lot CD34 is noted. It was AB12 before."
    assert (await desk.case(enrolled.code)).visits[0].lot == "CD34"


async def test_an_answer_that_is_no_lot_is_not_noted(desk) -> None:
    enrolled = await desk.enrols()
    taken, [message] = await desk.answers(BEN, "thanks a lot!", f"enrolment:{enrolled.code}")
    assert taken
    assert re.match("A lot number has", message.text)
    assert not (await desk.case(enrolled.code)).visits[0].lot


async def test_an_answer_to_another_message_is_not_taken(desk) -> None:
    assert await desk.answers(BEN, "AB12", "case:A7K2") == (False, [])


async def test_ben_notes_a_lot_by_the_case_long_after_the_enrolment(desk) -> None:
    enrolled = await desk.enrols(lot="AB12")
    desk.now += timedelta(days=28)
    await desk.types(BEN, f"/session {enrolled.code} mn_topical")
    [message] = await desk.types(BEN, f"/lot {enrolled.code.lower()} cd34")
    assert message.text == f"{enrolled.code}, session 2: lot CD34 is noted."
    [message] = await desk.types(BEN, f"/lot {enrolled.code} 1 EF 56")
    assert message.text == f"{enrolled.code}, session 1: lot EF 56 is noted. It was AB12 before."
    assert [one.lot for one in (await desk.case(enrolled.code)).visits] == ["EF 56", "CD34"]


@pytest.mark.parametrize(("words", "answer"), [
    ("", "Write the case code and the lot, like /lot A7K2 AB12."),
    ("{code}", "Write the case code and the lot, like /lot A7K2 AB12."),
    ("{code} 7 AB12", "{code} has no session 7."),
    ("{code} 9999999999999999999 AB12", "{code}, session 1: lot 9999999999999999999 AB12 is"),
    ("ZZZZ AB12", "There is no case «ZZZZ»."),
    ("{code} thanks", "A lot number has up to 40"),
])  # fmt: skip
async def test_a_lot_that_cannot_be_noted_says_why(desk, words, answer) -> None:
    code = (await desk.enrols()).code
    [message] = await desk.types(BEN, f"/lot {words.format(code=code)}")
    assert message.text.startswith(answer.format(code=code))
