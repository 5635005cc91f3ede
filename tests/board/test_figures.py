"""The clinic's figures, counted by hand."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.board import figures
from bot.board.bars import burden_bars
from flows.lots import Count
from storage.board_clinic import Answers, Raised, Sessions
from storage.instants import stored

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def alert(
    code: str = "A7K2", minutes: float | None = None, *, raised: datetime = NOW,
    lot: str = "AB12", ended: datetime = NOW,
) -> Raised:  # fmt: skip
    heard = None if minutes is None else raised + timedelta(minutes=minutes)
    key, session, is_acted_upon = f"{code}-1", (code, 1), heard is not None
    return Raised(key, code, "urgent", raised, heard, is_acted_upon, session, "inj_skin", lot,
                  stored(ended))  # fmt: skip


def test_an_alert_counts_once_for_each_rule_that_raised_it() -> None:
    counts = figures.by_rule([
        ("A7K2-1", "follow_up: FEV-05, TRD-04"), ("A7K2-1", "follow_up to urgent: FEV-07, TRD-04"),
        ("M4R8-1", "urgent: FEV-07"), ("T9W3-1", "watch: RED-02"), ("C5H6-1", ""),
    ])  # fmt: skip
    assert counts == {"FEV-07": 2, "TRD-04": 1, "FEV-05": 1}


def test_the_burden_is_alerts_per_100_answered() -> None:
    assert figures.burden([alert()] * 3, Answers(50, 40, 38)) == 7.5
    assert figures.burden([alert()], Answers(0, 0, 0)) is None


def test_the_middle_and_nearly_all() -> None:
    values = [float(number) for number in range(1, 101)]
    assert figures.quantile(values, figures.MIDDLE) == 51
    assert figures.quantile(values, figures.NEARLY_ALL) == 96
    assert figures.quantile([], 0.5) is None
    assert figures.quantile([7.0], 0.95) == 7


def test_waits_are_counted_by_the_hour_of_the_clinics_wall_clock() -> None:
    night = NOW.replace(hour=2)
    found = figures.by_hour(
        [alert(minutes=2), alert(minutes=4), alert(raised=night, minutes=30), alert()], BERLIN
    )
    assert [(one.hour, one.alerts, one.middle) for one in found] == [(3, 1, 1800), (14, 2, 240)]


def test_a_session_with_three_alerts_is_one_reaction_and_an_older_session_none() -> None:
    since = NOW - timedelta(days=30)
    old = alert("M4R8", ended=since - timedelta(days=1))
    assert len(figures.reactions([alert(), alert(), alert(), old], since)) == 1


def test_a_bad_lot_stands_out_and_comes_first() -> None:
    sessions = [Sessions("inj_skin", "AB12", 10), Sessions("inj_skin", "OK1", 190),
                Sessions("iv", "", 40)]  # fmt: skip
    codes = [f"C{number}" for number in range(8)]
    followed = {
        (code, 1): alert(code, lot="AB12" if number < 4 else "OK1")
        for number, code in enumerate(codes)
    }
    first, second = figures.shares(sessions, followed, of_lots=True)
    assert (first.name, first.count, first.stands_out) == ("AB12", Count(10, 4), True)
    assert (second.name, second.stands_out) == ("OK1", False)
    treatments = figures.shares(sessions, followed, of_lots=False)
    assert [one.name for one in treatments] == ["inj_skin", "iv"]
    assert not any(one.stands_out for one in treatments)


def test_the_bar_says_in_words_what_it_shows() -> None:
    drawn = burden_bars(12.34, figures.PRO_TECT, figures.MSK)
    assert "12.3 here; 34 in PRO-TECT, 8 at Memorial Sloan Kettering" in drawn
    assert " style=" not in drawn
    assert 'class="part" x="10" y="24" width="107.3"' in drawn


def test_of_no_check_in_there_is_no_bar() -> None:
    drawn = burden_bars(None, figures.PRO_TECT, figures.MSK)
    assert "Alerts per 100 check-ins: – here; 34 in PRO-TECT" in drawn
    assert 'class="part" x="10" y="24" width="0.0"' in drawn
