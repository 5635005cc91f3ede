"""Of the second and fourth guarantee: a course's later moments make sense, and say what to do."""

from collections.abc import Iterator

from flows.asking import Occasion, entries, roots
from flows.protocol import Protocol
from flows.tables import Course, Moment

PLACEHOLDERS = frozenset(
    {"visit_date", "next_session", "sessions_few", "sessions_many", "next_from", "next_until"}
)
"""What the bot can fill in only where a message belongs to a session of a course."""

MUST_NAME = {
    "reminders": ("clinic_phone", "clinic_hours", "next_from", "next_until"),
    "maintenance": ("clinic_phone", "clinic_hours", "next_from", "next_until"),
    "results": (),
}
"""What a moment's first text has to tell: how to book, when somebody is there, and for when."""
HOURS_A_DAY = 24


def moments(course: Course) -> dict[str, Moment]:
    """Return a course's moments by the name of their line."""
    return {
        "reminders": course.reminders,
        "maintenance": course.maintenance,
        "results": course.results,
    }


def of_a_course(protocol: Protocol) -> frozenset[str]:
    """Return the texts that are said only in messages of a course."""
    named = (moment for course in protocol.courses.values() for moment in moments(course).values())
    texts = {text for moment in named for text in (moment.opens, moment.ends) if text}
    return frozenset(texts - {"OPEN"})


def course_words(protocol: Protocol) -> Iterator[str]:
    """Find moments without words of their own, and words that do not say how to book."""
    for name, course in protocol.courses.items():
        for line, moment in moments(course).items():
            where = f"courses › {name} › {line}"
            if moment.opens == "OPEN":
                yield f'{where}: it has no words of its own; name its text with opens = "…"'
            for language, words in protocol.texts.get(moment.opens, {}).items():
                missing = [word for word in MUST_NAME[line] if f"{{{word}}}" not in words]
                for word in missing if moment.opens != "OPEN" else ():
                    yield (
                        f"{where}: text «{moment.opens}» ({language}) does not name {{{word}}}, "
                        "which somebody needs who is to book"
                    )


def course_order(protocol: Protocol) -> Iterator[str]:
    """Find courses whose days or numbers contradict each other, or whose results ask nothing."""
    for name, course in protocol.courses.items():
        where = f"courses › {name}"
        numbers = {"sessions": course.sessions, "gap_days": course.gap_days}
        for line, (first, last) in numbers.items():
            if not 0 < first <= last:
                yield f"{where}: {line} = [{first}, {last}]; give the smaller number first"
        for line, moment in moments(course).items():
            if list(moment.days) != sorted(set(moment.days)):
                yield f"{where} › {line}: give the days once each, in rising order"
        if course.reminders.days[0] > course.gap_days[1]:
            yield f"{where}: the first reminder comes after the last day for the next session"
        if course.reminders.days[-1] >= course.maintenance.days[0]:
            yield f"{where}: maintenance begins before the last reminder of the series"
        yield from silent_results(protocol, name, course)


def silent_results(protocol: Protocol, name: str, course: Course) -> Iterator[str]:
    """Find results check-ins that ask nothing unless the patient ticks something."""
    always = {symptom.id for symptom in protocol.symptoms if symptom.always}
    for treatment in (key for key, one in protocol.treatments.items() if one.course == name):
        for days in course.results.days:
            occasion = Occasion("results", days * HOURS_A_DAY, treatment)
            asked = [
                question
                for symptom, questions in roots(protocol, occasion).items()
                if symptom in always
                for question in questions
                if any(one.in_ == "results" for one in entries(protocol, question, occasion))
            ]
            if not asked:
                yield (
                    f"courses › {name} › results: day {days} after {treatment} asks nothing about "
                    'the result; give a question asked = [{ in = "results" }]'
                )
                return
