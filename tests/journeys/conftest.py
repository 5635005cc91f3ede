"""Stories of named people, each compared with its recording."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from clinic import Journey, Tell, a_journey

RECORDED = Path(__file__).parent / "recorded"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="write the recordings again")


@pytest.fixture
def tell(request: pytest.FixtureRequest, tmp_path: Path) -> Tell:
    """Give a clinic for one story, and compare what its screens showed with the recording."""
    name = request.node.name.removeprefix("test_")
    recording = RECORDED / f"{name}.txt"

    @asynccontextmanager
    async def telling(**given: Any) -> AsyncIterator[Journey]:
        async with a_journey(tmp_path, **given) as clinic:
            try:
                yield clinic
            finally:
                written = clinic.tape.written()
                sys.stdout.write(written)  # what a failing story showed so far
        if request.config.getoption("--record", default=False):
            RECORDED.mkdir(exist_ok=True)
            recording.write_text(written, encoding="utf-8")
        assert recording.exists(), f"no recording of {name}: python -m pytest {__file__} --record"
        assert written == recording.read_text(encoding="utf-8")

    return telling
