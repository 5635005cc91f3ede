"""Every button that Anna can ever see fits 64 bytes and is read back as it was meant."""

import pytest
from desk_of_a_clinic import DESK

from flows.asking import TREND
from flows.conversation import State, Tap
from flows.engine.buttons import (
    ButtonError,
    Meaning,
    changes_nothing,
    code_of,
    flags_of,
    meaning_of,
)

PROTOCOL = DESK.protocol
KEY = "12/check_in/8760"


def taps() -> list[Tap]:
    """Every tap there is."""
    plain = ["all_good", "symptoms", "one_of_these", "go_on", "done", "back", "change", "more",
             "call_me"]  # fmt: skip
    found = [Tap(action) for action in plain]
    found += [Tap("tick", option=symptom.id) for symptom in PROTOCOL.symptoms]
    found += [Tap("flag", option=one.id) for one in flags_of(PROTOCOL).options]
    found += [
        Tap("done", option=one.id) for one in PROTOCOL.question_by_id[TREND].options
    ]  # fmt: skip
    for question in PROTOCOL.questions:
        options = [one.id for one in question.options] or ["yes", "no", "not_measured"]
        found += [Tap("answer", question.id, option) for option in options]
    return found


@pytest.mark.hazard("H42")
@pytest.mark.parametrize("tap", taps(), ids=lambda tap: f"{tap.action}-{tap.question}-{tap.option}")
def test_every_button_is_read_back_as_it_was_meant(tap):
    code = code_of(PROTOCOL, KEY, tap, State())
    assert len(code.encode()) <= 64
    meaning = meaning_of(PROTOCOL, code)
    assert (meaning.check_in, meaning.tap) == (KEY, tap)


def test_a_tick_says_which_state_it_leads_to():
    symptom = PROTOCOL.symptoms[0].id
    ticked = State(ticked=frozenset({symptom}))
    on, off = (code_of(PROTOCOL, KEY, Tap("tick", option=symptom), s) for s in (State(), ticked))
    assert (on[-1], off[-1]) == ("+", "-")
    assert changes_nothing(PROTOCOL, meaning_of(PROTOCOL, on), ticked)
    assert not changes_nothing(PROTOCOL, meaning_of(PROTOCOL, off), ticked)


def test_a_warning_sign_that_is_ticked_stays_ticked_on_a_double_tap():
    flags = flags_of(PROTOCOL)
    sign = flags.options[0].id
    ticked = State(answers={flags.id: frozenset({sign})})
    assert code_of(PROTOCOL, KEY, Tap("flag", option=sign), ticked)[-1] == "-"
    wanted = Meaning(KEY, Tap("flag", option=sign), wanted=True)
    assert changes_nothing(PROTOCOL, wanted, ticked)
    assert not changes_nothing(PROTOCOL, wanted, State())
    assert not changes_nothing(PROTOCOL, Meaning(KEY, Tap("back")), State())


@pytest.mark.parametrize(
    "code",
    ["", "c", "c:1", "c:1:tick", "c:1:tick.0", "c:1:tick.x+", "c:1:tick.999+", "c:1:answer.0",
     "c:1:answer.999.0", "c:1:answer.1.999", "c:1:done.999", "c:1:back.1", "c:1:tick.+",
     "c:1:answer.x.0", "c:1:back:more", "c:1:flag.-1+", "c:1:answer.-1.0", "c:1:answer"],
)  # fmt: skip
def test_what_nobody_made_means_nothing(code):
    with pytest.raises(ButtonError, match="no button of this protocol"):
        meaning_of(PROTOCOL, code)
