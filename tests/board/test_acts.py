"""Every act of the trail has words on a case's page, or is left out on purpose."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import get_args

from bot.board import acts
from bot.staff import commands
from bot.staff_chat import PAIRING
from flows.engine import check_in_words
from flows.engine.staff_actions import ACTIONS
from flows.engine.stored_check_in import REPORT, CheckInState
from flows.schedule import PURPOSES

ROOT = Path(__file__).parents[2]
WRITERS = {"Did": 2, "did": 1, "at_terminal": 0, "log": 0, "note": 1}
"""What writes an act, and as which argument it takes what was done."""

KNOWN = (acts.DONE, acts.LOOKED, acts.TOLD_OTHERWISE, acts.OF_THE_CLINIC)


@cache
def written() -> Mapping[str, str]:
    """Return every act that the product's text names, with where."""
    found = {}
    for folder in ("flows", "storage", "bot"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    found |= dict.fromkeys(named(node), f"{path.name}:{node.lineno}")
    return found


def named(call: ast.Call) -> Iterator[str]:
    """Yield the acts that a call names, in either way of an `x if y else z`."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    place = WRITERS.get(name)
    said = name == "replace" or place is not None
    given: list[ast.expr] = [one.value for one in call.keywords if said and one.arg == "action"]
    if place is not None and len(call.args) > place:
        given.append(call.args[place])
    for one in given:
        ways = (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,)
        for way in ways:
            if isinstance(way, ast.Constant) and isinstance(way.value, str) and way.value:
                yield way.value


def every_act() -> set[str]:
    """Return the acts that are named where they are written, and those of buttons and commands."""
    given = set(written()) | set(ACTIONS) | set(PAIRING.values())
    return given | commands.LOGGED_HERE | {"audit_begun", "audit_broken", "board_sign", "export"}


def test_every_act_has_words_or_is_left_out_on_purpose() -> None:
    places = written()
    assert {"raised", "consented", "board_case", "erase_asked"} <= set(places)
    lost = {act: places.get(act, "") for act in every_act() if not any(act in one for one in KNOWN)}
    assert lost == {}


def test_no_act_is_in_two_lists_and_none_is_there_that_nobody_writes() -> None:
    listed = [act for one in KNOWN for act in one]
    assert len(listed) == len(set(listed))
    assert set(listed) - every_act() == set()


def test_every_purpose_and_every_state_of_a_check_in_has_words() -> None:
    assert set(check_in_words.PURPOSES) == {*PURPOSES, REPORT}
    assert set(check_in_words.STATES) == set(get_args(CheckInState))
    texts = [*check_in_words.PURPOSES.values(), *check_in_words.STATES.values()]
    assert not any("_" in text for text in texts)
    assert len(set(check_in_words.PURPOSES.values())) == len(check_in_words.PURPOSES)
