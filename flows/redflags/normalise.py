"""Normalising: what was typed in, comparable tokens out, each knowing where it came from.

Patients type with and without accents, in full-width or Arabic digits, with vowel marks, in
traditional characters and with letters held down. All of that is folded away here once, so that
the vocabulary and the model see one spelling, while every token keeps the span of the message
it stands for: an explanation can then quote the patient word for word.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from flows.redflags.data import read_toml

LIMIT = 6000  # characters looked at; a Telegram message has at most 4,096
APOSTROPHES = "'’‘`´ʼʹ＇"
SENTENCE_ENDS = ".!?;؟؛。！？；\n…।"
CLAUSE_ENDS = ',،，、:：()（）—–"«»“”'
QUESTION_MARKS = "?؟？"
HELD_DOWN = re.compile(r"([^\W\d_])\1{2,}")
LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
STEM = 5  # letters of a word that stand for all its endings
ARABIC_PREFIXES = (
    *("وبال", "فبال", "وال", "فال", "بال", "كال", "لل", "ال", "عال", "هال", "وع", "ول"),
    *("وب", "ف", "و", "ب", "ل", "ك", "ه", "ع"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, one Chinese character, or one number.

    Attributes:
        text: the folded spelling, held-down letters once.
        forms: every spelling it may stand for, the barest last: with held-down letters twice
            ("swelllling"), `text` itself and, in Arabic, `text` without its attached particles.
        start, end: the span in the message, in characters; `end` is exclusive.
        clause, sentence: running numbers of the stretch of text it stands in.
    """

    text: str
    forms: tuple[str, ...]
    start: int
    end: int
    clause: int
    sentence: int

    @property
    def is_word(self) -> bool:
        """Whether it has letters: no number, bracket or emoji."""
        return self.text[0].isalpha()

    @property
    def stem(self) -> str:
        """What stands for the word with all its endings and particles."""
        return self.forms[-1][:STEM]


@dataclass(frozen=True, slots=True)
class Text:
    """A folded message: its tokens and, by sentence number, whether it ends in a question mark."""

    message: str
    tokens: tuple[Token, ...]
    questions: frozenset[int]

    def words(self, first: int, last: int) -> str:
        """The message's own words from token `first` to token `last`, both included."""
        return self.message[self.tokens[first].start : self.tokens[last].end]


@cache
def equivalents() -> dict[int, str]:
    """Letters that mean the same in this vocabulary: Arabic variants, traditional Chinese."""
    table = read_toml("letters.toml")
    return {ord(a): b for group in table.values() for a, b in zip(group[0], group[1], strict=True)}


@cache
def fold(char: str) -> str:
    """One character as compared: compatible form, lower case, no marks; "" when it is dropped."""
    if char in APOSTROPHES:
        return ""
    parts = unicodedata.normalize("NFKD", char.casefold())
    kept = [c for c in parts if unicodedata.category(c) not in {"Mn", "Me", "Cf", "Lm"}]
    return "".join(digit(c) for c in kept).translate(equivalents()).casefold()


def digit(char: str) -> str:
    """A decimal digit of any script as 0-9; anything else, lone surrogates too, made harmless."""
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.decimal(char))
    return " " if unicodedata.category(char) == "Cs" else char


def folded(message: str) -> tuple[str, list[int]]:
    """The folded text without links, and for each character the position it came from."""
    pieces: list[str] = []
    origins: list[int] = []
    for position, char in enumerate(LINK.sub(lambda link: " " * len(link.group()), message)):
        piece = fold(char)
        pieces.append(piece)
        origins.extend([position] * len(piece))
    return "".join(pieces), origins


def is_han(char: str) -> bool:
    """Whether a character is a Chinese ideograph, which is a token of its own."""
    return "\u3400" <= char <= "\u9fff"


def forms_of(word: str) -> tuple[str, ...]:
    """The spellings a word as typed may stand for, as `Token.forms` lists them."""
    once, twice = HELD_DOWN.sub(r"\1", word), HELD_DOWN.sub(r"\1\1", word)
    if not "\u0621" <= once[0] <= "\u064a":
        return (once,) if once == twice else (twice, once)
    cut = [once.removeprefix(p) for p in ARABIC_PREFIXES if once.startswith(p)]
    return (once, *dict.fromkeys(c for c in cut if len(c) > 1))


LETTER = r"[^\W\d_\u3400-\u9fff]"
SPACED = rf"(?<!\w){LETTER}(?:[ .*-]{LETTER}(?!\w)){{3,}}"  # "c h e s t" is one word
TOKEN = re.compile(rf"{SPACED}|\d+(?:[.,٫]\d+)?|[\u3400-\u9fff]|{LETTER}+|[^\w\s]|\n")
BETWEEN = re.compile(r"[ .*-]")


def read(message: str) -> Text:
    """Fold a message and cut it into tokens; of a very long one, its start and its end."""
    text, origins = folded(message)
    tokens: list[Token] = []
    questions: set[int] = set()
    clause = sentence = 0
    for found in TOKEN.finditer(text):
        piece = found.group()
        if piece in SENTENCE_ENDS:
            if piece in QUESTION_MARKS:
                questions.add(sentence)
            sentence += 1
            clause += 1
        elif piece in CLAUSE_ENDS:
            clause += 1
        start, end = origins[found.start()], origins[found.end() - 1] + 1
        if len(piece) > 1 and piece[0].isalpha():
            piece = BETWEEN.sub("", piece)
        plain = HELD_DOWN.sub(r"\1", piece)
        tokens.append(Token(plain, forms_of(piece), start, end, clause, sentence))
    return Text(message, tuple(tokens), frozenset(questions))


def bounded(message: str) -> tuple[str, ...]:
    """The stretches of a message that are read: all of it, or its two ends."""
    if len(message) <= LIMIT:
        return (message,)
    return message[: LIMIT // 2], message[-LIMIT // 2 :]
