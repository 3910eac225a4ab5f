"""What words mean, learned from text alone: words that keep the same company get near vectors.

Positive pointwise mutual information with smoothed contexts, factored by SVD (Levy, Goldberg and Dagan 2015).
Outcomes of tests are never looked at, so that a word no test has seen can lean on its neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from predictors.copy_effect.reading import words_of
from predictors.interface import FloatArray, UnusableModel
from predictors.persistence import array_bytes, array_from, read_manifest, with_manifest

__all__ = ["Meanings", "in_steps", "learn_meanings", "of_steps", "shipped_meanings"]

FORMAT = "word-meanings-1"
WINDOW = 5  # words to either side that are a word's company; the further, the less
RAREST = 5  # words that occur less often have no vector
FEWEST = 10  # words; fewer keep no company to tell them by
SMOOTHING = 0.75
DIMENSIONS = 200
STEPS = 127  # of a coordinate, as saved


@dataclass(frozen=True)
class Meanings:
    """words: word -> place; vectors: (V, k), rows of length 1."""

    words: Mapping[str, int]
    vectors: FloatArray

    def to_parts(self, about: Mapping[str, str]) -> dict[str, bytes]:
        """As named parts; a coordinate is kept in 127 steps of its vector's largest."""
        parts = {
            "words.txt": "\n".join(self.words).encode(),
            "vectors.npy": array_bytes(in_steps(self.vectors)),
        }
        return with_manifest(parts, {"format": FORMAT, **about})

    @classmethod
    def from_parts(cls, parts: Mapping[str, bytes]) -> Meanings:
        """What `to_parts` gave.

        Raises:
            UnusableModel: a part is missing, damaged or of another format.
        """
        read_manifest(parts, FORMAT)
        words = parts["words.txt"].decode().split("\n")
        vectors = of_steps(array_from(parts["vectors.npy"]))
        if len(words) != len(vectors):
            raise UnusableModel(f"{len(words)} words have {len(vectors)} vectors")
        return cls({word: place for place, word in enumerate(words)}, vectors)


def in_steps(vectors: FloatArray) -> npt.NDArray[np.int8]:
    """(V, k) coordinates as whole steps, 127 to the largest of each vector."""
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True, initial=0), 1e-12)
    steps: npt.NDArray[np.int8] = np.rint(vectors / largest * STEPS).astype(np.int8)
    return steps


def of_steps(steps: npt.NDArray[Any]) -> FloatArray:
    """(V, k) vectors of length 1 that `in_steps` rounded."""
    coordinates = steps.astype(float)
    return np.asarray(coordinates / np.maximum(np.linalg.norm(coordinates, axis=1, keepdims=True), 1e-12))


@cache
def shipped_meanings() -> Meanings:
    """The vectors that come with the package, of English words."""
    from predictors.copy_effect.saved import read_zip

    return Meanings.from_parts(
        read_zip(files("predictors.copy_effect").joinpath("meanings.zip").read_bytes())
    )


def learn_meanings(texts: Iterable[str], *, dimensions: int = DIMENSIONS, seed: int = 0) -> Meanings:
    """Vectors of the words that occur at least five times in the texts; none where those are a handful."""
    from scipy.sparse.linalg import svds

    read = [words_of(text) for text in texts]
    counted = Counter(word for words in read for word in words)
    known = [word for word, times in counted.most_common() if times >= RAREST]
    if len(known) < FEWEST:
        return Meanings({}, np.zeros((0, dimensions)))
    places = {word: place for place, word in enumerate(known)}
    matrix = _association(_company(read, places))
    u, s, _ = svds(matrix, k=min(dimensions, len(known) - 2), random_state=np.random.default_rng(seed))
    order = np.argsort(-s)
    vectors = u[:, order] * np.sqrt(s[order])
    return Meanings(places, vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def _company(read: Iterable[list[str]], places: Mapping[str, int]) -> Any:
    """(V, V) sparse: how often and how near words stand by each other."""
    from scipy.sparse import coo_matrix

    of: list[npt.NDArray[np.int64]] = []
    beside: list[npt.NDArray[np.int64]] = []
    near: list[FloatArray] = []
    for words in read:
        row = np.array([places.get(word, -1) for word in words], dtype=np.int64)
        for distance in range(1, WINDOW + 1):
            one, other = row[distance:], row[:-distance]
            both = (one >= 0) & (other >= 0)
            of.append(one[both])
            beside.append(other[both])
            near.append(np.full(int(both.sum()), 1 / distance))
    shape = (len(places), len(places))
    counted = coo_matrix(
        (np.concatenate(near), (np.concatenate(of), np.concatenate(beside))), shape=shape
    ).tocsr()
    return counted + counted.T


def _association(counted: Any) -> Any:
    """(V, V) sparse: how much more often than by chance, in the log, where more."""
    from scipy.sparse import coo_matrix

    total = np.asarray(counted.sum(axis=1)).ravel() + 1e-12
    context = total**SMOOTHING / (total**SMOOTHING).sum()
    entries = counted.tocoo()
    strength = np.log(entries.data / (total[entries.row] * context[entries.col]))
    kept = strength > 0
    return coo_matrix((strength[kept], (entries.row[kept], entries.col[kept])), shape=counted.shape).tocsr()
