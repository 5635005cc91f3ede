"""What a protocol file names and does not have, has twice, or says unreadably."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.conditions import ConditionError
from flows.derived import DERIVED
from flows.protocol import Protocol
from flows.rule_tables import Condition
from flows.verdict import LEVEL_WORDS


@dataclass(frozen=True)
class LooseEnd:
    """One mistake: a sentence, and where it stands as far as that is known."""

    sentence: str
    location: tuple[str | int, ...] = ()
    condition: str = ""


def loose_ends(protocol: Protocol) -> Iterator[LooseEnd]:
    """Find what refers to something that is not there, or is there twice."""
    for check in (repeated_ids, clashing_names, unknown_words):
        yield from map(LooseEnd, check(protocol))
    yield from broken_conditions(protocol)


def repeated_ids(protocol: Protocol) -> Iterator[str]:
    """Find ids used twice within one kind of table."""
    for table in ("patient_facts", "symptoms", "questions", "signs", "rules", "accepted_falls"):
        seen: set[str] = set()
        for item in getattr(protocol, table):
            if item.id in seen:
                yield f"{table}: «{item.id}» stands there twice; rename or remove one"
            seen.add(item.id)


def clashing_names(protocol: Protocol) -> Iterator[str]:
    """Find one name for two things that comparisons look at: one would hide the other."""
    named = {
        "questions": [question.id for question in protocol.questions],
        "signs": [sign.id for sign in protocol.signs],
        "patient_facts": [fact.id for fact in protocol.patient_facts],
        "the quantities that Aftercheck counts": [*DERIVED],
        "the words of the format": [*OWN_WORDS],
    }
    seen: dict[str, str] = {}
    for place, names in named.items():
        for name in dict.fromkeys(names):
            if name in seen:
                yield f"«{name}» is in {seen[name]} and in {place}; rename one"
            seen.setdefault(name, place)
    for name in protocol.groups.keys() & protocol.treatments.keys():
        yield f"«{name}» is a treatment and a group; rename the group"


OWN_WORDS = (
    "hours", "treatment", "area", "field", "baseline", "event", "misses", "last_level",
    "worst_partial",
)  # fmt: skip
"""What comparisons call everything that is no question, sign or fact."""


def unknown_words(protocol: Protocol) -> Iterator[str]:
    """Find texts, symptoms, treatments, groups and areas that nothing defines."""
    yield from unknown_treatments(protocol)
    yield from unknown_texts(protocol)
    yield from unknown_windows(protocol)
    flags = protocol.question_by_id.get(protocol.incomplete.question)
    if flags is None:
        yield f"incomplete: there is no question «{protocol.incomplete.question}»"
    elif flags.kind != "ticks":
        yield f"incomplete: «{flags.id}» has to be a list to tick"


def unknown_treatments(protocol: Protocol) -> Iterator[str]:
    """Find courses, treatments, areas and symptoms that are named and nowhere defined."""
    known = {*protocol.treatments, *protocol.groups}
    symptoms = {symptom.id for symptom in protocol.symptoms}
    for name, treatment in protocol.treatments.items():
        if treatment.course != "none" and treatment.course not in protocol.courses:
            yield f"treatments › {name}: there is no table [courses.{treatment.course}]; add it"
    for name, members in protocol.groups.items():
        for member in sorted(set(members) - set(protocol.treatments)):
            yield f"groups › {name}: there is no treatment «{member}»"
    for question in protocol.questions:
        if question.symptom not in symptoms:
            yield f"questions «{question.id}»: there is no symptom «{question.symptom}» to tick"
        treatments = {word for asked in question.asked for word in asked.treatments}
        for word in sorted(treatments - known):
            yield f"questions «{question.id}»: asked of «{word}», no treatment or group"
        areas = {word for asked in question.asked for word in asked.areas}
        for word in sorted(areas - set(protocol.areas)):
            yield f"questions «{question.id}»: asked for «{word}», no area"


def unknown_texts(protocol: Protocol) -> Iterator[str]:
    """Find patient texts that are named and nowhere written."""
    for rule in protocol.rules:
        if rule.text is not None and rule.text not in protocol.texts:
            yield f"rules «{rule.id}»: there is no text «{rule.text}»; add [texts.{rule.text}]"
    for level in LEVEL_WORDS.keys() - protocol.levels.keys():
        yield f"levels: «{level}» is missing; add [levels.{level}]"
    for level, route in protocol.levels.items():
        if route.text not in protocol.texts:
            yield f"levels › {level}: there is no text «{route.text}»; add [texts.{route.text}]"
    for name, course in protocol.courses.items():
        for moment in (course.reminders, course.maintenance, course.results):
            for text in (moment.opens, moment.ends):
                if text is not None and text not in protocol.texts:
                    yield f"courses › {name}: there is no text «{text}»; add [texts.{text}]"


def unknown_windows(protocol: Protocol) -> Iterator[str]:
    """Find windows without their question, class or severity."""
    classes = {treatment.window_class for treatment in protocol.treatments.values()}
    for name, window in protocol.windows.items():
        question = protocol.question_by_id.get(name)
        if question is None or question.kind != "severity":
            yield f"windows › {name}: there is no question «{name}» with severities"
            continue
        severities = {option.id for option in question.options[1:]}
        for window_class in classes - set(window.classes):
            yield f"windows › {name}: class {window_class} is missing; some treatment needs it"
        for window_class, cells in window.classes.items():
            if set(cells) != severities:
                wanted = ", ".join(o.id for o in question.options[1:])
                yield f"windows › {name} › {window_class}: give one cell for each of {wanted}"


def broken_conditions(protocol: Protocol) -> Iterator[LooseEnd]:
    """Find condition lines that cannot be read, or that look at a sign defined further down."""
    positions = {sign.id: place for place, sign in enumerate(protocol.signs)}
    last = len(positions)
    for place, sign in enumerate(protocol.signs):
        yield from broken(protocol, sign, ("signs", place), sign.id, positions, place)
    for place, rule in enumerate(protocol.rules):
        yield from broken(protocol, rule, ("rules", place), rule.id, positions, last)
    for place, question in enumerate(protocol.questions):
        when = Condition(all=question.when_all, any=question.when_any)
        entries = [Condition(all=asked.all, any=asked.any) for asked in question.asked]
        for condition in (when, *entries):
            location = ("questions", place)
            yield from broken(protocol, condition, location, question.id, positions, last)


def broken(  # noqa: PLR0913, PLR0917 - where it stands and what it may look at
    protocol: Protocol,
    condition: Condition,
    location: tuple[str, int],
    name: str,
    positions: Mapping[str, int],
    place: int,
) -> Iterator[LooseEnd]:
    """Find the broken lines of one condition; it may use the signs before `place`."""
    where = f"{location[0]} «{name}»"
    if not condition.lines and location[0] != "questions":
        yield LooseEnd(f"{where}: has no condition; give it a line in all or any", location)
    for line in condition.lines:
        try:
            (comparison,) = protocol.comparisons((line,))
        except ConditionError as error:
            yield LooseEnd(f"{where}: {error}", location, line)
            continue
        if positions.get(comparison.subject.name, -1) >= place:
            wrong = f"«{line}» uses a sign that is defined further down; move it up"
            yield LooseEnd(f"{where}: {wrong}", location, line)
