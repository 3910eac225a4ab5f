"""The 90 % interval of a forecast: coefficients, the model's own error, and distance from the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from predictors.effect.gradients import Gradient
from predictors.effect.heads import Head
from predictors.interface import FIGURES, Figures, FloatArray
from predictors.metrics import NORMAL_90

__all__ = ["Errors", "errors", "intervals", "optimism"]

PROFIT = "incremental_profit"
# Standard deviation (logit or log) of an effect about which history says nothing.
FAR = {"click": 0.7, "convert": 0.45, "redeem": 0.7, "value": 0.18}
OPENING = 6  # power: how fast the interval closes as support grows
RATES = ("ctr", "conversion", "baseline_conversion")
NOT_NEGATIVE = (*RATES, "revenue", "discount_cost", "contact_cost", "gross_return")


@dataclass(frozen=True)
class Errors:
    """Errors of figures, (D,) each by figure: `variance`, and covariance `with_profit`, of the same draft."""

    variance: Mapping[str, FloatArray]
    with_profit: Mapping[str, FloatArray]


def errors(slopes: Gradient, heads: Mapping[str, Head], support: FloatArray, names: Iterable[str]) -> Errors:
    """What the figures named may be wrong by.

    An effect's error has three sources: the coefficients' covariance; what arms do beyond their terms, which
    one more arm will do too; and an opening that grows as support falls.
    """
    variance = {name: np.zeros(len(support)) for name in names}
    shared = {name: np.zeros(len(support)) for name in variance}
    for head, figures in slopes.of.items():
        fitted = heads[head]
        own = fitted.arm_variance + FAR[head] ** 2 * (1 - support) ** OPENING
        alone = slopes.arm[head]
        # Most coefficients belong to other categories than the drafts', and do not move their figures.
        moving = np.flatnonzero(np.any([(slope != 0).any(axis=0) for slope in figures.values()], axis=0))
        covariance = fitted.covariance[np.ix_(moving, moving)]
        kept = {name: slope[:, moving] for name, slope in figures.items()}
        for name, slope in kept.items():
            turned = slope @ covariance
            variance[name] += np.einsum("dk,dk->d", turned, slope) + own * alone[name] ** 2
            if PROFIT in kept:
                both = np.einsum("dk,dk->d", turned, kept[PROFIT])
                shared[name] += both + own * alone[name] * alone[PROFIT]
    return Errors(variance, shared)


def optimism(means: Mapping[str, FloatArray], found: Errors, chosen: float) -> dict[str, FloatArray]:
    """Figure -> (D,) what to take off the forecast of a draft because it was chosen for its profit.

    Choosing prefers drafts whose profit is over-forecast; `chosen` is by how much, in standard deviations.
    Each other figure moves as far as its error goes with that of the profit, so sums and differences of
    figures stay what they were, and no figure is taken below half of what it was if it cannot be negative.
    """
    spread = np.sqrt(np.maximum(found.variance[PROFIT], 0))
    step = np.divide(chosen, spread, out=np.zeros(len(spread)), where=spread > 1e-12)
    off = {name: step * found.with_profit[name] for name in means}
    part = np.ones(len(spread))
    for name in means:
        if name in NOT_NEGATIVE:
            room = 0.5 * np.maximum(means[name], 0)
            part = np.minimum(
                part, np.divide(room, off[name], out=np.ones(len(part)), where=off[name] > room)
            )
    return {name: part * values for name, values in off.items()}


def intervals(
    means: Mapping[str, FloatArray], found: Errors, off: Mapping[str, FloatArray]
) -> dict[str, Figures]:
    """Figure of FIGURES -> mean with `off` taken from it, and bounds around what it was, (D,) each.

    The bounds stay where the posterior puts them: they hold for a draft whether it was chosen or not.
    """
    spread = {name: np.sqrt(np.maximum(values, 0)) for name, values in found.variance.items()}
    told = {name: values - off.get(name, 0.0) for name, values in means.items()}
    every = {name: _bounded(name, told[name], means[name], spread[name]) for name in means}
    for name, part, whole in (
        ("roi", PROFIT, told["discount_cost"] + told["contact_cost"]),
        ("gross_return", "revenue", told["discount_cost"]),
    ):
        size = np.where(whole > 1e-9, whole, np.nan)
        every[name] = _bounded(name, told[part] / size, means[part] / size, spread[part] / size)
    return {name: every[name] for name in FIGURES}


def _bounded(name: str, mean: FloatArray, middle: FloatArray, spread: FloatArray) -> Figures:
    low, high = middle - NORMAL_90 * spread, middle + NORMAL_90 * spread
    if name in NOT_NEGATIVE:
        low = np.maximum(low, 0)
    if name in RATES:
        high = np.minimum(high, 1)
    return Figures(mean, np.minimum(low, mean), np.maximum(high, mean))
