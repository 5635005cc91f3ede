"""Cases for property tests: answers that fit their question, and any JSON that does not."""

from hypothesis import strategies as st

from flows.classify import Classifier, compiled
from flows.derived import Earlier, History
from flows.protocol import Protocol
from flows.protocol_file import bundled
from flows.rule_tables import Question

HOURS = (0, 1, 12, 12.5, 24, 24.5, 47.9, 48, 49, 72, 73, 96, 97, 120, 168, 169, 336, 400, 672, 2161)
TEMPERATURES = (35.9, 36.6, 37.4, 37.5, 37.9, 38.0, 38.4, 38.5, 38.9, 39.0, 40.0, 40.1)


def protocol() -> Protocol:
    return bundled()


def classifier() -> Classifier:
    return compiled(bundled())


def fitting(question: Question) -> st.SearchStrategy[object]:
    """An answer as a button stores it."""
    words = [option.id for option in question.options]
    match question.kind:
        case "severity":
            return st.integers(0, len(words) - 1)
        case "choice":
            return st.sampled_from(words)
        case "ticks":
            return st.lists(st.sampled_from(words), unique=True, max_size=3)
        case "yes_no":
            return st.booleans()
        case "temperature":
            return st.sampled_from((*TEMPERATURES, "not_measured"))
        case _:
            return st.floats(0, 60)


def answers(*without: str) -> st.SearchStrategy[dict[str, object]]:
    """Answers to any of the questions, each one fitting, but none to the questions `without`."""
    table = {q.id: fitting(q) for q in protocol().questions if q.id not in without}
    flags = {"red_flags": table.pop("red_flags")} if "red_flags" in table else {}
    return st.fixed_dictionaries(flags, optional=table)


def histories() -> st.SearchStrategy[History]:
    """Zero to three earlier check-ins and a profile that the protocol knows."""
    earlier = st.builds(Earlier, st.sampled_from(HOURS), answers())
    facts = st.sampled_from([fact.id for fact in protocol().patient_facts])
    profile = st.dictionaries(facts, st.booleans(), max_size=3)
    area = st.sampled_from(list(protocol().areas))
    return st.builds(
        lambda rows, facts, area, level: History(
            sorted(rows, key=lambda row: row.hours), {**facts, "area": area}, case_level=level
        ),
        st.lists(earlier, max_size=3),
        profile,
        area,
        st.sampled_from(("none", "none", "expected", "watch", "urgent")),
    )


hours = st.sampled_from(HOURS)
treatments = st.lists(
    st.sampled_from(list(protocol().treatments)), min_size=1, max_size=2, unique=True
).map("+".join)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(("unclear", "not_measured", "none", "yes", "1" * 5000, 1e30, "38-39")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)
