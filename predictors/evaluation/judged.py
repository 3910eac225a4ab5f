"""Held-out exposures as arrays: what happened, beside what a predictor that never saw them forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from predictors.interface import FloatArray

__all__ = ["Judged"]


@dataclass(frozen=True)
class Judged:
    """m exposures; every array is (m,).

    clicked: NaN where not recorded; click: NaN where nothing was sent, None where clicks are not forecast.
    conversion: as sent, or as held out; unsent: had nothing been sent; effect: of the campaign's arms, mean.
    order_value: expected if one buys; revenue: expected, buyers or not; None where orders are not forecast.
    cell: arm or held-out group; campaign: its campaign; chance: propensity of the cell.
    """

    sent: npt.NDArray[np.bool_]
    channel: npt.NDArray[np.object_]
    kind: npt.NDArray[np.object_]
    customer: npt.NDArray[np.int64]
    campaign: npt.NDArray[np.int64]
    cell: npt.NDArray[np.int64]
    chance: FloatArray
    clicked: FloatArray
    converted: FloatArray
    revenue: FloatArray
    click: FloatArray | None
    conversion: FloatArray
    unsent: FloatArray
    effect: FloatArray
    order_value: FloatArray | None
    expected_revenue: FloatArray | None
