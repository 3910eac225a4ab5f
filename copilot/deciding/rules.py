"""The hard rules, as code, on every draft, whoever wrote it. No language model is asked.

Each rule is a function of the case's limits and a draft that returns one Check. A rule that cannot be
worked out (no past orders to know the usual basket, say) fails and says what would let it pass: a limit
never lapses in silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from math import isnan

import numpy as np
import numpy.typing as npt

from copilot.deciding.depth import Cuts, cuts
from copilot.deciding.offer_table import offer_table, terms_table
from copilot.deciding.offers import Terms, to_draft
from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Plan, StrategyDraft
from copilot.domain.forecast import EffectForecast
from copilot.domain.report import Check
from copilot.shop.catalogue import Scope
from copilot.shop.context import ShopContext
from copilot.wording.copylock import check_copy
from copilot.wording.grounds import Grounds

__all__ = ["check_draft", "check_forecast", "check_terms", "keep_terms", "spent_on"]


ROUNDING = 1e-9  # what arithmetic may add to a limit that is met exactly


def check_draft(
    draft: StrategyDraft,
    forecast: EffectForecast | None,
    brief: CampaignBrief,
    shop: ShopContext,
    grounds: Grounds,
) -> tuple[Check, ...]:
    """Every rule that applies to this draft, passed or not. grounds: what its copy may rest on."""
    return (
        *check_terms(draft, brief, shop),
        *check_forecast(forecast, brief),
        *check_copy(draft, brief, grounds),
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
    """The rules that need no forecast and no copy."""
    return (
        *_scope(draft, brief, shop),
        *_prices(draft, shop),
        *_dates(draft, brief, shop.as_of),
        *_depth(draft, brief, shop),
        *_follow_ups(draft),
    )


def keep_terms(
    space: Sequence[Terms], plan: Plan, brief: CampaignBrief, shop: ShopContext
) -> npt.NDArray[np.bool_]:
    """(D,) whether the draft of each of these terms would pass all of `check_terms`.

    A rule looks at a few of the terms, in which thousands are alike, and is asked once for all of those. How
    deep they cut is worked out by column.
    """
    kept = np.ones(len(space), dtype=bool)

    def hold(rule: Callable[[StrategyDraft], Iterable[Check]], alike: Callable[[Terms], Hashable]) -> None:
        for places in _places(space, alike):
            draft = to_draft(space[places[0]], "alike", plan)
            kept[places] &= all(check.passed for check in rule(draft))

    hold(lambda draft: _scope(draft, brief, shop), lambda one: (one.channel, one.scope, one.type))
    hold(lambda draft: _prices(draft, shop), lambda one: (one.scope, one.type, one.value))
    hold(lambda draft: _dates(draft, brief, shop.as_of), lambda one: (one.type, one.days))
    hold(_follow_ups, lambda one: None)
    if brief.max_discount_percent is not None or brief.min_margin_percent is not None:
        table = terms_table(space, shop)
        for places in _places(space, lambda one: one.scope):
            cut = cuts(table.iloc[places], space[places[0]].scope, shop)
            kept[places] &= _keeps_cap(cut, brief) & _keeps_floor(cut, brief)
    return kept


def _places(space: Sequence[Terms], alike: Callable[[Terms], Hashable]) -> Iterable[list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for place, terms in enumerate(space):
        found[alike(terms)].append(place)
    return found.values()


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
    if draft.offer.type != "fixed_price" and not (draft.offer.type == "amount_off" and draft.product_ids):
        return
    prices = shop.catalogue.in_scope((draft.category, draft.product_ids))["price"].dropna()
    if draft.offer.type == "fixed_price":
        known = bool(draft.product_ids) and len(prices) == len(draft.product_ids)
        yield Check(
            rule="fixed_price",
            passed=known and float(draft.offer.value) < float(prices.min()),
            message="a fixed price needs product_ids, and lies below the price of each",
        )
    elif len(prices):
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


_NO_BASKET = "the usual basket is not known (no past orders); give the offer a minimum spend"


def _depth(draft: StrategyDraft, brief: CampaignBrief, shop: ShopContext) -> Iterator[Check]:
    if brief.max_discount_percent is None and brief.min_margin_percent is None:
        return
    cut = cuts(offer_table([draft], shop), (draft.category, draft.product_ids), shop)
    off, left = float(cut.discount[0]), float(cut.margin[0])
    if brief.max_discount_percent is not None:
        cap = float(brief.max_discount_percent)
        told = f"{off:.1f} % off the smallest basket that qualifies; at most {cap:g} %"
        yield Check(
            rule="max_discount_percent",
            passed=bool(_keeps_cap(cut, brief)[0]),
            message=_NO_BASKET if isnan(off) else told,
        )
    if brief.min_margin_percent is not None:
        floor = float(brief.min_margin_percent)
        told = f"{left:.1f} % margin is left on the smallest basket that qualifies; at least {floor:g} %"
        yield Check(
            rule="min_margin_percent",
            passed=bool(_keeps_floor(cut, brief)[0]),
            message=_NO_BASKET if isnan(left) else told,
        )


# What is not known is NaN and keeps no limit that there is.
def _keeps_cap(cut: Cuts, brief: CampaignBrief) -> npt.NDArray[np.bool_]:
    if brief.max_discount_percent is None:
        return np.ones(len(cut.discount), dtype=bool)
    return np.asarray(cut.discount <= float(brief.max_discount_percent) + ROUNDING, dtype=bool)


def _keeps_floor(cut: Cuts, brief: CampaignBrief) -> npt.NDArray[np.bool_]:
    if brief.min_margin_percent is None:
        return np.ones(len(cut.margin), dtype=bool)
    return np.asarray(cut.margin >= float(brief.min_margin_percent) - ROUNDING, dtype=bool)


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
