"""How far a denial reaches: "no fever, cough or rash" is one, "no, my throat is swelling" none."""

from flows.redflags.lexicon import Hit
from flows.redflags.normalise import Text

PAUSES = frozenset(",،:—–-")  # a new clause may follow; "、" only ever joins a list
SWALLOWED = frozenset({"cue:negation", "cue:negation_after", "cue:fine"})


def is_answer(text: Text, hit: Hit) -> bool:
    """Whether a negation opens its sentence and a pause follows: "no, my throat is swelling"."""
    tokens = text.tokens
    opens = hit.first == 0 or tokens[hit.first - 1].sentence != tokens[hit.first].sentence
    return opens and hit.last + 1 < len(tokens) and tokens[hit.last + 1].text in PAUSES


def clause_starts(text: Text, hits: tuple[Hit, ...]) -> frozenset[int]:
    """Tokens that begin a clause of its own: after a pause or "and", a subject, verb or number.

    A bare noun there goes on with a list, and a denial goes on with it: "no fever, cough or rash".
    """
    tokens = text.tokens
    joined = {hit.last for hit in hits if hit.concept == "scope:and"}
    joined.update(at for at, token in enumerate(tokens) if token.text in PAUSES)
    opened = {hit.first for hit in hits if hit.concept == "scope:clause"}
    opened.update(at for at, token in enumerate(tokens) if token.text[0].isdecimal())
    attached = {hit.first for hit in hits if hit.concept == "scope:andclause"}
    return frozenset({at for at in opened if at - 1 in joined} | attached)


def negations_kept(hits: list[Hit]) -> tuple[Hit, ...]:
    """Hits without the negations that deny nothing: inside a sign, or inside "did not eat".

    With the negation goes what it negates: nobody is well who is "not fine".
    """
    covered: set[int] = set()
    for hit in hits:
        if hit.concept.startswith("sign:") or hit.concept == "cue:nonnegation":
            covered.update(range(hit.first, hit.last + 1))
    return tuple(
        h
        for h in hits
        if h.concept not in SWALLOWED or covered.isdisjoint(range(h.first, h.last + 1))
    )
