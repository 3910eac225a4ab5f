"""The report: ranked strategies, why they rank so, and what was used to find them."""

from __future__ import annotations

from typing import Literal

from copilot.domain.check import Check
from copilot.domain.draft import Copy, StrategyDraft
from copilot.domain.forecast import EffectForecast
from copilot.domain.noun import Noun
from copilot.domain.why import Lever

__all__ = ["Check", "Models", "RankedStrategy", "Report", "Status", "Usage"]

Status = Literal["complete", "completed_by_planner", "nothing_feasible"]


class RankedStrategy(Noun):
    """A draft with its forecast, its place, and the reasons for that place."""

    rank: int
    strategy_id: str
    draft: StrategyDraft
    forecast: EffectForecast
    message: Copy  # as the customer reads it: the draft's copy with every slot filled from the offer
    reasons: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    author: str
    levers: tuple[Lever, ...] = ()  # what one step of its terms would change; of the first strategy


class Models(Noun):
    """Who wrote and who forecast: the model id that answered, prompt and predictor versions."""

    writer: str
    predictor: str
    prompts: tuple[str, ...] = ()


class Usage(Noun):
    """What the brief cost. Tokens are `None` where the model did not say."""

    model_calls: int = 0
    tool_calls: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None
    seconds: float = 0.0


class Report(Noun):
    """The answer to one brief."""

    brief_id: str
    status: Status
    strategies: tuple[RankedStrategy, ...] = ()
    notes: tuple[str, ...] = ()
    models: Models
    usage: Usage
