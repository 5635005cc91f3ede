"""A case in words, in the order in which somebody reads it: what `pdf` sets.

A report is a title, a lead, facts, and sections; a section has entries, an entry rows of a label
and what it says. A chart or a picture is one more kind of section.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from bot.export.said import Saying, as_stored, in_words
from flows.engine.desk import day, day_and_time
from storage.bodies import answers_of

Row: TypeAlias = tuple[str, str]
Whole: TypeAlias = Mapping[str, Any]
ERASED = "What was said was erased; only times and levels are left."


def report(whole: Whole, saying: Saying) -> dict[str, Any]:
    """Return a case as headings, facts and rows; instants by the patient's clock."""
    patient = whole["patient"][0]
    zone = ZoneInfo(patient["zone"])
    made = moment(whole["made_at"], zone)
    return {
        "title": f"Everything kept about case {whole['case']}",
        "lead": f"{whole['clinic']}, as of {made}. Times are those of {patient['zone']}. The same "
        "and the pictures, complete and for a machine, are in the JSON file.",
        "foot": f"Case {whole['case']}, made {made}",
        "facts": list(facts(patient, zone)),
        "sections": detailed(whole, saying, zone),
    }


def detailed(whole: Whole, saying: Saying, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return everything as sections; instants by the clock of a zone."""
    return [
        section("Visits", (visit(one, zone) for one in whole["sessions"])),
        section("Check-ins and answers", check_ins(whole, saying, zone)),
        section("What the team was told", (alert(one, zone) for one in whole["alerts"])),
        section("Words and pictures", messages(whole, zone)),
        section("Who did what", (act(one, zone) for one in whole["acts"])),
        section("Still planned", plans(whole, zone)),
        section("Kept besides", [counted(whole)]),
    ]


def section(title: str, entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a section."""
    return {"title": title, "entries": list(entries), "none": "Nothing is kept."}


def entry(title: str, rows: Iterable[tuple[str, object]] = ()) -> dict[str, Any]:
    """Return an entry; rows that say nothing are left out."""
    return {"title": title, "rows": [(label, str(said)) for label, said in rows if said]}


def moment(text: str | None, zone: ZoneInfo) -> str:
    """Return a stored instant with its year, by the clock of a zone."""
    if not text:
        return ""
    at = datetime.fromisoformat(text)
    return f"{day_and_time(at, zone)} ({at.astimezone(zone):%Y})"


def facts(patient: Whole, zone: ZoneInfo) -> Iterator[Row]:
    """Yield who it is."""
    inside = patient["content"] or {}
    yield "Code at the clinic", patient["code"]
    if not inside:
        yield "Erased", ERASED
    if inside.get("name"):
        yield "Name in the chat app", inside["name"]
    yield "Chat number", str(patient["chat_id"] or "none")
    yield "Language, time zone", f"{patient['language']}, {patient['zone']}"
    yield "Stage", patient["stage"]
    yield "Known since", moment(patient["created_at"], zone)
    if inside.get("consented_at"):
        agreed = moment(inside["consented_at"], zone)
        yield "Agreed to the chat", f"{agreed}, text {inside['consent']}"
    if inside.get("confirmed_by"):
        yield "Confirmed by", str(inside["confirmed_by"])
    for name, value in (inside.get("profile") or {}).items():
        yield (
            name.replace("_", " "),
            "yes" if value is True else "no" if value is False else str(value),
        )


def visit(one: Whole, zone: ZoneInfo) -> Mapping[str, Any]:
    """Return a visit."""
    ended = datetime.fromisoformat(one["ended_at"])
    rows = (("Treatment", one["treatment"]), ("Area", one["area"]), ("Product lot", one["lot"]))
    return entry(f"{one['number']}. {day(ended, zone)}, ended {ended.astimezone(zone):%H:%M}", rows)


def check_ins(whole: Whole, saying: Saying, zone: ZoneInfo) -> Iterator[Mapping[str, Any]]:
    """Yield every check-in that has come to something, with its last answers in words."""
    last = {one["check_in"]: one for one in whole["answers"]}
    for one in whole["check_ins"]:
        answered = last.get(one["key"])
        if one["state"] in ("planned", "skipped") and answered is None:
            continue
        inside = one["content"] or {}
        rows: list[tuple[str, object]] = [
            ("Asked", moment(one["sent_at"], zone)),
            ("Answered", moment(inside.get("answered_at"), zone)),
            ("Ended as", ": ".join(filter(None, (one["state"].replace("_", " "), one["reason"])))),
        ]
        if answered is not None:
            rows += answers(answered, saying)
        yield entry(f"{one['key']}, due {moment(one['due_at'], zone)}", rows)


def answers(row: Whole, saying: Saying) -> Iterator[tuple[str, object]]:
    """Yield answers under their questions, and how they were sorted."""
    inside = row["content"] or {"answers": {}, "because": []}
    questions = saying.questions(row["protocol"])
    for name, value in answers_of(inside["answers"]).items():
        question = questions.get(name)
        yield (
            question.text["en"] if question else name,
            in_words(question, value) or as_stored(value),
        )
    yield "Sorted as", f"{row['level'].replace('_', ' ')}, by {row['protocol']}"
    for rule, level, reason, *_ in inside["because"]:
        yield "Because", f"{reason} ({rule}, {level.replace('_', ' ')})"


def alert(one: Whole, zone: ZoneInfo) -> Mapping[str, Any]:
    """Return an alert, and who took care of it."""
    inside = one["content"] or {"said": [], "because": []}
    done = [
        (label, f"{moment(one[f'{what}_at'], zone)} {one[f'{what}_by'] or ''}".strip())
        for label, what in (
            ("Taken", "claimed"),
            ("Contacted", "contacted"),
            ("Closed", "resolved"),
        )
        if one[f"{what}_at"]
    ]
    rows = [
        *(("Said", said) for said in inside["said"]),
        *(("Because", because[2]) for because in inside["because"]), *done,
        ("Outcome", one["outcome"]),
    ]  # fmt: skip
    level = one["level"].replace("_", " ")
    return entry(f"{one['key']}: {level}, {moment(one['opened_at'], zone)}", rows)


def messages(whole: Whole, zone: ZoneInfo) -> Iterator[Mapping[str, Any]]:
    """Yield what was written and sent, by whom."""
    for one in whole["messages"]:
        inside = one["content"] or {"text": ERASED}
        yield entry(f"{moment(one['at'], zone)}, {one['author']}", [(one["kind"], inside["text"])])
    for one in whole["photos"]:
        has = "kept, in the JSON file" if one["content"] else "not kept"
        yield entry(f"Picture, {moment(one['at'], zone)}", [("photo", has)])


def act(one: Whole, zone: ZoneInfo) -> Mapping[str, Any]:
    """Return who did what."""
    what = one["action"] if one["allowed"] else f"{one['action']}, which was refused"
    rows = [(what.replace("_", " "), " ".join(filter(None, (one["alert"], one["detail"]))) or "-")]
    return entry(f"{moment(one['at'], zone)}, {one['name']}", rows)


def plans(whole: Whole, zone: ZoneInfo) -> Iterator[Mapping[str, Any]]:
    """Yield what is still to come."""
    for one in whole["plans"]:
        if one["state"] == "waiting":
            yield entry(f"{moment(one['due_at'], zone)}: {one['kind'].replace('_', ' ')}")


def counted(whole: Whole) -> Mapping[str, Any]:
    """Return how much there is of what only a machine wants to read."""
    names = {"links": "links", "sent": "messages sent", "received": "updates from the chat app"}
    rows = [(label, f"{len(whole[name])}, in the JSON file") for name, label in names.items()]
    return entry("For a time only", rows)
