"""What the parts found, kept as JSON, and the page that shows it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.figures import Figure, Section


@dataclass(frozen=True)
class Finding:
    """A part's section, the day it was measured, and at which size, in words."""

    section: Section
    day: str
    size: str
    seconds: float

    def heading(self) -> str:
        """Say when and at which size it was measured."""
        return f"Measured {self.day}, {self.size}, in {duration(self.seconds)}."


def duration(seconds: float) -> str:
    """Return a time to look at: seconds, minutes or hours."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def kept(path: Path) -> dict[str, Finding]:
    """Read what was found so far, by part."""
    if not path.exists():
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))
    return {name: finding(body) for name, body in found.items()}


def finding(body: Mapping[str, object]) -> Finding:
    """Return a finding from its JSON."""
    whole = dict(body)
    section = dict(whole.pop("section"))  # type: ignore[call-overload]
    figures = tuple(Figure(**one) for one in section.pop("figures"))
    return Finding(Section(**section, figures=figures), **whole)  # type: ignore[arg-type]


def keep(path: Path, findings: Mapping[str, Finding]) -> None:
    """Write what was found."""
    body = {name: asdict(one) for name, one in findings.items()}
    text = json.dumps(body, indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def page(findings: Mapping[str, Finding], parts: Sequence[str]) -> str:
    """Return the page: a table of every figure, then a section a part."""
    shown = [(name, findings[name]) for name in parts if name in findings]
    figures = [figure for _, one in shown for figure in one.section.figures]
    met = sum(figure.met for figure in figures)
    missing = [name for name in parts if name not in findings]
    lines = [
        "# Reliability",
        "",
        "Faults put into the real product, and what came of them. Made by `make reliability`;",
        "`python -m bench.reliability PART --full --write docs/reliability.md` measures one part",
        "at full size, or with `--count` of what it counts, and keeps what the others found.",
        "",
        f"{met} of {len(figures)} figures are reached.",
        *([f"Not measured yet: {', '.join(missing)}."] if missing else []),
        "No failure in n trials bounds the rate of failures at about 3/n (95 %).",
        "",
        "| what | to reach | measured | how | met? |",
        "| --- | ---: | ---: | --- | --- |",
        *(figure.row() for figure in figures),
    ]
    for _, one in shown:
        title, _, rest = one.section.text().partition("\n\n")
        lines += ["", title, "", one.heading(), "", rest]
    return "\n".join(lines) + "\n"
