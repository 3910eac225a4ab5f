"""Forecasts of whole arms beside what the arms did: coverage, Winkler score, slope and intercept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from predictors.evaluation.record import ArmFigures, ArmOutcome
from predictors.metrics import NORMAL_90, winkler

__all__ = ["FEWEST_ARMS", "arm_figures"]

FEWEST_ARMS = 3  # for a line through them


def arm_figures(arms: Sequence[ArmOutcome], agreed: Mapping[str, float]) -> ArmFigures | None:
    """Figures of arms; None of none. What is observed has an error of its own, so both are counted.

    agreed: `ratio` and `excess`, where they could be worked out.
    """
    if not arms:
        return None
    forecast = np.array([one.forecast for one in arms])
    observed = np.array([one.observed for one in arms])
    told = np.array([(one.forecast_high - one.forecast_low) / 2 for one in arms])
    seen = np.array([(one.observed_high - one.observed_low) / 2 for one in arms])
    half = np.hypot(told, seen)
    covered = float(np.mean(np.abs(forecast - observed) <= half))
    slope = error = intercept = None
    if len(arms) >= FEWEST_ARMS and np.ptp(forecast) > 0 and (half > 0).all():
        weight = (NORMAL_90 / half) ** 2
        centre = float(weight @ forecast / weight.sum())
        spread = float(weight @ (forecast - centre) ** 2)
        slope = float(weight @ ((forecast - centre) * observed) / spread)
        error = float(1 / np.sqrt(spread))
        intercept = float(weight @ observed / weight.sum()) - slope * centre
    return ArmFigures(
        tuple(arms),
        covered,
        winkler(observed, forecast - half, forecast + half),
        slope,
        error,
        intercept,
        agreed.get("ratio"),
        agreed.get("excess"),
    )
