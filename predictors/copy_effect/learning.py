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
from predictors.copy_effect.design import Embed, Line, design_of, values_of
from predictors.copy_effect.levels import Levels
from predictors.copy_effect.linear import fit_line, misfit
from predictors.copy_effect.meanings import Meanings
from predictors.copy_effect.traits import traits_of
from predictors.effect.forest import Forest, compile_forests, run_in_numpy
from predictors.effect.saved import read_forest
from predictors.interface import FloatArray

__all__ = ["Model", "by_trees", "compiled", "learn"]

FOLDS = 5


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
    texts = contests.texts
    design, traits = design_of(texts, meanings, embed), traits_of(texts)
    of_test = _folds(len(contests.tests), seed)
    fold = of_test[contests.test]

    def without(held: int, levels: Levels) -> FloatArray:
        """(n,) score by a line that did not see the tests of a fold."""
        rows = fold != held
        known = contests.part(rows) if rows.any() else contests
        return design.score(fit_line(design, known, levels.part(of_test[levels.test] != held)))

    levels = _helpful(levels, contests.part(fold == fold[0]), lambda some: without(int(fold[0]), some))
    trees = _grown(traits, contests, fold, seed)
    forest = compiled(trees)
    each = run_in_numpy(forest, traits) if forest is not None else np.zeros((FOLDS, len(texts)))
    by_line, from_trees, clean = np.zeros(len(fold)), np.zeros(len(fold)), np.zeros(len(fold), dtype=bool)
    loudness = []
    for held in np.unique(fold):
        inside, told = fold == held, without(held, levels)
        loudness.append(told.std())
        by_line[inside] = _gaps(told, contests.part(inside))
        from_trees[inside] = _gaps(each[held], contests.part(inside))
        clean |= _unmet(contests, levels.part(of_test[levels.test] != held), inside) & ~inside.all()
    share = _share_of_trees(by_line, from_trees, contests) if trees else 0.0
    weights = fit_line(design, contests, levels)
    # From all tests the ridge lets a line say more; its measure was taken of those that left some out.
    line = design.line(weights * np.mean(loudness) / max(design.score(weights).std(), 1e-12))
    score = values_of(line, texts, traits, embed).total + share * each.mean(axis=0)
    noise = float(np.nanmedian(contests.variance)) if contests.counted.any() else 0.0
    gaps, fresh = (by_line + share * from_trees)[clean], contests.part(clean)
    facts = {
        "texts": len(texts),
        "tests": len(contests.tests),
        "contests": len(contests.first),
        "levels": len(levels.rate),
        "left_out_accuracy": _accuracy(fresh, gaps),
    }
    known = calibrated(fresh, gaps, float(score.std()), noise)
    return Model(line, trees, share, forest, float(score.mean()), known, facts)


def _gaps(score: FloatArray, contests: Contests) -> FloatArray:
    return np.asarray(score[contests.first] - score[contests.second])


def _helpful(levels: Levels, left_out: Contests, learned_with: Callable[[Levels], FloatArray]) -> Levels:
    """The levels, or none where a line that learned from them tells contests that it did not see worse, by
    more than chance would.
    """
    none = levels.part(np.zeros(len(levels.rate), dtype=bool))
    if not len(levels.rate):
        return none
    with_them, alone = (
        _least_misfit(_gaps(learned_with(some), left_out), left_out) for some in (levels, none)
    )
    worse = with_them - alone
    return none if worse.sum() > np.sqrt((worse**2).sum()) else levels


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


def _folds(tests: int, seed: int) -> npt.NDArray[np.int64]:
    """(tests,) fold of each test."""
    return np.asarray(np.random.default_rng(seed).permutation(tests) % FOLDS)


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


def _unmet(contests: Contests, elsewhere: Levels, inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """(m,) contests inside a fold whose texts are in no contest and no level outside."""
    met = np.asarray(elsewhere.share.sum(axis=0)).ravel() > 0
    met[contests.first[~inside]] = True
    met[contests.second[~inside]] = True
    return np.asarray(inside & ~met[contests.first] & ~met[contests.second])


def _accuracy(contests: Contests, gaps: FloatArray) -> float | None:
    """Share of left-out contests whose winner has the higher score; None where there are too few."""
    if len(gaps) < FEWEST:
        return None
    decided = contests.won != 0.5
    return float(((gaps > 0) == (contests.won > 0.5))[decided].mean())
