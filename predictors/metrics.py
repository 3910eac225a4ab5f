"""How good forecasts turned out to be: pure functions of outcomes and scores, arrays in and a number out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from predictors.interface import FloatArray

__all__ = [
    "CalibrationBin",
    "Confusion",
    "Errors",
    "auc",
    "brier",
    "calibration",
    "confusion",
    "error_by_chance",
    "errors",
    "expected_calibration_error",
    "log_loss",
    "precision_recall",
    "roc",
    "wilson",
    "winkler",
]

NORMAL_90 = 1.645


@dataclass(frozen=True)
class CalibrationBin:
    """One bin of a calibration curve: how many, what was forecast on average, what happened.

    low, high: 90 % interval of the rate behind what happened.
    """

    count: int
    forecast: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True)
class Confusion:
    """Who was said to act (forecast above `threshold`) and who did. A share is None where it is 0 of 0."""

    threshold: float
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    accuracy: float | None
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Errors:
    """Errors of a forecast quantity, in its unit (mse: squared); r2: None where the quantity never varies."""

    count: int
    observed: float  # mean
    forecast: float  # mean
    mse: float
    rmse: float
    mae: float
    r2: float | None


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
        CalibrationBin(
            len(rows),
            float(chance[rows].mean()),
            float(target[rows].mean()),
            *wilson(float(target[rows].sum()), len(rows)),
        )
        for rows in np.array_split(order, bins)
        if len(rows)
    ]


def wilson(positives: float, count: int) -> tuple[float, float]:
    """90 % interval of a rate of which `positives` of `count` were seen (Wilson 1927)."""
    rate, extra = positives / count, NORMAL_90**2 / count
    middle = (rate + extra / 2) / (1 + extra)
    half = NORMAL_90 / (1 + extra) * float(np.sqrt(rate * (1 - rate) / count + extra / (4 * count)))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def expected_calibration_error(target: FloatArray, chance: FloatArray, bins: int = 10) -> float:
    """Mean distance of forecast and observed rate over bins of equal count (Naeini et al. 2015)."""
    if not len(target):
        return float("nan")
    found = calibration(target, chance, bins)
    return float(sum(one.count * abs(one.forecast - one.observed) for one in found) / len(target))


def error_by_chance(chance: FloatArray, bins: int = 10) -> float:
    """The calibration error to expect of perfect forecasts (n,), by the luck of so few outcomes alone."""
    if not len(chance):
        return float("nan")
    order = np.argsort(chance, kind="stable")
    rows = [part for part in np.array_split(order, bins) if len(part)]
    # A bin's rate is about normal, and the mean distance of a normal from its centre is sqrt(2 / pi) spreads.
    spreads = [float(np.sqrt((chance[part] * (1 - chance[part])).sum())) for part in rows]
    return float(np.sqrt(2 / np.pi) * sum(spreads) / len(chance))


def brier(target: FloatArray, chance: FloatArray) -> float:
    """Mean squared distance of outcomes (n,) and forecast chances (n,); NaN of nothing (Brier 1950)."""
    return float(np.mean((target - chance) ** 2)) if len(target) else float("nan")


def roc(target: FloatArray, score: FloatArray) -> tuple[FloatArray, FloatArray]:
    """False and true positive rates, (k,) each from 0 to 1, one point a distinct score, highest first.

    Empty where one class is absent.
    """
    hits, flagged = _counts(target, score)
    ones = float(hits[-1]) if len(hits) else 0.0
    if not 0 < ones < len(target):
        return np.zeros(0), np.zeros(0)
    wrong, right = (flagged - hits) / (len(target) - ones), hits / ones
    return np.append(0.0, wrong), np.append(0.0, right)


def precision_recall(target: FloatArray, score: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Recall and precision, (k,) each, one point a distinct score, highest first; empty without positives."""
    hits, flagged = _counts(target, score)
    if not len(hits) or not hits[-1]:
        return np.zeros(0), np.zeros(0)
    return np.asarray(hits / hits[-1]), np.asarray(hits / flagged)


def _counts(target: FloatArray, score: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Positives among, and number of, the scores at or above each distinct score, highest first."""
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)) if len(ranked) else np.zeros(0, int)
    return np.asarray(np.cumsum(target[order])[last]), np.asarray(last + 1.0)


def confusion(target: FloatArray, chance: FloatArray, threshold: float) -> Confusion:
    """Outcomes (n,) 0 or 1 beside what forecasts (n,) above a threshold say."""
    said, did = chance > threshold, target == 1
    hits, wrong = int((said & did).sum()), int((said & ~did).sum())
    missed, right = int((~said & did).sum()), int((~said & ~did).sum())
    return Confusion(
        threshold,
        hits,
        wrong,
        missed,
        right,
        accuracy=_share(hits + right, len(target)),
        precision=_share(hits, hits + wrong),
        recall=_share(hits, hits + missed),
        f1=_share(2 * hits, 2 * hits + wrong + missed),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def errors(observed: FloatArray, forecast: FloatArray) -> Errors:
    """How far forecasts (n,) of a quantity are from what was observed (n,), n > 0."""
    gap = observed - forecast
    mse, spread = float(np.mean(gap**2)), float(np.var(observed))
    return Errors(
        len(observed),
        float(observed.mean()),
        float(forecast.mean()),
        mse,
        float(np.sqrt(mse)),
        float(np.mean(np.abs(gap))),
        1 - mse / spread if spread > 0 else None,
    )


def winkler(observed: FloatArray, low: FloatArray, high: FloatArray, level: float = 0.9) -> float:
    """Mean Winkler score of intervals (n,): width, and 2 / (1 - level) times what lies outside (1972).

    In the unit of the observed; lower is better; NaN of nothing.
    """
    if not len(observed):
        return float("nan")
    outside = np.maximum(low - observed, 0) + np.maximum(observed - high, 0)
    return float(np.mean(high - low + 2 / (1 - level) * outside))
