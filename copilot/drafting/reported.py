"""The report of a brief and the record of its run, from what the writers brought and how it was judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from copilot.deciding.case import Case
from copilot.deciding.reporting import ranked_strategies, report_notes
from copilot.deciding.verdicts import verdicts
from copilot.domain.record import RunRecord
from copilot.domain.report import Models, RankedStrategy, Report
from copilot.drafting.planner import PLANNER
from copilot.drafting.planner_notes import fewer_note
from copilot.drafting.written import Written

__all__ = ["reported"]


def reported(case: Case, written: Written, moment: datetime, seconds: float) -> tuple[Report, RunRecord]:
    """Judge the drafts, rank them, and say why; beside it, all that led there.

    moment: tells this run from others; seconds: what it took.
    """
    brief, currency = case.brief, case.shop.settings.currency
    judged = case.judge(written.drafts)
    stamp = f"{brief.brief_id}|{moment.isoformat()}"
    strategies = ranked_strategies(case, judged, written.authors, stamp)
    fewer = fewer_note(brief, len(strategies), written.banned, PLANNER)
    told = (*written.notes, *filter(None, [fewer]))
    finished = "completed_by_planner" if written.completed_by_planner else "complete"
    report = Report(
        brief_id=str(brief.brief_id),
        status=finished if strategies else "nothing_feasible",
        strategies=strategies,
        notes=(*report_notes(case, judged, strategies, told), *_who(strategies)),
        models=Models(writer=written.writer, predictor=case.scorer.model.version, prompts=written.prompts),
        usage=written.usage.model_copy(update={"seconds": round(seconds, 3)}),
    )
    record = RunRecord(
        objective=brief.objective,
        currency=currency,
        seed=case.seed,
        as_of=case.shop.as_of,
        candidates=len(case.swept.terms),
        writings=written.writings,
        verdicts=verdicts(judged, strategies, written.authors, brief.objective, currency),
    )
    return report, record


def _who(strategies: Sequence[RankedStrategy]) -> Iterator[str]:
    """Who wrote which, where more than one did."""
    ranks: dict[str, list[str]] = {}
    for one in strategies:
        ranks.setdefault(one.author, []).append(str(one.rank))
    if len(ranks) > 1:
        told = "; ".join(f"{', '.join(places)} by {author}" for author, places in ranks.items())
        yield f"Who wrote which strategy: {told}."
