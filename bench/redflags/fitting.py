"""Fitting the linear model, and scoring every author by a model that never saw that author."""

from collections import Counter

import numpy as np
from corpus import JUDGED, LANGUAGES, Message
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from flows.redflags.concepts import Reading, understand
from flows.redflags.ngrams import SLOTS, counts
from flows.redflags.normalise import read

STRENGTH = 50.0  # inverse regularisation; cross-validation is flat from 30 to 100
CONCEPT_SCALE = 0.1  # value of a concept feature next to n-grams of length 1
RARE_GRAM, RARE_CONCEPT = 2, 3  # messages a stem or n-gram, or a concept, must be in to count
CAUGHT, FALSE_ALARMS = 0.91, 0.14  # what a threshold aims at, out of fold
OWN = 0.5  # share of a language's own threshold; the rest is the common one


def read_all(messages: list[Message]) -> list[Reading]:
    """Each message as the vocabulary reads it."""
    return [understand(read(m.text)) for m in messages]


def met(readings: list[Reading], rows: np.ndarray) -> frozenset[str]:
    """Stems of words and Chinese characters that the chosen messages have more than once."""
    seen = Counter(stem for at in np.flatnonzero(rows) for stem in stems_of(readings[at]))
    return frozenset(stem for stem, times in seen.items() if times >= RARE_GRAM)


def stems_of(reading: Reading) -> set[str]:
    """The stems of one message's words; digits and signs are no words."""
    return {token.stem for token in reading.text.tokens if token.is_word}


class Table:
    """All messages as two sparse matrices: n-gram counts and concept features."""

    def __init__(
        self, messages: list[Message], readings: list[Reading], stems: frozenset[str]
    ) -> None:
        texts = [r.weighed(stems) for r in readings]
        features = [r.features(text) for r, text in zip(readings, texts, strict=True)]
        self.names = sorted({name for f in features for name in f})
        column = {name: i for i, name in enumerate(self.names)}
        self.concepts = matrix(
            [{column[n]: v for n, v in f.items()} for f in features], len(column)
        )
        slots = [counts(text) for text in texts]
        self.grams = matrix([{s: 1 + np.log(n) for s, n in c.items()} for c in slots], SLOTS)
        self.yes = np.array([m.interrupt for m in messages])
        self.author = np.array([m.author for m in messages])
        self.written = np.array([m.language for m in messages])
        self.guessed = np.array([r.language for r in readings])


def matrix(rows: list[dict[int, float]], width: int) -> sparse.csr_matrix:
    """Rows of {column: value} as a sparse matrix of that width."""
    values = [v for row in rows for v in row.values()]
    places = ([i for i, row in enumerate(rows) for _ in row], [c for row in rows for c in row])
    return sparse.csr_matrix((values, places), shape=(len(rows), width))


class Fitted:
    """A trained model in full precision: idf and weight by slot, weight by concept, bias."""

    def __init__(self, table: Table, rows: np.ndarray) -> None:
        seen = np.asarray((table.grams[rows] > 0).sum(axis=0)).ravel()
        idf = np.log((1 + rows.sum()) / (1 + seen)) + 1
        self.idf = np.where(seen >= RARE_GRAM, idf, 0.0)
        known = np.asarray((table.concepts[rows] > 0).sum(axis=0)).ravel() >= RARE_CONCEPT
        self.scale = CONCEPT_SCALE * known
        line = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=1000)
        line.fit(self.transform(table, rows), table.yes[rows])
        self.weight = line.coef_[0][:SLOTS]
        self.concept_weight = line.coef_[0][SLOTS:] * self.scale
        self.bias = float(line.intercept_[0])

    def transform(self, table: Table, rows: np.ndarray) -> sparse.csr_matrix:
        """Scaled features of the chosen rows, n-grams first."""
        grams = normalize(table.grams[rows].multiply(self.idf).tocsr())
        return sparse.hstack([grams, table.concepts[rows].multiply(self.scale)]).tocsr()

    def scores(self, table: Table, rows: np.ndarray) -> np.ndarray:
        """Log-odds of the chosen rows."""
        grams = normalize(table.grams[rows].multiply(self.idf).tocsr()) @ self.weight
        return grams + table.concepts[rows] @ self.concept_weight + self.bias


def out_of_fold(messages: list[Message], readings: list[Reading]) -> np.ndarray:
    """Each judged author's messages scored by a model of all others; NaN for other authors."""
    scores = np.full(len(messages), np.nan)
    for author in JUDGED:
        left_out = np.array([m.author == author for m in messages])
        table = Table(messages, readings, met(readings, ~left_out))
        scores[left_out] = Fitted(table, ~left_out).scores(table, left_out)
    return scores


def threshold(scores: np.ndarray, yes: np.ndarray) -> float:
    """Low enough for the catch aimed at; lower still while false alarms stay within their aim."""
    enough = np.quantile(scores[yes], 1 - CAUGHT)
    affordable = np.quantile(scores[~yes], 1 - FALSE_ALARMS)
    return float(min(enough, affordable))


def thresholds(table: Table, scores: np.ndarray, use: np.ndarray) -> dict[str, float]:
    """By language, from out-of-fold scores of the rows in `use`."""
    common = threshold(scores[use], table.yes[use])
    chosen = {}
    for code in LANGUAGES:
        rows = use & (table.written == code)
        chosen[code] = OWN * threshold(scores[rows], table.yes[rows]) + (1 - OWN) * common
    return chosen


def judged(table: Table) -> np.ndarray:
    """Which rows belong to authors that are left out in turn."""
    return np.isin(table.author, JUDGED)


def decided(table: Table, scores: np.ndarray) -> np.ndarray:
    """Out-of-fold decisions: for each author, thresholds come from the other authors' scores."""
    answer = np.zeros(len(scores), dtype=bool)
    for author in JUDGED:
        rows = table.author == author
        limits = thresholds(table, scores, judged(table) & ~rows)
        answer[rows] = scores[rows] >= np.array([limits[g] for g in table.guessed[rows]])
    return answer
