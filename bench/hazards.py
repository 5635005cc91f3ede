"""The hazard log: `docs/hazards.toml`, and where its controls and their proofs are.

    python -m bench.hazards --write docs/hazards.md

A module that holds a control ends its docstring with a line `Hazards: H01, H02.`; a test that
proves one is marked with `@pytest.mark.hazard("H01")`. Both are read from the source.
"""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

ROOT: Final = Path(__file__).parents[1]
PRODUCT: Final = ("flows", "storage", "bot")
LINE: Final = re.compile(r"^Hazards: ((?:H\d\d(?:, )?)+)\.$", re.MULTILINE)


@dataclass(frozen=True)
class Hazard:
    """What could harm a patient, and its control. `untested` says why nothing can prove it yet."""

    cause: str
    effect: str
    severity: int
    control: str
    untested: str = ""


def hazards(path: Path = ROOT / "docs" / "hazards.toml") -> dict[str, Hazard]:
    """Read the log, by name."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: Hazard(**body) for name, body in found.items()}


def controls(root: Path = ROOT) -> dict[str, list[str]]:
    """Return the modules that hold a control, by hazard."""
    found = defaultdict(list)
    for path, tree in trees(root, PRODUCT):
        for line in LINE.findall(ast.get_docstring(tree) or ""):
            for name in line.split(", "):
                found[name].append(path)
    return found


def proofs(root: Path = ROOT) -> dict[str, list[tuple[str, str]]]:
    """Return the tests that prove a control, each with its file, by hazard."""
    found = defaultdict(list)
    for path, tree in trees(root, ("tests",)):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for name in marks(node):
                    found[name].append((path, node.name))
    return found


def marks(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Yield the hazards that a function is marked with."""
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.hazard":
            for given in mark.args:
                yield ast.literal_eval(given)


def trees(root: Path, folders: tuple[str, ...]) -> Iterator[tuple[str, ast.Module]]:
    """Yield every Python file, by its name from the root."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def page(
    log: Mapping[str, Hazard],
    held: Mapping[str, list[str]],
    proved: Mapping[str, list[tuple[str, str]]],
) -> str:
    """Return the page."""
    tests = sum(len(found) for found in proved.values())
    lines = [
        "# Hazards",
        "",
        "Made by `make hazards` from [hazards.toml](hazards.toml), the modules that hold a",
        f"control, and the tests that prove one: {len(log)} hazards, {tests} proofs. The suite",
        "fails where a hazard has no passing test. Severity: 5 death, 4 permanent harm, 3 lasting",
        "for weeks, 2 short, 1 inconvenience.",
        "",
        "**A clinical safety officer has to confirm each line.**",
    ]
    for name, one in log.items():
        lines += ["", f"## {name} · {one.cause}", ""]
        lines += [f"**{one.effect}** (severity {one.severity}). {one.control}.", ""]
        if held.get(name):
            lines.append("Held by " + ", ".join(f"[{p}](../{p})" for p in held[name]) + ".")
        if one.untested:
            lines.append(f"Not tested: {one.untested}.")
        if proved.get(name):
            lines += ["", "Proved by", ""]
        lines += [
            f"- {sentence(test)} ([{path}](../{path}))" for path, test in proved.get(name, ())
        ]
    return "\n".join(lines) + "\n"


def sentence(test: str) -> str:
    """Return the name of a test as a sentence."""
    words = test.removeprefix("test_").replace("_", " ")
    return words[0].upper() + words[1:]


def main(
    write: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
) -> None:
    """Print the hazard log."""
    text = page(hazards(), controls(), proofs())
    if write:
        write.write_text(text, encoding="utf-8")
    typer.echo(text)


if __name__ == "__main__":
    typer.run(main)
