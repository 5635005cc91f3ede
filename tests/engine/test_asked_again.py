"""Anna is asked again: what was open when the bot was down, and what may never have arrived."""

from datetime import timedelta

import pytest
from outer_program import annas_phone
from stories import (
    FIRST,
    SECOND,
    asked,
    berlin,
    feverish,
    open_levels,
    well,
)

from flows.engine.events import Plan
from flows.engine.inputs import (
    BotWasDown,
    CameDue,
    Pressed,
    WasNotDelivered,
)
from flows.verdict import Level


def test_the_open_question_is_asked_again_after_an_outage():
    program = asked()
    program.outage(minutes=15)
    assert program.last.startswith("We were away for a while")
    count = len(program.chat)
    program.do(BotWasDown(program.now, program.now))
    assert len(program.chat) == count


def test_a_question_that_was_sent_while_telegram_could_not_be_heard_is_not_asked_twice():
    program = asked()
    count = len(program.chat)
    sent = program.check_in(FIRST).sent_at
    program.now = sent + timedelta(minutes=5)
    program.do(BotWasDown(sent - timedelta(minutes=5), program.now))
    assert len(program.chat) == count
    program.do(BotWasDown(sent - timedelta(seconds=30), program.now))
    assert len(program.chat) == count + 1, "when the bot stopped is known to half a minute"


def test_who_adds_something_is_asked_again_too():
    program = well()
    program.press("Add something")
    program.outage(minutes=15)
    assert program.last.startswith("We were away for a while")
    assert "Tick what you notice" in program.last


def test_nobody_is_asked_again_who_has_finished():
    program = well()
    count = len(program.chat)
    program.outage(minutes=15)
    assert len(program.chat) == count


def test_at_night_the_open_question_is_asked_again_in_the_morning():
    program = asked().until(berlin(24, 21, 30))
    count = len(program.chat)
    program.outage(hours=1)
    assert len(program.chat) == count
    program.until(berlin(25, 8, 1))
    assert program.last.startswith("We were away for a while")


def test_a_check_in_that_was_never_delivered_is_reminded_of_after_half_an_hour():
    program = annas_phone()
    program.reaches_the_patient = False
    program.wait(hours=6)
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "unknown"))
    assert program.check_in(FIRST).reason == "delivery unknown; the reminder takes its place"
    program.wait(minutes=31)
    assert program.last.startswith("We have not heard from you")
    count = len(program.chat)
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "unknown"))
    program.do(CameDue("resend", f"A7K2:{FIRST}"))
    assert len(program.chat) == count, "not at once"
    program.wait(hours=3)
    assert len(program.chat) == count + 1, "once for each that may not have come"


def test_what_may_be_lost_is_asked_again_when_an_outage_is_over():
    program = annas_phone()
    program.reaches_the_patient = False
    program.wait(hours=6)
    sent = program.check_in(FIRST).sent_at
    program.wait(hours=1)
    events = program.do(WasNotDelivered(f"A7K2:{FIRST}", "unknown"))
    assert Plan("resend", f"A7K2:{FIRST}", program.now + timedelta(minutes=30)) in events
    program.reaches_the_patient = True
    program.do(BotWasDown(sent - timedelta(minutes=5), program.now))
    assert program.last.startswith("We were away for a while")


def test_a_press_proves_that_it_was_delivered():
    program = asked()
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "unknown"))
    program.press("All good")
    count = len(program.chat)
    program.wait(hours=3)
    assert len(program.chat) == count


def test_an_unknown_delivery_at_night_or_in_a_pause_is_not_repeated():
    program = annas_phone()
    program.reaches_the_patient = False
    program.until(berlin(24, 16, 1))
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "unknown"))
    program.do(Pressed("s:pause:1", 1))
    count = len(program.chat)
    program.wait(minutes=31)
    assert len(program.chat) == count
    program.now = berlin(24, 22)
    assert program.do(CameDue("resend", f"A7K2:{FIRST}")) == ()


def test_an_unknown_delivery_late_in_the_evening_is_reminded_of_in_the_morning():
    program = annas_phone()
    program.reaches_the_patient = False
    program.until(berlin(24, 16, 1))
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "unknown"))
    program.now = berlin(24, 22)
    assert program.do(CameDue("resend", f"A7K2:{FIRST}")) == (
        Plan("resend", f"A7K2:{FIRST}", berlin(25, 8)),
    )


@pytest.mark.parametrize(
    ("hours", "keys"),
    [
        (0.25, []),
        (24, [SECOND]),
        (30, []),  # it is night by then
        (168, ["1/check_in/168", "1/results/168"]),
    ],
)
def test_after_an_outage_staff_are_told_again_at_once_and_anna_is_asked_each_once(hours, keys):
    program = feverish()
    told = len(program.cards)
    program.outage(hours=hours)
    opened = [shown for shown in program.chat if shown.at == program.now]
    found = [shown.message.keys[0][0].code for shown in opened if "check-in" in shown.message.text]
    assert found == [f"c:{key}:all_good" for key in keys]
    assert program.cards[told][0] == program.now
    assert open_levels(program) == [Level.URGENT]
