"""A case in words, in the order in which somebody reads it: what `pdf` sets.

In English for staff, and in the patient's language in the copy that the patient gets.
A report is a title, a lead, facts, and sections; a section has entries, an entry rows of a label
and what it says. A chart or a picture is one more kind of section.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from bot.export.reasons import detail, sent, told, who
from bot.export.retelling import Retelling
from bot.export.said import Saying
from bot.export.wording import Wording, wording
from flows.protocol import Protocol
from storage.bodies import answers_of

Row: TypeAlias = tuple[str, str]
Whole: TypeAlias = Mapping[str, Any]
STAFFS: Final = wording()
"""The words that staff read."""
ERASED: Final = STAFFS.say("erased_words")


class Reader(NamedTuple):
    """Who reads a case: by which clock, in which words, and what its answers mean."""

    saying: Saying
    zone: ZoneInfo
    word: Wording = STAFFS

    def moment(self, text: str | None) -> str:
        """Return a stored instant as the reader writes it."""
        return self.word.moment(text, self.zone)


def report(whole: Whole, saying: Saying, word: Wording = STAFFS) -> dict[str, Any]:
    """Return a case as headings, facts and rows; instants by the patient's clock."""
    patient = whole["patient"][0]
    zone = ZoneInfo(patient["zone"])
    made = word.moment(whole["made_at"], zone)
    lead = word.say("lead", clinic=whole["clinic"], time=made, zone=patient["zone"])
    return {
        "language": word.language,
        "title": word.say("title", case=whole["case"]),
        "lead": f"{lead}{word.notes(protocols(whole, saying))}",
        "foot": word.say("foot", case=whole["case"], time=made),
        "facts": in_order(facts(patient, Reader(saying, zone, word)), word),
        "sections": detailed(whole, Reader(saying, zone, word)),
    }


def protocols(whole: Whole, saying: Saying) -> list[Protocol | None]:
    """Return the protocols of which a case has words; None for one that cannot be read."""
    names = [whole["patient"][0]["protocol"], *(row["protocol"] for row in whole["answers"])]
    return [saying.protocol(name) for name in dict.fromkeys(names)]


def detailed(whole: Whole, by: Reader) -> list[dict[str, Any]]:
    """Return everything as sections, as somebody reads it."""
    sections = {
        "visits": (visit(one, whole, by) for one in whole["sessions"]),
        "check_ins": check_ins(whole, by),
        "told": alerts(whole, by),
        "words": messages(whole, by),
        "acts": (act(one, by) for one in whole["acts"]),
        "planned": plans(whole, by),
        "besides": [counted(whole, by.word)],
    }
    nothing = by.word.say("nothing")
    return [
        {"title": by.word.say(name), "entries": list(entries), "none": nothing}
        for name, entries in sections.items()
    ]


def entry(
    title: str, rows: Iterable[tuple[str, object]] = (), word: Wording = STAFFS
) -> dict[str, Any]:
    """Return an entry; rows that say nothing are left out."""
    return {"title": title, "rows": in_order(rows, word)}


def in_order(rows: Iterable[tuple[str, object]], word: Wording) -> list[Row]:
    """Return rows of which each value keeps its order in a line; without those that say nothing."""
    return [(label, word.in_order(str(said))) for label, said in rows if said]


def moment(text: str | None, zone: ZoneInfo) -> str:
    """Return a stored instant with its year, by the clock of a zone, as staff read it."""
    return STAFFS.moment(text, zone)


def facts(patient: Whole, by: Reader) -> Iterator[Row]:
    """Yield who it is."""
    word, inside = by.word, patient["content"] or {}
    yield word.say("code"), patient["code"]
    if not inside:
        yield word.say("erased"), word.say("erased_words")
    if inside.get("name"):
        yield word.say("name"), inside["name"]
    yield word.say("chat"), str(patient["chat_id"] or word.say("none"))
    yield word.say("language_zone"), f"{word.spoken(patient['language'])}, {patient['zone']}"
    yield word.say("stage"), word.value(patient["stage"])
    yield word.say("since"), by.moment(patient["created_at"])
    if inside.get("consented_at"):
        agreed = by.moment(inside["consented_at"])
        yield word.say("consented"), word.say("consent", time=agreed, version=inside["consent"])
    if inside.get("confirmed_by"):
        yield word.say("confirmed_by"), str(inside["confirmed_by"])
    protocol = by.saying.protocol(patient["protocol"])
    for name, value in (inside.get("profile") or {}).items():
        yield word.fact(protocol, name), word.yes_or_no(value)


def visit(one: Whole, whole: Whole, by: Reader) -> Mapping[str, Any]:
    """Return a visit."""
    word, ended = by.word, datetime.fromisoformat(one["ended_at"])
    protocol = by.saying.protocol(whole["patient"][0]["protocol"])
    treated = word.treatment(protocol, one["treatment"])
    area = word.area(protocol, one["area"])
    rows = (("treatment", treated), ("area", area), ("lot", one["lot"]))
    title = word.say(
        "visit_title", number=one["number"], day=word.day(ended, by.zone),
        time=f"{ended.astimezone(by.zone):%H:%M}",
    )  # fmt: skip
    return entry(title, ((word.say(name), said) for name, said in rows), word)


def check_ins(whole: Whole, by: Reader) -> Iterator[Mapping[str, Any]]:
    """Yield every check-in that has come to something, with its last answers in words."""
    word = by.word
    last = {one["check_in"]: one for one in whole["answers"]}
    for one in whole["check_ins"]:
        answered = last.get(one["key"])
        if one["state"] in ("planned", "skipped") and answered is None:
            continue
        inside = one["content"] or {}
        rows: list[tuple[str, object]] = [
            (word.say("asked"), by.moment(one["sent_at"])),
            (word.say("answered"), by.moment(inside.get("answered_at"))),
            (
                word.say("ended_as"),
                ": ".join(
                    filter(None, (word.value(one["state"]), told(one["reason"] or "", word)))
                ),
            ),
        ]
        if answered is not None:
            rows += answers(answered, by)
        yield entry(word.check_in(one, by.moment(one["due_at"])), rows, word)


def answers(row: Whole, by: Reader) -> Iterator[tuple[str, object]]:
    """Yield answers under their questions, and how they were sorted."""
    word, inside = by.word, row["content"] or {"answers": {}, "because": []}
    questions = by.saying.questions(row["protocol"])
    for name, value in answers_of(inside["answers"]).items():
        question = questions.get(name)
        yield word.words(question.text) if question else name, word.answer(question, value)
    sorted_as = word.say("sorted", level=word.value(row["level"]), protocol=row["protocol"])
    yield word.say("sorted_as"), sorted_as
    for rule, level, reason, *_ in inside["because"]:
        yield word.say("because"), f"{word.in_order(reason)} ({rule}, {word.value(level)})"


def alerts(whole: Whole, by: Reader) -> Iterator[Mapping[str, Any]]:
    """Yield every alert."""
    retelling = Retelling(whole, protocols(whole, by.saying), by.word)
    for one in whole["alerts"]:
        yield alert(one, by, retelling)


def alert(one: Whole, by: Reader, retelling: Retelling) -> Mapping[str, Any]:
    """Return an alert, and who took care of it."""
    word, inside = by.word, one["content"] or {"said": [], "because": []}
    done = [
        (word.say(label), f"{by.moment(one[f'{what}_at'])} {one[f'{what}_by'] or ''}".strip())
        for label, what in (
            ("taken", "claimed"), ("contacted", "contacted"), ("closed", "resolved"),
        )
        if one[f"{what}_at"]
    ]  # fmt: skip
    has_risen = one["opened_at"] < one["raised_at"]
    lower = word.say("opened_lower", time=by.moment(one["opened_at"])) if has_risen else ""
    rows = [
        (word.say("opened"), lower),
        *((word.say("said"), said) for said in retelling.said(inside["said"])),
        *((word.say("because"), because[2]) for because in inside["because"]), *done,
        (word.say("outcome"), word.value(one["outcome"] or "")),
    ]  # fmt: skip
    words = {
        "key": word.in_order(one["key"]),
        "level": word.value(one["level"]),
        "time": by.moment(one["raised_at"]),
    }
    return entry(word.say("alert_title", **words), rows, word)


def messages(whole: Whole, by: Reader) -> Iterator[Mapping[str, Any]]:
    """Yield what was written and sent, by whom."""
    word = by.word
    for one in whole["messages"]:
        text = one["content"]["text"] if one["content"] else word.say("erased_words")
        text = sent(text, word) if one["kind"] == "other" else text
        title = f"{by.moment(one['at'])}, {who(one['author'], word)}"
        yield entry(title, [(word.value(one["kind"]), text)], word)
    for one in whole["photos"]:
        has = word.say("kept_in_json" if one["content"] else "not_kept")
        yield entry(
            word.say("picture", time=by.moment(one["at"])), [(word.say("photo"), has)], word
        )


def act(one: Whole, by: Reader) -> Mapping[str, Any]:
    """Return who did what."""
    word, what = by.word, by.word.value(one["action"])
    if not one["allowed"]:
        what = word.say("was_refused", action=what)
    noted = detail(one["action"], one["detail"] or "", word)
    about = " ".join(filter(None, (word.in_order(one["alert"] or ""), noted))) or "-"
    return entry(f"{by.moment(one['at'])}, {who(one['name'], word)}", [(what, about)], word)


def plans(whole: Whole, by: Reader) -> Iterator[Mapping[str, Any]]:
    """Yield what is still to come."""
    for one in whole["plans"]:
        if one["state"] == "waiting":
            yield entry(f"{by.moment(one['due_at'])}: {by.word.value(one['kind'])}")


def counted(whole: Whole, word: Wording) -> Mapping[str, Any]:
    """Return how much there is of what only a machine wants to read."""
    rows = [
        (word.say(name), word.say("in_json", number=len(whole[name])))
        for name in ("links", "sent", "received")
    ]
    return entry(word.say("for_a_time"), rows)
