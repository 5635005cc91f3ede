"""What is asked when: each treatment's check-ins, the questions, later sessions and results."""

from collections.abc import Iterator

from flows.asking import Occasion, offered, roots
from flows.page.markdown import Section, anchor, link, safe, sources, table
from flows.page.rules import condition_cell
from flows.protocol import Protocol
from flows.rule_tables import Condition, Question
from flows.tables import Moment
from flows.words import HOURS_A_DAY, english, span

ALWAYS, ASKED, FOLLOW_UP, SOME_AREAS = "always", "yes", "if", "area"
HOW_ASKED = (
    f"**{ALWAYS}**: asked without a tick. **{ASKED}**: asked when its symptom is ticked. "
    f"**{FOLLOW_UP}**: asked when another answer brings it up. **{SOME_AREAS}**: asked only where "
    "some areas were treated. The emergency list comes first, at every check-in."
)


def checkins_section(protocol: Protocol) -> Section:
    """Return what every planned check-in may ask, treatment by treatment."""
    lines = [HOW_ASKED, ""]
    for name, treatment in protocol.treatments.items():
        lines.append(f"### {anchor(f'asked-{name}')}Asked after: {safe(treatment.label)}")
        lines += asked_table(protocol, name, treatment.schedule)
    return Section("check-ins", "What each check-in asks", lines)


def asked_table(protocol: Protocol, treatment: str, schedule: tuple[int, ...]) -> Iterator[str]:
    """Yield a table of questions by check-in."""
    columns = [asked(protocol, treatment, hours) for hours in schedule]
    rows = (
        [link(question.term, f"question-{question.id}"), *(c.get(question.id, "") for c in columns)]
        for question in protocol.questions
        if any(question.id in column for column in columns)
    )
    yield from table(["Question", *(span(hours) for hours in schedule)], rows)


def asked(protocol: Protocol, treatment: str, hours: int) -> dict[str, str]:
    """Return, by question, how one check-in asks it."""
    found: dict[str, str] = {}
    for area in protocol.areas:
        occasion = Occasion("check_in", hours, treatment, area)
        found |= {question.id: SOME_AREAS for question in offered(protocol, occasion)}
    anywhere = Occasion("check_in", hours, treatment)
    found |= {question.id: FOLLOW_UP for question in offered(protocol, anywhere)}
    always = {symptom.id for symptom in protocol.symptoms if symptom.always}
    for symptom, questions in roots(protocol, anywhere).items():
        how = ALWAYS if symptom in always else ASKED
        found |= {question.id: how for question in questions}
    first = protocol.incomplete.question
    return found | {first: ALWAYS} if first in found else found


def questions_section(protocol: Protocol) -> Section:
    """Return every question with its answers, best first."""
    rows = []
    for question in protocol.questions:
        when = Condition(all=question.when_all, any=question.when_any)
        only = f"<br>*Only when:* {condition_cell(protocol, when)}" if when.lines else ""
        rows.append(
            [
                f"{anchor(f'question-{question.id}')}{safe(question.term)}",
                f"{safe(english(question.text))}{only}",
                choices(question),
                question.unclear.replace("_", " "),
                sources(protocol, question.sources),
            ]
        )
    header = ["Term", "The patient reads", "Answers, best first", "If unclear", "Sources"]
    return Section("questions", "Questions and answers", list(table(header, rows)))


def choices(question: Question) -> str:
    """Return what a patient can answer, best first."""
    labels = safe(" / ".join(english(option.label) for option in question.options))
    typed = {"yes_no": "No / Yes", "temperature": "a number, in °C or °F"}
    return labels or typed.get(question.kind, "a number")


def course_section(protocol: Protocol) -> Section:
    """Return when the next sessions are due and when results are asked about."""
    lines: list[str] = []
    for name, course in protocol.courses.items():
        few, many = course.sessions
        near, far = course.gap_days
        members = [n for n, t in protocol.treatments.items() if t.course == name]
        labels = "; ".join(protocol.treatments[member].label for member in members)
        moments = (
            ("Reminder of the next session", course.reminders, "reminder"),
            ("Maintenance", course.maintenance, "reminder"),
            ("Results check-in", course.results, "results"),
        )
        lines += [f"### Course: {name}", "", f"For: {safe(labels)}.", ""]
        lines.append(f"{few} to {many} sessions, {near} to {far} days apart.")
        lines += table(
            ["What", "Days after the session", "At", "Asks", "Sources"],
            (moment_row(protocol, *moment, members) for moment in moments),
        )
    return Section("course", "Next sessions and results", lines)


def moment_row(
    protocol: Protocol, what: str, moment: Moment, kind: str, treatments: list[str]
) -> list[str]:
    """Return one line about a later moment and the questions it can ask."""
    found: dict[str, Question] = {}
    for treatment in treatments:
        for days in moment.days:
            occasion = Occasion(kind, days * HOURS_A_DAY, treatment)
            found |= {q.id: q for q in offered(protocol, occasion)}
    return [
        what,
        ", ".join(map(str, moment.days)),
        moment.at,
        ", ".join(link(q.term, f"question-{q.id}") for q in found.values()),
        sources(protocol, moment.sources),
    ]
