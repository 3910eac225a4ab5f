"""How far a score holds for texts and tests it has not seen: its scale, and what it leaves unexplained."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from predictors.copy_effect.contests import Contests
from predictors.interface import FloatArray

__all__ = ["Calibration", "calibrated"]

# What is assumed as if this many contests of usual texts had said so.
ASSUMED = 20.0
UNEXPLAINED = 0.09  # variance of log appeal
SCALE = 0.5
LEAST = 0.0025  # variance that no score ever explains: a phrase works differently from one shop to another
LOGIT = 1.7  # a logistic curve is a normal one of this many times its spread, nearly


@dataclass(frozen=True)
class Calibration:
    """scale: log appeal for a unit of score. unexplained: variance of log appeal that the score leaves.
    usual: variance of log appeals among texts at large. noise: variance by chance of the gap between two
    click rates in a test of usual size; 0 where clicks were never counted. contests: how many it rests on.
    """

    scale: float
    unexplained: float
    usual: float
    noise: float
    contests: int

    def to_json(self) -> dict[str, float]:
        """As plain data."""
        return asdict(self)


def calibrated(contests: Contests, gaps: FloatArray, spread: float, noise: float) -> Calibration:
    """From contests that the score did not see, neither test nor texts.

    gaps: (m,) difference of the scores. spread: standard deviation of scores among texts. noise: see
    `Calibration`.
    """
    counted = contests.counted
    if counted.any() or not len(gaps):
        some = contests.part(counted)
        scale, unexplained = _by_counts(some, gaps[counted])
    else:
        scale, unexplained = _by_winners(contests, gaps), UNEXPLAINED
    usual = (scale * spread) ** 2 + unexplained
    return Calibration(scale, unexplained, usual, noise, len(gaps))


def _by_counts(contests: Contests, gaps: FloatArray) -> tuple[float, float]:
    scale, unexplained = SCALE, UNEXPLAINED
    for _ in range(5):
        sure = contests.weight / (contests.variance + 2 * unexplained)
        usual = float(np.mean(sure * gaps**2)) if len(gaps) else 0.0
        over = float((sure * gaps**2).sum() + ASSUMED * usual)
        if over > 0:
            scale = float((sure * gaps * contests.gap).sum() + SCALE * ASSUMED * usual) / over
        left = ((contests.gap - scale * gaps) ** 2 - contests.variance) / 2
        known = contests.weight.sum() + ASSUMED
        unexplained = float((contests.weight * left).sum() + ASSUMED * UNEXPLAINED) / known
        unexplained = max(unexplained, LEAST)
    return max(scale, 0.0), unexplained


def _by_winners(contests: Contests, gaps: FloatArray) -> float:
    """The scale at which the probabilities of winning fit best, by one-dimensional logistic regression."""
    from scipy.optimize import minimize_scalar

    sign = 2 * contests.won - 1
    steep = LOGIT / np.sqrt(2 * UNEXPLAINED)

    def loss(log_scale: float) -> float:
        scale = float(np.exp(log_scale))
        fitted = (contests.weight * np.logaddexp(0, -sign * steep * scale * gaps)).sum()
        return float(fitted + ASSUMED / 2 * (log_scale - np.log(SCALE)) ** 2)

    return float(np.exp(minimize_scalar(loss, bounds=(-6, 3), method="bounded").x))
