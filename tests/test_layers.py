"""Who may import whom, and what the pure half must not touch."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {"flows", "pydantic", "pydantic_core", "babel"}
"""What flows may import besides the standard library; Babel is data about languages."""

OUTSIDE_WORLD = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "multiprocessing", "os", "requests",
    "secrets", "shelve", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess",
    "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
"""Standard library modules through which clock, chance, network, disk or other programs come."""

CLOCK = {"now", "utcnow", "today", "fromtimestamp"}
WRITING = {"write_text", "write_bytes", "mkdir", "unlink", "touch", "rename", "rmdir", "print"}


def violations(source: str) -> Iterator[str]:
    """Say everything in one file of flows that must not be there."""
    for node in ast.walk(ast.parse(source)):
        for name in imported(node):
            top = name.split(".")[0]
            if top in OUTSIDE_WORLD:
                yield f"imports {name}, which reaches outside"
            elif top not in sys.stdlib_module_names and top not in ALLOWED:
                yield f"imports {name}"
        yield from chance(node)
        if isinstance(node, ast.Call):
            yield from impure(node)


def imported(node: ast.AST) -> list[str]:
    """The modules that one statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""] if node.level == 0 else ["a relative module"]
    return []


def chance(node: ast.AST) -> Iterator[str]:
    """Say where chance comes in; a `Random` with its seed is repeatable and may stay."""
    match node:
        case ast.ImportFrom(module="random", names=names):
            yield from (f"uses random.{n.name}" for n in names if n.name != "Random")
        case ast.Attribute(value=ast.Name(id="random"), attr=name) if name != "Random":
            yield f"uses random.{name}"
        case ast.Call(func=ast.Name(id="Random") | ast.Attribute(attr="Random"), args=[]):
            yield "calls Random() without a seed"


def impure(call: ast.Call) -> Iterator[str]:
    """Say whether a call asks the clock, writes, or runs what is not there to be read."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    given_zone = name == "fromtimestamp" and len(call.args) > 1
    if isinstance(function, ast.Attribute) and name in CLOCK and not given_zone:
        yield f"calls .{name}(), the clock"
    if name in WRITING:
        yield f"calls {name}(), which writes"
    if name in ("__import__", "import_module", "eval", "exec", "input"):
        yield f"calls {name}()"
    if name == "open":
        place = 1 if isinstance(function, ast.Name) else 0
        modes = [*call.args[place:], *(k.value for k in call.keywords if k.arg == "mode")]
        words = {mode.value for mode in modes if isinstance(mode, ast.Constant)}
        if any(isinstance(word, str) and set("wax+") & set(word) for word in words):
            yield "opens a file for writing"


def files_of(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", files_of("flows"), ids=lambda p: str(p.relative_to(ROOT)))
def test_flows_is_pure(path) -> None:
    assert list(violations(path.read_text(encoding="utf-8"))) == []


def test_bot_may_import_flows_but_neither_tests_nor_bench() -> None:
    for path in files_of("bot"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tops = {name.split(".")[0] for node in ast.walk(tree) for name in imported(node)}
        assert not tops & {"tests", "bench"}


DRIVERS = {"aiosqlite", "asyncpg", "sqlite3", "sqlalchemy", "alembic", "psycopg"}
"""What opens a database; only `storage` may."""

SQL = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b")


def tops_of(path: Path) -> set[str]:
    """Return the packages that a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {name.split(".")[0] for node in ast.walk(tree) for name in imported(node)}


@pytest.mark.parametrize("path", files_of("storage"), ids=lambda p: str(p.relative_to(ROOT)))
def test_storage_knows_flows_but_neither_bot_nor_telegram(path) -> None:
    assert not tops_of(path) & {"bot", "telegram", "aiohttp", "tests", "bench"}


@pytest.mark.parametrize("path", files_of("bot"), ids=lambda p: str(p.relative_to(ROOT)))
def test_bot_opens_no_database_and_writes_no_sql(path) -> None:
    assert not tops_of(path) & DRIVERS
    assert not SQL.search(path.read_text(encoding="utf-8"))


def test_the_stand_in_knows_nothing_of_the_bot() -> None:
    for path in files_of("bot/standin"):
        names = [n for node in ast.walk(ast.parse(path.read_text())) for n in imported(node)]
        ours = [n for n in names if n.split(".")[0] in ("bot", "flows", "storage")]
        assert [n for n in ours if not n.startswith("bot.standin")] == []


def test_every_file_of_both_packages_is_looked_at() -> None:
    assert ROOT / "flows" / "classify.py" in files_of("flows")
    assert ROOT / "flows" / "redflags" / "__init__.py" in files_of("flows")
    assert ROOT / "bot" / "__main__.py" in files_of("bot")


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("import bot", "imports bot"),
        ("def f():\n    from bot.cli import main", "imports bot.cli"),
        ("import telegram", "imports telegram"),
        ("import numpy as np", "imports numpy"),
        ("from . import classify", "imports a relative module"),
        ("import urllib.request", "imports urllib.request, which reaches outside"),
        ("from time import monotonic", "imports time, which reaches outside"),
        ("random.choice((1, 2))", "uses random.choice"),
        ("from random import shuffle", "uses random.shuffle"),
        ("random.Random()", "calls Random() without a seed"),
        ("Random().random()", "calls Random() without a seed"),
        ("now = datetime.now()", "calls .now(), the clock"),
        ("now = dt.datetime.now(dt.UTC)", "calls .now(), the clock"),
        ("day = date.today()", "calls .today(), the clock"),
        ("t = datetime.fromtimestamp(0)", "calls .fromtimestamp(), the clock"),
        ("open('x', 'w')", "opens a file for writing"),
        ("open('x', mode='ab')", "opens a file for writing"),
        ("path.open('r+')", "opens a file for writing"),
        ("path.write_text('x')", "calls write_text(), which writes"),
        ("print('x')", "calls print(), which writes"),
        ("eval('1')", "calls eval()"),
        ("importlib.import_module('bot')", "calls import_module()"),
    ],
)
def test_a_planted_violation_is_found(planted, said) -> None:
    assert said in list(violations(planted))


@pytest.mark.parametrize(
    "innocent",
    [
        "import re\nfrom pydantic import BaseModel\nfrom flows.verdict import Level",
        "open('x')",
        "from random import Random\nRandom(7)",
        "import random\nrandom.Random(seed)",
        "path.open('rb')",
        "open('x', encoding='latin-1')",
        "datetime.fromtimestamp(0, UTC)",
        "now = case.hours",
    ],
)
def test_what_is_pure_is_left_alone(innocent) -> None:
    assert list(violations(innocent)) == []
