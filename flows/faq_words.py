"""The words of a question as they are searched for: without case, accents and endings."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache

ALIKE = 0.8
"""How alike a mistyped word of five letters or more has to be, by `difflib` (own choice)."""
STEM = 4
"""Letters that two forms of a word share: results and result, session and sessions (own choice)."""
CHINESE = re.compile("[\u3400-\u9fff]+")
ARTICLE = re.compile("[\u0648\u0641]?(?:\u0628?\u0627\u0644|\u0644\u0644)(?=\\w{3})")
"""«the», with «and» or «in» before it: Arabic writes them in one word with the noun."""
ENDING = re.compile(
    "(?<=[а-я]{3})(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|иях|ях|ах|ов|ев|еи|ои|ии|ыи|ая|яя|ое|ее|ые|ие|"
    "ия|ию|ом|ем|ам|ям|ую|юю|ых|их|ть|[аяоеуюыиь])$"
)
"""What a Russian word ends in by case and number; й is и here (own choice: the frequent ones)."""


def tokens(text: str) -> Iterator[str]:
    """Yield the words of a text; of Chinese, which has no spaces, every two neighbouring signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    for word in re.findall(r"\w+", CHINESE.sub(lambda found: f" {found[0]} ", plain)):
        if CHINESE.match(word):
            yield from (word[at : at + 2] for at in range(max(1, len(word) - 1)))
        elif len(word) > 1 or not word.isascii():
            yield ENDING.sub("", ARTICLE.sub("", word.replace("\u0629", "\u0647"), count=1))


@cache
def same(typed: str, known: str) -> bool:
    """Whether a typed word is a known one, in another form or mistyped at most."""
    if typed == known:
        return True
    if min(len(typed), len(known)) < STEM or typed[0] != known[0]:
        return False
    shorter, longer = sorted((typed, known), key=len)
    if longer.startswith(shorter) and len(longer) - len(shorter) <= 3:  # noqa: PLR2004 - an ending
        return True
    return len(typed) > STEM and SequenceMatcher(None, typed, known).ratio() >= ALIKE
