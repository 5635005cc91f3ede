"""How times, days and counted days are written in a language, and how scripts stand side by side.

The forms are Unicode's (CLDR), as Babel knows them. English is written without it, so that a
clinic of one language never loads it.
"""

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

ENGLISH = "en"
RIGHT_TO_LEFT = frozenset({"ar"})
ISOLATE, END = "\u2068", "\u2069"
"""Around a phone number or a code in a text of the other direction, whose order they keep."""

DAY_AND_TIME = {
    "es": "EEEE d 'de' MMMM, HH:mm",
    "pt": "EEEE, d 'de' MMMM, HH:mm",
    "ru": "EEEE, d MMMM, HH:mm",
    "ar": "EEEE d MMMM، HH:mm",
    "zh": "M月d日EEEE HH:mm",
}
DAY = {
    "es": "d 'de' MMMM 'de' y",
    "pt": "d 'de' MMMM 'de' y",
    "ru": "d MMMM y",
    "ar": "d MMMM y",
    "zh": "y年M月d日",
}
"""Patterns of CLDR. All digits are 0 to 9, as in phone numbers and on the buttons (own choice)."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})\b", re.IGNORECASE)


@cache
def locale(language: str) -> "Locale":
    """Return what Babel knows of a language; loaded when it is first needed."""
    from babel import Locale  # noqa: PLC0415 - 40 ms that a clinic of one language saves

    return Locale(language)


def written(wall: datetime, pattern: str, language: str) -> str:
    """Return a wall time after a pattern of CLDR: `martes 24 de noviembre, 14:05`."""
    from babel.dates import format_datetime  # noqa: PLC0415 - as in `locale`

    return format_datetime(wall, pattern, locale=locale(language))


def english_day_and_time(wall: datetime) -> str:
    """Return a wall time as people write it in English: `Tue 24 Nov, 14:05`."""
    return f"{wall:%a} {wall.day} {wall:%b}, {wall:%H:%M}"


def english_day(wall: datetime) -> str:
    """Return a wall time's date as people write it in English: `24 November 2026`."""
    return f"{wall.day} {wall:%B %Y}"


def spell(hours: float, language: str) -> str:
    """Return whole hours in a language's words, as days from three on: `6 hours`, `7 días`."""
    from babel.units import format_unit  # noqa: PLC0415 - as above

    days = hours >= 72  # noqa: PLR2004 - three days, as staff read it
    unit, number = ("duration-day", hours / 24) if days else ("duration-hour", hours)
    return format_unit(round(number), unit, length="long", locale=locale(language))


def plural(language: str, number: int) -> str:
    """Return the plural form that a number takes: `one`, `few` and so on."""
    if language == ENGLISH:
        return "one" if number == 1 else "other"
    return locale(language).plural_form(number)


def weekdays(text: str, language: str) -> str:
    """Return opening hours such as `mon-fri 09:00-18:00` with the language's names of days."""
    names = locale(language).days["stand-alone"]["abbreviated"] if language in DAY else WEEKDAYS
    return WEEKDAY.sub(lambda found: str(names[WEEKDAYS.index(found[1].title())]), text)


def isolated(text: str, language: str) -> str:
    """Return words that go into a text of the language, kept in their own order.

    Without it an Arabic line shows `+34 600 123 456` from its end.
    """
    if language not in RIGHT_TO_LEFT or "\n" in text or not text:
        return text
    return f"{ISOLATE}{text}{END}"
