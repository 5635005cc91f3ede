"""Anna is looked after, and opens a link on a new account: Ben says whether that is her."""

from dataclasses import replace

import pytest
from desk_of_a_clinic import ANNAS_CHAT, BEN, DESK, anna, of_kind, told
from outer_program import OuterProgram
from pseudo_language import speaks, translated  # noqa: F401 - fixtures
from stories import asked, berlin, gets_a_link, is_confirmed, is_refused, open_levels

from bot.newcomers import OTHER, PHOTO
from flows.engine.advance import Decision, advance
from flows.engine.events import Noted, Say
from flows.engine.inputs import CameDue, LinkOpened, NewcomerSaid, StaffDid
from flows.engine.pairing import card_tag
from flows.verdict import Level

NEW = 7002
OPENED = LinkOpened(NEW, "Anna", "en")


def moving() -> OuterProgram:
    """Anna was asked on her old account, and has opened the link on the new one."""
    program = asked()
    gets_a_link(program)
    program.do(OPENED)
    return program


def said(program: OuterProgram, text: str, chat: int = NEW, note: str = "") -> Decision:
    """Somebody writes in the new chat."""
    heard = NewcomerSaid(chat, text, 3, note)
    decision = advance(program.desk, program.record, heard, program.now)
    program.do(heard)
    return decision


@pytest.mark.hazard("H05", "H06")
def test_the_chat_of_before_goes_on_until_ben_confirms_the_new_one():
    program = moving()
    assert program.record.patient.chat_id == ANNAS_CHAT
    assert "is this the person in front of you, with a new account?" in program.staff_texts()[-1]
    program.press("All good")
    assert "We understood" in program.last


def test_the_first_of_two_new_chats_hears_that_its_link_is_over():
    """Nobody has confirmed it, and the second takes its place: it learns nothing of either."""
    program = moving()
    decision = advance(DESK, program.record, LinkOpened(7003, "Omar", "en"), program.now)
    assert decision.record.patient.moving_to == 7003
    [text] = told(decision.events, NEW)
    assert text.startswith("This link does not work any more.")
    assert "A7K2" not in text
    again = advance(DESK, program.record, OPENED, program.now)
    assert not any("does not work" in one for one in told(again.events, NEW))


@pytest.mark.hazard("H05")
def test_once_confirmed_the_case_is_in_the_new_chat_and_the_old_one_is_closed():
    program = moving()
    tag = card_tag(program.record.patient)
    decision = advance(
        DESK, program.record, StaffDid(BEN, "pair_confirm", "A7K2", tag), program.now
    )
    patient = decision.record.patient
    assert (patient.chat_id, patient.name, patient.moving_to) == (NEW, "Anna", None)
    assert patient.stage == "active"
    [closed] = told(decision.events, ANNAS_CHAT)
    assert "this one is closed" in closed
    assert "Ben confirmed the patient's new chat" in told(decision.events, "staff")[0]
    repeats = [event.repeat for event in decision.events if isinstance(event, Say)]
    assert len(repeats) == len(set(repeats)), "of two with one key one is never sent"
    shown = told(decision.events)
    assert shown[0].startswith("The team has made sure")
    assert shown[-1].startswith("In case this did not reach you:"), "the question that is open"


@pytest.mark.hazard("H06")
def test_refused_the_new_chat_is_let_go_and_nothing_changes_for_anna():
    program = moving()
    before = program.record.patient
    is_refused(program)
    assert program.record.patient == replace(before, moving_to=None, moving_name="")
    assert ("pairing", "A7K2") not in program.due
    program.press("All good")
    assert "We understood" in program.last


@pytest.mark.hazard("H06")
def test_a_card_about_another_chat_decides_nothing():
    program = moving()
    old = StaffDid(BEN, "pair_confirm", "A7K2", card_tag(program.record.patient))
    program.do(LinkOpened(7003, "Omar", "en"))
    program.do(old)
    assert program.record.patient.chat_id == ANNAS_CHAT
    assert program.record.patient.moving_to == 7003


def test_the_new_chat_learns_nothing_and_hears_what_to_do():
    program = asked()
    decision = advance(DESK, program.record, OPENED, program.now)
    [text] = told(decision.events, NEW)
    assert text.startswith("Thank you, Anna. Now please tell the person at the desk.")
    assert told(decision.events) == []
    nameless = advance(DESK, program.record, LinkOpened(NEW, "", "en"), program.now)
    assert told(nameless.events, NEW)[0].startswith("Thank you. Now please")
    assert "shows no name" in told(nameless.events, "staff")[0]


def test_staff_are_asked_again_until_somebody_decides():
    program = moving()
    count = len(program.staff_texts())
    program.wait(minutes=16)
    assert len(program.staff_texts()) == count + 1
    is_confirmed(program)
    assert ("pairing", "A7K2") not in program.due


@pytest.mark.hazard("H47")
def test_a_warning_sign_in_the_new_chat_calls_a_person_at_once():
    program = moving()
    decision = said(program, "I cannot breathe")
    assert Level.URGENT in open_levels(program)
    [text] = told(decision.events, NEW)
    assert "112" in text
    assert "24 Nov" not in text, "nobody knows yet whether it is Anna"
    [say] = [one for one in decision.events if isinstance(one, Say) and one.to == NEW]
    assert say.lane == 0


@pytest.mark.hazard("H25", "H47")
@pytest.mark.parametrize("note", ["", PHOTO, OTHER])
def test_a_sign_that_the_protocol_names_under_a_photo_in_the_new_chat_calls_a_person(note):
    """The model weighs too little of so few letters, so they have to be the whole caption."""
    program = moving()
    said(program, "Siente que se muere", note=note)
    assert Level.URGENT in open_levels(program) or Level.EMERGENCY in open_levels(program)


@pytest.mark.usefixtures("translated")
@pytest.mark.parametrize("note", [PHOTO, OTHER])
def test_what_came_without_words_is_said_in_the_language_of_the_staff_and_kept_in_english(note):
    program = moving()
    decision = said(program, "", note=note)
    assert f"⟧\n“⟦{note}⟧”" in program.staff_texts()[-2]
    assert [one.text for one in of_kind(decision.events, Noted)] == [note]
    decision = said(program.wait(seconds=1), "my arm", note=note)
    assert f"“my arm ⟦{note}⟧”" in program.staff_texts()[-2]


def test_other_words_in_the_new_chat_are_shown_to_staff():
    program = moving()
    decision = said(program, "is anybody there?")
    assert "is anybody there?" in program.staff_texts()[-2]
    assert told(decision.events, NEW)[0].startswith("We are showing your words")
    assert open_levels(program) == []


def test_a_command_in_the_new_chat_shows_what_to_do():
    decision = said(moving(), "/report")
    assert told(decision.events, NEW)[0].startswith("Thank you, Anna.")


@pytest.mark.hazard("H47")
def test_words_that_begin_with_a_slash_in_the_new_chat_are_words():
    """Anna hits the key for commands first: what follows is no command that the bot has."""
    program = moving()
    said(program, "/my throat is closing and I cannot breathe")
    assert Level.URGENT in open_levels(program)
    assert "“/my throat is closing and I cannot breathe”" in program.staff_texts()[-2]


def test_a_chat_that_was_let_go_is_not_heard():
    program = moving()
    assert said(program, "hello", 7003).events == ()


def test_a_new_link_in_a_doubt_forgets_the_chat_that_waited():
    program = moving()
    program.record = program.record.with_patient(doubted_at=program.now)
    gets_a_link(program)
    assert program.record.patient.moving_to is None
    assert program.record.patient.stage == "invited"


def test_a_doubt_ends_with_the_new_chat_that_is_confirmed():
    program = moving()
    program.record = program.record.with_patient(doubted_at=program.now)
    program.due["doubt", "A7K2"] = berlin(27, 9)
    is_confirmed(program)
    assert program.record.patient.doubted_at is None
    assert ("doubt", "A7K2") not in program.due


def test_whoever_has_stopped_stays_so_in_the_new_chat():
    record = anna("stopped", moving_to=NEW, moving_name="Anna")
    tag = card_tag(record.patient)
    program = OuterProgram(record)
    decision = advance(DESK, record, StaffDid(BEN, "pair_confirm", "A7K2", tag), program.now)
    assert (decision.record.patient.stage, decision.record.patient.chat_id) == ("stopped", NEW)
    assert told(decision.events) == []
    assert told(decision.events, NEW)[0].startswith("You have stopped this chat")
    again = advance(DESK, record, CameDue("pairing", "A7K2"), program.now)
    assert "with a new account?" in told(again.events, "staff")[0]
