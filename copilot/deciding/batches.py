"""Many drafts at once, some of them perhaps wrong: one line of answer each, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from copilot.deciding.case import Case
from copilot.deciding.why import why as explain
from copilot.domain.draft import StrategyDraft
from copilot.domain.forecast import EffectForecast
from copilot.domain.noun import json_object, parse
from copilot.domain.score import LineError, ScoreLine
from copilot.domain.why import Why
from copilot.errors import CopilotError, InvalidInput, MissingData, UnknownName

__all__ = ["parse_drafts", "score_lines", "why_of"]

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


def score_lines(
    case: Case, parsed: Iterable[StrategyDraft | ScoreLine], *, why: bool = False, limits: bool = False
) -> list[ScoreLine]:
    """A forecast or an error for each draft, same order. One wrong draft spoils no other.

    By the searching side: nobody chose these drafts for their forecast, so nothing is to be corrected.
    why: whether to add what each forecast depends on. limits: whether they are held
        against the brief of the case.
    """
    asked: list[StrategyDraft] = []
    lines: list[ScoreLine | None] = []
    for one in parsed:
        wrong = one if isinstance(one, ScoreLine) else _unscorable(case, one)
        lines.append(wrong)
        if wrong is None and isinstance(one, StrategyDraft):
            asked.append(one)
    forecasts = iter(zip(asked, case.scorer.forecast(asked, side="search"), strict=True))
    return [line or _line(case, *next(forecasts), why, limits) for line in lines]


def why_of(case: Case, draft: StrategyDraft) -> Why:
    """What the forecast of one draft depends on.

    Raises:
        UnknownName: it promotes a product, or its audience names an attribute, that is not there.
        MissingData: it reaches nobody.
    """
    _require_scorable(case, draft)
    return explain(case.scorer, draft)


def _require_scorable(case: Case, draft: StrategyDraft) -> None:
    unknown = [one for one in draft.product_ids if one not in case.shop.catalogue.products.index]
    if unknown:
        raise UnknownName("product", unknown[0], case.shop.catalogue.best_sellers((None, ()), 12))
    if not case.scorer.reached(draft.channel, draft.audience).any():
        raise MissingData(f"a customer of its audience who may be contacted by {draft.channel}", "a forecast")


def _unscorable(case: Case, draft: StrategyDraft) -> ScoreLine | None:
    try:
        _require_scorable(case, draft)
    except CopilotError as error:
        return ScoreLine(draft_id=draft.draft_id, error=LineError.of(error))
    return None


def _line(
    case: Case, draft: StrategyDraft, forecast: EffectForecast | None, why: bool, limits: bool
) -> ScoreLine:
    told = explain(case.scorer, draft) if why else None
    checks = case.check(draft, forecast) if limits else case.check_copy(draft)
    broken = tuple(check for check in checks if not check.passed)
    return ScoreLine(draft_id=draft.draft_id, forecast=forecast, why=told, broken=broken)
