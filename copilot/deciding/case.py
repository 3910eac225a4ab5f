"""A case: one brief being worked on, with all that deciding knows of it.

Drafting sees the search side of the predictor through `sweep` and `score`; the figures that a person sees
come from `judge`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import zip_longest
from typing import Any

from copilot.deciding.appeal import Appeal, CopyPredictor, first_line
from copilot.deciding.grounding import grounds_of
from copilot.deciding.levers import levers
from copilot.deciding.offers import Terms, scopes, to_draft
from copilot.deciding.ranking import distinct, forecast_utility
from copilot.deciding.rules import check_draft, spent_on
from copilot.deciding.scoring import EffectModel, Scorer, Side
from copilot.deciding.search import Sweep, fit_to_audience, sweep_space
from copilot.domain.appeal import CopyAppeal
from copilot.domain.audience import Condition, format_audience
from copilot.domain.brand import BrandKit
from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Copy, Plan, StrategyDraft
from copilot.domain.forecast import EffectForecast
from copilot.domain.group import GroupFacts
from copilot.domain.report import Check
from copilot.domain.scored import CaseFacts, PastArm, ProductDetails, ScoredDraft
from copilot.domain.why import Lever
from copilot.errors import InvalidInput
from copilot.shop.arms import nearest_arms
from copilot.shop.audience import select
from copilot.shop.catalogue import Scope
from copilot.shop.context import ShopContext
from copilot.shop.group import FEWEST, group_facts
from copilot.wording.copylock import check_copy, render
from copilot.wording.grounds import Grounds
from copilot.wording.language import spelt_as

__all__ = ["Case"]

TRIED_EACH = 2  # candidates forecast on everyone for each one asked for
NARROWED = 4  # how many of the best are also tried on their best customers only
PRODUCTS_SHOWN = 12
CATEGORIES_SHOWN = 30
MISSES = 24
BUDGET_TRIES = 3
REASONS = 2  # why words draw clicks, for a writer
SKETCHED = 1_000  # customers that the levers of a writer's draft are worked out on
# Rules that an offer to everyone may break and the same offer to its best customers keep.
FEWER_HELPS = frozenset(("budget", "min_roi", "beats_nothing"))


class Case:
    """One brief, its audience and the predictor. Nothing is looked up after it is made.

    names: finds the names of customers that stand in the brief; no language model is told them. brand: what
    copy keeps to, whoever writes it. words: what the appeal of copy is forecast by; None = it is not.

    Raises:
        InvalidInput: nobody fits the brief's audience.
    """

    def __init__(
        self,
        brief: CampaignBrief,
        shop: ShopContext,
        model: EffectModel,
        *,
        seed: int = 0,
        names: re.Pattern[str] | None = None,
        brand: BrandKit | None = None,
        words: CopyPredictor | None = None,
    ) -> None:
        rows = select(shop.attributes, brief.audience)
        if not rows.any():
            told = format_audience(brief.audience) or "everyone"
            raise InvalidInput("audience", "conditions that at least one customer fits", told)
        self.brief = brief
        self.shop = shop.only(rows)
        self.scorer = Scorer(self.shop, model, brief, _appeal(words, self.shop, brief.language))
        self.seed = seed
        self.names = names
        self.brand = brand
        starts, ends = brief.window(shop.as_of)
        self.plan = Plan(starts_on=starts, ends_on=ends)

    @cached_property
    def swept(self) -> Sweep:
        """The offer space, best first."""
        return sweep_space(self.scorer, self.plan, self.seed)

    def sweep(
        self,
        *,
        category: str | None = None,
        channel: str | None = None,
        offer_type: str | None = None,
        limit: int = 12,
    ) -> tuple[ScoredDraft, ...]:
        """The best admissible offers by search, without copy, near-duplicates left out, best first."""
        terms = self.swept.best(category=category, channel=channel, kind=offer_type, limit=limit * 12)
        drafts = [
            to_draft(one, f"sweep-{place}", self.plan)
            for place, one in enumerate(_spread(terms, limit * TRIED_EACH), start=1)
        ]
        scored = self.score(drafts)
        narrower = [
            fitted
            for place, one in enumerate(distinct(_best_first(filter(_may_fit_fewer, scored)), limit))
            if (place < NARROWED or one.broken) and (fitted := fit_to_audience(self.scorer, one.draft))
        ]
        admissible = [one for one in (*scored, *self.score(narrower)) if one.admissible]
        if not admissible and self.brief.objective != "profit":
            admissible = self._by_profit(
                category=category, channel=channel, offer_type=offer_type, limit=limit
            )
        return distinct(_best_first(admissible), limit)

    def _by_profit(self, **wanted: Any) -> list[ScoredDraft]:
        """What keeps the limits among the offers that earn the most: where an objective such as clicks leads
        only to offers that no budget or ROI floor allows, these are nearer to what is feasible.
        """
        brief = self.brief.model_copy(update={"objective": "profit"})
        earning = Case(brief, self.shop, self.scorer.model, seed=self.seed).sweep(**wanted)
        return [one for one in self.score([one.draft for one in earning]) if one.admissible]

    def score(self, drafts: Sequence[StrategyDraft]) -> tuple[ScoredDraft, ...]:
        """Search-side forecasts and rule checks, in the order of the drafts."""
        return self._scored(drafts, "search")

    def levers(self, draft: StrategyDraft) -> tuple[Lever, ...]:
        """What one step from a draft would change, for a writer: on a sample of its customers."""
        return levers(self.scorer, draft, most=SKETCHED)

    def judge(self, drafts: Sequence[StrategyDraft]) -> tuple[ScoredDraft, ...]:
        """The forecasts and checks that a person sees, in the order of the drafts.

        The judging side may find the same customers dearer than the search did: a draft that breaks nothing
        but the budget is kept to fewer of them.
        """
        scored = self._scored(drafts, "judge")
        for _ in range(BUDGET_TRIES):
            over = {place: one for place, one in enumerate(scored) if _only_over_budget(one)}
            if not over:
                break
            again = self._scored([self._fewer(one) for one in over.values()], "judge")
            refitted = dict(zip(over, again, strict=True))
            scored = tuple(refitted.get(place, one) for place, one in enumerate(scored))
        return scored

    def _fewer(self, one: ScoredDraft) -> StrategyDraft:
        forecast, budget = one.forecast, self.brief.budget
        assert forecast is not None
        assert budget is not None
        share = 0.97 * float(budget) / spent_on(forecast)
        limit = max(int(forecast.audience_size * share), 1)
        return one.draft.model_copy(update={"audience_limit": limit})

    def message(self, draft: StrategyDraft) -> Copy:
        """The draft's copy as the customer reads it."""
        words = " ".join(draft.message.model_dump().values())
        return render(
            draft.message, draft, self.grounds(draft), language=spelt_as(words, self.brief.language)
        )

    def grounds(self, draft: StrategyDraft) -> Grounds:
        """What the draft's copy may rest on."""
        stock = self.shop.catalogue.stock_of(draft.product_ids)
        return replace(grounds_of(draft, self.shop), brand=self.brand, stock=stock)

    def appeal(self, draft: StrategyDraft) -> CopyAppeal | None:
        """What the draft's words do to its click rate, and why; None without words or a model of them."""
        return self.scorer.appeal.of(draft, REASONS) if self.scorer.appeal else None

    def ignored(self) -> tuple[str, ...]:
        """Attributes that a caller gave and the predictor was not trained with."""
        return tuple(name for name in self.shop.given if name not in self.scorer.model.attributes)

    def nearest_misses(self) -> tuple[ScoredDraft, ...]:
        """The most promising offers when the rules are looked away from, with what they break."""
        terms = sweep_space(self.scorer, self.plan, self.seed, ruled=False).terms
        drafts = [to_draft(one, f"miss-{place}", self.plan) for place, one in enumerate(terms[:MISSES])]
        return self.score(drafts)

    def _scored(self, drafts: Sequence[StrategyDraft], side: Side) -> tuple[ScoredDraft, ...]:
        forecasts = self.scorer.forecast(drafts, side=side)
        return tuple(
            ScoredDraft(
                draft=draft,
                forecast=forecast,
                checks=self.check(draft, forecast),
                utility=forecast_utility(forecast, self.brief.objective),
            )
            for draft, forecast in zip(drafts, forecasts, strict=True)
        )

    def check(self, draft: StrategyDraft, forecast: EffectForecast | None) -> tuple[Check, ...]:
        """Every rule that applies to a draft with this forecast, passed or not."""
        return check_draft(draft, forecast, self.brief, self.shop, self.grounds(draft))

    def check_copy(self, draft: StrategyDraft) -> tuple[Check, ...]:
        """The rules that are about a draft's copy alone; nothing is forecast."""
        return check_copy(draft, self.brief, self.grounds(draft))

    def past_campaigns(self, *, limit: int = 5, **wanted: Any) -> tuple[PastArm, ...]:
        """Past arms nearest to what is wanted, newest first; see `nearest_arms`.

        An arm of a handful of customers teaches nothing, and would tell on them.
        """
        return nearest_arms((arm for arm in self.shop.arms if arm.customers >= FEWEST), wanted, limit)

    def audience_facts(
        self, audience: tuple[Condition, ...] = (), attribute: str | None = None
    ) -> GroupFacts:
        """Who of the brief's audience fits the conditions too, in aggregates.

        Raises:
            UnknownName, InvalidInput: an attribute that is not there, or cannot be compared so.
        """
        rows = select(self.shop.attributes, audience)
        reached = {channel: self.scorer.reached(channel) for channel in self._channels}
        return group_facts(self.shop.attributes, rows, reached, attribute)

    def product_facts(self, *, limit: int, **wanted: Any) -> tuple[tuple[ProductDetails, ...], int]:
        """Products that fit what is wanted, best selling first, and how many more; see `Catalogue.find`."""
        catalogue = self.shop.catalogue
        found, more = catalogue.find(limit=limit, **wanted)
        return tuple(catalogue.product_details(product_id) for product_id in found), more

    @cached_property
    def facts(self) -> CaseFacts:
        """What a writer may know: aggregates only."""
        shop, brief = self.shop, self.brief
        starts, ends = brief.window(shop.as_of)
        promoted = scopes(brief, shop)
        names = [category for category, _ in promoted if category is not None]
        products, more = self._best_sellers(promoted)
        return CaseFacts(
            shop=shop.settings.name,
            currency=shop.settings.currency,
            as_of=shop.as_of,
            starts_on=starts,
            ends_on=ends,
            audience_size=len(shop.attributes),
            reachable={channel: int(self.scorer.reached(channel).sum()) for channel in self._channels},
            average_basket=_mean(shop),
            categories=shop.category_facts(names[:CATEGORIES_SHOWN]),
            products=shop.product_facts(products),
            notes=shop.notes,
            more_categories=max(len(names) - CATEGORIES_SHOWN, 0),
            more_products=more,
            brand=self.brand.section(brief.language) if self.brand else None,
        )

    @property
    def _channels(self) -> tuple[str, ...]:
        return self.brief.channels or self.shop.channels

    def _best_sellers(self, promoted: Sequence[Scope]) -> tuple[list[str], int]:
        """Products to show, the best of each scope in turn, and how many more the scopes hold."""
        catalogue = self.shop.catalogue
        each = [catalogue.best_sellers(scope, PRODUCTS_SHOWN) for scope in promoted[:PRODUCTS_SHOWN]]
        turns = [one for turn in zip_longest(*each) for one in turn if one is not None]
        shown = list(dict.fromkeys(turns))[:PRODUCTS_SHOWN]
        named = [category for category, _ in promoted if category is not None]
        inside = (
            catalogue.products["category"].isin(named).sum()
            if named
            else len(catalogue.in_scope(promoted[0]))
        )
        return shown, int(inside) - len(shown)


def _appeal(words: CopyPredictor | None, shop: ShopContext, language: str) -> Appeal | None:
    """The appeal of drafts' words; of the shop and not of the case, which is to go when nobody needs it."""
    if words is None:
        return None

    def line(draft: StrategyDraft) -> str:
        if not first_line(draft.message.subject, draft.message.body):
            return ""
        message = render(draft.message, draft, grounds_of(draft, shop), language=language)
        return first_line(message.subject, message.body)

    return Appeal(words, line)


def _best_first(scored: Iterable[ScoredDraft]) -> list[ScoredDraft]:
    return sorted(scored, key=lambda one: -one.utility)


def _may_fit_fewer(one: ScoredDraft) -> bool:
    """Whether contacting fewer customers could make it admissible, if it is not already."""
    return one.forecast is not None and {check.rule for check in one.broken} <= FEWER_HELPS


def _only_over_budget(one: ScoredDraft) -> bool:
    over = {check.rule for check in one.broken} == {"budget"}
    return over and one.forecast is not None and one.forecast.audience_size > 1


def _mean(shop: ShopContext) -> float | None:
    if len(shop.attributes) < FEWEST:
        return None  # the basket of a handful is theirs
    value = shop.attributes["average_basket"].mean()
    return None if value != value else round(float(value), 2)


def _spread(terms: Sequence[Terms], limit: int) -> list[Terms]:
    """The best terms of each channel, scope and type in turn, so that the frontier is not one idea."""
    places: dict[tuple[object, ...], int] = {}
    ranked = []
    for place, one in enumerate(terms):
        family = (one.channel, one.scope, one.type)
        places[family] = places.get(family, 0) + 1
        ranked.append((places[family], place, one))
    return [one for _, _, one in sorted(ranked, key=lambda item: item[:2])[:limit]]
