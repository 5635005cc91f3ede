"""The sheets of a workbook, one for each kind of row, with its columns; docs/export.md has them."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["text", "number", "date", "level"]
Value: TypeAlias = str | float | None
"""A cell; a date is a day number, as spreadsheets count them."""


class Column(NamedTuple):
    """One column: its heading, what it holds, its width in letters, what it means."""

    name: str
    kind: Kind
    width: int
    means: str


CASE: Final = Column("Case", "text", 9, "The case code; who it is stands nowhere in the file.")
SESSION: Final = Column("Session", "number", 9, "Number of the session in the course, from 1.")
TREATMENT: Final = Column("Treatment", "text", 22, "Treatment ids of the protocol, joined by `+`.")
CHECK_IN: Final = Column("Check-in", "text", 18, "Key of the check-in within the case.")
ASKED: Final = Column("Asked", "date", 16, "When it was asked.")
ANSWERED: Final = Column("Answered", "date", 16, "When the last answer came.")
HOURS: Final = Column("Hours", "number", 8, "Hours from the end of the session to the answers.")
LEVEL: Final = Column("Level", "level", 11, "Level of the check-in by its last answer.")
RULES: Final = Column("Rules", "text", 22, "Ids of the rules that fired, joined by `;`.")
PROTOCOL: Final = Column("Protocol", "text", 30, "The protocol version that sorted it.")
ALERT: Final = Column(
    "Alert", "text", 12, "Key of the alert that this led to or that was open then."
)

SHEETS: Final[Mapping[str, tuple[Column, ...]]] = {
    "Sessions": (
        CASE, SESSION, TREATMENT,
        Column("Area", "text", 14, "The treated area, if one was given."),
        Column("Lot", "text", 14, "The product's lot, if one was given."),
        Column("Ended", "date", 16, "When the session ended."),
        Column("Patient's zone", "text", 18, "The patient's own time zone."),
        Column("Stage", "text", 12, "How far the enrolment has come."),
        Column("Enrolled", "date", 16, "When the case was made."),
        Column("Check-ins", "number", 10, "How many it has, in whatever state."),
        Column("Sent", "number", 8, "How many were asked."),
        Column("With answers", "number", 12, "How many have an answer."),
        Column("Completed", "number", 10, "How many were finished."),
        Column("Missed", "number", 8, "How many were not asked because the bot could not."),
        Column("Highest level", "level", 13, "The highest level of them."),
        Column("Alerts", "number", 8, "How many alerts belong to it."),
        Column("Open alerts", "number", 11, "How many of them nobody has closed."),
        Column("Protocol", "text", 30, "The protocol version of the enrolment."),
    ),
    "Check-ins": (
        CASE, SESSION, TREATMENT, CHECK_IN,
        Column("Purpose", "text", 12, "`check_in`, `results`, `reminder`, `maintenance`, or "
               "`report` where the patient began it."),
        Column("Due", "date", 16, "When it was due."),
        Column("State", "text", 16, "What became of it."),
        Column("Reason", "text", 24, "Why, where it was not asked or not finished."),
        ASKED, ANSWERED, HOURS,
        Column("Completed", "date", 16, "When it was finished."),
        Column("Answers", "number", 9, "How many questions have an answer."),
        LEVEL, RULES, ALERT, PROTOCOL,
    ),
    "Answers": (
        CASE, SESSION, TREATMENT, CHECK_IN, ASKED, ANSWERED, HOURS,
        Column("Question", "text", 16, "Id of the question; `words` for what the patient wrote."),
        Column("About", "text", 24, "What it is about, in the words of the protocol."),
        Column("Answer", "text", 14, "As stored: a severity from 0, an option's id, `true` or "
               "`false`, a number, ids of signs joined by `;`, `none`, `unclear`."),
        Column("In words", "text", 40, "What the patient saw or wrote."),
        LEVEL, RULES, ALERT, PROTOCOL,
    ),
    "Alerts": (
        CASE, SESSION,
        Column("Alert", "text", 12, "Key of the alert."),
        Column("Level", "level", 11, "Its level."),
        Column("Opened", "date", 16, "When it was first raised."),
        Column("Raised", "date", 16, "When it was raised to that level."),
        Column("About", "text", 18, "The check-in it is about, or the silence that raised it."),
        Column("Hours", "number", 8, "Hours from the end of the session to the alert."),
        Column("Why", "text", 44, "The reasons of the rules that fired, for staff."),
        RULES,
        Column("Taken by", "text", 14, "The member of staff who took it."),
        Column("Taken", "date", 16, "When."),
        Column("Minutes to taken", "number", 12, "From raised to taken; empty where "
               "it was taken at a lower level."),
        Column("Contacted", "date", 16, "When the patient was contacted."),
        Column("Minutes to contact", "number", 12, "From raised to contacted."),
        Column("Closed", "date", 16, "When it was closed."),
        Column("Outcome", "text", 16, "How it ended, as staff said."),
    ),
    "Acts": (
        Column("At", "date", 16, "When."),
        Column("Who", "text", 20, "A member of staff, a patient, or the command line."),
        Column("Act", "text", 16, "What was done, or seen."),
        CASE,
        Column("Alert", "text", 12, "The alert it was about."),
        Column("Allowed", "text", 9, "`no` where it was refused."),
        Column("Detail", "text", 44, "What was asked for."),
    ),
}  # fmt: skip
"""By name, in the order of the workbook."""


def page_of_sheets() -> Iterator[str]:
    """Yield the tables of the sheets for docs/export.md."""
    for name, columns in SHEETS.items():
        yield f"**{name}**\n"
        yield "| column | holds |"
        yield "|---|---|"
        yield from (f"| {column.name} | {column.means} |" for column in columns)
        yield ""
