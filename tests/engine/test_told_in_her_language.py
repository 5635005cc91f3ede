"""Whatever happens to Anna, who reads Russian, her copy says it in Russian."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from random_stories import Story

from bot.export.reasons import detail, is_known, told
from bot.export.retelling import Retelling
from bot.export.wording import wording
from flows.engine.events import Did
from flows.protocol_file import bundled

RUSSIAN = wording("ru")
ENGLISH_WORDS = re.compile(r"[A-Za-z]{3,}")
CODES = re.compile(
    r"“.*”|\d+/\w+/\d+|report/\d+|A7K2-\d+|\b[A-Z]{2,}\w*|(?<=^нет ответа с ).*", re.DOTALL
)
"""What is not to be said otherwise: typed words, keys, names of rules, and a time, which is written
in the language that the chat was set to by then."""


def lived(seed: int):
    """Return the program of a random story of Anna, who uses the chat in Russian."""
    story = Story(seed)
    story.program.record = story.program.record.with_patient(language="ru")
    return story.live(45)


def written_down() -> Iterator[str]:
    """Yield what the engine notes of an act or a check-in, where it stands in the code as it is."""
    for file in sorted((Path(__file__).parents[2] / "flows" / "engine").glob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                named = [one.value for one in call.keywords if one.arg in {"detail", "reason"}]
                found = {"Did": call.args[4:5], "end": call.args[3:4]}.get(call.func.id, [])
                for one in (*named, *found):
                    if isinstance(one, ast.Constant) and one.value:
                        yield one.value


def test_what_is_noted_as_it_stands_in_the_code_has_words():
    """A random story may not come to it."""
    noted = {*written_down()}
    assert "the patient cannot be written to" in noted
    assert {one for one in noted if not is_known(one)} == set()


@pytest.mark.parametrize("seed", range(16))
def test_every_reason_and_detail_has_words(seed):
    program = lived(seed)
    reasons = {one.reason for one in program.record.check_ins.values() if one.reason}
    assert {one for one in reasons if not is_known(one)} == set()
    acts = {event for _, event in program.log if isinstance(event, Did) and event.detail}
    unsaid = {one for one in acts if not detail(one.action, one.detail, RUSSIAN)}
    assert unsaid == set()
    for text in reasons:
        assert not ENGLISH_WORDS.search(CODES.sub("", told(text, RUSSIAN))), text


@pytest.mark.hazard("H42")
@pytest.mark.parametrize("seed", range(16))
def test_every_line_of_an_alert_is_retold(seed):
    program = lived(seed)
    answers = [{"content": {"answers": one.answers}} for one in program.record.check_ins.values()]
    retelling = Retelling({"answers": answers}, [bundled()], RUSSIAN)
    for alert in program.record.alerts.values():
        for line in retelling.said(alert.said):
            assert not ENGLISH_WORDS.search(CODES.sub("", line)), alert.said
