"""Ridge regression of probabilities and of values: Newton's method, weights, offsets, a penalty per column."""

from __future__ import annotations

import numpy as np

from predictors.interface import FloatArray

__all__ = ["fit_linear", "fit_logistic", "sigmoid"]


def sigmoid(odds: FloatArray) -> FloatArray:
    """Probability of a logit; finite for every finite logit."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -35, 35))))


def fit_logistic(
    columns: FloatArray,
    target: FloatArray,
    penalty: FloatArray,
    *,
    weight: FloatArray | None = None,
    offset: FloatArray | None = None,
    start: FloatArray | None = None,
    steps: int = 12,
) -> FloatArray:
    """Coefficients (K,) that maximise the weighted likelihood less penalty * coefficient**2 / 2.

    columns: (n, K); target: (n,) in [0, 1]; penalty: (K,), 0 = free; offset: (n,) logit taken as given.
    """
    weights = np.ones(len(target)) if weight is None else weight
    base = np.zeros(len(target)) if offset is None else offset
    coefficients = np.zeros(columns.shape[1]) if start is None else start.copy()
    ridge = np.diag(penalty + 1e-8)
    for _ in range(steps):
        chance = sigmoid(base + columns @ coefficients)
        slope = columns.T @ (weights * (target - chance)) - penalty * coefficients
        curve = columns.T @ (columns * (weights * np.maximum(chance * (1 - chance), 1e-6))[:, None])
        step = np.linalg.solve(curve + ridge, slope)
        step *= min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-12))
        coefficients += step
        if np.abs(step).max() < 1e-5:
            break
    return coefficients


def fit_linear(
    columns: FloatArray, target: FloatArray, penalty: FloatArray, *, weight: FloatArray | None = None
) -> FloatArray:
    """Coefficients (K,) of weighted least squares with a penalty per column."""
    weights = np.ones(len(target)) if weight is None else weight
    left = columns.T @ (columns * weights[:, None]) + np.diag(penalty + 1e-8)
    return np.asarray(np.linalg.solve(left, columns.T @ (weights * target)))
