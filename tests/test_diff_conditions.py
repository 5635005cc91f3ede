"""What a changed condition line means, and who needs a sign or its absence."""

import pytest
from small_protocol import OLD

from flows.compare.conditions import Turn, every, number_turn, some, turn_of, used
from flows.protocol_file import bundled
from flows.rule_tables import Condition


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        ("temp_c >= 38.0", "temp_c >= 38.5", Turn.LESS),
        ("temp_c >= 38.0", "temp_c >= 37.5", Turn.MORE),
        ("temp_c >= 38.0", "temp_c > 38.0", Turn.LESS),
        ("temp_c > 38.0", "temp_c >= 38.0", Turn.MORE),
        ("temp_c >= 38.0", "temp_c >= 38.00", Turn.SAME),
        ("hours <= 48", "hours <= 24", Turn.LESS),
        ("hours <= 48", "hours < 72", Turn.MORE),
        ("hours <= 48", "hours < 48", Turn.LESS),
        ("redness is_at_least light_pink", "redness is_at_least clearly_red", Turn.LESS),
        ("redness is clearly_red", "redness is very_red", Turn.LESS | Turn.MORE),
        ("hives in treated, elsewhere", "hives is not none", Turn.MORE),
        ("red_flags includes fit", "red_flags includes faint", Turn.LESS | Turn.MORE),
        ("swelling_sudden is no", "swelling_sudden", Turn.LESS | Turn.MORE),
    ],
)
def test_a_changed_line_turns_its_condition_one_way(before: str, after: str, turn: Turn) -> None:
    (left,), (right,) = OLD.comparisons((before,)), OLD.comparisons((after,))
    assert turn_of(left, right) == turn
    if left.subject.kind == "number":
        assert number_turn(left, right) == turn


@pytest.mark.parametrize(
    ("before", "after", "told_as", "turn"),
    [
        (Condition(all=("warmth",)), Condition(), "no longer needs", Turn.MORE),
        (Condition(), Condition(all=("warmth",)), "now also needs", Turn.LESS),
        (
            Condition(any=("warmth", "worry")),
            Condition(any=("worry",)),
            "no longer enough",
            Turn.LESS,
        ),
        (Condition(any=("warmth",)), Condition(), "no longer one of", Turn.MORE),
        (
            Condition(any=("worry",)),
            Condition(any=("worry", "warmth")),
            "now enough too",
            Turn.MORE,
        ),
        (Condition(), Condition(any=("warmth",)), "now one of those", Turn.LESS),
        (
            Condition(all=("hours > 5", "temp_c >= 38.0")),
            Condition(all=("hours < 5", "temp_c >= 38.0")),
            "no longer needs",
            Turn.MORE,
        ),
    ],
)
def test_a_line_that_goes_or_comes_is_told(
    before: Condition, after: Condition, told_as: str, turn: Turn
) -> None:
    found = [*every(OLD, OLD, before.all, after.all), *some(OLD, OLD, before.any, after.any)]
    assert told_as in found[0].sentence
    assert found[0].turn == turn


def test_lines_about_two_things_are_not_taken_for_one_that_moved() -> None:
    gone, come = every(OLD, OLD, ("warmth",), ("worry",))
    assert (gone.turn, come.turn) == (Turn.MORE, Turn.LESS)


def test_lines_in_another_order_turn_nothing() -> None:
    assert list(every(OLD, OLD, ("warmth", "worry"), ("worry", "warmth"))) == []


def test_who_needs_a_sign_and_who_its_absence_is_followed_through_other_signs() -> None:
    whole = bundled()
    assert used(whole, "gravity") == (True, True)
    assert used(whole, "lump_present") == (True, False)
    assert used(whole, "healing_deep") == (False, True)
