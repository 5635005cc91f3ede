"""What is installed is known by its hash, and what is said about it is what was found."""

from types import SimpleNamespace

import pytest

from bench.reliability import supply_chain
from bench.reliability.supply_chain import LOCKS, dangerous_code, known, pins, unpinned


@pytest.mark.parametrize("name", LOCKS)
def test_nothing_is_installed_without_a_hash(name) -> None:
    assert pins(name)
    assert unpinned(name) == []


def test_a_package_without_a_hash_is_noticed(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(supply_chain, "ROOT", tmp_path)
    (tmp_path / "loose.lock").write_text("good==1 \\\n    --hash=sha256:ab\nbad==2\nworse>=3\n")
    assert unpinned("loose.lock") == ["bad==2", "worse>=3"]
    assert pins("loose.lock") == {"good": "1", "bad": "2"}


def test_no_security_rule_finds_anything_in_the_product() -> None:
    assert dangerous_code() == 0


@pytest.mark.parametrize(
    ("code", "said", "found"),
    [
        (0, "No known vulnerabilities found", (0, "")),
        (2, "Found 3 known vulnerabilities in 1 package", (3, "")),
        (2, "ERROR:pip_audit._cli:x: not found on PyPI", (None, "x: not found on PyPI")),
        (2, "make: no network", (None, "it did not run")),
    ],
)
def test_a_package_that_nobody_could_look_up_is_no_all_clear(
    code, said, found, monkeypatch
) -> None:
    done = SimpleNamespace(returncode=code, stdout="", stderr=said)
    monkeypatch.setattr(supply_chain, "run", lambda *_command: done)
    assert known() == found
