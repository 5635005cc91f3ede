"""A hazard whose control no passing test proves fails the whole suite."""

import pytest

from bench.hazards import hazards

pytest_plugins = ["pytester"]

NAME = "hazard"


class Proofs:
    """Which hazards a passing test has proved so far, wherever the test was run."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for mark in item.iter_markers(NAME):
                item.user_properties += [(NAME, one) for one in mark.args]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.found |= {str(one) for name, one in report.user_properties if name == NAME}


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Proofs(), NAME)


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
    is_part_of_a_run = hasattr(config, "workerinput")
    if is_part_of_a_run or not is_whole(config) or config.option.collectonly:
        return []
    needed = {name for name, one in hazards().items() if not one.untested}
    return sorted(needed - config.pluginmanager.get_plugin(NAME).found)
