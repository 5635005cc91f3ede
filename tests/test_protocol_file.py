"""A protocol file with a mistake is refused, and the sentence says where it is and how to mend it.

Each row of the tables is one small edit of the bundled file: the words that stand there, the
words in their place, and what the refusal must say. `line` in the last column is the number of
the first line that differs.
"""

from importlib.resources import files
from pathlib import Path

import pytest

from flows.protocol_file import (
    BUNDLED,
    ProtocolError,
    bundled,
    bundled_text,
    load,
    parse_protocol,
)

TEXT = files("flows.protocols").joinpath(BUNDLED).read_text(encoding="utf-8")

FIELDS = [
    ('author = "', 'autor = "', ["protocol › autor", "spelling", ", line "]),
    ('author = "', 'autor = "', ["protocol › author: Field required; add it"]),
    ("[silence]\n", "[silense]\n", ["silence: Field required; add it", "silense"]),
    ('version = "1', 'version = 1 # "1', [", {line}: protocol › version", "valid string"]),
    ('version = "1.', 'version = "one.', [", {line}: protocol › version", "pattern"]),
    ('title = "', 'title = " " # "', [", {line}: protocol › title", "at least 1"]),
    ('languages = ["en"]', 'languages = ["tlh"]', [", {line}: protocol › languages › 0"]),
    ('languages = ["en"]', "languages = []", [", {line}: protocol › languages", "at least 1"]),
    ("draft = true", "draft = false", ["a named clinician signs", "signed_by and signed_on"]),
    ('staff = "digest"', 'staff = "pigeon"', [", {line}: levels › watch › staff", "'same_day'"]),
    ('digest_at = "08:30"', 'digest_at = "8:30"', [", {line}: escalation › digest_at"]),
    ('start = "21:00"', 'start = "24:00"', [", {line}: quiet_hours › start"]),
    ("keeps_highest_level = true", "keeps_highest_level = false", [", {line}: case ›"]),
    ("reminder_after_minutes = 120", "reminder_after_minutes = 0", [", {line}: silence ›"]),
    ("claim_expires_minutes = 30", 'claim_expires_minutes = "soon"', [", {line}: escalation ›"]),
    ('window_class = "A"', 'window_class = "Z"', [", {line}: treatments › mn_topical › window_c"]),
    ("schedule = [", "schedule = [] # [", ["{line}: treatments › mn_topical › schedule"]),
    ("schedule = [", "schedule = [-6, ", ["{line}: treatments › mn_topical › schedule › 0"]),
    ('meaning = "Metal allergy"', "meaning = 3", ["{line}: patient_facts › 6 «metal_allergy»"]),
    ("always = true ", "often = true ", ["{line}: symptoms", "«course» › often", "spelling"]),
    ('id = "red_flags"', 'id = "Red flags"', ["{line}: questions › 0", "pattern"]),
    ('kind = "ticks"', 'kind = "tricks"', ["{line}: questions › 0 «red_flags» › kind"]),
    ('unclear = "urgent"', 'unclear = "expected"', ["unclear answer can never be expected"]),
    ('unclear = "urgent"', 'unclear = "bad"', ["{line}: questions › 0 «red_flags» › unclear"]),
    ('{ id = "light_pink", label.en', '{ id = "none", label.en', ["«redness» has the same option"]),
    ('kind = "severity"', 'kind = "yes_no"', ["question «redness» is yes/no: remove its options"]),
    ('kind = "yes_no"', 'kind = "choice"', ["is a choice and needs two options or more"]),
    ('level = "emergency"\n', 'level = "dire"\n', ["{line}: rules", "«RF-01» › level"]),
    ('id = "RF-01"', 'id = "rf1"', ["{line}: rules", "«rf1» › id", "pattern"]),
    ("expected_until = 180", "expected_until = 999", ["{line}: windows", "lies before"]),
    ("watch_until = 350", 'watch_until = "never"', ["{line}: windows › redness › classes › A"]),
    ('cases = ["180 expected", "181 watch", "350 watch", "351 follow_up"]', "cases = []",
     ["{line}: windows › redness › classes › A › light_pink › cases"]),
    ('fires = [\n  { hours = 30, answers = { red_flags = ["breathing"] } },\n]', "fires = []",
     ["«RF-01» › fires", "at least 1"]),
    ('kind = "clinic_faq"', 'kind = "hearsay"', ["sources › SEED-1 › kind", "{line}"]),
]  # fmt: skip

ENDS = [
    ('id = "cold_sores"', 'id = "immune_low"', ["patient_facts: «immune_low» stands there twice"]),
    ('id = "RF-02"', 'id = "RF-01"', ["rules: «RF-01» stands there twice; rename or remove one"]),
    ('\nid = "fever"', '\nid = "lump"', ["symptoms: «lump» stands there twice"]),
    ('id = "RF-01"\nabout = "breathing"\nlevel = "emergency"\ntext = "P4_allergy"',
     'id = "RF-01"\nabout = "breathing"\nlevel = "emergency"\ntext = "P99"',
     ["rules «RF-01»: there is no text «P99»; add [texts.P99]"]),
    ('text = "P0"', 'text = "P00"', ["levels › expected: there is no text «P00»"]),
    ("[levels.watch]", "[levels.expected2]", ["levels › expected2"]),
    ('needling = ["mn_topical"', 'needling = ["mn_tropical"',
     ["groups › needling: there is no treatment «mn_tropical»"]),
    ('symptom = "redness"', 'symptom = "blushing"', ["there is no symptom «blushing» to tick"]),
    ('treatments = ["by_needle"]', 'treatments = ["needles"]', ["asked of «needles», no"]),
    ('areas = ["face", "eye", "lip"]', 'areas = ["ear"]', ["asked for «ear», no area"]),
    ('question = "red_flags"', 'question = "blue_flags"', ["there is no question «blue_flags»"]),
    ("[windows.redness]", "[windows.blush]", ["windows"]),
    ("[windows.redness.classes.E]\nlight_pink", "[windows.redness.classes.E]\nlight_blue",
     ["windows › redness › E: give one cell for each of light_pink, clearly_red, very_red"]),
    ("[courses.hair]", "[courses.hare]", ["courses › hare"]),
]  # fmt: skip


def edited(old: str, new: str) -> tuple[str, str]:
    """The bundled text with one edit, and the words for the first line that differs."""
    assert old in TEXT, f"the bundled file no longer holds {old!r}"
    text = TEXT.replace(old, new, 1)
    same = [a == b for a, b in zip(TEXT.splitlines(), text.splitlines(), strict=False)]
    return text, f"line {same.index(False) + 1}"


def refusal(text: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        parse_protocol(text, "clinic.toml")
    assert str(caught.value) == "\n".join(caught.value.problems)
    assert all(problem.startswith("clinic.toml") for problem in caught.value.problems)
    return str(caught.value)


@pytest.mark.parametrize(("old", "new", "words"), [*FIELDS, *ENDS])
def test_a_broken_file_is_refused_with_a_sentence(old, new, words) -> None:
    text, line = edited(old, new)
    said = refusal(text)
    for word in words:
        assert word.replace("{line}", line) in said


def test_every_mistake_is_reported_at_once() -> None:
    text, _ = edited('staff = "digest"', 'staff = "pigeon"')
    said = refusal(text.replace('kind = "ticks"', 'kind = "tricks"', 1))
    assert "pigeon" in said or "levels › watch › staff" in said
    assert "«red_flags» › kind" in said


def test_a_red_flag_question_without_ticks_is_refused() -> None:
    text, _ = edited('question = "red_flags"', 'question = "redness"')
    assert "incomplete: " in refusal(text)


def test_a_missing_level_is_refused() -> None:
    start = TEXT.index("[levels.watch]")
    text = TEXT[:start] + TEXT[TEXT.index("[levels.follow_up]") :]
    assert "levels: «watch» is missing; add [levels.watch]" in refusal(text)


def test_a_missing_course_of_a_treatment_is_refused() -> None:
    start = TEXT.index("[courses.hair]")
    text = TEXT[:start] + TEXT[TEXT.index("[[patient_facts]]") :]
    assert "treatments › inj_scalp: there is no table [courses.hair]; add it" in refusal(text)


def test_a_key_missing_from_the_last_table_is_said_with_the_table_s_line() -> None:
    last = f"line {len(TEXT.splitlines()) + 1}: sources › LAST › kind: Field required; add it"
    assert last in refusal(TEXT + "[sources.LAST]\n")


def test_a_missing_class_of_a_window_is_refused() -> None:
    start = TEXT.index("[windows.redness.classes.E]")
    text = TEXT[:start] + TEXT[TEXT.index("[windows.swelling]") :]
    assert "windows › redness: class E is missing; some treatment needs it" in refusal(text)


def test_a_window_of_a_question_without_severities_is_refused() -> None:
    text = TEXT.replace("[windows.redness", "[windows.discharge")
    assert "windows › discharge: there is no question «discharge» with sev" in refusal(text)


@pytest.mark.parametrize(
    "text",
    ["[protocol", "a = 1\na = 2", "a = 2026-13-45", "\0", 'a = "',
     "\ufeffa = 1", "a = " + "[" * 100_000, "a = " + "1" * 5000],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_what_is_no_toml_is_refused(text) -> None:
    assert "clinic.toml: not valid TOML: " in refusal(text)


def test_an_empty_file_misses_everything() -> None:
    assert "clinic.toml: questions: Field required; add it" in refusal("")


def test_a_file_is_read_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_text(bundled_text(), encoding="utf-8")
    loaded = load(path)
    assert loaded.model_dump() == bundled().model_dump()
    assert loaded != bundled()
    assert {loaded: "clinic"}[loaded] == "clinic"


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match=r"cannot be read: No such file"):
        load(tmp_path / "clinic.toml")
    with pytest.raises(ProtocolError, match=r"cannot be read: Is a directory"):
        load(tmp_path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_bytes(TEXT.encode("utf-16"))
    with pytest.raises(ProtocolError, match="save the file as UTF-8"):
        load(path)
