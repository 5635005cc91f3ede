"""Reading answers: from a tap, a typed word or a JSON value to what is stored.

An answer that cannot be read is `UNCLEAR`: it is asked again, and never counts as fine.
Severities are stored as ranks from 0, choices as option words, ticks as a frozenset of option
words, yes/no as bool, temperatures in degrees Celsius rounded half up to 0.1, sizes in
centimetres, and an onset as hours after the session.

Hazards: H26, H41.
"""

import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from flows.rule_tables import Question

UNCLEAR = "unclear"
"""Stored in place of an answer that could not be read, or beside the ticks that could."""

NOT_MEASURED = "not_measured"
"""Stored as temperature when the patient has no thermometer; never means «no fever»."""

COLDEST, HOTTEST = Decimal("34.0"), Decimal("43.0")
"""Plausible body temperatures in C; outside, it is asked again (clinical/REVIEW.md)."""

LARGEST_CM = 60.0
"""No patch or lump on a person is wider; outside, it is asked again (own choice)."""

YES = frozenset(
    word
    for words in (
        "yes y yeah yep yup true",
        "sí si",
        "sim s",
        "да ага",
        "نعم ايوه ايوا أيوه أيوا اه آه أجل اجل",
        "是 是的 有 对 對 嗯",
    )
    for word in words.split()
)
NO = frozenset(
    word
    for words in (
        "no n nope nah false",
        "não nao",
        "нет не",
        "لا كلا",
        "否 没有 沒有 没 沒 不 不是 无 無",
    )
    for word in words.split()
)
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
TEMPERATURE = re.compile(
    r"(?P<number>\d{2,3}(?:[.,]\d+)?)\s*(?:°|degrees?|deg|grados?|graus?|градус\w*|درجة|度)?\s*"
    r"(?P<unit>c|f|celsius|centigrade|fahrenheit|с|ц|℃|℉|مئوية|فهرنهايت|摄氏度?|华氏度?)?\.?"
)
HAN_POINT = re.compile(r"^(\d{2})度(\d)$")
"""`38度6` is 38.6."""

FAHRENHEIT = ("f", "fahrenheit", "℉", "فهرنهايت", "华氏", "华氏度")
CELSIUS = ("c", "celsius", "centigrade", "с", "ц", "℃", "مئوية", "摄氏", "摄氏度")
LONGEST_HOURS = 5 * 365 * 24.0
"""No onset lies further from the session (own choice)."""

CENTIMETRES = "cm|см|سم|厘米|公分|centimet(?:er|re)s?|cent[ií]metros?"
DAYS_AGO = "days? ago|days?|дн\\w*|d[ií]as?|يوم|أيام|天前?"
HOURS_A_DAY = 24


DIRECTIONS = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Marks that only say in which direction a text runs; keyboards and copied labels bring them."""


def plain(text: str) -> str:
    """Return typed text in lower case, with ASCII digits, separators and single spaces."""
    text = unicodedata.normalize(
        "NFKC", text.replace("℃", " c").replace("℉", " f").replace("º", "°")
    )
    text = text.translate(DIRECTIONS)
    digits = "".join(str(unicodedata.digit(ch)) if ch.isdigit() else ch for ch in text)
    points = digits.translate({0x066B: ".", 0x066C: ",", 0x060C: ","})
    return " ".join(points.casefold().split())


@lru_cache(maxsize=4096)
def celsius(value: float | str, *, fahrenheit: bool | None = None) -> float | None:
    """Return a temperature in C, rounded half up to 0.1, or None when it is implausible.

    Args:
        value: a number as typed or measured.
        fahrenheit: True or False where the unit was said; None lets the size decide, since
            the plausible ranges (34.0-43.0 C, 93.2-109.4 F) do not overlap.
    """
    try:
        number = Decimal(str(value).replace(",", "."))
    except (InvalidOperation, ValueError):
        return None
    if not number.is_finite():
        return None
    if fahrenheit is None:
        fahrenheit = number > HOTTEST + 10
    if fahrenheit:
        number = (number - 32) * 5 / 9
    if not COLDEST - 1 < number < HOTTEST + 1:  # quantize refuses a number of 28 digits
        return None
    rounded = number.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return float(rounded) if COLDEST <= rounded <= HOTTEST else None


def typed_temperature(text: str) -> float | str:
    """Read `37.8`, `38,6 °C`, `101 F` or `٣٨٫٦`; anything else is unclear.

    Two numbers in one message, a range, or a unit that makes the number implausible are unclear.
    """
    if text in (NOT_MEASURED, "not measured"):
        return NOT_MEASURED
    match = TEMPERATURE.fullmatch(HAN_POINT.sub(r"\1.\2", text))
    if match is None:
        return UNCLEAR
    unit = match["unit"]
    known = True if unit in FAHRENHEIT else False if unit in CELSIUS else None
    found = celsius(match["number"], fahrenheit=known)
    return UNCLEAR if found is None else found


def typed_number(text: str, units: str) -> float | None:
    """Read one number, with an optional unit out of the regular expression `units`."""
    match = re.fullmatch(rf"({NUMBER.pattern})\s*(?:{units})?\.?", text)
    return None if match is None else float(match[1].replace(",", "."))


def number_or_option(question: Question, text: str, units: str) -> float | None:
    """Read a typed number, or the number that a tapped or named option stands for."""
    number = typed_number(text, units)
    if number is not None:
        return number
    chosen = by_label(question, text)
    return next((option.number for option in question.options if option.id == chosen), None)


def by_label(question: Question, text: str) -> str | None:
    """Return the option whose word or label, in any language, is exactly `text`."""
    for option in question.options:
        words = (option.id, option.id.replace("_", " "), *option.label.values())
        if text in (plain(word) for word in words):
            return option.id
    return None


def typed(question: Question, message: str, hours: float) -> object:
    """Read what a patient typed in answer to `question`, `hours` after the session."""
    text = plain(message)
    match question.kind:
        case "temperature":
            return typed_temperature(text)
        case "yes_no":
            return True if text in YES else False if text in NO else UNCLEAR
        case "size":
            return stored_number("size", number_or_option(question, text, CENTIMETRES))
        case "onset":
            return onset(number_or_option(question, text, DAYS_AGO), hours)
        case _:
            return typed_option(question, text)


def onset(days: float | None, hours: float) -> object:
    """Return hours after the session for «so many days ago», never before the session."""
    if days is None or not 0 <= days * HOURS_A_DAY <= LONGEST_HOURS:
        return UNCLEAR
    return max(0.0, hours - days * HOURS_A_DAY)


def typed_option(question: Question, text: str) -> object:
    """Read an option's number, its word or label, or yes and no where they are options."""
    words = [option.id for option in question.options]
    chosen = by_label(question, text)
    if question.kind == "severity" and text in map(str, range(len(words))):
        chosen = words[int(text)]
    elif chosen is None and text in NO | YES:
        meant = ("none", "no", "cannot") if text in NO else ("yes", "wont_stop")
        chosen = next((word for word in meant if word in words), None)
    if chosen is None or question.kind == "ticks":
        return UNCLEAR
    return words.index(chosen) if question.kind == "severity" else chosen


Reader = Callable[[object, float], object]


def reader(question: Question) -> Reader:  # noqa: C901 - one small function for each kind
    """Return the function that reads answers to `question`: (value, hours) to stored form.

    A JSON value or a tapped option takes the short way; any other string is read as typed.
    """
    words = tuple(option.id for option in question.options)
    ranks = {word: rank for rank, word in enumerate(words)}

    def severity(value: object, hours: float) -> object:
        if type(value) is int and 0 <= value < len(words):
            return value
        if isinstance(value, str):
            return ranks[value] if value in ranks else typed(question, value, hours)
        return UNCLEAR

    def choice(value: object, hours: float) -> object:
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if isinstance(value, str):
            return value if value in ranks else typed(question, value, hours)
        return UNCLEAR

    def ticks(value: object, _: float) -> object:
        if isinstance(value, frozenset) and value <= ranks.keys():
            return value
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, (list, tuple, frozenset, set)):
            return UNCLEAR
        read = {
            by_label(question, plain(item)) if isinstance(item, str) else None for item in items
        }
        known = frozenset(UNCLEAR if item is None else item for item in read)
        return UNCLEAR if known == {UNCLEAR} else known

    def yes_no(value: object, hours: float) -> object:
        if isinstance(value, bool):
            return value
        return typed(question, value, hours) if isinstance(value, str) else UNCLEAR

    def number(value: object, hours: float) -> object:
        if isinstance(value, str):
            return typed(question, value, hours)
        return stored_number(question.kind, value)

    readers = {"severity": severity, "choice": choice, "ticks": ticks, "yes_no": yes_no}
    return readers.get(question.kind, number)


def stored_number(kind: str, value: object) -> object:
    """Return a temperature, a size or an onset in its plausible range, or `UNCLEAR`."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return UNCLEAR
    if kind == "temperature":
        found = celsius(value)
        return UNCLEAR if found is None else found
    largest = LARGEST_CM if kind == "size" else LONGEST_HOURS
    return float(value) if 0 <= value <= largest else UNCLEAR
