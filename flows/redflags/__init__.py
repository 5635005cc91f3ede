"""Warning signs in free text: `detect` says whether a message must interrupt the flow, and why.

Words only ever raise. A message that is not understood, in any language, goes to a person anyway,
so a false "no" here costs minutes, not the message; docs/redflags.md gives the measured figures.
"""

from dataclasses import dataclass

from flows.redflags.alone import signs_alone
from flows.redflags.concepts import Mention, Reading, understand
from flows.redflags.model import model
from flows.redflags.normalise import Text, bounded, read
from flows.redflags.windows import windows

__all__ = ["UNCLEAR", "Detection", "Sign", "detect"]

UNCLEAR = "unclear"
QUOTED = 3  # stretches of the message quoted when only the statistics fired


@dataclass(frozen=True, slots=True)
class Sign:
    """One warning sign.

    Attributes:
        sign: category word, such as "breathing", or "unclear".
        words: the patient's own words that made it think so, verbatim.
        score: log-odds above the threshold of the part of the message they stand in; 0 where the
            message is nothing but that sign.
    """

    sign: str
    words: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found; `signs` names at least one sign whenever `interrupt` is true."""

    interrupt: bool
    signs: tuple[Sign, ...]


def detect(message: str) -> Detection:
    """Look for warning signs in one message.

    Args:
        message: any text; of more than 6,000 characters, both ends are read.

    Returns:
        The same detection for the same message, always; nothing is raised.
    """
    found: dict[str, Sign] = {}
    for stretch in bounded(message):
        text = read(stretch)
        for window in windows(text):
            for sign in judged(window):
                kept = found.setdefault(sign.sign, sign)
                if sign.score > kept.score:
                    found[sign.sign] = sign
        for name in signs_alone(text):
            found.setdefault(name, Sign(name, (stretch.strip(),), 0.0))
    ranked = sorted(found.values(), key=lambda s: (s.sign == UNCLEAR, -s.score, s.sign))
    return Detection(bool(ranked), tuple(ranked))


def judged(text: Text) -> list[Sign]:
    """The signs of one window: none when its score stays under its language's threshold."""
    reading = understand(text)
    weighed = reading.weighed(model().stems)
    if not weighed.tokens:
        return []
    score = model().score(weighed, reading.features(weighed))
    margin = score - model().thresholds[reading.language]
    if margin < 0:
        return []
    return explained(reading, weighed, round(margin, 3))


def explained(reading: Reading, weighed: Text, margin: float) -> list[Sign]:
    """The signs that nothing takes back, or any at all, or else the words that weighed most."""
    chosen = [m for m in reading.mentions if m.clean] or list(reading.mentions)
    if not chosen:
        spans = model().loudest(weighed, QUOTED)
        return [Sign(UNCLEAR, tuple(weighed.words(*span) for span in spans), margin)]
    return [Sign(name, quoted(reading.text, chosen, name), margin) for name in names(chosen)]


def names(mentions: list[Mention]) -> list[str]:
    """Each category once, in the order of the message."""
    return list(dict.fromkeys(m.sign for m in mentions))


def quoted(text: Text, mentions: list[Mention], name: str) -> tuple[str, ...]:
    """The message's own words for one category, each once."""
    said = (text.words(m.first, m.last) for m in mentions if m.sign == name)
    return tuple(dict.fromkeys(said))
