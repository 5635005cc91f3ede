"""What the clinic did: sessions as Procedures, alerts as Flags, words as Communications, acts."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from bot.export.fhir.names import (
    ACTS,
    ALERTS,
    CASES,
    LEVELS,
    OPENED,
    TERMINOLOGY,
    Names,
    Resource,
    category,
    concept,
    protocol_uri,
    text,
)

Stored = Mapping[str, Any]
ERASED: Final = "(erased)"
LOOKED: Final = frozenset({"details", "case", "export", "audit", "copy"})
"""Acts that changed nothing of the case; the audit trail has them, a history needs them not."""


class Care:
    """What was done about one case; `staff` are the names on the roster, now and before."""

    def __init__(self, names: Names, case: Stored, staff: Collection[str]) -> None:
        self.names, self.whole, self.staff = names, case, staff
        self.code = str(case["patient"][0]["code"])
        self.alerts = {one["key"] for one in case["alerts"]}

    @property
    def patient(self) -> Resource:
        """Whose case it is."""
        return self.names.refer("Patient", self.code)

    def who(self, name: str) -> Resource:
        """Return who did something, by the name that is stored."""
        if name == "patient":
            return self.patient
        if name == "Aftercheck":
            return self.names.refer("Device")
        known = self.names.refer("Practitioner", name) if name in self.staff else {}
        return known | {"display": text(name)}

    def person(self) -> Resource:
        """Return the patient: the case code, never a name."""
        stored = self.whole["patient"][0]
        return self.names.resource("Patient", self.code) | {
            "identifier": [{"system": CASES, "value": self.code}],
            "communication": [{"language": concept("urn:ietf:bcp:47", stored["language"])}],
            "managingOrganization": self.names.refer("Organization"),
        }

    def procedure(self, one: Stored) -> Resource:
        """Return a session."""
        system, version = protocol_uri(str(self.whole["patient"][0]["protocol"]))
        parts: list[Resource] = [
            {"system": f"{system}:treatment", "version": version, "code": treatment}
            for treatment in one["treatment"].split("+")
        ]
        found = self.names.resource("Procedure", self.code, one["number"]) | {
            "status": "completed",
            "code": {"coding": parts, "text": text(one["treatment"])},
            "subject": self.patient,
            "performedDateTime": one["ended_at"],
        }
        if one["area"]:
            found["bodySite"] = [{"text": text(one["area"])}]
        if one["lot"]:
            found["note"] = [{"text": text(f"Product lot {one['lot']}")}]
        return found

    def flag(self, one: Stored) -> Resource:
        """Return an alert from when it reached its level; its code says why it was raised."""
        inside = one["content"]
        reasons = [because[2] for because in inside["because"]] if inside else [ERASED]
        why = "; ".join(reasons) or (inside or {}).get("event") or one["level"]
        period = {"start": one["raised_at"]}
        if one["resolved_at"]:
            period["end"] = one["resolved_at"]
        opened = {"url": OPENED, "valueDateTime": one["opened_at"]}
        has_risen = one["opened_at"] < one["raised_at"]
        return self.names.resource("Flag", one["key"]) | {
            **({"extension": [opened]} if has_risen else {}),
            "identifier": [{"system": ALERTS, "value": one["key"]}],
            "status": "inactive" if one["resolved_at"] else "active",
            "category": category("flag-category", "clinical"),
            "code": concept(LEVELS, one["level"], one["level"].replace("_", " "), text(why)),
            "subject": self.patient,
            "period": period,
            "author": self.names.refer("Device"),
        }

    def communication(self, place: int, one: Stored) -> Resource | None:
        """Return what somebody wrote or sent; None where nothing of it can be shown."""
        inside = one["content"]
        said = text(inside["text"]) if inside else ERASED
        payload: list[Resource] = [{"contentString": said}] if said else []
        if one["kind"] == "photo":
            payload.append({"contentAttachment": {"title": "A picture, not in this file"}})
        if not payload:
            return None
        by_patient = one["author"] == "patient"
        found = self.names.resource("Communication", self.code, one["at"], place) | {
            "status": "completed",
            "subject": self.patient,
            "sent": one["at"],
            "sender": self.who(one["author"]),
            "recipient": [self.names.refer("Organization") if by_patient else self.patient],
            "payload": payload,
        }
        if one["alert"] in self.alerts:
            found["about"] = [self.names.refer("Flag", one["alert"])]
        return found

    def provenance(self, place: int, one: Stored) -> Resource | None:
        """Return an act; None where it was refused, or somebody only looked."""
        if not one["allowed"] or one["action"] in LOOKED:
            return None
        about = one["alert"] in self.alerts
        found = self.names.resource("Provenance", self.code, one["at"], place) | {
            "target": [self.names.refer("Flag", one["alert"]) if about else self.patient],
            "recorded": one["at"],
            "activity": concept(ACTS, one["action"], one["action"].replace("_", " ")),
            "agent": [{
                "type": concept(f"{TERMINOLOGY}/provenance-participant-type", "performer"),
                "who": self.who(one["name"]),
            }],
        }  # fmt: skip
        detail = text(one["detail"] or "")
        return found | ({"reason": [{"text": detail}]} if detail else {})

    def communications(self, wanted: list[Stored]) -> Iterator[Resource]:
        """Yield what was written and sent."""
        found = (self.communication(place, one) for place, one in enumerate(wanted))
        yield from (one for one in found if one is not None)

    def provenances(self, wanted: list[Stored]) -> Iterator[Resource]:
        """Yield what was done."""
        found = (self.provenance(place, one) for place, one in enumerate(wanted))
        yield from (one for one in found if one is not None)
