"""What Anna says is readable only with her key, and only where it was stored."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing import DataKey, Keyring, SealError, clinic_key, new_key_text
from storage.transaction import Query

PLACE = "answer|body|7"
WORDS = b"It is hot and I feel ill"


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.from_text(new_key_text())


@pytest.fixture
def anna(keyring) -> DataKey:
    return keyring.unwrap(keyring.new_data_key())


def test_anna_s_words_come_back_and_are_nowhere_in_what_is_stored(anna) -> None:
    sealed = anna.seal(WORDS, PLACE)
    assert anna.open(sealed, PLACE) == WORDS
    assert b"hot" not in sealed
    assert len(sealed) == 4 + 12 + len(WORDS) + 16


def test_the_same_words_look_different_each_time(anna) -> None:
    assert anna.seal(WORDS, PLACE) != anna.seal(WORDS, PLACE)


@pytest.mark.parametrize("elsewhere", ["answer|body|8", "message|body|7", "answer|note|7", ""])
def test_a_row_that_was_swapped_with_another_is_refused(anna, elsewhere) -> None:
    sealed = anna.seal(WORDS, PLACE)
    with pytest.raises(SealError) as caught:
        anna.open(sealed, elsewhere)
    assert "moved from another place" in str(caught.value)
    assert "hot" not in str(caught.value)


def test_omar_s_key_does_not_open_anna_s_words(keyring, anna) -> None:
    omar = keyring.unwrap(keyring.new_data_key())
    with pytest.raises(SealError, match="belongs to somebody else"):
        omar.open(anna.seal(WORDS, PLACE), PLACE)


KEY = DataKey(bytes(range(32)))
SEALED = KEY.seal(WORDS, PLACE)


@given(st.integers(0, 8 * len(SEALED) - 1))
def test_any_bit_that_flips_is_noticed(bit) -> None:
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealError):
        KEY.open(bytes(changed), PLACE)


@given(st.integers(0, len(SEALED) - 1))
def test_what_was_cut_short_is_noticed(length) -> None:
    with pytest.raises(SealError):
        KEY.open(SEALED[:length], PLACE)


def test_a_new_key_of_the_clinic_seals_and_the_old_one_still_opens() -> None:
    old, new = new_key_text(), new_key_text()
    wrapped = Keyring.from_text(old).new_data_key()
    sealed = Keyring.from_text(old).unwrap(wrapped).seal(WORDS, PLACE)

    both = Keyring.from_text(f"{new}, {old}")
    assert both.unwrap(wrapped).open(sealed, PLACE) == WORDS
    again = both.rewrap(wrapped)
    assert Keyring.from_text(new).unwrap(again).open(sealed, PLACE) == WORDS
    with pytest.raises(SealError, match="Add the key that was used before"):
        Keyring.from_text(new).unwrap(wrapped)


def test_a_wrapped_key_that_was_damaged_is_refused(keyring) -> None:
    wrapped = bytearray(keyring.new_data_key())
    wrapped[-1] ^= 1
    with pytest.raises(SealError, match="was changed"):
        keyring.unwrap(bytes(wrapped))


def test_a_data_key_is_unwrapped_once(keyring) -> None:
    wrapped = keyring.new_data_key()
    assert keyring.unwrap(wrapped) is keyring.unwrap(wrapped)


def test_a_key_is_43_characters_and_may_lose_its_equals_sign() -> None:
    text = new_key_text()
    bare = text.rstrip("=")
    assert len(bare) == 43
    wrapped = Keyring.from_text(text).new_data_key()
    assert Keyring.from_text(bare).unwrap(wrapped)


@pytest.mark.parametrize(
    "text",
    ["", "secret", "café" * 11, base64.urlsafe_b64encode(bytes(16)).decode(), "A" * 42 + "!"],
)
def test_what_is_no_key_is_refused_and_not_repeated(text) -> None:
    with pytest.raises(SealError, match="32 bytes in base64url") as caught:
        Keyring.from_text(text)
    assert not text or text not in str(caught.value)


async def test_the_clinic_has_one_key_for_rows_of_no_patient(database, keyring) -> None:
    first = await database.run(clinic_key(keyring))
    sealed = first.seal(b"an update", "inbox|body|1")
    second = await database.run(clinic_key(keyring))
    assert second.open(sealed, "inbox|body|1") == b"an update"

    def everything():
        return (yield Query("SELECT value FROM meta"))

    (row,) = await database.read(everything())
    assert len(bytes.fromhex(row["value"])) == 4 + 12 + 32 + 16
