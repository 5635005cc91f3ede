"""A few stories of the simulation, whole; the many are `make simulate`."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.simulation.__main__ import shown
from bench.simulation.many import simulated
from bench.simulation.run import Ran

ROOT = Path(__file__).parents[2]
STORY = 3
HASH = f"from bench.simulation.many import simulated; print(simulated({STORY}).hash)"


def hash_in_a_process_of_its_own(hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", HASH], cwd=ROOT, env={"PYTHONHASHSEED": hash_seed},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_the_same_number_is_the_same_story_in_any_process() -> None:
    first, second = (hash_in_a_process_of_its_own(seed) for seed in ("1", "2"))
    assert first == second
    assert len(first) == 64
    assert simulated(STORY + 1).hash != first


@pytest.mark.parametrize("seed", [1, 2, STORY, 5, 8])
def test_everything_holds_after_a_story(seed: int) -> None:
    ran = simulated(seed)
    assert ran.faults == []
    assert ran.counts["acts"] > 10, "somebody did something"
    assert ran.counts["posts"] > 20, "the bot said something"


def test_a_story_in_which_something_does_not_hold_says_how_to_see_it_again(capsys) -> None:
    shown(Ran(17, "", ["unheard: Anna pressed a warning sign, and staff see no alert"]))
    said = capsys.readouterr().err
    assert "seed 17: 1 faults" in said
    assert "Anna pressed a warning sign" in said
    assert "python -m bench.simulation --replay 17" in said
