"""What a product costs, and the lowest it cost of late: what a price reduction is counted from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

__all__ = ["PricedProduct"]


@dataclass(frozen=True)
class PricedProduct:
    """A promoted product. None = not known.

    price: the list price. lowest: the lowest price it was sold at in the last 30 days.
    """

    name: str
    price: Decimal | None
    lowest: Decimal | None

    @property
    def prior(self) -> Decimal | None:
        """The price that a reduction is counted from: the lowest, else the list price."""
        return self.price if self.lowest is None else self.lowest
