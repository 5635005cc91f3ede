"""Enrolling Anna: a case, a session, and a link that works once and is kept nowhere."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from staff_office import BEN, NOW, Desk, open_desk

from bot import case_codes
from bot.cli_run import serve
from bot.enrolment import EnrolmentError, EnrolmentRequest, add_session, new_link, set_lot
from bot.settings import settings
from bot.terminal_user import terminal_name
from flows.protocol_file import ProtocolError, bundled, bundled_text, says_the_same
from storage import clinic
from storage.transaction import Query, Transaction

TABLES = (
    "meta", "protocol", "patient", "invitation", "session", "check_in", "alert", "message",
    "action", "due", "inbox", "outbox",
)  # fmt: skip


@pytest.fixture
async def desk(database) -> Desk:
    return await open_desk(database)


async def opens(desk: Desk, token: str, chat_id: int = 7001) -> str | None:
    """Use a link up as Anna's chat does."""
    hashed = sha256(token.encode()).hexdigest()
    return await desk.runs(lambda: clinic.use_invitation(hashed, chat_id, desk.now))


async def test_anna_is_enrolled_with_a_link_for_72_hours(desk) -> None:
    enrolled = await desk.enrols(lot="AB12")
    assert enrolled.link == f"https://t.me/aftercheck_bot?start={enrolled.token}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", enrolled.token)
    assert enrolled.expires_at == NOW + timedelta(hours=72)
    record = await desk.case(enrolled.code)
    assert record.patient.stage == "invited"
    assert record.patient.protocol == bundled().name
    [visit] = record.visits
    assert (visit.session.treatment, visit.session.area) == ("mn_topical+inj_skin", "face")
    assert (visit.session.number, visit.lot, visit.session.zone) == (1, "AB12", "Europe/Berlin")


async def test_the_link_running_out_is_planned_and_the_protocol_kept(desk) -> None:
    enrolled = await desk.enrols()
    [due] = await desk.rows("SELECT * FROM due")
    assert (due.key, due.code) == (f"invitation:{enrolled.code}", enrolled.code)
    assert due.due_at.startswith("2026-11-27T13:00")
    [kept] = await desk.rows("SELECT * FROM protocol")
    assert (kept.name, kept.text) == (bundled().name, bundled_text())


async def test_who_enrolled_anna_is_in_the_log(desk) -> None:
    await desk.enrols()
    await desk.enrols(by=None)
    found = await desk.rows("SELECT * FROM action WHERE action = 'enrol' ORDER BY id")
    assert [(row.actor, row.name) for row in found] == [(5001, "Ben"), (None, terminal_name())]


async def test_the_token_is_nowhere_in_the_database(desk) -> None:
    [message] = await desk.types(BEN, "/enrol mn_topical face", chat=BEN.id)
    token = message.payload["link"].partition("start=")[2]
    assert len(token) == 22
    for table in TABLES:
        for row in await desk.rows(f"SELECT * FROM {table}"):  # noqa: S608 - a name from above
            for value in vars(row).values():
                plain = bytes(value) if isinstance(value, (bytes, memoryview)) else b""
                assert token not in str(value)
                assert token.encode() not in plain
    assert await opens(desk, token) is not None


@pytest.mark.hazard("H06")
async def test_of_two_who_open_one_link_one_gets_the_case(desk) -> None:
    enrolled = await desk.enrols()
    assert await opens(desk, enrolled.token) == enrolled.code
    assert await opens(desk, enrolled.token, chat_id=7002) is None


@pytest.mark.hazard("H06")
async def test_after_72_hours_the_link_is_dead(desk) -> None:
    enrolled = await desk.enrols()
    desk.now += timedelta(hours=72)
    assert await opens(desk, enrolled.token) is None


# The case code


async def test_a_new_code_has_four_letters_and_digits_that_look_like_no_others(desk) -> None:
    for _ in range(20):
        code = (await desk.enrols()).code
        assert re.fullmatch("[A-HJKMNP-Z2-9]{4}", code)
        assert re.search("[A-Z]", code)
        assert re.search("[2-9]", code)


async def test_a_code_grows_where_shorter_ones_are_taken(desk, monkeypatch) -> None:
    monkeypatch.setattr(case_codes, "new_code", lambda length: "A7K2BC"[:length])
    codes = [(await desk.enrols()).code for _ in range(3)]
    assert codes == ["A7K2", "A7K2B", "A7K2BC"]
    with pytest.raises(EnrolmentError, match="once more"):
        await desk.enrols()


async def test_ben_may_choose_the_code(desk) -> None:
    assert (await desk.enrols(code=" a7k2 ")).code == "A7K2"


@pytest.mark.parametrize("code", ["A7K", "A7K2XYZ", "A0K2", "A7-2", "ÄÖÜ2", ""])
async def test_a_code_that_is_none_is_refused(desk, code) -> None:
    with pytest.raises(EnrolmentError, match="no case code"):
        await desk.enrols(code=code)


async def test_a_taken_code_is_refused_and_nothing_is_written(desk) -> None:
    await desk.enrols(code="A7K2")
    with pytest.raises(EnrolmentError, match="A7K2 is taken"):
        await desk.enrols(code="A7K2")
    assert len(await desk.rows("SELECT * FROM invitation")) == 1


# What is refused


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"treatment": "botox"}, "There is no treatment «botox»; this protocol has mn_topical"),
        ({"treatment": ""}, "There is no treatment «»"),
        ({"area": "nose"}, "There is no area «nose»; this protocol has face"),
        ({"session_at": NOW + timedelta(minutes=6)}, "lies ahead"),
        ({"session_at": NOW - timedelta(days=14, minutes=1)}, "more than 14 days ago"),
        ({"session_at": NOW.replace(tzinfo=None)}, "needs its zone"),
        ({"zone": "Europe/Atlantis"}, "no time zone"),
        ({"zone": "../etc"}, "no time zone"),
        ({"lot": "thanks"}, "a digit among them"),
        ({"lot": "=1+1"}, "A lot number has"),
        ({"lot": "1" * 41}, "A lot number has"),
        ({"treatment": "inj_skin+inj_lip_eye", "area": None}, "face or lip"),
    ],
)
async def test_what_cannot_be_enrolled_is_refused_with_a_sentence(desk, change, words) -> None:
    with pytest.raises(EnrolmentError, match=re.escape(words)):
        await desk.enrols(**change)
    assert not await desk.rows("SELECT * FROM patient")


async def test_a_clock_that_is_five_minutes_ahead_is_no_trouble(desk) -> None:
    enrolled = await desk.enrols(session_at=NOW + timedelta(minutes=5))
    assert (await desk.case(enrolled.code)).visits[0].session.ended_at == NOW


async def test_an_area_left_out_is_the_usual_one(desk) -> None:
    enrolled = await desk.enrols(treatment="inj_scalp", area=None)
    assert (await desk.case(enrolled.code)).visits[0].session.area == "scalp"


async def test_without_the_bots_name_there_is_no_link_and_no_case(desk) -> None:
    def forget() -> Transaction[None]:
        yield Query("DELETE FROM meta WHERE key = 'bot_name'")

    await desk.runs(forget)
    with pytest.raises(EnrolmentError, match="aftercheck run"):
        await desk.enrols()
    assert not await desk.rows("SELECT * FROM patient")


# A new link


async def test_a_new_link_voids_the_old_one(desk) -> None:
    old = await desk.enrols()
    desk.now += timedelta(hours=1)
    new = await desk.runs(lambda: new_link(desk.office, old.code.lower(), desk.now, BEN))
    assert await opens(desk, old.token) is None
    assert await opens(desk, new.token) == old.code
    [due] = await desk.rows("SELECT * FROM due")
    assert due.due_at.startswith("2026-11-27T14:00")


async def test_a_new_link_lets_go_of_a_chat_that_was_not_confirmed(desk) -> None:
    enrolled = await desk.enrols()
    await desk.saves(
        enrolled.code, lambda record: record.with_patient(stage="pairing", chat_id=7001)
    )
    await desk.runs(lambda: new_link(desk.office, enrolled.code, desk.now, BEN))
    patient = (await desk.case(enrolled.code)).patient
    assert (patient.stage, patient.chat_id) == ("invited", None)


async def test_a_confirmed_patient_keeps_the_chat_when_there_is_a_link_for_another(desk) -> None:
    enrolled = await desk.enrols()
    await is_paired(desk, enrolled.code)
    before = (await desk.case(enrolled.code)).patient
    new = await desk.runs(lambda: new_link(desk.office, enrolled.code, desk.now, BEN))
    assert new.moves
    assert (await desk.case(enrolled.code)).patient == before
    assert await opens(desk, new.token, chat_id=7002) == enrolled.code


async def test_no_link_for_a_case_that_is_none(desk) -> None:
    with pytest.raises(EnrolmentError, match="no case «ZZ99»"):
        await desk.runs(lambda: new_link(desk.office, "ZZ99", desk.now, BEN))


# The next session


async def is_paired(desk: Desk, code: str) -> None:
    """Let staff have confirmed whose chat it is."""
    facts = {"stage": "active", "chat_id": 7001, "name": "Anna", "confirmed_by": BEN.id}
    await desk.saves(code, lambda record: record.with_patient(**facts))


def next_visit(desk: Desk, **changes: object) -> EnrolmentRequest:
    return EnrolmentRequest("mn_topical+inj_skin", desk.now, "face", **changes)


async def test_annas_next_session_is_asked_about_without_a_link(desk) -> None:
    enrolled = await desk.enrols()
    await is_paired(desk, enrolled.code)
    desk.now += timedelta(days=28)
    request = next_visit(desk, lot="CD34")
    added = await desk.runs(lambda: add_session(desk.office, enrolled.code, request, desk.now, BEN))
    assert (added.number, added.stage) == (2, "active")
    assert added.next_check_in == desk.now + timedelta(hours=6)
    assert [visit.lot for visit in (await desk.case(enrolled.code)).visits] == ["", "CD34"]
    assert len(await desk.rows("SELECT * FROM invitation")) == 1


async def test_a_session_entered_twice_is_refused(desk) -> None:
    enrolled = await desk.enrols()
    with pytest.raises(EnrolmentError, match="entered twice"):
        await desk.runs(
            lambda: add_session(desk.office, enrolled.code, next_visit(desk), desk.now, BEN)
        )
    assert len((await desk.case(enrolled.code)).visits) == 1


async def test_a_session_of_a_case_that_is_not_paired_plans_no_check_in(desk) -> None:
    enrolled = await desk.enrols()
    desk.now += timedelta(days=3)
    added = await desk.runs(
        lambda: add_session(desk.office, enrolled.code, next_visit(desk), desk.now, None)
    )
    assert (added.stage, added.next_check_in) == ("invited", None)


async def test_a_next_session_keeps_code_and_zone(desk) -> None:
    enrolled = await desk.enrols()
    request = next_visit(desk, zone="Europe/Madrid")
    with pytest.raises(EnrolmentError, match="time zone"):
        await desk.runs(lambda: add_session(desk.office, enrolled.code, request, desk.now, BEN))


# The lot


async def test_a_lot_that_is_noted_later_is_stored_and_logged(desk) -> None:
    enrolled = await desk.enrols(lot="AB12")
    before = await desk.runs(
        lambda: set_lot(desk.office, (enrolled.code, 1), " CD  34 ", desk.now, BEN)
    )
    assert before == "AB12"
    assert (await desk.case(enrolled.code)).visits[0].lot == "CD 34"
    [row] = await desk.rows("SELECT * FROM action WHERE action = 'lot'")
    assert (row.name, row.code, row.detail) == ("Ben", enrolled.code, "session 1: AB12 to CD 34")


async def test_a_lot_of_a_session_that_is_none_is_refused(desk) -> None:
    enrolled = await desk.enrols()
    with pytest.raises(EnrolmentError, match="no session 2"):
        await desk.runs(lambda: set_lot(desk.office, (enrolled.code, 2), "A1", desk.now, BEN))


@pytest.mark.hazard("H17")
async def test_a_protocol_that_somebody_is_enrolled_on_is_never_changed(desk) -> None:
    """Before that a clinic may change its file as often as it likes."""
    name, text = bundled().name, bundled_text()
    for changed in ("a first draft", "a second", text):
        await desk.runs(lambda now=changed: clinic.keep_protocol(name, now, NOW))
        assert await desk.runs(lambda: clinic.protocol_text(name)) == changed
    assert await desk.runs(lambda: clinic.pinned_text(name)) is None
    await desk.enrols()
    await desk.runs(lambda: clinic.keep_protocol(name, "other thresholds", NOW))
    assert await desk.runs(lambda: clinic.pinned_text(name)) == text


@pytest.mark.hazard("H17")
async def test_the_bot_does_not_start_with_other_thresholds_under_an_old_version(
    database, url, tmp_path
) -> None:
    desk = await open_desk(database)
    await desk.enrols()
    text = bundled_text()
    assert says_the_same(text, f"# a comment\n{text}")
    file = tmp_path / "own.toml"
    file.write_text(text.replace('"temp_c >= 38.5"', '"temp_c >= 38.6"', 1), "utf-8")
    given = settings(_env_file=None, database_url=url, protocol_file=file)
    with pytest.raises(ProtocolError, match="Raise the version"):
        await serve(given)
