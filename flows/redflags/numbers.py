"""Temperatures and pulse rates in a message, as concepts like any other.

Bands follow docs of the follow-up protocol: 39.0 °C (102.2 F) interrupts for everybody, 38.0 °C
(100.4 F) after a drip or into a joint, more than 40.0 °C is an emergency.
"""

from collections.abc import Iterator

from flows.redflags.lexicon import Hit
from flows.redflags.normalise import Token

LOWEST_C, HIGHEST_C = 34.0, 43.5  # what a person's thermometer can show, degrees Celsius
LOWEST_F, HIGHEST_F = 95.0, 110.0  # the same in Fahrenheit
BANDS = ((40.0, "40"), (39.0, "39"), (38.5, "38.5"), (38.0, "38"), (37.0, "37"), (0.0, "36"))
FEVER = 38.0  # degrees Celsius; below it, a number is a temperature only where one is spoken of
FAST_PULSE = (125.0, 230.0)  # beats a minute at rest that nobody should wave away
HALVES = frozenset({"half", "medio", "media", "meio", "meia", "половиной", "نص", "نصف", "半"})
JOINERS = frozenset(
    {"and", "a", "y", "e", "i", "и", "с", "و", "度", "°", "º", "градусов", "градуса"}
)
HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
HAN_TENS = frozenset("三四")


def values(tokens: tuple[Token, ...]) -> Iterator[tuple[float, int, int]]:
    """Every number as (value, first token, last token), halves and "度5" added."""
    for at, token in enumerate(tokens):
        if token.text[0].isdecimal():
            number = float(token.text.replace(",", ".").replace("٫", "."))
            extra, last = fraction(tokens, at + 1)
            yield number + extra, at, last
        elif token.text in HAN_TENS and at + 1 < len(tokens) and tokens[at + 1].text == "十":
            ones = HAN_DIGITS.get(tokens[at + 2].text, 0) if at + 2 < len(tokens) else 0
            extra, last = fraction(tokens, at + (3 if ones else 2))
            yield 10 * HAN_DIGITS[token.text] + ones + extra, at, last


def fraction(tokens: tuple[Token, ...], at: int) -> tuple[float, int]:
    """What follows a whole number and belongs to it: (0 to 0.9, last token used)."""
    if at < len(tokens) and tokens[at].text in HALVES:
        return 0.5, at
    if at + 1 < len(tokens) and tokens[at].text in JOINERS:
        tail = tokens[at + 1].text
        if tail in HALVES or "نص" in tokens[at + 1].forms:
            return 0.5, at + 1
        if tail.isdecimal() and len(tail) == 1:
            return int(tail) / 10, at + 1
        if tail in HAN_DIGITS:
            return HAN_DIGITS[tail] / 10, at + 1
    if at < len(tokens) and tokens[at].text in {"ونص", "ونصف"}:
        return 0.5, at
    return 0.0, at - 1


def celsius(value: float) -> float | None:
    """A reading in degrees Celsius, whichever scale it is on; None when it is no temperature."""
    if LOWEST_C <= value <= HIGHEST_C:
        return value
    if LOWEST_F <= value <= HIGHEST_F:
        return (value - 32) * 5 / 9
    return None


def readings(tokens: tuple[Token, ...], hits: list[Hit]) -> list[Hit]:
    """Hits for temperatures (`num:39`, or `bare:39` without talk of one) and a fast pulse.

    A number that may be anything ("36", "(37)") is no reading: it would speak against a sign.
    """
    spoken = {hit.concept for hit in hits}
    warm = bool(spoken & {"part:temperature", "sign:fever", "feel:hot", "feel:shiver"})
    found: list[Hit] = []
    for value, first, last in values(tokens):
        degrees = celsius(value)
        if degrees is not None and (warm or degrees >= FEVER):
            name = next(name for floor, name in BANDS if round(degrees, 1) >= floor)
            known = warm or (value % 1 and last - first < 1)
            found.append(Hit(f"{'num' if known else 'bare'}:{name}", first, last))
        if FAST_PULSE[0] <= value <= FAST_PULSE[1] and "part:heart" in spoken:
            found.append(Hit("num:pulse", first, last))
    return found
