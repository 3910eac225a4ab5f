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
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from predictors.copy_effect.contests import EVEN, check_counts
from predictors.copy_effect.design import Embed
from predictors.copy_effect.predictor import QUANTILE, CopyEffect, require_as_many, win_probability
from predictors.copy_effect.reading import words_of
from predictors.copy_effect.reasons import strongest
from predictors.copy_effect.saved import write_zip
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
USUAL = (0.02, 0.04)  # with no campaigns
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

    def require_sound(self) -> None:
        """Refuse what no shop's messages can be.

        Raises:
            UnusableModel: columns of other lengths, or values that are no number, or below 0.
        """
        columns = (self.gap, self.variance, self.people)
        sound = all(one.shape == (len(self.texts),) and np.isfinite(one).all() for one in columns)
        if not sound or len(self.tests) != len(self.texts):
            raise UnusableModel("saved messages of a shop are not one number each")
        if (self.variance <= 0).any() or (self.people <= 0).any():
            raise UnusableModel("saved messages of a shop have a variance and readers, above 0")


class ShopCopyEffect:
    """Texts to the log appeal of a shop's messages; made by `CopyEffect.for_shop`."""

    def __init__(self, general: CopyEffect, arms: _Arms, own: float, arm: float) -> None:
        self._general, self._arms, self._own, self._arm = general, arms, own, arm
        said = general.predict(arms.texts)
        self._centre = _mean(said, arms)
        self._said = said - self._centre
        self._terms = _Terms(arms.texts)
        self._solve = _inverse(arms, self._said, self._terms.shared, own, arm)
        self._pull = self._solve @ (arms.gap - WEIGHT * self._said)
        near = WEIGHT_DOUBT**2 * np.outer(self._said, self._said) + own * self._terms.shared
        self._usual = _mean(WEIGHT * self._said + near @ self._pull, arms)

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
        said, shared = general.predict(arms.texts), _Terms(arms.texts).shared
        tried = [(own, arm) for own in OWN for arm in ARM]
        evidence = np.array([_evidence(arms, said - _mean(said, arms), shared, *one) for one in tried])
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
        require_as_many(a, b)
        one, other = self._beside_usual(a), self._beside_usual(b)
        near = self._near(a, one) - self._near(b, other)
        gap = WEIGHT * (one - other) + near @ self._pull
        alike = np.array([_shared(_unit(x), _unit(y)) for x, y in zip(a, b, strict=True)])
        before = WEIGHT_DOUBT**2 * (one - other) ** 2 + 2 * self._own * (1 - alike) + 2 * self._arm
        variance = before - np.einsum("ij,jk,ik->i", near, self._solve, near)
        return win_probability(gap, variance, same=[x == y for x, y in zip(a, b, strict=True)])

    def known(self, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
        """(n,) whether any word of a text was met, by the general model or in the shop's messages."""
        return np.asarray(self._general.known(texts) | (self._terms.met(texts) > 0))

    def save(self, path: str | Path) -> None:
        """Write the model to one file, which `CopyEffect.load` reads."""
        Path(path).write_bytes(write_zip(self.to_parts()))

    def why(self, text: str) -> tuple[CopyReason, ...]:
        """Phrases and traits that raise or lower the appeal of a text, strongest first."""
        effects: dict[tuple[str, bool], float] = {}
        for one in self._general.why(text):
            effects[one.phrase, one.trait] = self.weight[0] * one.effect
        for term, value in _unit(text).items():
            by_term = self._terms.pulled(term, self._pull)
            if by_term:
                effects[term, False] = effects.get((term, False), 0.0) + self._own * value * by_term
        return strongest(CopyReason(phrase, trait, effect) for (phrase, trait), effect in effects.items())

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
            own, arm = float(saved["own"]), float(saved["arm"])
        except (KeyError, TypeError, ValueError) as error:
            raise UnusableModel(f"saved parts do not make a model: {error}") from error
        arms.require_sound()
        if not (own > 0 and arm > 0 and np.isfinite(own + arm)):
            raise UnusableModel("saved parts do not make a model: variances are above 0")
        return cls(general, arms, own, arm)

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
        """(n, arms) how far each past message speaks for each text, of which the general model has said."""
        return WEIGHT_DOUBT**2 * np.outer(said, self._said) + self._own * self._terms.near(texts)

    def _judged(self, texts: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        said = self._beside_usual(texts)
        near = self._near(texts, said)
        before = WEIGHT_DOUBT**2 * said**2 + self._own + self._arm
        variance = before - np.einsum("ij,jk,ik->i", near, self._solve, near)
        usual = self._usual * np.maximum(self._general.belief(texts), self._terms.met(texts))
        return WEIGHT * said + near @ self._pull - usual, np.maximum(variance, 1e-6)

    def _beside_usual(self, texts: Sequence[str]) -> FloatArray:
        """(n,) what the general model says beside the shop's usual message; of unknown words, nothing."""
        return np.asarray(self._general.predict(texts) - self._general.belief(texts) * self._centre)


def _read(counts: pd.DataFrame | None) -> _Arms:
    if counts is None or not len(counts):
        return _Arms((), (), np.zeros(0), np.zeros(0), np.zeros(0))
    table = check_counts(counts)
    if "expected" not in table:
        clicks = table.groupby("test_id")["clicks"].transform("sum")
        people = table.groupby("test_id")["impressions"].transform("sum")
        # One message is as good as its campaign whatever its words: nothing is learned from it.
        several = table.groupby("test_id")["text"].transform("nunique") > 1
        table = table.assign(expected=clicks / people.where(people > 0, 1.0))[several]
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


class _Terms:
    """Words and pairs of neighbours of past messages. shared: (n, n) how alike they are, by cosine."""

    def __init__(self, texts: Sequence[str]) -> None:
        units = [_unit(text) for text in texts]
        self._places = {
            term: place for place, term in enumerate(dict.fromkeys(t for one in units for t in one))
        }
        self._matrix = self._read(units)
        self.shared = np.asarray((self._matrix @ self._matrix.T).todense(), dtype=float)
        self._by_term = self._matrix.tocsc()

    def met(self, texts: Sequence[str]) -> FloatArray:
        """(n,) share of a text's words and neighbours that past messages had."""
        units = [_unit(text) for text in texts]
        return np.array([sum(t in self._places for t in one) / max(len(one), 1) for one in units])

    def near(self, texts: Sequence[str]) -> FloatArray:
        """(m, n) how alike texts are to the past messages."""
        return np.asarray((self._read(list(map(_unit, texts))) @ self._matrix.T).todense(), dtype=float)

    def pulled(self, term: str, pull: FloatArray) -> float:
        """A term's share in each past message, times the pull of that message, added up."""
        place = self._places.get(term)
        return 0.0 if place is None else float((self._by_term[:, [place]].T @ pull)[0])

    def _read(self, units: Sequence[Mapping[str, float]]) -> Any:
        from scipy.sparse import csr_matrix

        known = [[(self._places[t], value) for t, value in one.items() if t in self._places] for one in units]
        starts = np.cumsum([0, *map(len, known)])
        columns = [place for one in known for place, _ in one]
        values = [value for one in known for _, value in one]
        return csr_matrix((values, columns, starts), shape=(len(units), len(self._places)))


def _mean(values: FloatArray, arms: _Arms) -> float:
    """Of the past messages, each as often as it was sent; 0 where there are none."""
    return float(np.average(values, weights=arms.people)) if len(values) else 0.0


def _covariance(arms: _Arms, said: FloatArray, shared: FloatArray, own: float, arm: float) -> FloatArray:
    codes = np.unique(np.array(arms.tests, dtype=str), return_inverse=True)[1]
    together = codes[:, None] == codes[None, :]
    general = WEIGHT_DOUBT**2 * np.outer(said, said)
    return np.asarray(general + own * shared + CAMPAIGN**2 * together + np.diag(arm + arms.variance))


def _inverse(arms: _Arms, said: FloatArray, shared: FloatArray, own: float, arm: float) -> FloatArray:
    if not arms.texts:
        return np.zeros((0, 0))
    return np.asarray(np.linalg.inv(_covariance(arms, said, shared, own, arm)), dtype=float)


def _evidence(arms: _Arms, said: FloatArray, shared: FloatArray, own: float, arm: float) -> float:
    """Log marginal likelihood of the arms, but for a constant."""
    from scipy.linalg import cho_factor, cho_solve

    left = arms.gap - WEIGHT * said
    factor = cho_factor(_covariance(arms, said, shared, own, arm), lower=True)
    volume = 2 * float(np.log(np.diag(factor[0])).sum())
    return float(-(volume + left @ cho_solve(factor, left)) / 2)
