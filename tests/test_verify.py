"""`aftercheck protocol verify`: what Ben's clinic may not do to its file, and what it is told."""

from pathlib import Path

import pytest
from edited_file import Edit, edited, with_tables
from typer.testing import CliRunner

from bot.cli import app
from flows.protocol import Protocol
from flows.protocol_file import BUNDLED, bundled
from flows.verify import GUARANTEES, check, verify


def rule(name: str) -> str:
    return f'id = "{name}"'


def sentence_about(protocol: Protocol, guarantee: str, *words: str) -> str:
    """The one sentence that has all the words; every problem of its guarantee when none has."""
    found = [problem.sentence for problem in check(protocol, guarantee)]
    fitting = [sentence for sentence in found if all(word in sentence for word in words)]
    assert len(fitting) == 1, "\n".join([f"{len(fitting)} sentences with {words} among", *found])
    return fitting[0]


LONG = "a" * 1100
ERYTHEMA = 'term = "Erythema"'
ADRENALINE = Edit("[texts.P4_allergy]", "Call {emergency_number} now. ", "")

REFUSED = [
    # total
    (
        Edit("[incomplete]", 'level = "watch"', 'level = "expected"'),
        "total",
        ("incomplete", "red-flag answer", "never be expected"),
    ),
    (
        Edit(rule("RF-07"), "red_flags includes chest", "red_flags includes vision"),
        "total",
        ("red_flags", "«chest» alone is expected after joint", "calls a person"),
    ),
    (
        Edit(rule("RF-14c"), 'level = "follow_up"', 'level = "watch"'),
        "total",
        ("«stiff_neck» alone is watch after joint", "calls a person"),
    ),
    (
        Edit("[silence]", "reminder_after_minutes = 120", "reminder_after_minutes = 1440"),
        "total",
        ("silence", "reminder comes after the silence is a task"),
    ),
    (
        Edit("[silence]", "serious_hours = 1 ", "serious_hours = 25 "),
        "total",
        ("silence", "after a serious answer", "sooner, not later"),
    ),
    (
        Edit("[escalation]", "[5, 15, 30]", "[5, 30, 15]"),
        "total",
        ("escalation", "urgent_repeat_minutes", "rising order"),
    ),
    (
        Edit("[escalation]", "[5, 15, 30]", "[5, 5, 30]"),
        "total",
        ("escalation", "urgent_repeat_minutes", "rising order"),
    ),
    # reachable
    (
        Edit(rule("bleeding"), "[{ from = 0, until = 24 }]", "[{ from = 3000 }]"),
        "reachable",
        ("RF-13", "no check-in asks its questions at its hours", "Widen «asked»"),
    ),
    (
        Edit(rule("vein_cord"), "[{ from = 12, until = 336, ", '[{ in = "results", '),
        "reachable",
        ("IVX-02", "no check-in asks its questions"),
    ),
    (
        Edit(rule("FEV-02b"), '"hours > 168"', '"hours > 4000"'),
        "reachable",
        ("FEV-02b", "no check-in asks its questions"),
    ),
    # complete in words
    (
        Edit("[translations.es.texts]", 'P0 = "', '# P0 = "'),
        "complete in words",
        ("texts.P0:", "no words in «es»", "add them"),
    ),
    (
        Edit("[translations.ar.questions.redness]", 'light_pink = "', '# light_pink = "'),
        "complete in words",
        ("questions.redness.light_pink:", "no words in «ar»"),
    ),
    (
        Edit("[texts.P1]", "Thank you", LONG),
        "complete in words",
        ("texts.P1.en", "characters; 1024 is the most"),
    ),
    (
        Edit(ERYTHEMA, "How red is", LONG),
        "complete in words",
        ("questions.redness.en", "characters; 1024 is the most"),
    ),
    (
        Edit(ERYTHEMA, "Light pink", "Light pink" + ", more or less" * 4),
        "complete in words",
        ("questions.redness.light_pink.en", "66 characters; 60 is the most"),
    ),
    (
        Edit("[texts.P1]", "{clinic_phone}", "{clinic_fone}"),
        "complete in words",
        ("texts.P1.en", "«{clinic_fone}» cannot be filled in"),
    ),
    (
        ADRENALINE,
        "complete in words",
        ("«RF-01»", "«P4_allergy» (en)", "{emergency_number}", "as emergency needs"),
    ),
    (
        Edit("[texts.P3]", "{clinic_phone}", "the clinic"),
        "complete in words",
        ("levels › urgent", "«P3» (en)", "{clinic_phone}", "as urgent needs"),
    ),
    (
        Edit(rule("RF-00"), 'text = "P3ED"', 'text = "NOTHING"'),
        "complete in words",
        ("«RF-00»", "«NOTHING» (en)", "{clinic_phone}", "as urgent needs"),
    ),
    # sourced
    (
        Edit(rule("RF-01"), '"S6"', '"S99"'),
        "sourced",
        ("rules «RF-01»", "«S99» is not explained", "[sources.S99]"),
    ),
    (
        Edit("[courses.hair]", 'at = "10:00", sources = [', 'at = "10:00", sources = ["SEED-99", '),
        "sourced",
        ("courses › hair › reminders", "«SEED-99» is not explained"),
    ),
    # sound examples
    (
        Edit(rule("FEV-08"), "temp_c = 40.1 }", "temp_c = 39.9 }"),
        "sound examples",
        ("FEV-08", "should fire, and does not", "inj_skin at 30 h", "temp_c 39.9"),
    ),
    (
        Edit(rule("FEV-08"), "temp_c = 40.0 }", "temp_c = 40.2 }"),
        "sound examples",
        ("FEV-08", "should be silent, and fires", "temp_c 40.2"),
    ),
    (
        Edit(rule("FEV-12"), "profile = { immune_low = true", "profile = { dark_skin = true"),
        "sound examples",
        ("FEV-12", "should fire, and does not", "temp_c 38.0", "dark_skin True"),
    ),
    (
        Edit(rule("SIL-09"), "misses = 1 }", "misses = 0 }"),
        "sound examples",
        ("SIL-09", "should fire, and does not", "event no_answer_24h", "last level none"),
    ),
    (
        Edit(rule("PAT-01"), "{ hours = 30 }", '{ hours = 30, answers = { wants_call = "yes" } }'),
        "sound examples",
        ("PAT-01", "should be silent, and fires", "wants_call yes"),
    ),
    (
        Edit("[windows.redness.classes.A]", '"180 expected"', '"180 watch"'),
        "sound examples",
        ("› redness › A › light_pink", "«180 watch» does not hold: at 180 h it is expected"),
    ),
    (
        Edit("[windows.redness.classes.A]", '"180 expected"', '"180 h fine"'),
        "sound examples",
        ("windows › redness › A › light_pink", "«180 h fine» is no case", "«180 expected»"),
    ),
    (
        Edit("[windows.redness.classes.A]", '"180 expected"', '"180 fine"'),
        "sound examples",
        ("«180 fine» is no case",),
    ),
    (
        Edit("[windows.redness.classes.A]", '"351 follow_up"', '"352 follow_up"'),
        "sound examples",
        ("windows › redness › A › light_pink", "no case at 351 h", "the edge at 350 h", "add one"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "guarantee", "words"), REFUSED, ids=[f"{e.table} {e.new[:40]}" for e, _, _ in REFUSED]
)
def test_a_broken_file_is_refused_with_a_sentence(edit, guarantee, words) -> None:
    assert sentence_about(edited(edit), guarantee, *words)


UNUSED = [
    (
        "[[questions]]",
        """id = "sleep"
term = "Sleep"
symptom = "unwell"
kind = "yes_no"
text.en = "Did you sleep well?"
asked = [{ from = 0 }]
sources = ["review"]""",
        "reachable",
        ("questions «sleep»", "no rule or window looks at the answer"),
    ),
    (
        "[[signs]]",
        """id = "cold"
meaning = "Feels cold"
all = ["temp_c < 35.0"]
sources = ["review"]""",
        "reachable",
        ("signs «cold»", "no rule uses it"),
    ),
    (
        "[[symptoms]]",
        """id = "sleepless"
label.en = "Cannot sleep\"""",
        "reachable",
        ("symptoms «sleepless»", "a patient could tick it, and no question would follow"),
    ),
    (
        "[sources.S77]",
        """kind = "literature"
read = "from memory"
says = "Something nobody asks about\"""",
        "sourced",
        ("sources › S77", "nothing cites it"),
    ),
]


@pytest.mark.parametrize(
    ("head", "lines", "guarantee", "words"), UNUSED, ids=[head for head, *_ in UNUSED]
)
def test_what_nothing_uses_is_refused(head, lines, guarantee, words) -> None:
    assert sentence_about(with_tables(f"\n{head}\n{lines}\n"), guarantee, *words)


def test_every_broken_guarantee_is_told_at_once() -> None:
    quick = [r for r in bundled().rules if r.id in ("VOM-01", "PAT-04")]
    found = verify(edited().model_copy(update={"rules": tuple(quick), "windows": {}}))
    assert {problem.guarantee for problem in found} == {"sourced", "total", "reachable", "monotone"}
    order = [list(GUARANTEES).index(problem.guarantee) for problem in found]
    assert order == sorted(order)


def test_the_bundled_file_keeps_all_six_guarantees() -> None:
    file = Path(__file__).parents[1] / "flows" / "protocols" / BUNDLED
    result = CliRunner().invoke(app, ["protocol", "verify", str(file)])
    assert result.exit_code == 0, result.output
    names = "sound examples, sourced, complete in words, total, reachable, monotone"
    assert result.stdout.startswith(f"{bundled().name}: {names}: all hold\n")
    assert ("It is a draft" in result.stdout) is bundled().protocol.draft
