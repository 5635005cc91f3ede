"""The parts of docs/thresholds.md: rules, words, questions, check-ins, texts and sources."""

import re
from datetime import date

import pytest
from page_reader import PROTOCOL, level_of, part, tables, whole_page

from flows.asking import Occasion, offered, roots
from flows.bands import Band, Edge
from flows.derived import DERIVED
from flows.page.checkins import asked
from flows.page.markdown import course, safe, sources
from flows.page.reference import falls_section
from flows.page.rules import facts
from flows.page.treatments import one_symptom
from flows.render import emergency_section, head
from flows.tables import AcceptedFall
from flows.verdict import Level
from flows.words import words


@pytest.fixture(scope="module")
def page() -> str:
    """Return the page of the bundled protocol."""
    return whole_page()


def test_every_rule_stands_under_its_subject_in_plain_words(page: str) -> None:
    for rule in PROTOCOL.rules:
        found = part(page, f"rules-{rule.about}", 3)
        (line,) = (row for row in found.splitlines() if f'id="r-{rule.id}"' in row)
        assert safe(rule.reason) in line
        assert f"#text-{rule.text or PROTOCOL.levels[rule.level].text})" in line
        for comparison in PROTOCOL.comparisons(rule.lines):
            assert safe(words(PROTOCOL, comparison)) in line
        for code in rule.sources:
            assert f"[{code}](#s-{code})" in line


def test_the_most_urgent_rules_of_a_subject_come_first(page: str) -> None:
    for about in {rule.about for rule in PROTOCOL.rules}:
        (table,) = tables(part(page, f"rules-{about}", 3))
        found = [level_of(line[1]) for line in table[1:]]
        assert found == sorted(found, reverse=True)


def test_a_rule_for_the_call_list_says_so(page: str) -> None:
    for rule in PROTOCOL.rules:
        (line,) = (row for row in page.splitlines() if f'id="r-{rule.id}"' in row)
        assert ("goes on the call list" in line) == (rule.route == "call_list")


def test_every_word_the_rules_use_is_explained(page: str) -> None:
    found = part(page, "words")
    for sign in PROTOCOL.signs:
        assert f'<a id="sign-{sign.id}"></a>{safe(sign.meaning)}' in found
    for name in DERIVED:
        assert f'id="quantity-{name}"' in found
    for name in PROTOCOL.groups:
        assert f'id="group-{name}"' in found
    for fact in PROTOCOL.patient_facts:
        assert safe(fact.meaning) in found


def test_the_clinics_own_sentences_are_quoted_in_full(page: str) -> None:
    found = part(page, "sources")
    for code, source in PROTOCOL.sources.items():
        assert f'<a id="s-{code}"></a>**{code}** {safe(source.says)}' in found
    quoted = [c for c, source in PROTOCOL.sources.items() if source.kind == "clinic_faq"]
    assert quoted
    for treatment in PROTOCOL.treatments.values():
        for code in set(treatment.sources) & set(quoted):
            assert f"> {safe(PROTOCOL.sources[code].says)} ([{code}](#s-{code}))" in page


def test_every_question_stands_with_its_answers_best_first(page: str) -> None:
    found = part(page, "questions")
    for question in PROTOCOL.questions:
        (line,) = (row for row in found.splitlines() if f'id="question-{question.id}"' in row)
        assert safe(question.text["en"]) in line
        assert safe(" / ".join(option.label["en"] for option in question.options)) in line
        assert question.unclear.replace("_", " ") in line


@pytest.mark.parametrize("treatment", list(PROTOCOL.treatments))
def test_the_check_ins_ask_what_the_page_says(page: str, treatment: str) -> None:
    (table,) = tables(part(page, f"asked-{treatment}", 3))
    by_id = {re.search(r"#question-(\w+)", line[0])[1]: line[1:] for line in table[1:]}  # type: ignore[index]
    unticked = {symptom.id for symptom in PROTOCOL.symptoms if symptom.always}
    for column, hours in enumerate(PROTOCOL.treatments[treatment].schedule):
        anywhere = Occasion("check_in", hours, treatment)
        asks = {question.id for question in offered(PROTOCOL, anywhere)}
        ticked = {q.id for found in roots(PROTOCOL, anywhere).values() for q in found}
        for name, cells in by_id.items():
            cell = cells[column].strip() if column < len(cells) else ""
            assert (cell in ("always", "yes", "if")) == (name in asks), (name, hours)
            assert (cell in ("always", "yes")) == (name in ticked), (name, hours)
            if cell == "always":
                symptom = PROTOCOL.question_by_id[name].symptom
                assert name == "red_flags" or symptom in unticked
        assert asks <= set(by_id)


def test_a_check_in_that_does_not_ask_the_emergency_list_does_not_show_it() -> None:
    emergency = PROTOCOL.question_by_id["red_flags"].model_copy(update={"asked": ()})
    others = [q for q in PROTOCOL.questions if q.id != "red_flags"]
    changed = PROTOCOL.model_copy(update={"questions": (emergency, *others)})
    assert "red_flags" not in asked(changed, "iv", 24)
    assert asked(PROTOCOL, "iv", 24)["red_flags"] == "always"


def test_every_text_for_patients_is_there_with_its_users(page: str) -> None:
    found = part(page, "texts")
    for name, text in PROTOCOL.texts.items():
        (line,) = (row for row in found.splitlines() if f'id="text-{name}"' in row)
        assert safe(text["en"]) in line
        for rule in PROTOCOL.rules:
            assert (f"[{rule.id}](" in line) == (rule.text == name)


def test_the_numbers_of_escalation_and_silence_are_there(page: str) -> None:
    found = part(page, "levels")
    times, silence = PROTOCOL.escalation, PROTOCOL.silence
    assert f"every {times.emergency_repeat_minutes} minutes" in found
    assert ", ".join(map(str, times.urgent_repeat_minutes)) in found
    assert f"after {silence.unanswered_after_hours} h" in found


def test_the_later_sessions_and_results_are_there(page: str) -> None:
    found = part(page, "course")
    for one in PROTOCOL.courses.values():
        few, many = one.sessions
        assert f"{few} to {many} sessions" in found
        for moment in (one.reminders, one.maintenance, one.results):
            assert f"| {', '.join(map(str, moment.days))} | {moment.at} |" in found


def test_a_draft_says_that_no_clinician_signed_it(page: str) -> None:
    assert PROTOCOL.protocol.draft == ("**Draft. No clinician has signed this version" in page)


def test_a_signed_version_names_the_clinician_and_the_day() -> None:
    about = PROTOCOL.protocol.model_copy(
        update={
            "draft": False,
            "signed_by": "Dr Cleo Marsh",
            "signed_on": date(2026, 12, 1),
            "reviewer": "",
        }
    )
    text = "\n".join(head(PROTOCOL.model_copy(update={"protocol": about})))
    assert "> Signed by Dr Cleo Marsh on 2026-12-01." in text
    assert "Reviewed: by nobody yet." in text
    assert "**Draft." not in text


def test_items_that_differ_between_treatments_say_where() -> None:
    rule = next(rule for rule in PROTOCOL.rules if rule.id == "RF-01")
    only = rule.model_copy(update={"all": (*rule.all, "treatment includes iv")})
    rules = tuple(only if r.id == "RF-01" else r for r in PROTOCOL.rules)
    treatments = {name: PROTOCOL.treatments[name] for name in ("iv", "joint")}
    changed = PROTOCOL.model_copy(update={"rules": rules, "treatments": treatments})
    (table,) = tables("\n".join(emergency_section(changed).lines))
    assert table[1][1] == (
        "✚ emergency, at any time (IV infusion)<br>○ expected, at any time (Joint injection)"
    )


def test_a_source_that_nothing_explains_stays_plain() -> None:
    assert sources(PROTOCOL, ["S6", "S99", "S6"]) == "[S6](#s-S6) S99"


def test_a_symptom_without_answers_to_show_has_no_table() -> None:
    emergency = PROTOCOL.question_by_id["red_flags"]
    assert list(one_symptom(PROTOCOL, "iv", "Other", (emergency,))) == []


def test_a_fact_that_staff_enter_says_so() -> None:
    first = PROTOCOL.patient_facts[0].model_copy(update={"ask": None})
    changed = PROTOCOL.model_copy(update={"patient_facts": (first,)})
    assert any("staff enter it" in line for line in facts(changed))


@pytest.mark.parametrize(("when", "told"), [("later", "the same answer later"), ("worse", "worse")])
def test_places_where_the_level_may_fall_are_listed(when: str, told: str) -> None:
    fall = AcceptedFall(
        id="early",
        when=when,  # type: ignore[arg-type]
        question="hours",
        rules=("RF-04b",),
        reason="Early signs pass",
        sources=("S6",),
    )
    lines = falls_section(PROTOCOL.model_copy(update={"accepted_falls": (fall,)})).lines
    assert any("Early signs pass" in line and told in line for line in lines)
    assert falls_section(PROTOCOL.model_copy(update={"accepted_falls": ()})).lines == ["Nowhere."]


def test_text_of_the_file_cannot_break_a_table() -> None:
    assert safe("a | b\n<i> *c* [d]") == "a \\| b &lt;i> \\*c\\* \\[d\\]"


def test_one_band_is_at_any_time_and_several_are_told_in_order() -> None:
    emergency, urgent = (Level.EMERGENCY,), (Level.URGENT,)
    assert course([Band(None, urgent)]) == "● urgent, at any time"
    assert (
        course([Band(Edge(12, including=True), emergency), Band(None, urgent)])
        == "✚ emergency up to 12 h, later ● urgent"
    )
