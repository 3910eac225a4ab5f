"""The nouns, frozen. This room imports nothing of ours but the errors."""

from copilot.domain.audience import Condition, format_audience, parse_audience
from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import Copy, FollowUp, Plan, StrategyDraft
from copilot.domain.explanation import Explanation
from copilot.domain.forecast import EffectForecast, Estimate, Totals
from copilot.domain.noun import parse
from copilot.domain.offer import (
    AmountOff,
    BuyXGetY,
    FixedPrice,
    FreeShipping,
    Gift,
    NoOffer,
    Offer,
    PercentOff,
    Points,
)
from copilot.domain.report import Check, Models, RankedStrategy, Report, Usage
from copilot.domain.why import Change, Driver, Lever, Why

__all__ = [
    "AmountOff",
    "BuyXGetY",
    "CampaignBrief",
    "Change",
    "Check",
    "Condition",
    "Copy",
    "Driver",
    "EffectForecast",
    "Estimate",
    "Explanation",
    "FixedPrice",
    "FollowUp",
    "FreeShipping",
    "Gift",
    "Lever",
    "Models",
    "NoOffer",
    "Offer",
    "PercentOff",
    "Plan",
    "Points",
    "RankedStrategy",
    "Report",
    "StrategyDraft",
    "Totals",
    "Usage",
    "Why",
    "format_audience",
    "parse",
    "parse_audience",
]
