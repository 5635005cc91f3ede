"""What is prefilled for a regulator's form, and that it says what it is."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cared_for import clinic_at
from clinic_history import ENDED, KEYRING, anna_and_ben, case, was_opened_before
from typer.testing import CliRunner

from bot.cli import app
from bot.export.adverse_event import NOTICE, adverse_event, as_summary_json, as_summary_pdf
from bot.export.everything import document
from bot.export.pdf import can_set
from bot.export.writing import OptionsError
from storage.saving import new_case
from storage.transaction import Query, Transaction

BERLIN = ZoneInfo("Europe/Berlin")
MADE = datetime(2026, 11, 30, 9, tzinfo=UTC)


async def summary(url: str, code: str = "A7K2", alert: str | None = None) -> dict:
    whole, saying = await asyncio.to_thread(document, url, KEYRING, code, "Clinic Sunrise", MADE)
    found = adverse_event(whole, saying, BERLIN, "+49 30 1234", alert)
    return json.loads(as_summary_json(found))


def known(found: dict) -> dict[str, list[str]]:
    return {one["fda_3500"]: one["known"] for one in found["boxes"]}


async def test_annas_fever_is_described_with_when_what_and_who(url, database) -> None:
    await anna_and_ben(database)
    found = await summary(url)
    assert found["notice"] == NOTICE
    assert "not a submission" in NOTICE
    boxes = known(found)
    assert boxes["A1"] == ["A7K2, in confidence"]
    assert boxes["B3"] == ["Reported Wed 25 Nov, 10:45 (2026), 24 h after the session"]
    assert boxes["B6"] == ["Wed 25 Nov, 10:45 (2026): 39.2 °C, taken by the patient"]
    assert boxes["D2"] == ["Microneedling + topical exosomes, face"]
    assert boxes["D6"] == ["L-1"]
    assert boxes["G1"] == ["Clinic Sunrise, +49 30 1234"]
    told = "\n".join(boxes["B5"])
    assert "Raised because: 39.0-40.0 C (FDA grade 3) (FEV-07)" in told
    assert "patient, Wed 25 Nov, 10:46 (2026): my cheek is hot, really" in told
    assert "Taken by Ben, Wed 25 Nov, 10:48 (2026)" in told
    assert "Secret" not in json.dumps(found)


def session_ended(at: str) -> Transaction[None]:
    """Let Anna's session have ended at another time."""
    yield Query("UPDATE session SET ended_at = :at", {"at": at})


async def test_a_late_reaction_is_dated_by_the_day_after_the_session(url, database) -> None:
    await anna_and_ben(database)
    await database.run(session_ended("2026-11-11T09:45:00.000000+00:00"))
    assert known(await summary(url))["B3"][0].endswith(", on day 14 after the session")


async def test_what_rose_was_reported_when_it_reached_its_level(url, database) -> None:
    await anna_and_ben(database)
    await database.run(was_opened_before("2026-11-24T16:00:00.000000+00:00"))
    assert known(await summary(url))["B3"] == [
        "Reported Wed 25 Nov, 10:45 (2026), 24 h after the session",
        "At a lower level from Tue 24 Nov, 17:00 (2026) on",
    ]


async def test_what_is_for_the_reporter_to_say_stays_empty(url, database) -> None:
    await anna_and_ben(database)
    boxes = known(await summary(url))
    for number in ("A2", "A3", "A4", "A5", "B7", "C1", "D1", "D4", "D7", "D8", "D9", "F1", "G2"):
        assert boxes[number] == [], number
    assert boxes["B2"] == [
        "Sorted as urgent by the clinic's protocol, which is no verdict on seriousness"
    ]


async def test_what_was_ticked_at_enrolment_is_her_history(url, database) -> None:
    await anna_and_ben(database)
    whole, saying = await asyncio.to_thread(document, url, KEYRING, "A7K2", "Clinic Sunrise", MADE)
    whole["patient"][0]["content"]["profile"] = {"metal_allergy": True, "pregnant": False}
    assert known(adverse_event(whole, saying, BERLIN, "", None))["B7"] == ["Metal allergy"]


async def test_a_case_without_an_alert_has_nothing_to_report(url, database) -> None:
    await database.run(lambda: new_case(KEYRING, case("B3M9"), ENDED))
    with pytest.raises(OptionsError, match=r"^Case B3M9 has no alert that could be reported\.$"):
        await summary(url, "B3M9")


async def test_one_of_several_alerts_can_be_named(url, database) -> None:
    await anna_and_ben(database)
    assert (await summary(url, alert="A7K2-1"))["alert"] == "A7K2-1"
    with pytest.raises(OptionsError, match=r"^Case A7K2 has no alert A7K2-9; it has A7K2-1\.$"):
        await summary(url, alert="A7K2-9")


async def test_of_an_erased_patient_only_times_and_levels_are_left(url, database) -> None:
    await anna_and_ben(database)

    def erase():
        yield Query("UPDATE patient SET wrapped_key = :none", {"none": b""})

    await database.run(erase())
    found = await summary(url)
    assert known(found)["B5"] == ["What was said was erased; only times and levels are left."]
    if can_set():
        assert as_summary_pdf(found).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["summary.pdf", "summary.json"])
def test_the_command_writes_it_as_the_name_asks(url, tmp_path, monkeypatch, name) -> None:
    clinic_at(url, tmp_path, monkeypatch)
    target: Path = tmp_path / name
    words = ["export", "--format", "adverse-event", "--alert", "a7k2-1", "-o", str(target)]
    result = CliRunner().invoke(app, words)
    said = f"A prefilled summary (not a submission) of an alert of A7K2 in {target}\n"
    assert (result.exit_code, result.output) == (0, said)
    assert target.read_bytes().startswith(b"%PDF" if name.endswith("pdf") else b"{")
