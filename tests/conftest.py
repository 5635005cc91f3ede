"""A hazard whose control no passing test proves fails the whole suite."""

from collections.abc import Generator
from typing import TypeAlias

import pytest

from bench.hazards import hazards

pytest_plugins = ["pytester"]

Reporting: TypeAlias = Generator[None, pytest.TestReport, pytest.TestReport]
PROVED = pytest.StashKey[set[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[PROVED] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.passed:
        for mark in item.iter_markers("hazard"):
            item.config.stash[PROVED].update(mark.args)
    return report


def is_whole(config: pytest.Config) -> bool:
    """Whether everything was asked for: a part of the suite proves a part of the hazards."""
    chosen = config.getoption("keyword") or config.getoption("markexpr")
    return config.args == config.getini("testpaths") and not chosen


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    missing = unproved(session.config)
    if missing and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for name in unproved(config):
        terminalreporter.write_line(f"HAZARD {name}: no passing test proves its control", red=True)


def unproved(config: pytest.Config) -> list[str]:
    """Return the hazards that nothing proved, where everything was run."""
    if not is_whole(config) or config.option.collectonly:
        return []
    needed = {name for name, one in hazards().items() if not one.untested}
    return sorted(needed - config.stash[PROVED])
