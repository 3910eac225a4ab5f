"""Who responds: LightGBM on customers alone, as the residual of the response model.

Rows are plenty for who, arms are scarce for what: the trees see no offer, so they cannot mistake an arm's
luck for its terms, and a forecast needs them once a customer, never once a draft.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from predictors.interface import FloatArray, UnusableModel

if TYPE_CHECKING:
    import lightgbm

__all__ = ["fit_residual", "load_trees", "residual"]

TREES = 60
LEAVES = 15
FEWEST_ROWS = 2_000  # below this the linear part is all that can be learned


def fit_residual(
    matrix: FloatArray,
    target: FloatArray,
    line: FloatArray,
    folds: npt.NDArray[np.int64],
    *,
    seed: int,
    threads: int,
) -> list[lightgbm.Booster]:
    """Two forests, each from one half of the customers: what the logit `line` (n,) misses of target (n,).

    matrix: (n, k) customers, NaN = unknown; folds: (n,) 0 or 1. Empty where there is too little to learn.
    """
    import lightgbm as lgb

    if matrix.shape[1] == 0 or len(target) < FEWEST_ROWS or target.sum() < 100:
        return []
    parameters = {
        "objective": "binary",
        "learning_rate": 0.06,
        "num_leaves": LEAVES,
        "min_data_in_leaf": 200,
        "lambda_l2": 20.0,
        "feature_fraction": 0.7,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "max_bin": 63,
        "num_threads": threads,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "boost_from_average": False,
        "verbosity": -1,
    }
    forests = []
    for fold in (0, 1):
        rows = folds == fold
        data = lgb.Dataset(matrix[rows], label=target[rows], init_score=line[rows], free_raw_data=True)
        forests.append(lgb.train(parameters, data, num_boost_round=TREES))
    return forests


def residual(forests: list[lightgbm.Booster], matrix: FloatArray) -> FloatArray:
    """(n,) logit to add for each customer, the mean over forests."""
    if not forests or not len(matrix):
        return np.zeros(len(matrix))
    every = [np.asarray(forest.predict(matrix, raw_score=True), dtype=float) for forest in forests]
    return np.asarray(np.mean(every, axis=0))


def load_trees(part: bytes) -> lightgbm.Booster:
    """A forest from its text, which the caller has verified.

    Raises:
        UnusableModel: LightGBM cannot read it.
    """
    import lightgbm as lgb

    try:
        return lgb.Booster(model_str=part.decode())
    except (lgb.basic.LightGBMError, UnicodeDecodeError) as error:
        raise UnusableModel(f"LightGBM cannot read a saved forest: {error}") from error
