"""A case with deterministic arithmetic in place of a predictor: larger discounts sell more and cost more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any, cast

from copilot.domain import CampaignBrief, Check, EffectForecast, Estimate, StrategyDraft, Totals, parse
from copilot.domain.brand import BrandKit
from copilot.domain.draft import Copy
from copilot.domain.group import AttributeFacts, GroupFacts, Share
from copilot.domain.prices import PricedProduct
from copilot.domain.scored import (
    CaseFacts,
    CategoryFacts,
    PastArm,
    ProductDetails,
    ProductFacts,
    ScoredDraft,
)
from copilot.domain.why import Change, Lever
from copilot.errors import UnknownName
from copilot.shop.arms import nearest_arms
from copilot.wording import Grounds, check_copy, render

if TYPE_CHECKING:
    from copilot.deciding.case import Case

STARTS, ENDS = date(2026, 3, 1), date(2026, 3, 14)
CUSTOMERS = 1000
PRODUCTS = {"p1": "Serum 20", "p2": "Day Cream"}
REACH = {"email": 1.0, "sms": 0.6, "push": 0.4}


class FakeCase:
    """Answers what drafting asks of `copilot.deciding.case.Case`. `calls` records what was asked of it.

    lowest: product id -> its lowest price of the last 30 days; every product is listed at 30.
    """

    def __init__(
        self,
        *,
        feasible: bool = True,
        lowest: Mapping[str, float] | None = None,
        brand: BrandKit | None = None,
        **brief: Any,
    ) -> None:
        self.brief = parse(CampaignBrief, {"brief_id": "b1", "categories": ["beauty"], **brief})
        self.calls: list[str] = []
        self.names = None
        self.brand = brand
        self._lowest = lowest or {}
        self._feasible = feasible

    @property
    def as_case(self) -> Case:
        """The same, for what is typed to take a real case."""
        return cast("Case", self)

    @property
    def facts(self) -> CaseFacts:
        return CaseFacts(
            shop="Demo shop",
            currency="EUR",
            as_of=STARTS,
            starts_on=self.brief.starts_on or STARTS,
            ends_on=self.brief.ends_on or ENDS,
            audience_size=CUSTOMERS,
            reachable={channel: int(CUSTOMERS * share) for channel, share in REACH.items()},
            average_basket=60.0,
            categories=(CategoryFacts(name="beauty", products=2, median_price=30.0, margin=0.5),),
            products=tuple(
                ProductFacts(product_id=key, name=name, category="beauty", price=30.0, margin=0.5, stock=9)
                for key, name in PRODUCTS.items()
            ),
            notes=(),
            brand=self.brand.section(self.brief.language) if self.brand else None,
        )

    def sweep(
        self,
        *,
        category: str | None = None,
        channel: str | None = None,
        offer_type: str | None = None,
        limit: int = 12,
    ) -> tuple[ScoredDraft, ...]:
        self.calls.append("sweep")
        fits = [
            one
            for one in self.score(list(self._space()))
            if one.admissible
            and channel in (None, one.draft.channel)
            and offer_type in (None, one.draft.offer.type)
            and category in (None, one.draft.category)
        ]
        return tuple(sorted(fits, key=lambda one: -one.utility)[:limit])

    def score(self, drafts: Sequence[StrategyDraft]) -> tuple[ScoredDraft, ...]:
        self.calls.append("score")
        return tuple(self._scored(draft) for draft in drafts)

    def judge(self, drafts: Sequence[StrategyDraft]) -> tuple[ScoredDraft, ...]:
        """As the search sees them."""
        return tuple(self._scored(draft) for draft in drafts)

    def levers(self, draft: StrategyDraft) -> tuple[Lever, ...]:
        """Other channels, strongest first."""
        self.calls.append("levers")
        before = self._forecast(draft)
        found = []
        for channel in REACH:
            if channel != draft.channel:
                after = self._scored(draft.model_copy(update={"channel": channel, "message": Copy()}))
                assert after.forecast is not None
                gain = after.utility - before.incremental_profit.mean * before.audience_size
                change = Estimate(mean=gain, low=gain - 1, high=gain + 1)
                told = dict.fromkeys(Change.model_fields, change)
                found.append(
                    Lever(
                        kind="channel",
                        before=draft.channel,
                        after=channel,
                        channel=after.draft.channel,
                        offer=draft.offer,
                        audience_size=after.forecast.audience_size,
                        total=Change(**told),
                        per_customer=None,
                        support=after.forecast.support,
                        broken=after.broken,
                        words=f"by {channel}",
                    )
                )
        return tuple(sorted(found, key=lambda one: -abs(one.total.objective.mean)))

    def past_campaigns(self, *, limit: int = 5, **wanted: Any) -> tuple[PastArm, ...]:
        self.calls.append("past")
        arm = PastArm(
            campaign_id="winter",
            sent_on=date(2026, 1, 10),
            channel="email",
            offer_type="percent_off",
            value=20.0,
            terms="20 % off",
            category="beauty",
            customers=5000,
            ctr=0.031,
            conversion=0.02,
            holdout_conversion=0.015,
            revenue=1.1,
            discount_cost=0.2,
        )
        changes = {"campaign_id": "spring", "channel": "sms", "value": 5.0, "sent_on": date(2026, 2, 1)}
        return nearest_arms([arm, arm.model_copy(update=changes)], wanted, limit)

    def audience_facts(self, audience: Sequence[Any] = (), attribute: str | None = None) -> GroupFacts:
        """One attribute, `tier`; any condition leaves a handful."""
        self.calls.append("audience")
        if audience:
            return GroupFacts(size=None, fewest=20)
        if attribute not in (None, "tier"):
            raise UnknownName("attribute", str(attribute), ["tier"])
        shares = (Share(value="gold", share=0.25), Share(value="none", share=0.75))
        tier = AttributeFacts(attribute="tier", kind="category", known=1.0, values=shares)
        return GroupFacts(
            size=CUSTOMERS,
            fewest=20,
            reachable={"email": CUSTOMERS, "push": None},
            told=tier if attribute else None,
            attributes={} if attribute else {"category": ("tier",)},
        )

    def product_facts(
        self, *, product_ids: Sequence[str] = (), category: str | None = None, query: str = "", limit: int
    ) -> tuple[tuple[ProductDetails, ...], int]:
        self.calls.append("products")
        found = [
            ProductDetails(**dict(product), brand="Own", description="Softens and protects.")
            for product in self.facts.products
            if (not product_ids or product.product_id in product_ids)
            and category in (None, product.category)
            and query.casefold() in product.name.casefold()
        ]
        return tuple(found[:limit]), max(len(found) - limit, 0)

    def check_copy(self, draft: StrategyDraft) -> tuple[Check, ...]:
        self.calls.append("copy")
        return check_copy(draft, self.brief, self.grounds(draft))

    def appeal(self, draft: StrategyDraft) -> None:
        """Nothing is known of words here."""

    def message(self, draft: StrategyDraft) -> Copy:
        return render(draft.message, draft, self.grounds(draft), language=self.brief.language)

    def grounds(self, draft: StrategyDraft) -> Grounds:
        """What copy may rest on: euros, the names of the promoted products, and what they cost."""
        names = tuple(PRODUCTS.get(key, "") for key in draft.product_ids)
        lowest = {key: Decimal(str(value)) for key, value in self._lowest.items()}
        priced = (
            PricedProduct(name, Decimal(30), lowest.get(key))
            for key, name in PRODUCTS.items()
            if key in (draft.product_ids or PRODUCTS)
        )
        return Grounds("EUR", names, priced=tuple(priced), brand=self.brand)

    def _space(self) -> Iterator[StrategyDraft]:
        offers: list[dict[str, Any]] = [{"type": "none"}, {"type": "free_shipping"}]
        offers += [{"type": "percent_off", "value": value} for value in (5, 10, 15, 20, 30)]
        offers += [{"type": "amount_off", "value": value, "min_spend": 50} for value in (5, 10)]
        category = (self.brief.categories or (None,))[0]
        for n, (channel, offer) in enumerate(product(self.brief.channels or REACH, offers)):
            if not self.brief.offer_types or offer["type"] in self.brief.offer_types:
                data = {"draft_id": f"sweep-{n}", "channel": channel, "category": category, "offer": offer}
                yield parse(StrategyDraft, data)

    def _scored(self, draft: StrategyDraft) -> ScoredDraft:
        known = {"orders_365d", "days_since_order", "favourite_category"}
        for condition in draft.audience:
            if condition.attribute not in known:
                raise UnknownName("attribute", condition.attribute, sorted(known))
        forecast = self._forecast(draft)
        profit = forecast.incremental_profit.mean * forecast.audience_size
        return ScoredDraft(draft=draft, forecast=forecast, checks=self._checks(draft), utility=profit)

    def _checks(self, draft: StrategyDraft) -> tuple[Check, ...]:
        depth = _depth(draft)
        cap = float(self.brief.max_discount_percent or 100)
        return (
            Check(rule="beats_nothing", passed=self._feasible, message="as the test wants it"),
            Check(
                rule="max_discount_percent",
                passed=100 * depth <= cap,
                message=f"{100 * depth:.0f}; at most {cap:g}",
            ),
            *check_copy(draft, self.brief, self.grounds(draft)),
        )

    def _forecast(self, draft: StrategyDraft) -> EffectForecast:
        depth = _depth(draft)
        # The favourites of a category respond a little better: enough for a targeted variant to win.
        keen = 1.6 if any(c.attribute == "favourite_category" for c in draft.audience) else 1.0
        size = int(CUSTOMERS * REACH.get(draft.channel, 0.1) * (0.7 if draft.audience else 1.0))
        lift = keen * (0.004 + 0.02 * depth**0.5)
        cost = 0.06 * depth * 60 * 0.4
        profit = lift * 60 * 0.5 - cost
        return _figures(lift, cost, profit, min(size, draft.audience_limit or size))


def _depth(draft: StrategyDraft) -> float:
    value = float(draft.offer.value or 0)
    return {"percent_off": value / 100, "amount_off": value / 50, "free_shipping": 0.08}.get(
        draft.offer.type, 0.0
    )


def _figures(lift: float, cost: float, profit: float, size: int) -> EffectForecast:
    def figure(value: float) -> Estimate:
        return Estimate(mean=value, low=value - 0.01, high=value + 0.01)

    revenue = lift * 60
    return EffectForecast(
        ctr=figure(0.03),
        conversion=figure(0.015 + lift),
        baseline_conversion=figure(0.015),
        incremental_conversion=figure(lift),
        revenue=figure(0.9 + revenue),
        incremental_revenue=figure(revenue),
        discount_cost=figure(cost),
        contact_cost=figure(0.02),
        incremental_profit=figure(profit),
        roi=figure(profit / (cost + 0.02)),
        gross_return=None,
        audience_size=size,
        totals=Totals(
            revenue=figure(size * revenue),
            incremental_revenue=figure(size * revenue),
            discount_cost=figure(size * cost),
            contact_cost=figure(size * 0.02),
            incremental_profit=figure(size * profit),
        ),
        support=0.6,
        incremental=True,
        model_version="fake",
        as_of=STARTS,
    )
