"""Which exposures to hold out, and what to say of forecasts on them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.interface import FloatArray
from predictors.metrics import auc, expected_calibration_error, log_loss, qini

__all__ = ["held_out", "held_out_figures"]

FEWEST_CAMPAIGNS = 4  # below this customers are held out, as no campaign can be spared
SHARE = 0.2


def held_out(exposures: pd.DataFrame, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """(n,) which exposures to judge on: the latest campaigns, or, where campaigns are few, random customers.

    The latest, because forecasts are about campaigns yet to come.
    """
    starts = exposures.groupby("campaign_id")["sent_at"].min().sort_values(kind="stable")
    if len(starts) >= FEWEST_CAMPAIGNS:
        latest = starts.index[-max(round(SHARE * len(starts)), 1) :]
        return np.asarray(exposures["campaign_id"].isin(latest).to_numpy(dtype=bool))
    people = pd.factorize(exposures["customer_id"])[0]
    return np.asarray((rng.random(int(people.max()) + 1) < SHARE)[people])


def held_out_figures(
    sent: npt.NDArray[np.bool_],
    clicked: FloatArray,
    converted: FloatArray,
    click: FloatArray | None,
    conversion: FloatArray,
    uplift: FloatArray,
) -> dict[str, float]:
    """Figures of m held-out exposures by name: outcomes beside forecasts, (m,) each; `click` where known."""
    found = {"held_out_exposures": float(len(converted)), **_of("conversion", converted, conversion)}
    told = sent & np.isfinite(clicked)
    if click is not None and told.any():
        found |= _of("click", clicked[told], click[told])
    if sent.any() and not sent.all():
        found["conversion_qini"] = qini(sent.astype(float), converted, uplift)
    return {name: value for name, value in found.items() if np.isfinite(value)}


def _of(name: str, target: FloatArray, chance: FloatArray) -> dict[str, float]:
    return {
        f"{name}_auc": auc(target, chance),
        f"{name}_log_loss": log_loss(target, chance),
        f"{name}_calibration_error": expected_calibration_error(target, chance),
    }
