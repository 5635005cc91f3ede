"""Ben at the command line: what comes out, how it ends, and no traceback whatever goes in."""

import json
import subprocess
import sys

import pytest
from edited_file import TEXT, Edit, edited_text
from terminal import run
from typer.testing import Result

from flows.protocol_file import bundled

WELL = '{"treatment": "inj_skin", "hours": 30, "answers": {"red_flags": []}}'
FEVER = '{"treatment": "inj_skin", "hours": 49, "answers": {"red_flags": [], "temp_c": 38.2}}'


def sorted_lines(stdin: str | bytes, *words: str, ends: int = 0) -> list[dict[str, object]]:
    result = run("classify", *words, stdin=stdin)
    assert result.exit_code == ends
    return [json.loads(line) for line in result.stdout.splitlines()]


# classify


def test_annas_answers_come_back_with_level_rules_and_protocol() -> None:
    (verdict,) = sorted_lines(FEVER + "\n")
    (fired,) = verdict.pop("because")
    assert list(fired) == ["rule", "level", "reason", "source"]
    assert fired["rule"] == "FEV-04"
    assert fired["level"] == verdict["level"] == "follow_up"
    assert fired["source"] == "S3, S10"
    assert verdict["protocol"] == bundled().name
    assert set(verdict) == {"level", "protocol", "text"}


def test_an_answer_that_cannot_be_read_is_named() -> None:
    (verdict,) = sorted_lines(WELL.replace("[]", '[], "redness": "like a tomato"'))
    assert verdict["unclear"] == ["redness"]
    assert verdict["level"] == "follow_up"


def test_a_bad_line_in_the_middle_keeps_the_others_and_ends_with_2() -> None:
    found = sorted_lines(f"{WELL}\n{{not json\n{FEVER}\n", ends=2)
    assert [line.get("level") for line in found] == ["expected", None, "follow_up"]
    assert "line 2" in str(found[1]["error"])


def test_how_many_lines_failed_goes_to_stderr() -> None:
    result = run("classify", stdin="[]\n{}\n")
    assert "2 line(s) could not be sorted" in result.stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (WELL.replace("inj_skin", "botox"), "no treatment «botox»"),
        (WELL.replace("30", '"soon"'), "hours"),
        (WELL.replace("30", "-1"), "hours"),
        (WELL.replace("30", "NaN"), "line 1"),
        (WELL.replace("30", "1" * 5000), "line 1"),
        ("[" * 100_000, "line 1"),
        ("null", "line 1"),
        ('{"treatment": "inj_skin"}', "hours is missing"),
        (WELL.replace('"hours"', '"hour"'), "hour"),
        (WELL.replace("}}", '}, "history": {"profile": {"area": "moon"}}}'), "moon"),
        (WELL.replace("}}", '}, "history": {"event": "no_answer_9h"}}'), "no_answer_9h"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_line_that_is_no_case_says_what_is_wrong(line, words) -> None:
    (found,) = sorted_lines(line, ends=2)
    assert list(found) == ["error"]
    assert words in str(found["error"])


def test_empty_lines_are_passed_over_and_still_counted() -> None:
    found = sorted_lines(f"\n{WELL}\n  \r\n[]\n\n", ends=2)
    assert len(found) == 2
    assert "line 4" in str(found[1]["error"])


def test_nothing_in_nothing_out() -> None:
    assert sorted_lines("") == []


def test_bytes_that_are_no_utf_8_spoil_their_own_line_only() -> None:
    strange = WELL.replace("inj_skin", "inj_sk\xffn").encode("latin-1")
    found = sorted_lines(strange + b"\n" + WELL.encode() + b"\n", ends=2)
    assert "no treatment" in str(found[0]["error"])
    assert found[1]["level"] == "expected"


def test_words_in_another_script_come_back_as_they_were() -> None:
    line = WELL.replace("inj_skin", "лазер")
    result = run("classify", stdin=line)
    assert "«лазер»" in result.stdout


def test_ben_sorts_with_a_file_of_his_own(tmp_path) -> None:
    higher = Edit('id = "FEV-04"', 'level = "follow_up"', 'level = "urgent"')
    file = tmp_path / "own.toml"
    file.write_text(edited_text(higher), encoding="utf-8")
    (verdict,) = sorted_lines(FEVER, "--protocol", str(file))
    assert verdict["level"] == "urgent"


def test_a_protocol_file_that_is_missing_or_broken_ends_with_2(tmp_path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(TEXT.replace("[silence]", "[silent]"), encoding="utf-8")
    for file, words in ((tmp_path / "no.toml", "cannot be read"), (broken, "silent")):
        result = run("classify", "--protocol", str(file), stdin=WELL)
        assert result.exit_code == 2
        assert words in result.stderr
        assert result.stdout == ""


def test_python_m_bot_is_the_same_program() -> None:
    command = [sys.executable, "-m", "bot", "classify"]
    done = subprocess.run(command, input=FEVER, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert json.loads(done.stdout)["level"] == "follow_up"
    assert done.stderr == ""


def test_aftercheck_alone_and_a_wrong_command_help() -> None:
    assert "classify" in run().output
    wrong = run("clasify")
    assert wrong.exit_code == 2
    assert "clasify" in wrong.output


# redflags


def test_every_line_of_text_gets_an_answer_in_its_place() -> None:
    text = "I can't breathe\n\nThe redness is better today\r\nno puedo respirar"
    lines = [json.loads(line) for line in run("redflags", stdin=text).stdout.splitlines()]
    assert [line["interrupt"] for line in lines] == [True, False, False, True]
    assert lines[0]["signs"] == ["breathing"]
    assert lines[0]["words"]["breathing"]


def test_bytes_that_are_no_text_are_read_as_far_as_they_go() -> None:
    result = run("redflags", stdin=b"\xff\xfe\n\x00\nI can't breathe \xff\n")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [line["interrupt"] for line in lines][-1] is True
    assert len(lines) == 3


# try


def tried(*said: str, **options: str) -> Result:
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return run("try", *words, stdin="\n".join(said))


def label(button: str) -> str:
    return bundled().buttons[button]["en"]


def test_a_whole_check_in_by_typed_words_ends_with_what_was_understood() -> None:
    result = tried(label("symptoms"), "Redness", label("same"), "2", "no", "1")
    assert "Clearly red" in result.stdout.rpartition("We understood")[2]
    assert "kept for a person" not in result.stdout
    assert result.exit_code == 0


def test_a_well_patient_is_done_with_one_button() -> None:
    result = tried("#1")
    assert result.stdout.count("patient ─") == 2
    assert "staff: expected: nothing fired" in result.stdout


def test_an_emergency_interrupts_in_the_terminal_too() -> None:
    result = tried(label("one_of_these"), "#1")
    assert "staff: emergency: RF-01" in result.stdout
    assert "Call ‹emergency number› now" in result.stdout.rpartition("patient ─")[2]


def test_words_that_are_no_answer_are_kept_for_a_person() -> None:
    result = tried("my dog ate the aftercare leaflet", "my tongue is swelling up")
    assert "kept for a person; warning signs in the words: none found" in result.stdout
    assert "kept for a person; warning signs in the words: throat" in result.stdout


@pytest.mark.parametrize("said", ["#99", "#", "#0", "#²", "#" + "1" * 5000, "", "[bold]", "\x00"])
def test_a_number_that_no_button_has_is_kept_like_any_words(said) -> None:
    assert "kept for a person" in tried(said + "\n").stdout or not said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"area": "moon"}, "moon"),
        ({"treatment": "botox"}, "botox"),
        ({"hours": "-5"}, "hours"),
        ({"hours": "soon"}, "--hours"),
    ],
    ids=str,
)
def test_a_check_in_that_cannot_be_is_refused_in_a_sentence(options, words) -> None:
    result = tried(**options)
    assert result.exit_code == 2
    assert words in result.stderr
