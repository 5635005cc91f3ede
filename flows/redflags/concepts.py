"""What a message says, as features: signs, the parts they are made of, and what is said about them.

A sign ("throat") is found as a phrase, or as a body part with a sensation in one clause. It is then
looked at in its context: denied, asked about, long past, somebody else's, a figure of speech. None
of that decides anything. Every sign, every context and every meeting of the two becomes a feature,
the same in all languages, and the model weighs them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from flows.redflags.data import read_toml
from flows.redflags.lexicon import Hit, lexicon
from flows.redflags.normalise import Text
from flows.redflags.numbers import readings
from flows.redflags.scope import clause_starts, is_answer, negations_kept

FALLBACK = "en"  # the language assumed when no word of any is recognised
NEAR = 6  # tokens between a part and a sensation, or between a denial and what it denies
REACH = NEAR + 4  # how far before a part a sensation of several words can begin
AFTER = 4  # tokens between a sign and a denial that follows it ("одышки нет")
HIGH = frozenset({"num:39", "num:40"})
LOW = frozenset({"num:38", "num:38.5"})
CANCELS = frozenset(
    {"neg", "hypothetical", "information", "past", "idiom", "mild", "joke", "thing"}
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A sign in its context.

    Attributes:
        sign: category word, such as "breathing".
        first, last: tokens it spans, both included.
        flags: what is said about it, such as "neg" or "past".
    """

    sign: str
    first: int
    last: int
    flags: frozenset[str]

    @property
    def clean(self) -> bool:
        """Whether nothing in its context takes it back."""
        return not self.flags & CANCELS


@cache
def pairs() -> dict[tuple[str, str], str]:
    """(body part, sensation) -> the sign they make together."""
    table = read_toml("pairs.toml")["pairs"]
    return {(part, feel): sign for sign, made in table.items() for part, feel in made}


class Context:
    """Where the cues of a message stand, so that each concept can ask what is said about it."""

    def __init__(self, text: Text, hits: tuple[Hit, ...]) -> None:
        self._text = text
        self._before: set[int] = set()
        self._after: set[int] = set()
        self._contrasts: set[int] = set()
        self._idioms: set[int] = set()
        self._said: dict[int, set[str]] = {}
        self._ends = clause_starts(text, hits)
        for hit in hits:
            kind, _, name = hit.concept.partition(":")
            if name == "negation":
                if not is_answer(text, hit):
                    self._before.add(hit.last)
            elif name == "negation_after":
                self._after.add(hit.first)
            elif name == "idiom":
                self._idioms.update(range(hit.first, hit.last + 1))
            elif kind == "cue" and name != "command":
                self._said.setdefault(text.tokens[hit.first].sentence, set()).add(name)
            if name == "contrast":
                self._contrasts.add(hit.first)

    def denied(self, hit: Hit) -> bool:
        """Whether a negation stands before it, or "нет" after it, in the same clause or list."""
        before = (hit.first - back for back in range(1, NEAR + 1))
        after = (hit.last + ahead for ahead in range(1, AFTER + 1))
        return any(at in self._before and self._joined(at, hit.first) for at in before) or any(
            at in self._after and self._joined(hit.last, at) for at in after
        )

    def _joined(self, low: int, high: int) -> bool:
        """Whether two tokens share a sentence, and neither "but" nor a new clause parts them."""
        tokens = self._text.tokens
        apart = any(at in self._contrasts for at in range(low + 1, high))
        return tokens[low].sentence == tokens[high].sentence and not (
            apart or any(low < at <= high for at in self._ends)
        )

    def _still_open(self, hit: Hit) -> bool:
        """Whether any negation before it, however far, is not ended by a clause of its own."""
        ended = max((at for at in self._ends if at <= hit.first), default=-1)
        return any(ended <= at < hit.first for at in self._before)

    def flags(self, hit: Hit) -> frozenset[str]:
        """Everything said about one sign: cues of its sentence, denial, a question mark."""
        sentence = self._text.tokens[hit.first].sentence
        found = set(self._said.get(sentence, ()))
        if self.denied(hit):
            found.add("neg")
        if sentence in self._text.questions:
            found.add("question")
        if not self._idioms.isdisjoint(range(hit.first, hit.last + 1)):
            found.add("idiom")
        if self._still_open(hit):
            found.add("negfar")
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Reading:
    """A message understood as far as the vocabulary goes: its concepts and its signs."""

    text: Text
    language: str
    hits: tuple[Hit, ...]
    met: tuple[tuple[Hit, Hit], ...]
    mentions: tuple[Mention, ...]
    context: Context

    def weighed(self, stems: frozenset[str]) -> Text:
        """What of the message is weighed: words that training or the vocabulary knows, readings.

        A word that nobody has met, a number that is no reading, a bracket or an emoji says nothing
        for or against a sign, so it must not dilute the words that do.
        """
        named: set[int] = set()
        measured: set[int] = set()
        for hit in self.hits:
            where = measured if hit.concept.startswith(("num:", "bare:")) else named
            where.update(range(hit.first, hit.last + 1))
        kept = (
            token
            for at, token in enumerate(self.text.tokens)
            if at in measured or (token.is_word and (at in named or token.stem in stems))
        )
        return Text(self.text.message, tuple(kept), self.text.questions)

    def features(self, weighed: Text) -> dict[str, float]:
        """Feature name -> value, 1.0 each, for the model, beside the n-grams of `weighed`."""
        names = set(self._plain())
        names.update(self._pairs())
        for mention in self.mentions:
            names.update(about(mention))
        if self.text.questions and not self.mentions:
            names.add("question&nosign")
        clean = {m.sign for m in self.mentions if m.clean}
        names.add(f"clean={min(len(clean), 3)}")
        names.add(f"signs={min(len(self.mentions), 3)}")
        size = len(weighed.tokens)
        names.add(f"size={next(n for n in (2, 4, 8, 16, 32, 64, 10**9) if size <= n)}")
        return dict.fromkeys(sorted(names), 1.0)

    def _plain(self) -> Iterator[str]:
        for hit in self.hits:
            kind = hit.concept.partition(":")[0]
            if kind == "scope":
                continue
            yield hit.concept
            if kind == "cue":
                yield f"{hit.concept}&{'sign' if self.mentions else 'nosign'}"
            elif kind != "lang" and self.context.denied(hit):
                yield f"{hit.concept}&neg"

    def _pairs(self) -> Iterator[str]:
        for part, feel in self.met:
            name = f"{part.concept[5:]}+{feel.concept[5:]}"
            yield name
            if self.context.denied(part) or self.context.denied(feel):
                yield f"{name}&neg"


def about(mention: Mention) -> Iterator[str]:
    """Features of one sign: itself, each flag, and whether nothing takes it back."""
    yield mention.sign
    if mention.clean:
        yield "clean"
        yield f"{mention.sign}&clean"
    for flag in mention.flags:
        yield f"any&{flag}"
        yield f"{mention.sign}&{flag}"


def meetings(text: Text, hits: tuple[Hit, ...]) -> Iterator[tuple[Hit, Hit]]:
    """Each body part with each sensation that stands near it in the same sentence."""
    feels: dict[int, list[Hit]] = {}
    for hit in hits:
        if hit.concept.startswith("feel:"):
            feels.setdefault(hit.first, []).append(hit)
    for part in hits:
        if not part.concept.startswith("part:"):
            continue
        sentence = text.tokens[part.first].sentence
        for at in range(part.first - REACH, part.last + NEAR + 2):
            for feel in feels.get(at, ()):
                near = part.first - feel.last <= NEAR + 1
                if near and text.tokens[at].sentence == sentence:
                    yield part, feel


def signs(hits: tuple[Hit, ...], met: tuple[tuple[Hit, Hit], ...]) -> Iterator[Hit]:
    """Hits that are signs: phrases, made of parts and sensations, or a high temperature."""
    for hit in hits:
        if hit.concept.startswith("sign:"):
            yield Hit(hit.concept[5:], hit.first, hit.last)
        if hit.concept in HIGH:
            yield Hit("fever", hit.first, hit.last)
        if hit.concept in LOW and any(h.concept in {"part:iv", "part:joint"} for h in hits):
            yield Hit("fever", hit.first, hit.last)
        if hit.concept == "num:pulse":
            yield Hit("chest", hit.first, hit.last)
    for part, feel in met:
        sign = pairs().get((part.concept[5:], feel.concept[5:]))
        if sign:
            yield Hit(sign, min(part.first, feel.first), max(part.last, feel.last))


def language(hits: list[Hit]) -> str:
    """The language most of the words belong to, as a code such as "pt".

    Words of one language are cues by accident in another ("se" is "if" in Portuguese and "itself"
    in Spanish), so only this language's cues are kept. Signs are kept from all: people mix them.
    """
    counted: dict[str, int] = {}
    for hit in hits:
        if hit.concept.startswith("scope:"):
            continue
        weight = 2 if hit.concept.startswith("lang:") else 1
        counted[hit.language] = counted.get(hit.language, 0) + weight
    return max(sorted(counted), key=lambda code: counted[code], default=FALLBACK)


def understand(text: Text) -> Reading:
    """Look a message up in the vocabulary and put each sign in its context."""
    everything = lexicon().hits(text.tokens)
    code = language(everything)
    plain = [h for h in everything if h.language == code or h.concept.startswith("sign:")]
    hits = negations_kept(plain + readings(text.tokens, plain))
    context = Context(text, hits)
    met = tuple(meetings(text, hits))
    found = dict.fromkeys(signs(hits, met))
    mentions = tuple(Mention(h.concept, h.first, h.last, context.flags(h)) for h in found)
    return Reading(text, code, hits, met, mentions, context)
