"""Strategy Copilot: drafts campaigns for an online shop, and says what each would do.

The public face. Start with `generate_strategy`; `copilot.api` tells the story behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from copilot.api import Copilot
    from copilot.calls import generate_strategy, score, stream_strategy
    from copilot.domain import (
        CampaignBrief,
        Condition,
        EffectForecast,
        Estimate,
        Explanation,
        Lever,
        RankedStrategy,
        Report,
        StrategyDraft,
        Why,
    )
    from copilot.domain.appeal import CopyComparison, CopyScore
    from copilot.domain.events import Event
    from copilot.domain.score import ScoreLine
    from copilot.errors import (
        CallerError,
        Cancelled,
        CopilotError,
        InstallationError,
        InvalidInput,
        ModelError,
        NotTrained,
    )
    from copilot.settings import Settings, load_settings

__version__ = "0.1.0"
__all__ = [
    "CallerError",
    "CampaignBrief",
    "Cancelled",
    "Condition",
    "Copilot",
    "CopilotError",
    "CopyComparison",
    "CopyScore",
    "EffectForecast",
    "Estimate",
    "Event",
    "Explanation",
    "InstallationError",
    "InvalidInput",
    "Lever",
    "ModelError",
    "NotTrained",
    "RankedStrategy",
    "Report",
    "ScoreLine",
    "Settings",
    "StrategyDraft",
    "Why",
    "generate_strategy",
    "load_settings",
    "score",
    "stream_strategy",
]

_HOMES = {
    "copilot.api": ("Copilot",),
    "copilot.calls": ("generate_strategy", "score", "stream_strategy"),
    "copilot.domain": (
        "CampaignBrief",
        "Condition",
        "EffectForecast",
        "Estimate",
        "Explanation",
        "Lever",
        "RankedStrategy",
        "Report",
        "StrategyDraft",
        "Why",
    ),
    "copilot.domain.appeal": ("CopyComparison", "CopyScore"),
    "copilot.domain.score": ("ScoreLine",),
    "copilot.domain.events": ("Event",),
    "copilot.errors": (
        "CallerError",
        "Cancelled",
        "CopilotError",
        "InstallationError",
        "InvalidInput",
        "ModelError",
        "NotTrained",
    ),
    "copilot.settings": ("Settings", "load_settings"),
}


def __getattr__(name: str) -> Any:
    # Names are fetched when asked for, so that `copilot --help` pays for none of them.
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'copilot' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
