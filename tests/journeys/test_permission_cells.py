"""Who may do what: every cell of the table, by the real bot; and nothing that is not in it."""

import ast
from pathlib import Path

import pytest
from clinic import Journey, a_journey

from bench.reliability.actors import PLACES, ROLES
from bench.reliability.deeds import DEEDS
from bench.reliability.matrix import gone_through
from bench.reliability.permissions_page import PAGE, page
from bot import staff_chat
from bot.app import Aftercheck
from bot.arrivals import PATIENT_COMMANDS, PATIENT_PRESSES
from bot.clock import SystemClock
from bot.menus import PATIENT, STAFF
from bot.settings import settings
from bot.staff import presses
from bot.staff.commands import ALSO, COMMANDS
from flows.engine import staff_actions
from flows.engine.permissions import PERMISSIONS, WEB, permits

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.hazard("H30")
async def test_every_actor_asks_for_everything_everywhere(tmp_path) -> None:
    found = await gone_through(tmp_path, lambda _what: None)
    assert found.faults == []
    assert found.cells == len(ROLES) * len(DEEDS) * len(PLACES)
    assert found.allowed > 150


def on_the_web() -> set[str]:
    """Return what the web server's routes are named."""
    given = settings(
        _env_file=None, webhook_url="https://bot.example", webhook_secret="s" * 43,
        board_url="https://board.example",
        telegram_bot_token="7001000001:" + "A" * 35,
    )  # fmt: skip
    bot = Aftercheck(given, None, SystemClock())  # the database is not needed for that
    bot.intake = None
    app = bot.web()
    names = {route.resource.name if route.resource else None for route in app.router.routes()}
    assert None not in names, "each route names what it does in flows/engine/permissions.py"
    return {str(name) for name in names}


def test_whatever_the_bot_does_for_anybody_is_in_the_table() -> None:
    done = {
        *(one.action for one in COMMANDS.values()), *PATIENT_COMMANDS, *PATIENT_PRESSES.values(),
        *staff_actions.ACTIONS, *staff_chat.PAIRING.values(), *presses.ACTIONS.values(),
        "write", "lot", "link_opened", *on_the_web(),
    }  # fmt: skip
    assert done == PERMISSIONS.keys()


def test_every_act_of_a_chat_has_its_cells() -> None:
    web = {act for act, grants in PERMISSIONS.items() if all(WEB in places for _, places in grants)}
    assert {deed.act for deed in DEEDS} == PERMISSIONS.keys() - web


def test_what_a_menu_shows_may_be_done_there() -> None:
    assert STAFF.keys() | {"help"} <= COMMANDS.keys() | ALSO.keys()
    assert all(permits("patient", "own chat", name) for name in PATIENT)


@pytest.mark.parametrize("name", ["arrivals.py", "staff_chat.py", "staff/asked.py"])
def test_the_table_is_looked_at_where_people_come_in(name) -> None:
    tree = ast.parse((ROOT / "bot" / name).read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(tree)
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
    assert "permits" in called


def test_what_is_not_in_the_table_nobody_may_do() -> None:
    assert not any(permits(role, place, "frobnicate") for role in ROLES for place in PLACES)


def test_the_page_is_the_table() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(), (
        "python -m bench.reliability.permissions_page"
    )


# Somebody leaves the roster


@pytest.mark.hazard("H31")
async def test_ben_leaves_between_the_card_and_the_press(tmp_path) -> None:
    """The others are told anew, Ben's press counts for nothing, and his card stands still."""
    async with a_journey(tmp_path) as clinic:
        await claimed_by_ben(clinic)
        mine = [seen for seen in clinic.screen(clinic.ben) if seen.buttons][-1]
        cards = len(clinic.cards())
        del clinic.roles[clinic.ben]
        await clinic.restart(seconds=20)
        await clinic.passes(minutes=5)
        assert len(clinic.cards()) > cards, "the others hear of the alert that he held"
        assert "Taken by Ben, 10:00, who has left: nobody has it" in clinic.cards()[-1].text
        await clinic.presses_old(clinic.ben, mine, "Contacted")
        [alert] = await clinic.rows("SELECT contacted_at FROM alert")
        assert alert["contacted_at"] is None
        await clinic.staff_press(clinic.cleo, "Take over")
        await clinic.writes(clinic.anna, "now it itches as well")
        now = next(seen for seen in clinic.screen(clinic.ben) if seen.message_id == mine.message_id)
        assert now.text == mine.text, "he is shown no more of Anna"
        acts = await clinic.rows("SELECT actor, action FROM action WHERE allowed = 0")
        assert [tuple(row) for row in acts] == [(clinic.ben.id, "contacted")]
        left = await clinic.rows("SELECT actor FROM action WHERE action = 'roster_left'")
        assert [row["actor"] for row in left] == [clinic.ben.id]


async def claimed_by_ben(clinic: Journey) -> None:
    """Let Anna report a warning sign, and Ben claim it in his own chat."""
    await clinic.starts_private(clinic.ben, clinic.cleo)
    await clinic.enrolled(clinic.anna)
    await clinic.reports(clinic.anna, "One of these", "Trouble breathing")
    await clinic.presses(clinic.ben, "Claim")
