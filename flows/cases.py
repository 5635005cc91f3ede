"""One case as a line of JSON: what `classify` reads from a stream and `replay` from a history.

    {"case": "A7K2", "at": "2026-11-22T10:00:00Z", "treatment": "mn_topical+inj_skin", "hours": 30,
     "answers": {"red_flags": [], "redness": 2},
     "history": {"checkins": [{"h": 24, "answers": {"redness": 1}}], "profile": {"area": "face"}},
     "level": "expected"}

`treatment` and `hours` are required. This file looks at the shape alone; whether a treatment,
an area or a level exists is the protocol's to say, when the case is sorted.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from flows.case_frame import CaseError
from flows.derived import Earlier, History
from flows.verdict import LEVEL_WORDS, Level

CASE_KEYS = ("case", "at", "treatment", "hours", "answers", "history", "level")
HISTORY_KEYS = (
    "checkins", "profile", "event", "misses", "last_level", "worst_partial", "case_level",
)  # fmt: skip
CHECK_IN_KEYS = ("h", "answers")
SHOWN_LETTERS = 40
"""How much of an unexpected value an error quotes; the rest may be a patient's own words."""


@dataclass(frozen=True, slots=True)
class Case:
    """What sorting needs, and for a replay whose it was, when, and the level it got then.

    `hours` count from the session; `at` is in UTC; `level` is None when the line
    does not say how the case was sorted.
    """

    treatment: str
    hours: float
    answers: Mapping[str, object] = field(default_factory=dict)
    history: History = field(default_factory=History)
    case: str | None = None
    at: datetime | None = None
    level: Level | None = None


def parse_case(line: str) -> Case:
    """Read one line.

    Raises:
        CaseError: it is not a JSON object of this shape; the message says where and what is
            expected there.
    """
    table = as_object("the line", decoded(line))
    known("the line", table, CASE_KEYS)
    for name in ("treatment", "hours"):
        if name not in table:
            raise CaseError(f"{name} is missing")
    return Case(
        treatment=as_text("treatment", table["treatment"]),
        hours=as_hours("hours", table["hours"]),
        answers=as_object("answers", table.get("answers", {})),
        history=as_history(as_object("history", table.get("history", {}))),
        case=None if table.get("case") is None else as_text("case", table["case"]),
        at=None if table.get("at") is None else as_instant(as_text("at", table["at"])),
        level=None if table.get("level") is None else as_level(as_text("level", table["level"])),
    )


def decoded(line: str) -> object:
    """Return the JSON value of a line.

    Raises:
        CaseError: the line is no JSON, or says one key twice.
    """
    try:
        return json.loads(line, object_pairs_hook=once, parse_constant=refused)
    except json.JSONDecodeError as error:
        raise CaseError(f"not valid JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise CaseError("not valid JSON: nested too deeply") from None
    except ValueError as error:
        raise CaseError(str(error)) from None


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return a JSON object, refusing a key that stands twice: one answer would be lost."""
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CaseError(f"«{twice}» stands there twice")
    return table


def refused(constant: str) -> object:
    """Refuse NaN and the infinities, which Python's parser would let through."""
    raise CaseError(f"{constant} is not a number that JSON knows")


def as_history(table: Mapping[str, object]) -> History:
    """Read what is known besides today's answers."""
    known("history", table, HISTORY_KEYS)
    rows = table.get("checkins", [])
    if not isinstance(rows, list):
        raise CaseError(f"history.checkins must be a list, not {shown(rows)}")
    checkins = tuple(as_earlier(f"history.checkins.{n}", row) for n, row in enumerate(rows, 1))
    if any(later.hours < first.hours for first, later in pairwise(checkins)):
        raise CaseError("history.checkins must run from the oldest to the newest")
    event = table.get("event")
    return History(
        checkins=checkins,
        profile=as_profile(as_object("history.profile", table.get("profile", {}))),
        event=None if event is None else as_text("history.event", event),
        misses=as_count("history.misses", table.get("misses", 0)),
        last_level=as_text("history.last_level", table.get("last_level", "none")),
        worst_partial=as_count("history.worst_partial", table.get("worst_partial", 0)),
        case_level=as_text("history.case_level", table.get("case_level", "none")),
    )


def as_earlier(where: str, row: object) -> Earlier:
    """Read one earlier check-in."""
    table = as_object(where, row)
    known(where, table, CHECK_IN_KEYS)
    for name in CHECK_IN_KEYS:
        if name not in table:
            raise CaseError(f"{where}.{name} is missing")
    hours = as_hours(f"{where}.h", table["h"])
    return Earlier(hours, as_object(f"{where}.answers", table["answers"]))


def as_profile(table: Mapping[str, object]) -> Mapping[str, object]:
    """Read the profile: words, yes or no, and the severities that were there before."""
    for name, value in table.items():
        fits = isinstance(value, Mapping) if name == "baseline" else isinstance(value, (str, bool))
        if not fits:
            raise CaseError(f"history.profile.{name} cannot be {shown(value)}")
    return table


def as_object(where: str, value: object) -> Mapping[str, object]:
    """Read a JSON object."""
    if not isinstance(value, dict):
        raise CaseError(f"{where} must be an object like {{…}}, not {shown(value)}")
    return value


def as_text(where: str, value: object) -> str:
    """Read a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise CaseError(f"{where} must be a text, not {shown(value)}")
    return value


def as_hours(where: str, value: object) -> float:
    """Read hours since the session."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise CaseError(f"{where} must be a number of hours, not {shown(value)}")
    if not 0 <= value <= sys.float_info.max:
        raise CaseError(f"{where} counts from the session on and cannot be {shown(value)}")
    return value


def as_count(where: str, value: object) -> int:
    """Read a whole number, 0 or more."""
    if type(value) is not int or value < 0:
        raise CaseError(f"{where} must be a whole number, 0 or more, not {shown(value)}")
    return value


def as_instant(value: str) -> datetime:
    """Read a date and time with its zone, and return it in UTC."""
    try:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise CaseError(
        f"at must be a time with its zone, like 2026-11-22T10:00:00Z, not {shown(value)}"
    )


def as_level(value: str) -> Level:
    """Read the level a case got."""
    if value not in LEVEL_WORDS:
        raise CaseError(f"there is no level «{value}»; there are {', '.join(LEVEL_WORDS)}")
    return LEVEL_WORDS[value]


def known(where: str, table: Mapping[str, object], names: tuple[str, ...]) -> None:
    """Refuse a key that nothing reads: a misspelt one must not pass unseen."""
    for name in table:
        if name not in names:
            raise CaseError(f"{where} has «{name}», which means nothing; use {', '.join(names)}")


def shown(value: object) -> str:
    """Return a value for an error message, cut short."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN_LETTERS else f"{text[: SHOWN_LETTERS - 1]}…"
