"""Which changes of a protocol could keep a person from being called, and which could not."""

import copy
from datetime import date
from importlib.resources import files

import pytest
from small_protocol import OLD, Tables, only, set_to, told

from flows.compare.sentences import shown
from flows.compare.walk import changes
from flows.diff import Rank, differences
from flows.protocol import Protocol
from flows.protocol_file import bundled, parse_protocol
from flows.tables import AcceptedFall


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("escalation.emergency_repeat_minutes", 60),
        ("escalation.urgent_repeat_minutes", (5, 20, 30)),
        ("escalation.urgent_repeat_minutes", (5, 15)),
        ("escalation.follow_up_latest_minutes_before_closing", 5),
        ("silence.unanswered_after_serious_hours", 3),
        ("levels.urgent.staff", "same_day"),
        ("incomplete.level", "expected"),
        ("incomplete.question", "worry"),
        ("windows.redness.combined", "longest"),
        ("windows.fatigue.classes.D.stops_most.then", "follow_up"),
        ("treatments.iv.schedule", (3, 12, 24)),
        ("courses.skin.results.days", (7, 35)),
        ("patient_facts.pregnant.ask", None),
        ("rules.PAT-01.route", None),
        ("questions.hives.unclear", "watch"),
        ("questions.hives.symptom", "other"),
        ("questions.warmth.when_any", ("redness is_at_least clearly_red",)),
        ("questions.feels_hot.when_all", ("temp_c_not_measured", "hours > 48")),
        ("questions.lump_cm.options.coin.number", 0.9),
        ("groups.systemic_route", ()),
        ("texts.P3.en", "Please call us."),
    ],
)
def test_what_calls_somebody_later_or_less_is_dangerous(path: str, value: object) -> None:
    found = told(set_to(path, value))
    assert found[0].dangerous, found[0]


@pytest.mark.parametrize(
    ("path", "value", "rank"),
    [
        ("escalation.emergency_repeat_minutes", 2, Rank.ESCALATION),
        ("escalation.urgent_repeat_minutes", (5, 10, 30), Rank.ESCALATION),
        ("escalation.follow_up_latest_minutes_before_closing", 90, Rank.ESCALATION),
        ("escalation.digest_at", "07:30", Rank.ESCALATION),
        ("levels.watch.staff", "same_day", Rank.ESCALATION),
        ("incomplete.level", "follow_up", Rank.QUESTION),
        ("windows.redness.combined", "strictest", Rank.WINDOW),
        ("treatments.iv.schedule", (*OLD.treatments["iv"].schedule, 1344), Rank.SCHEDULE),
        ("treatments.iv.label", "Drip", Rank.TEXT),
        ("questions.hives.unclear", "urgent", Rank.QUESTION),
        ("questions.hives.options.treated.beside", True, Rank.QUESTION),
        ("questions.hives.text.en", "Bumps?", Rank.TEXT),
        ("rules.PAT-01.text", "P2", Rank.TEXT),
        ("rules.PAT-01.reason", "Wants a call", Rank.ABOUT),
        ("texts.P3.en", OLD.texts["P3"].get("en", "") + " Now.", Rank.TEXT),
        ("sources.S6.says", "Other words", Rank.ABOUT),
        ("protocol.reviewer", "Dr Cleo Marsh", Rank.ABOUT),
        ("quiet_hours.start", "22:00", Rank.ESCALATION),
    ],
)
def test_what_calls_nobody_later_is_told_in_its_place(path: str, value: object, rank: Rank) -> None:
    difference = only(set_to(path, value))
    assert (difference.rank, difference.dangerous) == (rank, False)


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("texts", "PTOLD"),
        ("sources", "S44"),
        ("areas", "body"),
        ("signs", "masked"),
        ("windows", "fatigue"),
        ("questions", "result"),
        ("patient_facts", "under_18"),
    ],
)
def test_a_part_that_is_gone_is_told(path: str, gone: str) -> None:
    def change(tables: Tables) -> None:
        table = tables[path]
        if isinstance(table, dict):
            del table[gone]
        else:
            tables[path] = tuple(row for row in table if row["id"] != gone)

    # a change of the model alone: rules that use the sign are another matter
    tables = copy.deepcopy(OLD.model_dump(by_alias=True))
    change(tables)
    found = [c for c in changes(OLD, Protocol.model_validate(tables)) if not c.order]
    assert [(c.path, c.removed) for c in found] == [((path, gone), True)]


def test_the_last_row_of_a_table_that_goes_is_told_as_gone() -> None:
    one = OLD.model_copy(update={"patient_facts": OLD.patient_facts[:1]})
    none = OLD.model_copy(update={"patient_facts": ()})
    (gone,) = differences(one, none)
    (come,) = differences(none, one)
    assert (gone.path, gone.dangerous) == (("patient_facts", "pregnant"), True)
    assert (come.path, come.dangerous) == (("patient_facts", "pregnant"), False)


def test_a_language_that_goes_is_told() -> None:
    spanish = OLD.texts["P0"] | {"es": "Todo bien."}
    before = OLD.model_copy(update={"texts": {**OLD.texts, "P0": spanish}})
    label = OLD.question_by_id["hives"]
    both = label.model_copy(update={"text": label.text | {"es": "¿Ronchas?"}})
    questions = tuple(both if q.id == "hives" else q for q in OLD.questions)
    paths = {d.path for d in differences(before.model_copy(update={"questions": questions}), OLD)}
    assert paths == {("texts", "P0", "es"), ("questions", "hives", "text", "es")}


def test_a_language_that_goes_altogether_is_one_sentence() -> None:
    english = files("flows.protocols").joinpath("exosome.toml").read_text(encoding="utf-8")
    found = differences(bundled(), parse_protocol(english, "without translations"))
    gone = [one for one in found if one.path[0] == "translations"]
    assert {one.path[1] for one in gone} == {"es", "pt", "ru", "ar", "zh"}
    assert all(one.dangerous for one in gone)
    assert gone[0].sentence.startswith("The language «ar» is gone, with 2")
    assert len(found) == len(gone) + 1, "and that the list of languages is shorter"


def test_more_accepted_falls_are_told() -> None:
    fall = AcceptedFall(
        id="early",
        when="later",
        question="hours",
        rules=("INF-01",),
        reason="Early",
        sources=("S6",),
    )
    before = OLD.model_copy(update={"accepted_falls": ()})
    (difference,) = differences(before, OLD.model_copy(update={"accepted_falls": (fall,)}))
    assert difference.sentence.startswith("Accepted fall early is new: ")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        ("", "nothing"),
        ((), "nothing"),
        ({}, "nothing"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (date(2026, 11, 22), "2026-11-22"),
        ({"in_days": [1, "x"]}, "in days 1, «x»"),
    ],
)
def test_any_value_of_the_file_has_words(value: object, words: str) -> None:
    assert shown(value) == words
