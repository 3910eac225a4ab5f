"""The columns that a line over texts is learned from, and what is kept of them to score a text.

A straight line over sums of word vectors is itself a value for each word; only the surface looks at vectors.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from predictors.copy_effect.meanings import Meanings
from predictors.copy_effect.reading import terms_of, words_of
from predictors.copy_effect.surface import Landmarks, Surface, choose_landmarks
from predictors.interface import FloatArray, UnusableTrainingData

__all__ = ["Design", "Embed", "Line", "Values", "design_of", "values_of", "word_values"]

Embed = Callable[[Sequence[str]], FloatArray]
# How large each kind of column is beside the others, which is how freely the ridge lets it speak.
WORDS, CHARACTERS, MEANING, SUM, TRAIT, SURFACE, EMBEDDING = 0.04, 0.015, 1.2, 0.36, 0.1, 1.7, 0.5
RAREST_WORDS, RAREST_CHARACTERS, SMALL = 3, 5, 300  # texts a term is in; fewer texts than SMALL: two
FARTHEST = 4.0  # spreads from the usual that a trait counts for


@dataclass(frozen=True)
class Line:
    """A line over texts: straight but for the surface.

    terms: n-gram -> value for each (1 + log) time it occurs; words: word -> (value over the square root of
    how many words are known, value); traits: (q,) for each spread from the `centre`; embedding: (k,).
    surface: None where texts were too few for one.
    """

    terms: Mapping[str, float]
    words: Mapping[str, tuple[float, float]]
    traits: FloatArray
    centre: FloatArray
    spread: FloatArray
    embedding: FloatArray
    embedding_centre: FloatArray
    surface: Surface | None

    def spreads(self, traits: FloatArray) -> FloatArray:
        """(n, q) traits as spreads from the usual, none too far."""
        return _spreads(traits, self.centre, self.spread)


@dataclass(frozen=True)
class Values:
    """What a line says of n texts: total (n,); familiar: (n,) share of the words that it has met."""

    total: FloatArray
    familiar: FloatArray


@dataclass(frozen=True)
class Design:
    """Columns of n texts: sparse (n, V) and dense (n, k), and how they were made."""

    sparse: Any
    dense: npt.NDArray[np.float32]  # what takes the time of learning is reading these
    terms: tuple[str, ...]
    scale: FloatArray
    meanings: Meanings
    centre: FloatArray
    spread: FloatArray
    embedding_centre: FloatArray
    landmarks: Landmarks | None
    axes: FloatArray  # (L, r) likeness to landmarks -> columns

    def score(self, weights: FloatArray) -> FloatArray:
        """(n,) what (V + k,) weights say of the texts of training."""
        width = len(self.terms)
        return np.asarray(self.sparse @ weights[:width] + self.dense @ weights[width:].astype(np.float32))

    def line(self, weights: FloatArray) -> Line:
        """What (V + k,) weights say of a text, without the columns of training."""
        sparse, dense = np.split(weights, [len(self.terms)])
        k, q = self.meanings.vectors.shape[1], len(self.centre)
        mean, total, traits, bend, embedding = np.split(dense, np.cumsum([k, k, q, self.axes.shape[1]]))
        by_mean = MEANING * self.meanings.vectors @ mean
        by_sum = SUM * self.meanings.vectors @ total
        values = sparse * self.scale
        return Line(
            {term: float(value) for term, value in zip(self.terms, values, strict=True) if value},
            {word: (float(by_mean[at]), float(by_sum[at])) for word, at in self.meanings.words.items()},
            TRAIT * traits,
            self.centre,
            self.spread,
            EMBEDDING * embedding,
            self.embedding_centre,
            Surface(self.landmarks, SURFACE * self.axes @ bend) if self.landmarks else None,
        )


def values_of(line: Line, texts: Sequence[str], traits: FloatArray, embed: Embed | None) -> Values:
    """What a line says of n texts; traits: (n, q) theirs."""
    read, spreads = [words_of(text) for text in texts], line.spreads(traits)
    total, familiar = (spreads * line.traits).sum(axis=1), np.zeros(len(texts))
    for place, (text, words) in enumerate(zip(texts, read, strict=True)):
        total[place] += sum(value for _, value in word_values(line, text, words))
        spoken = [word for word in words if word[0].isalnum()]
        familiar[place] = sum(f"1{word}" in line.terms for word in spoken) / max(len(spoken), 1)
    if line.surface is not None and len(texts):
        total += line.surface.of(read, spreads)
    if embed is not None and len(texts):
        total += (_embedded(texts, embed) - line.embedding_centre) @ line.embedding
    return Values(total, familiar)


def word_values(line: Line, text: str, words: Sequence[str]) -> list[tuple[str, float]]:
    """N-grams and words of a text that have a value, and it; a word by its meaning is `m` and the word."""
    terms = line.terms
    told = [
        (term, value if times == 1 else value * (1 + math.log(times)))
        for term, times in terms_of(text, words).items()
        if (value := terms.get(term)) is not None
    ]
    known = [line.words[word] for word in words if word in line.words]
    root = math.sqrt(len(known)) or 1.0
    named = (word for word in words if word in line.words)
    return told + [
        (f"m{word}", mean / root + total) for word, (mean, total) in zip(named, known, strict=True)
    ]


def design_of(texts: Sequence[str], traits: FloatArray, meanings: Meanings, embed: Embed | None) -> Design:
    """The columns of texts, from which `Design.line` learns what it keeps; traits: (n, q) theirs."""
    from scipy.sparse import csr_matrix

    read = [words_of(text) for text in texts]
    counted = [terms_of(text, words) for text, words in zip(texts, read, strict=True)]
    spread_over = Counter(term for one in counted for term in one)
    kept = {term: times for term, times in spread_over.items() if times >= _fewest(term, len(texts))}
    places = {term: place for place, term in enumerate(sorted(kept))}
    scale = np.array([_scale(term) * (1 + math.log((1 + len(texts)) / (1 + kept[term]))) for term in places])
    columns, values, starts = [], [], [0]
    for one in counted:
        own = [(places[term], 1 + math.log(times)) for term, times in one.items() if term in places]
        columns += [at for at, _ in own]
        values += [value * scale[at] for at, value in own]
        starts.append(len(columns))
    sparse = csr_matrix((values, columns, starts), shape=(len(texts), len(places)))
    centre, spread = traits.mean(axis=0), np.maximum(traits.std(axis=0), 1e-9)
    spread[traits.std(axis=0) < 1e-9] = np.inf  # a trait that no text differs in says nothing
    embedded = np.zeros((len(texts), 0)) if embed is None else _embedded(texts, embed)
    pooled, summed = _pooled(read, meanings)
    spreads = _spreads(traits, centre, spread)
    landmarks, axes = choose_landmarks(read, spreads, meanings) or (None, np.zeros((0, 0)))
    bend = landmarks.near(read, spreads) @ axes if landmarks else np.zeros((len(texts), 0))
    dense = np.hstack(
        [
            MEANING * pooled,
            SUM * summed,
            TRAIT * spreads,
            SURFACE * (bend - bend.mean(axis=0)),
            EMBEDDING * (embedded - embedded.mean(axis=0)),
        ]
    ).astype(np.float32)
    about = (meanings, centre, spread, embedded.mean(axis=0), landmarks, axes)
    return Design(sparse, dense, tuple(places), scale, *about)


def _spreads(traits: FloatArray, centre: FloatArray, spread: FloatArray) -> FloatArray:
    return np.clip((traits - centre) / spread, -FARTHEST, FARTHEST)


def _embedded(texts: Sequence[str], embed: Embed) -> FloatArray:
    """(n, k) of an embedding.

    Raises:
        UnusableTrainingData: it is not one row of finite numbers for each text.
    """
    found = np.asarray(embed(list(texts)), dtype=float)
    if found.ndim != 2 or len(found) != len(texts) or not np.isfinite(found).all():
        raise UnusableTrainingData(
            f"embed: expected ({len(texts)}, k) finite numbers, one row for each text, received {found.shape}"
            f" with {int((~np.isfinite(found)).sum())} that are not finite"
        )
    return found


def _fewest(term: str, texts: int) -> int:
    return 2 if texts < SMALL else RAREST_CHARACTERS if term[0] == "c" else RAREST_WORDS


def _scale(term: str) -> float:
    return CHARACTERS if term[0] == "c" else WORDS


def _pooled(read: Sequence[Sequence[str]], meanings: Meanings) -> tuple[FloatArray, FloatArray]:
    summed = np.zeros((len(read), meanings.vectors.shape[1]))
    known = np.ones(len(read))
    for place, words in enumerate(read):
        at = [meanings.words[word] for word in words if word in meanings.words]
        if at:
            summed[place] = meanings.vectors[at].sum(axis=0)
            known[place] = len(at)
    return summed / np.sqrt(known)[:, None], summed
