"""Which columns an export has, in their order, and what each means; docs/export.md shows them."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

RowKind: TypeAlias = Literal["answer", "check_in", "session"]
Columns: TypeAlias = dict[str, str]

ERASED: Final = "(erased)"
"""Stands for what cannot be read any more, because the patient's key was destroyed."""

SESSION: Columns = {
    "case": "The case code; who it is stands nowhere in the file.",
    "session": "Number of the session in the course, from 1.",
    "treatment": "Treatment ids of the protocol, joined by `+`.",
    "area": "The treated area, if one was given.",
    "lot": "The product's lot, if one was given.",
}
ALERT: Columns = {
    "alert": "Key of the alert that this led to or that was open then.",
    "alert_level": "Its level.",
    "raised_utc": "When it was raised to that level.",
    "claimed_by": "The member of staff who took it.",
    "claimed_utc": "When.",
    "contacted_utc": "When the patient was contacted.",
    "resolved_utc": "When it was closed.",
    "outcome": "How it ended, as staff said.",
}
CHECK_IN: Columns = {
    "check_in": "Key of the check-in within the case.",
    "purpose": "`check_in`, `results`, `reminder`, `maintenance`, or `report`: the patient's own.",
    "due_utc": "When it was due.",
    "due_local": "The same by the patient's clock.",
}
SORTED: Columns = {
    "level": "Level of the check-in by its last answer.",
    "rules": "Ids of the rules that fired, joined by `;`.",
    "protocol": "The protocol version that sorted it, `id@version`.",
}
ANSWERED: Columns = {
    "answered_utc": "When the last answer came.",
    "answered_local": "The same by the patient's clock.",
    "hours": "Hours from the end of the session to the answers.",
}
QUESTION: Columns = {
    "question": "Id of the question; `words` for what the patient wrote.",
    "question_term": "What it is about, in the words of the protocol.",
    "answer": "As stored: a severity from 0, an option's id, `true` or `false`, a number, ids of "
    "signs joined by `;`, `none`, `unclear`.",
    "answer_in_words": "What the patient saw or wrote.",
}

COLUMNS: Mapping[RowKind, Columns] = {
    "answer": SESSION | CHECK_IN | {"sent_utc": "When it was asked."} | ANSWERED | QUESTION
    | SORTED | ALERT,
    "check_in": SESSION | CHECK_IN | {
        "state": "What became of it.",
        "reason": "Why, where it was not asked or not finished.",
        "sent_utc": "When it was asked.",
    } | ANSWERED | {
        "completed_utc": "When it was finished.",
        "answers": "How many questions have an answer.",
    } | SORTED | ALERT,
    "session": SESSION | {
        "ended_utc": "When the session ended.",
        "ended_local": "The same by the patient's clock.",
        "zone": "The patient's time zone.",
        "stage": "How far the enrolment has come.",
        "enrolled_utc": "When the case was made.",
        "protocol": "The protocol version of the enrolment.",
        "check_ins": "How many check-ins it has, in whatever state.",
        "sent": "How many were asked.",
        "answered": "How many have an answer.",
        "completed": "How many were finished.",
        "missed": "How many were not asked because the bot could not.",
        "highest_level": "The highest level of them.",
        "alerts": "How many alerts belong to it.",
        "alerts_open": "How many of them nobody has closed.",
    },
}  # fmt: skip


def table(kind: RowKind) -> str:
    """Return the columns of one kind of row as a table of Markdown."""
    lines = [f"| {name} | {meaning} |" for name, meaning in COLUMNS[kind].items()]
    return "\n".join(["| column | holds |", "|---|---|", *lines])
