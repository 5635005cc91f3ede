"""The mutants fit the source as it is now, and the simulation sees one that is put in."""

import shutil

import pytest

from bench.simulation.mutants import MUTANTS, Mutant
from bench.simulation.mutating import ROOT, MutantError, edited, hunted, mutants_page


@pytest.mark.parametrize("mutant", MUTANTS, ids=[one.what for one in MUTANTS])
def test_a_mutant_fits(mutant: Mutant, tmp_path) -> None:
    there = tmp_path / mutant.file
    there.parent.mkdir(parents=True)
    shutil.copyfile(ROOT / mutant.file, there)
    edited(mutant, tmp_path)
    after = there.read_text(encoding="utf-8")
    assert after != (ROOT / mutant.file).read_text(encoding="utf-8")
    compile(after, mutant.file, "exec")


def test_there_are_as_many_as_the_simulation_is_held_to() -> None:
    assert len({one.what for one in MUTANTS}) == len(MUTANTS) >= 20


def test_a_mutant_that_no_longer_fits_says_so(tmp_path) -> None:
    (tmp_path / "one.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(MutantError, match="adapt the mutant"):
        edited(Mutant("y is two", "one.py", "y = 1", "y = 2"), tmp_path)


def test_the_simulation_sees_that_nobody_is_told_again() -> None:
    [mutant] = [one for one in MUTANTS if one.what == "an alert is told of once only"]
    found = hunted(mutant, (1, 2, 3, 5, 8))
    assert found.caught, "none of five stories"
    page = mutants_page([found], 5)
    assert f"1 of the {len(MUTANTS)} faults" in page
    assert "were tried, 1 were found" in page
    assert f"| an alert is told of once only | `{mutant.file}` | `{found.caught}`" in page
