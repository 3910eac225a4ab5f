"""What copy may rest on beyond its offer: facts of the shop, gathered for one draft."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Grounds"]


@dataclass(frozen=True)
class Grounds:
    """What the shop knows of what a draft promotes.

    product_names: in the order of the draft's product ids, empty where a name is not known. known: other
        names that may hold figures of their own (the shop's name, brands).
    """

    currency: str
    product_names: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
