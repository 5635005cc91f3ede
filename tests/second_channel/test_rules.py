"""What may be a second channel, when one counts, whom an alert reaches by it, and what it says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.clinic_hours import ClinicHours
from flows.escalation import Clinic, Notification, StaffMember
from flows.rota import Shift
from flows.second_channel import (
    ALPHABET,
    LIFE,
    Address,
    SecondChannel,
    address_of,
    alert_words,
    code_words,
    reached_by_it,
)

NIGHT = datetime(2026, 11, 25, 21, 10, tzinfo=UTC)
BEN = StaffMember(5001, "Ben", "nurse", channel="confirmed")
CLEO = StaffMember(5002, "Cleo", "doctor", channel="confirmed")
DORA = StaffMember(5003, "Dora", "nurse")
BENS = Address("mail", "ben@example.org")
ASKED = SecondChannel(BENS, "asked", "AB23CD45", NIGHT + LIFE)


def clinic(*people: StaffMember, on_call: tuple[int, ...] = ()) -> Clinic:
    day = timedelta(days=1)
    rota = tuple(Shift(one, NIGHT - day, NIGHT + day) for one in on_call)
    return Clinic(people, rota, ClinicHours.weekly("UTC", {"mon": ["09:00-18:00"]}))


def notice(step: str, audience: str, *who: int, unreachable: bool = False) -> Notification:
    return Notification(
        NIGHT, NIGHT, step, audience, who, unreachable, out_of_hours=True, callback_by=None  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["ben@example.org", "b.e_n+alerts@mail.example.co.uk", "https://hooks.example.org/a?b=c",
     "https://example.org", "https://example.org:8443/x"],
)  # fmt: skip
def test_an_address_that_may_be_one(text) -> None:
    found = address_of(text)
    assert found is not None
    assert found.where == text
    assert found.kind == ("mail" if "@" in text else "webhook")


@pytest.mark.hazard("H53")
@pytest.mark.parametrize(
    "text",
    ["", "ben", "ben@", "@example.org", "ben@example", "ben@example.org, eve@example.org",
     "ben@example.org\nBcc: eve@example.org", "ben@example.org\r", "<ben@example.org>",
     "http://example.org/x", "https://10.0.0.8/x", "https://localhost/x", "https://intranet/x",
     "https://127.0.0.1/x", "https://[::1]/x", "https://ben:secret@example.org/x",
     "https://example.org/a b", "https://example.org/\n", "ftp://example.org", "b" * 65 + "@x.org"],
)  # fmt: skip
def test_an_address_that_may_be_none(text) -> None:
    assert address_of(text) is None


def test_a_service_on_the_same_machine_is_for_whoever_runs_it() -> None:
    assert address_of("http://127.0.0.1:8099/on-call") is None
    assert address_of("http://127.0.0.1:8099/on-call", on_this_machine=True) is not None
    assert address_of("http://10.0.0.8/on-call", on_this_machine=True) is None


def test_an_address_is_shown_only_as_far_as_its_owner_knows_it_by() -> None:
    assert BENS.shown == "the e-mail b…@example.org"
    hook = Address("webhook", "https://hooks.example.org:8443/secret?token=1")
    assert hook.shown == "the web address at hooks.example.org"


@pytest.mark.hazard("H53")
def test_a_channel_counts_once_its_code_has_come_back() -> None:
    after, tried = ASKED.given(" ab23cd45 ", NIGHT)
    assert (after.state, after.code, tried) == ("confirmed", "", "confirmed")
    assert after.given("AB23CD45", NIGHT)[1] == "over", "once"
    assert after.given("", NIGHT)[1] == "over"


@pytest.mark.hazard("H53")
def test_a_code_is_over_after_a_day_or_five_that_were_wrong() -> None:
    assert ASKED.given("AB23CD45", NIGHT + LIFE)[1] == "over"
    assert ASKED.given("AB23CD45", NIGHT + LIFE - timedelta(seconds=1))[1] == "confirmed"
    channel = ASKED
    for wrong in ("", "AB23CD4", "ÄB23CD45", "AB23CD45X", "XXXXXXXX"):
        channel, tried = channel.given(wrong, NIGHT)
        assert tried == "wrong"
    assert channel.given("AB23CD45", NIGHT)[1] == "over"


def test_no_sign_of_a_code_is_taken_for_another() -> None:
    assert not set(ALPHABET) & set("01ILO")
    assert len(ALPHABET) == 31


@pytest.mark.hazard("H53")
@pytest.mark.parametrize(
    ("state", "counts"),
    [("none", False), ("asked", False), ("confirmed", True), ("failing", True), ("lost", False)],
)
def test_what_was_never_confirmed_reaches_nobody(state, counts) -> None:
    ben = replace(BEN, channel=state)
    assert reached_by_it(clinic(ben), notice("repeat", "everyone", BEN.id)) == (
        (BEN.id,) if counts else ()
    )


def test_whoever_takes_no_alerts_has_none_by_a_channel() -> None:
    for one in (replace(BEN, role="auditor"), replace(BEN, on_roster=False)):
        assert not one.has_second_channel


@pytest.mark.hazard("H53")
def test_the_first_notice_is_for_telegram_and_the_second_for_both() -> None:
    both = clinic(BEN, CLEO, DORA, on_call=(BEN.id,))
    assert reached_by_it(both, notice("first", "on_call", BEN.id)) == ()
    assert reached_by_it(both, notice("repeat", "on_call", BEN.id)) == (BEN.id,)
    assert reached_by_it(both, notice("repeat", "everyone", 5001, 5002, 5003)) == (5001, 5002)


@pytest.mark.hazard("H53")
def test_whom_telegram_does_not_reach_hears_the_first_notice_too() -> None:
    ben = replace(BEN, reachable=False)
    away = clinic(ben, CLEO, DORA, on_call=(BEN.id, CLEO.id))
    assert reached_by_it(away, notice("first", "on_call", CLEO.id)) == (BEN.id,)
    nobody = clinic(ben, replace(CLEO, reachable=False))
    assert reached_by_it(nobody, notice("first", "everyone", 5001, 5002, unreachable=True)) == (
        BEN.id, CLEO.id,
    )  # fmt: skip


@pytest.mark.hazard("H53")
def test_an_alert_says_code_level_and_what_to_do_and_nothing_else() -> None:
    subject, text = alert_words("Clinic Linden", "A7K2-1", "follow_up", "https://board.example")
    assert subject == "Clinic Linden: FOLLOW UP A7K2-1"
    assert text.startswith("A7K2-1 (follow up): nobody has taken it, or Telegram did not bring it")
    assert "call the patient A7K2." in text
    assert "https://board.example/board" in text
    assert "board" not in alert_words("Clinic Linden", "A7K2-1", "urgent", "")[1]


def test_a_code_comes_with_the_line_to_type() -> None:
    subject, text = code_words("Clinic Linden", "Ben", "AB23CD45")
    assert subject == "Clinic Linden: your code AB23CD45"
    assert "\n/roster confirm AB23CD45\n" in text
