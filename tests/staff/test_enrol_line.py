"""Ben writes a visit in one line, its words in any order."""

from datetime import UTC, datetime
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from bot.staff.enrol_line import example, read_line
from bot.visit import EnrolmentError, EnrolmentRequest
from flows.protocol_file import bundled

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
"""Tuesday, 15:00 in Berlin."""


def read(line: str, now: datetime = NOW) -> EnrolmentRequest:
    return read_line(bundled(), line.split(), BERLIN, now)


def test_the_order_of_the_words_does_not_matter() -> None:
    words = ("mn_topical+inj_skin", "face", "14:30", "lot=AB12")
    at = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    expected = EnrolmentRequest("mn_topical+inj_skin", at, "face", "AB12")
    assert all(read(" ".join(order)) == expected for order in permutations(words))


@pytest.mark.parametrize(
    ("line", "treatment", "area"),
    [
        ("microneedling", "mn_topical", None),
        ("RF face", "mn_rf", "face"),
        ("non-ablative body", "laser_nonabl", "body"),
        ("mn_topical inj_skin", "mn_topical+inj_skin", None),
        ("mn_topical mn_topical", "mn_topical", None),
        ("Microneedling+Lip lip", "mn_topical+inj_lip_eye", "lip"),
        ("lip", "inj_lip_eye", None),
        ("scalp", "inj_scalp", None),
        ("mn_topical scalp", "mn_topical", "scalp"),
        ("scalp mn_topical", "mn_topical", "scalp"),
        ("joint", "joint", None),
        ("joint joint", "joint", "joint"),
        ("iv arm", "iv", "arm"),
    ],
)
def test_a_word_that_is_treatment_and_area_is_the_area_beside_a_treatment(
    line, treatment, area
) -> None:
    request = read(line)
    assert (request.treatment, request.area) == (treatment, area)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("", NOW),
        ("9:05", datetime(2026, 11, 24, 8, 5, tzinfo=UTC)),
        ("2026-11-23 14:30", datetime(2026, 11, 23, 13, 30, tzinfo=UTC)),
        ("14:30 2026-11-23", datetime(2026, 11, 23, 13, 30, tzinfo=UTC)),
        ("2026-11-23T14:30", datetime(2026, 11, 23, 13, 30, tzinfo=UTC)),
        ("2026-11-23T14:30+00:00", datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
        ("2026-11-23T14:30Z", datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_by_the_clinics_clock(words, at) -> None:
    assert read(f"iv {words}").session_at == at


def test_after_midnight_in_berlin_a_time_of_day_is_of_the_new_day() -> None:
    now = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert read("iv 00:10", now).session_at == datetime(2026, 11, 24, 23, 10, tzinfo=UTC)


def test_the_case_code_and_the_zone_can_be_chosen() -> None:
    request = read("iv case=A7K2 zone=Europe/Madrid LOT=x1")
    assert (request.code, request.zone, request.lot) == ("A7K2", "Europe/Madrid", "x1")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("mn_topicl face", "I did not understand «mn_topicl»."),
        ("iv 25:00", "«25:00»"),
        ("iv 2026-13-01", "«2026-13-01»"),
        ("iv 9:00 10:00", "«10:00»"),
        ("iv lot=", "«lot=»"),
        ("iv lot=1 lot=2", "«lot=2»"),
        ("iv colour=red", "«colour=red»"),
        ("iv face arm", "Two areas are one too many: face, arm."),
        ("mn_topical+botox", "«mn_topical+botox»"),
        ("+", "«+»"),
        ("face 14:30", "Which treatment was it?"),
        ("laser", "«laser»"),
        ("iv 2026-11-23", "Write the time of day too"),
        ("iv 2026-11-23T14:30 9:00", "The time stands there twice."),
        ("x" * 5000, "«xxxxxxxxxxxxxxxxxxxxxxxx»"),
    ],
)
def test_what_is_not_understood_is_named(line, words) -> None:
    with pytest.raises(EnrolmentError) as found:
        read(line)
    assert words in str(found.value)
    assert len(str(found.value)) < 1000


def test_the_example_is_understood() -> None:
    assert read(example(bundled())).treatment == "mn_topical"
