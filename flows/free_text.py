"""What the words of a patient do to a verdict: they only ever raise it.

Hazards: H25.
"""

from dataclasses import replace

from flows.conversation import State
from flows.protocol import Protocol
from flows.verdict import LEVEL_WORDS, Fired, Verdict
from flows.windows import by_level

WORDS_RULE = "WORDS"
"""The id under which words that are no answer raise a verdict."""


def with_words(protocol: Protocol, verdict: Verdict, state: State) -> Verdict:
    """Raise a verdict by what the patient wrote: nobody is told that words were fine.

    Words that may contain a warning sign count as urgent until the list of signs is answered,
    and then still bring a person; other words wait for the digest.
    """
    if not state.words:
        return verdict
    table = protocol.free_text
    word = table.level
    if state.alarmed:
        word = table.alarming_level if state.alarming else table.denied_level
    text = protocol.levels[word].text
    result = Fired(WORDS_RULE, LEVEL_WORDS[word], table.reason, table.sources, text)
    because = sorted((*verdict.because, result), key=by_level, reverse=True)
    top = because[0]
    return replace(verdict, level=top.level, because=tuple(because), text=top.text)
