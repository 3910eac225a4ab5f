"""Many drafts at once, some of them perhaps wrong: one line of answer each, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from copilot.deciding.case import Case
from copilot.domain.draft import StrategyDraft
from copilot.domain.noun import json_object, parse
from copilot.domain.score import LineError, ScoreLine
from copilot.errors import CopilotError, InvalidInput, MissingData, UnknownName

__all__ = ["parse_drafts", "score_lines"]

Draft = StrategyDraft | Mapping[str, Any] | str


def parse_drafts(drafts: Iterable[Draft]) -> list[StrategyDraft | ScoreLine]:
    """Each input as a draft, or as a line that says what is wrong with it; an id is taken once."""
    seen: set[str] = set()
    found: list[StrategyDraft | ScoreLine] = []
    for row, data in enumerate(drafts, start=1):
        one = _parsed(data, row)
        if isinstance(one, StrategyDraft) and one.draft_id in seen:
            twice = InvalidInput("draft_id", "an id of its own", one.draft_id, where=f"draft {row}")
            one = ScoreLine(draft_id=one.draft_id, error=LineError.of(twice))
        seen.add(one.draft_id)
        found.append(one)
    return found


def _parsed(data: Draft, row: int) -> StrategyDraft | ScoreLine:
    try:
        data = json_object(data, where=f"draft {row}") if isinstance(data, str) else data
        return parse(StrategyDraft, data, where=f"draft {row}")
    except CopilotError as error:
        named = data.get("draft_id") if isinstance(data, Mapping) else None
        return ScoreLine(draft_id=str(named or f"row-{row}"), error=LineError.of(error))


def score_lines(case: Case, parsed: Iterable[StrategyDraft | ScoreLine]) -> list[ScoreLine]:
    """A forecast or an error for each draft, same order. One wrong draft spoils no other.

    By the searching side: nobody chose these drafts for their forecast, so nothing is to be corrected.
    """
    asked: list[StrategyDraft] = []
    lines: list[ScoreLine | None] = []
    for one in parsed:
        wrong = one if isinstance(one, ScoreLine) else _unscorable(case, one)
        lines.append(wrong)
        if wrong is None and isinstance(one, StrategyDraft):
            asked.append(one)
    forecasts = iter(zip(asked, case.scorer.forecast(asked, side="search"), strict=True))
    return [line or _line(*next(forecasts)) for line in lines]


def _unscorable(case: Case, draft: StrategyDraft) -> ScoreLine | None:
    unknown = [one for one in draft.product_ids if one not in case.shop.catalogue.products.index]
    if unknown:
        error = UnknownName("product", unknown[0], case.shop.catalogue.best_sellers((None, ()), 12))
        return ScoreLine(draft_id=draft.draft_id, error=LineError.of(error))
    try:
        reached = case.scorer.reached(draft.channel, draft.audience)
    except CopilotError as error:
        return ScoreLine(draft_id=draft.draft_id, error=LineError.of(error))
    if reached.any():
        return None
    nobody = MissingData(f"a customer of its audience who may be contacted by {draft.channel}", "a forecast")
    return ScoreLine(draft_id=draft.draft_id, error=LineError.of(nobody))


def _line(draft: StrategyDraft, forecast: Any) -> ScoreLine:
    return ScoreLine(draft_id=draft.draft_id, forecast=forecast)
