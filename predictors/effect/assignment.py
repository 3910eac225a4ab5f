"""How customers came to their arms: propensities, recorded or estimated, and doubly robust effects of arms.

Recorded propensities are believed. Where they are absent, the chance of being sent anything is a ridge
logistic regression on the customer's covariates with a level for each campaign, and arms share it by size.
Effects by augmented inverse propensity weighting (Robins, Rotnitzky and Zhao 1994): right where either the
propensities or the outcome model is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.effect.mixed import Cells, sigmoid
from predictors.interface import FloatArray

__all__ = [
    "LEAST",
    "UNRECORDED",
    "ArmEffects",
    "agreement",
    "arm_effects",
    "chance_sent",
    "propensities",
    "recorded",
]

UNRECORDED = (
    "propensities were not recorded: effects rest on estimated ones, which is right only if the known "
    "attributes explain who was chosen"
)
RIDGE = 10.0
STEPS = 8
LEAST = 0.02  # propensities nearer to 0 or 1 would let a few customers decide


@dataclass(frozen=True)
class ArmEffects:
    """A arms against the held-out customers of their campaigns; each (A,)."""

    campaign: npt.NDArray[np.int64]
    observed: FloatArray
    error: FloatArray  # standard error of `observed`
    forecast: FloatArray
    arm: npt.NDArray[np.int64]  # cell


def recorded(exposures: pd.DataFrame) -> FloatArray:
    """(n,) propensities as recorded; NaN where there is none, or one that is no probability."""
    if "propensity" not in exposures:
        return np.full(len(exposures), np.nan)
    known = pd.to_numeric(exposures["propensity"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(np.where((known > 0) & (known <= 1), known, np.nan))


def propensities(given: FloatArray, covariates: FloatArray, cells: Cells) -> FloatArray:
    """(n,) chance of the cell that each exposure is in, `given` (n,) where it is known."""
    known = np.isfinite(given) & (given > 0) & (given <= 1)
    if known.all():
        return np.asarray(given.clip(LEAST, 1))
    campaign, sent = cells.campaign[cells.cell], cells.sent[cells.cell]
    chance = chance_sent(covariates, sent.astype(float), campaign)
    sizes = np.bincount(cells.cell, minlength=len(cells.campaign)).astype(float)
    whole = np.bincount(campaign[sent], minlength=int(campaign.max()) + 1).astype(float)
    among = sizes[cells.cell] / np.maximum(whole[campaign], 1)
    estimated = np.where(sent, chance * among, 1 - chance)
    return np.asarray(np.where(known, given, estimated).clip(LEAST, 1))


def chance_sent(covariates: FloatArray, sent: FloatArray, campaign: npt.NDArray[np.int64]) -> FloatArray:
    """(n,) chance of being sent anything, by covariates (n, k) and a level for each campaign code (n,).

    By Newton's method; levels and coefficients in turn, as there are many levels."""
    level, mean = np.zeros(int(campaign.max()) + 1), np.zeros(covariates.shape[1])
    for _ in range(STEPS):
        chance = sigmoid(covariates @ mean + level[campaign])
        weight = np.maximum(chance * (1 - chance), 1e-6)
        total = np.bincount(campaign, weight, len(level)) + 0.1
        level = (level + np.bincount(campaign, sent - chance, len(level)) / total).clip(-8, 8)
        chance = sigmoid(covariates @ mean + level[campaign])
        weight = np.maximum(chance * (1 - chance), 1e-6)
        curve = covariates.T @ (covariates * weight[:, None]) + RIDGE * np.eye(len(mean))
        mean = mean + np.linalg.solve(curve, covariates.T @ (sent - chance) - RIDGE * mean)
    return sigmoid(covariates @ mean + level[campaign])


def arm_effects(
    outcome: FloatArray, if_sent: FloatArray, unsent: FloatArray, chance: FloatArray, cells: Cells
) -> ArmEffects:
    """Effects of every arm whose campaign held somebody out.

    outcome: (n,); if_sent: (n,) forecast had this customer been sent what this row was (its own arm's terms);
    unsent: (n,) forecast had nothing been sent; chance: (n,) of the cell of each row.
    """
    rows: list[tuple[int, float, float, float, int]] = []
    for held in np.flatnonzero(~cells.sent):
        campaign = cells.campaign[held]
        control, control_error = _weighted(outcome - unsent, chance, cells.cell == held)
        for arm in np.flatnonzero(cells.sent & (cells.campaign == campaign)):
            here = cells.cell == arm
            left, error = _weighted(outcome - if_sent, chance, here)
            told, _ = _weighted(if_sent - unsent, chance, here)
            both = float(np.hypot(error, control_error))
            rows.append((int(campaign), told + left - control, both, told, int(arm)))
    table = np.array(rows, dtype=float).reshape(-1, 5)
    codes = table[:, [0, 4]].astype(np.int64)
    return ArmEffects(codes[:, 0], table[:, 1], table[:, 2], table[:, 3], codes[:, 1])


def _weighted(values: FloatArray, chance: FloatArray, rows: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Mean over a campaign's customers, by weighting those of one arm, and its standard error."""
    if not rows.any():
        return 0.0, 0.0
    weight = 1 / chance[rows]
    weight = weight / weight.sum()
    mean = float(weight @ values[rows])
    return mean, float(np.sqrt((weight**2) @ (values[rows] - mean) ** 2))


def agreement(effects: ArmEffects) -> Mapping[str, float]:
    """How forecasts of arms compare with their observed effects: names of metrics -> values, {} of none.

    `arm_effect_ratio`: forecast over observed, all arms together; `arm_effect_excess`: standard deviation of
    forecast less observed beyond what the observed effects' own errors explain (DerSimonian and Laird 1986).
    """
    if len(effects.observed) < 2 or not (effects.error > 0).all():
        return {}
    weight = 1 / effects.error**2
    gap = effects.forecast - effects.observed
    centre = float(weight @ gap / weight.sum())
    scatter = float(weight @ (gap - centre) ** 2) - (len(gap) - 1)
    beyond = scatter / float(weight.sum() - (weight**2).sum() / weight.sum())
    found = {"arm_effect_excess": float(np.sqrt(max(beyond, 0.0)))}
    observed = float(weight @ effects.observed)
    if observed > 2 * float(np.sqrt(weight.sum())):  # a ratio to what may be nothing says nothing
        found["arm_effect_ratio"] = float(weight @ effects.forecast) / observed
    return found
