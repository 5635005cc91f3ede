"""The trained model: one weight per hashed n-gram and per concept feature, added up.

Three files ship. `ngrams.bin` holds two bytes per slot: the inverse document frequency (unsigned,
in steps of `idf_step`; 0 = never seen in training) and the weight (signed, in steps of
`weight_step`). `model.json` holds those steps, the weights of the concept features, the bias and,
for each language, the threshold. `stems.txt` lists the words that are weighed at all. All are
written by bench/redflags/train.py.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flows.redflags.data import read_bytes, read_lines
from flows.redflags.ngrams import SLOTS, counts, grams, slot
from flows.redflags.normalise import Text


@dataclass(frozen=True, slots=True)
class Model:
    """Weights as shipped.

    Attributes:
        idf, weight: SLOTS bytes each, `weight` in two's complement.
        idf_step, weight_step: what one unit of them is worth.
        concepts: weight by feature name; unknown names count 0.
        stems: beginnings of the words that training has met; others say nothing, either way.
        bias: added to every message.
        thresholds: by language, the lowest score that interrupts.
    """

    idf: bytes
    weight: bytes
    idf_step: float
    weight_step: float
    concepts: Mapping[str, float]
    stems: frozenset[str]
    bias: float
    thresholds: Mapping[str, float]

    def of_slot(self, number: int, times: int) -> tuple[float, float]:
        """Of a slot that occurs so many times: its length before and its weight after scaling."""
        size = self.idf[number] * self.idf_step * (1 + math.log(times))
        weight = int.from_bytes(self.weight[number : number + 1], signed=True)
        return size, weight * self.weight_step

    def ngram_score(self, text: Text) -> float:
        """Weighted n-grams, scaled so that long and short messages weigh the same."""
        total = squares = 0.0
        for number, times in sorted(counts(text).items()):
            size, weight = self.of_slot(number, times)
            total += size * weight
            squares += size * size
        return total / math.sqrt(squares) if squares else 0.0

    def score(self, text: Text, features: Mapping[str, float]) -> float:
        """The log-odds that a message must interrupt, before the threshold."""
        known = math.fsum(self.concepts.get(name, 0.0) * x for name, x in features.items())
        return self.bias + known + self.ngram_score(text)

    def loudest(self, text: Text, how_many: int) -> list[tuple[int, int]]:
        """The tokens (first, last) whose n-grams speak most for interrupting, loudest first."""
        weights: dict[tuple[int, int], float] = {}
        for name, first, last in grams(text):
            size, weight = self.of_slot(slot(name), 1)
            weights[first, last] = weights.get((first, last), 0.0) + size * weight
        ranked = sorted(weights, key=lambda span: (-weights[span], span))
        return ranked[:how_many]


@cache
def model() -> Model:
    """The shipped model, read once."""
    facts = json.loads(read_bytes("model.json"))
    table = read_bytes("ngrams.bin")
    stems = frozenset(read_lines("stems.txt"))
    return Model(idf=table[:SLOTS], weight=table[SLOTS:], stems=stems, **facts)
