"""A check-in as a QuestionnaireResponse, and each of its answers as an Observation."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.export.fhir.names import (
    LEVELS,
    OBSERVED,
    TERMINOLOGY,
    UCUM,
    UNITS,
    Names,
    Resource,
    category,
    concept,
    protocol_uri,
    questionnaire_url,
    text,
)
from bot.export.fhir.questionnaire import codes, coding
from bot.export.said import as_stored
from flows.answers import NOT_MEASURED, UNCLEAR
from flows.rule_tables import Question
from storage.bodies import answers_of

Stored = Mapping[str, Any]
STATUS: Final = {"complete": ("completed", "final"), "open": ("in-progress", "preliminary")}
"""By state of a check-in, that of the response and of its observations."""
BROKEN_OFF: Final = ("stopped", "final")
ABSENT: Final = {UNCLEAR: "unknown", NOT_MEASURED: "not-performed"}
"""By what stands for no answer, HL7's reason why it is not there."""


class Answers:
    """The answers of one check-in's last revision, by the questions of their protocol version."""

    def __init__(
        self, names: Names, case: str, check_in: Stored, row: Stored,
        questions: Mapping[str, Question],
    ) -> None:  # fmt: skip
        self.names, self.case, self.check_in, self.row = names, case, check_in, row
        self.questions = questions
        self.protocol = str(row["protocol"])
        self.inside: Mapping[str, Any] = row["content"] or {"answers": {}, "because": []}
        self.given = answers_of(self.inside["answers"])
        self.status, self.observed = STATUS.get(check_in["state"], BROKEN_OFF)

    def resources(self) -> Iterator[Resource]:
        """Yield the response, each answer, the level, and who gave and took them."""
        yield self.response()
        for name, value in self.given.items():
            yield self.observation(name, value)
        yield self.level()
        yield self.provenance()

    @property
    def patient(self) -> Resource:
        """Who answered."""
        return self.names.refer("Patient", self.case)

    @property
    def to_response(self) -> Resource:
        """The response, from elsewhere."""
        return self.names.refer("QuestionnaireResponse", self.case, self.check_in["key"])

    def begun(self, kind: str, *parts: object) -> Resource:
        """Return the beginning of a resource of this check-in."""
        return self.names.resource(kind, self.case, self.check_in["key"], *parts)

    def response(self) -> Resource:
        """Return the whole check-in."""
        version = protocol_uri(self.protocol)[1]
        found = self.begun("QuestionnaireResponse") | {
            "questionnaire": f"{questionnaire_url(self.protocol)}|{version}",
            "status": self.status,
            "subject": self.patient,
            "authored": self.row["at"],
            "author": self.patient,
            "source": self.patient,
        }
        items = [self.item(name, value) for name, value in self.given.items()]
        return found | ({"item": items} if items else {})

    def item(self, name: str, value: object) -> Resource:
        """Return one question with its answer; without one where it could not be read."""
        question = self.questions.get(name)
        found: Resource = {"linkId": name}
        if question is not None:
            found["text"] = text(question.text["en"])
        if isinstance(value, frozenset):
            answers = [{"valueCoding": self.coding(question, name, one)} for one in sorted(value)]
        elif value in ABSENT:
            answers = []
        else:
            answers = [self.value(question, name, value)]
        return found | ({"answer": answers} if answers else {})

    def value(self, question: Question | None, name: str, value: object) -> Resource:
        """Return an answer as FHIR has it: yes or no, a quantity, or a code."""
        if isinstance(value, bool):
            return {"valueBoolean": value}
        if question is not None and question.kind in UNITS and isinstance(value, (int, float)):
            unit, code = UNITS[question.kind]
            return {"valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": code}}
        if question is not None and question.options:
            chosen = question.options[value].id if isinstance(value, int) else str(value)
            return {"valueCoding": self.coding(question, name, chosen)}
        return {"valueString": str(as_stored(value))}

    def coding(self, question: Question | None, name: str, option: str) -> Resource:
        """Return a code of a question's answers."""
        if question is None:
            return {"system": f"{protocol_uri(self.protocol)[0]}:{name}", "code": option}
        return coding(self.protocol, question, option)

    def observation(self, name: str, value: object) -> Resource:
        """Return one answer."""
        question = self.questions.get(name)
        if question is None:
            code = concept(protocol_uri(self.protocol)[0], name)
            kind = "survey"
        else:
            code = {"coding": codes(self.protocol, question), "text": text(question.term)}
            kind = "vital-signs" if question.kind == "temperature" else "survey"
        return self.begun("Observation", name) | {
            "status": self.observed,
            "category": category("observation-category", kind),
            "code": code,
            "subject": self.patient,
            "effectiveDateTime": self.row["at"],
            "performer": [self.patient],
            "derivedFrom": [self.to_response],
        } | self.seen(question, name, value)  # fmt: skip

    def seen(self, question: Question | None, name: str, value: object) -> Resource:
        """Return an observation's value: of several ticks each is a component."""
        if isinstance(value, str) and value in ABSENT:
            system = f"{TERMINOLOGY}/data-absent-reason"
            return {"dataAbsentReason": concept(system, ABSENT[value])}
        if isinstance(value, frozenset):
            ticked = [
                {"code": {"coding": [self.coding(question, name, one)]}, "valueBoolean": True}
                for one in sorted(value)
            ]
            return {"component": ticked} if ticked else {"valueBoolean": False}
        found = self.value(question, name, value)
        if "valueCoding" in found:
            return {"valueCodeableConcept": {"coding": [found["valueCoding"]]}}
        return found

    def level(self) -> Resource:
        """Return how the answers were sorted, with the reason of each rule that fired."""
        notes = [
            {"text": text(f"{reason} ({rule}, {level.replace('_', ' ')})")}
            for rule, level, reason, *_ in self.inside["because"]
        ]
        found = self.begun("Observation", "level") | {
            "status": self.observed,
            "category": category("observation-category", "survey"),
            "code": concept(OBSERVED, "level", "Level of the check-in"),
            "subject": self.patient,
            "effectiveDateTime": self.row["at"],
            "device": self.names.refer("Device"),
            "valueCodeableConcept": concept(
                LEVELS, self.row["level"], self.row["level"].replace("_", " ")
            ),
            "derivedFrom": [self.to_response],
        }
        return found | ({"note": notes} if notes else {})

    def provenance(self) -> Resource:
        """Return who gave the answers, and what took them."""
        kind = f"{TERMINOLOGY}/provenance-participant-type"
        return self.begun("Provenance") | {
            "target": [self.to_response],
            "recorded": self.row["at"],
            "agent": [
                {"type": concept(kind, "author"), "who": self.patient},
                {"type": concept(kind, "assembler"), "who": self.names.refer("Device")},
            ],
        }
