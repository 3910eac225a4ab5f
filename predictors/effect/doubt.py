"""The 90 % interval of a forecast: coefficients, the model's own error, and distance from the data."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from predictors.effect.expectation import Gradient
from predictors.effect.heads import Head
from predictors.interface import FIGURES, Figures, FloatArray

__all__ = ["intervals"]

NORMAL_90 = 1.645
# Standard deviation (logit or log) of an effect about which history says nothing.
FAR = {"click": 0.7, "convert": 0.45, "redeem": 0.7, "value": 0.18}
OPENING = 6  # power: how fast the interval closes as support grows
RATES = ("ctr", "conversion", "baseline_conversion")
NOT_NEGATIVE = (*RATES, "revenue", "discount_cost", "contact_cost", "gross_return")


def intervals(
    means: Mapping[str, FloatArray], slopes: Gradient, heads: Mapping[str, Head], support: FloatArray
) -> dict[str, Figures]:
    """Figure of FIGURES -> mean and bounds, (D,) each.

    An effect's error has three sources: the coefficients' covariance; what arms do beyond their terms, which
    one more arm will do too; and an opening that grows as support falls.
    """
    variance = {name: np.zeros(len(support)) for name in means}
    for head, figures in slopes.of.items():
        fitted = heads[head]
        own = fitted.arm_variance + FAR[head] ** 2 * (1 - support) ** OPENING
        for name, slope in figures.items():
            variance[name] += np.einsum("dk,kl,dl->d", slope, fitted.covariance, slope)
            variance[name] += own * slopes.arm[head][name] ** 2
    spread = {name: np.sqrt(np.maximum(values, 0)) for name, values in variance.items()}
    found = {name: _bounded(name, means[name], spread[name]) for name in means}
    paid = means["discount_cost"] + means["contact_cost"]
    found["roi"] = _ratio("roi", means["incremental_profit"], paid, spread["incremental_profit"])
    given = means["discount_cost"]
    found["gross_return"] = _ratio("gross_return", means["revenue"], given, spread["revenue"])
    return {name: found[name] for name in FIGURES}


def _bounded(name: str, mean: FloatArray, spread: FloatArray) -> Figures:
    low, high = mean - NORMAL_90 * spread, mean + NORMAL_90 * spread
    if name in NOT_NEGATIVE:
        low = np.maximum(low, 0)
    if name in RATES:
        high = np.minimum(high, 1)
    return Figures(mean, np.minimum(low, mean), np.maximum(high, mean))


def _ratio(name: str, part: FloatArray, whole: FloatArray, spread: FloatArray) -> Figures:
    """A ratio of means; NaN where the whole is nothing."""
    size = np.where(whole > 1e-9, whole, np.nan)
    return _bounded(name, part / size, spread / size)
