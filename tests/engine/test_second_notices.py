"""Whom an alert is decided to reach past Telegram, and when it is not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_of_a_clinic import BEN, CLEO, DESK, NOW, anna, of_kind, turn_of

from flows.engine.advance import advance
from flows.engine.alerts import Cause, notify, raise_alert
from flows.engine.events import ShowCard, TellBySecondChannel
from flows.engine.inputs import CardRefused
from flows.engine.record import StoredAlert
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.escalation import StaffMember
from flows.verdict import Fired, Level

CHECK_IN = StoredCheckIn("1/check_in/24", 1, "check_in", 24, NOW)
KEY = "A7K2-1"
BENS = replace(BEN, channel="confirmed")
REFUSED = CardRefused(BEN.id, KEY, 17)


def desk(*people: StaffMember):
    """Return the clinic with these people on its roster."""
    return replace(DESK, clinic=replace(DESK.clinic, roster=people))


def raised(level: Level, *people: StaffMember) -> Turn:
    turn = turn_of(anna(), desk=desk(*people))
    raise_alert(turn, Cause(CHECK_IN, [Fired("R-1", level, "reason", ("own_choice",), "P2")]))
    return turn


def later(turn: Turn, minutes: int) -> Turn:
    """Let the next notice of the alert fall due."""
    then = Turn(turn.desk, turn.record, NOW + timedelta(minutes=minutes))
    notify(then, KEY)
    return then


def refused(alert: StoredAlert, *people: StaffMember, minutes: int = 1) -> list[int]:
    """Return whom it is brought to past Telegram after Telegram has refused Ben's card."""
    record = anna().with_alert(alert)
    then = NOW + timedelta(minutes=minutes)
    found = advance(desk(*people), record, REFUSED, then)
    return [one.to for one in of_kind(found.events, TellBySecondChannel)]


def alert_of(**changes: object) -> StoredAlert:
    return replace(raised(Level.URGENT, BENS, CLEO).record.alerts[KEY], **changes)


@pytest.mark.hazard("H53")
def test_an_urgent_alert_goes_past_telegram_with_its_second_notice():
    turn = raised(Level.URGENT, BENS, CLEO)
    assert of_kind(turn.events, TellBySecondChannel) == []
    [event] = of_kind(later(turn, 5).events, TellBySecondChannel)
    assert (event.to, event.alert) == (BEN.id, KEY)
    [again] = of_kind(later(later(turn, 5), 15).events, TellBySecondChannel)
    assert again.repeat != event.repeat


@pytest.mark.hazard("H53")
def test_whom_telegram_does_not_reach_hears_with_the_first():
    turn = raised(Level.EMERGENCY, replace(BENS, reachable=False), CLEO)
    assert [one.to for one in of_kind(turn.events, TellBySecondChannel)] == [BEN.id]
    assert [one.to for one in of_kind(turn.events, ShowCard)] == ["staff", CLEO.id]


def test_a_follow_up_stays_in_telegram():
    turn = raised(Level.FOLLOW_UP, replace(BENS, reachable=False), CLEO)
    assert of_kind(turn.events, ShowCard)
    assert of_kind(turn.events, TellBySecondChannel) == []
    assert of_kind(later(turn, 60).events, TellBySecondChannel) == []


@pytest.mark.hazard("H53")
def test_a_card_that_bens_chat_refuses_goes_past_telegram():
    assert refused(alert_of(), BENS, CLEO) == [BEN.id]


@pytest.mark.hazard("H53")
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"resolved_at": NOW}, "closed"),
        ({"contacted_at": NOW + timedelta(seconds=20)}, "the patient was reached"),
        ({"claimed_by": CLEO.id, "claimed_at": NOW + timedelta(seconds=20)}, "Cleo has it"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_refused_card_of_an_alert_that_is_seen_to_goes_nowhere(changes, why):
    assert refused(alert_of(**changes), BENS, CLEO) == [], why


def test_a_claim_that_has_run_out_holds_nothing_back():
    claimed = alert_of(claimed_by=CLEO.id, claimed_at=NOW + timedelta(seconds=20))
    assert refused(claimed, BENS, CLEO, minutes=40) == [BEN.id]


@pytest.mark.parametrize("people", [(BEN, CLEO), (CLEO,)], ids=["no channel", "not there"])
def test_nobody_is_told_where_ben_has_no_channel(people):
    assert refused(alert_of(), *people) == []


def test_a_card_of_an_alert_that_is_gone_goes_nowhere():
    assert refused(alert_of(key="A7K2-2"), BENS, CLEO) == []
