"""What staff read: the card in two seconds, many cards as a list, and the case's page."""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_of_a_clinic import BEN, CLEO, DESK, NOW, SESSION, anna, desk_with
from outer_program import annas_phone
from stories import FIRST, SYMPTOMS, asked, feverish, finished, wants_a_call, wonders

from flows.answers import NOT_MEASURED, UNCLEAR
from flows.engine.cards import (
    LONGEST_CARD,
    alert_list,
    card,
    cut,
    line,
    since_session,
    treatment,
    units,
    waited,
)
from flows.engine.case_page import answer_in_words, case_page
from flows.engine.desk import day_and_time
from flows.engine.inputs import Blocked
from flows.engine.record import StoredAlert, Visit
from flows.protocol_file import bundled
from flows.verdict import Fired, Level

VISIT = Visit(SESSION, "L-12")
HOT = Fired("FEV-07", Level.URGENT, "39.0-40.0 C", ("S2",), "P3")
ALERT = StoredAlert(
    "A7K2-1", "A7K2", Level.URGENT, NOW, NOW, 1, 30.0, "1/check_in/24", said=("39.2 °C",),
    because=(HOT,),
)  # fmt: skip


def lines(alert: StoredAlert, **more) -> list[str]:
    return card(DESK, alert, VISIT, NOW + timedelta(minutes=4), **more).text.split("\n")


def codes(alert: StoredAlert) -> list[str]:
    return [key.code for row in card(DESK, alert, VISIT, NOW).keys for key in row]


def test_the_level_what_to_do_and_why_come_first():
    assert lines(ALERT)[:5] == [
        "🟠 URGENT (orange) · A7K2-1",
        "Phone the patient now. They were told to call us.",
        "",
        "• 39.0-40.0 C",
        "",
    ]


def test_then_what_was_treated_since_when_and_what_was_said():
    assert lines(ALERT)[5:10] == [
        "Microneedling + topical exosomes + Face/skin injection · face · lot L-12 · 30 h after",
        "Since Tue 24 Nov, 10:30 (4 min)",
        "",
        "The patient said:",
        "• 39.2 °C",
    ]
    assert "The patient said:" not in lines(replace(ALERT, said=()))


def test_what_rose_says_since_when_it_has_its_level_and_when_it_was_opened():
    rose = replace(ALERT, opened_at=NOW - timedelta(hours=27))
    assert lines(rose)[6:8] == [
        "Since Tue 24 Nov, 10:30 (4 min)", "Opened Mon 23 Nov, 07:30, at a lower level",
    ]  # fmt: skip
    assert line(DESK, rose, NOW).endswith("39.0-40.0 C · waiting 0 min, open 27 h")
    closed = replace(rose, resolved_at=NOW, resolved_by=BEN.id)
    assert lines(closed)[5:7] == [
        "Since Tue 24 Nov, 10:30", "Opened Mon 23 Nov, 07:30, at a lower level",
    ]  # fmt: skip


def test_draft_thresholds_say_so_and_signed_ones_do_not():
    assert lines(ALERT)[-1] == "Draft thresholds: no clinician has signed them."
    protocol = bundled()
    signed = protocol.model_copy(
        update={"protocol": protocol.protocol.model_copy(update={"draft": False})}
    )
    assert "Draft" not in card(desk_with(signed), ALERT, VISIT, NOW).text


@pytest.mark.parametrize(
    ("level", "step"),
    [
        (Level.EMERGENCY, "Phone the patient NOW. They were told to call the emergency number."),
        (Level.FOLLOW_UP, "Contact the patient today."),
        (Level.WATCH, "Have a look. No call is needed."),
    ],
)
def test_every_level_says_what_to_do(level, step):
    assert lines(replace(ALERT, level=level))[1] == step


def test_who_only_wants_a_call_is_to_be_called():
    assert "The patient asked for a call." in lines(wants_a_call().alert)


def test_a_repeat_has_its_number_and_a_closed_one_none():
    assert lines(ALERT, number=3)[0] == "🟠 URGENT (orange) · A7K2-1 · notice 3"
    closed = replace(ALERT, resolved_at=NOW, resolved_by=BEN.id, outcome="advised")
    assert lines(closed, number=3)[0] == "✅ CLOSED · was 🟠 URGENT (orange) · A7K2-1"
    assert "Closed by Ben, 10:30: advised" in lines(closed)
    assert "Phone the patient now." not in "\n".join(lines(closed))


def test_who_did_what_stands_on_the_card():
    taken = replace(ALERT, claimed_by=BEN.id, claimed_at=NOW)
    assert "Taken by Ben, 10:30" in lines(taken)
    assert "Contacted by Cleo, 10:30" in lines(
        replace(taken, contacted_by=CLEO.id, contacted_at=NOW)
    )


def test_the_buttons_fit_how_far_it_has_come():
    assert codes(ALERT) == [
        "a:claim:A7K2-1", f"a:contacted.urgent.{ALERT.content}:A7K2-1",
        "a:resolve:A7K2-1", "a:details:A7K2-1",
    ]  # fmt: skip
    contacted = replace(ALERT, contacted_by=BEN.id, contacted_at=NOW)
    assert codes(contacted) == ["a:resolve:A7K2-1", "a:details:A7K2-1"]
    assert codes(replace(ALERT, resolved_at=NOW)) == ["a:details:A7K2-1"]
    choosing = codes(replace(ALERT, choosing_outcome=True))
    assert choosing[0] == f"a:outcome.advised.{ALERT.content}:A7K2-1"
    assert choosing[-1] == "a:back:A7K2-1"
    assert not any("seen" in code for code in choosing)


def test_a_content_is_another_one_where_the_card_says_something_else():
    same = replace(ALERT, claimed_by=BEN.id, claimed_at=NOW, version=7, choosing_outcome=True)
    assert same.content == ALERT.content
    others = [
        replace(ALERT, level=Level.EMERGENCY), replace(ALERT, said=(*ALERT.said, "and pus")),
        replace(ALERT, because=(*ALERT.because, replace(HOT, rule="INF-01"))),
    ]  # fmt: skip
    assert len({ALERT.content, *(one.content for one in others)}) == 4


def test_every_button_fits_what_telegram_takes():
    longest = replace(ALERT, key="A7K2-99999", level=Level.FOLLOW_UP, choosing_outcome=True)
    both = (*codes(longest), *codes(replace(longest, choosing_outcome=False)))
    assert max(len(code.encode()) for code in both) <= 64


def test_many_rules_are_counted():
    many = tuple(replace(HOT, rule=f"R-{n}", reason=f"reason {n}") for n in range(9))
    assert "• and 3 more, in the details" in lines(replace(ALERT, because=many))


def test_one_long_line_pushes_no_other_off_the_card():
    said = ("x" * 4096, "the last line")
    assert "• the last line" in lines(replace(ALERT, said=said))


def test_a_card_always_fits_and_keeps_its_foot():
    said = tuple("🙂" * 300 for _ in range(30))
    text = card(DESK, replace(ALERT, said=said), VISIT, NOW).text
    assert units(text) <= LONGEST_CARD
    assert text.endswith("no clinician has signed them.")
    assert cut("🙂" * 3000).endswith(" …")


def test_hours_days_and_waiting_are_said_as_people_say_them():
    assert [since_session(h) for h in (0.4, 71.4, 120)] == ["0 h after", "71 h after", "day 5"]
    spans = [timedelta(minutes=4), timedelta(hours=3), timedelta(days=2, hours=3)]
    assert [waited(span) for span in spans] == ["4 min", "3 h", "2 days"]
    assert "lot" not in treatment(DESK, Visit(replace(SESSION, area=None)))


def test_many_alerts_are_one_list_each_with_its_buttons():
    taken = replace(ALERT, key="A7K2-2", claimed_by=BEN.id, claimed_at=NOW)
    done = replace(ALERT, key="A7K2-3", resolved_at=NOW, resolved_by=BEN.id)
    called = replace(ALERT, key="A7K2-4", contacted_at=NOW, contacted_by=BEN.id)
    worst = replace(ALERT, key="A7K2-5", level=Level.EMERGENCY, because=())
    message = alert_list(DESK, [ALERT, taken, done, called, worst], NOW)
    assert message.text.split("\n")[2].startswith("🔴 EMERGENCY · A7K2-5 · 30 h after · see")
    assert [key.code for row in message.keys for key in row] == [
        "a:claim:A7K2-5", "a:details:A7K2-5", "a:claim:A7K2-1", "a:details:A7K2-1",
        f"a:contacted.urgent.{ALERT.content}:A7K2-2", "a:details:A7K2-2",
    ]  # fmt: skip
    assert line(DESK, ALERT, NOW).endswith("39.0-40.0 C · waiting 0 min")
    assert line(DESK, taken, NOW).endswith("taken by Ben")
    assert line(DESK, done, NOW).endswith("closed by Ben")
    assert line(DESK, called, NOW).endswith("contacted by Ben, not closed")


def test_the_page_has_sessions_answers_words_and_alerts():
    program = finished(feverish(annas_phone(profile={"pregnant": True}).wait(hours=6)))
    program.write("what now?")
    program.do(Blocked(blocked=True))
    record = replace(
        program.record,
        visits=(Visit(SESSION, "L-12"), Visit(replace(SESSION, number=2, area=None))),
    )
    [page] = case_page(DESK, record)
    for part in ("Case A7K2 · active", "lot L-12", "usual area", "39.2 °C", "“what now?”",
                 "cannot be written to since", "Alert A7K2-1 · urgent", "· open", "(FEV-07)",
                 "Check-in, 6 h after: answered · urgent"):  # fmt: skip
        assert part in page
    assert "⚠️" in page
    assert "opened" not in page
    assert "board" not in page
    [page] = case_page(replace(DESK, board="https://board.example"), record)
    assert "\nOn the board: https://board.example/board/case/A7K2\n" in page
    [alert] = record.alerts.values()
    rose = replace(alert, opened_at=alert.opened_at - timedelta(hours=27))
    [page] = case_page(DESK, record.with_alert(rose))
    day_before = day_and_time(rose.opened_at, DESK.clinic.hours.zone)
    since = day_and_time(alert.raised_at, DESK.clinic.hours.zone)
    assert f"Alert A7K2-1 · urgent · {since}, opened {day_before} · open" in page


def test_the_page_says_treatments_and_levels_in_words_and_what_was_begun_and_left():
    program = asked()
    program.press(SYMPTOMS)
    program.wait(hours=2, minutes=1)
    alert = replace(program.alert, level=Level.FOLLOW_UP)
    [page] = case_page(DESK, program.record.with_alert(alert))
    for part in ("Session 1: Microneedling + topical exosomes + ", "Alert A7K2-1 · follow up",
                 "Check-in, 6 h after: begun, not finished"):  # fmt: skip
        assert part in page
    assert "inj_skin" not in page


def test_a_long_case_comes_in_parts():
    program = asked()
    for _ in range(4):
        program.write("x" * 4000)
    pages = case_page(DESK, program.record)
    assert len(pages) > 1
    assert all(len(page) <= 3_600 for page in pages)
    assert case_page(DESK, anna()) != []


def test_answers_are_said_in_the_questions_words():
    question = DESK.protocol.question_by_id
    assert answer_in_words(question["redness"], 0) == ""
    assert answer_in_words(question["redness"], 2) == "Clearly red"
    assert answer_in_words(question["redness"], UNCLEAR) == "not understood"
    assert answer_in_words(question["red_flags"], frozenset({"fainted"})) != ""
    assert answer_in_words(question["warmth"], value=True) == "yes"
    assert answer_in_words(question["warmth"], value=False) == ""
    assert answer_in_words(question["temp_c"], 37.2) == "37.2 °C"
    assert answer_in_words(question["site_size_cm"], 2.0) == "2.0"
    discharge = question["discharge"]
    assert answer_in_words(discharge, discharge.options[0].id) == ""
    assert answer_in_words(discharge, discharge.options[1].id) == discharge.options[1].label["en"]
    assert answer_in_words(question["temp_c"], NOT_MEASURED) == "not measured"


def test_an_answer_to_a_question_that_is_gone_is_left_out():
    program = asked()
    program.press(SYMPTOMS)
    stored = program.check_in(FIRST)
    record = program.record.with_check_in(replace(stored, answers={"gone": 1}, conversation=None))
    assert "gone" not in "".join(case_page(DESK, record))
    assert wonders().alert.level is Level.WATCH
