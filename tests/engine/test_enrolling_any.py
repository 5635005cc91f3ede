"""Whatever Anna, a stranger, staff and the clock do in whatever order, these things hold."""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_of_a_clinic import (
    BEN,
    BERLIN,
    CLEO,
    NOW,
    anna,
    messages,
    told,
    yes_stop,
)
from desk_of_a_clinic import turn_of as turn
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine import enrolling, patient_commands
from flows.engine.events import Say
from flows.engine.inputs import CameDue, Commanded, LinkOpened, Pressed, StaffDid, Wrote
from flows.engine.pairing import card_tag
from flows.engine.record import Record, Visit
from flows.engine.stages import EDGES, is_known
from flows.engine.turn import Turn
from flows.schedule import Session

TREATED = Session(1, "mn_rf+inj_lip_eye", NOW - timedelta(days=2), NOW, BERLIN, "lip")
BEFORE = replace(
    anna("invited", session=TREATED, profile={"baseline_redness": 2}),
    visits=(Visit(TREATED, "LOT-77"),),
)
MEDICAL = (
    "microneedling", "RF", "exosome", "inject", "lips", "eye area", "22 Nov", "baseline", "redness",
    "LOT-77", "A7K2",
)  # fmt: skip
"""What a chat could learn of the case: its treatment, area, date, history, lot and code."""

INVITE = "invite"
NEWEST = "newest"
"""Staff press under the newest card."""

PRESSES = [
    "e:agree", "e:agree", "e:decline", "e:reconsider", "e:fact:1+", "e:fact:3-", "e:facts_done",
    "e:facts_done", "e:test", "e:test", "e:language:en", "e:", "x",
    yes_stop(), "s:stop:no", "s:back", "s:pause:3", "s:resume", "s:zone", "s:done",
]  # fmt: skip
INPUTS = st.one_of(
    st.builds(LinkOpened, st.sampled_from([7001, 7001, 7002]), st.just("Anna"), st.just("en")),
    st.builds(Pressed, st.sampled_from(PRESSES), st.integers(1, 3)),
    st.builds(
        Wrote,
        st.sampled_from(["yes", "no", "hello", "done", "I cannot breathe", "start again", "zone"]),
        st.integers(4, 9),
        st.booleans(),
    ),
    st.builds(
        Commanded,
        st.sampled_from(["start", "status", "settings", "privacy", "mydata", "stop", "help"]),
    ),
    st.builds(
        StaffDid,
        st.sampled_from([BEN, CLEO]),
        st.sampled_from(["pair_confirm", "pair_confirm", "pair_refuse"]),
        st.just("A7K2"),
        st.sampled_from([NEWEST, NEWEST, "", "0a1b2c3d"]),
    ),
    st.builds(CameDue, st.sampled_from(["pairing", "invitation"]), st.just("A7K2")),
    st.just(INVITE),
)


def hear(decision: Turn, said: object) -> None:
    """Give an input to whoever takes it."""
    match said:
        case LinkOpened():
            enrolling.link_opened(decision, said)
        case Pressed() if said.code.startswith("s:"):
            patient_commands.settings_pressed(decision, said)
        case Pressed():
            enrolling.pressed(decision, said)
        case Wrote() if decision.patient.stage != "active":
            enrolling.wrote(decision, said)
        case Commanded():
            patient_commands.commanded(decision, said)
        case StaffDid():
            tag = card_tag(decision.patient) if said.option == NEWEST else said.option
            enrolling.staff_decided(decision, replace(said, option=tag))
        case CameDue():
            enrolling.came_due(decision, said)
        case "invite":
            enrolling.invite(decision)


def walk(inputs: list[object]) -> list[tuple[Record, object, Turn]]:
    """Return every step: the record before it, the input, and the decision."""
    record, steps = BEFORE, []
    for minutes, said in enumerate(inputs):
        decision = turn(record, NOW + timedelta(minutes=minutes))
        hear(decision, said)
        steps.append((record, said, decision))
        record = decision.record
    return steps


@settings(max_examples=100, deadline=None)
@given(st.lists(INPUTS, min_size=1, max_size=25))
def test_whatever_happens_an_enrolment_goes_only_where_it_may(inputs):
    for before, said, decision in walk(inputs):
        old, new = before.patient.stage, decision.patient.stage
        assert new == old or new in EDGES[old]
        if old == "pairing" and new == "active":
            assert isinstance(said, StaffDid)
        if new == "active":
            assert decision.patient.consent
            assert decision.patient.chat_id is not None


@settings(max_examples=100, deadline=None)
@given(st.lists(INPUTS, min_size=1, max_size=25))
def test_nothing_medical_is_said_before_staff_confirmed(inputs):
    for before, _, decision in walk(inputs):
        known = is_known(before.patient) or is_known(decision.patient)
        chats = [7001, 7002] if known else ["patient", 7001, 7002]
        texts = [text for chat in chats for text in told(decision.events, chat)]
        assert not [word for word in MEDICAL for text in texts if word in text]
        if not known:
            assert not decision.record.check_ins.keys() - {
                key for key in decision.record.check_ins if key.startswith("report/")
            }


@pytest.mark.hazard("H39")
@settings(max_examples=100, deadline=None)
@given(st.lists(INPUTS, min_size=1, max_size=25))
def test_every_message_is_whole_fits_and_ends_with_the_emergency_number(inputs):
    for _, _, decision in walk(inputs):
        for chat in ("patient", "staff", 7001, 7002):
            found = messages(decision.events, chat)
            for message in found:
                assert "{" not in message.text
                assert 0 < len(message.text) <= 4096
                for key in (key for row in message.keys for key in row):
                    assert key.label
                    assert 0 < len(key.code.encode()) <= 64
            if found and chat != "staff":
                assert "112" in found[-1].text


@settings(max_examples=100, deadline=None)
@given(st.lists(INPUTS, min_size=1, max_size=25))
def test_who_has_a_chat_is_never_left_without_an_answer(inputs):
    for before, said, decision in walk(inputs):
        linked = before.patient.chat_id is not None and before.patient.stage != "active"
        if linked and isinstance(said, Pressed | Wrote | Commanded):
            assert told(decision.events)
        says = [event for event in decision.events if isinstance(event, Say)]
        assert len({say.repeat for say in says}) == len(says)
        if decision.patient.chat_id is None:
            assert not told(decision.events)
