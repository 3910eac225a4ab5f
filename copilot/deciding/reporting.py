"""The report of a case: ranked by code, with reasons from the numbers, or what binds if nothing is left."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from copilot.deciding.case import Case
from copilot.deciding.levers import levers
from copilot.deciding.ranking import rank, reasons
from copilot.domain.brief import CampaignBrief
from copilot.domain.events import ContextRead, FrontierSwept
from copilot.domain.report import RankedStrategy
from copilot.domain.scored import ScoredDraft
from copilot.domain.terms import draft_in_words
from copilot.shop.context import ShopContext

__all__ = ["binding_note", "context_read", "frontier_swept", "named", "ranked_strategies", "report_notes"]

NOT_INCREMENTAL = (
    "Not incremental: no customers were held out of past campaigns. What a message without an offer does is "
    "an assumption, and offers are compared with that."
)


def named(brief: CampaignBrief, moment: datetime) -> CampaignBrief:
    """The brief with an id, made up from its content and the moment where it has none."""
    if brief.brief_id is not None:
        return brief
    text = f"{moment.isoformat()}|{brief.model_dump_json()}"
    return brief.model_copy(update={"brief_id": f"b-{hashlib.sha256(text.encode()).hexdigest()[:10]}"})


def context_read(shop: ShopContext) -> ContextRead:
    """What was read of the shop."""
    return ContextRead(
        customers=len(shop.attributes),
        products=len(shop.catalogue.products),
        past_arms=len(shop.arms),
        as_of=shop.as_of.isoformat(),
    )


def frontier_swept(case: Case) -> FrontierSwept:
    """How wide the search was and what it found best."""
    swept, best = case.swept, case.sweep(limit=1)
    return FrontierSwept(
        candidates=len(swept.terms),
        customers=swept.customers,
        best=draft_in_words(best[0].draft, case.shop.settings.currency)
        if best
        else "nothing beats sending nothing",
    )


def ranked_strategies(
    case: Case, judged: Sequence[ScoredDraft], authors: Mapping[str, str], stamp: str
) -> tuple[RankedStrategy, ...]:
    """Rank the admissible of the judged drafts, and say of each why it stands where it does.

    stamp: what tells this run from others (its moment), so that ids never repeat in a store.
    """
    ordered = rank(judged, case.brief.strategies)
    return tuple(
        RankedStrategy(
            rank=place,
            strategy_id=_strategy_id(one, stamp, place),
            draft=one.draft,
            forecast=one.forecast,
            message=case.message(one.draft),
            reasons=reasons(one, place, ordered[0], case.brief, case.shop.settings.currency),
            checks=one.checks,
            author=authors[one.draft.draft_id],
            levers=levers(case.scorer, one.draft) if place == 1 else (),
        )
        for place, one in enumerate(ordered, start=1)
        if one.forecast is not None
    )


def _strategy_id(one: ScoredDraft, stamp: str, place: int) -> str:
    text = f"{stamp}|{place}|{one.draft.model_dump_json()}"
    return f"s-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def report_notes(
    case: Case, judged: Sequence[ScoredDraft], strategies: Sequence[RankedStrategy], told: Sequence[str]
) -> tuple[str, ...]:
    """What a reader must know beside the figures: of the shop, what the writers `told`, of the forecasts."""
    notes = [*case.shop.notes, *told]
    if ignored := case.ignored():
        notes.append(f"Not known to the predictor, so not used: {', '.join(ignored)}.")
    if strategies and not strategies[0].forecast.incremental:
        notes.append(NOT_INCREMENTAL)
    if case.scorer.appeal and case.scorer.appeal.note:
        notes.append(case.scorer.appeal.note)
    if case.shop.dropped:
        notes.append(f"Left out as personal data: {', '.join(case.shop.dropped)}.")
    if not strategies:
        notes.append(binding_note(case, judged))
    return tuple(notes)


def binding_note(case: Case, judged: Sequence[ScoredDraft]) -> str:
    """Why nothing is feasible: the limit that the most promising draft, or offer, breaks."""
    broken = [one for one in judged if one.broken]
    if not broken:
        found = case.nearest_misses()
        if not found:
            return "Nothing is feasible: the brief's lists leave no offer that could be drafted."
        broken = [one for one in found if one.broken]
        if len(broken) < len(found):
            return (
                "Nothing is feasible: there are offers that keep every limit, but no draft of them was "
                "finished that keeps the rules of copy; look at the other notes, must_say and must_not_say."
            )
    best = min(broken, key=lambda one: (len(one.broken), -one.utility))
    told = "; ".join(f"{check.rule}: {check.message}" for check in best.broken)
    return f"Nothing that keeps every limit beats sending nothing. What binds, for the nearest offer: {told}."
