"""Instants in the database are text of one width, in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.instants import EXAMPLE, instant, stored

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001


def test_midnight_has_its_fraction_too() -> None:
    assert stored(datetime(2026, 11, 26, tzinfo=UTC)) == "2026-11-26T00:00:00.000000+00:00"


@given(MOMENTS)
def test_what_was_stored_is_the_same_instant_in_utc(moment) -> None:
    back = instant(stored(moment))
    assert back == moment
    assert back.tzinfo is UTC
    assert len(stored(moment)) == len(EXAMPLE)


@given(MOMENTS, MOMENTS)
def test_they_sort_as_text_as_they_do_in_time(one, other) -> None:
    assert (stored(one) < stored(other)) == (one < other)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        stored(datetime(2026, 11, 26))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-26T00:17:58+00:00",
        "2026-11-26T01:17:58.123456+01:00",
        "2026-11-26T00:17:58.123456",
        "2026-11-26 00:17:58.123456+00:00",
        "2026-11-26",
        "yesterday",
    ],
)
def test_what_has_another_form_is_refused(text) -> None:
    with pytest.raises(ValueError, match=text[:10]):
        instant(text)
