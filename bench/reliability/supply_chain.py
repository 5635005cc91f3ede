"""What the bot is made of: every file by its hash, a list of it, and how exposed its service is.

    python -m bench.reliability supply_chain

`make sbom` and `make vulnerabilities` install their tools, by hash, into `.audit`.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.figures import Advance, Figure, Section, table

ROOT: Final = Path(__file__).parents[2]
RUN: Final = "requirements-run.lock"
LOCKS: Final = (
    "requirements.lock", RUN, "deploy/requirements-build.lock", "deploy/requirements-audit.lock",
)  # fmt: skip
SERVICE: Final = ROOT / "deploy" / "aftercheck.service"
MOST_EXPOSED: Final = 2.0
PIN: Final = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]+\])?==([^\s;\\]+)")
HASH: Final = "--hash=sha256:"
WAIT: Final = 600  # seconds


def pins(name: str) -> dict[str, str]:
    """Return the version of each package of a lock file."""
    return {found[1]: found[2] for block in blocks(name) if (found := PIN.match(block))}


def blocks(name: str) -> Iterator[str]:
    """Yield each package of a lock file with all that belongs to it."""
    text = (ROOT / name).read_text(encoding="utf-8").strip()
    yield from (block for block in re.split(r"\n(?=[a-z0-9])", text) if block)


def unpinned(name: str) -> list[str]:
    """Return what a lock file would install without knowing its hash."""
    return [block.split()[0] for block in blocks(name) if not PIN.match(block) or HASH not in block]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of this repository."""
    return subprocess.run(  # noqa: S603 - the commands are those below
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=WAIT
    )


def listed() -> dict[str, str] | None:
    """Return what the bill of materials names, with versions; None where it was not made."""
    path = ROOT / "dist" / "sbom.json"
    path.unlink(missing_ok=True)
    run("make", "sbom")
    if not path.exists():
        return None
    body = json.loads(path.read_text(encoding="utf-8"))
    assert body["bomFormat"] == "CycloneDX"
    return {one["name"]: one["version"] for one in body["components"]}


def known() -> tuple[int | None, str]:
    """Return how many packages have a known vulnerability; None, and why, where nobody could say.

    pip-audit ends with 1 for both: with a package that it could not look up, it says so.
    """
    done = run("make", "vulnerabilities")
    if done.returncode == 0:
        return 0, ""
    said = (done.stdout + done.stderr).strip()
    found = re.search(r"Found (\d+) known vulnerabilit", said)
    if found:
        return int(found[1]), ""
    line = next((one for one in said.splitlines() if "ERROR" in one), "it did not run")
    return None, line.removeprefix("ERROR:pip_audit._cli:")


def exposure() -> float | None:
    """Return what systemd says of the service's exposure, 0 to 10; None where it is not there."""
    if not shutil.which("systemd-analyze"):
        return None
    done = run("systemd-analyze", "security", "--offline=yes", "--no-pager", str(SERVICE))
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    return float(found[1]) if found else None


def dangerous_code() -> int:
    """Return how many places ruff's security rules, which are bandit's, find in the product.

    An `assert` is none of them: here it states an invariant, and nothing depends on it.
    """
    done = run(sys.executable, "-m", "ruff", "check", "--select", "S", "--ignore", "S101",
               "--output-format", "json",
               "bot", "flows", "storage")  # fmt: skip
    return len(json.loads(done.stdout))


def measure(advance: Advance, *, full: bool) -> Section:  # noqa: ARG001 - it has one size
    """Measure and return the section."""
    advance("locks, rules, service")
    loose = {name: unpinned(name) for name in LOCKS}
    figures = [
        Figure("packages that would be installed without a hash, of "
               f"{sum(len(pins(name)) for name in LOCKS)} in {len(LOCKS)} lock files", 0,
               sum(map(len, loose.values())), "{:.0f}", "", at_most=True),
        Figure("findings of ruff's security rules, which are bandit's, secrets in code among them",
               0, dangerous_code(), "{:.0f}", "", at_most=True),
    ]  # fmt: skip
    missing = []
    level = exposure()
    if level is None:
        missing.append("the service's exposure: systemd-analyze is not installed.")
    else:
        figures.append(Figure("exposure of the service, by systemd-analyze security", MOST_EXPOSED,
                              level, "{:.1f}", "", at_most=True))  # fmt: skip
    advance("bill of materials")
    materials, wanted = listed(), pins(RUN)
    if materials is None:
        missing.append("the bill of materials: `make sbom` could not install its tool.")
    else:
        off = wanted.items() ^ materials.items()
        figures.append(Figure(f"of {len(wanted)} packages missing or wrong in the bill of "
                              "materials", 0, len(off), "{:.0f}", "", at_most=True))  # fmt: skip
    advance("known vulnerabilities")
    count, why = known()
    if count is None:
        missing.append(f"known vulnerabilities: nobody could be asked here ({why}).")
    else:
        figures.append(Figure("known vulnerabilities in what the bot runs with", 0, count,
                              "{:.0f}", "", at_most=True))  # fmt: skip
    rows = [(name, len(pins(name)), len(loose[name])) for name in LOCKS]
    return Section("Supply chain", HOW, figures,
                   [table(["lock file", "packages", "without a hash"], rows)],
                   missing=missing)  # fmt: skip


HOW = (
    "`make sbom` lists what the running bot is made of, from its lock, as CycloneDX. `make "
    "vulnerabilities` asks pypi.org what is known against it, and fails where a package could not "
    "be looked up: a silence is no all-clear."
)
