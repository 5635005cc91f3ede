"""Whatever Anna, her clinic and the weather do, every promise holds at every step."""

import pytest
from random_stories import lived


@pytest.mark.parametrize("seed", range(24))
def test_every_promise_holds_in_a_random_story(seed):
    program = lived(seed, steps=45)
    assert program.seen.step > 30


def test_a_story_is_the_same_each_time():
    assert lived(3, steps=12).record == lived(3, steps=12).record
