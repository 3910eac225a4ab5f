"""What the copy of a draft may rest on, of all that is known of the shop."""

from __future__ import annotations

from copilot.domain.draft import StrategyDraft
from copilot.domain.shop import ShopSettings
from copilot.shop.catalogue import Scope
from copilot.shop.context import ShopContext
from copilot.wording.grounds import Grounds

__all__ = ["grounds_of"]


def grounds_of(draft: StrategyDraft, shop: ShopContext) -> Grounds:
    """What the draft's slots say, and what names may stand in its copy."""
    catalogue, settings = shop.catalogue, shop.settings
    scope: Scope = (draft.category, draft.product_ids)
    return Grounds(
        currency=settings.currency,
        product_names=tuple(catalogue.name_of(product_id) for product_id in draft.product_ids),
        known=(settings.name, *catalogue.brands(scope)),
        priced=catalogue.priced(scope, draft.offer),
        shop=settings.name.strip() if settings.name != ShopSettings().name else "",
    )
