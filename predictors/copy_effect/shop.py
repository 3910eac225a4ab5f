"""What may be said of one shop's messages: the general model, damped, and what its own campaigns taught.

A Gaussian process over messages. The general model's word counts as far as `weight` says, which is assumed to
be small until the shop's outcomes move it; beside it, messages that share words share what the shop learned
of them. With no campaigns it is the damped general model; with many, mostly the shop's own. Average is then
the message that the shop's customers were usually sent: what is expected of them was learned from those.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from predictors.copy_effect.contests import EVEN, check_counts
from predictors.copy_effect.design import Embed
from predictors.copy_effect.predictor import QUANTILE, CopyEffect, require_texts, win_probability
from predictors.copy_effect.reading import words_of
from predictors.interface import CopyReason, FloatArray, UnusableModel
from predictors.persistence import MANIFEST, content_version, json_bytes, read_manifest, with_manifest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ShopCopyEffect"]

FORMAT = "shop-copy-effect-1"
GENERAL = "general/"
# What is assumed of the general model's weight in a shop: news headlines are not product copy, and no shop's
# campaigns stand behind any other figure. Mean and standard deviation.
WEIGHT, WEIGHT_DOUBT = 0.25, 0.25
# Standard deviation of what a campaign's time and audience do to all its messages alike.
CAMPAIGN = 0.5
# Variances of what a shop's own words do, and of what words never explain: the mean of these, each weighed by
# how likely it makes what the campaigns did.
OWN = (0.005, 0.01, 0.02, 0.04, 0.08)
ARM = (0.0025, 0.01, 0.04, 0.1)
USUAL = (0.02, 0.02)  # with no campaigns
MOST = 1_500  # messages that are learned from, those seen by most


@dataclass(frozen=True)
class _Arms:
    """n past messages. gap: (n,) log of the clicks over those expected; variance: (n,) of it by chance of the
    count; people: (n,) how many were sent it.
    """

    texts: tuple[str, ...]
    tests: tuple[str, ...]
    gap: FloatArray
    variance: FloatArray
    people: FloatArray


class ShopCopyEffect:
    """Texts to the log appeal of a shop's messages; made by `CopyEffect.for_shop`."""

    def __init__(self, general: CopyEffect, arms: _Arms, own: float, arm: float) -> None:
        self._general, self._arms, self._own, self._arm = general, arms, own, arm
        self._said = general.predict(arms.texts)
        self._terms = [_unit(text) for text in arms.texts]
        self._solve, self._pull = _posterior(arms, self._said, self._terms, own, arm)
        self._usual = 0.0
        if arms.texts:
            self._usual = float(np.average(self.predict(arms.texts), weights=arms.people))

    @classmethod
    def fit(cls, general: CopyEffect, counts: pd.DataFrame | None) -> ShopCopyEffect:
        """counts: [test_id, text, impressions, clicks], test_id = campaign, and where it is known `expected`:
        the click rate to expect of these customers whatever the words; None or no row = no campaigns.

        Raises:
            UnusableTrainingData: a column or value that cannot be used.
        """
        arms = _read(counts)
        if not arms.texts:
            return cls(general, arms, *USUAL)
        said, terms = general.predict(arms.texts), [_unit(text) for text in arms.texts]
        tried = [(own, arm) for own in OWN for arm in ARM]
        evidence = np.array([_evidence(arms, said, terms, *one) for one in tried])
        weight = np.exp(evidence - evidence.max())
        own, arm = (weight / weight.sum()) @ np.array(tried)
        return cls(general, arms, float(own), float(arm))

    def predict(self, texts: Sequence[str]) -> FloatArray:
        """(n,) log appeal relative to an average text; exp of it is a factor on the click rate."""
        return self._judged(texts)[0]

    def interval(self, texts: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        """90 % interval of what `predict` says: low (n,), high (n,)."""
        mean, variance = self._judged(texts)
        width = QUANTILE * np.sqrt(variance)
        return mean - width, mean + width

    def compare(self, a: Sequence[str], b: Sequence[str]) -> FloatArray:
        """(n,) probability that each text of `a` draws more clicks in this shop than that of `b`."""
        require_texts(a)
        require_texts(b)
        if len(a) != len(b):
            raise ValueError(f"expected as many texts in b as in a, received {len(b)} for {len(a)}")
        one, other = self._general.predict(a), self._general.predict(b)
        near = self._near(a, one) - self._near(b, other)
        gap = WEIGHT * (one - other) + near @ self._pull
        alike = np.array([_shared(_unit(x), _unit(y)) for x, y in zip(a, b, strict=True)])
        before = WEIGHT_DOUBT**2 * (one - other) ** 2 + 2 * self._own * (1 - alike)
        variance = before - np.einsum("ij,jk,ik->i", near, self._solve, near)
        return win_probability(gap, variance, same=[x == y for x, y in zip(a, b, strict=True)])

    def why(self, text: str) -> tuple[CopyReason, ...]:
        """Phrases and traits that raise or lower the appeal of a text, strongest first."""
        effects: dict[tuple[str, bool], float] = {}
        for one in self._general.why(text):
            effects[one.phrase, one.trait] = self.weight[0] * one.effect
        for term, value in _unit(text).items():
            by_term = sum(
                pull * terms.get(term, 0.0) for pull, terms in zip(self._pull, self._terms, strict=True)
            )
            if by_term:
                effects[term, False] = effects.get((term, False), 0.0) + self._own * value * by_term
        found = [CopyReason(phrase, trait, effect) for (phrase, trait), effect in effects.items() if effect]
        return tuple(sorted(found, key=lambda one: (-abs(one.effect), one.phrase)))

    @property
    def weight(self) -> tuple[float, float, float]:
        """Of the general model in this shop: mean, and a 90 % interval."""
        pull = WEIGHT_DOUBT**2 * self._said
        mean = WEIGHT + float(pull @ self._pull)
        width = QUANTILE * math.sqrt(max(WEIGHT_DOUBT**2 - float(pull @ self._solve @ pull), 0.0))
        return mean, mean - width, mean + width

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the shop's campaigns say of the general model: plain data."""
        mean, low, high = self.weight
        return {
            "messages": len(self._arms.texts),
            "campaigns": len(set(self._arms.tests)),
            "weight_of_general_model": mean,
            "weight_low": low,
            "weight_high": high,
        }

    @property
    def version(self) -> str:
        """The same if and only if the model is."""
        return content_version(self._parts(), "shop-copy")

    def to_parts(self) -> dict[str, bytes]:
        """The model as named parts under checksums, the general one among them."""
        return with_manifest(self._parts(), {"format": FORMAT, "version": self.version})

    @staticmethod
    def holds(parts: Mapping[str, bytes]) -> bool:
        """Whether parts are those of a shop's model."""
        return GENERAL + MANIFEST in parts

    @classmethod
    def from_parts(cls, parts: Mapping[str, bytes], *, embed: Embed | None = None) -> ShopCopyEffect:
        """The model that `to_parts` gave.

        Raises:
            UnusableModel: a part is missing, damaged or of another format.
        """
        read_manifest(parts, FORMAT)
        inner = {name.removeprefix(GENERAL): part for name, part in parts.items() if name.startswith(GENERAL)}
        general = CopyEffect.from_parts(inner, embed=embed)
        try:
            saved = json.loads(parts["shop.json"])
            arms = _Arms(
                tuple(map(str, saved["texts"])),
                tuple(map(str, saved["tests"])),
                np.array(saved["gap"], dtype=float),
                np.array(saved["variance"], dtype=float),
                np.array(saved["people"], dtype=float),
            )
            return cls(general, arms, float(saved["own"]), float(saved["arm"]))
        except (KeyError, TypeError, ValueError) as error:
            raise UnusableModel(f"saved parts do not make a model: {error}") from error

    def _parts(self) -> dict[str, bytes]:
        arms = self._arms
        saved = {
            "texts": arms.texts,
            "tests": arms.tests,
            "gap": arms.gap.tolist(),
            "variance": arms.variance.tolist(),
            "people": arms.people.tolist(),
            "own": self._own,
            "arm": self._arm,
        }
        general = {GENERAL + name: part for name, part in self._general.to_parts().items()}
        return {**general, "shop.json": json_bytes(saved)}

    def _near(self, texts: Sequence[str], said: FloatArray) -> FloatArray:
        """(n, arms) how far each past message speaks for each text."""
        shared = np.array([[_shared(own, past) for past in self._terms] for own in map(_unit, texts)])
        shape = (len(texts), len(self._terms))
        return WEIGHT_DOUBT**2 * np.outer(said, self._said) + self._own * shared.reshape(shape)

    def _judged(self, texts: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        said = self._general.predict(texts)
        near = self._near(texts, said)
        before = WEIGHT_DOUBT**2 * said**2 + self._own
        variance = before - np.einsum("ij,jk,ik->i", near, self._solve, near)
        return WEIGHT * said + near @ self._pull - self._usual, np.maximum(variance, 1e-6)


def _read(counts: pd.DataFrame | None) -> _Arms:
    if counts is None or not len(counts):
        return _Arms((), (), np.zeros(0), np.zeros(0), np.zeros(0))
    table = check_counts(counts)
    if "expected" not in table:
        clicks = table.groupby("test_id")["clicks"].transform("sum")
        people = table.groupby("test_id")["impressions"].transform("sum")
        table = table.assign(expected=clicks / people.where(people > 0, 1.0))
    table = table.assign(hoped=table["impressions"] * table["expected"].astype(float))
    added = (
        table.groupby(["test_id", "text"], sort=True)[["impressions", "clicks", "hoped"]].sum().reset_index()
    )
    added = added[(added["impressions"] > 0) & np.isfinite(added["hoped"])]
    added = added.nlargest(MOST, "impressions", keep="first").sort_index()
    clicks, hoped = added["clicks"].to_numpy(dtype=float), added["hoped"].to_numpy(dtype=float)
    return _Arms(
        tuple(added["text"]),
        tuple(map(str, added["test_id"])),
        np.log((clicks + EVEN) / (hoped + EVEN)),
        1 / (clicks + EVEN),
        added["impressions"].to_numpy(dtype=float),
    )


def _unit(text: str) -> dict[str, float]:
    """Words and pairs of neighbours of a text, as a vector of length 1."""
    words = [word for word in words_of(text) if word[0].isalnum()]
    counted = Counter([*words, *(f"{one} {other}" for one, other in pairwise(words))])
    length = math.sqrt(sum(times**2 for times in counted.values())) or 1.0
    return {term: times / length for term, times in counted.items()}


def _shared(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other[term] for term, value in one.items() if term in other)


def _covariance(
    arms: _Arms, said: FloatArray, terms: Sequence[Mapping[str, float]], own: float, arm: float
) -> FloatArray:
    shared = np.array([[_shared(one, other) for other in terms] for one in terms]).reshape(len(terms), -1)
    tests = np.array(arms.tests, dtype=object)
    together = (tests[:, None] == tests[None, :]).astype(float)
    return np.asarray(
        WEIGHT_DOUBT**2 * np.outer(said, said)
        + own * shared
        + CAMPAIGN**2 * together
        + np.diag(arm + arms.variance)
    )


def _posterior(
    arms: _Arms, said: FloatArray, terms: Sequence[Mapping[str, float]], own: float, arm: float
) -> tuple[FloatArray, FloatArray]:
    """The inverse covariance of the arms, and its product with what the damped general model leaves."""
    if not arms.texts:
        return np.zeros((0, 0)), np.zeros(0)
    solve = np.asarray(np.linalg.inv(_covariance(arms, said, terms, own, arm)), dtype=float)
    return solve, solve @ (arms.gap - WEIGHT * said)


def _evidence(
    arms: _Arms, said: FloatArray, terms: Sequence[Mapping[str, float]], own: float, arm: float
) -> float:
    """Log marginal likelihood of the arms, but for a constant."""
    covariance, left = _covariance(arms, said, terms, own, arm), arms.gap - WEIGHT * said
    _, volume = np.linalg.slogdet(covariance)
    return float(-(volume + left @ np.linalg.solve(covariance, left)) / 2)
