"""A smooth surface over what texts mean and their traits: what no straight line says of them.

Radial basis functions around landmarks, which are centres of clusters of texts (the Nystroem way to a
Gaussian kernel). A text's place is the mean of its words' vectors, once with rare words counting for more and
once with all alike, beside its traits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from predictors.copy_effect.meanings import Meanings, in_steps, of_steps
from predictors.interface import FloatArray, UnusableModel
from predictors.persistence import array_bytes, array_from

__all__ = ["Landmarks", "Surface", "choose_landmarks", "surface_from_parts", "surface_parts"]

LANDMARKS = 300
EACH = 10  # texts for each landmark, at least
NEAR = 0.3  # how fast likeness falls with the square of a distance
# Share of all words at which a word counts for half (smooth inverse frequency, Arora, Liang and Ma 2017).
RARE = 1e-3
TRAITS = 0.5  # spread of the traits of texts, where that of each kind of meaning is 1
STEPS = 10  # of clustering
# Texts at a time, always as many: how a product of matrices rounds depends on their size.
BLOCK = 32


@dataclass(frozen=True)
class Landmarks:
    """Where texts lie, and L landmarks among them.

    vectors: (V, k) of V words; rarity: (V,) how much each counts; middle: (2 k + q,) and size (3,) of the
    three kinds of coordinates; centres: (L, 2 k + q).
    """

    words: Mapping[str, int]
    vectors: FloatArray
    rarity: FloatArray
    middle: FloatArray
    size: FloatArray
    centres: FloatArray

    def near(self, read: Sequence[Sequence[str]], traits: FloatArray) -> FloatArray:
        """(n, L) likeness of n texts to each landmark, 1 at it; traits: (n, q), in spreads."""
        places = (_raw(read, self.words, self.vectors, self.rarity, traits) - self.middle) * self._scale()
        return _likeness(places, self.centres)

    def _scale(self) -> FloatArray:
        width = self.vectors.shape[1]
        return np.repeat(self.size, [width, width, len(self.middle) - 2 * width])


@dataclass(frozen=True)
class Surface:
    """Landmarks, and what likeness to each is worth: (L,)."""

    landmarks: Landmarks
    values: FloatArray

    def of(self, read: Sequence[Sequence[str]], traits: FloatArray) -> FloatArray:
        """(n,) what the surface says of n texts, by their words and their traits in spreads.

        Of each the same, to the last bit, whatever others are asked about with it.
        """
        found = np.empty(len(read))
        for start in range(0, len(read), BLOCK):
            end = min(start + BLOCK, len(read))
            missing = BLOCK - (end - start)
            texts = [*read[start:end], *[()] * missing]
            padded = np.vstack([traits[start:end], np.zeros((missing, traits.shape[1]))])
            near = self.landmarks.near(texts, padded)
            found[start:end] = (near * self.values).sum(axis=1)[: end - start]
        return found


def choose_landmarks(
    read: Sequence[Sequence[str]], traits: FloatArray, meanings: Meanings
) -> tuple[Landmarks, FloatArray] | None:
    """Landmarks among n texts, and (L, r) weights that make of likeness to them the coordinates of a ridge;
    None where texts are too few or all alike.
    """
    many = min(LANDMARKS, len(read) // EACH)
    if many < 2:
        return None
    counted = Counter(word for words in read for word in words if word in meanings.words)
    total = max(counted.total(), 1)
    rarity = np.array([RARE / (RARE + counted[word] / total) for word in meanings.words])
    raw = _raw(read, meanings.words, meanings.vectors, rarity, traits)
    middle, width = raw.mean(axis=0), meanings.vectors.shape[1]
    kinds = np.split(raw - middle, [width, 2 * width], axis=1)
    spread = [math.sqrt(float((kind**2).sum()) / len(raw)) for kind in kinds]
    size = np.array([1.0, 1.0, TRAITS]) * [1 / one if one > 1e-9 else 0.0 for one in spread]
    bare = Landmarks(meanings.words, meanings.vectors, rarity, middle, size, np.zeros((0, raw.shape[1])))
    places = (raw - middle) * bare._scale()
    centres = _clustered(places, places[np.random.default_rng(0).permutation(len(places))[:many]])
    roots, axes = np.linalg.eigh(_likeness(centres, centres))
    kept = roots > 1e-6 * roots.max()
    landmarks = Landmarks(meanings.words, meanings.vectors, rarity, middle, size, centres)
    return landmarks, axes[:, kept] / np.sqrt(roots[kept])


def surface_parts(surface: Surface | None) -> dict[str, bytes]:
    """The parts of a surface, none for none; its words are those of the line."""
    if surface is None:
        return {}
    own = surface.landmarks
    return {
        "surface.vectors.npy": array_bytes(in_steps(own.vectors)),
        "surface.rarity.npy": array_bytes(own.rarity.astype(np.float16)),
        "surface.middle.npy": array_bytes(own.middle),
        "surface.size.npy": array_bytes(own.size),
        "surface.centres.npy": array_bytes(own.centres.astype(np.float16)),
        "surface.values.npy": array_bytes(surface.values),
    }


def surface_from_parts(parts: Mapping[str, bytes], words: Sequence[str], traits: int) -> Surface | None:
    """The surface that `surface_parts` took apart; words: those of the line; traits: how many it looks at.

    Raises:
        UnusableModel: the parts do not belong together.
    """
    if "surface.values.npy" not in parts:
        return None
    vectors = of_steps(array_from(parts["surface.vectors.npy"]))
    rarity, middle, size, centres, values = (
        array_from(parts[f"surface.{name}.npy"]).astype(float)
        for name in ("rarity", "middle", "size", "centres", "values")
    )
    fits = (
        vectors.ndim == 2
        and len(words) == len(vectors) == len(rarity)
        and centres.shape == (len(values), len(middle))
        and size.shape == (3,)
        and len(middle) == 2 * vectors.shape[1] + traits
    )
    if not fits:
        raise UnusableModel("the parts of a saved surface do not belong together")
    places = {word: place for place, word in enumerate(words)}
    return Surface(Landmarks(places, vectors, rarity, middle, size, centres), values)


def _raw(
    read: Sequence[Sequence[str]],
    words: Mapping[str, int],
    vectors: FloatArray,
    rarity: FloatArray,
    traits: FloatArray,
) -> FloatArray:
    """(n, 2 k + q) coordinates before they are centred and scaled."""
    width = vectors.shape[1]
    found = np.zeros((len(read), 2 * width + traits.shape[1]))
    for place, own in enumerate(read):
        at = [words[word] for word in own if word in words]
        if at:
            weight, company = rarity[at], vectors[at]
            found[place, :width] = weight @ company / np.sqrt(weight @ weight)
            found[place, width : 2 * width] = company.sum(axis=0) / math.sqrt(len(at))
    found[:, 2 * width :] = traits
    return found


def _clustered(places: FloatArray, centres: FloatArray) -> FloatArray:
    """(L, d) centres after a few steps of Lloyd's; one that nothing is near stays where it is."""
    from scipy.sparse import csr_matrix

    for _ in range(STEPS):
        nearest = np.argmin((centres**2).sum(axis=1) - 2 * places @ centres.T, axis=1)
        where = (nearest, np.arange(len(places)))
        member = csr_matrix((np.ones(len(places)), where), (len(centres), len(places)))
        size = np.bincount(nearest, minlength=len(centres))[:, None]
        centres = np.where(size > 0, member @ places / np.maximum(size, 1), centres)
    return centres


def _likeness(places: FloatArray, centres: FloatArray) -> FloatArray:
    apart = (places**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1) - 2 * places @ centres.T
    return np.asarray(np.exp(-NEAR * np.maximum(apart, 0.0)))
