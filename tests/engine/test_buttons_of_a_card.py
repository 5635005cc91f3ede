"""Ben and Dora press what stands under a card, a list or a digest that says less than Anna has."""

from dataclasses import replace

import pytest
from desk_of_a_clinic import BEN, DORA
from outer_program import OuterProgram
from stories import feverish, finished, wants_a_call, wonders

from flows.engine.cards import card
from flows.engine.events import RefreshCards
from flows.engine.inputs import SentOther, SentPhoto, StaffDid
from flows.verdict import Level


def card_text(program: OuterProgram) -> str:
    """What the newest alert's card says by now."""
    visit = program.record.visit(program.alert.session)
    return card(program.desk, program.alert, visit, program.now).text


def test_contact_on_a_card_that_shows_a_lower_level_counts_for_nothing():
    program = wants_a_call()
    shown = f"follow_up.{program.alert.content}"
    program.write("I can't breathe")
    program.wait(minutes=6)
    events = program.staff("contacted", BEN, option=shown)
    assert program.alert.contacted_at is None
    assert program.toasts()[-1].startswith("New answers came: it is urgent now.")
    assert RefreshCards(program.alert.key) in events
    program.staff("contacted", BEN)
    assert program.alert.contacted_at is not None


@pytest.mark.hazard("H15")
def test_contact_on_a_card_without_what_anna_has_said_since_counts_for_nothing():
    """Ben phones about her fever, and she adds pus meanwhile: as urgent as before, and no less."""
    program = finished(feverish())
    program.staff("claim", BEN)
    shown = f"urgent.{program.alert.content}"
    program.press("Add something")
    program.press("Leaking")
    program.press("Done")
    program.press("Yellow or green pus")
    assert program.alert.level is Level.URGENT
    program.staff("contacted", BEN, option=shown)
    assert program.alert.contacted_at is None
    assert ("notify", program.alert.key) in program.due, "others are told, as ever"
    program.staff("contacted", BEN)
    assert program.alert.contacted_at is not None


def test_what_other_staff_do_meanwhile_is_no_reason_to_read_the_card_again():
    program = feverish()
    shown = f"urgent.{program.alert.content}"
    program.staff("claim", DORA)
    program.staff("resolve", DORA)
    program.staff("contacted", BEN, option=shown)
    assert program.alert.contacted_by == BEN.id


@pytest.mark.parametrize("option", ["", "follow_up"])
def test_a_button_that_names_no_content_counts_while_nothing_has_come(option):
    """As one of a card from before its buttons said what they stand under."""
    program = wants_a_call()
    program.do(StaffDid(BEN, "contacted", program.alert.key, option, -100, 1))
    assert program.alert.contacted_at is not None
    program = wants_a_call()
    program.write("and it itches")
    program.do(StaffDid(BEN, "contacted", program.alert.key, option, -100, 1))
    assert program.alert.contacted_at is None
    assert program.toasts()[-1].startswith("New answers came")


@pytest.mark.hazard("H15")
def test_an_old_digest_closes_nothing_that_was_said_after_it():
    program = wonders()
    shown = f"seen.{program.alert.content}"
    program.write("and it looks uneven")
    assert program.alert.level is Level.WATCH
    program.staff("outcome", option=shown)
    assert program.alert.is_open
    assert program.toasts()[-1].startswith("New answers came: it is watch now.")
    program.staff("outcome", option="seen")
    assert not program.alert.is_open


@pytest.mark.hazard("H15")
@pytest.mark.parametrize("sent", [SentPhoto("file", "unique", 901), SentOther("voice", 901)])
def test_an_old_digest_closes_nothing_under_which_something_more_came(sent):
    """A second photo says nothing new in words, and Ben has seen the first one alone."""
    program = wonders()
    program.do(replace(sent, message_id=900))
    shown = f"seen.{program.alert.content}"
    program.do(sent)
    program.staff("outcome", option=shown)
    assert program.alert.is_open
    assert RefreshCards(program.alert.key) in [event for _, event in program.log]
    assert "Photos and other things that came: 2" in card_text(program)
    program.staff("outcome", option="seen")
    assert not program.alert.is_open


def test_whoever_took_an_alert_hears_once_of_an_album():
    program = feverish()
    program.staff("claim", BEN)
    for number in (900, 901, 902):
        program.do(SentPhoto("file", f"unique {number}", number, "one album"))
    texts = program.staff_texts()
    assert sum("please look at the card again" in text for text in texts) == 1
    assert program.alert.enclosed == 3


@pytest.mark.hazard("H15")
def test_an_outcome_that_was_offered_before_anna_said_more_closes_nothing():
    """Dora presses Resolve on the new card while Ben still has the old one before him."""
    program = feverish()
    program.staff("resolve", BEN)
    shown = f"no_problem.{program.alert.content}"
    program.write("41")
    program.press(program.chat[-1].message.keys[0][0].label)
    program.staff("resolve", DORA)
    program.staff("outcome", BEN, option=shown)
    assert program.alert.is_open


def test_an_old_digest_closes_nothing_that_calls_a_person():
    program = wonders()
    program.write("I can't breathe")
    program.wait(minutes=6)
    assert program.alert.level is Level.URGENT
    program.staff("outcome", option="seen")
    assert program.alert.is_open
