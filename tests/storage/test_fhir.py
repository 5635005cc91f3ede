"""A FHIR bundle on both engines: models that are not ours take it, and every code is one."""

import asyncio
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from clinic_history import (
    BEN,
    ENDED,
    KEYRING,
    anna_and_ben,
    case,
    history,
    sorted_as,
    was_opened_before,
)
from fhir.resources.R4B.bundle import Bundle

from bench.reliability.hostile_texts import hostile_texts
from bot.export.fhir.bundle import Clinic, write_fhir
from bot.export.fhir.names import LOINC, OWN, TERMINOLOGY, UCUM
from bot.export.writing import Options
from flows.engine.events import Answered, Did, Noted
from flows.protocol_file import bundled
from storage import audit, journal
from storage.audit import AuditKey
from storage.saving import new_case
from storage.sealing import clinic_key
from storage.transaction import Query

MADE = datetime(2026, 11, 26, 9, tzinfo=UTC)
CLINIC = Clinic("Clinic Sunrise", "+49 30 1234", MADE)
STATUSES = {
    "Questionnaire": {"draft", "active", "retired", "unknown"},
    "QuestionnaireResponse": {
        "in-progress", "completed", "amended", "entered-in-error", "stopped",
    },
    "Observation": {
        "registered", "preliminary", "final", "amended", "corrected", "cancelled",
        "entered-in-error", "unknown",
    },
    "Flag": {"active", "inactive", "entered-in-error"},
    "Communication": {
        "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed",
        "entered-in-error", "unknown",
    },
    "Procedure": {
        "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed",
        "entered-in-error", "unknown",
    },
}  # fmt: skip
"""By resource, the codes that HL7 requires (R4B value sets); the models take any word."""
STANDARD = {
    LOINC: {"8310-5"},
    f"{TERMINOLOGY}/observation-category": {"survey", "vital-signs"},
    f"{TERMINOLOGY}/flag-category": {"clinical"},
    f"{TERMINOLOGY}/provenance-participant-type": {"author", "assembler", "performer"},
    f"{TERMINOLOGY}/data-absent-reason": {"unknown", "not-performed"},
    "urn:ietf:bcp:47": {"en"},
}


def told(done: int, total: int) -> None:
    assert done <= total


async def written(url: str, **options: Any) -> dict[str, Any]:
    out = io.BytesIO()
    count = await asyncio.to_thread(write_fhir, url, KEYRING, Options(**options), out, told, CLINIC)
    bundle: dict[str, Any] = json.loads(out.getvalue())
    assert len(bundle["entry"]) == count
    Bundle.model_validate(bundle)
    check(bundle)
    return bundle


def check(bundle: dict[str, Any]) -> None:
    """Check what the models do not: required codes, references, addresses that are one's own."""
    addresses = [one["fullUrl"] for one in bundle["entry"]]
    assert len(set(addresses)) == len(addresses)
    for entry in bundle["entry"]:
        resource = entry["resource"]
        assert entry["fullUrl"] == f"urn:uuid:{resource['id']}"
        allowed = STATUSES.get(resource["resourceType"])
        assert allowed is None or resource["status"] in allowed
    for one in parts(bundle):
        if "reference" in one:
            assert one["reference"] in addresses
        if "system" in one and "code" in one:
            system = one["system"]
            assert system.startswith(f"{OWN}:") or one["code"] in STANDARD.get(system, {"Cel"}), one
        if "unit" in one:
            assert one["system"] == UCUM


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a document."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from parts(one)
    elif isinstance(value, list):
        for one in value:
            yield from parts(one)


def of(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = [one["resource"] for one in bundle["entry"]]
    return [one for one in found if one["resourceType"] == kind]


async def test_annas_case_is_each_kind_of_resource(url, database) -> None:
    await anna_and_ben(database)
    bundle = await written(url)
    counts = {one["resource"]["resourceType"] for one in bundle["entry"]}
    assert counts == {
        "Organization", "Device", "Practitioner", "Patient", "Procedure", "Questionnaire",
        "QuestionnaireResponse", "Observation", "Flag", "Communication", "Provenance",
    }  # fmt: skip
    [patient] = of(bundle, "Patient")
    assert patient["identifier"][0]["value"] == "A7K2"
    assert "Secret" not in json.dumps(bundle)


async def test_her_fever_is_body_temperature_in_degrees_celsius(url, database) -> None:
    await anna_and_ben(database)
    [fever] = [
        one for one in of(await written(url), "Observation")
        if any(code["system"] == LOINC for code in one["code"]["coding"])
    ]  # fmt: skip
    assert fever["valueQuantity"] == {
        "value": 39.2, "unit": "°C", "system": UCUM, "code": "Cel",
    }  # fmt: skip
    assert fever["category"][0]["coding"][0]["code"] == "vital-signs"
    assert fever["effectiveDateTime"].startswith("2026-11-25T09:45:00")


async def test_each_answer_is_one_of_the_questionnaires(url, database) -> None:
    await anna_and_ben(database)
    bundle = await written(url)
    [questionnaire] = of(bundle, "Questionnaire")
    items = {one["linkId"]: one for one in questionnaire["item"]}
    assert set(items) == set(bundled().question_by_id)
    assert items["temp_c"]["type"] == "quantity"
    responses = of(bundle, "QuestionnaireResponse")
    assert {one["questionnaire"] for one in responses} == {
        f"{questionnaire['url']}|{questionnaire['version']}"
    }
    answered = {one["linkId"]: one for one in responses[1]["item"]}
    redness = answered["redness"]["answer"][0]["valueCoding"]
    assert {"valueCoding": redness} in items["redness"]["answerOption"]
    assert redness["code"] == bundled().question_by_id["redness"].options[3].id
    assert answered["warmth"]["answer"] == [{"valueBoolean": True}]
    assert "answer" not in answered["red_flags"]  # none of them


async def test_an_open_alert_is_an_active_flag_that_says_why(url, database) -> None:
    await anna_and_ben(database)
    [flag] = of(await written(url), "Flag")
    assert (flag["status"], flag["code"]["coding"][0]["code"]) == ("active", "urgent")
    assert "39.0-40.0 C" in flag["code"]["text"]
    assert "end" not in flag["period"]

    def closed():
        yield Query("UPDATE alert SET resolved_at = :at", {"at": "2026-11-25T12:00:00+00:00"})

    await database.run(closed())
    [flag] = of(await written(url), "Flag")
    assert (flag["status"], flag["period"]["end"]) == ("inactive", "2026-11-25T12:00:00+00:00")


async def test_a_flag_begins_where_its_alert_reached_its_level(url, database) -> None:
    await anna_and_ben(database)
    [flag] = of(await written(url), "Flag")
    raised = flag["period"]["start"]
    assert "extension" not in flag
    opened = "2026-11-24T16:00:00.000000+00:00"
    await database.run(was_opened_before(opened))
    [flag] = of(await written(url), "Flag")
    assert flag["period"]["start"] == raised > opened
    assert flag["extension"] == [{"url": f"{OWN}:opened", "valueDateTime": opened}]
    [flag] = of(await written(url, since=datetime(2026, 11, 25, tzinfo=UTC)), "Flag")
    assert flag["period"]["start"] == raised, "of a time that begins after it was opened"


async def test_what_ben_did_is_told_and_that_he_looked_is_not(url, database) -> None:
    await anna_and_ben(database)

    def acted():
        key = AuditKey((yield from clinic_key(KEYRING)))
        for action in ("claim", "details"):
            yield from audit.did(key, "A7K2", Did(BEN.id, "Ben", action, "A7K2-1"), ENDED)

    await database.run(acted())
    bundle = await written(url)
    [claim] = [one for one in of(bundle, "Provenance") if "activity" in one]
    assert claim["activity"]["coding"][0]["code"] == "claim"
    [ben] = of(bundle, "Practitioner")
    assert claim["agent"][0]["who"]["reference"] == f"urn:uuid:{ben['id']}"
    assert claim["target"][0]["type"] == "Flag"


async def test_ids_stay_the_same_and_those_of_another_case_differ(url, database) -> None:
    await anna_and_ben(database)
    await database.run(history("B3M9"))
    first, again = await written(url), await written(url)
    assert first == again
    alone = await written(url, case="B3M9")
    ids = {one["fullUrl"] for one in alone["entry"]}
    assert ids < {one["fullUrl"] for one in first["entry"]}
    assert [one["identifier"][0]["value"] for one in of(alone, "Patient")] == ["B3M9"]


async def test_only_the_time_asked_for(url, database) -> None:
    await anna_and_ben(database)
    bundle = await written(url, until=ENDED + timedelta(hours=12))
    assert len(of(bundle, "QuestionnaireResponse")) == 1
    assert not of(bundle, "Flag")


async def test_an_erased_patient_leaves_times_and_levels(url, database) -> None:
    await anna_and_ben(database)

    def erase():
        yield Query("UPDATE patient SET wrapped_key = :none", {"none": b""})

    await database.run(erase())
    bundle = await written(url)
    assert all("item" not in one for one in of(bundle, "QuestionnaireResponse"))
    assert [one["code"]["text"] for one in of(bundle, "Flag")] == ["(erased)"]


async def test_an_answer_that_could_not_be_read_is_said_to_be_unknown(url, database) -> None:
    def unclear():
        key = yield from new_case(KEYRING, case("B3M9"), ENDED)
        given = {
            "temp_c": "unclear",
            "redness": "unclear",
            "red_flags": frozenset({"face_swelling"}),
        }
        event = Answered("1/check_in/6", 1, 6.2, given, sorted_as(given, 6.2))
        yield from journal.answered("B3M9", key, event, None, ENDED + timedelta(hours=6))

    await database.run(unclear())
    found = of(await written(url), "Observation")
    reasons = [
        one["dataAbsentReason"]["coding"][0]["code"] for one in found if "dataAbsentReason" in one
    ]
    assert reasons == ["unknown", "unknown"]
    assert [one["component"][0]["valueBoolean"] for one in found if "component" in one] == [True]


async def test_hostile_words_are_text_and_the_bundle_stays_whole(url, database) -> None:
    texts = [one for one in hostile_texts()[::20] if len(one) <= 4_096]

    def said():
        key = yield from new_case(KEYRING, case("B3M9"), ENDED)
        for place, one in enumerate(texts, 1):
            words = one.encode(errors="replace").decode()
            noted = Noted("patient", "words", words.replace("\x00", ""))
            yield from journal.noted("B3M9", key, noted, None, ENDED + timedelta(seconds=place))

    await database.run(said())
    found = of(await written(url), "Communication")
    assert len(found) >= len(texts) - 2
