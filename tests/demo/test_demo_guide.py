"""The guide ticks itself off by what people were shown."""

from datetime import UTC, datetime

import pytest

from bot.demo.guide import Landmarks, guide, landmarks
from bot.standin import Shown
from flows.protocol_file import bundled

ANNA, BEN = 1, 2
GROUP = -5
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
WORDS = Landmarks(
    "I agree", "Done", "I can see this", "You are set", "All good", "symptoms", "Saved"
)


class Log(list[Shown]):
    """What Anna and Ben were shown, in the order of it."""

    def anna(self, number: int, text: str, *buttons: str, by: str = "Bot", what="sent") -> "Log":
        rows = tuple((label,) for label in buttons)
        self.append(Shown(NOW, ANNA, "Anna", ANNA, number, what, text, by, rows))
        return self

    def ben(self, number: int, text: str, *buttons: str, by: str = "Bot", media="") -> "Log":
        rows = tuple((label,) for label in buttons)
        self.append(Shown(NOW, BEN, "Ben", GROUP, number, "sent", text, by, rows, media))
        return self

    @property
    def guide(self):
        return guide(self, {ANNA}, {BEN}, "Bot", WORDS)

    @property
    def done(self) -> list[bool]:
        return [step.done for step in self.guide.steps]


def enrolled() -> Log:
    return Log().anna(1, "You are set. Your first check-in comes tomorrow.")


def test_at_first_nothing_is_done_and_ben_is_to_enrol() -> None:
    log = Log()
    assert log.done == [False] * 4
    assert log.guide.say == (
        "staff",
        "Anna has just been treated: on the staff phone, send /enrol.",
    )


def test_enrolling_is_followed_press_by_press() -> None:
    log = Log().ben(1, "/enrol", by="Ben")
    assert "treatment" in log.guide.say.text
    log.ben(2, "", media="photo")
    assert log.guide.say == (
        "patient", "On the patient’s phone, press “Scan the code from the desk”."
    )  # fmt: skip
    for text, label in (("Do you agree?", "I agree"), ("Tick", "Done"), ("Last", "I can see this")):
        log.anna(3, text, label)
        assert log.guide.say.where == "patient"
        assert f"“{label}”" in log.guide.say.text
    log.anna(3, "Thank you").ben(4, "Is it her?", "Yes, confirm")
    assert log.guide.say.where == "staff"
    assert "“Yes, confirm”" in log.guide.say.text
    assert log.done == [False] * 4
    log.anna(5, "You are set. Goodbye.")
    assert log.done == [True, False, False, False]


def test_a_code_without_a_picture_is_seen_by_its_link() -> None:
    assert "Scan" in Log().ben(1, "https://t.me/b?start=abc").guide.say.text


def test_what_people_write_themselves_ticks_nothing_off() -> None:
    log = Log().anna(1, "You are set. Saved.", "All good", by="Anna")
    log.ben(2, "CLOSED", "Claim", by="Ben")
    assert log.done == [False] * 4


def test_a_good_day_is_one_tap() -> None:
    log = enrolled()
    assert log.guide.say.where == "clock"
    log.anna(2, "How are you?", "All good, none", "symptoms")
    assert "“All good”" in log.guide.say.text
    log.anna(2, "Saved. Goodbye.", what="edited")
    assert log.done == [True, True, False, False]
    assert log.guide.say.where == "clock"


def test_a_bad_day_is_answered_to_its_end() -> None:
    log = enrolled().anna(2, "How?", "All good").anna(2, "Saved.", what="edited")
    log.anna(3, "How?", "All good", "symptoms")
    assert "“symptoms”" in log.guide.say.text
    log.anna(3, "Tick", "Fever", what="edited")
    assert log.guide.say.text.startswith("Go on")
    log.ben(4, "Fever", "Claim", "Contacted")
    assert log.done == [True, True, True, False]


def test_an_alert_is_taken_care_of_press_by_press() -> None:
    log = enrolled().anna(2, "Saved.")
    for label in ("Claim", "Contacted", "Resolve", "Advised"):
        log.ben(4, "Fever", label)
        assert f"“{label}”" in log.guide.say.text
        assert log.done == [True, True, True, False]
    log.ben(4, "✅ closed by Ben")
    assert log.done == [True] * 4
    assert "Omar" in log.guide.say.text


def test_a_closed_card_that_was_no_alert_ends_nothing() -> None:
    assert Log().ben(1, "The desk is closed").done == [False] * 4


def test_the_order_of_days_does_not_matter() -> None:
    log = enrolled().anna(2, "How?", "All good").ben(3, "Fever", "Claim")
    assert log.done == [True, False, True, False]
    assert log.guide.say.where == "patient"


@pytest.mark.parametrize("what", ["deleted", "toast", "alert"])
def test_only_what_stands_in_the_chat_counts(what) -> None:
    assert Log().anna(1, "You are set.", what=what).done == [False] * 4


def test_the_words_are_the_protocol_s_and_the_bot_s() -> None:
    phrases = {
        "agree": "I agree", "facts_done": "Done", "test_button": "I see",
        "set_up": "You are set. It comes on {day}.",
    }  # fmt: skip
    words = landmarks(bundled(), phrases)
    assert (words.set_up, words.fine) == ("You are set", "We have saved your answers")
    assert (words.well, words.agree) == ("All good, none of these", "I agree")
