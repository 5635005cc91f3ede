"""Everything enters at one door, and nothing that enters can break it."""

import pytest
from desk_of_a_clinic import BEN, DESK, NOW, SESSION, anna, told, yes_stop
from hypothesis import given, settings
from hypothesis import strategies as some
from outer_program import annas_phone
from stories import asked, berlin

from flows.engine.advance import advance
from flows.engine.events import Change, Say
from flows.engine.inputs import (
    Blocked,
    BotWasDown,
    CameDue,
    Commanded,
    FormerChatSaid,
    LinkOpened,
    PhotoRefused,
    Pressed,
    SentOther,
    SentPhoto,
    SessionAdded,
    StaffDid,
    StaffWrote,
    WasNotDelivered,
    Wrote,
)
from flows.engine.pairing import card_tag
from flows.schedule import Session

STAGES = ("invited", "asked_consent", "asked_facts", "test_message", "pairing", "active",
          "declined", "refused", "stopped")  # fmt: skip
WORDS = some.text(max_size=200)
CODES = some.one_of(
    WORDS,
    some.from_regex(r"[cesa]:[a-z0-9/]{0,12}:[a-z_]{0,8}(\.[0-9+-]{0,3}){0,2}", fullmatch=True),
)
INPUTS = some.one_of(
    some.builds(Pressed, CODES, some.integers(0, 99)),
    some.builds(Wrote, WORDS, some.integers(0, 99), some.booleans()),
    some.builds(SentPhoto, WORDS, WORDS, some.integers(0, 99), WORDS, WORDS),
    some.builds(SentOther, WORDS, some.integers(0, 99)),
    some.builds(Commanded, some.sampled_from(("start", "report", "status", "settings", "privacy",
                                              "mydata", "stop", "help"))),
    some.builds(Blocked, some.booleans()),
    some.builds(LinkOpened, some.integers(1, 9), WORDS, WORDS),
    some.builds(FormerChatSaid, WORDS),
    some.builds(FormerChatSaid, some.just(""), CODES),
    some.builds(StaffDid, some.just(BEN), WORDS, WORDS, WORDS),
    some.builds(StaffWrote, some.just(BEN), WORDS, WORDS),
    some.builds(WasNotDelivered, WORDS, some.sampled_from(("unknown", "blocked", "other"))),
    some.builds(PhotoRefused, WORDS, WORDS, some.sampled_from((None, NOW))),
    some.just(BotWasDown(NOW, NOW)),
    some.builds(CameDue, some.sampled_from(("check_in", "silence", "red_flag", "resend", "again",
                                            "step", "notify", "news", "pause", "pairing",
                                            "invitation")),
                WORDS),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(some.sampled_from(STAGES), some.lists(INPUTS, max_size=6))
def test_no_input_breaks_the_door_at_any_stage(stage, inputs):
    record = anna(stage)
    for said in inputs:
        decision = advance(DESK, record, said, NOW)
        assert decision == advance(DESK, record, said, NOW)
        record = decision.record


def test_who_is_not_followed_yet_is_heard_by_the_enrolment():
    for said in (Pressed("e:agree", 1), Wrote("hello", 2), SentOther("voice", 3)):
        assert told(advance(DESK, anna("asked_consent"), said, NOW).events)


def test_a_photo_of_somebody_not_confirmed_is_noted_and_not_kept():
    decision = advance(DESK, anna("asked_facts"), SentPhoto("f", "u", 3, "", "hi"), NOW)
    assert [event.file_id for event in decision.events if hasattr(event, "file_id")].count("f") == 0


def test_an_old_enrolment_button_opens_no_report():
    program = annas_phone()
    program.do(Pressed("e:test", 1))
    assert "report/1" not in program.record.check_ins


def test_a_city_is_no_report():
    program = annas_phone()
    program.write("zone Lisbon")
    assert program.record.patient.zone == "Europe/Lisbon"


def test_staff_confirm_at_the_same_door():
    record = anna("pairing")
    decision = advance(
        DESK, record, StaffDid(BEN, "pair_confirm", "A7K2", card_tag(record.patient)), NOW
    )
    assert decision.record.patient.stage == "active"


def test_links_and_pairings_come_due_at_the_same_door():
    assert told(advance(DESK, anna("invited"), CameDue("invitation", "A7K2"), NOW).events, "staff")


def test_a_next_session_moves_the_plan_and_anna_hears_of_it():
    program = annas_phone().well_until(berlin(27, 12))
    session = Session(2, SESSION.treatment, program.now, program.now, SESSION.zone, "face")
    program.do(SessionAdded(BEN, session, "L-2"))
    assert "noted your next session" in program.last
    assert program.states()["1/check_in/168"] == "cancelled"
    assert ("check_in", "A7K2:1/check_in/168") not in program.due
    assert program.do(SessionAdded(BEN, session)) == ()


def test_a_session_entered_at_night_is_told_in_the_morning():
    program = annas_phone().well_until(berlin(27, 22))
    count = len(program.chat)
    session = Session(2, SESSION.treatment, program.now, program.now, SESSION.zone, "face")
    program.do(SessionAdded(None, session))
    assert len(program.chat) == count
    program.until(berlin(28, 8, 1))
    assert any("noted your next session" in text for text in program.texts(berlin(28, 8)))


def test_a_session_of_who_has_stopped_is_kept_and_plans_nothing():
    program = asked()
    program.do(Pressed(yes_stop(program.now), 1))
    session = Session(2, SESSION.treatment, program.now, program.now, SESSION.zone, "face")
    program.do(SessionAdded(BEN, session))
    assert len(program.record.visits) == 2
    assert not any(key.startswith("2/") for key in program.record.check_ins)


def test_after_the_last_message_of_a_course_there_is_nothing_to_announce():
    program = annas_phone()
    program.record = anna()
    program.due.clear()
    program.do(CameDue("news", "A7K2:session"))
    assert program.chat == []


@pytest.mark.parametrize("kind", ["check_in", "silence", "red_flag", "resend", "again", "step"])
def test_what_is_due_about_nothing_does_nothing(kind):
    assert annas_phone().do(CameDue(kind, "A7K2:none")) == ()


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("active", Wrote("is somebody there?", 7)),
        ("active", StaffWrote(BEN, "Please drink a lot.")),
        ("active", Commanded("settings")),
        ("test_message", Wrote("hello", 7)),
        ("stopped", Wrote("hello", 7)),
    ],
)
def test_what_is_said_twice_within_one_instant_is_answered_twice(stage, said):
    """A fast phone, or a clock that stands still: the second is not taken for the first."""
    first = advance(DESK, anna(stage), said, NOW, update_id=1)
    second = advance(DESK, first.record, said, NOW, update_id=2)
    keys = [
        {event.repeat for event in decision.events if isinstance(event, (Say, Change))}
        for decision in (first, second)
    ]
    assert all(keys)
    assert not keys[0] & keys[1]
