"""The line: ridge over the columns of texts, by who won and, where clicks were counted, by how much.

Pairs count by the logistic loss of the gap between their two texts; counted clicks by how far the gap is from
the log ratio of click rates, beyond its chance error, with a pseudo-Huber loss: some tests have outliers that
no words explain. How tests did as wholes counts in the same way, far less each.
"""

from __future__ import annotations

import numpy as np

from predictors.copy_effect.contests import Contests
from predictors.copy_effect.design import Design
from predictors.copy_effect.levels import Levels
from predictors.interface import FloatArray

__all__ = ["PULL", "fit_line", "misfit"]

PULL = 6.0  # log odds of winning for a unit of log click rate, in tests whose winner was clear enough to tell
RIDGE = 20.0
BESIDE_PAIRS = 0.5  # weight of counted contests beside told winners, found on left-out tests
LEVEL = 3.0  # weight of how a test did as a whole beside a told winner, found on left-out tests
STEPS = 120
# What clicks vary by beyond chance (time of day, place on the page), as a standard deviation of the log rate.
BEYOND_CHANCE = 0.1


def fit_line(design: Design, contests: Contests, levels: Levels) -> FloatArray:
    """(V + k,) weights."""
    from scipy.optimize import minimize

    texts, width = design.sparse.shape
    transposed, across = design.sparse.T.tocsr(), levels.share.T.tocsr()
    share = _share(contests)
    # The same ridge holds a line that rests on counts alone as hard, relative to what it learns from.
    ridge, level = RIDGE * share / BESIDE_PAIRS, LEVEL * share / BESIDE_PAIRS

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        score = design.score(weights)
        lost, slope = _by_gaps(score[contests.first] - score[contests.second], contests)
        at_text = np.bincount(contests.first, slope, texts) - np.bincount(contests.second, slope, texts)
        total = float(lost.sum())
        if len(levels.rate):
            off = _centred(levels.share @ score - levels.rate)
            bend = np.sqrt(1 + off**2)
            total += level * float((bend - 1).sum())
            at_text += level * (across @ _centred(off / bend))
        dense = design.dense.T @ at_text.astype(np.float32)
        penalty = ridge / 2 * float(weights @ weights)
        return total + penalty, np.concatenate([transposed @ at_text, dense]) + ridge * weights

    start = np.zeros(width + design.dense.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": 20})
    return np.asarray(found.x, dtype=float)


def misfit(gaps: FloatArray, contests: Contests) -> FloatArray:
    """(m,) how badly gaps of score fit contests: the loss that `fit_line` makes small."""
    return _by_gaps(gaps, contests)[0]


def _centred(values: FloatArray) -> FloatArray:
    return np.asarray(values - values.mean())


def _share(contests: Contests) -> float:
    return 1.0 if contests.counted.all() else BESIDE_PAIRS


def _by_gaps(gaps: FloatArray, contests: Contests) -> tuple[FloatArray, FloatArray]:
    """(m,) the loss, and (m,) its slope."""
    from scipy.special import expit

    share, weight, counted = _share(contests), contests.weight, contests.counted
    sign = 2 * contests.won - 1
    margin = sign * PULL * gaps
    spread = np.sqrt(contests.variance + 2 * BEYOND_CHANCE**2)
    off = (gaps - contests.gap) / spread
    bend = np.sqrt(1 + off**2)
    lost = np.where(counted, share * (bend - 1), np.logaddexp(0, -margin))
    slope = np.where(counted, share * off / bend / spread, -sign * PULL * expit(-margin))
    return weight * lost, weight * slope
