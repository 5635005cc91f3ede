"""One case as a line of JSON: what is read from it, and what is refused, with a sentence."""

import csv
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.case_frame import CaseError
from flows.cases import Case, parse_case
from flows.derived import Earlier, History
from flows.verdict import Level

VIGNETTES = Path(__file__).parent / "clinical" / "vignettes.csv"
ANNA = {"treatment": "inj_skin", "hours": 30, "answers": {"redness": 2}}


def line(**changes: object) -> str:
    """Return Anna's case as a line, with some keys changed."""
    return json.dumps(ANNA | changes)


def test_the_shortest_line_has_a_treatment_and_hours() -> None:
    assert parse_case('{"treatment": "iv", "hours": 3}') == Case("iv", 3)


def test_a_whole_line_of_annas_history_is_read() -> None:
    case = parse_case(
        line(
            case="A7K2",
            at="2026-11-22T10:00:00Z",
            level="follow_up",
            history={
                "checkins": [{"h": 6, "answers": {"redness": 1}}, {"h": 24, "answers": {}}],
                "profile": {"area": "face", "dark_skin": True, "baseline": {"redness": 1}},
                "event": "no_answer_24h",
                "misses": 2,
                "last_level": "watch",
                "worst_partial": 1,
                "case_level": "urgent",
            },
        )
    )
    assert case == Case(
        treatment="inj_skin",
        hours=30,
        answers={"redness": 2},
        history=History(
            checkins=(Earlier(6, {"redness": 1}), Earlier(24, {})),
            profile={"area": "face", "dark_skin": True, "baseline": {"redness": 1}},
            event="no_answer_24h",
            misses=2,
            last_level="watch",
            worst_partial=1,
            case_level="urgent",
        ),
        case="A7K2",
        at=datetime(2026, 11, 22, 10, tzinfo=UTC),
        level=Level.FOLLOW_UP,
    )


def test_a_time_in_the_clinics_zone_is_kept_in_utc() -> None:
    assert parse_case(line(at="2026-11-22T11:30:00+01:00")).at == datetime(
        2026, 11, 22, 10, 30, tzinfo=UTC
    )


def test_null_stands_for_what_a_history_does_not_say() -> None:
    case = parse_case(line(case=None, at=None, level=None, history={"event": None}))
    assert (case.case, case.at, case.level, case.history.event) == (None, None, None, None)


def test_every_vignette_has_the_shape_of_a_case() -> None:
    with VIGNETTES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            case = parse_case(
                json.dumps(
                    {
                        "treatment": row["treatment"],
                        "hours": float(row["hours_since_session"]),
                        "answers": json.loads(row["answers"]),
                        "history": json.loads(row["history"]),
                        "level": row["expected_level"],
                    }
                )
            )
            assert str(case.level) == row["expected_level"], row["id"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "not valid JSON: Expecting property name enclosed in double quotes at character 2"),
        ("", "not valid JSON: Expecting value at character 1"),
        ("[" * 100_000, "not valid JSON: nested too deeply"),
        ("7" * 5000, "Exceeds the limit"),
        ("[1]", "the line must be an object like {…}, not [1]"),
        ('{"hours": 3}', "treatment is missing"),
        ('{"treatment": "iv"}', "hours is missing"),
        ('{"treatment": "iv", "hours": NaN}', "NaN is not a number that JSON knows"),
        ('{"hours": 3, "hours": 4}', "«hours» stands there twice"),
    ],
)
def test_a_line_that_is_no_case_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(CaseError) as error:
        parse_case(text)
    assert sentence in str(error.value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"hour": 3}, "the line has «hour», which means nothing; use case, at, treatment"),
        ({"treatment": 5}, "treatment must be a text, not 5"),
        ({"treatment": " "}, 'treatment must be a text, not " "'),
        ({"hours": "30"}, 'hours must be a number of hours, not "30"'),
        ({"hours": True}, "hours must be a number of hours, not true"),
        ({"hours": -1}, "hours counts from the session on and cannot be -1"),
        ({"hours": 10**400}, "hours counts from the session on and cannot be 1000000"),
        ({"answers": []}, "answers must be an object like {…}, not []"),
        ({"case": 7}, "case must be a text, not 7"),
        ({"at": "yesterday"}, "at must be a time with its zone, like 2026-11-22T10:00:00Z"),
        ({"at": "2026-11-22T10:00:00"}, "at must be a time with its zone"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at must be a time with its zone"),
        ({"level": "high"}, "there is no level «high»; there are expected, watch"),
        ({"history": None}, "history must be an object like {…}, not null"),
        ({"history": {"check_ins": []}}, "history has «check_ins», which means nothing"),
        ({"history": {"checkins": {}}}, "history.checkins must be a list, not {}"),
        ({"history": {"checkins": [3]}}, "history.checkins.1 must be an object"),
        ({"history": {"checkins": [{"h": 3}]}}, "history.checkins.1.answers is missing"),
        ({"history": {"checkins": [{"answers": {}}]}}, "history.checkins.1.h is missing"),
        (
            {"history": {"checkins": [{"h": 3, "answers": {}, "level": 1}]}},
            "history.checkins.1 has «level», which means nothing; use h, answers",
        ),
        (
            {"history": {"checkins": [{"h": 24, "answers": {}}, {"h": 6, "answers": {}}]}},
            "history.checkins must run from the oldest to the newest",
        ),
        ({"history": {"profile": {"area": {}}}}, "history.profile.area cannot be {}"),
        ({"history": {"profile": {"baseline": 1}}}, "history.profile.baseline cannot be 1"),
        ({"history": {"event": 1}}, "history.event must be a text, not 1"),
        ({"history": {"misses": -1}}, "history.misses must be a whole number, 0 or more, not -1"),
        ({"history": {"misses": True}}, "history.misses must be a whole number"),
        ({"history": {"worst_partial": 1.5}}, "history.worst_partial must be a whole number"),
        ({"history": {"last_level": 2}}, "history.last_level must be a text, not 2"),
        ({"history": {"case_level": None}}, "history.case_level must be a text, not null"),
    ],
)
def test_a_wrong_part_of_a_case_is_named_with_what_belongs_there(
    changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(CaseError) as error:
        parse_case(line(**changes))
    assert sentence in str(error.value)


def test_an_error_quotes_only_the_beginning_of_what_a_patient_wrote() -> None:
    with pytest.raises(CaseError) as error:
        parse_case(line(answers="my name is Anna and I live at the end of the long road"))
    assert "long road" not in str(error.value)


@given(st.text())
def test_whatever_stands_in_a_line_is_read_or_refused(text: str) -> None:
    with suppress(CaseError):
        assert isinstance(parse_case(text), Case)
