"""The hazard log names real places, and its page is what the source says."""

import re
from pathlib import Path

import pytest

from bench.hazards import Hazard, controls, hazards, page, proofs

ROOT = Path(__file__).parents[1]
HELD, PROVED = controls(), proofs()


def test_the_page_is_what_the_source_says() -> None:
    text = page(hazards(), HELD, PROVED)
    assert (ROOT / "docs" / "hazards.md").read_text(encoding="utf-8") == text, "run make hazards"


def test_the_44_that_were_listed_first_are_there() -> None:
    assert [f"H{number:02}" for number in range(1, 45)] == list(hazards())[:44]


def test_every_mark_names_a_hazard() -> None:
    assert set(PROVED) | set(HELD) <= set(hazards())


@pytest.mark.parametrize("name", hazards())
def test_a_hazard_has_a_test_or_says_why_not(name: str) -> None:
    """That its tests pass as well is seen to at the end of a run of everything."""
    one = hazards()[name]
    assert bool(PROVED.get(name)) != bool(one.untested)


@pytest.mark.parametrize("name", hazards())
def test_a_hazard_has_a_control_in_the_product(name: str) -> None:
    assert HELD.get(name) or hazards()[name].untested


def test_marks_and_lines_are_read_from_the_source(tmp_path: Path) -> None:
    for folder, text in {
        "bot": '"""Sends.\n\nHazards: H01, H02.\n"""\n',
        "tests": '@pytest.mark.hazard("H01", "H03")\nasync def test_anna_is_heard(): ...\n',
    }.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.py").write_text(text)
    held, proved = controls(tmp_path), proofs(tmp_path)
    assert held == {"H01": ["bot/one.py"], "H02": ["bot/one.py"]}
    assert set(proved) == {"H01", "H03"}
    shown = page({"H01": Hazard("A fall", "A bruise", 2, "A rail")}, held, proved)
    assert re.search(r"## H01 · A fall\n\n\*\*A bruise\*\* \(severity 2\)\. A rail\.", shown)
    assert "- Anna is heard ([tests/one.py](../tests/one.py))" in shown


def test_a_run_of_everything_without_a_proof_fails(pytester: pytest.Pytester) -> None:
    """The plugin itself, in a suite of its own where one hazard is proved by a failing test."""
    source = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    given = 'hazards = lambda: {n: __import__("types").SimpleNamespace(untested="") for n in "AB"}'
    pytester.makeconftest(source.replace("from bench.hazards import hazards", given))
    pytester.makeini('[pytest]\ntestpaths = "."\nmarkers = ["hazard"]')
    pytester.makepyfile(
        'import pytest\n@pytest.mark.hazard("A")\ndef test_a(): pass\n'
        '@pytest.mark.hazard("B")\ndef test_b(): pytest.skip("not here")\n'
    )
    found = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    assert found.ret == pytest.ExitCode.TESTS_FAILED
    found.stdout.fnmatch_lines(["HAZARD B: no passing test proves its control"])
    assert "HAZARD A" not in found.stdout.str()
    assert pytester.runpytest_subprocess("-k", "test_a").ret == pytest.ExitCode.OK
