"""The offer space of a brief: every combination of type, value, minimum spend, days, channel and scope
that is worth asking the predictor about. Values are round numbers near what the shop's baskets are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from copilot.domain.audience import Condition
from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Plan, StrategyDraft
from copilot.domain.noun import parse
from copilot.domain.offer import OFFER_TYPES
from copilot.shop.catalogue import Scope
from copilot.shop.context import ShopContext

__all__ = ["Terms", "neighbours", "offer_space", "round_money", "to_draft"]

PERCENTS = (5, 10, 15, 20, 25, 30, 40, 50)
AMOUNT_SHARES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4)  # of the median basket
GIFT_SHARES = (0.03, 0.06, 0.1, 0.15)
MINIMUM_SHARES = (0.0, 0.75, 1.0, 1.25, 1.75)
DAYS = (3, 7, 14)
BUNDLES = ((1, 1), (2, 1), (3, 1))
PRICE_SHARES = (0.6, 0.7, 0.8, 0.9)
UNKNOWN_BASKET = 50.0
ORDINARY = ("none", "percent_off", "amount_off", "free_shipping")  # tried where nothing was ever sent


@dataclass(frozen=True)
class Terms:
    """A point of the offer space: plain numbers, so that thousands are cheap to hold."""

    channel: str
    scope: Scope
    type: str
    value: float | None = None
    min_spend: float | None = None
    days: int = 7
    buy: int | None = None
    get: int | None = None


def offer_space(brief: CampaignBrief, shop: ShopContext) -> list[Terms]:
    """All terms inside the brief's lists and window. Types the shop has never sent are left out unless
    the brief names them: nothing is known of what they do. Where nothing was sent, ordinary ones are tried.
    """
    first, last = brief.window(shop.as_of)
    room = (last - first).days + 1
    days = [count for count in DAYS if count <= room] or [room]
    channels = brief.channels or shop.channels or ("email",)
    found: list[Terms] = []
    for channel, scope in product(channels, scopes(brief, shop)):
        for kind in _types(brief, shop):
            found += [
                Terms(channel, scope, kind, days=count, **terms)
                for terms in _terms(kind, scope, shop)
                for count in (days if kind != "none" else days[-1:])
            ]
    return [terms for terms in found if _possible(terms)]


def scopes(brief: CampaignBrief, shop: ShopContext) -> list[Scope]:
    """What may be promoted: the brief's products, else its categories, else what past campaigns promoted."""
    if brief.product_ids:
        return [(None, brief.product_ids)]
    if brief.categories:
        return [(name, ()) for name in brief.categories]
    promoted = {arm.category for arm in shop.arms if arm.category}
    names = [name for name in shop.catalogue.categories if name in promoted]
    names += sorted(promoted - set(names))
    return [(name, ()) for name in names] or [(None, ())]


def _types(brief: CampaignBrief, shop: ShopContext) -> Sequence[str]:
    if brief.offer_types:
        return brief.offer_types
    used = {*(shop.offer_types or ORDINARY), "none"}
    return [kind for kind in OFFER_TYPES if kind in used]


def _terms(kind: str, scope: Scope, shop: ShopContext) -> Iterator[dict[str, Any]]:
    basket = shop.catalogue.facts((None, ())).median_basket or UNKNOWN_BASKET
    minimums = [round_money(share * basket) or None for share in MINIMUM_SHARES]
    price = shop.catalogue.facts(scope).unit_price
    values: Sequence[float]
    if kind == "none":
        yield {}
    elif kind == "buy_x_get_y":
        yield from ({"buy": buy, "get": get} for buy, get in BUNDLES)
    elif kind == "fixed_price":
        if price and scope[1]:  # a category has no one price
            yield from ({"value": round_money(share * price)} for share in PRICE_SHARES)
    elif kind == "free_shipping":
        yield from ({"min_spend": minimum} for minimum in minimums)
    else:
        values = {
            "percent_off": PERCENTS,
            "amount_off": [round_money(share * basket) for share in AMOUNT_SHARES],
            "gift": [round_money(share * basket) for share in GIFT_SHARES],
            "points": [_points(share * basket, shop) for share in GIFT_SHARES],
        }[kind]
        for value, minimum in product(dict.fromkeys(values), minimums):
            yield {"value": value, "min_spend": minimum}


def _possible(terms: Terms) -> bool:
    """Whether an offer may have these terms: in a shop of small prices, rounding can leave nothing."""
    if terms.value is not None and terms.value <= 0:
        return False
    if terms.type == "amount_off" and terms.min_spend:
        return (terms.value or 0) <= terms.min_spend
    return terms.type != "percent_off" or (terms.value or 0) <= 100


def neighbours(terms: Terms, room: int) -> list[Terms]:
    """Terms one small step away: the local polish after the sweep."""
    return [step for step in _around(terms, room) if _possible(step)]


def _around(terms: Terms, room: int) -> Iterator[Terms]:
    if terms.value is not None:
        yield from (replace(terms, value=step) for step in _steps(terms))
    if terms.min_spend is not None:
        for factor in (0.85, 1.15):
            yield replace(terms, min_spend=round_money(terms.min_spend * factor) or None)
    for days in (terms.days - 2, terms.days + 2):
        if 1 <= days <= room and terms.type != "none":
            yield replace(terms, days=days)


def _steps(terms: Terms) -> tuple[float, ...]:
    assert terms.value is not None
    if terms.type == "percent_off":
        return (terms.value - 2, terms.value + 2)
    return (round_money(terms.value * 0.8), round_money(terms.value * 1.2))


def round_money(value: float) -> float:
    """To a price a shop would print: steps of 0.5 below 10, of 1 below 30, of 5 below 200, else of 10."""
    for limit, step in ((10, 0.5), (30, 1.0), (200, 5.0)):
        if value < limit:
            return round(value / step) * step
    return round(value / 10) * 10.0


def _points(money: float, shop: ShopContext) -> float:
    worth = float(shop.settings.point_value)
    return (round(money / worth / 50) * 50.0 or 50.0) if worth else 100.0


def to_draft(
    terms: Terms, draft_id: str, plan: Plan, audience: tuple[Condition, ...] = (), limit: int | None = None
) -> StrategyDraft:
    """A draft without copy; parsed like any other, so impossible terms never pass."""
    offer = {
        "type": terms.type,
        "value": terms.value,
        "min_spend": terms.min_spend,
        "valid_days": terms.days,
        "buy_quantity": terms.buy,
        "get_quantity": terms.get,
    }
    category, product_ids = terms.scope
    return parse(
        StrategyDraft,
        {
            "draft_id": draft_id,
            "channel": terms.channel,
            "category": category,
            "product_ids": product_ids,
            "audience": audience,
            "audience_limit": limit,
            "offer": offer,
            "plan": plan,
        },
    )
