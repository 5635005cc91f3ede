"""Ben and his protocol file at the command line: prove, render, compare, replay, schedule."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from edited_file import TEXT, Edit, edited_text, without_rules
from terminal import run

from flows.protocol_file import BUNDLED, bundled, load

ENGLISH = files("flows.protocols").joinpath(BUNDLED).read_text(encoding="utf-8")
FILE = str(Path(__file__).parents[1] / "flows" / "protocols" / BUNDLED)


@pytest.fixture
def edited_file(tmp_path):
    """Return a function that writes an edited copy of the bundled file and returns its path."""

    def write(*edits: Edit) -> str:
        path = tmp_path / "edited.toml"
        path.write_text(edited_text(*edits), encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize("command", ["verify", "render", "diff", "replay"])
def test_a_file_that_cannot_be_read_ends_with_2_and_says_why(command, tmp_path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes("title = 'für'".encode("latin-1"))
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(TEXT.replace("[silence]", "[silent]"), encoding="utf-8")
    history = tmp_path / "history.jsonl"
    history.touch()
    more = {"diff": [FILE], "replay": ["--history", str(history)]}.get(command, [])
    for file, words in (
        (tmp_path / "no.toml", "no.toml: cannot be read: No such file"),
        (tmp_path, "cannot be read: Is a directory"),
        (latin, "save the file as UTF-8"),
        (wrong, "wrong.toml"),
    ):
        result = run("protocol", command, str(file), *more)
        assert result.exit_code == 2
        assert words in result.stderr
        assert result.stdout == ""


def test_a_file_that_breaks_guarantees_is_refused_with_a_sentence_for_each(tmp_path) -> None:
    broken = edited_text(
        Edit("[incomplete]", 'level = "watch"', 'level = "expected"'),
        Edit("[windows.redness.classes.A]", '"180 expected"', '"180 watch"'),
        Edit('id = "FEV-08"', '"temp_c > 40.0"', '"temp_c > 40.0", "hours <= 100"'),
    )
    file = tmp_path / "edited.toml"
    file.write_text(without_rules(broken, "RF-03b", "RF-04b", "CHI-03"), encoding="utf-8")
    result = run("protocol", "verify", str(file), "--deep")
    assert result.exit_code == 1
    *problems, last = result.stdout.splitlines()
    for words in (
        "sound examples: windows › redness › A › light_pink: case «180 watch» does not hold",
        "total: incomplete: a check-in without its red-flag answer can never be expected",
        "monotone: FEV-08: mn_topical at 100 h",
    ):
        assert any(problem.startswith(words) for problem in problems), result.stdout
    assert last.endswith(f"edited.toml: {len(problems)} problem(s); not to be used")


def test_the_page_and_its_charts_are_written_where_ben_says(edited_file, tmp_path) -> None:
    page = tmp_path / "desk" / "page.md"
    result = run("protocol", "render", edited_file(), "--output", str(page))
    assert result.exit_code == 0
    assert "9.0." in page.read_text(encoding="utf-8")
    drawn = {path.name for path in (page.parent / "charts").iterdir()}
    assert drawn == {f"{name}.svg" for name in bundled().treatments}
    assert f"{len(drawn)} charts" in result.stdout


def test_a_page_that_cannot_be_written_ends_with_2(edited_file, tmp_path) -> None:
    (tmp_path / "taken").touch()
    page = str(tmp_path / "taken" / "page.md")
    result = run("protocol", "render", edited_file(), "--output", page)
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_two_equal_files_do_not_differ() -> None:
    result = run("protocol", "diff", FILE, FILE)
    assert result.exit_code == 0
    assert result.stdout == "0 difference(s), 0 dangerous (!)\n"


def test_a_safe_difference_is_told_and_ends_with_0(edited_file) -> None:
    result = run("protocol", "diff", FILE, edited_file())
    assert result.exit_code == 0
    assert "9.0." in result.stdout
    assert "0 dangerous (!)" in result.stdout


def test_a_dangerous_difference_stands_first_with_a_mark_and_ends_with_1(edited_file) -> None:
    milder = Edit('id = "FEV-04"', 'level = "follow_up"', 'level = "watch"')
    result = run("protocol", "diff", FILE, edited_file(milder))
    assert result.exit_code == 1
    first = result.stdout.splitlines()[0]
    assert first.startswith("! ")
    assert "FEV-04" in first


def test_a_file_in_english_gets_the_translations_of_the_one_before(tmp_path) -> None:
    new, joined = tmp_path / "new.toml", tmp_path / "joined.toml"
    new.write_text(ENGLISH, encoding="utf-8")
    result = run("protocol", "join", FILE, str(new), "-o", str(joined))
    assert result.exit_code == 0, result.output
    assert "completed in ar, es, pt, ru, zh" in result.stdout
    assert load(joined).protocol.languages == bundled().protocol.languages


def test_a_translation_that_is_missed_is_named_and_ends_with_1(tmp_path) -> None:
    red = bundled().question_by_id["redness"].text["en"]
    new, joined = tmp_path / "new.toml", tmp_path / "joined.toml"
    new.write_text(ENGLISH.replace(red, "Is the skin red?", 1), encoding="utf-8")
    result = run("protocol", "join", FILE, str(new), "-o", str(joined))
    assert result.exit_code == 1
    assert "translations › es › questions.redness: its text has changed" in result.stdout
    assert "# text = to be written" in joined.read_text(encoding="utf-8")


def test_a_joined_file_that_cannot_be_written_ends_with_2(tmp_path, edited_file) -> None:
    result = run("protocol", "join", FILE, edited_file(), "-o", str(tmp_path / "no" / "where"))
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


ANNA = {
    "case": "A7K2",
    "at": "2026-11-22T10:00:00Z",
    "treatment": "inj_skin",
    "hours": 49,
    "answers": {"red_flags": [], "temp_c": 38.2},
}


@pytest.fixture
def history(tmp_path):
    """Return the path of a history: Anna's fever, an empty line, and a line that is no case."""
    path = tmp_path / "history.jsonl"
    path.write_text(json.dumps(ANNA) + "\n\n", encoding="utf-8")
    return path


def test_an_alert_that_a_new_version_would_lose_is_told_and_ends_with_1(
    edited_file, history
) -> None:
    milder = Edit('id = "FEV-04"', 'level = "follow_up"', 'level = "watch"')
    new = edited_file(milder)
    result = run("protocol", "replay", new, "--history", str(history))
    assert result.exit_code == 1
    assert "case A7K2" in result.stdout
    assert "no longer alerts" in result.stdout
    assert "2026-W47: 1 check-ins, alerts 1 → 0" in result.stdout


def test_a_replay_that_changes_nothing_ends_with_0(history) -> None:
    result = run("protocol", "replay", FILE, "--history", str(history), "--against", FILE)
    assert result.exit_code == 0
    assert "No alert appears, vanishes or moves." in result.stdout


def test_a_line_that_is_no_case_is_named_and_the_rest_replayed(history) -> None:
    with history.open("ab") as file:
        file.write(b"\xff{}\n")
    result = run("protocol", "replay", FILE, "--history", str(history))
    assert result.exit_code == 2
    assert "line 3 skipped" in result.stdout
    assert "1 check-ins" in result.stdout


def test_a_history_that_is_not_there_ends_with_2(tmp_path) -> None:
    result = run("protocol", "replay", FILE, "--history", str(tmp_path / "none.jsonl"))
    assert result.exit_code == 2
    assert "none.jsonl" in result.stderr


def scheduled(
    zone: str = "Europe/Berlin", treatment: str = "inj_skin", at: str = "2026-10-24T14:00"
):
    return run("protocol", "schedule", "--treatment", treatment, "--session-at", at, "--zone", zone)


def test_hours_after_the_session_stay_hours_when_the_clocks_go_back() -> None:
    result = scheduled()
    assert result.exit_code == 0
    rows = {tuple(line.split()[:2]): line for line in result.stdout.splitlines()}
    assert "Sun 2026-10-25 13:00" in rows["check_in", "24"]
    assert "Mon 2026-10-26 13:00" in rows["check_in", "48"]
    assert "10:00" in rows["results", "168"]


def test_a_schedule_of_another_file(edited_file) -> None:
    words = ("--treatment", "inj_skin", "--session-at", "2026-10-24", "--zone", "UTC")
    file = edited_file(Edit("[treatments.inj_skin]", "schedule = [6, 24,", "schedule = [6, 30,"))
    result = run("protocol", "schedule", *words, "--protocol", file)
    assert "Sun 2026-10-25 08:00" in result.stdout


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"zone": "Europe"}, "Europe"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"zone": ""}, ""),
        ({"zone": "a\x00b"}, ""),
        ({"treatment": "botox"}, "there is no treatment «botox»"),
        ({"treatment": ""}, "there is no treatment «»"),
        ({"at": "tomorrow"}, "--session-at"),
        ({"at": "9999-12-31"}, "out of range"),
        ({"at": "0001-01-01", "zone": "Asia/Tokyo"}, "out of range"),
    ],
    ids=str,
)
def test_a_schedule_that_cannot_be_is_refused_in_a_sentence(wrong, words) -> None:
    result = scheduled(**wrong)
    assert result.exit_code == 2
    assert words.lower() in result.stderr.lower()
