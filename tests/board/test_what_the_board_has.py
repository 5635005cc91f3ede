"""The README says which commands the board has too, and which it has not."""

import re
from pathlib import Path

from bot.board import acting
from flows.engine.permissions import PERMISSIONS, WEB, permits

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
PAGES = {
    "open": "board_now", "due": "board_sessions", "case": "board_case", "export": "board_export",
}  # fmt: skip
"""By command the page that shows the same."""


def commands(text: str) -> set[str]:
    return set(re.findall(r"`/(\w+)`", text))


def test_the_readme_says_truly_what_is_on_the_board_too() -> None:
    nurse = README.partition("**For a nurse.**")[2].partition("`/roster`")[0]
    both, _, chat_alone = nurse.partition("Only in the chat are")
    assert commands(both) == {*PAGES, "board"}
    assert all(permits("admin", WEB, page) for page in PAGES.values())
    assert commands(chat_alone) == {"enrol", "session", "lot", "digest"}
    on_the_web = {act for act in PERMISSIONS if permits("admin", WEB, act)}
    named = {act.removeprefix("board_") for act in on_the_web}
    assert named & commands(chat_alone) == set()
    assert set(acting.ACTS) <= on_the_web, "the same buttons under each alert"
