"""The copy effect: randomised tests of texts in, relative click appeal of new texts out. The story of this
package.

What it says is relative: how much more or less a text draws clicks than an average one of those it learned
from, all else equal. The model that comes with the package learned from news headlines, not product copy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from predictors.copy_effect.calibration import Calibration
from predictors.copy_effect.contests import read_contests
from predictors.copy_effect.design import Embed, values_of
from predictors.copy_effect.learning import Model, by_trees, compiled, learn
from predictors.copy_effect.levels import read_levels
from predictors.copy_effect.lines import line_from_parts, line_parts
from predictors.copy_effect.meanings import learn_meanings, shipped_meanings
from predictors.copy_effect.reasons import reasons
from predictors.copy_effect.saved import read_zip, write_zip
from predictors.copy_effect.traits import traits_of
from predictors.interface import CopyReason, FloatArray, UnusableModel
from predictors.persistence import content_version, json_bytes, read_manifest, with_manifest

if TYPE_CHECKING:
    import pandas as pd

    from predictors.copy_effect.shop import ShopCopyEffect

__all__ = ["CopyEffect", "NotFitted", "win_probability"]

FORMAT = "copy-effect-2"
QUANTILE = 1.6448536269514722  # of the normal distribution: 90 % lie within so many deviations
FARTHEST_APPEAL = 4.0  # spreads of appeal among texts that a forecast goes from the average
UNSURE = 1e-6  # no winner is surer than this leaves
# A text of which this share of the words is known is judged in full.
FAMILIAR = 0.5
GENERAL = "general.zip"


class NotFitted(RuntimeError):
    """Asked before it was fitted: call `fit`, `load` or `general` first."""


class CopyEffect:
    """Texts to relative click appeal.

    embed: texts -> (n, k) numbers, a language model's embeddings for instance, which are learned from beside
    the words; the same function must be given again when the model is loaded. corpus: texts from which the
    meanings of words are learned; None = those that come with the package (English).
    """

    def __init__(self, *, embed: Embed | None = None, corpus: Sequence[str] | None = None) -> None:
        self._embed, self._corpus = embed, corpus
        self._model: Model | None = None

    def fit(
        self, counts: pd.DataFrame | None = None, pairs: pd.DataFrame | None = None, *, seed: int = 0
    ) -> CopyEffect:
        """Learn from randomised tests of texts; either table may be None.

        counts: [test_id, text, impressions, clicks], one row for each text (rows of the same test and text
        are added up), where it matters also `shown_with`, whatever else was shown (an image): texts are
        compared within a test beside the same. How tests did as wholes counts a little, where that helps to
        tell winners of other tests; ids that count upwards or sort by time tell which were at the same time.
        pairs: [test_id, text_a, text_b, winner], winner "a" or "b".

        Raises:
            UnusableTrainingData: a column or value that cannot be used, or nothing to compare; names the row.
        """
        contests = read_contests(counts, pairs)
        meanings = shipped_meanings() if self._corpus is None else learn_meanings(self._corpus, seed=seed)
        self._model = learn(contests, read_levels(counts, contests), meanings, self._embed, seed)
        return self

    def predict(self, texts: Sequence[str]) -> FloatArray:
        """(n,) log appeal relative to an average text (0): exp of it is a factor on the click rate."""
        return self._judged(texts)[0]

    def interval(self, texts: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        """90 % interval of what `predict` says: low (n,), high (n,)."""
        mean, variance = self._judged(texts)
        width = QUANTILE * np.sqrt(variance)
        return mean - width, mean + width

    def compare(self, a: Sequence[str], b: Sequence[str]) -> FloatArray:
        """(n,) probability that each text of `a` draws the higher click rate than its counterpart of `b`, as
        it would come out in a test of the usual size of those learned from.
        """
        require_as_many(a, b)
        (one, doubt), (other, others) = self._judged(a), self._judged(b)
        noise = self._fitted.calibration.noise
        return win_probability(
            one - other, doubt + others + noise, same=[x == y for x, y in zip(a, b, strict=True)]
        )

    def why(self, text: str) -> tuple[CopyReason, ...]:
        """Phrases and traits that raise or lower the appeal of a text, strongest first, in its units."""
        model = self._fitted
        factor = model.calibration.scale * float(_belief(self._values([text]).familiar)[0])
        return reasons(model.line, text, self._trees, factor)

    def known(self, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
        """(n,) whether any word of a text was met."""
        return np.asarray(self.belief(texts) > 0)

    def belief(self, texts: Sequence[str]) -> FloatArray:
        """(n,) how far what is said of a text is believed: 0 where no word was met, 1 where half were."""
        require_texts(texts)
        return _belief(self._values(texts).familiar)

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it learned from and how well it holds: plain data."""
        measured = self._fitted.calibration.to_json()
        return {"measured_on": measured.pop("contests"), **measured, **self._fitted.facts}

    @property
    def version(self) -> str:
        """The same if and only if the model is."""
        return content_version(self._parts(), "copy")

    def for_shop(self, counts: pd.DataFrame | None) -> ShopCopyEffect:
        """What may be said of one shop's messages: this model damped, and what the shop's campaigns taught;
        see `ShopCopyEffect`.

        Raises:
            UnusableTrainingData: a column or value of `counts` that cannot be used.
        """
        from predictors.copy_effect.shop import ShopCopyEffect

        return ShopCopyEffect.fit(self, counts)

    @staticmethod
    def general() -> CopyEffect:
        """The model that comes with the package: English news headlines of 2013 to 2015 (Upworthy)."""
        fresh = CopyEffect()
        fresh._model = _general()
        return fresh

    def save(self, path: str | Path) -> None:
        """Write the model to one file."""
        Path(path).write_bytes(write_zip(self.to_parts()))

    @classmethod
    def load(cls, path: str | Path, *, embed: Embed | None = None) -> CopyEffect:
        """The model that `save` wrote.

        Raises:
            UnusableModel: damaged, incomplete, of another format, or learned beside embeddings that are not
                given.
            OSError: it cannot be read.
        """
        loaded: CopyEffect = cls.from_parts(read_zip(Path(path).read_bytes()), embed=embed)
        return loaded

    def to_parts(self, about: Mapping[str, str] | None = None) -> dict[str, bytes]:
        """The model as named parts under checksums; about: what else the manifest says."""
        return with_manifest(self._parts(), {"format": FORMAT, "version": self.version, **(about or {})})

    @classmethod
    def from_parts(cls, parts: Mapping[str, bytes], *, embed: Embed | None = None) -> Any:
        """The model that `to_parts` gave, of a shop too.

        Raises:
            UnusableModel: see `load`.
        """
        from predictors.copy_effect.shop import ShopCopyEffect

        if ShopCopyEffect.holds(parts):
            return ShopCopyEffect.from_parts(parts, embed=embed)
        read_manifest(parts, FORMAT)
        try:
            saved = json.loads(parts["model.json"])
            line = line_from_parts(parts, saved["line"])
            trees = tuple(parts[f"traits.{fold}.lightgbm.txt"].decode() for fold in range(saved["trees"]))
            model = Model(
                line,
                trees,
                saved["share_of_trees"],
                compiled(trees),
                saved["average"],
                Calibration(**saved["calibration"]),
                saved["facts"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UnusableModel(f"saved parts do not make a model: {error}") from error
        if len(line.embedding) and embed is None:
            raise UnusableModel("this model was learned beside embeddings: give the same `embed` again")
        loaded = cls(embed=embed if len(line.embedding) else None)
        loaded._model = model
        return loaded

    @property
    def _fitted(self) -> Model:
        if self._model is None:
            raise NotFitted(
                "this model was never fitted: call fit(counts, pairs), or take CopyEffect.general()"
            )
        return self._model

    def _parts(self) -> dict[str, bytes]:
        model = self._fitted
        line, about = line_parts(model.line)
        saved = {
            "line": about,
            "trees": len(model.trees),
            "share_of_trees": model.share,
            "average": model.average,
            "calibration": model.calibration.to_json(),
            "facts": dict(model.facts),
        }
        trees = {f"traits.{fold}.lightgbm.txt": text.encode() for fold, text in enumerate(model.trees)}
        return {**line, **trees, "model.json": json_bytes(saved)}

    def _values(self, texts: Sequence[str]) -> Any:
        return values_of(self._fitted.line, texts, traits_of(texts), self._embed)

    def _trees(self, traits: FloatArray) -> FloatArray:
        """(n,) what the trees say of traits (n, q)."""
        return np.asarray(self._fitted.share * by_trees(self._fitted.forest, traits))

    def _judged(self, texts: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        """(n,) log appeal, and the variance of what is not known of it."""
        require_texts(texts)
        model, traits = self._fitted, traits_of(texts)
        values = values_of(model.line, texts, traits, self._embed)
        known, belief = model.calibration, _belief(values.familiar)
        raw = known.scale * (values.total + self._trees(traits) - model.average)
        # Of a text unlike any that was learned from a line says what no text was ever seen to do.
        farthest = FARTHEST_APPEAL * np.sqrt(known.usual)
        mean = np.clip(raw, -farthest, farthest)
        variance = known.unexplained + (known.usual - known.unexplained) * (1 - values.familiar)
        return belief * mean, variance + (raw - mean) ** 2


def _belief(familiar: FloatArray) -> FloatArray:
    return np.asarray(np.minimum(familiar / FAMILIAR, 1.0))


def require_texts(texts: Sequence[str]) -> None:
    """Refuse one text in place of several, and what is no text."""
    if isinstance(texts, str):
        raise TypeError("expected a list of texts, received one text: put it in a list")
    wrong = next((place for place, text in enumerate(texts) if not isinstance(text, str)), None)
    if wrong is not None:
        raise TypeError(f"texts[{wrong}]: expected a text, received {type(texts[wrong]).__name__}")


def require_as_many(a: Sequence[str], b: Sequence[str]) -> None:
    """Refuse texts that have no counterpart."""
    require_texts(a)
    require_texts(b)
    if len(a) != len(b):
        raise ValueError(f"expected as many texts in b as in a, received {len(b)} for {len(a)}")


def win_probability(gap: FloatArray, variance: FloatArray, *, same: Sequence[bool]) -> FloatArray:
    """(n,) probability that a gap known with so much doubt is above 0; a text does not beat itself."""
    from scipy.special import ndtr

    chance = np.clip(ndtr(gap / np.sqrt(np.maximum(variance, 1e-12))), UNSURE, 1 - UNSURE)
    return np.asarray(np.where(same, 0.5, chance))


@cache
def _general() -> Model:
    found = files("predictors.copy_effect").joinpath(GENERAL)
    loaded: CopyEffect = CopyEffect.from_parts(read_zip(found.read_bytes()))
    return loaded._fitted
