"""Conditions, answers and times in the words a nurse reads at the desk."""

import pytest

from flows.derived import Earlier, History
from flows.protocol_file import bundled
from flows.rule_tables import Condition
from flows.verdict import Level
from flows.words import (
    SYMBOLS,
    answer_words,
    case_words,
    english,
    level_words,
    span,
    words,
)


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (0, "0 h"),
        (24, "24 h"),
        (47.5, "47.5 h"),
        (48, "48 h (2 d)"),
        (80, "80 h (3 d 8 h)"),
        (100.5, "100.5 h"),
        (2160.0, "2160 h (90 d)"),
    ],
)
def test_hours_are_said_in_days_from_the_second_day_on(hours: float, text: str) -> None:
    assert span(hours) == text


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("redness is_at_least clearly_red", "Erythema: «Clearly red» or worse"),
        ("swelling is_at_most clearly_puffy", "Oedema: «Clearly puffy» or milder"),
        ("redness is light_pink", "Erythema: «Light pink»"),
        ("blisters is not none", "Blisters: anything but «No»"),
        ("hives in elsewhere, spreading", "Urticaria: «On other skin» or «Spreading»"),
        ("red_flags includes faint", "Emergency warning signs: «Fainted»"),
        ("treatment includes joint", "treated with Joint injection"),
        ("treatment includes by_needle", "treated with any of the group «by needle»"),
        ("area in face, lip", "treated area: «face» or «lips»"),
        ("field is multi", "points of injection: «many over an area»"),
        ("temp_c >= 38.0", "Body temperature: 38.0 °C or more"),
        ("temp_c < 36.0", "Body temperature: less than 36.0 °C"),
        ("site_size_cm > 5.0", "Diameter of erythema or induration: more than 5.0 cm"),
        ("hours > 48", "more than 48 h (2 d) after the session"),
        ("hours <= 72", "up to 72 h (3 d) after the session"),
        ("hours >= 336", "from 336 h (14 d) on after the session"),
        ("hours < 144", "before 144 h (6 d) after the session"),
        (
            "lump_first_seen_h >= 240",
            "Onset of the nodule: from 240 h (10 d) on after the session",
        ),
        (
            "fever_hours >= 20",
            "How long 38.0 C or more has been measured at every check-in: 20 h or more",
        ),
        (
            "infection_signs >= 2",
            "How many of six local signs of infection there are, 0 to 6: 2 or more",
        ),
        ("misses >= 2", "check-ins missed in a row: 2 or more"),
        ("warmth", "Local warmth: yes"),
        ("swelling_sudden is no", "Sudden oedema: no"),
        ("lump_present", "There is a lump"),
        ("not lump_present", "not: There is a lump"),
        ("prior_anaphylaxis", "A severe allergic reaction in the past"),
        ("worse_twice", "The patient says «worse» now and said so at the last check-in"),
        ("temp_c_not_measured", "Body temperature asked for, and no thermometer"),
        (
            "previous hives is treated",
            "at the last check-in, Urticaria: «At the treated spot only»",
        ),
        ("event is no_answer_24h", "silence: «no answer for 24 hours»"),
        ("last_level is follow_up", "level of the last check-in: «follow up»"),
    ],
)
def test_each_kind_of_comparison_has_words(line: str, text: str) -> None:
    (comparison,) = bundled().comparisons((line,))
    assert words(bundled(), comparison) == text


def test_every_line_of_the_bundled_protocol_has_words_without_the_files_own_words() -> None:
    protocol = bundled()
    asked = [Condition(all=q.when_all, any=q.when_any) for q in protocol.questions]
    for condition in (*protocol.rules, *protocol.signs, *asked):
        for comparison in protocol.comparisons(condition.lines):
            assert "_" not in words(protocol, comparison), comparison.line


@pytest.mark.parametrize(
    ("name", "raw", "text"),
    [
        ("redness", 1, "Erythema: Light pink"),
        ("redness", "clearly_red", "Erythema: Clearly red"),
        ("discharge", "pus", "Discharge: Yellow or green pus"),
        ("warmth", True, "Local warmth: yes"),
        ("warmth", "no", "Local warmth: no"),
        ("temp_c", 38.25, "Body temperature: 38.3 °C"),
        ("temp_f", 101, "Body temperature: 101 °F"),
        ("temp_c", "not_measured", "Body temperature: not measured"),
        ("lump_cm", 2, "Size of the nodule: 2 cm"),
        ("lump_first_seen_h", "2 days ago", "Onset of the nodule: 52 h"),
        ("red_flags", [], "Emergency warning signs: none ticked"),
        ("red_flags", ["fit", "faint"], "Emergency warning signs: Fainted, Fit"),
        ("redness", "rather", "Erythema: «rather» (unclear)"),
        ("mood", 3, "mood: «3» (unclear)"),
    ],
)
def test_an_answer_is_said_with_its_term_and_label(name: str, raw: object, text: str) -> None:
    assert answer_words(bundled(), name, raw, 100) == text


def test_a_case_is_said_with_its_time_answers_past_and_profile() -> None:
    history = History(
        checkins=[Earlier(24, {"redness": 2})],
        profile={"area": "face", "field": "multi", "immune_low": True, "baseline": {"redness": 1}},
    )
    text = case_words(bundled(), "mn_topical+joint", 56, {"redness": 1, "pain": None}, history)
    assert text == (
        "Microneedling + topical exosomes + Joint injection, 56 h (2 d 8 h) after the session; "
        "Erythema: Light pink; earlier, at 24 h: Erythema: Clearly red; treated area: face; "
        "points of injection: many over an area; Weak immunity or diabetes: yes; "
        "had before the treatment: Erythema: Light pink"
    )


def test_a_silence_is_said_with_what_went_before() -> None:
    history = History(event="no_answer_24h", misses=2, last_level="follow_up")
    assert case_words(bundled(), "iv", 192, {}, history) == (
        "IV infusion, 192 h (8 d) after the session; no answers; silence: no answer for 24 hours; "
        "missed in a row: 2; last level: follow up"
    )


def test_without_english_every_language_there_is_is_shown() -> None:
    assert english({"es": "rojo", "pt": "vermelho"}) == "rojo / vermelho"


def test_every_level_has_its_own_sign() -> None:
    assert len(set(SYMBOLS.values())) == len(Level)
    assert level_words(Level.FOLLOW_UP) == "◑ follow up"
