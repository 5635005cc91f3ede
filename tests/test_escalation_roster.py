"""Who is there to be told: the rota, who cannot be reached, and an empty roster."""

from dataclasses import replace

import pytest
from test_escalation import (
    ALWAYS,
    BEN,
    BERLIN,
    CALL,
    CLEO,
    CLINIC,
    DORA,
    EMERGENCY,
    EMIL,
    EVERYONE,
    FAY,
    FOLLOW_UP,
    HOURS,
    MINUTE,
    NIGHT,
    URGENT,
    WATCH,
    notice,
    told,
)

from flows.escalation import Clinic
from flows.rota import Shift


def test_who_is_on_call_changes_at_the_minute_of_the_hand_over():
    handover = NIGHT + 5 * MINUTE
    rota = (Shift(BEN.id, ALWAYS[0], handover), Shift(DORA.id, handover, ALWAYS[1]))
    clinic = replace(CLINIC, rota=rota)
    assert notice(URGENT, NIGHT, clinic).who == (BEN.id,)
    assert notice(told(URGENT, NIGHT), handover - MINUTE, clinic).who == (DORA.id,)


def test_all_who_are_on_call_are_told():
    clinic = replace(CLINIC, rota=(Shift(DORA.id, *ALWAYS), Shift(BEN.id, *ALWAYS)))
    assert notice(URGENT, NIGHT, clinic).who == (BEN.id, DORA.id)


def test_a_shift_may_be_given_in_local_time():
    rota = (Shift(DORA.id, NIGHT.astimezone(BERLIN), ALWAYS[1].astimezone(BERLIN)),)
    assert notice(URGENT, NIGHT, replace(CLINIC, rota=rota)).who == (DORA.id,)


@pytest.mark.parametrize("alert", [URGENT, CALL], ids=["urgent", "call list"])
@pytest.mark.parametrize(
    "rota",
    [(), (Shift(FAY.id, *ALWAYS),), (Shift(CLEO.id, *ALWAYS),), (Shift(EMIL.id, *ALWAYS),)],
    ids=["nobody", "an auditor", "a stranger", "unreachable"],
)
def test_everyone_is_told_where_nobody_on_call_can_be(alert, rota):
    emil = replace(EMIL, reachable=False)
    clinic = Clinic((BEN, DORA, emil, FAY), rota, HOURS)
    found = notice(alert, alert.raised_at, clinic)
    assert (found.who, found.unreachable) == ((BEN.id, DORA.id), False)
    assert found.audience == (alert.route or "everyone")


@pytest.mark.hazard("H44")
def test_where_nobody_can_be_reached_all_are_tried_and_somebody_outside_is_called():
    clinic = replace(CLINIC, roster=tuple(replace(m, reachable=False) for m in CLINIC.roster))
    found = notice(URGENT, NIGHT, clinic)
    assert (found.audience, found.who, found.unreachable) == ("everyone", EVERYONE, True)


@pytest.mark.parametrize("roster", [(), (FAY,), (replace(BEN, on_roster=False),)])
@pytest.mark.parametrize("alert", [URGENT, EMERGENCY, FOLLOW_UP, CALL, WATCH])
def test_an_empty_roster_still_has_a_notice_for_the_clinic(alert, roster):
    found = notice(alert, NIGHT, replace(CLINIC, roster=roster))
    assert (found.audience, found.who, found.unreachable) == ("clinic", (), True)
