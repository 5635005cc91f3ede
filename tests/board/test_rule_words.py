"""Every rule that can raise an alert has words on the clinic's page."""

import ast
import re
from pathlib import Path

from bot.board import rule_words
from flows.engine import due_check_ins, reporting
from flows.free_text import WORDS_RULE
from flows.protocol_file import bundled
from flows.verdict import CASE_RULE

ROOT = Path(__file__).parents[2]
NAMED = {
    "MISSED": due_check_ins.MISSED, "WORDS_RULE": WORDS_RULE, "CASE_RULE": CASE_RULE,
    "PHOTO": reporting.PHOTO, "UNREADABLE": reporting.UNREADABLE,
    "UNASKED": reporting.UNASKED,
}  # fmt: skip
ASIDE = {"rule.id", "rule"}
"""What names a rule of the protocol, and what is handed on."""


def written() -> set[str]:
    """Return the rules that the product itself writes, beside those of a protocol."""
    found = set()
    for path in sorted((ROOT / "flows").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = {ast.unparse(one) for one in node.args}
                is_one = getattr(node.func, "id", "") == "Fired"
                found |= {ast.unparse(node.args[0])} if is_one else given & NAMED.keys()
    return {NAMED.get(one, one.strip("'")) for one in found - ASIDE}


async def words(clinic, days: int = 7) -> str:
    ben = await clinic.enters(clinic.journey.ben)
    status, text = await ben.get(f"/board/clinic?days={days}")
    assert status == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_every_rule_of_the_product_and_of_its_protocol_has_words() -> None:
    assert {"LIST", "UNCLEAR", "INCOMPLETE", "CASE", "WORDS", "PHOTO"} <= written()
    known = {
        **rule_words.ALWAYS, **rule_words.rules_in(bundled()), **rule_words.windows_in(bundled()),
    }  # fmt: skip
    assert written() - known.keys() == set()
    assert all(known.values())


async def raised(clinic, *rules: str) -> None:
    """Let Anna's alert have been raised by these rules."""
    journey = clinic.journey
    await journey.enrolled(journey.anna)
    await journey.reports(journey.anna, "I have symptoms", "Fever", "Done")
    await journey.writes(journey.anna, "39.2")
    await journey.rewrites(
        "UPDATE action SET detail = :detail WHERE action = 'raised'",
        detail=f"urgent: {', '.join(rules)}",
    )


async def test_no_rule_stands_there_without_a_reason(clinic) -> None:
    await raised(clinic, "LIST", "MX-redness-A-2", "WORDS", "OLD-1")
    text = await words(clinic)
    assert "LIST Pressed «One of these» under the warning signs, and has not said which 1" in text
    assert re.search(r"MX-redness-A-2 \S.* is past its documented window of \d+ h 1 ", text)
    assert "WORDS The patient wrote something that is no answer: read it 1" in text
    assert "OLD-1 A rule of an earlier version of the protocol 1" in text


async def test_a_rule_of_a_version_that_patients_are_still_on_has_its_reason(clinic) -> None:
    await raised(clinic, "FEV-07", "FEV-08")
    office, was = clinic.journey.app.office, bundled()
    changed = [
        rule.model_copy(update={"reason": "Changed"}) for rule in was.rules if rule.id == "FEV-08"
    ]
    table = was.protocol.model_copy(update={"version": "99.0.0"})
    office.protocol = was.model_copy(update={"rules": changed, "protocol": table})
    office.parsed[office.protocol.name] = office.protocol
    text = await words(clinic)
    assert "FEV-07 39.0-40.0 C (FDA grade 3) 1" in text
    assert "FEV-08 Changed 1" in text


async def test_the_rules_beyond_a_screen_are_folded_up_and_there(clinic) -> None:
    names = [f"R-{number:02d}" for number in range(15)]
    await raised(clinic, *names)
    text = await words(clinic)
    assert "and 3 more Alerts by the other rules" in text
    assert [name for name in names if f"{name} A rule of" in text] == names


async def test_of_nothing_there_is_no_share(clinic) -> None:
    await raised(clinic, "FEV-07")
    text = await words(clinic)
    assert "Check-ins answered – 0 of 0" in text
    assert "Alerts per 100 check-ins – here" in text
    assert "FEV-07 39.0-40.0 C (FDA grade 3) 1 – " in text
