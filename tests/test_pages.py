"""README, CHANGELOG and docs name what there is, and nothing that there is not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from bot.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: object = None, before: str = "") -> Iterator[str]:
    """Yield every command with the words before it, such as `protocol verify`."""
    group = typer.main.get_command(app) if group is None else group
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


COMMANDS = sorted(commands())


def named(text: str) -> set[str]:
    """Every `aftercheck …` of a page, as far as its words can be a command."""
    groups = {command.split()[0] for command in COMMANDS if " " in command}
    found = set()
    for words in re.findall(r"(?:aftercheck|python -m bot)((?: [a-z]+)+)", text):
        first, *rest = words.split()
        found.add(f"{first} {rest[0]}" if first in groups and rest else first)
    return found


def test_there_are_commands_to_name() -> None:
    assert {"classify", "redflags", "try", "protocol verify", "protocol diff"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_names_every_command(command) -> None:
    assert f"aftercheck {command}" in README


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"])
def test_no_page_names_a_command_that_is_not_there(page) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    code = " ".join(re.findall(r"`[^`]+`|^    .*$", text, flags=re.MULTILINE))
    assert named(code) <= set(COMMANDS) | {"protocol"}


def test_every_link_to_a_file_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_the_simulations_page_names_every_module_of_checks() -> None:
    text = (ROOT / "docs" / "simulation.md").read_text(encoding="utf-8")
    modules = {path.stem for path in (ROOT / "bench" / "simulation").glob("of_*.py")}
    assert modules == set(re.findall(r"`(of_[a-z]+)`", text))


def test_each_picture_is_shown_and_each_that_is_shown_is_there() -> None:
    shown = set()
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r"""(?:src="|\]\()([^")]+\.png)""", text):
            shown.add((page.parent / link).resolve())
    assert shown == set((ROOT / "docs" / "screenshots").glob("*.png"))


def test_the_changelog_starts_with_what_is_not_released_yet() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Changelog"
    assert "## Unreleased" in lines
