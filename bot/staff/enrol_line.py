"""One line that says everything of a visit: `mn_topical+inj_skin face 14:30 lot=AB12`."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.visit import EnrolmentError, EnrolmentRequest
from flows.local_time import wall_time
from flows.protocol import Protocol
from flows.staff_language import _

CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
KEYED = ("lot", "case", "zone")


@dataclass
class Line:
    """What was understood so far of a line; `either` holds words of two meanings."""

    treatments: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    either: list[str] = field(default_factory=list)
    day: date | None = None
    clock: time | None = None
    at: datetime | None = None
    keyed: dict[str, str] = field(default_factory=dict)


def read_line(
    protocol: Protocol, words: list[str], zone: ZoneInfo, now: datetime
) -> EnrolmentRequest:
    """Read a line whose words stand in any order; a time without its day is today's.

    Treatments go by their ids or the first word of their labels, areas by their ids. Without a
    time the session has just ended.

    Raises:
        EnrolmentError: something was not understood, or was said twice; with an example.
    """
    line = Line()
    unknown = [word for word in words if not understood(protocol, line, word, zone)]
    if unknown:
        said = ", ".join(f"«{word[:24]}»" for word in unknown)
        raise problem(_("I did not understand {said}.", said=said), protocol)
    settle(line, protocol)
    if len(set(line.areas)) > 1:
        raise problem(
            _("Two areas are one too many: {names}.", names=", ".join(line.areas)), protocol
        )
    if not line.treatments:
        raise problem(_("Which treatment was it?"), protocol)
    return EnrolmentRequest(
        "+".join(line.treatments), moment(line, zone, now), next(iter(line.areas), None),
        line.keyed.get("lot", ""), line.keyed.get("case"), line.keyed.get("zone"),
    )  # fmt: skip


def example(protocol: Protocol) -> str:
    """Return a line of this protocol: `mn_topical face 14:30 lot=AB12`."""
    name, treatment = next(iter(protocol.treatments.items()))
    return f"{name} {treatment.usual_area} 14:30 lot=AB12"


def problem(sentence: str, protocol: Protocol) -> EnrolmentError:
    """Return the error with all that could have been written."""
    like = _("Write for example: {example}", example=example(protocol))
    lines = (
        f"{sentence} {like}",
        _("Treatments: {names}", names=", ".join(protocol.treatments)),
        _("Areas: {names}", names=", ".join(protocol.areas)),
        _("Time: 14:30 today, or 2026-11-24T14:30; left out, the session has just ended."),
    )
    return EnrolmentError("\n".join(lines))


def understood(protocol: Protocol, line: Line, word: str, zone: ZoneInfo) -> bool:
    """Take one word, and say whether it means something."""
    name, is_keyed, value = word.partition("=")
    if is_keyed:
        known = name.lower() in KEYED and bool(value) and name.lower() not in line.keyed
        line.keyed[name.lower()] = value
        return known
    return took_time(line, word, zone) or took_name(protocol, line, word.lower())


def took_name(protocol: Protocol, line: Line, word: str) -> bool:
    """Take treatments, joined by + where they are several, or an area."""
    treatments = [treatment_named(protocol, part) for part in word.split("+")]
    if word in protocol.areas and all(treatments):
        line.either.append(word)
    elif word in protocol.areas:
        line.areas.append(word)
    elif all(treatments):
        line.treatments += [name for name in treatments if name not in line.treatments]
    else:
        return False
    return True


def treatment_named(protocol: Protocol, word: str) -> str:
    """Return the treatment with this id, or whose label alone begins so; empty for none."""
    if word in protocol.treatments:
        return word
    found = [
        name
        for name, treatment in protocol.treatments.items()
        if treatment.label.split()[0].lower() == word
    ]
    return found[0] if len(found) == 1 else ""


def settle(line: Line, protocol: Protocol) -> None:
    """Decide on words such as `lip`, which are a treatment and an area.

    Beside a treatment it is the area; alone it is the treatment.
    """
    if not line.either:
        return
    if not line.treatments:
        line.treatments.append(treatment_named(protocol, line.either.pop(0)))
    line.areas += line.either


def took_time(line: Line, word: str, zone: ZoneInfo) -> bool:
    """Take a time of day, a day, or both in one; each once."""
    clock = CLOCK.fullmatch(word)
    if clock:
        is_new = line.clock is None
        line.clock = time(int(clock[1]), int(clock[2]))
        return is_new
    if not word[:4].isdigit() or len(word) < len("2026-11-24"):
        return False
    try:
        if len(word) == len("2026-11-24"):
            is_new = line.day is None
            line.day = date.fromisoformat(word)
            return is_new
        at = datetime.fromisoformat(word)
    except ValueError:
        return False
    is_new = line.at is None
    line.at = at if at.utcoffset() is not None else wall_time(at.date(), at.time(), zone)
    return is_new


def moment(line: Line, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when the session ended.

    Raises:
        EnrolmentError: a day stands without its time, or a time was said in two ways.
    """
    if line.at is not None and (line.day or line.clock):
        raise EnrolmentError(
            _("The time stands there twice. Write it once, like 2026-11-24T14:30.")
        )
    if line.at is not None:
        return line.at
    if line.clock is None:
        if line.day is not None:
            raise EnrolmentError(_("Write the time of day too, like 2026-11-24T14:30."))
        return now
    return wall_time(line.day or now.astimezone(zone).date(), line.clock, zone)
