"""Whether words after /faq tell how somebody is, so that a search is no answer to them.

A search is a word or a few, or a question that anybody may ask: "sessions", "how long does redness
last". "My arm is swollen and hot" and "it hurts since yesterday" are for a person to read. Of
the training messages (`bench/redflags/messages`) about ordinary symptoms 7 in 10 are taken so, of
those that must interrupt 8 in 10; what is short or a question stays a search, whose page has a
button for telling.

Hazards: H50.
"""

import re
from typing import Final

from flows.redflags.normalise import QUESTION_MARKS, folded

OWN: Final = {
    "en": "my mine im ive",
    "es": "mi mis tengo siento",
    "pt": "meu meus minha minhas tenho sinto",
    "ru": "меня мои моя мое мою моего моеи моих моим чувствую",
    "ar": "عندي لدي حاسس حاسه اشعر احس اعاني",
}
"""Words by which people say what is the matter with themselves, in a question too. Folded: without
case, accents and apostrophes (own choice: the frequent ones)."""

MYSELF: Final = {
    "en": "i me id",
    "es": "me estoy mio mia",
    "pt": "estou",
    "ru": "я мне",
    "ar": "انا لي بي فيني معي",
}
"""Words for oneself, which in a question may be no more than who asks: "when can I"."""

OPENERS: Final = {
    "en": "what when where which who why how can could may should must do does did is are will",
    "es": "que cual cuales cuando cuanto cuanta cuantos cuantas como donde quien por puedo hay es",
    "pt": "o qual quais quanto quanta quantos quantas onde quem posso pode ha e sao de para",
    "ru": "что чем когда где кто как какие какои какая сколько почему зачем можно нужно есть кому",
    "ar": "ما ماذا متى اين من لمن كم كيف هل لماذا ليش شو ايش",
}
"""How a question begins."""

MY_BODY: Final = re.compile(
    "(?:و|ب|في)?(?:وجه|وش|راس|عين|ذراع|جلد|بشرت|يد|ايد|رقبت|شفت|شفايف|جسم|صدر|بطن|حلق|لسان|رجل)ي"
)
"""A part of the body with the «my» that Arabic writes at its end."""
HAN: Final = re.compile("[\u3400-\u9fff]")
HAN_OWN, HAN_MYSELF = re.compile("我的|[俺咱]"), re.compile("我(?![要需能可该])")
HAN_ASKS: Final = re.compile("什么|怎么|多久|多少|几次|几天|哪|吗|是否|能不能|可不可以")
"""Chinese has no spaces, and puts the word that asks anywhere."""

LONG, LONG_HAN = 4, 6
"""Words, and Chinese signs, from which what is no question is no search (own choice)."""
WORDS: Final = re.compile(r"[^\W_]+")


def of_all(words: dict[str, str]) -> frozenset[str]:
    """Return the words of all languages."""
    return frozenset(" ".join(words.values()).split())


ALL_OWN, ALL_MYSELF, ALL_OPENERS = of_all(OWN), of_all(MYSELF), of_all(OPENERS)


def tells(said: str) -> bool:
    """Whether words say how their writer is, as far as they can be told from a search."""
    plain = folded(said)[0]
    words = WORDS.findall(plain)
    if HAN_OWN.search(plain) or any(one in ALL_OWN or MY_BODY.fullmatch(one) for one in words):
        return True
    if asks(said, plain, words):
        return False
    is_long = len(words) >= LONG or len(HAN.findall(plain)) >= LONG_HAN
    return is_long or bool(HAN_MYSELF.search(plain)) or not ALL_MYSELF.isdisjoint(words)


def asks(said: str, plain: str, words: list[str]) -> bool:
    """Whether words are a question."""
    is_marked = any(mark in said for mark in QUESTION_MARKS)
    return is_marked or words[:1] == [] or words[0] in ALL_OPENERS or bool(HAN_ASKS.search(plain))
