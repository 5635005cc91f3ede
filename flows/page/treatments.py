"""Each treatment on the page: what is usual, the picture, and a table for every symptom."""

from collections.abc import Iterator

from flows.bands import Row, answer_rows, asked_alone, merged, only_areas, verdicts
from flows.page.markdown import Section, anchor, link, safe, sources, table, until
from flows.proof.polarity import Leaning
from flows.protocol import Protocol
from flows.rule_tables import Question
from flows.tables import Treatment
from flows.words import english, level_words, span

WINDOW_RULE = "MX-"
"""How the ids of a window's results begin; every other id is a rule's."""

CELLS = (
    "A cell is the level of that answer **alone**: nothing ticked on the emergency list and "
    "nothing else said. Other answers can change it, nearly always upwards: see the rules named "
    "below each table. A severity that the patient had before the treatment counts as expected "
    "unless things get worse."
)
COMBINED = {
    "longest": "the longest window wins: the skin heals as a whole",
    "longest_if_calm": (
        "the longest window wins among treatments of the skin's surface while there is no more "
        "than slight pain, no warmth and no change for the worse; otherwise, and for a vein, a "
        "joint or the scalp beside it, the higher level counts"
    ),
    "strictest": "the higher level counts",
}


def treatments_section(protocol: Protocol) -> Section:
    """Return the part with one heading for each treatment, and the rule for several."""
    lines = ["Choose the treatment:", ""]
    for name, treatment in protocol.treatments.items():
        lines.append(f"- {link(treatment.label, f'treatment-{name}')}")
    lines += ["", CELLS, ""]
    for name, treatment in protocol.treatments.items():
        lines += one_treatment(protocol, name, treatment)
    return Section("treatments", "Treatments: day by day", [*lines, *together(protocol)])


def one_treatment(protocol: Protocol, name: str, treatment: Treatment) -> Iterator[str]:
    """Yield a treatment's usual course, its check-ins, its tables and its picture."""
    yield f"### {anchor(f'treatment-{name}')}{safe(treatment.label)}"
    yield ""
    yield f"**Usual:** {safe(treatment.expects)} ({sources(protocol, treatment.sources)})"
    yield ""
    for code in treatment.sources:
        source = protocol.sources.get(code)
        if source is not None and source.kind == "clinic_faq":
            yield f"> {safe(source.says)} ({link(code, f's-{code}')})"
            yield ">"
    yield ""
    due = ", ".join(span(hours) for hours in treatment.schedule)
    yield f"**Check-ins:** {due} ({link('what each asks', f'asked-{name}')})"
    yield ""
    yield f"{link('The expected course as a picture', f'picture-{name}')} stands below the tables."
    yield ""
    labels = {symptom.id: english(symptom.label) for symptom in protocol.symptoms}
    for symptom, questions in asked_alone(protocol, name).items():
        yield from one_symptom(protocol, name, labels[symptom], questions)
    picture = f"![Expected course: {safe(treatment.label)}](charts/{name}.svg)"
    yield f"{anchor(f'picture-{name}')}{picture}"
    yield ""


def one_symptom(
    protocol: Protocol, treatment: str, label: str, questions: tuple[Question, ...]
) -> Iterator[str]:
    """Yield the table of one symptom: an answer on each line, hours and days across."""
    shown = [q for q in questions if q.id != protocol.incomplete.question]
    rows = [row for q in shown for row in answer_rows(protocol, treatment, q)]
    if not rows:
        return
    found = [verdicts(protocol, treatment, row) for row in rows]
    bands = merged(protocol, [tuple(v.level for v in verdict) for verdict in found])
    header = [until(band.end) for band in bands] if len(bands) > 1 else ["at any time"]
    yield f"#### {safe(label)}"
    yield from table(
        ["Answer", *header, "Rules and sources"],
        (
            [
                row_words(protocol, treatment, row),
                *(level_words(band.levels[place]) for band in bands),
                reasons(protocol, {f.rule: f.source for v in found[place] for f in v.because}),
            ]
            for place, row in enumerate(rows)
        ),
    )
    terms = ", ".join(link(q.term, f"question-{q.id}") for q in shown)
    more = related(protocol, shown)
    yield f"Asked: {terms}." + (f" Other answers count in the rules about {more}." if more else "")
    yield ""


def row_words(protocol: Protocol, treatment: str, row: Row) -> str:
    """Return the first cell of a line: the question's term, the answer, and for which areas."""
    areas = only_areas(protocol, treatment, row.question)
    only = f" (area: {', '.join(english(protocol.areas[a]) for a in areas)})" if areas else ""
    return safe(f"{row.question.term}: {row.label}{only}")


def reasons(protocol: Protocol, fired: dict[str, tuple[str, ...]]) -> str:
    """Return links to the rules that gave a line its levels, and to the sources behind them."""
    rules = [link(rule, f"r-{rule}") for rule in fired if not rule.startswith(WINDOW_RULE)]
    codes = [code for found in fired.values() for code in found]
    return " · ".join(part for part in (" ".join(rules), sources(protocol, codes)) if part)


def related(protocol: Protocol, questions: list[Question]) -> str:
    """Return links to the groups of rules that look at one of these questions."""
    wanted = {question.id for question in questions}
    leaning = Leaning(protocol)
    abouts = dict.fromkeys(rule.about for rule in protocol.rules if wanted & leaning.subjects(rule))
    return ", ".join(link(about.replace("_", " "), f"rules-{about}") for about in abouts)


def together(protocol: Protocol) -> Iterator[str]:
    """Yield how windows are judged when several treatments were given in one session."""
    yield f"### {anchor('together')}Several treatments in one session"
    yield ""
    yield "Every rule of every treatment counts. For the windows:"
    yield from table(
        ["Symptom", "When treatments differ", "Sources"],
        (
            [
                link(protocol.question_by_id[name].term, f"question-{name}"),
                COMBINED[window.combined],
                sources(protocol, window.sources),
            ]
            for name, window in protocol.windows.items()
        ),
    )
