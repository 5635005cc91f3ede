"""What Alma types to plan the rota, on Tuesday 24 November 2026 at 14:00 in Berlin."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from flows.rota_line import RotaError, read_away, read_plan

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def plan(text: str):
    found = read_plan(text, BERLIN, NOW)
    return found.name, [
        (f"{start.astimezone(BERLIN):%d.%m. %H:%M}", f"{end.astimezone(BERLIN):%d.%m. %H:%M}")
        for start, end in found.spells
    ]


@pytest.mark.parametrize(
    ("text", "spell"),
    [
        ("Ben fri 18:00 mon 08:00", ("27.11. 18:00", "30.11. 08:00")),
        ("Ben FRI 18:00 to Mon 8:00", ("27.11. 18:00", "30.11. 08:00")),
        ("Ben tue 15:00 tue 20:00", ("24.11. 15:00", "24.11. 20:00")),
        ("Ben tue 13:00 wed 08:00", ("01.12. 13:00", "02.12. 08:00")),
        ("Ben mon 08:00 mon 08:00", ("30.11. 08:00", "07.12. 08:00")),
        ("Ben 2026-12-24 18:00 2026-12-27 08:00", ("24.12. 18:00", "27.12. 08:00")),
        ("Ben 2026-11-24 08:00 2026-11-24 20:00", ("24.11. 08:00", "24.11. 20:00")),
    ],
)
def test_a_shift_is_read_by_the_clinics_wall_clock(text, spell) -> None:
    assert plan(text) == ("Ben", [spell])


def test_a_name_may_have_several_words() -> None:
    assert plan("Zoë van den Berg fri 18:00 mon 08:00")[0] == "Zoë van den Berg"


def test_weeks_keep_the_hour_of_the_wall_clock_when_the_clocks_change() -> None:
    _, spells = plan("Ben 2027-03-26 18:00 2027-03-29 08:00 for 2 weeks")
    assert spells == [("26.03. 18:00", "29.03. 08:00"), ("02.04. 18:00", "05.04. 08:00")]
    assert len(plan("Ben fri 18:00 mon 08:00 for 26 weeks")[1]) == 26


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "I did not understand that."),
        ("Ben", "I did not understand that."),
        ("fri 18:00 mon 08:00", "I did not understand that."),
        ("Ben fri 25:00 mon 08:00", "I did not understand that."),
        ("Ben 2026-02-30 18:00 2026-03-01 08:00", "There is no day 2026-02-30."),
        ("Ben 2026-11-01 18:00 2026-11-02 08:00", "That is over already"),
        ("Ben 2026-12-24 18:00 2026-12-24 08:00", "That is over already, or ends before"),
        ("Ben 2026-12-24 18:00 2027-01-04 08:00", "A shift has at most 7 days"),
        ("Ben fri 18:00 mon 08:00 for 0 weeks", "1 to 26 weeks"),
        ("Ben fri 18:00 mon 08:00 for 27 weeks", "1 to 26 weeks"),
    ],
)
def test_what_is_no_shift_is_said_with_an_example(text, said) -> None:
    with pytest.raises(RotaError, match="oncall plan Ben fri 18:00") as error:
        read_plan(text, BERLIN, NOW)
    assert str(error.value).startswith(said) or said in str(error.value)


def off(text: str):
    found = read_away(text, BERLIN, NOW)
    return (
        found.name, f"{found.start.astimezone(BERLIN):%d.%m. %H:%M}",
        f"{found.end.astimezone(BERLIN):%d.%m. %H:%M}", found.cover,
    )  # fmt: skip


def test_both_days_are_days_off() -> None:
    assert off("Ben 2026-12-24 to 2027-01-02 cover Cleo") == (
        "Ben", "24.12. 00:00", "03.01. 00:00", "Cleo",
    )  # fmt: skip
    assert off("Ben tue tue cover Cleo B") == ("Ben", "24.11. 00:00", "25.11. 00:00", "Cleo B")
    assert off("Ben fri mon cover Cleo") == ("Ben", "27.11. 00:00", "01.12. 00:00", "Cleo")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ben 2026-12-24 2027-01-02", "I did not understand that."),
        ("Ben 2026-12-24 2026-12-23 cover Cleo", "ends before it begins"),
        ("Ben 2026-11-20 2026-11-23 cover Cleo", "That is over already"),
        ("Ben 2026-12-24 2027-12-30 cover Cleo", "Days off are at most a year."),
    ],
)
def test_what_are_no_days_off_is_said_with_an_example(text, said) -> None:
    with pytest.raises(RotaError, match="oncall away Ben") as error:
        read_away(text, BERLIN, NOW)
    assert said in str(error.value)
