"""Who responds: LightGBM on customers alone, what straight lines miss of who buys and who clicks.

Rows are plenty for who, arms are scarce for what: the trees see no offer, so they cannot mistake an arm's
luck for its terms, and a forecast needs them once a customer, never once a draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from predictors.effect.mixed import sigmoid
from predictors.effect.saved import SavedForest
from predictors.interface import FloatArray

if TYPE_CHECKING:
    import lightgbm

__all__ = ["Task", "fit_forests", "gains", "out_of_fold", "residual"]

TREES = 60
NEWTON_STEPS = 6
FEWEST_ROWS, FEWEST_POSITIVE = 2_000, 100  # below this the linear part is all that can be learned
PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 15,
    "min_data_in_leaf": 200,
    "lambda_l2": 20.0,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "boost_from_average": False,
    "verbosity": -1,
}


@dataclass(frozen=True)
class Task:
    """One head's outcomes beside its logit `line`, (n,) each; matrix (n, k) customers; folds (n,) 0 or 1."""

    matrix: FloatArray
    target: FloatArray
    line: FloatArray
    folds: npt.NDArray[np.int64]


def fit_forests(tasks: Mapping[str, Task], *, seed: int, threads: int) -> dict[str, list[lightgbm.Booster]]:
    """Two forests a head, each from one half of the customers; none where there is too little to learn from.

    A forecast takes their mean, for every side: one half alone is noisier than what keeping it apart gains.
    Each is shrunk by how far it holds for the other half, and left out where it does not.

    Forests are grown beside each other on one thread each: threads within a tree wait for one another, and on
    a busy machine they wait thirty times longer than they work.
    """
    able = [
        (name, fold)
        for name, task in tasks.items()
        if task.matrix.shape[1] and len(task.target) >= FEWEST_ROWS and task.target.sum() >= FEWEST_POSITIVE
        if (task.folds == 0).any() and (task.folds == 1).any()
        for fold in (0, 1)
    ]
    with ThreadPoolExecutor(max_workers=max(threads, 1)) as pool:
        grown = list(pool.map(lambda key: _grow(tasks[key[0]], key[1], seed), able))
    forests: dict[str, list[lightgbm.Booster]] = {name: [] for name, _ in able}
    for (name, _), forest in zip(able, grown, strict=True):
        forests[name].append(forest)
    shares = {name: _holds(tasks[name], pair) for name, pair in forests.items()}
    for name, share in shares.items():
        for forest in forests[name]:
            _shrink(forest, share)
    return {name: pair for name, pair in forests.items() if shares[name] > 0}


def _grow(task: Task, fold: int, seed: int) -> lightgbm.Booster:
    import lightgbm as lgb

    rows = task.folds == fold
    data = lgb.Dataset(
        task.matrix[rows], label=task.target[rows], init_score=task.line[rows], params={"verbosity": -1}
    )
    return lgb.train({**PARAMETERS, "seed": seed}, data, num_boost_round=TREES)


def gains(forests: Sequence[SavedForest], owners: Sequence[str]) -> dict[str, float]:
    """Attribute -> share of what all trees gained by its columns; owners: (k,) of the columns."""
    total = np.sum([forest.gains() for forest in forests], axis=0) if forests else 0.0
    if not np.sum(total):
        return {}
    shares = total / np.sum(total)
    found = dict.fromkeys(owners, 0.0)
    for name, share in zip(owners, shares, strict=True):
        found[name] += float(share)
    return found


def _holds(task: Task, forests: list[lightgbm.Booster]) -> float:
    """How much of the mean of two forests is to be believed, in [0, 1].

    The likelihood of each half under the other's forest gives the share of one forest that is no noise; the
    noise of a mean of two is half as large (Spearman and Brown).
    """
    said = np.zeros(len(task.target))
    for fold, forest in enumerate(forests):
        rows = task.folds != fold
        said[rows] = residual([forest], task.matrix[rows])
    share = 0.0
    for _ in range(NEWTON_STEPS):
        chance = sigmoid(task.line + share * said)
        curve = float(said**2 @ (chance * (1 - chance)))
        share = float(np.clip(share + said @ (task.target - chance) / max(curve, 1e-9), 0, 1))
    return 2 * share / (1 + share)


def _shrink(forest: lightgbm.Booster, share: float) -> None:
    for place, tree in enumerate(forest.dump_model()["tree_info"]):
        for leaf in range(tree["num_leaves"]):
            forest.set_leaf_output(place, leaf, share * forest.get_leaf_output(place, leaf))


def residual(forests: list[lightgbm.Booster], matrix: FloatArray) -> FloatArray:
    """(n,) logit to add for each customer, the mean over forests."""
    if not forests or not len(matrix):
        return np.zeros(len(matrix))
    every = [
        np.asarray(forest.predict(matrix, raw_score=True, num_threads=1), dtype=float) for forest in forests
    ]
    return np.asarray(np.mean(every, axis=0))


def out_of_fold(
    forests: list[lightgbm.Booster], matrix: FloatArray, folds: npt.NDArray[np.int64]
) -> FloatArray:
    """(n,) logit of each row from the forest of the other half of the customers; 0 where there is none."""
    found = np.zeros(len(matrix))
    for fold, forest in enumerate(forests):
        found[folds != fold] = residual([forest], matrix[folds != fold])
    return found
