"""Penalised regression with effects of campaigns and arms: the response model's engine.

Rows are many, arms few. What an arm does beyond what its terms explain is a random effect, so an arm of ten
thousand rows is not taken for ten thousand independent observations of its terms; a campaign's demand is a
random effect shared with its held-out customers, so arms are compared within the campaign; demand also moves
slowly, and where it stands at the end is what the next campaign will meet. The variance of each group of
coefficients is learned from the data (empirical Bayes): nothing is tuned by hand.
Laplace approximation throughout; the structure is that of Bates et al. 2015 (lme4), section 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from predictors.interface import FloatArray

__all__ = ["FREE", "FREE_VARIANCE", "Cells", "Fit", "Prior", "fit_mixed", "from_prior", "sigmoid"]

Ints = npt.NDArray[np.int64]
FREE = "free"  # the group of coefficients that are not shrunk
FREE_VARIANCE = 9.0
LEARNING_ROWS = 40_000  # enough to learn variances from
ROUNDS = 2
# Demand is followed in steps of so many days, fewer steps over long histories.
KNOT_DAYS = 30
MOST_KNOTS = 24
AHEAD_DAYS = 14  # of the end of the history, what forecasts are for
# How far (standard deviation of the log) a group's variance may lie from its first guess, before the data.
GUESS = 1.0


@dataclass(frozen=True)
class Cells:
    """Who shares demand and who shares an arm: row -> cell -> campaign; a held-out cell has no arm effect.

    A campaign in which nobody was sent anything is quiet: customers looked at on a day of the past.
    """

    cell: Ints  # (n,)
    campaign: Ints  # (J,) of each cell
    sent: npt.NDArray[np.bool_]  # (J,)
    days: FloatArray  # (C,) of each campaign, before the end of the history, at most 0

    def among(self, rows: npt.NDArray[np.bool_]) -> Cells:
        """The cells of these rows, renumbered."""
        kept, cell = np.unique(self.cell[rows], return_inverse=True)
        used, campaign = np.unique(self.campaign[kept], return_inverse=True)
        return Cells(cell.astype(np.int64), campaign.astype(np.int64), self.sent[kept], self.days[used])


@dataclass(frozen=True)
class Prior:
    """What is held of K coefficients before any row is seen.

    mean: (K,), what they are shrunk towards. rows (m, K), precision (m, m): sums of coefficients that are
    known to be near those of the mean, as if they had been measured with this precision.
    """

    mean: FloatArray
    rows: FloatArray
    precision: FloatArray

    @property
    def curve(self) -> FloatArray:
        """(K, K) what the statements add to the curvature of the log posterior."""
        return np.asarray(self.rows.T @ self.precision @ self.rows)


@dataclass(frozen=True)
class Fit:
    """A fitted head.

    mean, covariance: (K,) and (K, K) of the coefficients, campaigns and arms integrated out; the first, the
    constant, holds the demand expected at the end of the history. variances: group -> variance, those of
    `campaign` and `arm` among them.
    cells: (J,) what each cell was above or below that, by the day, its campaign and its arm.
    noise: variance of a row around its mean where the outcome is a quantity.
    """

    mean: FloatArray
    covariance: FloatArray
    variances: Mapping[str, float]
    cells: FloatArray
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
    prior: Prior | None = None,
) -> Fit:
    """Fit target on columns with random effects of campaigns and arms.

    columns: (n, K), the first a constant; target: (n,); groups: of each column; start: group -> first guess
    of its variance, with `season`, `campaign`, `quiet`, `mood` and `arm`; binary: logistic, else linear with
    normal noise; prior: of the columns' coefficients, None = all of them around 0.
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
    held = _held(prior, len(names))
    values, noise = np.zeros(len(names)), 1.0 if binary else float(max(target.var(), 1e-6))
    for turn in range(ROUNDS):
        values, whole, left = _climb(
            some, random, values, variances, names, noise, binary, held, 6 - 3 * turn
        )
        noise = noise if binary else max(left, 1e-6)
        variances = _learn_variances(whole, names, index, variances, start, held)
    # Arms are few: what they say of variances is taken from every row, near the mode.
    values, whole, _ = _climb(everything, random, values, variances, names, noise, binary, held, 2)
    variances = _learn_variances(whole, names, index, variances, start, held)
    values, whole, _ = _climb(everything, random, values, variances, names, noise, binary, held, 2)
    inverse = np.linalg.inv(whole.curve + _penalty(names, variances, held))
    now = np.eye(size, len(names))
    now[0, size + random.latest] = 1.0
    mean = now @ values + held.mean[:size]
    # A mean of logs becomes a log of means (rare outcomes): half the variance of what demand does by chance.
    level = "quiet" if "quiet" in index else "campaign"
    mean[0] += variances[level] / 2 if len(cells.days) > 1 else 0.0
    covariance = np.asarray(now @ inverse @ now.T)
    # And demand moves on until the next campaign.
    covariance[0, 0] += (AHEAD_DAYS / KNOT_DAYS) ** 2 * variances["season"]
    above = values[0] + held.mean[0] - mean[0] + random.map @ values[size:]
    return Fit(mean, covariance, variances, above, noise)


def from_prior(
    prior: Prior, groups: Sequence[str], variances: Mapping[str, float]
) -> tuple[FloatArray, FloatArray]:
    """Mean (K,) and covariance (K, K) of coefficients of which no row says anything."""
    names = np.array(groups)
    given = {name: variances.get(name, 0.05) for name in names.tolist()} | {FREE: FREE_VARIANCE}
    return prior.mean, np.asarray(np.linalg.inv(_penalty(names, given, _held(prior, len(names)))))


def _held(prior: Prior | None, size: int) -> Prior:
    """The prior of all coefficients, random effects included, which come last and are around 0."""
    if prior is None:
        return Prior(np.zeros(size), np.zeros((0, size)), np.zeros((0, 0)))
    more = size - len(prior.mean)
    return Prior(np.pad(prior.mean, (0, more)), np.pad(prior.rows, ((0, 0), (0, more))), prior.precision)


@dataclass(frozen=True)
class _Random:
    map: FloatArray  # (J, effects): which effects a cell has
    names: tuple[str, ...]
    latest: int  # the effect of the season at the end of the history


@dataclass(frozen=True)
class _Rows:
    """Rows sorted by cell; `bounds` of each cell's rows, `cells` their numbers."""

    columns: npt.NDArray[np.float32]
    target: FloatArray
    cells: Ints
    bounds: Ints


def _random_effects(cells: Cells) -> _Random:
    season = _season(cells.days)
    demand = np.eye(len(cells.days))
    busy = np.bincount(cells.campaign, cells.sent, len(cells.days)) > 0
    # How well a campaign as a whole is met is shared by its arms, and not an error of any arm's terms.
    mood = demand[:, busy]
    arms = np.eye(len(cells.sent))[:, cells.sent]
    names = (
        *["season"] * season.shape[1],
        *np.where(busy, "campaign", "quiet").tolist(),
        *["mood"] * mood.shape[1],
        *["arm"] * arms.shape[1],
    )
    of = cells.campaign
    parts = [season[of], demand[of], mood[of] * cells.sent[:, None], arms]
    return _Random(np.hstack(parts), names, season.shape[1] - 1)


def _season(days: FloatArray) -> FloatArray:
    """(C, knots) weights of the knots around each day: a level that moves in straight lines between them."""
    span = float(-days.min())
    knots = np.linspace(-span, 0, int(np.clip(span / KNOT_DAYS, 0, MOST_KNOTS)) + 1) if span else np.zeros(1)
    if len(knots) == 1:
        return np.ones((len(days), 1))
    return np.asarray(np.maximum(1 - np.abs(days[:, None] - knots) / (knots[1] - knots[0]), 0))


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


def _penalty(names: npt.NDArray[np.str_], variances: Mapping[str, float], held: Prior) -> FloatArray:
    return np.diag([1 / variances[name] for name in names.tolist()]) + held.curve


def _climb(
    rows: _Rows,
    random: _Random,
    values: FloatArray,
    variances: Mapping[str, float],
    names: npt.NDArray[np.str_],
    noise: float,
    binary: bool,
    held: Prior,
    steps: int,
) -> tuple[FloatArray, _Quadratic, float]:
    """Newton's method: the mode as a distance from the prior's mean, the likelihood around it, and the mean
    squared residual.
    """
    penalty = _penalty(names, variances, held)
    for _ in range(steps):
        slope, curve, left = _derivatives(rows, random, values + held.mean, noise, binary)
        near = _Quadratic(curve, curve @ values + slope)
        step = np.linalg.solve(curve + penalty, near.linear) - values
        values = values + step * min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 2e-3:
            break
    return values, near, left


def _learn_variances(
    near: _Quadratic,
    names: npt.NDArray[np.str_],
    index: Mapping[str, Ints],
    variances: Mapping[str, float],
    start: Mapping[str, float],
    held: Prior,
) -> dict[str, float]:
    """Variances of highest posterior under the quadratic likelihood, with no further look at the rows."""
    from scipy.optimize import minimize

    learned = [name for name in index if name != FREE]
    if not learned:
        return dict(variances)
    first = np.log([start.get(name, 0.05) for name in learned])

    def taken(logs: FloatArray) -> dict[str, float]:
        return {**variances, **dict(zip(learned, np.exp(logs).tolist(), strict=True))}

    def loss(logs: FloatArray) -> tuple[float, FloatArray]:
        found = taken(logs)
        prior = _penalty(names, found, held)
        factor = np.linalg.cholesky(near.curve + prior)
        inverse = np.linalg.inv(factor)
        inverse = inverse.T @ inverse
        values = inverse @ near.linear
        moments = values**2 + np.diag(inverse)
        before = np.diag(np.linalg.inv(prior))
        gain = [(before - moments)[index[name]].sum() / found[name] for name in learned]
        fit = np.log(np.diag(factor)).sum() - np.linalg.slogdet(prior)[1] / 2 - near.linear @ values / 2
        away = (logs - first) / GUESS
        return float(fit + (away**2).sum() / 2), np.array(gain) / 2 + away / GUESS

    begin = np.log([variances[name] for name in learned])
    best = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=[(-16, 4)] * len(learned))
    return taken(best.x)


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
