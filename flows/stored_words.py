"""What is stored in English, such as why an alert was raised, as staff read it in their language.

A sentence that stays, in a record, an alert or the audit trail, is stored as the code says it: it
is searched for and compared, and the clinic may change its language. It is translated when it is
shown. A protocol's own texts are the protocol's, and stand as they are.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final

from flows.staff_language import N_, _, is_english, weekday_and_date

LEVELS: Final = (N_("emergency"), N_("urgent"), N_("follow_up"), N_("follow up"), N_("watch"),
                 N_("expected"))  # fmt: skip
STAGES: Final = (
    N_("invited"), N_("asked_consent"), N_("asked_facts"), N_("test_message"), N_("pairing"),
    N_("active"), N_("declined"), N_("refused"), N_("stopped"),
)  # fmt: skip
REACH: Final = (N_("blocked"), N_("deactivated"), N_("not a member"))
SENT: Final = (
    N_("voice"), N_("video note"), N_("video"), N_("audio"), N_("document"), N_("sticker"),
    N_("animation"), N_("location"), N_("contact"), N_("poll"), N_("message"), N_("photo"),
)  # fmt: skip
ROLES: Final = (N_("nurse"), N_("doctor"), N_("admin"), N_("auditor"))
"""Codes that staff read as words."""

SENTENCES: Final = (
    N_("no answer since {time}"),
    N_("Uses the chat in {language}"),
    N_("The check-in of {time} could not be sent in time: phone"),
    N_("The answer to «{question}» could not be read"),
    N_("An answer to «{question}», which this protocol does not ask"),
    N_("A message could not be worked on, and nobody knows what it says"),
    N_("In a chat that is not the case's any more, and may be another's:"),
    N_("The patient sent a photo: look at it"),
    N_("The patient sent something that cannot be shown here: ask what it says"),
    N_("Pressed «One of these» under the warning signs, and has not said which"),
    N_("{reason} ({severity}) is expected up to {number} h"),
    N_("{reason} ({severity}) is past its expected {number} h"),
    N_("{reason} ({severity}) is more than is expected at any time"),
    N_("{reason} ({severity}) is past its documented window of {number} h"),
    N_("Your role, {role}, may not do this. Roles that may: {roles}."),
    N_("This is {name}'s to take over. To be on call instead: /oncall me"),
    N_("alert {keys} is open"),
    N_("{key} is not finished"),
    N_("There is no case {case}."),
    N_("Case {case} has no alert that could be reported."),
    N_("Case {case} has no alert {key}; it has {names}."),
)
"""Every stored sentence of the product that staff are shown, as the code stores it."""

ENGLISH_DAY: Final = re.compile(
    r"(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<day>\d{1,2}) "
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
)
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                 "Dec")  # fmt: skip
CALENDARS: Final = range(2024, 2052)
"""Years in which each day of the year falls on each weekday."""


def restated(text: str) -> str:
    """Return a stored sentence or code in the language of the staff; unknown ones as they are."""
    if is_english() or not text:
        return text
    for sentence, pattern in patterns().items():
        found = pattern.fullmatch(text)
        if found:
            return _(sentence, **{name: redated(said) for name, said in found.groupdict().items()})
    return _(text)


@cache
def patterns() -> Mapping[str, re.Pattern[str]]:
    """Return by stored sentence what it looks like once it is filled in."""
    blank = re.compile(r"\\\{(\w+)\\\}")
    return {
        one: re.compile(blank.sub(r"(?P<\1>.+)", re.escape(one)), re.DOTALL)
        for one in SENTENCES
        if "{" in one
    }


def redated(text: str) -> str:
    """Return a text with its English dates, such as `Tue 24 Nov`, written as staff write them."""
    return ENGLISH_DAY.sub(lambda found: weekday_and_date(some_year(found)), text)


def some_year(found: re.Match[str]) -> date:
    """Return a date of this weekday, day and month: the year is not written, and not read."""
    month, day = MONTHS.index(found["month"]) + 1, int(found["day"])
    for year in CALENDARS:
        try:
            one = date(year, month, day)
        except ValueError:
            continue
        if f"{one:%a}" == found["weekday"]:
            return one
    return date(CALENDARS.start, month, 1)
