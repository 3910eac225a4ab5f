"""What scoring hands on: figures of predictors as nouns, per customer, and beside those of another draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from copilot.deciding.offer_table import left_out
from copilot.domain.draft import StrategyDraft
from copilot.domain.forecast import EffectForecast, Estimate, Totals

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from copilot.deciding.scoring import EffectForecasts, Figures
    from copilot.shop.context import ShopContext

__all__ = ["Compared", "PerCustomer", "estimate", "forecast_of", "thinned"]

MONEY = ("revenue", "incremental_revenue", "discount_cost", "contact_cost", "incremental_profit")


@dataclass(frozen=True)
class PerCustomer:
    """Figures of one draft for each customer it would contact: customer_ids (n,), figures name -> (n,)."""

    customer_ids: npt.NDArray[Any]
    figures: Mapping[str, npt.NDArray[np.float64]]


@dataclass(frozen=True)
class Compared:
    """Drafts beside the first of them; differences: known figure -> change of the total, for each draft."""

    forecasts: tuple[EffectForecast, ...]
    differences: Mapping[str, tuple[Estimate, ...]]


def forecast_of(
    found: EffectForecasts, index: int, draft: StrategyDraft, size: int, shop: ShopContext, version: str
) -> EffectForecast:
    """One of the forecasts, of a draft that goes to `size` customers, by the predictor of that version."""
    figures = {name: _known(figure, index) for name, figure in found.figures.items()}
    totals = {name: known.times(size) for name in MONEY if (known := figures[name]) is not None}
    return EffectForecast.model_validate(
        {
            **figures,
            "audience_size": size,
            "totals": Totals.model_validate(totals),
            "support": float(found.support[index]),
            "incremental": found.incremental,
            "warnings": (*found.warnings[index], *shop.warnings, *left_out(draft, shop)),
            "model_version": version,
            "as_of": shop.as_of,
        }
    )


def _known(figure: Figures, index: int) -> Estimate | None:
    return None if figure.mean[index] != figure.mean[index] else estimate(figure, index)


def estimate(figure: Figures, index: int) -> Estimate:
    """One draft's value of a figure that is known."""
    return Estimate(
        mean=float(figure.mean[index]), low=float(figure.low[index]), high=float(figure.high[index])
    )


def thinned(rows: npt.NDArray[np.bool_], most: int) -> npt.NDArray[np.bool_]:
    """(U,) customers whom any of the (D, U) rows reaches, every so-many-th of them if there are too many."""
    import numpy as np

    every: npt.NDArray[np.bool_] = np.any(rows, axis=0)
    if every.sum() <= most:
        return every
    some = np.zeros_like(every)
    some[np.flatnonzero(every)[:: -(-int(every.sum()) // most)]] = True
    # A draft whose few customers were all left out could not be forecast.
    return some if rows[:, some].any(axis=1).all() else every
