"""Penalised regression with effects of campaigns and arms: the response model's engine.

Rows are many, arms few. What an arm does beyond what its terms explain is a random effect, so an arm of ten
thousand rows is not taken for ten thousand independent observations of its terms; a campaign's demand is a
random effect shared with its held-out customers, so arms are compared within the campaign. The variance of
each group of coefficients is learned from the data (empirical Bayes, by EM): nothing is tuned by hand.
Laplace approximation throughout; the structure is that of Bates et al. 2015 (lme4), section 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from predictors.interface import FloatArray

__all__ = ["FREE", "Cells", "Fit", "fit_mixed", "sigmoid"]

Ints = npt.NDArray[np.int64]
FREE = "free"  # the group of coefficients that are not shrunk
FREE_VARIANCE = 9.0
LEARNING_ROWS = 40_000  # enough to learn variances from
ROUNDS = 2
EM_STEPS = 25
# Pseudo-observations behind the first guess of a variance, so that few coefficients cannot collapse it.
PRIOR_COUNT = 2.0
LEAST_VARIANCE = 1e-6


@dataclass(frozen=True)
class Cells:
    """Who shares demand and who shares an arm: row -> cell -> campaign; a held-out cell has no arm effect."""

    cell: Ints  # (n,)
    campaign: Ints  # (J,) of each cell
    sent: npt.NDArray[np.bool_]  # (J,)

    def among(self, rows: npt.NDArray[np.bool_]) -> Cells:
        """The cells of these rows, renumbered."""
        kept, cell = np.unique(self.cell[rows], return_inverse=True)
        _, campaign = np.unique(self.campaign[kept], return_inverse=True)
        return Cells(cell.astype(np.int64), campaign.astype(np.int64), self.sent[kept])


@dataclass(frozen=True)
class Fit:
    """A fitted head.

    mean, covariance: (K,) and (K, K) of the coefficients, campaigns and arms integrated out.
    campaigns: (C,) effects. variances: group -> variance, `campaign` and `arm` among them.
    noise: variance of a row around its mean where the outcome is a quantity.
    """

    mean: FloatArray
    covariance: FloatArray
    campaigns: FloatArray
    variances: Mapping[str, float]
    noise: float


def sigmoid(odds: FloatArray) -> FloatArray:
    """Probability of a logit; finite for every finite logit."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -35, 35))))


def fit_mixed(
    columns: FloatArray,
    target: FloatArray,
    cells: Cells,
    groups: Sequence[str],
    start: Mapping[str, float],
    *,
    binary: bool = True,
    rng: np.random.Generator,
) -> Fit:
    """Fit target on columns with random effects of campaigns and arms.

    columns: (n, K); target: (n,); groups: of each column; start: group -> first guess of its variance, with
    `campaign`, `mood` and `arm`; binary: logistic, else linear with normal noise.
    """
    size = columns.shape[1]
    random = _random_effects(cells)
    names = np.array([*groups, *random.names])
    index = {name: np.flatnonzero(names == name) for name in dict.fromkeys(names.tolist())}
    variances = {name: start.get(name, 0.05) for name in index} | {FREE: FREE_VARIANCE}
    everything = _sorted_rows(columns, target, cells.cell)
    some = everything
    if len(target) > LEARNING_ROWS:
        rows = np.sort(rng.choice(len(target), LEARNING_ROWS, replace=False))
        some = _sorted_rows(columns[rows], target[rows], cells.cell[rows])
    values, noise = np.zeros(len(names)), 1.0 if binary else float(max(target.var(), 1e-6))
    for turn in range(ROUNDS):
        values, whole, left = _climb(some, random, values, variances, names, noise, binary, 6 - 3 * turn)
        noise = noise if binary else max(left, 1e-6)
        variances = _learn_variances(whole, values, names, index, variances, start)
    values, whole, _ = _climb(everything, random, values, variances, names, noise, binary, 3)
    inverse = np.linalg.inv(whole.curve + _penalty(names, variances))
    return Fit(
        mean=values[:size],
        covariance=np.asarray(inverse[:size, :size], dtype=np.float64),
        campaigns=values[size : size + random.campaigns],
        variances=variances,
        noise=noise,
    )


@dataclass(frozen=True)
class _Random:
    map: FloatArray  # (J, effects): which effects a cell has
    names: tuple[str, ...]
    campaigns: int


@dataclass(frozen=True)
class _Rows:
    """Rows sorted by cell; `bounds` of each cell's rows, `cells` their numbers."""

    columns: npt.NDArray[np.float32]
    target: FloatArray
    cells: Ints
    bounds: Ints


def _random_effects(cells: Cells) -> _Random:
    count = int(cells.campaign.max()) + 1
    demand = np.eye(count)[cells.campaign]
    # How well a campaign as a whole is met is shared by its arms, and not an error of any arm's terms.
    mood = demand * cells.sent[:, None]
    arms = np.eye(len(cells.sent))[:, cells.sent]
    names = ("campaign",) * count + ("mood",) * count + ("arm",) * arms.shape[1]
    return _Random(np.hstack([demand, mood, arms]), names, count)


def _sorted_rows(columns: FloatArray, target: FloatArray, cell: Ints) -> _Rows:
    order = np.argsort(cell, kind="stable")
    cells, first = np.unique(cell[order], return_index=True)
    bounds = np.r_[first, len(cell)].astype(np.int64)
    # Single precision halves the time; sums over cells are kept in double.
    return _Rows(columns[order].astype(np.float32), target[order], cells, bounds)


@dataclass(frozen=True)
class _Quadratic:
    """The log likelihood near a point: curve (P, P), and the linear term (P,) that goes with it."""

    curve: FloatArray
    linear: FloatArray


def _penalty(names: npt.NDArray[np.str_], variances: Mapping[str, float]) -> FloatArray:
    return np.diag([1 / variances[name] for name in names.tolist()])


def _climb(
    rows: _Rows,
    random: _Random,
    values: FloatArray,
    variances: Mapping[str, float],
    names: npt.NDArray[np.str_],
    noise: float,
    binary: bool,
    steps: int,
) -> tuple[FloatArray, _Quadratic, float]:
    """Newton's method: the mode, the likelihood around it, and the mean squared residual."""
    penalty = _penalty(names, variances)
    for _ in range(steps):
        slope, curve, left = _derivatives(rows, random, values, noise, binary)
        near = _Quadratic(curve, curve @ values + slope)
        step = np.linalg.solve(curve + penalty, near.linear) - values
        values = values + step * min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 2e-3:
            break
    return values, near, left


def _learn_variances(
    near: _Quadratic,
    values: FloatArray,
    names: npt.NDArray[np.str_],
    index: Mapping[str, Ints],
    variances: Mapping[str, float],
    start: Mapping[str, float],
) -> dict[str, float]:
    """EM on the quadratic likelihood, which needs no further look at the rows."""
    found = dict(variances)
    for _ in range(EM_STEPS):
        inverse = np.linalg.inv(near.curve + _penalty(names, found))
        values = inverse @ near.linear
        moments = values**2 + np.diag(inverse)
        for name, places in index.items():
            if name != FREE:
                total = float(moments[places].sum()) + PRIOR_COUNT * start.get(name, 0.05)
                found[name] = max(total / (len(places) + PRIOR_COUNT), LEAST_VARIANCE)
    return found


def _derivatives(
    rows: _Rows, random: _Random, values: FloatArray, noise: float, binary: bool
) -> tuple[FloatArray, FloatArray, float]:
    """Slope and curvature of the log likelihood, cell by cell: a cell's rows fit the processor's cache."""
    size = rows.columns.shape[1]
    shift = random.map @ values[size:]
    slope, curve = np.zeros(size), np.zeros((size, size))
    by_cell = np.zeros((len(random.map), size))
    weights, lefts = np.zeros(len(random.map)), np.zeros(len(random.map))
    squares = 0.0
    for number, cell in enumerate(rows.cells):
        part = slice(rows.bounds[number], rows.bounds[number + 1])
        columns, target = rows.columns[part], rows.target[part]
        line = (columns @ values[:size].astype(np.float32)).astype(np.float64) + shift[cell]
        if binary:
            chance = sigmoid(line)
            weight, left = np.maximum(chance * (1 - chance), 1e-6), target - chance
        else:
            weight, left = np.full(len(target), 1 / noise), (target - line) / noise
            squares += float(((target - line) ** 2).sum())
        weighted = columns * weight[:, None].astype(np.float32)
        slope += left.astype(np.float32) @ columns
        curve += columns.T @ weighted
        by_cell[cell], weights[cell], lefts[cell] = weighted.sum(axis=0), weight.sum(), left.sum()
    cross = by_cell.T @ random.map
    corner = random.map.T @ (random.map * weights[:, None])
    whole = np.block([[curve, cross], [cross.T, corner]])
    return np.r_[slope, random.map.T @ lefts], whole, squares / max(len(rows.target), 1)
