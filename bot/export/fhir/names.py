"""What FHIR resources are called, and how one names another.

A resource's id is made from the clinic and from what it stands for, so that the same thing has the
same id in every export. Codes are a standard's where one is certain; all others are this program's
own, or of the clinic's protocol, and their system says so.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

Resource: TypeAlias = dict[str, Any]

OWN: Final = "urn:x-aftercheck"
"""Begins the systems of this program's own codes; `x-` since nobody has registered them."""
LEVELS: Final = f"{OWN}:level"
OBSERVED: Final = f"{OWN}:observation"
ACTS: Final = f"{OWN}:act"
CASES: Final = f"{OWN}:case"
ALERTS: Final = f"{OWN}:alert"
OPENED: Final = f"{OWN}:opened"
"""When an alert was opened, at a lower level than it has now."""
LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"
"""Where HL7 keeps the codes that FHIR itself asks for."""

TEMPERATURE: Final = {"system": LOINC, "code": "8310-5", "display": "Body temperature"}
"""LOINC's code, as FHIR's own profile of vital signs asks for it."""

UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "temperature": ("°C", "Cel"), "size": ("cm", "cm"), "onset": ("h", "h"),
}  # fmt: skip
"""By kind of question, the unit as people write it and as UCUM does."""

CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What a FHIR string may not hold (FHIR R4B, data types), and what no file in UTF-8 can."""


class Names:
    """Names of one clinic's resources."""

    def __init__(self, clinic: str) -> None:
        self._namespace: UUID = uuid5(uuid5(NAMESPACE_URL, OWN), clinic)

    def id(self, kind: str, *parts: object) -> str:
        """Return the id of a thing, such as `id("Flag", "A7K2-1")`."""
        return str(uuid5(self._namespace, ":".join([kind, *map(str, parts)])))

    def refer(self, kind: str, *parts: object) -> Resource:
        """Return a reference to a thing in the same bundle."""
        return {"reference": f"urn:uuid:{self.id(kind, *parts)}", "type": kind}

    def resource(self, kind: str, *parts: object) -> Resource:
        """Return the beginning of a resource."""
        return {"resourceType": kind, "id": self.id(kind, *parts)}


def protocol_uri(protocol: str) -> tuple[str, str]:
    """Return the system of a protocol's codes, and its version, from `id@version`."""
    name, _, version = protocol.partition("@")
    return f"{OWN}:protocol:{name}", version


def questionnaire_url(protocol: str) -> str:
    """Return the canonical address of a protocol version's questionnaire, without the version."""
    return f"{protocol_uri(protocol)[0]}:questionnaire"


def concept(system: str, code: str, display: str = "", text: str = "") -> Resource:
    """Return one code; its text is the display where nothing else is given."""
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    said = text or display
    return {"coding": [coding]} | ({"text": said} if said else {})


def category(system: str, code: str) -> list[Resource]:
    """Return one of HL7's own categories."""
    return [{"coding": [{"system": f"{TERMINOLOGY}/{system}", "code": code}]}]


def text(said: str) -> str:
    """Return a text as FHIR takes it; empty where nothing of it is left."""
    return CONTROL.sub("\ufffd", said).strip()
