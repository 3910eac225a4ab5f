"""A small shop's names, and an engine that answers a dialogue from what it was told to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from copilot.dialogue.thread import Alternative, Rewritten
from copilot.dialogue.vocabulary import Vocabulary
from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Copy, StrategyDraft
from copilot.domain.forecast import EffectForecast, Estimate, Totals
from copilot.domain.noun import parse
from copilot.domain.report import Models, RankedStrategy, Report, Usage
from copilot.domain.score import ScoreLine
from copilot.domain.scored import ScoredDraft
from copilot.errors import CopilotError

TODAY = date(2026, 11, 23)  # a Monday
SHOP = Vocabulary(
    currency="EUR",
    categories=("books", "beauty", "garden", "home"),
    products={"Alma serum": "BEA-001", "Night cream": "BEA-002"},
    attributes={
        "loyalty_tier": ("bronze", "gold", "silver"),
        "region": ("north", "south"),
        "orders_90d": (),
        "days_since_order": (),
    },
    channels=("email", "sms", "push"),
)


def forecast(profit: float, *, size: int = 1_000, cost: float = 0.5, lift: float = 0.02) -> EffectForecast:
    """A forecast whose total profit is `profit`, 400 EUR up or down."""
    each, doubt = profit / size, 400 / size

    def known(mean: float, apart: float = 0.0) -> Estimate:
        return Estimate(mean=mean, low=mean - apart, high=mean + apart)

    figures: dict[str, Any] = {
        "revenue": known(4.0),
        "incremental_revenue": known(2.0),
        "discount_cost": known(cost),
        "contact_cost": known(0.02),
        "incremental_profit": known(each, doubt),
    }
    return EffectForecast(
        ctr=known(0.1),
        conversion=known(0.05 + lift),
        baseline_conversion=known(0.05),
        incremental_conversion=known(lift),
        roi=known(each / (cost + 0.02)),
        gross_return=None,
        audience_size=size,
        totals=Totals(**{name: one.times(size) for name, one in figures.items()}),
        support=0.8,
        incremental=True,
        model_version="v",
        as_of=TODAY,
        **figures,
    )


def draft(name: str, **offer: Any) -> StrategyDraft:
    """A mail for books."""
    copy = {"subject": "Books", "body": "{discount} off.\n\nWe hope you like them."}
    terms = {"type": "percent_off", "value": 20, **offer}
    return parse(
        StrategyDraft,
        {"draft_id": name, "channel": "email", "category": "books", "offer": terms, "copy": copy},
    )


def strategy(rank: int, profit: float, one: StrategyDraft) -> RankedStrategy:
    """A place in a report."""
    return RankedStrategy(
        rank=rank,
        strategy_id=f"s-{rank}",
        draft=one,
        forecast=forecast(profit),
        message=Copy(subject="Books", body="20 % off."),
        author="planner",
    )


@dataclass
class Engine:
    """Tools that remember what was asked of them."""

    best_found: Alternative = field(default_factory=Alternative)
    other_words: Copy | None = None
    fails: CopilotError | None = None
    scored: float = 1_500.0
    briefs: list[CampaignBrief] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    shop: Vocabulary = SHOP
    today: date = TODAY

    def run(self, brief: CampaignBrief) -> Report:
        if self.fails:
            raise self.fails
        self.briefs.append(brief)
        strategies = (
            strategy(1, 2_000, draft("d1")),
            strategy(2, 1_200, draft("d2", type="amount_off", value=5, min_spend=40)),
        )
        return Report(
            brief_id="b",
            status="complete",
            strategies=strategies,
            models=Models(writer="planner", predictor="v"),
            usage=Usage(),
        )

    def score(self, drafts: Sequence[StrategyDraft], brief: CampaignBrief) -> list[ScoreLine]:
        self.asked.append((tuple(drafts), brief))
        profits = (self.scored, 2_100.0)
        return [
            ScoreLine(draft_id=one.draft_id, forecast=forecast(profit))
            for one, profit in zip(drafts, profits, strict=False)
        ]

    def best(self, brief: CampaignBrief) -> Alternative:
        self.asked.append(brief)
        return self.best_found

    def rewrite(self, one: StrategyDraft, brief: CampaignBrief, *, shorter: bool) -> Rewritten | None:
        self.asked.append((brief.language, shorter))
        if self.other_words is None:
            return None
        after = one.model_copy(update={"message": self.other_words})
        return Rewritten(draft=after, message=self.other_words)


def found(profit: float, **offer: Any) -> Alternative:
    """The best draft of a kind."""
    one = ScoredDraft(draft=draft("x", **offer), forecast=forecast(profit, lift=0.01), checks=(), utility=0.0)
    return Alternative(found=one)
