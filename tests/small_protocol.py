"""A protocol that is quick to compare, and small changes of it, for the tests of `diff`."""

import copy
from collections.abc import Callable
from itertools import count
from typing import Any

from flows.diff import Difference, differences
from flows.protocol import Protocol
from flows.protocol_file import bundled

TREATMENTS = ("mn_topical", "inj_skin", "inj_lip_eye", "inj_scalp", "iv")
KEPT = (
    "FEV-01", "FEV-03", "FEV-04", "FEV-10", "FEV-15", "ALL-01", "RF-00", "RF-03b", "RF-03e",
    "INF-01", "INF-05", "COL-03", "PAT-01", "SIL-02",
)  # fmt: skip
VERSIONS = count()
Tables = dict[str, Any]


def small() -> Protocol:
    """Return the bundled protocol with some treatments and some of its rules, to be quick."""
    whole = bundled()
    groups = {n: tuple(m for m in g if m in TREATMENTS) for n, g in whole.groups.items()}
    return whole.model_copy(
        update={
            "treatments": {name: whole.treatments[name] for name in TREATMENTS},
            "groups": groups,
            "rules": tuple(rule for rule in whole.rules if rule.id.startswith(KEPT)),
            "windows": {name: whole.windows[name] for name in ("redness", "fatigue")},
            "questions": tuple(q for q in whole.questions if q.id != "joint_move"),
        }
    )


OLD = small()


def edited(change: Callable[[Tables], object], protocol: Protocol = OLD) -> Protocol:
    """Return the next version of a protocol, with a change made to its tables."""
    tables = copy.deepcopy(protocol.model_dump(by_alias=True))
    tables["protocol"]["version"] = f"9.0.{next(VERSIONS)}"
    change(tables)
    return Protocol.model_validate(tables)


def item(tables: Tables, table: str, name: str) -> Tables:
    """Return one table with an id."""
    found: Tables = next(row for row in tables[table] if row["id"] == name)
    return found


def told(change: Callable[[Tables], object]) -> tuple[Difference, ...]:
    """Return the differences that a change makes, the version's own left out."""
    found = differences(OLD, edited(change))
    return tuple(d for d in found if d.path != ("protocol", "version"))


def only(change: Callable[[Tables], object]) -> Difference:
    """Return the one difference that a change makes."""
    (difference,) = told(change)
    return difference


def line(rule: str, place: int, text: str) -> Callable[[Tables], None]:
    """Return the change of one condition line of a rule."""

    def change(tables: Tables) -> None:
        row = item(tables, "rules", rule)
        row["all"] = (*row["all"][:place], text, *row["all"][place + 1 :])

    return change


def set_to(path: str, value: object) -> Callable[[Tables], None]:
    """Return the change of one value at a dotted path."""

    def change(tables: Tables) -> None:
        *parents, last = path.split(".")
        node: Any = tables
        for name in parents:
            rows = isinstance(node, tuple)
            node = next(r for r in node if r["id"] == name) if rows else node[name]
        node[last] = value

    return change
