"""Who is on call: Cleo until eight, Ben from eight to twenty, Dora from then on."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rota import DaysOff, Shift, covered, given_up, on_call

BEN, CLEO, DORA = 2, 3, 4
DAY = datetime(2026, 11, 24, tzinfo=UTC)


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def shift(staff: int, start: float, end: float, *, accepted: bool = True) -> Shift:
    return Shift(staff, at(start), at(end), accepted)


def names(rota, hour: float) -> tuple[int, ...]:
    return tuple(one.staff for one in on_call(rota, at(hour)))


CLEOS = shift(CLEO, -12, 8)


def test_a_shift_counts_from_its_start_until_just_before_its_end() -> None:
    rota = (shift(BEN, 8, 20),)
    assert [names(rota, hour) for hour in (7.99, 8, 19.99, 20)] == [(), (BEN,), (BEN,), ()]


def test_two_who_have_accepted_are_both_on_call() -> None:
    assert names((shift(BEN, 8, 20), shift(DORA, 10, 12)), 11) == (BEN, DORA)


@pytest.mark.hazard("H28")
def test_cleo_stays_until_ben_has_accepted() -> None:
    waits, taken = shift(BEN, 8, 20, accepted=False), shift(BEN, 8, 20)
    assert names((CLEOS, waits), 9) == (CLEO,)
    assert names((CLEOS, taken), 9) == (BEN,)


def test_cleo_stays_through_a_shift_that_nobody_accepted_into_the_next() -> None:
    bens, doras = shift(BEN, 8, 20, accepted=False), shift(DORA, 20, 32, accepted=False)
    assert names((CLEOS, bens, doras), 21) == (CLEO,)


def test_a_gap_ends_it_and_everyone_is_told() -> None:
    assert names((shift(CLEO, -12, 7), shift(BEN, 8, 20, accepted=False)), 9) == ()


def test_nobody_stays_where_nothing_waits() -> None:
    assert names((CLEOS,), 9) == ()
    assert names((CLEOS, shift(BEN, 8, 20, accepted=False)), 20) == ()


def test_whoever_takes_over_by_themselves_relieves_cleo() -> None:
    rota = (CLEOS, shift(BEN, 8, 20, accepted=False), shift(DORA, 9, 21))
    assert names(rota, 10) == (DORA,)


def test_nobody_is_on_call_by_a_shift_they_have_not_accepted() -> None:
    assert names((shift(BEN, 8, 20, accepted=False),), 9) == ()


# Going off


def names_after(rota, staff: int, hour: float) -> tuple[int, ...]:
    """Return who is on call once somebody has said that they are not."""
    gone = given_up(rota, staff, at(hour))
    return names([one for one in rota if one not in gone], hour)


@pytest.mark.hazard("H28")
def test_cleo_who_stays_may_go_and_everyone_is_told() -> None:
    rota = (CLEOS, shift(BEN, 8, 20, accepted=False))
    assert names(rota, 9) == (CLEO,)
    assert names_after(rota, CLEO, 9) == ()


@pytest.mark.hazard("H28")
def test_ben_who_goes_does_not_put_cleo_on_call_who_went_home_before() -> None:
    doras = shift(DORA, 14, 22, accepted=False)
    assert names_after((CLEOS, shift(BEN, 8, 16), doras), BEN, 14.2) == ()
    assert names_after((shift(CLEO, -12, 14.1), shift(BEN, 8, 16), doras), BEN, 14.2) == ()


def test_dora_who_is_on_call_too_is_so_alone_once_ben_goes() -> None:
    assert names_after((CLEOS, shift(BEN, 8, 20), shift(DORA, 10, 12)), BEN, 11) == (DORA,)


def test_whoever_is_not_on_call_takes_nothing_off_by_going() -> None:
    assert given_up((CLEOS, shift(BEN, 8, 20, accepted=False)), BEN, at(9)) == []
    assert given_up((CLEOS, shift(BEN, 8, 20)), CLEO, at(9)) == []


hours = st.integers(-30, 30)
shifts = st.lists(
    st.builds(
        lambda staff, start, length, ok: shift(staff, start, start + length, accepted=ok),
        st.sampled_from([BEN, CLEO, DORA]), hours, st.integers(1, 24), st.booleans(),
    ), max_size=6,
)  # fmt: skip


@given(shifts, hours)
def test_only_accepted_shifts_ever_count_and_a_present_one_always_does(rota, hour) -> None:
    found = on_call(rota, at(hour))
    assert all(one.accepted for one in found)
    present = [one for one in rota if one.accepted and one.start <= at(hour) < one.end]
    assert not present or list(found) == present


@given(shifts, hours)
def test_going_takes_one_person_off_call_and_puts_nobody_on(rota, hour) -> None:
    before = names(rota, hour)
    after = names_after(rota, BEN, hour)
    assert after == tuple(one for one in before if one != BEN)


# Days off


def away(staff: int, start: float, end: float, cover: int) -> DaysOff:
    return DaysOff(staff, at(start), at(end), cover)


def test_cleo_stands_in_for_the_part_in_which_ben_is_away_and_has_to_accept_it() -> None:
    found = covered(shift(BEN, 8, 20), [away(BEN, 10, 12, CLEO)])
    assert found == (
        shift(BEN, 8, 10), shift(CLEO, 10, 12, accepted=False), shift(BEN, 12, 20),
    )  # fmt: skip


def test_a_whole_shift_goes_to_whoever_stands_in() -> None:
    assert covered(shift(BEN, 8, 20), [away(BEN, 0, 48, CLEO)]) == (
        shift(CLEO, 8, 20, accepted=False),
    )


@pytest.mark.parametrize("spell", [(20, 30), (0, 8)])
def test_days_off_beside_a_shift_leave_it_alone(spell) -> None:
    assert covered(shift(BEN, 8, 20), [away(BEN, *spell, CLEO)]) == (shift(BEN, 8, 20),)
    assert covered(shift(BEN, 8, 20), [away(DORA, 0, 48, CLEO)]) == (shift(BEN, 8, 20),)


def test_where_cleo_is_away_too_dora_stands_in() -> None:
    found = covered(shift(BEN, 8, 20), [away(BEN, 0, 48, CLEO), away(CLEO, 0, 48, DORA)])
    assert [one.staff for one in found] == [DORA]


def test_two_who_stand_in_for_each_other_end_with_one_of_them() -> None:
    found = covered(shift(BEN, 8, 20), [away(BEN, 0, 48, CLEO), away(CLEO, 0, 48, BEN)])
    assert [one.staff for one in found] == [BEN]


@given(st.lists(st.builds(away, st.just(BEN), hours, hours, st.just(CLEO)), max_size=4))
def test_whoever_stands_in_no_hour_of_a_shift_is_lost_or_doubled(days) -> None:
    found = sorted(covered(shift(BEN, 8, 20), days), key=lambda one: one.start)
    assert [one.start for one in found] == [at(8), *(one.end for one in found[:-1])]
    assert found[-1].end == at(20)
