"""Whether those forecast to respond most did: Qini and uplift curves, and the observed effect by decile.

Customers are weighted by inverse propensity and arms of a campaign alike, so that campaigns which held out
more, or had more arms, do not pass for an effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from predictors.evaluation.judged import Judged
from predictors.evaluation.record import Curve, Decile, Uplift
from predictors.interface import FloatArray
from predictors.metrics import NORMAL_90

__all__ = ["Curves", "curves", "uplift", "weights"]

GRID = 40
DECILES = 10
RESAMPLES = 200
FEWEST = 30  # held-out customers, and sent ones


@dataclass(frozen=True)
class Curves:
    """Over the share of customers targeted, (k,) each, in equal steps from nobody to everybody."""

    share: FloatArray
    qini: FloatArray
    gain: FloatArray

    @property
    def area(self) -> float:
        """Between the Qini curve and the straight line of random targeting."""
        gap = self.qini - self.share * self.qini[-1]
        return float((gap[1:] + gap[:-1]).mean() / 2)


def weights(judged: Judged) -> FloatArray:
    """(m,) inverse propensities, shared among the arms of a campaign."""
    arms = np.unique(judged.cell[judged.sent], return_index=True)[1]
    count = np.bincount(judged.campaign[judged.sent][arms], minlength=int(judged.campaign.max()) + 1)
    return np.asarray(np.where(judged.sent, 1 / np.maximum(count[judged.campaign], 1), 1.0) / judged.chance)


def curves(
    sent: npt.NDArray[np.bool_], outcome: FloatArray, effect: FloatArray, weight: FloatArray
) -> Curves:
    """Curves of a ranking by forecast `effect`; arrays (m,), both groups present."""
    return _curves(_columns(sent, outcome, weight)[:, np.argsort(-effect, kind="stable")])


def _columns(sent: npt.NDArray[np.bool_], outcome: FloatArray, weight: FloatArray) -> FloatArray:
    """(4, m) weight and weighted outcome of sent, then of held out."""
    told, held = weight * sent, weight * ~sent
    return np.stack([told, told * outcome, held, held * outcome])


def _curves(columns: FloatArray) -> Curves:
    """From `_columns` in the order of the ranking."""
    count = min(GRID, columns.shape[1])
    starts = np.rint(np.linspace(0, columns.shape[1], count + 1)).astype(int)[:-1]
    sums = np.cumsum(np.add.reduceat(columns, starts, axis=1), axis=1)
    told, gained, held, natural = np.hstack([np.zeros((4, 1)), sums])
    share = np.linspace(0, 1, count + 1)
    level = np.divide(natural, held, out=np.zeros(count + 1), where=held > 0)
    mean = np.divide(gained, told, out=np.zeros(count + 1), where=told > 0)
    return Curves(share, (gained - level * told) / told[-1], (mean - level) * share)


def uplift(judged: Judged, rng: np.random.Generator) -> Uplift | None:
    """Curves with 90 % bands by resampling customers, and deciles; None where either group is too small."""
    sent, outcome = judged.sent, judged.converted
    if sent.sum() < FEWEST or (~sent).sum() < FEWEST:
        return None
    weight, order = weights(judged), np.argsort(-judged.effect, kind="stable")
    columns = _columns(sent, outcome, weight)[:, order]
    found = _curves(columns)
    drawn = []
    # Customers are drawn, not rows: what one of them does in two campaigns is not two facts.
    customer, people = judged.customer[order], int(judged.customer.max()) + 1
    for _ in range(RESAMPLES):
        again = columns * rng.poisson(1.0, people)[customer]
        if again[0].any() and again[2].any():
            drawn.append(_curves(again))
    areas = [one.area for one in drawn]
    return Uplift(
        sent=int(sent.sum()),
        unsent=int((~sent).sum()),
        qini=_with_band(found.share, found.qini, np.array([one.qini for one in drawn])),
        gain=_with_band(found.share, found.gain, np.array([one.gain for one in drawn])),
        area=found.area,
        area_low=float(np.quantile(areas, 0.05)),
        area_high=float(np.quantile(areas, 0.95)),
        deciles=tuple(
            _decile(sent[rows], outcome[rows], judged.effect[rows], weight[rows])
            for rows in np.array_split(order, DECILES)
        ),
    )


def _with_band(x: FloatArray, y: FloatArray, drawn: FloatArray) -> Curve:
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    return Curve(*(tuple(map(float, values)) for values in (x, y, low, high)))


def _decile(
    sent: npt.NDArray[np.bool_], outcome: FloatArray, effect: FloatArray, weight: FloatArray
) -> Decile:
    groups = [_mean(outcome[rows], weight[rows]) for rows in (sent, ~sent)]
    told = float(np.average(effect, weights=weight))
    counts = int(sent.sum()), int((~sent).sum())
    if min(counts) < 2:
        return Decile(told, None, None, None, *counts)
    observed = groups[0][0] - groups[1][0]
    half = NORMAL_90 * float(np.hypot(groups[0][1], groups[1][1]))
    return Decile(told, observed, observed - half, observed + half, *counts)


def _mean(values: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """Weighted mean and its standard error."""
    if not len(values):
        return float("nan"), float("nan")
    part = weight / weight.sum()
    mean = float(part @ values)
    # A rate of 0 among few is not known to be 0: half a success and half a failure more.
    rate = (mean * len(values) + 0.5) / (len(values) + 1)
    return mean, float(np.sqrt(rate * (1 - rate) * (part**2).sum()))
