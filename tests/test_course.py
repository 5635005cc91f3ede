"""What a next session or a corrected one does to Anna's messages, and how far they keep apart."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from test_schedule import anna, check_in_hours, find, messages, seen, with_results

from flows.course import TAIL_FROM, plan, plan_course
from flows.protocol_file import bundled
from flows.schedule import Due, Session

# ── The distance between messages ──────────────────────────────────────────────────────────


def test_two_messages_of_one_minute_are_half_an_hour_apart() -> None:
    rows = plan(bundled(), anna("2026-05-04T10:00"))
    assert seen(rows, "1/check_in/168") == "11 May 10:00 planned"
    assert seen(rows, "1/results/168") == "11 May 10:30 moved_apart"
    assert seen(rows, "1/reminder/840") == "08 Jun 10:30 moved_apart"
    assert find(rows, "1/results/168").why == "10:00 is too close to another message"


def test_results_that_would_be_pushed_into_the_night_come_in_the_morning() -> None:
    rows = plan(with_results("20:50", 7), anna("2026-05-04T20:40"))
    assert seen(rows, "1/results/168") == "12 May 08:00 moved_apart"


# ── The next session ───────────────────────────────────────────────────────────────────────


def until(rows: Sequence[Due], moment: datetime) -> list[Due]:
    """The messages that went out up to a moment."""
    return [row for row in messages(rows) if row.due_at <= moment]


def after(first: Session, second: Session) -> tuple[Due, ...]:
    """The course once `second` is known, everything until then having been sent."""
    sent = until(plan(bundled(), first), second.known_at)
    return plan_course(bundled(), (first, second), sent)


def test_acute_check_ins_end_with_a_next_session_of_the_same_treatment() -> None:
    rows = after(anna("2026-05-04T10:00"), anna("2026-05-08T10:00", number=2))
    assert seen(rows, "1/check_in/72") == "07 May 10:00 planned"
    assert seen(rows, "1/check_in/168") == "11 May 10:00 cancelled_by_next_session"
    assert find(rows, "1/check_in/168").why == "session 2 counts anew"
    assert seen(rows, "2/check_in/6") == "08 May 16:00 planned"


def test_a_joint_is_still_asked_about_when_the_next_session_treats_the_skin() -> None:
    rows = after(
        anna("2026-05-04T10:00", "joint"), anna("2026-05-06T15:00", "mn_topical", number=2)
    )
    assert seen(rows, "1/check_in/96") == "08 May 10:00 planned"


def test_an_acute_check_in_of_another_treatment_stays_however_much_the_next_session_asks() -> None:
    rows = after(anna("2026-05-04T10:00"), anna("2026-05-05T08:00", "iv+joint", number=2))
    assert seen(rows, "1/check_in/48") == "06 May 10:00 planned"


def test_the_cheek_is_still_asked_about_when_the_next_session_treats_the_body() -> None:
    rows = after(
        anna("2026-05-04T10:00", area="face"), anna("2026-05-08T10:00", number=2, area="body")
    )
    assert seen(rows, "1/check_in/168") == "11 May 10:30 moved_apart"


def test_check_ins_before_a_session_that_is_entered_in_advance_stay() -> None:
    second = anna("2026-05-08T10:00", number=2, known="2026-05-05T09:00")
    assert seen(after(anna("2026-05-04T10:00"), second), "1/check_in/72") == "07 May 10:00 planned"


def test_a_check_in_that_was_still_waiting_when_ben_entered_the_session_late_stays() -> None:
    second = anna("2026-05-07T08:00", number=2, known="2026-05-07T12:00")
    rows = plan_course(bundled(), (anna("2026-05-04T10:00"), second))
    assert seen(rows, "1/check_in/72") == "07 May 10:00 planned"


def test_a_message_that_went_out_in_spite_of_the_next_session_stays_as_it_was_sent() -> None:
    first, second = anna("2026-05-04T10:00"), anna("2026-05-07T08:00", number=2)
    row = find(plan(bundled(), first), "1/check_in/72")
    assert row in plan_course(bundled(), (first, second), [row])


def test_the_order_in_which_sessions_are_passed_does_not_matter() -> None:
    sessions = (anna("2026-05-04T10:00"), anna("2026-05-08T10:00", number=2))
    assert plan_course(bundled(), sessions) == plan_course(bundled(), sessions[::-1])


def test_a_lump_check_is_dropped_when_those_around_it_ask_the_same() -> None:
    rows = after(anna("2026-05-04T10:00"), anna("2026-06-01T08:00", number=2))
    assert seen(rows, "1/check_in/672") == "01 Jun 10:00 cancelled_by_next_session"
    assert find(rows, "1/check_in/672").why == "session 2 asks the same around this time"


def test_a_lump_check_stays_when_the_only_one_near_comes_six_days_sooner() -> None:
    rows = after(anna("2026-05-04T10:00"), anna("2026-06-01T14:00", number=2))
    assert seen(rows, "1/check_in/1344") == "29 Jun 10:00 cancelled_by_next_session"
    assert seen(rows, "2/check_in/1344") == "27 Jul 14:00 planned"
    assert seen(rows, "1/check_in/2160") == "02 Aug 10:00 planned"


def test_a_scalp_lump_check_stays_when_none_near_it_asks_about_hair() -> None:
    first = anna("2026-05-04T10:00", "inj_scalp")
    rows = after(first, anna("2026-06-27T10:00", "inj_scalp", number=2))
    assert seen(rows, "1/check_in/1344") == "29 Jun 10:30 moved_apart"
    assert seen(rows, "2/check_in/48") == "29 Jun 10:00 planned"


def test_results_and_reminders_count_anew_from_the_next_session() -> None:
    rows = after(anna("2026-05-04T10:00"), anna("2026-06-01T14:00", number=2))
    cancelled = "cancelled_by_next_session"
    assert seen(rows, "1/reminder/840") == f"08 Jun 10:00 {cancelled}"
    assert seen(rows, "1/results/840") == f"08 Jun 10:00 {cancelled}"
    assert seen(rows, "1/maintenance/4320") == f"31 Oct 10:00 {cancelled}"
    assert seen(rows, "2/reminder/600") == "26 Jun 10:00 planned"


def test_a_drip_in_between_leaves_the_reminders_of_the_skin_course() -> None:
    rows = after(anna("2026-05-04T15:00"), anna("2026-05-15T14:00", "iv", number=2))
    assert seen(rows, "1/reminder/600") == "29 May 10:00 planned"


def test_late_rows_of_the_first_session_keep_their_reason_after_the_second() -> None:
    first = anna("2026-05-04T10:00", known="2026-05-05T16:00")
    rows = after(first, anna("2026-06-01T14:00", number=2))
    assert seen(rows, "1/check_in/6") == "04 May 16:00 skipped_enrolled_late"
    assert seen(rows, "1/check_in/24") == "05 May 16:00 asked_at_once"


def test_every_schedule_has_the_hour_from_which_check_ins_outlive_a_next_session() -> None:
    assert all(TAIL_FROM in t.schedule for t in bundled().treatments.values())


# ── A corrected time ───────────────────────────────────────────────────────────────────────


def corrected(first: Session, again: Session) -> tuple[Due, ...]:
    """The course after Ben, a nurse, corrects a session; until then everything was sent."""
    return plan_course(bundled(), (again,), until(plan(bundled(), first), again.known_at))


def test_after_a_correction_what_was_sent_stays_and_the_rest_moves() -> None:
    first = anna("2026-05-04T10:00")
    rows = corrected(first, anna("2026-05-04T12:00", known="2026-05-04T18:00"))
    assert seen(rows, "1/check_in/6") == "04 May 16:00 planned"
    assert seen(rows, "1/check_in/24") == "05 May 12:00 planned"


def test_a_check_in_that_a_correction_puts_in_the_past_is_asked_at_once() -> None:
    first = anna("2026-05-04T10:00")
    rows = corrected(first, anna("2026-05-03T10:00", known="2026-05-05T11:00"))
    assert seen(rows, "1/check_in/24") == "05 May 10:00 planned"
    assert seen(rows, "1/check_in/48") == "05 May 11:00 asked_at_once"


def test_what_is_asked_at_once_keeps_away_from_what_was_just_sent() -> None:
    first = anna("2026-05-04T10:00")
    rows = corrected(first, anna("2026-05-03T09:00", known="2026-05-05T10:10"))
    assert seen(rows, "1/check_in/48") == "05 May 10:30 asked_at_once"


def test_an_hour_that_was_skipped_is_not_asked_after_a_later_one_was_sent() -> None:
    first = anna("2026-05-04T10:00", known="2026-05-05T16:00")
    rows = corrected(first, anna("2026-05-04T09:00", known="2026-05-05T17:00"))
    assert seen(rows, "1/check_in/6") == "04 May 15:00 skipped_enrolled_late"
    assert seen(rows, "1/check_in/24") == "05 May 16:00 asked_at_once"


def test_hours_that_were_asked_together_are_not_asked_again() -> None:
    first = anna("2026-05-04T20:45", "iv")
    rows = corrected(first, anna("2026-05-04T20:00", "iv", known="2026-05-05T09:00"))
    assert seen(rows, "1/check_in/3") == "05 May 08:00 merged"
    assert seen(rows, "1/check_in/12") == "05 May 08:00 moved_to_edge"
    assert check_in_hours(rows)[:2] == [12, 24]


def test_results_that_were_sent_are_not_sent_again() -> None:
    first = anna("2026-05-04T15:00")
    rows = corrected(first, anna("2026-05-04T16:00", known="2026-05-11T12:00"))
    assert seen(rows, "1/results/168") == "11 May 10:00 planned"


def test_anna_moves_to_new_york_and_is_asked_in_her_new_daytime() -> None:
    first = anna("2026-05-04T10:00")
    there = anna("2026-05-04T04:00", known="2026-05-05T06:00", zone="America/New_York")
    rows = corrected(first, there)
    assert seen(rows, "1/check_in/48") == "06 May 08:00 moved_to_edge"
    assert seen(rows, "1/results/840") == "08 Jun 10:00 planned"


# ── What is refused ────────────────────────────────────────────────────────────────────────


def test_a_session_cannot_end_after_its_check_ins_were_sent() -> None:
    first = anna("2026-05-04T10:00")
    with pytest.raises(ValueError, match="1/check_in/6 was sent before session 1"):
        corrected(first, anna("2026-05-05T10:00", known="2026-05-04T18:00"))


def test_two_sessions_of_one_number_are_refused() -> None:
    with pytest.raises(ValueError, match="two sessions have the same number"):
        plan_course(bundled(), (anna("2026-05-04T10:00"), anna("2026-05-05T10:00")))
