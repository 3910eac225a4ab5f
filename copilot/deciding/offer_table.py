"""Drafts as the predictors read them, and what of a draft they cannot read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from copilot.domain.draft import StrategyDraft

if TYPE_CHECKING:
    import pandas as pd

    from copilot.deciding.offers import Terms
    from copilot.shop.catalogue import Scope
    from copilot.shop.context import ShopContext

__all__ = ["left_out", "offer_table", "terms_table"]


def offer_table(drafts: Sequence[StrategyDraft], shop: ShopContext) -> pd.DataFrame:
    """Drafts as the predictors' offer table, one row each."""
    import pandas as pd

    return pd.DataFrame([_offer_row(draft, shop) for draft in drafts])


def terms_table(space: Sequence[Terms], shop: ShopContext) -> pd.DataFrame:
    """Points of an offer space as the predictors' offer table: as their drafts would be, but by column."""
    import pandas as pd

    promoted = {scope: _promoted(scope, shop) for scope in {terms.scope for terms in space}}
    unknown = float("nan")
    return pd.DataFrame(
        {
            "channel": [terms.channel for terms in space],
            "offer_type": [terms.type for terms in space],
            "offer_value": [_float(terms.value) for terms in space],
            "buy_quantity": [_float(terms.buy) for terms in space],
            "get_quantity": [_float(terms.get) for terms in space],
            "min_spend": [terms.min_spend or unknown for terms in space],
            "max_discount": unknown,
            "valid_days": [float(terms.days) for terms in space],
            "category": [promoted[terms.scope][0] for terms in space],
            "product_id": [promoted[terms.scope][1] for terms in space],
            "subject": "",
            "body": "",
        }
    )


def _offer_row(draft: StrategyDraft, shop: ShopContext) -> dict[str, Any]:
    offer = draft.offer
    category, product = _promoted((draft.category, draft.product_ids), shop)
    return {
        "channel": draft.channel,
        "offer_type": offer.type,
        "offer_value": _float(offer.value),
        "buy_quantity": _float(offer.buy_quantity),
        "get_quantity": _float(offer.get_quantity),
        "min_spend": _float(offer.min_spend),
        "max_discount": _float(offer.max_discount),
        "valid_days": float(offer.valid_days),
        "category": category,
        "product_id": product,
        "subject": draft.message.subject,
        "body": draft.message.body,
    }


def _promoted(scope: Scope, shop: ShopContext) -> tuple[str | None, str | None]:
    """Category and product that the predictor looks at: several products are what they have in common."""
    category, product_ids = scope
    if not product_ids:
        return category, None
    categories = {shop.catalogue.category_of(product_id) for product_id in product_ids}
    common = categories.pop() if len(categories) == 1 else category
    return common, product_ids[0] if len(product_ids) == 1 else None


def left_out(draft: StrategyDraft, shop: ShopContext) -> Iterator[str]:
    """What of a draft its forecast takes no account of."""
    if draft.channel not in shop.settings.contact_cost:
        yield f"what a message by {draft.channel} costs is not known (shop.json): counted as 0"
    if draft.plan.follow_ups:
        yield "follow-up messages, their effect and their cost, are not part of the forecast"
    if draft.offer.limit_total is not None:
        yield "limit_total is not part of the forecast: discounts are counted as if it were never reached"
    if draft.offer.stackable:
        yield "what other offers add to a stackable one is not part of the forecast"
    unseen = [product_id for product_id in draft.product_ids if product_id not in shop.promoted_products]
    if unseen:
        yield f"no past campaign promoted {', '.join(unseen[:3])} alone: forecast as an offer on its category"
    if len(draft.product_ids) > 1:
        yield "several products are forecast as what they have in common: category, margin and usual price"


def _float(value: Any) -> float:
    return float("nan") if value is None else float(value)
