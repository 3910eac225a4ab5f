"""Which attributes forecasts of conversion rest on: what shuffling each one costs (Breiman 2001)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from predictors.evaluation.record import Importance
from predictors.interface import FloatArray
from predictors.metrics import auc, log_loss

__all__ = ["importance"]


def importance(
    attributes: pd.DataFrame,
    converted: FloatArray,
    forecast: Callable[[pd.DataFrame], FloatArray],
    gains: Mapping[str, float],
    rng: np.random.Generator,
) -> tuple[Importance, ...]:
    """Of each attribute of m held-out exposures, the costliest first; () where conversion never varies.

    forecast: (m,) chances of conversion given the frame; gains: attribute -> share of the trees' gain.
    """
    told = forecast(attributes)
    area, loss = auc(converted, told), log_loss(converted, told)
    if not np.isfinite(area):
        return ()
    found = []
    for name in map(str, attributes.columns):
        shuffled = attributes.assign(**{name: rng.permutation(attributes[name].to_numpy())})
        chance = forecast(shuffled)
        found.append(
            Importance(
                name,
                area - auc(converted, chance),
                log_loss(converted, chance) - loss,
                gains.get(name, 0.0) if gains else None,
            )
        )
    return tuple(sorted(found, key=lambda one: -one.log_loss_rise))
