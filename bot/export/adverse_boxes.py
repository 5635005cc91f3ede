"""The boxes of a regulator's form about one alert, filled in as far as this program knows.

They are those of Form FDA 3500 (voluntary reporting, sections A to G) and, beside each, of the
MHRA's Yellow Card for health professionals. What a clinic has to decide or to look up stays empty.

Sources: FDA, Instructions for Completing Form FDA 3500 (sections and boxes); MHRA, Yellow Card for
suspected adverse drug reactions (its headings).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.export.case_history import hours_between
from bot.export.case_report import ERASED, Reader, Whole, answers, moment
from bot.export.said import Saying, in_words
from flows.engine.desk import since_session
from flows.protocol import Protocol
from storage.bodies import answers_of


class Box(NamedTuple):
    """One box: its number on Form FDA 3500, where the Yellow Card asks it, and what is known.

    `lines` is empty where the reporter has to fill it in.
    """

    number: str
    asks: str
    yellow_card: str
    lines: Sequence[str] = ()


class Event(NamedTuple):
    """One alert of a case, with the session before it and what puts it into words."""

    whole: Whole
    alert: Whole
    visit: Whole | None
    saying: Saying
    protocol: Protocol | None
    zone: ZoneInfo
    phone: str

    def at(self, stored: str | None) -> str:
        """Return a stored instant by the clinic's clock."""
        return moment(stored, self.zone)


def boxes(event: Event) -> Iterator[Box]:
    """Yield every box, in the form's order."""
    yield from of_patient(event)
    yield from of_event(event)
    yield Box("C1", "Product available for evaluation?", "-")
    yield from of_product(event)
    yield Box("F1", "Other medicines and products, with dates", "Other drugs of the last 3 months")
    contact = f"{event.whole['clinic']}, {event.phone}"
    yield Box("G1", "Name, address, phone, e-mail", "Reporter details", [contact])
    yield Box("G2", "Health professional? Occupation", "Reporter details")
    yield Box("G4", "Also reported to: manufacturer, facility, distributor", "-")


def of_patient(event: Event) -> Iterator[Box]:
    """Yield section A."""
    code = str(event.whole["case"])
    yield Box("A1", "Patient identifier", "Identification number", [f"{code}, in confidence"])
    yield Box("A2", "Age or date of birth", "Age at the time of the reaction")
    yield Box("A3", "Sex", "Sex")
    yield Box("A4", "Weight", "Weight")
    yield Box("A5", "Ethnicity and race", "Ethnicity")


def of_event(event: Event) -> Iterator[Box]:
    """Yield section B."""
    alert = event.alert
    level = alert["level"].replace("_", " ")
    sorted_as = f"Sorted as {level} by the clinic's protocol, which is no verdict on seriousness"
    yield Box("B1", "Adverse event or product problem", "-", ["Adverse event"])
    outcome = [f"Closed by staff as: {alert['outcome']}"] if alert["outcome"] else []
    yield Box("B2", "Outcome attributed to the event; was it serious, and why",
              "Serious? Why. Outcome: recovered, recovering, continuing, other",
              [sorted_as, *outcome])  # fmt: skip
    yield Box("B3", "Date of the event", "Date the reaction started, and stopped", dates(event))
    yield Box("B4", "Date of this report", "-", [event.at(event.whole["made_at"])])
    yield Box("B5", "Describe the event", "Suspected reaction, and any treatment given",
              list(described(event)))  # fmt: skip
    yield Box("B6", "Relevant tests, with dates", "Additional information", temperatures(event))
    yield Box("B7", "Other relevant history", "Additional information: history, allergies",
              history(event))  # fmt: skip


def of_product(event: Event) -> Iterator[Box]:
    """Yield section D: what was treated; the product itself is not kept, but for its lot."""
    visit = event.visit
    lot = [visit["lot"]] if visit and visit["lot"] else []
    treated = [treatment(event, visit)] if visit else []
    dates_of_use = [event.at(one["ended_at"]) for one in event.whole["sessions"]]
    later = [
        event.at(one["ended_at"])
        for one in event.whole["sessions"]
        if one["ended_at"] > event.alert["opened_at"]
    ]
    again = [f"Treated again on {', '.join(later)}"] if later else []
    yield Box("D1", "Name, strength, manufacturer", "Suspected drug: brand")
    yield Box("D2", "Dose, frequency, route", "Route, dosage", treated)
    yield Box("D3", "Dates of use", "Date started, date stopped", dates_of_use)
    yield Box("D4", "Reason for use", "Prescribed for")
    yield Box("D5", "Event abated after use stopped?", "-", course(event))
    yield Box("D6", "Lot number", "Batch", lot)
    yield Box("D7", "Expiration date", "-")
    yield Box("D8", "Event reappeared after reintroduction?", "Rechallenge", again)
    yield Box("D9", "NDC or unique identifier", "-")


def treatment(event: Event, visit: Whole) -> str:
    """Return what was treated, in the protocol's words where it still has them."""
    known = event.protocol.treatments if event.protocol else {}
    labels = [
        known[part].label if part in known else part for part in visit["treatment"].split("+")
    ]
    return ", ".join(filter(None, (" + ".join(labels), visit["area"])))


def dates(event: Event) -> list[str]:
    """Return when it was reported at its level, when at a lower one, and when it was closed."""
    alert, raised = event.alert, event.alert["raised_at"]
    ended = max((one["ended_at"] for one in event.whole["sessions"] if one["ended_at"] <= raised),
                default=None)  # fmt: skip
    since = since_session(hours_between(ended, raised)).removesuffix(" after") if ended else ""
    after = f", {since.replace('day', 'on day')} after the session" if ended else ""
    found = [f"Reported {event.at(raised)}{after}"]
    if alert["opened_at"] < raised:
        found.append(f"At a lower level from {event.at(alert['opened_at'])} on")
    if alert["resolved_at"]:
        found.append(f"Closed by staff {event.at(alert['resolved_at'])}")
    return found


def described(event: Event) -> Iterator[str]:
    """Yield the event in words: why it was raised, what was answered and written, what was done."""
    alert = event.alert
    inside = alert["content"]
    if inside is None:
        yield ERASED
        return
    yield from (f"Raised because: {one[2]} ({one[0]})" for one in inside["because"])
    row = last_answers(event).get(inside["check_in"])
    if row is not None:
        yield f"Answered {event.at(row['at'])}:"
        given = [
            one for one in answers(row, Reader(event.saying, event.zone)) if one[0] != "Because"
        ]
        yield from (f"{label} {said}" for label, said in given)
    for one in event.whole["messages"]:
        text = (one["content"] or {}).get("text")
        if text and in_time(event, one["at"]):
            yield f"{one['author']}, {event.at(one['at'])}: {text}"
    yield from done(event)


def done(event: Event) -> Iterator[str]:
    """Yield what staff did."""
    names = {"claimed": "Taken", "contacted": "Patient contacted", "resolved": "Closed"}
    for name, did in names.items():
        if event.alert[f"{name}_at"]:
            who = event.alert[f"{name}_by"] or "staff"
            yield f"{did} by {who}, {event.at(event.alert[f'{name}_at'])}"


def in_time(event: Event, at: str) -> bool:
    """Whether something was said from the alert on until it was closed, or later where it was not.

    Words that led to it come with the check-in, minutes before.
    """
    end = event.alert["resolved_at"] or "~"
    row = last_answers(event).get((event.alert["content"] or {}).get("check_in", ""))
    begin = min(event.alert["opened_at"], row["at"] if row else "~")
    return bool(begin <= at <= end)


def last_answers(event: Event) -> Mapping[str, Whole]:
    """Return the last revision of each check-in's answers."""
    return {one["check_in"]: one for one in event.whole["answers"]}


def temperatures(event: Event) -> list[str]:
    """Return every temperature that the patient took."""
    found = []
    for row in last_answers(event).values():
        questions = event.saying.questions(row["protocol"])
        given = answers_of(row["content"]["answers"]) if row["content"] else {}
        for name, value in given.items():
            question = questions.get(name)
            if question is not None and question.kind == "temperature":
                said = in_words(question, value)
                found.append(f"{event.at(row['at'])}: {said}, taken by the patient")
    return found


def history(event: Event) -> list[str]:
    """Return what was known of the patient at enrolment."""
    profile = (event.whole["patient"][0]["content"] or {}).get("profile") or {}
    facts = event.protocol.patient_facts if event.protocol else ()
    return [one.meaning for one in facts if profile.get(one.id) is True]


def course(event: Event) -> list[str]:
    """Return how later check-ins were sorted."""
    return [
        f"{event.at(row['at'])}: {row['level'].replace('_', ' ')}"
        for row in last_answers(event).values()
        if row["at"] > event.alert["opened_at"]
    ]
