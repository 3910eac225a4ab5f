"""What the dialogue says, in English and Chinese; the sentences are in `phrases.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from copilot.dialogue.figures import CHANNELS_ZH
from copilot.domain.audience import format_audience
from copilot.domain.brief import CampaignBrief

__all__ = ["brief_words", "say"]

_AIMS = {
    "profit": ("", ""),
    "revenue": ("for revenue", "以销售额为目标"),
    "conversion": ("for conversions", "以成交为目标"),
    "clicks": ("for clicks", "以点击为目标"),
}


def say(key: str, chinese: bool, **filled: Any) -> str:
    """One of the sentences, with what it leaves open."""
    return _sentences()[key]["zh" if chinese else "en"].format(**filled)


@cache
def _sentences() -> dict[str, dict[str, str]]:
    text = files("copilot.dialogue").joinpath("phrases.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def brief_words(brief: CampaignBrief, currency: str, chinese: bool) -> str:
    """The brief in a line, what it leaves open aside."""

    def told(english: str, han: str, value: object) -> str:
        return (han if chinese else english).format(value) if value not in (None, "", ()) else ""

    usual = "zh" if chinese else "en"
    channels = (CHANNELS_ZH[one] if chinese else one for one in brief.channels)
    parts = (
        ", ".join((*brief.product_ids, *brief.categories)) or say("everything", chinese),
        told("budget {:,} " + currency, "预算 {:,} " + currency, brief.budget),
        told("margin at least {} %", "毛利不低于 {} %", brief.min_margin_percent),
        told("ROI at least {}", "ROI 不低于 {}", brief.min_roi),
        told("at most {} % off", "最多减 {} %", brief.max_discount_percent),
        told("from {}", "从 {}", brief.starts_on),
        told("until {}", "到 {}", brief.ends_on),
        told("to customers with {}", "顾客 {}", format_audience(brief.audience)),
        told("by {}", "渠道 {}", ", ".join(channels)),
        told("offers {}", "优惠 {}", ", ".join(brief.offer_types)),
        _AIMS[brief.objective][chinese],
        told("tone {}", "语气 {}", brief.tone),
        told(
            "copy in {}",
            "文案语言 {}",
            "" if brief.language == usual else brief.language,
        ),
        told("{} strategies", "{} 个方案", brief.strategies),
    )
    return "; ".join(part for part in parts if part)
