"""A message that is nothing but a sign, and letters run together or apart."""

import pytest

from flows.redflags import detect, lexicon
from flows.redflags.alone import phrases
from flows.redflags.data import read_toml
from flows.redflags.normalise import read

ALONE = [
    (sign, phrase.strip())
    for signs in read_toml("alone.toml").values()
    for sign, listed in signs.items()
    for phrase in listed.split(",")
]


@pytest.mark.hazard("H25")
@pytest.mark.parametrize(
    ("message", "sign"),
    [
        ("pus", "infection"),
        ("PUS!!", "infection"),
        ("гной", "infection"),
        ("red streaks", "infection"),
        ("Hives 😟", "allergy"),
        ("SOB", "breathing"),
        ("s.o.b.", "breathing"),
        ("одышка", "breathing"),
        ("chestpain", "chest"),
        ("c h e s t  p a i n", "chest"),
        ("c h e s t p a i n", "chest"),
        ("c-h-e-s-t p-a-i-n", "chest"),
        ("cantbreathe", "breathing"),
        ("c a n t b r e a t h e", "breathing"),
        ("help I have c h e s t  p a i n", "chest"),
        ("боль в г р у д и", "chest"),
        ("ploho s serdtsem", "chest"),
        ("Мне плохо с сердцем", "chest"),
        ("mne ploho s serdcem", "chest"),
        ("皮肤出现紫色网状花纹", "skin_colour"),
    ],
)
def test_anna_is_heard_in_few_letters(message: str, sign: str) -> None:
    assert sign in [found.sign for found in detect(message).signs]


@pytest.mark.parametrize(
    "message",
    ["no pus", "sin pus", "no hives", "no red streaks", "no sob", "n o  p u s", "нет гноя",
     "нет, с сердцем не плохо", "花园里的花很漂亮", "鲜花", "a b c d e", "o u a e", "...."],
)  # fmt: skip
def test_what_is_denied_or_no_sign_stays_so(message: str) -> None:
    assert not detect(message).interrupt


def test_every_phrase_is_a_sign_that_the_vocabulary_has() -> None:
    known = {concept for code in lexicon.LANGUAGES for concept, _ in lexicon.entries(code)}
    assert {f"sign:{sign}" for sign, _ in ALONE} <= known
    assert set(read_toml("alone.toml")) == set(lexicon.LANGUAGES)
    for sign, phrase in ALONE:
        found = detect(phrase.upper())
        assert sign in [one.sign for one in found.signs], phrase
        assert all(word in phrase.upper() for one in found.signs for word in one.words)
    assert all(phrases())


def test_the_words_quoted_are_those_that_were_typed() -> None:
    [sign] = detect("oh, c h e s t  p a i n").signs
    assert sign.words == ("c h e s t  p a i n",)


def test_single_letters_are_one_word_only_where_four_follow_each_other() -> None:
    assert [token.text for token in read("p a i n and x y z").tokens] == [
        "pain", "and", "x", "y", "z",
    ]  # fmt: skip
