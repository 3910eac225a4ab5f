"""JSON schemas of what goes in and comes out."""

from __future__ import annotations

from typing import Any

from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import StrategyDraft
from copilot.domain.forecast import EffectForecast
from copilot.domain.noun import Noun
from copilot.domain.report import Report
from copilot.errors import UnknownName

__all__ = ["schema"]

_NOUNS: dict[str, type[Noun]] = {
    "brief": CampaignBrief,
    "draft": StrategyDraft,
    "forecast": EffectForecast,
    "report": Report,
}


def schema(name: str) -> dict[str, Any]:
    """The JSON schema of `brief`, `draft`, `forecast` or `report`.

    Raises:
        UnknownName: any other name.
    """
    if name not in _NOUNS:
        raise UnknownName("schema", name, list(_NOUNS))
    noun = _NOUNS[name]
    return noun.model_json_schema(mode="validation" if name in ("brief", "draft") else "serialization")
