"""The straight line: ridge over the columns of texts, by who won and, where clicks were counted, by how much.

Pairs count by the logistic loss of the gap between their two texts; counted clicks by how far the gap is from
the log ratio of click rates, beyond its chance error, with a pseudo-Huber loss: some tests have outliers that
no words explain.
"""

from __future__ import annotations

import numpy as np

from predictors.copy_effect.contests import Contests
from predictors.copy_effect.design import Design
from predictors.interface import FloatArray

__all__ = ["PULL", "fit_line"]

PULL = 6.0  # log odds of winning for a unit of log click rate, in tests whose winner was clear enough to tell
RIDGE = 20.0
BESIDE_PAIRS = 0.35  # weight of counted contests beside told winners, found on left-out tests
STEPS = 120
# What clicks vary by beyond chance (time of day, place on the page), as a standard deviation of the log rate.
BEYOND_CHANCE = 0.1


def fit_line(design: Design, contests: Contests, offset: FloatArray) -> FloatArray:
    """(V + k,) weights. offset: (n,) log appeal of each text that is known already."""
    from scipy.optimize import minimize

    counted = contests.counted
    told, measured = contests.part(~counted), contests.part(counted)
    share = BESIDE_PAIRS if len(told.first) else 1.0
    # The same ridge holds a line that rests on counts alone as hard, relative to what it learns from.
    ridge = RIDGE * share / BESIDE_PAIRS
    texts, width = design.sparse.shape
    transposed = design.sparse.T.tocsr()
    sign, spread = 2 * told.won - 1, np.sqrt(measured.variance + 2 * BEYOND_CHANCE**2)

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        score = offset + design.sparse @ weights[:width] + design.dense @ weights[width:]
        margin = sign * PULL * (score[told.first] - score[told.second])
        off = (score[measured.first] - score[measured.second] - measured.gap) / spread
        bend = np.sqrt(1 + off**2)
        total = float(
            (told.weight * np.logaddexp(0, -margin)).sum()
            + share * (measured.weight * (bend - 1)).sum()
            + ridge / 2 * weights @ weights
        )
        by_told = -told.weight * sign * PULL / (1 + np.exp(np.clip(margin, -500, 500)))
        by_measured = share * measured.weight * off / bend / spread
        at_text = (
            np.bincount(told.first, by_told, texts)
            - np.bincount(told.second, by_told, texts)
            + np.bincount(measured.first, by_measured, texts)
            - np.bincount(measured.second, by_measured, texts)
        )
        return total, np.concatenate([transposed @ at_text, design.dense.T @ at_text]) + ridge * weights

    start = np.zeros(width + design.dense.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": 20})
    return np.asarray(found.x, dtype=float)
