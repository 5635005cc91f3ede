"""The bundle: the clinic and the program first, then case after case, in constant memory."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from typing import Any, BinaryIO, Final, NamedTuple

from bot.export.fhir.answers import Answers
from bot.export.fhir.care import Care
from bot.export.fhir.names import Names, Resource, text
from bot.export.fhir.questionnaire import questionnaire
from bot.export.writing import REPORTS, Options, Progress, Reading, reading, rest
from storage.exporting import codes
from storage.sealing import Keyring
from storage.whole_case import whole_case

NEEDED: Final = ("patient", "sessions", "check_ins", "answers", "alerts", "messages", "acts")
"""What of a case is read; pictures and raw messages stay out."""


class Clinic(NamedTuple):
    """Whose cases they are."""

    name: str
    phone: str
    made: datetime


def write_fhir(  # noqa: PLR0913, PLR0917 - one parameter a fact
    database_url: str, keyring: Keyring, options: Options, out: BinaryIO, progress: Progress,
    clinic: Clinic,
) -> int:  # fmt: skip
    """Write a Bundle of type `collection`, and return how many resources it holds.

    It blocks: call it in a thread, never in the event loop. `progress` is told how many of all
    cases are done.

    Raises:
        OptionsError: there is no such case.
        StorageError: the database cannot be read.
        SealError: ENCRYPTION_KEY does not open it, or a row was changed or moved.
        OSError: the file cannot be written.
    """
    names, count = Names(clinic.name), 0
    made = clinic.made.isoformat(timespec="seconds")
    head = {"resourceType": "Bundle", "type": "collection", "timestamp": made}
    with reading(database_url, keyring, options.case) as found:
        out.write(json.dumps(head)[:-1].encode() + b', "entry": [')
        rested = time.thread_time()
        for one in resources(found, names, options, clinic, progress):
            entry = {"fullUrl": f"urn:uuid:{one['id']}", "resource": one}
            line = json.dumps(entry, ensure_ascii=False).encode(errors="replace")
            out.write((b",\n" if count else b"\n") + line)
            count += 1
            rested = rest(rested)
        out.write(b"\n]}\n")
    return count


def resources(
    found: Reading, names: Names, options: Options, clinic: Clinic, progress: Progress
) -> Iterator[Resource]:
    """Yield every resource, each after those that it needs."""
    yield names.resource("Organization") | {
        "name": text(clinic.name), "telecom": [{"system": "phone", "value": text(clinic.phone)}],
    }  # fmt: skip
    yield names.resource("Device") | {
        "deviceName": [{"name": "Aftercheck", "type": "model-name"}],
        "version": [{"value": version("aftercheck")}],
        "owner": names.refer("Organization"),
    }
    staff = sorted(set(found.names.values()))
    for name in staff:
        yield names.resource("Practitioner", name) | {"name": [{"text": text(name)}]}
    told: set[str] = set()
    step = max(1, found.total // REPORTS)
    for done, code in enumerate(codes(found.rows, found.case), 1):
        case = whole_case(found.rows, found.keyring, code, NEEDED)
        assert case is not None  # one view of the database: nobody has erased the row meanwhile
        yield from of_case(found, names, options, case, Care(names, case, staff), told)
        if done % step == 0 or done == found.total:
            progress(done, found.total)


def of_case(  # noqa: PLR0913, PLR0917 - what a case is said with
    found: Reading, names: Names, options: Options, case: dict[str, Any], care: Care,
    told: set[str],
) -> Iterator[Resource]:  # fmt: skip
    """Yield the resources of one case, of the time that was asked for."""
    within = options.within
    yield care.person()
    yield from (care.procedure(one) for one in case["sessions"] if within(one["ended_at"]))
    last = {one["check_in"]: one for one in case["answers"]}
    for check_in in case["check_ins"]:
        row = last.get(check_in["key"])
        if row is None or not within(row["at"]):
            continue
        protocol = found.saying.protocol(row["protocol"])
        if protocol is not None and protocol.name not in told:
            told.add(protocol.name)
            yield questionnaire(names, protocol)
        questions = found.saying.questions(row["protocol"])
        yield from Answers(names, care.code, check_in, row, questions).resources()
    shown = [one for one in case["alerts"] if within(one["raised_at"])]
    care.alerts = {one["key"] for one in shown}
    yield from map(care.flag, shown)
    yield from care.communications([one for one in case["messages"] if within(one["at"])])
    yield from care.provenances([one for one in case["acts"] if within(one["at"])])
