"""Who may do what: every cell of the table, by the real bot; and nothing that is not in it."""

import ast
from pathlib import Path

import pytest

from bench.reliability.actors import PLACES, ROLES
from bench.reliability.deeds import DEEDS
from bench.reliability.matrix import gone_through
from bench.reliability.permissions_page import PAGE, page
from bot import staff_chat
from bot.app import Aftercheck
from bot.arrivals import PATIENT_PRESSES
from bot.clock import SystemClock
from bot.menus import PATIENT, STAFF
from bot.patient_said import PATIENT_COMMANDS
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


def test_no_button_of_staff_begins_like_a_patients() -> None:
    """Else a press of staff would be taken for a patient's, who is nobody known."""
    of_staff = {f"{family}:" for family in (*presses.ACTIONS, "a", "p")}
    assert not of_staff & PATIENT_PRESSES.keys()


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
