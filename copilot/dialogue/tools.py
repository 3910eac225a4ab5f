"""What a conversation may ask of the rest of the house. It is passed in: a dialogue opens no store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from copilot.dialogue.thread import Alternative, Rewritten
from copilot.dialogue.vocabulary import Vocabulary
from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import StrategyDraft
from copilot.domain.report import Report
from copilot.domain.score import ScoreLine

__all__ = ["Tools"]


class Tools(Protocol):
    """The engine as a dialogue sees it."""

    @property
    def shop(self) -> Vocabulary:
        """What the shop calls its things."""

    @property
    def today(self) -> date:
        """What `next week` counts from."""

    def run(self, brief: CampaignBrief) -> Report:
        """The ranked strategies for a brief."""

    def score(self, drafts: Sequence[StrategyDraft], brief: CampaignBrief) -> list[ScoreLine]:
        """Forecasts of drafts by the same ruler, and what of the brief each breaks."""

    def best(self, brief: CampaignBrief) -> Alternative:
        """The best offer for a brief, forecast as those of a report are."""

    def rewrite(self, draft: StrategyDraft, brief: CampaignBrief, *, shorter: bool) -> Rewritten | None:
        """The draft in other words, for the language and tone of the brief; None where there are none."""
