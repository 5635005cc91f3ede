"""What Anna sees on each screen of her check-in, and what she may type instead of tapping."""

from dataclasses import replace

import pytest
from generated_cases import protocol
from phone import Phone, option, words

from flows.answers import UNCLEAR
from flows.asking import CALL, TREND, WORRY
from flows.conversation import Screen, State, Tap, Typed
from flows.derived import Earlier
from flows.screens import OPEN, TICKED
from flows.verdict import Level

LAST_DAY = Earlier(20, {"red_flags": (), "redness": 1})
SYMPTOMS, FLAGS, ALL_GOOD = Tap("symptoms"), Tap("one_of_these"), Tap("all_good")
REDNESS, DONE = Tap("tick", option="redness"), Tap("done", option="same")


def say(question: str, answer: str) -> Tap:
    return Tap("answer", question, answer)


def test_the_first_message_has_the_warning_signs_and_three_buttons() -> None:
    phone = Phone()
    flags = protocol().question_by_id["red_flags"]
    opening, listed, foot = phone.view.lines
    assert (opening, foot) == (words("texts", "OPEN"), words("texts", "FOOT"))
    assert listed.split("\n• ") == [flags.text["en"], *(o.label["en"] for o in flags.options)]
    assert [button.tap for button in phone.view.buttons] == [ALL_GOOD, SYMPTOMS, FLAGS]
    assert all(len(row) == 1 for row in phone.view.rows)


def test_a_report_outside_the_schedule_opens_with_its_own_words() -> None:
    assert Phone(kind="report").view.lines[0] == words("texts", "OPEN_REPORT")


def test_the_list_of_warning_signs_marks_what_is_ticked() -> None:
    phone = Phone().go(FLAGS)
    assert phone.labels[0] == OPEN + option("red_flags", "breathing")
    assert phone.labels[-2:] == [words("buttons", "back"), words("buttons", "none_of_these")]
    phone.go(Tap("flag", option="dizzy"))
    assert TICKED + option("red_flags", "dizzy") in phone.labels
    assert phone.labels[-1] == words("buttons", "go_on")
    assert phone.view.buttons[-1].tap == Tap("go_on")


def test_the_list_of_symptoms_marks_what_is_ticked_and_asks_how_it_goes() -> None:
    phone = Phone(before=(LAST_DAY,)).go(SYMPTOMS, Tap("tick", option="swelling"))
    assert TICKED + "Swelling" in phone.labels
    assert OPEN + "Lump" in phone.labels
    leave = [b.tap for b in phone.view.buttons if b.tap.action == "done"]
    assert leave == [Tap("done", option=o) for o in ("better", "same", "worse")]


def test_what_was_reported_last_time_is_ticked_already() -> None:
    assert TICKED + "Redness" in Phone(before=(LAST_DAY,)).go(SYMPTOMS).labels


def test_something_else_is_ticked_like_a_symptom() -> None:
    phone = Phone().go(SYMPTOMS)
    assert OPEN + "Something else" in phone.labels
    phone.go(Tap("tick", option="other"))
    assert TICKED + "Something else" in phone.labels


def test_a_reminder_has_one_way_to_leave_the_list_and_no_something_else() -> None:
    phone = Phone(600, kind="reminder")
    assert {TREND, WORRY}.isdisjoint(phone.check_in.offered)
    phone.go(SYMPTOMS)
    assert words("buttons", "done") in phone.labels
    assert not any("Something else" in label for label in phone.labels)


def test_severities_are_numbered_so_that_the_number_can_be_typed() -> None:
    phone = Phone().go(SYMPTOMS, REDNESS, DONE)
    numbers = [f"{rank}  " for rank in range(4)]
    assert all(label.startswith(n) for label, n in zip(phone.labels, numbers, strict=False))
    phone.go("2")
    assert phone.state.answers["redness"] == 2


def test_other_choices_stand_without_numbers() -> None:
    phone = Phone().go(SYMPTOMS, REDNESS, DONE, "2")
    assert phone.labels[:2] == [option("redness_spread", "no"), option("redness_spread", "yes")]


def test_a_typed_answer_that_cannot_be_read_is_asked_again_with_a_word_of_it() -> None:
    phone = Phone().go(SYMPTOMS, REDNESS, DONE)
    assert words("texts", "AGAIN") not in phone.text
    assert words("texts", "AGAIN") in phone.go("like a tomato").text


def test_a_temperature_has_no_buttons_but_the_missing_thermometer() -> None:
    phone = Phone().go(SYMPTOMS, Tap("tick", option="fever"), DONE)
    assert phone.labels == [words("buttons", "no_thermometer"), words("buttons", "back")]
    assert phone.view.buttons[0].tap == say("temp_c", "not_measured")


def test_yes_and_no_are_the_buttons_of_a_yes_no_question() -> None:
    phone = Phone().go(SYMPTOMS, Tap("tick", option="fever"), DONE, "38.1")
    assert phone.labels[:2] == [words("buttons", "yes"), words("buttons", "no")]


def test_an_emergency_shows_nothing_but_whom_to_call() -> None:
    phone = Phone().go(FLAGS, Tap("flag", option="breathing"))
    assert phone.view.lines == (words("texts", "P4_allergy"),)
    assert [button.tap for button in phone.view.buttons] == [Tap("back")]


def test_the_end_says_what_was_understood_what_happens_and_offers_more() -> None:
    phone = Phone().go(ALL_GOOD)
    assert words("texts", "NOTHING") in phone.view.lines[0]
    assert phone.view.lines[1:] == (words("texts", "P0"), words("texts", "FOOT"))
    assert [b.tap for b in phone.view.buttons] == [Tap("change"), Tap("more"), Tap("call_me")]


def test_a_call_once_asked_for_is_not_offered_again() -> None:
    phone = Phone().go(ALL_GOOD, Tap("call_me"))
    assert phone.state.answers[CALL] is True
    assert Tap("call_me") not in [button.tap for button in phone.view.buttons]


def test_the_summary_has_annas_words_and_leaves_out_what_is_not_there() -> None:
    fever, leaking = Tap("tick", option="fever"), Tap("tick", option="leaking")
    phone = Phone().go(SYMPTOMS, REDNESS, leaking, fever, DONE)
    said = [
        "clearly_red",
        "no",
        "coin_to_egg",
        "blood_spots",
        "none",
        "37.8",
        "yes",
        "none",
        "none",
    ]
    for answer in said:
        typed = answer if answer[0].isdigit() else say(phone.state.current, answer)
        phone.go(typed)
    assert phone.state.screen is Screen.END
    summary = phone.view.lines[0]
    assert "Clearly red" in summary
    assert "red or puffy patch? 5" in summary
    assert option("discharge", "blood_spots") in summary
    assert "37.8 °C" in summary
    assert "6 hours? Yes" in summary
    assert "past the treated area" not in summary
    assert "shivering" not in summary


def test_a_number_of_days_and_an_unreadable_choice_are_told_too() -> None:
    phone = Phone(336)
    path = ("lump_first_seen_h", "lump")
    answers = {"lump_first_seen_h": 48.0, "lump": UNCLEAR}
    summary = phone.screens.summary(State(answers=answers, path=path))
    assert "first feel it? 48" in summary
    assert f"lump under the skin? {words('texts', 'UNREAD')}" in summary


@pytest.mark.parametrize("sign", ["dizzy", "streaks"])
def test_a_warning_sign_is_in_the_summary(sign) -> None:
    phone = Phone().go(FLAGS, Tap("flag", option=sign), Tap("go_on"), DONE)
    assert phone.state.screen is Screen.END
    assert phone.verdict.level is Level.URGENT
    assert option("red_flags", sign) in phone.view.lines[0]


def test_an_answer_that_could_not_be_read_does_not_read_as_no_symptoms() -> None:
    phone = Phone().go(SYMPTOMS, Tap("tick", option="marks"), DONE, "blah", "blah blah")
    while phone.state.screen is Screen.QUESTION:
        phone.go(phone.view.buttons[1].tap)
    assert phone.state.answers["bruise"] == UNCLEAR
    assert words("texts", "NOTHING") not in phone.screens.summary(
        replace(phone.state, path=("bruise",))
    )


# typed in place of taps


@pytest.mark.parametrize(
    ("said", "tap"),
    [
        ("1", Typed("1")),
        ("٣", Typed("٣")),
        (words("buttons", "all_good").upper(), ALL_GOOD),
        (f"  {words('buttons', 'one_of_these')} ", FLAGS),
        ("4", Typed("4")),
        ("all good", Typed("all good")),
    ],
)
def test_on_the_first_screen_a_label_is_heard_and_a_bare_number_is_not(said, tap) -> None:
    phone = Phone()
    assert phone.screens.heard(phone.state, phone.verdict, said) == tap


def test_in_a_list_a_label_is_heard_ticked_or_not_and_a_number_is_not() -> None:
    phone = Phone().go(SYMPTOMS, "Lump", "swelling")
    assert {"lump", "swelling"} <= phone.state.ticked
    phone.go("LUMP")
    assert "lump" not in phone.state.ticked
    assert phone.screens.heard(phone.state, phone.verdict, "1") == Typed("1")


def test_what_is_typed_under_a_question_is_left_to_the_question() -> None:
    phone = Phone().go(SYMPTOMS, REDNESS, DONE)
    back = words("buttons", "back")
    assert phone.screens.heard(phone.state, phone.verdict, back) == Typed(back)


def test_a_language_without_words_falls_back_to_the_files_first() -> None:
    assert Phone(language="tlh").go(ALL_GOOD).view == Phone().go(ALL_GOOD).view


def test_a_language_with_words_is_used() -> None:
    assert Phone(language="ru").screens.words({"en": "Yes", "ru": "Да"}) == "Да"


def test_the_end_says_that_a_person_will_read_what_was_written() -> None:
    phone = Phone().go("thank you so much", ALL_GOOD)
    assert words("texts", "READ") in phone.view.lines
    assert words("texts", "READ") not in Phone().go(ALL_GOOD).view.lines
