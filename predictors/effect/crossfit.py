"""What forecasts of campaigns that were left out say of intervals and of choosing: a factor and an optimism.

Campaigns are dealt into folds; each fold's arms are forecast by a conversion head that never saw them, and
held against the doubly robust effects that they really had. (Who buys anyway, the forests' score and its
direction, is learned from all of them: it knows no arm.) Where errors are larger than the posterior
expects, every interval widens (a conformal factor, shrunk: arms are few and their outcomes noisy). And the
arm of each campaign that promised the most is a chosen one: by how much it fell short is what choosing costs,
in standard deviations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from predictors.effect.heads import Head, fit_heads
from predictors.effect.mixed import sigmoid
from predictors.effect.priors import Priors
from predictors.effect.reading import Training, some_rows
from predictors.features import Schema
from predictors.interface import FloatArray

__all__ = ["CHOSEN", "PRIOR", "Crossfit", "LeftOut", "crossfit", "factor_of", "optimism_of"]

Ints = npt.NDArray[np.int64]
FOLDS = 4
DEMAND = 0.1  # variance, on the logit scale, of what a campaign's demand may be
FEWEST_CAMPAIGNS = 8
ROWS = 60_000  # a fold's head is fitted on so many: its own posterior knows that it saw fewer
# Before any left-out campaign: factor and optimism, measured on made-up shops, and how sure they are.
FACTOR_DOUBT = 0.25  # standard deviation of the log of the factor, whose first guess is 1
CHOSEN, CHOSEN_DOUBT = 0.2, 0.2


@dataclass(frozen=True)
class Crossfit:
    """factor: of every standard deviation; chosen: standard deviations to take off what was chosen."""

    factor: float
    chosen: float


PRIOR = Crossfit(1.0, CHOSEN)


@dataclass(frozen=True)
class LeftOut:
    """A arms of a campaign that was left out.

    forecast: (A,) effects on conversion; gap: (A,) forecast less observed; doubt, noise: (A, A) covariances
    of what the forecasts may be wrong by and of what the outcomes owe to luck.
    """

    forecast: FloatArray
    gap: FloatArray
    doubt: FloatArray
    noise: FloatArray


def crossfit(
    data: Training,
    schema: Schema,
    direction: FloatArray,
    weight: FloatArray,
    rng: np.random.Generator,
    *,
    priors: Priors,
    threads: int,
) -> Crossfit:
    """weight: (n,) inverse propensity of each row. Few campaigns that held customers out: PRIOR."""
    from concurrent.futures import ThreadPoolExecutor

    count = len(data.cells.days)
    held = np.bincount(data.cells.campaign, ~data.cells.sent, count) > 0
    busy = np.bincount(data.cells.campaign, data.cells.sent, count) > 0
    judged = np.flatnonzero(held & busy)
    if len(judged) < FEWEST_CAMPAIGNS:
        return PRIOR
    fold = np.full(count, -1)
    fold[judged] = rng.permutation(len(judged)) % FOLDS

    def leave_out(place: int, own: np.random.Generator) -> list[LeftOut]:
        rest = _take(data, some_rows(np.flatnonzero(fold[data.campaign] != place), ROWS, own))
        head = fit_heads(rest, schema, direction, own, priors)["convert"]
        return [_judge(data, head, weight, campaign) for campaign in np.flatnonzero(fold == place).tolist()]

    with ThreadPoolExecutor(max_workers=max(threads, 1)) as pool:
        parts = list(pool.map(leave_out, range(FOLDS), rng.spawn(FOLDS)))
    found = [one for part in parts for one in part]
    factor = factor_of(found)
    return Crossfit(factor, optimism_of(found, factor))


def _take(data: Training, rows: Ints) -> Training:
    """The training data of these rows, ascending."""
    mask = np.zeros(len(data.main), dtype=bool)
    mask[rows] = True
    own = {
        one.name: getattr(data, one.name)[rows]
        for one in fields(data)
        if isinstance(getattr(data, one.name), np.ndarray)
    }
    people, offers = data.customers, data.offers
    return replace(
        data,
        **own,
        customers=replace(
            people, matrix=people.matrix[rows], covariates=people.covariates[rows], bucket=people.bucket[rows]
        ),
        offers=replace(offers, **{one.name: getattr(offers, one.name)[rows] for one in fields(offers)}),
        cells=data.cells.among(mask),
    )


def _judge(data: Training, head: Head, weight: FloatArray, campaign: int) -> LeftOut:
    """Doubly robust effects of one campaign's arms beside what a head that never saw it forecasts."""
    cells = np.flatnonzero(data.cells.campaign == campaign)
    rows = np.flatnonzero(data.campaign == campaign)
    cell = data.cells.cell[rows]
    columns = np.hstack([data.main[rows], data.person[rows], data.effect[rows]])
    target = data.converted[rows]
    width = data.main.shape[1]
    plain, line = columns[:, :width] @ head.mean[:width], columns @ head.mean
    # Demand of the day, which no forecast could know, moves all arms alike: taken from the whole campaign.
    shift = _demand(line, target, DEMAND)
    bought, unsent = sigmoid(line + shift), sigmoid(plain + shift)
    steep, flat = bought * (1 - bought), unsent * (1 - unsent)
    control = cells[~data.cells.sent[cells]][0]
    means: list[FloatArray] = []
    for arm in cells[data.cells.sent[cells]]:
        own, held = _share(weight[rows], cell == arm), _share(weight[rows], cell == control)
        slope = own @ (steep[:, None] * columns)
        slope[:width] -= own @ (flat[:, None] * columns[:, :width])
        gap = held @ (target - unsent) - own @ (target - bought)
        noise = [(part**2) @ (target - told) ** 2 for part, told in ((own, bought), (held, unsent))]
        means.append(np.r_[own @ (bought - unsent), gap, *noise, own @ steep, slope])
    table = np.array(means)
    slopes, steepness = table[:, 5:], table[:, 4]
    doubt = slopes @ head.covariance @ slopes.T + head.arm_variance * np.diag(steepness**2)
    return LeftOut(table[:, 0], table[:, 1], doubt, np.diag(table[:, 2]) + table[0, 3])


def _share(weight: FloatArray, rows: npt.NDArray[np.bool_]) -> FloatArray:
    """(n,) weights of a mean over these rows."""
    part = np.where(rows, weight, 0.0)
    return np.asarray(part / part.sum())


def _demand(line: FloatArray, target: FloatArray, variance: float) -> float:
    shift = 0.0
    for _ in range(8):
        chance = sigmoid(line + shift)
        shift += float(
            ((target - chance).sum() - shift / variance) / ((chance * (1 - chance)).sum() + 1 / variance)
        )
    return shift


def factor_of(found: Sequence[LeftOut]) -> float:
    """The factor of highest posterior, given gaps that are normal around nothing."""
    from scipy.optimize import minimize_scalar

    def loss(log: float) -> float:
        total = (log / FACTOR_DOUBT) ** 2 / 2
        for one in found:
            spread = np.exp(2 * log) * one.doubt + one.noise
            factor = np.linalg.cholesky(spread)
            left = np.linalg.solve(factor, one.gap)
            total += float(np.log(np.diag(factor)).sum() + left @ left / 2)
        return total

    return float(np.exp(minimize_scalar(loss, bounds=(-1, 1), method="bounded").x))


def optimism_of(found: Sequence[LeftOut], factor: float) -> float:
    """What choosing costs, in standard deviations: first guess and left-out campaigns, by what each knows."""
    known, total = 1 / CHOSEN_DOUBT**2, CHOSEN / CHOSEN_DOUBT**2
    for one in found:
        first = int(one.forecast.argmax())
        doubt = factor**2 * one.doubt[first, first]
        sure = doubt / (doubt + one.noise[first, first])
        known, total = known + sure, total + sure * one.gap[first] / np.sqrt(doubt)
    return float(np.clip(total / known, 0, 2 * CHOSEN))
