"""Anna writes the words of a warning sign instead of pressing it: in any language, in any way."""

import re

import pytest
from small_protocol import OLD, edited, item
from test_checkin import ALL_GOOD, SYMPTOMS, check_in, flag, through, tick

from flows.conversation import Screen, Tap
from flows.named_signs import signs_in, signs_named
from flows.protocol_file import bundled
from flows.verdict import Level

FLAGS = bundled().question_by_id["red_flags"]
LABELS = [(sign.id, label) for sign in FLAGS.options for label in sign.label.values()]
FULL_WIDTH = {n: n + 0xFEE0 for n in range(0x21, 0x7F)}
WAYS = {
    "as it stands": str,
    "in capitals": str.upper,
    "with signs around it": lambda label: f"  ¡¡{label}!!! …",
    "with emoji": lambda label: f"😢 {label} 🆘",
    "without spaces": lambda label: label.replace(" ", ""),
    "without commas": lambda label: re.sub("[,،、]", " ", label),
    "letter by letter": " ".join,
    "in full width": lambda label: label.translate(FULL_WIDTH),
    "in quotes": lambda label: f"«“{label}”»",
    "in straight quotes": lambda label: f'"{label}".',
    "in single quotes": lambda label: f"‘{label}’",
    "as a question": lambda label: f"{label}?!",
    "as a question of its own script": lambda label: f"¿{label}？؟",
    "with hands and hearts": lambda label: f"{label} 🙏🏽❤️‍🩹‼️ℹ️ 1️⃣",
    "copied with its mark": lambda label: f"▫️ {label}",
    "over two lines": lambda label: label.replace(" ", "\n", 1),
}


def test_every_sign_has_words_in_six_languages() -> None:
    assert all(len(sign.label) == 6 for sign in FLAGS.options)


@pytest.mark.hazard("H25")
@pytest.mark.parametrize("way", WAYS)
def test_every_label_of_a_warning_sign_is_that_sign_however_it_is_written(way: str) -> None:
    for sign, label in LABELS:
        assert signs_named(bundled(), WAYS[way](label)) == {sign}, label


@pytest.mark.parametrize(
    ("part", "sign"),
    [
        ("hoarse", "throat"),
        ("swollen tongue", "throat"),
        ("Wheeze", "breathing"),
        ("eye pain!", "vision"),
        ("weak arm", "stroke"),
        ("ronquera", "throat"),
        ("rouquidão", "throat"),
        ("сжато горло", "throat"),
        ("تورم اللسان", "throat"),
        ("重影", "vision"),
        ("worst headache ever", "worst_headache"),
        ("Confused", "confused"),
        ("confused?", "confused"),
        ("Confusão", "confused"),
        ("Путаются мысли", "confused"),
        ("«神志不清»", "confused"),
        ("صفير", "breathing"),
        ("le silba el pecho", "breathing"),
        ("very pale 😟", "blue_grey"),
        ("很苍白！", "blue_grey"),
        ("le duele el ojo", "vision"),
        ("ألم في العين", "vision"),
    ],
)
def test_a_part_of_a_label_that_is_a_sign_without_the_rest_is_that_sign(part, sign) -> None:
    assert signs_named(bundled(), part) == {sign}


@pytest.mark.parametrize(
    "words",
    ["", "👍", "...", "blue", "grey", "sudden", "Сыпь", "Чувство", "no red streaks", "sin pus",
     "mucho sueño", "very drowsy", "非常嗜睡", "blotchy skin", "有斑块", "a manchas", "dia todo",
     "no tengo dolor en el pecho", "нет боли в груди", "没有胸痛", "my chest pain is gone"],
)  # fmt: skip
def test_other_words_name_no_sign(words: str) -> None:
    assert signs_named(bundled(), words) == frozenset()


@pytest.mark.parametrize("words", ["no red streaks", "sin pus", "sem pus", "no hives", "没有脓"])
def test_what_is_denied_interrupts_nobody(words: str) -> None:
    assert not signs_in(bundled(), words).interrupt


def test_a_clinics_own_label_is_heard_as_its_own_protocol_says() -> None:
    def change(tables) -> None:
        flags = item(tables, "questions", "red_flags")
        flags["options"][0]["label"] = {"en": "Zebra skin, wheezing / quokka"}

    own = edited(change)
    assert signs_named(own, "ZEBRA SKIN, wheezing, quokka!") == {"breathing"}
    assert signs_named(own, "wheezing") == {"breathing"}
    assert signs_named(own, "quokka") == frozenset()
    assert signs_named(OLD, "zebra skin wheezing quokka") == frozenset()
    assert "breathing" in [sign.sign for sign in signs_in(own, "zebraskinwheezingquokka").signs]


@pytest.mark.hazard("H25")
@pytest.mark.parametrize(("sign", "label"), LABELS)
def test_a_typed_sign_is_at_least_what_a_press_is(sign: str, label: str) -> None:
    pressed = through(check_in(), Tap("one_of_these"), flag(sign))
    for before in ((), (ALL_GOOD,), (SYMPTOMS, tick("fever"), Tap("done", option="same"))):
        typed = through(check_in(), *before, label)
        assert typed.state.answers["red_flags"] == {sign}
        assert typed.verdict.level >= max(pressed.verdict.level, Level.URGENT)
        assert typed.state.screen is (Screen.STOP if pressed.interrupted else Screen.FLAGS)
        assert typed.kept_words == label


def test_a_typed_sign_unticks_nothing() -> None:
    told = through(check_in(), Tap("one_of_these"), flag("streaks"), "Very dizzy", "red streaks")
    assert told.state.answers["red_flags"] == {"streaks", "dizzy"}


def test_pus_alone_reaches_a_person_no_later_than_its_answer_would() -> None:
    told = through(check_in(), "pus")
    assert told.state.screen is Screen.FLAGS
    assert told.verdict.level is Level.URGENT
    denied = through(check_in(), "pus", Tap("back"), ALL_GOOD)
    assert denied.verdict.level is Level.FOLLOW_UP
