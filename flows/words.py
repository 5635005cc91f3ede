"""Conditions, answers, levels and times of a protocol in the words a nurse reads.

Everything is plain English text without markup; questions are called by their clinical term
and options by the label the patient sees, in «quotes».
"""

from collections.abc import Mapping

from flows.answers import UNCLEAR, reader
from flows.conditions import Comparison
from flows.derived import DERIVED, History
from flows.protocol import Protocol, not_measured
from flows.rule_tables import Question
from flows.tables import Treatment, Words
from flows.verdict import Level

SYMBOLS: Mapping[Level, str] = {
    Level.EXPECTED: "○",
    Level.WATCH: "◔",
    Level.FOLLOW_UP: "◑",
    Level.URGENT: "●",
    Level.EMERGENCY: "✚",
}
"""One sign for each level: fuller is worse, so that none of them rests on colour."""

ROUTES = {
    "log": "stored; nobody is called",
    "digest": "in the next daily digest",
    "same_day": "a person contacts the patient the same day",
    "at_once": "a person is told at once",
    "everyone_at_once": "everyone on call is told at once",
}
"""Who hears of a level, by the word in the protocol file."""

HOURS_A_DAY = 24
ORDERS = {">=": "{} or more", "<=": "{} or less", ">": "more than {}", "<": "less than {}"}
CHOICES = {"is not": "anything but {}", "is_at_least": "{} or worse", "is_at_most": "{} or milder"}
TIMES = {">=": "from {} on", "<=": "up to {}", ">": "more than {}", "<": "before {}"}
FRAME = {
    "event": "silence",
    "last_level": "level of the last check-in",
    "misses": "check-ins missed in a row",
    "worst_partial": "worst severity given before the patient stopped (0 to 3)",
    "area": "treated area",
    "field": "points of injection",
}
"""What the facts are called that are no question, sign or quantity."""

FRAME_OPTIONS = {
    "no_answer_1h": "no answer for 1 hour",
    "no_answer_24h": "no answer for 24 hours",
    "abandoned_2h": "check-in stopped half-way for 2 hours",
    "bot_blocked": "the patient blocked or never started the bot",
    "single": "single",
    "multi": "many over an area",
}


def english(words: Words) -> str:
    """Return the English text, or every text there is when none is English."""
    return words.get("en", " / ".join(words.values()))


def span(hours: float) -> str:
    """Return hours as read at the desk: `30 h`, `80 h (3 d 8 h)`, `168 h (7 d)`."""
    days, rest = divmod(hours, HOURS_A_DAY)
    if days < 2 or hours % 1:  # noqa: PLR2004 - the second day is still counted in hours
        return f"{hours:g} h"
    return f"{hours:g} h ({days:g} d {rest:g} h)" if rest else f"{hours:g} h ({days:g} d)"


def level_words(level: Level) -> str:
    """Return a level with its sign, like `◑ follow up`."""
    return f"{SYMBOLS[level]} {str(level).replace('_', ' ')}"


def first_sentence(docstring: str | None) -> str:
    """Return the first sentence of a docstring, without its full stop."""
    assert docstring is not None
    return docstring.strip().splitlines()[0].split(". Source")[0].rstrip(".")


def words(protocol: Protocol, comparison: Comparison) -> str:
    """Return one comparison in words.

    Examples: `Body temperature 38.0 °C or more`, `more than 48 h (2 d) after the session`,
    `Erythema: «Clearly red» or worse`.
    """
    text = _positive(protocol, comparison)
    if comparison.negated:
        text = f"not: {text}"
    return f"at the last check-in, {text}" if comparison.previous else text


def _positive(protocol: Protocol, comparison: Comparison) -> str:
    name = comparison.subject.name
    if name == "treatment":
        return f"treated with {treatment_words(protocol, comparison.values[0])}"
    match comparison.subject.kind:
        case "number":
            return _number(protocol, comparison)
        case "sign":
            return sign_words(protocol, name)
        case "yes_no":
            said = comparison.values[0] if comparison.values else "yes"
        case _:
            options = (f"«{option_words(protocol, name, value)}»" for value in comparison.values)
            said = CHOICES.get(comparison.operator, "{}").format(" or ".join(options))
    return f"{term_of(protocol, name)}: {said}"


def _number(protocol: Protocol, comparison: Comparison) -> str:
    name, operator, written = comparison.subject.name, comparison.operator, comparison.values[0]
    if name == "hours":
        return f"{TIMES[operator].format(span(comparison.number))} after the session"
    question = protocol.question_by_id.get(name)
    if question is not None and question.kind == "onset":
        bound = TIMES[operator].format(span(comparison.number))
        return f"{question.term}: {bound} after the session"
    if name in DERIVED and name.endswith("_hours"):
        written = span(comparison.number)
    amount = ORDERS[operator].format(f"{written}{unit(question)}")
    return f"{term_of(protocol, name)}: {amount}"


def unit(question: Question | None) -> str:
    """Return the unit of a question's number, with the space before it."""
    kind = None if question is None else question.kind
    return {"temperature": " °C", "size": " cm", "onset": " h"}.get(kind or "", "")


def term_of(protocol: Protocol, name: str) -> str:
    """Return what a fact is called: a question's term, or the words for anything else."""
    if name in DERIVED:
        return first_sentence(DERIVED[name][1].__doc__).removesuffix(", hours")
    question = protocol.question_by_id.get(name)
    return question.term if question is not None else FRAME.get(name, name.replace("_", " "))


def sign_words(protocol: Protocol, name: str) -> str:
    """Return the meaning of a sign, a patient fact, or a derived sign."""
    meanings = {sign.id: sign.meaning for sign in protocol.signs}
    meanings |= {fact.id: fact.meaning for fact in protocol.patient_facts}
    if name in meanings:
        return meanings[name]
    if name in DERIVED:
        return first_sentence(DERIVED[name][1].__doc__)
    measured = next(q for q in protocol.questions if not_measured(q.id) == name)
    return f"{measured.term} asked for, and no thermometer"


def treatment_words(protocol: Protocol, name: str) -> str:
    """Return a treatment's label, or the name of a group of treatments."""
    treatment: Treatment | None = protocol.treatments.get(name)
    return treatment.label if treatment else f"any of the group «{name.replace('_', ' ')}»"


def option_words(protocol: Protocol, name: str, option: str) -> str:
    """Return the label of an option, or of a word that stands for an area, event or level."""
    question = protocol.question_by_id.get(name)
    if question is not None:
        return next(english(o.label) for o in question.options if o.id == option)
    if name == "area":
        return english(protocol.areas[option])
    return FRAME_OPTIONS.get(option, option.replace("_", " "))


def answer_words(protocol: Protocol, name: str, raw: object, hours: float) -> str:
    """Return one answer, stored or typed, in words; what cannot be read is shown as given."""
    if name == "temp_f":
        return f"{term_of(protocol, 'temp_c')}: {raw} °F"
    question = protocol.question_by_id.get(name)
    value = UNCLEAR if question is None else reader(question)(raw, hours)
    if question is None or value == UNCLEAR:
        return f"{term_of(protocol, name)}: «{raw}» (unclear)"
    return f"{question.term}: {stored_words(question, value)}"


def stored_words(question: Question, value: object) -> str:
    """Return a stored answer in words: its label, yes or no, or a number with its unit."""
    labels = {option.id: english(option.label) for option in question.options}
    match value:
        case bool():
            return "yes" if value else "no"
        case frozenset():
            return ", ".join(labels[word] for word in labels if word in value) or "none ticked"
        case float():
            return f"{value:g}{unit(question)}"
        case int():
            return list(labels.values())[value]
        case _:
            return labels.get(str(value), str(value).replace("_", " "))


def answers_words(protocol: Protocol, answers: Mapping[str, object], hours: float) -> str:
    """Return all the answers of one check-in in words, in the order given."""
    return "; ".join(
        answer_words(protocol, name, raw, hours) for name, raw in answers.items() if raw is not None
    )


def case_words(
    protocol: Protocol,
    treatment: str,
    hours: float,
    answers: Mapping[str, object],
    history: History,
) -> str:
    """Return a whole case in words: treatment, time, answers, earlier check-ins, profile."""
    labels = [treatment_words(protocol, part.strip()) for part in treatment.split("+")]
    parts = [f"{' + '.join(labels)}, {span(hours)} after the session"]
    parts.append(answers_words(protocol, answers, hours) or "no answers")
    for earlier in history.checkins:
        before = answers_words(protocol, earlier.answers, earlier.hours)
        parts.append(f"earlier, at {span(earlier.hours)}: {before}")
    for name, value in history.profile.items():
        parts.append(profile_words(protocol, name, value))
    if history.event is not None:
        parts.append(f"silence: {FRAME_OPTIONS.get(history.event, history.event)}")
        parts.append(f"missed in a row: {history.misses}")
        parts.append(f"last level: {history.last_level.replace('_', ' ')}")
    return "; ".join(parts)


def profile_words(protocol: Protocol, name: str, value: object) -> str:
    """Return one entry of a patient's profile in words."""
    if name in ("area", "field"):
        return f"{FRAME[name]}: {option_words(protocol, name, str(value))}"
    if isinstance(value, Mapping):
        had = (answer_words(protocol, question, rank, 0) for question, rank in value.items())
        return f"had before the treatment: {', '.join(had)}"
    return f"{sign_words(protocol, name)}: {'yes' if value else 'no'}"
