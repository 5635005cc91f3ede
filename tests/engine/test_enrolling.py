"""Anna opens the link from the desk, and goes through the steps until staff can look at her."""

import pytest
from desk_of_a_clinic import ANNAS_CHAT, DESK, NOW, anna, buttons, desk_with, of_kind, told
from desk_of_a_clinic import turn_of as turn

from flows.engine.desk import Desk
from flows.engine.enrolling import link_opened, pressed, wrote
from flows.engine.enrolment_steps import consent_version
from flows.engine.events import Change, Did, Drop, Invited, Noted, Plan, Say
from flows.engine.inputs import LinkOpened, Pressed, Wrote
from flows.engine.record import Record
from flows.engine.stages import INVITATION_LIFE
from flows.engine.turn import Turn
from flows.screens import OPEN, TICKED

OPENED = LinkOpened(ANNAS_CHAT, "Anna", "en-GB")
FACTS = {fact.id: place for place, fact in enumerate(DESK.protocol.patient_facts, start=1)}


def press(record: Record, code: str, desk: Desk = DESK) -> Turn:
    decision = turn(record, desk=desk)
    pressed(decision, Pressed(code, 12))
    return decision


def write(record: Record, text: str) -> Turn:
    decision = turn(record)
    wrote(decision, Wrote(text, 13))
    return decision


def opened(desk=DESK, said=OPENED) -> Turn:
    decision = turn(anna("invited"), desk=desk)
    link_opened(decision, said)
    return decision


def two_languages():
    tables = DESK.protocol
    metadata = tables.protocol.model_copy(update={"languages": ("en", "es")})
    return desk_with(tables.model_copy(update={"protocol": metadata}))


def test_anna_opens_the_link_and_is_asked_whether_she_agrees():
    decision = opened()
    patient = decision.patient
    assert (patient.stage, patient.chat_id, patient.name) == ("asked_consent", ANNAS_CHAT, "Anna")
    assert of_kind(decision.events, Invited) == [Invited(ANNAS_CHAT)]
    offered = buttons(decision.events)
    assert list(offered.items())[:2] == [("I agree", "e:agree"), ("No, thank you", "e:decline")]
    assert offered["العربية"] == "e:language:ar"


def test_what_anna_agrees_to_says_what_this_is_not():
    [text] = told(opened().events)
    for said in (
        "not for emergencies", "call 112", "Mon to Fri 9 to 18", "not end-to-end encrypted",
        "/stop", "+49 30 555 0100",
    ):  # fmt: skip
        assert said in text
    assert "draft" not in text.lower()


def test_a_name_over_several_lines_becomes_one():
    said = LinkOpened(ANNAS_CHAT, "Anna\n\nConfirmed by Ben " + "x" * 99, "en")
    name = opened(said=said).patient.name
    assert name.startswith("Anna Confirmed by Ben x")
    assert len(name) == 64


CHOICE = {"English": "e:language:en", "Español": "e:language:es"}


@pytest.mark.parametrize(
    ("app", "language", "said"),
    [("es-MX", "es", "¿Acepta usar este chat?"), ("en", "en", "Do you agree"),
     ("", "en", "Do you agree")],
)  # fmt: skip
def test_anna_is_asked_in_the_language_of_her_chat_app_and_can_change_it(app, language, said):
    decision = opened(two_languages(), LinkOpened(ANNAS_CHAT, "Anna", app))
    assert (decision.patient.language, decision.patient.stage) == (language, "asked_consent")
    [text] = told(decision.events)
    assert said in text
    assert buttons(decision.events).items() > CHOICE.items()


def test_where_her_chat_apps_language_is_not_offered_anna_is_first_asked_which_she_wants():
    decision = opened(two_languages(), LinkOpened(ANNAS_CHAT, "Anna", "de"))
    assert (decision.patient.language, decision.patient.stage) == ("en", "asked_consent")
    assert buttons(decision.events) == CHOICE


def test_anna_chooses_a_language_and_can_change_it_before_she_agrees():
    decision = turn(anna("asked_consent"), desk=two_languages())
    pressed(decision, Pressed("e:language:es", 12))
    assert (decision.patient.language, decision.patient.stage) == ("es", "asked_consent")
    assert "e:language:en" in buttons(decision.events).values()


def test_a_language_that_the_protocol_does_not_claim_is_not_taken():
    decision = press(anna("asked_consent"), "e:language:ru", two_languages())
    assert decision.patient.language == "en"


@pytest.mark.parametrize("words", ["yes", "Yes!", "I agree", "agree.", "YES I AGREE"])
def test_anna_agrees_in_her_own_words(words):
    patient = write(anna("asked_consent"), words).patient
    assert (patient.stage, patient.consented_at) == ("asked_facts", NOW)
    assert patient.consent == consent_version("en")
    assert len(patient.consent) == 8


@pytest.mark.parametrize("words", ["thank you", "maybe", "what is this?", "👍", "done"])
def test_nothing_else_counts_as_agreeing_or_as_a_no(words):
    decision = write(anna("asked_consent"), words)
    assert decision.patient.stage == "asked_consent"
    [text] = told(decision.events)
    assert "Nobody reads what you write here yet" in text
    assert "Do you agree" in text
    assert "Call 112 right away" in text
    assert not of_kind(decision.events, Noted)


def test_the_version_of_the_consent_changes_with_its_words(monkeypatch):
    before = consent_version("en")
    monkeypatch.setattr("flows.engine.enrolment_steps.phrases", lambda _: {"consent": "Other."})
    assert consent_version("en") != before


def test_a_press_changes_the_message_in_place_and_words_bring_a_new_one():
    [changed] = of_kind(press(anna("asked_consent"), "e:agree").events, Change)
    assert changed.message_id == 12
    assert of_kind(write(anna("asked_consent"), "yes").events, Say)


def test_anna_ticks_what_is_true_and_takes_a_tick_back():
    place = FACTS["cold_sores"]
    decision = press(anna("asked_facts"), f"e:fact:{place}+")
    assert decision.patient.ticked == {"cold_sores"}
    assert buttons(decision.events)[f"{TICKED}{place}. Do you get cold sores?"] == (
        f"e:fact:{place}-"
    )
    back = press(decision.record, f"e:fact:{place}-")
    assert back.patient.ticked == frozenset()
    assert buttons(back.events)[f"{OPEN}{place}. Do you get cold sores?"] == f"e:fact:{place}+"


def test_a_double_tap_leaves_the_tick_as_it_was_wanted():
    once = press(anna("asked_facts"), "e:fact:3+").record
    assert press(once, "e:fact:3+").record == once


@pytest.mark.parametrize("code", ["e:fact:0+", "e:fact:99+", "e:fact:x+", "e:fact:", "e:fact:²+"])
def test_a_tick_that_names_no_question_changes_nothing(code):
    assert press(anna("asked_facts"), code).record == anna("asked_facts")


def test_done_stores_every_fact_and_refuses_nobody():
    everything = anna("asked_facts", ticked=frozenset(FACTS), profile={"baseline_redness": 1})
    patient = press(everything, "e:facts_done").patient
    assert patient.stage == "test_message"
    assert patient.profile == {"baseline_redness": 1} | dict.fromkeys(FACTS, True)
    nothing = press(anna("asked_facts"), "e:facts_done").patient
    assert nothing.profile == dict.fromkeys(FACTS, False)


def test_done_can_be_typed():
    assert write(anna("asked_facts"), "done").patient.stage == "test_message"


def test_a_protocol_that_asks_nothing_goes_on_to_the_test():
    desk = desk_with(DESK.protocol.model_copy(update={"patient_facts": ()}))
    decision = turn(anna("asked_consent"), desk=desk)
    pressed(decision, Pressed("e:agree", 12))
    assert decision.patient.stage == "test_message"


@pytest.mark.parametrize("act", [lambda r: press(r, "e:test"), lambda r: write(r, "hello there")])
def test_the_test_is_answered_by_its_button_or_by_any_word(act):
    decision = act(anna("test_message"))
    assert decision.patient.stage == "pairing"
    assert "tell the person at the desk" in told(decision.events)[0]
    assert Plan("pairing", "A7K2", NOW.replace(minute=45)) in decision.events
    assert [drop.kind for drop in of_kind(decision.events, Drop)] == ["invitation"]


def test_the_word_that_answered_the_test_is_kept_and_shown_to_staff():
    decision = write(anna("test_message"), "ok, my eyes water a bit")
    [card] = told(decision.events, "staff")
    assert "They wrote: “ok, my eyes water a bit”" in card
    assert [noted.text for noted in of_kind(decision.events, Noted)] == ["ok, my eyes water a bit"]


@pytest.mark.parametrize(
    ("stage", "code"),
    [
        ("asked_facts", "e:agree"),
        ("test_message", "e:decline"),
        ("pairing", "e:test"),
        ("pairing", "e:fact:1+"),
        ("asked_consent", "e:test"),
        ("declined", "e:agree"),
        ("active", "e:decline"),
        ("asked_consent", "nonsense"),
    ],
)
def test_a_press_that_does_not_fit_the_stage_only_shows_the_present_step(stage, code):
    decision = press(anna(stage), code)
    assert decision.record == anna(stage)
    assert len(told(decision.events)) == 1
    assert not told(decision.events, "staff")


def test_anna_declines_and_staff_hear_that_somebody_has_to_arrange_something_else():
    decision = press(anna("asked_consent"), "e:decline")
    assert decision.patient.stage == "declined"
    assert "call +49 30 555 0100" in told(decision.events)[0]
    assert "A7K2 does not want check-ins" in told(decision.events, "staff")[0]
    assert Did(None, "patient", "declined") in decision.events


def test_anna_changes_her_mind_after_a_no():
    declined = write(anna("asked_consent"), "no").record
    assert declined.patient.stage == "declined"
    again = press(declined, "e:reconsider")
    assert again.patient.stage == "asked_consent"
    assert Plan("invitation", "A7K2", NOW + INVITATION_LIFE) in again.events, "staff hear of it"
