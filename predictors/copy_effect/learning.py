"""From contests to a model: line, trees, how far each counts, and how far to believe what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from predictors.copy_effect.boosting import FEWEST, grow
from predictors.copy_effect.calibration import Calibration, calibrated
from predictors.copy_effect.contests import Contests
from predictors.copy_effect.design import Design, Embed, Line, design_of, values_of
from predictors.copy_effect.levels import Levels
from predictors.copy_effect.linear import fit_line, misfit
from predictors.copy_effect.meanings import Meanings
from predictors.copy_effect.traits import traits_of
from predictors.effect.forest import Forest, compile_forests, run_in_numpy
from predictors.effect.saved import read_forest
from predictors.interface import FloatArray

__all__ = ["Model", "by_trees", "compiled", "learn"]

FOLDS = 5
SURE = 2.33  # standard errors: chance alone goes so far once in a hundred times


@dataclass(frozen=True)
class Model:
    """What is known once it is fitted.

    trees: LightGBM's texts, one for each fold; share: how far their mean counts beside the line; average: of
    all scores.
    """

    line: Line
    trees: tuple[str, ...]
    share: float
    forest: Forest | None
    average: float
    calibration: Calibration
    facts: Mapping[str, Any]


def learn(contests: Contests, levels: Levels, meanings: Meanings, embed: Embed | None, seed: int) -> Model:
    """The model of some contests and levels. Five times, line and trees are learned without a fifth of tests,
    to find how far each holds; the line that is kept learned from all.
    """
    traits = traits_of(contests.texts)
    design = design_of(contests.texts, traits, meanings, embed)
    folds = _Folds(design, contests, levels, seed)
    trees = _grown(traits, contests, folds.of_contest, seed)
    forest = compiled(trees)
    each = run_in_numpy(forest, traits) if forest is not None else np.zeros((FOLDS, len(traits)))
    by_line, from_trees = folds.gaps(folds.without), folds.gaps(lambda held: each[held])
    share = _share_of_trees(by_line, from_trees, contests) if trees else 0.0
    line = design.line(folds.quietened(fit_line(design, contests, folds.levels)))
    score = values_of(line, contests.texts, traits, embed).total + share * each.mean(axis=0)
    noise = float(np.nanmedian(contests.variance)) if contests.counted.any() else 0.0
    gaps, fresh = (by_line + share * from_trees)[folds.clean], contests.part(folds.clean)
    known = calibrated(fresh, gaps, float(score.std()), noise)
    facts = {
        "texts": len(folds.learned_from),
        "tests": len(np.union1d(contests.test, folds.levels.test)),
        "contests": len(contests.first),
        "levels": len(folds.levels.rate),
        "left_out_accuracy": _accuracy(fresh, gaps),
    }
    return Model(line, trees, share, forest, float(score.mean()), known, facts)


class _Folds:
    """Lines that were each learned without a fifth of the tests. levels: those that are learned from."""

    def __init__(self, design: Design, contests: Contests, levels: Levels, seed: int) -> None:
        self._design, self._contests = design, contests
        self._of_test = np.random.default_rng(seed).permutation(len(contests.tests)) % FOLDS
        self.of_contest = self._of_test[contests.test]
        self.held = tuple(np.unique(self.of_contest).tolist())
        self._scores: dict[int, FloatArray] = {}
        self.levels = levels
        if not self._levels_do_no_harm():
            self.levels = levels.part(np.zeros(len(levels.rate), dtype=bool))
            self._scores.clear()

    def without(self, held: int) -> FloatArray:
        """(n,) score by a line that did not see the tests of a fold; where there is but one fold, it did."""
        if held not in self._scores:
            self._scores[held] = self._fitted(held, self._kept_levels(held))
        return self._scores[held]

    def gaps(self, score: Callable[[int], FloatArray]) -> FloatArray:
        """(m,) of each contest, by what was learned without its fold."""
        found = np.zeros(len(self.of_contest))
        for held in self.held:
            inside = self.of_contest == held
            found[inside] = _gaps(score(held), self._contests.part(inside))
        return found

    def quietened(self, weights: FloatArray) -> FloatArray:
        """Weights learned from all tests, no louder than those that left some out: the ridge lets them say
        more, and their measure was taken of the others.
        """
        loud = float(self._design.score(weights).std())
        usual = float(np.mean([self.without(held).std() for held in self.held]))
        return weights * min(1.0, usual / max(loud, 1e-12))

    @property
    def learned_from(self) -> npt.NDArray[np.int64]:
        """Places of the texts that anything was learned from."""
        ends = np.concatenate([self._contests.first, self._contests.second])
        return np.union1d(ends, self.levels.share.indices)

    @property
    def clean(self) -> npt.NDArray[np.bool_]:
        """(m,) contests of which the line without their fold met neither the test nor a text."""
        found = np.zeros(len(self.of_contest), dtype=bool)
        for held in self.held:
            inside = self.of_contest == held
            met = np.asarray(self._kept_levels(held).share.sum(axis=0)).ravel() > 0
            met[self._contests.first[~inside]] = True
            met[self._contests.second[~inside]] = True
            found |= inside & ~met[self._contests.first] & ~met[self._contests.second]
        return found if len(self.held) > 1 else np.zeros_like(found)

    def _fitted(self, held: int, levels: Levels) -> FloatArray:
        rows = self.of_contest != held
        known = self._contests.part(rows) if rows.any() else self._contests
        return self._design.score(fit_line(self._design, known, levels))

    def _kept_levels(self, held: int) -> Levels:
        return self.levels.part(self._of_test[self.levels.test] != held)

    def _levels_do_no_harm(self) -> bool:
        """Whether a line that learned from levels tells the contests of a fold that it did not see no worse,
        but for chance, than one that did not.
        """
        if not len(self.levels.rate) or len(self.held) < 2:
            return False
        held = self.held[0]
        unseen = self._contests.part(self.of_contest == held)
        none = self.levels.part(np.zeros(len(self.levels.rate), dtype=bool))
        with_them = _least_misfit(_gaps(self.without(held), unseen), unseen)
        alone = _least_misfit(_gaps(self._fitted(held, none), unseen), unseen)
        # Contests of one test share their texts: tests are the observations.
        worse = np.bincount(unseen.test, with_them - alone)
        return bool(worse.sum() <= SURE * np.sqrt((worse**2).sum()))


def _gaps(score: FloatArray, contests: Contests) -> FloatArray:
    return np.asarray(score[contests.first] - score[contests.second])


def _least_misfit(gaps: FloatArray, contests: Contests) -> FloatArray:
    """(m,) how badly gaps fit contests at the scale that fits best, which calibration would find."""
    from scipy.optimize import minimize_scalar

    def loss(scale: float) -> float:
        return float(misfit(scale * gaps, contests).sum())

    return misfit(minimize_scalar(loss, bounds=(0, 2), method="bounded").x * gaps, contests)


def _share_of_trees(by_line: FloatArray, from_trees: FloatArray, contests: Contests) -> float:
    """How far trees count beside the line, as what neither saw comes out best."""
    from scipy.optimize import minimize

    def loss(parts: FloatArray) -> float:
        return float(misfit(parts[0] * by_line + parts[1] * from_trees, contests).sum())

    line, trees = minimize(loss, [0.5, 0.5], method="L-BFGS-B", bounds=[(0.05, 2), (0, 2)]).x
    return float(trees / line)


def _grown(traits: FloatArray, contests: Contests, fold: npt.NDArray[np.int64], seed: int) -> tuple[str, ...]:
    if len(fold) < FEWEST or len(np.unique(fold)) < FOLDS or not np.ptp(traits, axis=0).any():
        return ()
    return tuple(grow(traits, contests.part(fold != held), seed + held) for held in range(FOLDS))


def compiled(trees: Sequence[str]) -> Forest | None:
    """LightGBM's texts as one forest, None for none."""
    return compile_forests([read_forest(text.encode()) for text in trees]) if trees else None


def by_trees(forest: Forest | None, traits: FloatArray) -> FloatArray:
    """(n,) mean of what the trees of all folds say of traits (n, q)."""
    if forest is None or not len(traits):
        return np.zeros(len(traits))
    return np.asarray(run_in_numpy(forest, traits).mean(axis=0))


def _accuracy(contests: Contests, gaps: FloatArray) -> float | None:
    """Share of left-out contests whose winner has the higher score; None where there are too few."""
    decided = contests.won != 0.5
    if len(gaps) < FEWEST or not decided.any():
        return None
    return float(((gaps > 0) == (contests.won > 0.5))[decided].mean())
