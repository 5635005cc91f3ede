"""Who may be let in, changed or taken off: Alma the admin, Ben, Cleo, and Gus who left."""

import pytest

from flows.escalation import StaffMember
from flows.roster import (
    named,
    role_named,
    why_not_invite,
    why_not_leave,
    why_not_role,
    why_not_start,
)

ALMA = StaffMember(1, "Alma", "admin")
BEN = StaffMember(2, "Ben", "nurse")
CLEO = StaffMember(3, "Cleo", "doctor")
GUS = StaffMember(4, "Gus", "admin", on_roster=False)
PEOPLE = (ALMA, BEN, CLEO, GUS)


@pytest.mark.parametrize("word", ["nurse", "Doctor", "ADMIN", "auditor"])
def test_a_role_is_known_however_it_is_spelled(word) -> None:
    assert role_named(word) == word.lower()


@pytest.mark.parametrize("word", ["", "boss", "nurse "])
def test_what_is_no_role_is_none(word) -> None:
    assert role_named(word) is None


@pytest.mark.parametrize("name", ["Zoe", "Zoë van den Berg", "Ö", "x" * 64, "Gus"])
def test_a_new_name_may_come_also_that_of_somebody_who_left(name) -> None:
    assert why_not_invite(PEOPLE, name) == ""


@pytest.mark.parametrize("name", ["", " Zoe", "Zoe, Ann", "5:Zoe", "/open", "x" * 65, "a\nb"])
def test_what_cannot_be_read_as_a_name_is_refused(name) -> None:
    assert "is no name for the roster" in why_not_invite(PEOPLE, name)


def test_two_of_one_name_cannot_be_told_apart() -> None:
    assert "on the roster already" in why_not_invite(PEOPLE, "ben")
    assert named(PEOPLE, "BEN") == BEN


def test_ben_can_become_a_doctor_and_can_be_taken_off() -> None:
    assert why_not_role(PEOPLE, BEN, "doctor") == ""
    assert why_not_leave(PEOPLE, BEN) == ""


def test_the_role_that_ben_has_is_no_change() -> None:
    assert "has that role already" in why_not_role(PEOPLE, BEN, "nurse")


def test_gus_who_left_can_neither_be_changed_nor_leave_again() -> None:
    assert "not on the roster any more" in why_not_role(PEOPLE, GUS, "nurse")
    assert "not on the roster any more" in why_not_leave(PEOPLE, GUS)


def test_the_last_admin_stays_and_hears_how_it_can_be_done() -> None:
    for why in (why_not_leave(PEOPLE, ALMA), why_not_role(PEOPLE, ALMA, "nurse")):
        assert why.startswith("Alma is the only admin")
        assert "aftercheck roster" in why


def test_one_of_two_admins_may_go() -> None:
    both = (*PEOPLE, StaffMember(5, "Dora", "admin"))
    assert why_not_leave(both, ALMA) == ""
    assert why_not_role(both, ALMA, "auditor") == ""


# Two who can be reached


@pytest.mark.hazard("H44")
@pytest.mark.parametrize(
    ("reached", "people", "single_handed", "may_start"),
    [
        ("BC", "BC", False, True),
        ("B", "BC", False, False),
        ("", "BC", False, False),
        ("B", "B", False, False),
        ("B", "B", True, True),
        ("B", "BC", True, True),
        ("", "B", True, False),
        ("BE", "BE", False, False),
        ("E", "E", True, False),
        ("", "", True, False),
    ],
)
def test_two_can_be_reached_or_the_one_of_a_practice_that_says_so(
    reached, people, single_handed, may_start
) -> None:
    roles = {"B": ("Ben", "nurse"), "C": ("Cleo", "doctor"), "E": ("Eve", "auditor")}
    roster = [StaffMember(ord(one), *roles[one], reachable=one in reached) for one in people]
    assert (why_not_start(roster, single_handed=single_handed) == "") is may_start


@pytest.mark.hazard("H44")
def test_it_is_said_who_is_missing_and_how_to_mend_it() -> None:
    dora = StaffMember(6, "Dora", "nurse", reachable=False)
    assert why_not_start((BEN, dora), single_handed=False) == (
        "Fewer than two people who take alerts can be reached in private: not Dora. They open a "
        "private chat with me and press Start."
    )
    why = why_not_start((BEN,), single_handed=False)
    assert "An admin lets somebody in: /roster invite." in why
    assert "SINGLE_HANDED=true" in why
    assert why_not_start((dora,), single_handed=True).startswith("Nobody who takes alerts can be")
    assert "SINGLE_HANDED" not in why_not_start((), single_handed=True)
