"""What copy may rest on beyond its offer: facts of the shop, gathered for one draft."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.domain.brand import BrandKit
from copilot.domain.prices import PricedProduct

__all__ = ["Grounds"]

FEW_LEFT = 20  # units: what a shop may call a few of a product


@dataclass(frozen=True)
class Grounds:
    """What the shop knows of what a draft promotes.

    product_names: in the order of the draft's product ids, empty where a name is not known. known: other
        names that may hold figures of their own (the shop's name, brands). priced: what the promoted products
        cost; of many, those that hold down most what reduction may be claimed. brand: how the brand speaks.
    stock: units left of the promoted product that most is left of, None unless known of each of them. shop:
        its name, empty where it was given none.
    """

    currency: str
    product_names: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    priced: tuple[PricedProduct, ...] = ()
    brand: BrandKit | None = None
    stock: int | None = None
    shop: str = ""

    @property
    def sender(self) -> str:
        """Who writes, as a text message names it: the brand, else the shop; empty if nameless."""
        return (self.brand.name if self.brand else "").strip() or self.shop

    @property
    def few_left(self) -> bool:
        """Whether little is known to be left of everything that is promoted."""
        return self.stock is not None and 0 < self.stock <= FEW_LEFT
