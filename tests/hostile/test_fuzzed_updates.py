"""Updates that were made wrong, end to end; the same code makes the page's figure."""

import json
from random import Random

import pytest

from bench.reliability.fuzz_round import Fuzz, one_round
from bench.reliability.mutating import Mutator
from bench.reliability.ward import a_ward
from bot.reading import read
from bot.standin.messages import Shown

UPDATE = {
    "update_id": 7,
    "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "hi"},
}


@pytest.mark.hazard("H13", "H26", "H36")
def test_hundreds_of_updates_made_wrong_stop_nobody_and_show_nobody_anothers_words() -> None:
    tally = one_round(seed=1, mutants=600)
    assert tally.mutants == 600
    assert tally.unhandled == []
    assert tally.stuck == []
    assert tally.leaks == []
    assert tally.unfinished == 0
    assert tally.set_aside > 0, "some are past reading"
    assert tally.strange_aside == [], "what Telegram could send is not"


async def test_the_round_notices_a_leak_and_a_chat_that_is_stuck() -> None:
    async with a_ward() as ward:
        fuzz = Fuzz(ward, 1)
        await ward.enrols(2)
        anna, omar = ward.patients
        chat, now = omar.person.chat_with(ward.bot), ward.clock.now()
        text = f"to {anna.canary}"
        ward.world.log.append(Shown(now, omar.person.id, "", chat.id, 1, "sent", text))
        ward.app.intake.work = lambda _updates: None
        await fuzz.looks()
        assert len(fuzz.tally.leaks) == 1
        assert len(fuzz.tally.stuck) == 2
        assert fuzz.tally.unfinished > 0


def test_the_same_seed_makes_the_same_mutants() -> None:
    def some(seed: int) -> list[str]:
        mutator = Mutator(Random(seed), [1, 2])  # noqa: S311 - a seed is wanted
        return [repr(mutator.mutant(UPDATE)) for _ in range(50)]

    assert some(3) == some(3)
    assert some(3) != some(4)


def test_half_a_sign_and_nothing_are_replaced_and_whole_signs_stay() -> None:
    message = UPDATE["message"] | {"text": "a\ud83d b\x00 👩\u200d👧 \\u0000 \\\x00"}
    found = read(json.dumps(UPDATE | {"message": message}).encode())
    assert found["message"]["text"] == "a\ufffd b\ufffd 👩\u200d👧 \\u0000 \\\ufffd"


@pytest.mark.parametrize(
    ("key", "value"),
    [("chat", {"id": "5", "type": "private"}), ("chat", {"id": 2**63, "type": "private"}),
     ("text", ["hi"]), ("message_id", True), ("from", {"id": 1.0}), ("photo", [{}])],
)  # fmt: skip
def test_a_number_that_came_as_a_text_is_no_number(key, value) -> None:
    message = UPDATE["message"] | {key: value}
    with pytest.raises(ValueError, match="Update"):
        read(json.dumps(UPDATE | {"message": message}).encode())
