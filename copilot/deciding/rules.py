"""The hard rules, as code, on every draft, whoever wrote it. No language model is asked.

Each rule is a function of the case's limits and a draft that returns one Check. A rule that cannot be
worked out (no past orders to know the usual basket, say) fails and says what would let it pass: a limit
never lapses in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import StrategyDraft
from copilot.domain.forecast import EffectForecast
from copilot.domain.report import Check
from copilot.shop.catalogue import Scope
from copilot.shop.context import ShopContext
from copilot.wording.copylock import check_copy

__all__ = ["check_draft", "check_forecast", "check_terms", "smallest_discount_basket", "spent_on"]


@dataclass(frozen=True)
class _Basket:
    """The smallest basket that qualifies, and what the offer takes off it."""

    list_price: float
    discount: float


def check_draft(
    draft: StrategyDraft, forecast: EffectForecast | None, brief: CampaignBrief, shop: ShopContext
) -> tuple[Check, ...]:
    """Every rule that applies to this draft, passed or not."""
    names = [shop.catalogue.name_of(product_id) for product_id in draft.product_ids]
    return (
        *check_terms(draft, brief, shop),
        *check_forecast(forecast, brief),
        *check_copy(draft, brief, currency=shop.settings.currency, product_names=names),
    )


def _follow_ups(draft: StrategyDraft) -> Iterator[Check]:
    # A message that is not forecast would spend money that no budget has seen.
    if draft.plan.follow_ups:
        yield Check(
            rule="follow_ups",
            passed=False,
            message="follow-ups are not forecast yet: leave them out of the plan",
        )


def check_terms(draft: StrategyDraft, brief: CampaignBrief, shop: ShopContext) -> tuple[Check, ...]:
    """The rules that need no forecast and no copy: cheap enough for every candidate of a sweep."""
    return (
        *_scope(draft, brief, shop),
        *_prices(draft, shop),
        *_dates(draft, brief, shop.as_of),
        *_depth(draft, brief, shop),
        *_follow_ups(draft),
    )


def _scope(draft: StrategyDraft, brief: CampaignBrief, shop: ShopContext) -> Iterator[Check]:
    channels = brief.channels or shop.channels
    yield Check(
        rule="channel",
        passed=not channels or draft.channel in channels,
        message=f"{draft.channel}; allowed: {', '.join(channels) or 'any'}",
    )
    if brief.offer_types:
        yield Check(
            rule="offer_type",
            passed=draft.offer.type in brief.offer_types,
            message=f"{draft.offer.type}; allowed: {', '.join(brief.offer_types)}",
        )
    yield _promoted(draft, brief, shop)
    scope: Scope = (draft.category, draft.product_ids)
    empty = shop.catalogue.facts(scope).out_of_stock
    yield Check(
        rule="stock", passed=not empty, message="out of stock" if empty else "not known to be out of stock"
    )


def _promoted(draft: StrategyDraft, brief: CampaignBrief, shop: ShopContext) -> Check:
    catalogue, known = shop.catalogue, shop.categories
    wrong = [product_id for product_id in draft.product_ids if product_id not in catalogue.products.index]
    if draft.category is not None and draft.category not in known:
        wrong.append(draft.category)
    if draft.category is not None:
        own = {product_id: catalogue.category_of(product_id) for product_id in draft.product_ids}
        wrong += [
            product_id for product_id, category in own.items() if category not in (draft.category, None)
        ]
    if brief.product_ids:
        wrong += [product_id for product_id in draft.product_ids if product_id not in brief.product_ids]
    if brief.categories:
        promoted = {catalogue.category_of(product_id) for product_id in draft.product_ids} or {draft.category}
        wrong += [str(category) for category in promoted if category not in brief.categories]
    elif brief.product_ids and not draft.product_ids:
        wrong.append("no product of the brief")
    names = ", ".join(dict.fromkeys(wrong))
    message = f"not in the catalogue, or not for this brief: {names}" if wrong else "as the brief asks"
    return Check(rule="promoted", passed=not wrong, message=message)


def _prices(draft: StrategyDraft, shop: ShopContext) -> Iterator[Check]:
    """Terms about a product must make sense at its price."""
    prices = shop.catalogue.in_scope((draft.category, draft.product_ids))["price"].dropna()
    if draft.offer.type == "fixed_price":
        known = bool(draft.product_ids) and len(prices) == len(draft.product_ids)
        yield Check(
            rule="fixed_price",
            passed=known and float(draft.offer.value) < float(prices.min()),
            message="a fixed price needs product_ids, and lies below the price of each",
        )
    if draft.offer.type == "amount_off" and draft.product_ids and len(prices):
        dearest = float(prices.max())
        yield Check(
            rule="amount_off",
            passed=float(draft.offer.value) < dearest,
            message=f"{draft.offer.value} off products that cost at most {dearest:.2f}",
        )


def _dates(draft: StrategyDraft, brief: CampaignBrief, as_of: date) -> Iterator[Check]:
    first, last = brief.window(as_of)
    starts, ends = draft.plan.starts_on or first, draft.plan.ends_on or last
    yield Check(
        rule="dates",
        passed=first <= starts <= ends <= last,
        message=f"{starts} to {ends}; the brief allows {first} to {last}",
    )
    if draft.offer.type != "none":
        room = (last - starts).days + 1
        yield Check(
            rule="valid_days",
            passed=draft.offer.valid_days <= room,
            message=f"valid {draft.offer.valid_days} days; {room} are left when it starts",
        )


def _depth(draft: StrategyDraft, brief: CampaignBrief, shop: ShopContext) -> Iterator[Check]:
    if brief.max_discount_percent is None and brief.min_margin_percent is None:
        return
    basket = smallest_discount_basket(draft, shop)
    margin = shop.catalogue.facts((draft.category, draft.product_ids)).margin
    if brief.max_discount_percent is not None:
        yield _cap(basket, float(brief.max_discount_percent))
    if brief.min_margin_percent is not None:
        yield _floor(basket, margin, float(brief.min_margin_percent))


_NO_BASKET = "the usual basket is not known (no past orders); give the offer a minimum spend"


def _cap(basket: _Basket | None, cap: float) -> Check:
    if basket is None:
        return Check(rule="max_discount_percent", passed=False, message=_NO_BASKET)
    depth = 100 * basket.discount / basket.list_price
    return Check(
        rule="max_discount_percent",
        passed=depth <= cap + 1e-9,
        message=f"{depth:.1f} % off the smallest basket that qualifies; at most {cap:g} %",
    )


def _floor(basket: _Basket | None, margin: float, floor: float) -> Check:
    if basket is None:
        return Check(rule="min_margin_percent", passed=False, message=_NO_BASKET)
    paid = basket.list_price - basket.discount
    left = 100 * (paid - basket.list_price * (1 - margin)) / paid if paid > 0 else float("-inf")
    return Check(
        rule="min_margin_percent",
        passed=left >= floor - 1e-9,
        message=f"{left:.1f} % margin is left on the smallest basket that qualifies; at least {floor:g} %",
    )


def smallest_discount_basket(draft: StrategyDraft, shop: ShopContext) -> _Basket | None:
    """The smallest basket that qualifies and its discount; None where the usual basket is not known.

    A percentage without minimum spend is the same share of any basket. An amount, a gift, points or free
    shipping without minimum spend are held against the median basket of the promoted scope.
    """
    offer, facts = draft.offer, shop.catalogue.facts((draft.category, draft.product_ids))
    cap = float(offer.max_discount) if offer.max_discount else float("inf")
    if offer.type == "fixed_price":
        dearest = facts.dearest
        return _Basket(dearest, max(dearest - float(offer.value), 0.0)) if dearest else None
    if offer.type == "buy_x_get_y":
        price, units = facts.unit_price or 1.0, offer.buy_quantity + offer.get_quantity
        return _Basket(price * units, min(price * offer.get_quantity, cap))
    basket = float(offer.min_spend) if offer.min_spend else facts.median_basket
    if offer.type in ("none", "percent_off"):
        # Without a minimum the smallest basket is so small that no cap on the discount can bind.
        share = float(offer.value or 0) / 100
        return (
            _Basket(basket, min(share * basket, cap)) if offer.min_spend and basket else _Basket(1.0, share)
        )
    if not basket:
        return None
    cost = {
        "free_shipping": float(shop.settings.shipping_cost),
        "points": float(offer.value or 0) * float(shop.settings.point_value),
    }.get(offer.type, float(offer.value or 0))
    return _Basket(basket, min(cost, basket, cap))


def check_forecast(forecast: EffectForecast | None, brief: CampaignBrief) -> Iterator[Check]:
    """The rules that are about what is forecast."""
    if forecast is None:
        yield Check(
            rule="audience", passed=False, message="reaches nobody: no customer of it may be contacted there"
        )
        return
    yield Check(rule="audience", passed=True, message=f"{forecast.audience_size} customers")
    yield _beats_nothing(forecast, brief)
    if brief.budget is not None:
        spent = spent_on(forecast)
        yield Check(
            rule="budget",
            passed=spent <= float(brief.budget),
            message=f"{spent:.2f} expected for discounts and messages; at most {brief.budget}",
        )
    if brief.min_roi is not None:
        roi = None if forecast.roi is None else forecast.roi.mean
        yield Check(
            rule="min_roi",
            passed=roi is not None and roi >= float(brief.min_roi),
            message=f"ROI {'unknown' if roi is None else f'{roi:.2f}'}; at least {brief.min_roi}",
        )


def spent_on(forecast: EffectForecast) -> float:
    """What a draft is expected to cost: discounts given and messages sent."""
    return forecast.totals.discount_cost.mean + forecast.totals.contact_cost.mean


def _beats_nothing(forecast: EffectForecast, brief: CampaignBrief) -> Check:
    figure = {
        "profit": forecast.incremental_profit,
        "revenue": forecast.incremental_revenue,
        "conversion": forecast.incremental_conversion,
        "clicks": forecast.ctr,
    }[brief.objective]
    assert figure is not None  # a scorer refuses an objective that its model cannot forecast
    return Check(
        rule="beats_nothing",
        passed=figure.mean > 0,
        message=f"{brief.objective} {figure.mean:+.4g} per customer against sending nothing; must be above 0",
    )
