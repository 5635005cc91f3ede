"""What staff do on the board ends where the same press in the chat ends."""

import asyncio
import time
from operator import attrgetter

import pytest
from clinic import a_journey
from sitting import at_the_board

from bot.board import acting
from bot.board.presses import Answers

SAME = (
    "alert", "action", "due", "check_in", "answer", "patient", "session",
)  # fmt: skip
"""Tables in which a press leaves something, besides the messages."""


STEPS = (
    ("claim", "Claim"), ("contacted", "Contacted"), ("resolve", "Resolve"), ("back", "Back"),
    ("resolve", "Resolve"), ("outcome.advised", "Advised"),
)  # fmt: skip
"""What Ben presses on the board, and what that button is called in the chat."""


async def with_an_alert(journey) -> str:
    """Let Anna report a warning sign; return the alert's key."""
    code = await journey.enrolled(journey.anna)
    await journey.reports(journey.anna, "One of these", "Trouble breathing")
    return f"{code}-1"


@pytest.fixture
async def key(clinic) -> str:
    return await with_an_alert(clinic.journey)


async def test_ben_sees_an_alert_with_its_clocks(clinic, key) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    _, text = await ben.get("/board")
    assert "Emergency" in text
    assert key in text
    assert "by nobody yet" in text
    assert "everyone, 10:05" in text, "who is told next, and when"
    assert "Trouble breathing" in text


async def test_ben_claims_contacts_and_closes_it(clinic, key) -> None:
    journey = clinic.journey
    ben = await clinic.enters(journey.ben)
    for act in ("claim", "contacted", "resolve", "outcome.advised"):
        status, _ = await ben.presses(act, key)
        assert status == 200
    [alert] = await clinic.alerts()
    assert alert["claimed_by"] == alert["contacted_by"] == alert["resolved_by"] == journey.ben.id
    assert alert["outcome"] == "advised"
    await journey.settle()
    assert "CLOSED" in journey.cards()[-1].text, "the card in the chat says so too"
    assert "Ben has looked after" in journey.last(journey.anna).text
    assert "Nothing is open." in (await ben.get("/board"))[1]


async def test_the_board_and_the_chat_end_in_the_same_rows(tmp_path) -> None:
    """The same story twice, once with each; what differs are keys, which are random."""
    found = []
    for place in ("chat", "board"):
        folder = tmp_path / place
        folder.mkdir()
        async with a_journey(folder, board_url="http://127.0.0.1:1") as journey:
            await journey.starts_private(journey.ben)
            key = await with_an_alert(journey)
            async with at_the_board(journey) as clinic:
                ben = await clinic.enters(journey.ben)
                for act, label in STEPS:
                    if place == "board":
                        await ben.presses(act, key)
                        await journey.settle()
                    else:
                        await journey.staff_press(journey.ben, label)
            found.append(await left_behind(journey))
    assert found[0] == found[1]
    assert [row["action"] for row in found[0]["action"]][-6:] == [
        "claim", "contacted", "resolve", "back", "resolve", "outcome",
    ]  # fmt: skip


async def left_behind(journey) -> dict[str, list[dict[str, object]]]:
    """Return the rows of a story without instants, sealed bytes and what the board alone notes."""
    found = {}
    for table in SAME:
        rows = [dict(row) for row in await journey.rows(f"SELECT * FROM {table}")]  # noqa: S608
        if table == "action":
            rows = [row for row in rows if not row["action"].startswith("board")]
        found[table] = [
            {name: value for name, value in row.items() if not is_another_each_time(name, value)}
            for row in rows
        ]
    return found


def is_another_each_time(name: str, value: object) -> bool:
    return isinstance(value, bytes) or name.endswith(("_at", "id", "seq")) or name == "at"


@pytest.mark.hazard("H02")
async def test_a_press_on_the_board_is_no_sign_of_telegram(clinic, key) -> None:
    """Else whoever works there because Telegram is silent keeps anybody from hearing that it is."""
    ben, pulse = await clinic.enters(clinic.journey.ben), clinic.journey.app.pulse
    pulse.last_poll = pulse.last_update = None
    await ben.presses("claim", key)
    assert (await clinic.alerts())[0]["claimed_by"] == clinic.journey.ben.id
    assert (pulse.last_poll, pulse.last_update) == (None, None)


async def test_a_doubled_click_is_one_press(clinic, key) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    path = f"/board/alert/{key}/claim"
    fields = await ben.form("/board", path)
    both = await asyncio.gather(ben.post(path, **fields), ben.post(path, **fields))
    assert [status for status, _ in both] == [200, 200]
    rows = await clinic.journey.rows("SELECT action FROM action WHERE action LIKE 'claim%'")
    assert [row["action"] for row in rows] == ["claim"]


async def test_of_two_who_claim_one_is_told_whose_it_is(clinic, key) -> None:
    ben, cleo = await clinic.enters(clinic.journey.ben), await clinic.enters(clinic.journey.cleo)
    path = f"/board/alert/{key}/claim"
    mine, hers = await ben.form("/board", path), await cleo.form("/board", path)
    header = {"HX-Request": "true"}
    await ben.post(path, **mine)
    async with cleo.session.post(
        clinic.server.make_url(path), data=hers, headers=header
    ) as response:
        assert "Ben took this at 10:00." in await response.text()


async def test_bens_old_page_sent_again_does_not_say_that_it_is_his(clinic, key) -> None:
    """His claim has run out since; what he reads is how it stands, not what he was told then."""
    ben = await clinic.enters(clinic.journey.ben)
    path = f"/board/alert/{key}/claim"
    old = await ben.form("/board", path)
    assert "Yours. Press Contacted" in (await ben.post(path, **old))[1]
    await clinic.journey.passes(minutes=40)
    _, text = await ben.post(path, **old)
    assert "Yours. Press Contacted" not in text
    assert "You pressed this before, and it counted once." in text
    assert "Take over" in text


@pytest.mark.parametrize(
    ("stands", "said"),
    [("done", "You pressed this before, and it counted once."),
     ("set_aside", "could not be worked on, and changed nothing")],
)  # fmt: skip
async def test_bens_page_sent_again_after_a_start_says_how_the_press_stands(
    clinic, key, stands, said
) -> None:
    """No answer is remembered then; at once, and not that it will be worked on."""
    ben = await clinic.enters(clinic.journey.ben)
    path = f"/board/alert/{key}/claim"
    old = await ben.form("/board", path)
    await ben.post(path, **old)
    clinic.journey.app.toasts.board = Answers()
    await clinic.journey.rewrites("UPDATE inbox SET state = :s WHERE update_id < 0", s=stands)
    began = time.monotonic()
    _, text = await ben.post(path, **old)
    assert said in text
    assert "will be worked on" not in text
    assert time.monotonic() - began < acting.PATIENCE


@pytest.mark.parametrize(
    ("silent", "said"),
    [("toasts.board.answer", "It was worked on. How it stands now"),
     ("intake.work", "It is stored and will be worked on"),
     ("intake.keep", "This is not stored, and changed nothing.")],
)  # fmt: skip
async def test_a_press_that_nobody_answers_is_stored_or_done_as_the_inbox_has_it(
    clinic, key, monkeypatch, silent, said
) -> None:
    """Another process has worked on it; it waits still; it was never stored."""

    async def nothing(*_: object) -> None: ...

    ben = await clinic.enters(clinic.journey.ben)
    path = f"/board/alert/{key}/claim"
    form = await ben.form("/board", path)
    monkeypatch.setattr(acting, "PATIENCE", 0.5)
    instead = nothing if silent == "intake.keep" else lambda *_: None
    with monkeypatch.context() as patched:
        patched.setattr(attrgetter(silent.rpartition(".")[0])(clinic.journey.app),
                        silent.rpartition(".")[2], instead)  # fmt: skip
        assert said in (await ben.post(path, **form))[1]


async def test_a_press_on_the_board_is_on_bens_page_a_moment_later(clinic, key) -> None:
    """An open page asks again; where nothing is new it gets nothing."""
    ben, cleo = await clinic.enters(clinic.journey.ben), await clinic.enters(clinic.journey.cleo)
    _, text = await ben.get("/board")
    again = text.partition('hx-get="')[2].partition('"')[0]
    assert await ben.get(again, **{"HX-Request": "true"}) == (204, "")
    await cleo.presses("claim", key)
    status, text = await ben.get(again, **{"HX-Request": "true"})
    assert status == 200
    assert "by Cleo, 10:00" in text


async def test_a_form_without_the_pages_token_does_nothing(clinic, key) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    for csrf in ("", "x" * 22, "é"):
        status, text = await ben.post(f"/board/alert/{key}/claim", csrf=csrf, once="1")
        assert status == 403
        assert f"Back to case {key.partition('-')[0]}</a>" in text
    assert (await clinic.alerts())[0]["claimed_by"] is None


async def test_the_token_of_cleos_page_is_none_in_bens_browser(clinic, key) -> None:
    ben, cleo = await clinic.enters(clinic.journey.ben), await clinic.enters(clinic.journey.cleo)
    fields = await cleo.form("/board", f"/board/alert/{key}/claim")
    assert (await ben.post(f"/board/alert/{key}/claim", **fields))[0] == 403


async def test_eve_an_auditor_sees_and_cannot_act(clinic, key) -> None:
    eve = await clinic.enters(clinic.journey.eve)
    _, text = await eve.get("/board")
    assert key in text
    assert f"/board/alert/{key}/claim" not in text
    fields = await eve.form("/board", "/board/leave")
    assert (await eve.post(f"/board/alert/{key}/claim", once="1", **fields))[0] == 403
    refused = await clinic.journey.rows(
        "SELECT actor FROM action WHERE action = 'claim' AND allowed = 0"
    )
    assert [row["actor"] for row in refused] == [clinic.journey.eve.id]


async def test_a_press_on_an_old_page_counts_for_nothing(clinic) -> None:
    """Anna says more after Ben's page was made: he has to read it before he closes anything."""
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await journey.reports(journey.anna, "I have symptoms", "Fever", "Done")
    await journey.writes(journey.anna, "38.6")
    ben = await clinic.enters(journey.ben)
    [alert] = await clinic.alerts()
    path = f"/board/alert/{code}-1/contacted"
    fields = await ben.form("/board", path)
    assert fields["option"].partition(".")[0] == alert["level"]
    await journey.reports(journey.anna, "One of these", "Trouble breathing")
    await ben.post(path, **fields)
    assert (await clinic.alerts())[0]["contacted_at"] is None


async def test_what_anna_writes_stays_text_on_the_page(clinic) -> None:
    journey = clinic.journey
    await journey.enrolled(journey.anna)
    await journey.writes(journey.anna, "trouble breathing <script>alert(1)</script> \"'&")
    ben = await clinic.enters(journey.ben)
    _, text = await ben.get("/board")
    assert "<script>alert" not in text
