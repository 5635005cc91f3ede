"""A case for the clinic's own file: what is kept, as a line of time, with each symptom drawn.

It holds all that a patient's copy does (`case_report`), by the clinic's clock, and a place to sign.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.export.case_report import STAFFS, Reader, Whole, detailed, facts, moment
from bot.export.said import Saying
from flows.chart_style import PATTERNS, STYLE
from flows.engine.check_in_words import BEGUN
from flows.engine.desk import since_session
from flows.symptom_chart import Chart, Point, charts
from flows.verdict import Level
from storage.bodies import answers_of

Moment = Mapping[str, str]

PRINTED: Final = STYLE.partition("@media")[0].replace("system-ui", '"Noto Sans"') + """
.label { stroke: none }
.bar { stroke: #4a5666; stroke-width: 0.6 }
.way { stroke: #1b2430; stroke-width: 1.2; stroke-dasharray: 3 2 }
.answer { fill: #ffffff; stroke: #1b2430; stroke-width: 2 }
.full { fill: #1b2430; stroke: #ffffff }
.unclear { font-size: 15px; font-weight: 700 }
"""  # fmt: skip
"""How a drawing looks on paper: that of the protocol's pictures, and its circles."""

DONE: Final = (("claimed", "took"), ("contacted", "contacted the patient about"),
               ("resolved", "closed"))  # fmt: skip
"""What is done with an alert, in its order."""


def clinic_report(whole: Whole, saying: Saying, zone: ZoneInfo) -> dict[str, Any]:
    """Return a case as headings, a line of time, drawings, facts and rows."""
    made = moment(whole["made_at"], zone)
    return {
        "title": f"Aftercare of case {whole['case']}",
        "lead": f"{whole['clinic']}, as of {made}. Times are those of {zone.key}. Everything that "
        "is kept is in it, but for the pictures, which the JSON file holds.",
        "foot": f"Case {whole['case']}, made {made}",
        "facts": list(facts(whole["patient"][0], Reader(saying, zone))),
        "timeline": list(timeline(whole, saying, zone)),
        "drawings": [one for visit in whole["sessions"] for one in drawings(whole, saying, visit)],
        "sections": detailed(whole, Reader(saying, zone)),
        "sign": ["Read by", "Date", "Signature"],
    }


def timeline(whole: Whole, saying: Saying, zone: ZoneInfo) -> Iterator[Moment]:
    """Yield what happened, the oldest first: when, what, at which level."""
    found = [*visits(whole, saying), *check_ins(whole), *alerts(whole), *messages(whole)]
    for at, what, level in sorted(found, key=lambda one: one[0]):
        yield {"at": moment(at, zone), "what": what, "level": level.replace("_", " ")}


def visits(whole: Whole, saying: Saying) -> Iterator[tuple[str, str, str]]:
    """Yield the ends of the sessions."""
    protocol = saying.protocol(whole["patient"][0]["protocol"])
    for one in whole["sessions"]:
        treated = STAFFS.treatment(protocol, one["treatment"])
        told = [treated, one["area"], one["lot"] and f"lot {one['lot']}"]
        yield one["ended_at"], f"Session {one['number']}: {', '.join(filter(None, told))}", ""


def check_ins(whole: Whole) -> Iterator[tuple[str, str, str]]:
    """Yield what was answered, and what was asked for and was not."""
    last = {one["check_in"]: one for one in whole["answers"]}
    for one in whole["check_ins"]:
        row = last.get(one["key"])
        if row is not None:
            came_of = "answered" if one["state"] == "complete" else BEGUN
            yield row["at"], f"{named(one)}: {came_of}", row["level"]
        elif one["state"] not in ("planned", "skipped"):
            why = ": ".join(filter(None, (one["state"].replace("_", " "), one["reason"])))
            yield one["sent_at"] or one["due_at"], f"{named(one)}: {why}", ""


def named(check_in: Whole) -> str:
    """Return what a check-in is called, such as `Check-in 24 h after (1/check_in/24)`."""
    if check_in["purpose"] == "report":
        return f"Report by the patient ({check_in['key']})"
    name = check_in["purpose"].replace("check_in", "check-in").capitalize()
    return f"{name} {since_session(check_in['hours'])} ({check_in['key']})"


def alerts(whole: Whole) -> Iterator[tuple[str, str, str]]:
    """Yield the alerts when they reached their level, and who took care of each."""
    for one in whole["alerts"]:
        if one["opened_at"] < one["raised_at"]:
            yield one["opened_at"], f"Alert {one['key']}, opened at a lower level", ""
        yield one["raised_at"], f"Alert {one['key']}", one["level"]
        for name, did in DONE:
            if one[f"{name}_at"]:
                outcome = f": {one['outcome']}" if name == "resolved" and one["outcome"] else ""
                who = one[f"{name}_by"] or "Somebody"
                yield one[f"{name}_at"], f"{who} {did} {one['key']}{outcome}", ""


def messages(whole: Whole) -> Iterator[tuple[str, str, str]]:
    """Yield that somebody wrote; what, stands below."""
    for one in whole["messages"]:
        who = "The patient" if one["author"] == "patient" else one["author"]
        did = "sent a picture" if one["kind"] == "photo" else "wrote"
        yield one["at"], f"{who} {did}", ""


def drawings(whole: Whole, saying: Saying, visit: Whole) -> Iterator[Mapping[str, str]]:
    """Yield a drawing of each symptom after a session, by the protocol of its last answers."""
    points: dict[str, list[Point]] = {}
    keys = {one["key"] for one in whole["check_ins"] if one["session"] == visit["number"]}
    last = {one["check_in"]: one for one in whole["answers"] if one["check_in"] in keys}
    answered = sorted(last.values(), key=lambda one: float(one["hours"]))
    for row in answered:
        given = answers_of(row["content"]["answers"]) if row["content"] else {}
        for name, value in given.items():
            points.setdefault(name, []).append(
                Point(row["hours"], value, Level.named(row["level"]))
            )
    protocol = saying.protocol(answered[-1]["protocol"]) if answered else None
    if protocol is None:
        return
    for one in charts(protocol, visit["treatment"], visit["area"], dict(points)):
        title = f"{one.title}, after session {visit['number']}"
        yield {"title": title, "svg": printed(one), "words": one.words}


def printed(chart: Chart) -> str:
    """Return a drawing with its own colours, since on paper there is no page to give them."""
    return chart.svg.replace(">\n", f"><style>{PRINTED}</style>{PATTERNS}\n", 1)
