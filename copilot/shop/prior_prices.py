"""Which products of a scope hold down most what price reduction may be claimed.

Works by column, so that a category of tens of thousands costs a few milliseconds once; the exact figures are
worked out where copy is checked, for the few that come out of this.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from copilot.domain.offer import AmountOff, FixedPrice, Offer, PercentOff
from copilot.domain.prices import PricedProduct

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PriorPrices"]

FEW = 8  # products that are all looked at exactly
SAME = 1e-9  # what floating point may add: products this near to the weakest are looked at too

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PriorPrices:
    """names, price, lowest: (n,) each, NaN = not known."""

    names: npt.NDArray[np.object_]
    price: Floats
    lowest: Floats

    @classmethod
    def of(cls, products: pd.DataFrame) -> PriorPrices:
        """From rows of the catalogue."""
        price = products["price"].to_numpy(dtype=float)
        lowest = (
            products["lowest_price_30d"].to_numpy(dtype=float)
            if "lowest_price_30d" in products
            else np.full(len(price), np.nan)
        )
        return cls(products["name"].to_numpy(dtype=object), price, lowest)

    def weakest(self, offer: Offer) -> tuple[PricedProduct, ...]:
        """All of a few products; of many, those for which least of the offer may be claimed."""
        if len(self.price) <= FEW:
            return tuple(map(self._product, range(len(self.price))))
        may = self._may_claim(offer)
        if may is None or not np.isfinite(may).any():
            return ()
        near = np.flatnonzero(may <= np.nanmin(may) + SAME)
        return tuple(map(self._product, near[:FEW]))

    def _may_claim(self, offer: Offer) -> Floats | None:
        """(n,) what may be claimed, below 0 where the price rises; NaN where nothing limits it."""
        lowest = self.lowest
        if isinstance(offer, FixedPrice):
            prior = np.where(np.isnan(lowest), self.price, lowest)
            return np.where(prior > 0, (prior - float(offer.value)) / np.where(prior > 0, prior, 1.0), -1.0)
        if not isinstance(offer, PercentOff | AmountOff):
            return None
        price = np.where(lowest < self.price, self.price, np.nan)
        most = np.inf if offer.max_discount is None else float(offer.max_discount)
        value = float(offer.value)
        if isinstance(offer, PercentOff):
            paid = price - np.minimum(price * value / 100, most)
            return np.where(lowest > 0, (lowest - paid) / np.where(lowest > 0, lowest, 1.0), price * 0 - 1)
        units = np.maximum(np.ceil(float(offer.min_spend or 0) / price - SAME), 1.0)
        return units * lowest - np.maximum(units * price - min(value, most), 0.0)

    def _product(self, place: int) -> PricedProduct:
        price, lowest = _exact(self.price[place]), _exact(self.lowest[place])
        return PricedProduct(str(self.names[place]), price, lowest)


def _exact(value: float) -> Decimal | None:
    """The digits that a price is written with, not those of its binary fraction."""
    return None if np.isnan(value) else Decimal(repr(float(value)))
