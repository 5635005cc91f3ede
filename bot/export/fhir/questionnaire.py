"""A protocol version as a Questionnaire: every question with its codes and its answers.

When a question comes up is the protocol file's to say and stays out: only what was asked, and the
answers there are.
"""

from typing import Final

from bot.export.fhir.names import (
    TEMPERATURE,
    Names,
    Resource,
    protocol_uri,
    questionnaire_url,
    text,
)
from flows.protocol import Protocol
from flows.rule_tables import Question

TYPES: Final = {
    "severity": "choice", "choice": "choice", "ticks": "choice", "yes_no": "boolean",
    "temperature": "quantity", "size": "quantity", "onset": "quantity",
}  # fmt: skip
"""By kind of question, the type of its item (FHIR R4B, questionnaire item types)."""


def questionnaire(names: Names, protocol: Protocol) -> Resource:
    """Return the questionnaire of a protocol version."""
    version = protocol_uri(protocol.name)[1]
    words = protocol.protocol.id.replace("-", " ").title().replace(" ", "")
    return names.resource("Questionnaire", protocol.name) | {
        "url": questionnaire_url(protocol.name),
        "version": version,
        "name": words,
        "title": text(protocol.protocol.title),
        "status": "active",
        "subjectType": ["Patient"],
        "date": protocol.protocol.date.isoformat(),
        "item": [item(protocol.name, one) for one in protocol.questions],
    }


def item(protocol: str, question: Question) -> Resource:
    """Return a question."""
    found: Resource = {
        "linkId": question.id,
        "code": codes(protocol, question),
        "text": text(question.text["en"]),
        "type": TYPES[question.kind],
    }
    if TYPES[question.kind] == "choice":
        found["answerOption"] = [
            {"valueCoding": coding(protocol, question, one.id)} for one in question.options
        ]
    return found | ({"repeats": True} if question.kind == "ticks" else {})


def codes(protocol: str, question: Question) -> list[Resource]:
    """Return what a question asks for: the protocol's own code, and LOINC's where it is certain."""
    system, version = protocol_uri(protocol)
    own = {
        "system": system, "version": version, "code": question.id, "display": text(question.term),
    }  # fmt: skip
    return [TEMPERATURE, own] if question.kind == "temperature" else [own]


def coding(protocol: str, question: Question, option: str) -> Resource:
    """Return one of a question's answers."""
    system, version = protocol_uri(protocol)
    label = next((one.label["en"] for one in question.options if one.id == option), "")
    found = {"system": f"{system}:{question.id}", "version": version, "code": option}
    return found | ({"display": text(label)} if label else {})
