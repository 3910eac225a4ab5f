"""LightGBM over traits of texts, by who won: what no straight line over traits says (too long and too loud).

How far they count beside the line is found on tests that neither of the two saw.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from predictors.copy_effect.contests import Contests
from predictors.copy_effect.linear import PULL
from predictors.interface import FloatArray

__all__ = ["FEWEST", "grow"]

FEWEST = 200  # contests; with fewer there are no trees
TREES = 120
PARAMETERS = {
    "learning_rate": 0.05,
    "num_leaves": 8,
    "min_data_in_leaf": 50,
    "min_sum_hessian_in_leaf": 1.0,
    "lambda_l2": 1.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "feature_pre_filter": False,
    "verbosity": -1,
}


def grow(traits: FloatArray, contests: Contests, seed: int) -> str:
    """Trees over the traits (n, q) of the texts, as LightGBM's text; they score in units of log appeal."""
    import lightgbm

    used = np.unique(np.concatenate([contests.first, contests.second]))
    place = np.full(len(traits), -1)
    place[used] = np.arange(len(used))
    first, second, weight = place[contests.first], place[contests.second], _certainty(contests)

    def objective(score: FloatArray, data: object) -> tuple[FloatArray, FloatArray]:
        chance = 1 / (1 + np.exp(-PULL * (score[first] - score[second])))
        slope = PULL * weight * (chance - contests.won)
        bend = PULL**2 * weight * chance * (1 - chance)
        gradient = np.bincount(first, slope, len(used)) - np.bincount(second, slope, len(used))
        hessian = np.bincount(first, bend, len(used)) + np.bincount(second, bend, len(used))
        return np.asarray(gradient, dtype=float), np.asarray(hessian + 1e-3, dtype=float)

    data = lightgbm.Dataset(traits[used], free_raw_data=False)
    grown = lightgbm.train({**PARAMETERS, "objective": objective, "seed": seed}, data, TREES)
    return str(grown.model_to_string())


def _certainty(contests: Contests) -> npt.NDArray[np.float64]:
    """(m,) how much a winner says: all where it was told, less where clicks leave it open."""
    from scipy.special import ndtr

    sure = np.abs(2 * ndtr(contests.gap / np.sqrt(contests.variance)) - 1)
    return np.asarray(np.where(contests.counted, contests.weight * np.nan_to_num(sure), contests.weight))
