"""How good forecasts turned out to be: pure functions of outcomes and scores, arrays in and a number out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from predictors.interface import FloatArray

__all__ = ["CalibrationBin", "auc", "calibration", "expected_calibration_error", "log_loss", "qini"]


@dataclass(frozen=True)
class CalibrationBin:
    """One bin of a calibration curve: how many, what was forecast on average, what happened."""

    count: int
    forecast: float
    observed: float


def auc(target: FloatArray, score: FloatArray) -> float:
    """Chance that a random positive scores above a random negative, ties counting half; NaN if one is absent.

    target: (n,) 0 or 1; score: (n,).
    """
    # Half a second to import, and forecasts never need it.
    from scipy.stats import rankdata

    positive = target == 1
    ones, zeros = int(positive.sum()), int((~positive).sum())
    if not ones or not zeros:
        return float("nan")
    ranks = rankdata(score)
    return float((ranks[positive].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def log_loss(target: FloatArray, chance: FloatArray) -> float:
    """Mean negative log likelihood of outcomes (n,) under forecast chances (n,); NaN of nothing."""
    if not len(target):
        return float("nan")
    kept = np.clip(chance, 1e-12, 1 - 1e-12)
    return float(-np.mean(target * np.log(kept) + (1 - target) * np.log(1 - kept)))


def calibration(target: FloatArray, chance: FloatArray, bins: int = 10) -> list[CalibrationBin]:
    """Bins of equal count in the order of the forecast, fewest first where they do not divide."""
    order = np.argsort(chance, kind="stable")
    return [
        CalibrationBin(len(rows), float(chance[rows].mean()), float(target[rows].mean()))
        for rows in np.array_split(order, bins)
        if len(rows)
    ]


def expected_calibration_error(target: FloatArray, chance: FloatArray, bins: int = 10) -> float:
    """Mean distance of forecast and observed rate over bins of equal count (Naeini et al. 2015)."""
    if not len(target):
        return float("nan")
    found = calibration(target, chance, bins)
    return float(sum(one.count * abs(one.forecast - one.observed) for one in found) / len(target))


def qini(treated: FloatArray, outcome: FloatArray, uplift: FloatArray) -> float:
    """Area between the Qini curve of a ranking by `uplift` and that of a random one (Radcliffe 2007).

    treated: (n,) 1 = sent, 0 = held out; outcome: (n,); uplift: (n,) forecast effect.
    In incremental outcomes per treated customer, averaged over how many are targeted; above 0 beats random.
    NaN where either group is absent.
    """
    if not treated.any() or treated.all():
        return float("nan")
    order = np.argsort(-uplift, kind="stable")
    sent, result = treated[order], outcome[order]
    counts, controls = np.cumsum(sent), np.cumsum(1 - sent)
    gained, natural = np.cumsum(result * sent), np.cumsum(result * (1 - sent))
    expected = np.divide(natural * counts, controls, out=np.zeros(len(sent)), where=controls > 0)
    curve = gained - expected
    random = curve[-1] * np.arange(1, len(sent) + 1) / len(sent)
    return float(np.mean(curve - random) / counts[-1])
