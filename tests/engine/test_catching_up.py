"""The catch-up policy (docs/sources.md, catching-up) after outages, nights, pauses and blocks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_of_a_clinic import BERLIN, NOW, of_kind, yes_stop
from outer_program import OuterProgram, annas_phone
from stories import (
    FIRST,
    SECOND,
    THIRD,
    asked,
    berlin,
    feverish,
    gets_a_link,
    is_confirmed,
    is_refused,
    open_levels,
    takes_the_steps,
)

from flows.engine.events import Drop, Plan
from flows.engine.inputs import (
    Blocked,
    BotWasDown,
    CameDue,
    LinkOpened,
    Pressed,
    WasNotDelivered,
)
from flows.schedule import Session
from flows.verdict import Level

LATE = "We could not ask you on"


def well() -> OuterProgram:
    """Anna's first check-in is answered."""
    program = asked()
    program.press("All good")
    return program


def asked_since(program: OuterProgram, since) -> list[str]:
    return [text for text in program.texts(since) if "check-in" in text]


def test_two_hours_late_goes_as_written():
    program = well().until(berlin(25, 9, 30))
    program.outage(hours=2, minutes=30)
    assert program.check_in(SECOND).state == "sent"
    assert LATE not in program.last


def test_a_quarter_of_the_interval_goes_as_written():
    program = well().until(berlin(25, 9, 30))
    program.outage(hours=6, minutes=30)
    assert LATE not in program.last


def test_later_than_that_says_what_was_missed():
    program = well().until(berlin(25, 9, 30))
    program.outage(hours=6, minutes=31)
    assert program.last.startswith(f"{LATE} Wed 25 Nov, 10:00. How have you been since then?")


def test_of_several_overdue_ones_the_newest_asks_for_all():
    program = well().until(berlin(25, 9, 30))
    since = program.now
    program.outage(hours=52)
    states = program.states()
    assert (states[SECOND], states[THIRD], states["1/check_in/72"]) == (
        "collapsed", "collapsed", "sent",
    )  # fmt: skip
    reason = "overdue together with 1/check_in/72, which asks for both"
    assert program.check_in(SECOND).reason == reason
    assert len(asked_since(program, since)) == 1


def test_outside_its_window_it_is_missed_and_staff_call():
    program = well()
    last = program.check_in("1/check_in/2160")
    program.record = program.record.with_check_in(replace(last, hours=2160))
    program.until(last.due_at - timedelta(hours=1))
    program.outage(days=91)
    ended = program.check_in("1/check_in/2160")
    assert ended.state == "missed_by_system"
    assert "MISSED" in [one.rule for alert in program.record.open_alerts for one in alert.because]


def test_a_missed_invitation_is_only_listed():
    program = annas_phone()
    invitation = program.check_in("1/maintenance/8760")
    late = replace(invitation, due_at=NOW - timedelta(days=3), hours=1)
    program.record = replace(program.record, check_ins={late.key: late})
    program.due = {("check_in", f"A7K2:{late.key}"): NOW}
    program.now += timedelta(hours=3)
    program.do(CameDue("check_in", "A7K2:1/maintenance/8760"))
    assert program.check_in("1/maintenance/8760").state == "missed_by_system"
    assert program.alert.level is Level.WATCH


def test_at_night_it_waits_for_the_morning_and_staff_call_in_the_first_days():
    program = annas_phone().until(berlin(24, 15, 30))
    program.outage(hours=7)
    assert program.check_in(FIRST).state == "planned"
    assert program.due["check_in", f"A7K2:{FIRST}"] == berlin(25, 8)
    assert open_levels(program) == [Level.FOLLOW_UP]
    assert "could not be sent in time: phone" in program.alert.because[0].reason
    program.until(berlin(25, 8, 1))
    assert program.check_in(FIRST).state == "sent"


def test_at_night_later_on_it_only_waits():
    program = well().well_until(berlin(29, 9, 30))
    program.outage(hours=13)
    assert program.check_in("1/check_in/120").state == "planned"
    assert open_levels(program) == []


def test_what_is_due_at_nine_in_the_evening_still_goes():
    session = Session(1, "inj_skin", berlin(24, 20), berlin(24, 20), BERLIN, "face")
    program = annas_phone(session).until(berlin(24, 21, 5))
    assert program.check_in(FIRST).state == "sent"
    assert program.record.alerts == {}


def test_longer_quiet_hours_of_her_own_are_kept_and_call_nobody():
    session = Session(1, "inj_skin", berlin(24, 22), berlin(24, 22), BERLIN, "face")
    program = annas_phone(session)
    program.do(Pressed("s:quiet:10.00", 1))
    program.until(berlin(25, 9, 59))
    assert program.check_in(FIRST).state == "planned"
    program.until(berlin(25, 10, 1))
    assert program.check_in(FIRST).state == "sent"
    assert program.record.alerts == {}


def test_a_row_that_comes_too_early_is_planned_again():
    program = annas_phone()
    events = program.do(CameDue("check_in", f"A7K2:{SECOND}"))
    assert events == (Plan("check_in", f"A7K2:{SECOND}", program.check_in(SECOND).due_at),)


def test_a_row_about_nothing_and_a_second_row_change_nothing():
    program = asked()
    assert program.do(CameDue("check_in", "A7K2:9/check_in/9")) == ()
    assert program.do(CameDue("check_in", f"A7K2:{FIRST}")) == ()
    assert program.do(CameDue("notify", "A7K2-9")) == ()


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


def test_who_blocks_the_bot_is_somebodys_task_at_once():
    program = asked()
    program.do(Blocked(blocked=True))
    assert open_levels(program) == [Level.FOLLOW_UP]
    assert program.alert.said == ("the chat is blocked",)
    assert program.do(Blocked(blocked=True)) == ()


def test_what_is_due_meanwhile_is_kept_and_asked_when_anna_is_back():
    program = asked()
    program.do(Blocked(blocked=True))
    program.until(berlin(25, 12))
    assert program.check_in(SECOND).state == "unreachable"
    program.do(Blocked(blocked=False))
    assert program.check_in(SECOND).state == "sent"
    assert program.do(Blocked(blocked=False)) == ()


def test_who_blocked_and_writes_again_is_heard_and_asked():
    program = asked()
    program.do(Blocked(blocked=True))
    program.until(berlin(25, 12))
    program.write("I am back")
    assert program.record.patient.unreachable_since is None
    assert "reachable" in program.did()
    assert program.check_in(SECOND).state == "sent"


def test_a_check_in_that_a_block_kept_back_was_never_sent():
    program = annas_phone()
    program.reaches_the_patient = False
    program.wait(hours=6)
    events = program.do(WasNotDelivered(f"A7K2:{FIRST}", "blocked"))
    assert program.check_in(FIRST).state == "unreachable"
    assert Drop("silence", f"A7K2:{FIRST}", "the patient cannot be written to") in events
    program.wait(hours=1)
    program.reaches_the_patient = True
    program.do(Blocked(blocked=False))
    assert program.check_in(FIRST).state == "sent"
    assert "Time for your check-in" in program.last


@pytest.mark.hazard("H04")
def test_what_a_chat_refused_is_asked_anew_by_a_message_of_its_own():
    """The outbox takes no second message of one key, also where it refused the first."""
    program = annas_phone()
    program.reaches_the_patient = False
    program.wait(hours=6)
    first = program.chat[-1].repeat
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "blocked"))
    program.wait(hours=1)
    program.do(Blocked(blocked=False))
    assert program.chat[-1].repeat != first
    assert program.last.startswith("Time for your check-in")
    program.wait(hours=2, minutes=1)
    assert program.last.startswith("We have not heard from you")


def refused_after_deleting() -> OuterProgram:
    """Anna's account is gone, which the check-in of a day finds out, and Ben lets the chat go."""
    program = well().until(berlin(25, 9, 59))
    program.reaches_the_patient = False
    program.until(berlin(25, 10, 1))
    program.do(WasNotDelivered(f"A7K2:{SECOND}", "deactivated"))
    is_refused(program)
    assert program.record.patient.unreachable_since is None, "nobody knows the next chat yet"
    program.reaches_the_patient = True
    return program


def is_linked_again(program: OuterProgram) -> OuterProgram:
    """Anna opens a new link on a new phone and takes the steps; Ben confirms her."""
    gets_a_link(program)
    program.do(LinkOpened(7002, "Anna", "en"))
    takes_the_steps(program)
    is_confirmed(program)
    return program


@pytest.mark.hazard("H04", "H05")
def test_what_an_account_that_is_gone_refused_is_asked_on_annas_new_phone():
    program = is_linked_again(refused_after_deleting().wait(hours=1))
    assert program.record.patient.unreachable_since is None
    assert program.staff_texts()[-1].endswith("A check-in is due already and comes first.")
    program.wait(minutes=1)
    assert program.check_in(SECOND).state == "sent"
    assert program.last.startswith("Time for your check-in")


@pytest.mark.hazard("H05")
def test_what_comes_due_while_a_chat_is_not_confirmed_waits_and_the_newest_is_asked():
    program = refused_after_deleting().wait(days=1)
    assert program.check_in(THIRD).state == "paused"
    assert program.check_in(THIRD).reason == "the patient is refused"
    gets_a_link(program)
    program.wait(days=1)
    program.do(LinkOpened(7002, "Anna", "en"))
    assert program.check_in("1/check_in/72").reason == "the patient is invited"
    count = len(asked_since(program, program.now))
    is_linked_again(program).wait(minutes=1)
    states = program.states()
    assert (states[SECOND], states[THIRD], states["1/check_in/72"]) == (
        "collapsed", "collapsed", "sent",
    )  # fmt: skip
    assert len(asked_since(program, program.now - timedelta(minutes=1))) == count + 1


def test_a_new_link_ends_that_the_old_chat_cannot_be_written_to():
    program = asked()
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "deactivated"))
    gets_a_link(program)
    assert program.record.patient.stage == "invited"
    assert program.record.patient.unreachable_since is None


def test_a_check_in_that_had_arrived_stays_sent():
    program = asked()
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "blocked"))
    assert program.check_in(FIRST).state == "sent"
    program.do(WasNotDelivered("A7K2:relay:1", "blocked"))
    program.do(WasNotDelivered("another:1/check_in/6", "unknown"))
    assert len(program.record.alerts) == 1


def test_who_is_not_followed_and_lost_is_told_to_staff():
    program = annas_phone()
    program.do(Pressed(yes_stop(program.now), 1))
    program.do(Blocked(blocked=True))
    assert "A7K2 cannot be written to (blocked). Please phone." in program.staff_texts()
    assert program.record.alerts == {}


def test_nobody_is_asked_in_a_pause_and_the_newest_is_asked_after_it():
    program = well()
    program.do(Pressed("s:pause:3", 1))
    program.wait(days=2)
    assert program.check_in(SECOND).state == "paused"
    program.wait(days=1, minutes=1)
    states = program.states()
    assert (states[SECOND], states["1/check_in/72"]) == ("collapsed", "sent")


def test_a_pause_row_that_comes_too_early_is_planned_again():
    program = well()
    program.do(Pressed("s:pause:3", 1))
    until = program.record.patient.paused_until
    assert program.do(CameDue("pause", "A7K2")) == (Plan("pause", "A7K2", until),)


def test_nothing_is_asked_of_who_has_stopped():
    program = well()
    row = program.due["check_in", f"A7K2:{SECOND}"]
    program.do(Pressed(yes_stop(program.now), 1))
    program.record = program.record.with_check_in(
        replace(program.check_in(SECOND), state="planned", reason="")
    )
    program.due["check_in", f"A7K2:{SECOND}"] = row
    program.until(row + timedelta(minutes=1))
    assert program.check_in(SECOND).reason == "the patient is stopped"


def test_a_next_check_in_takes_the_place_of_an_unfinished_one():
    program = asked().until(berlin(25, 10, 1))
    assert program.check_in(FIRST).state == "unanswered"
    assert program.check_in(FIRST).reason == f"{SECOND} took its place"
    assert ("silence", f"A7K2:{FIRST}") in program.due


def test_a_case_without_check_ins_can_be_lost_too():
    program = annas_phone()
    program.record = replace(program.record, check_ins={})
    program.due.clear()
    program.do(Blocked(blocked=True))
    assert "cannot be written to" in program.staff_texts()[0]


def test_who_is_lost_before_the_first_check_in_is_a_task_too():
    program = annas_phone()
    program.do(Blocked(blocked=True))
    assert open_levels(program) == [Level.FOLLOW_UP]


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


def test_what_comes_due_is_dropped_where_the_case_knows_nothing_of_it():
    program = annas_phone()
    assert of_kind(program.do(CameDue("silence", f"A7K2:{FIRST}")), Plan) == []
