"""What a record keeps of scored drafts, and what became of those that were judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from copilot.deciding.ranking import OBJECTIVE_FIGURE, alike
from copilot.domain.audience import format_audience
from copilot.domain.brief import Objective
from copilot.domain.forecast import Estimate
from copilot.domain.record import LeftOut, Trial, Verdict
from copilot.domain.report import RankedStrategy
from copilot.domain.scored import ScoredDraft
from copilot.domain.terms import draft_in_words

__all__ = ["trial", "verdicts"]


def trial(one: ScoredDraft, objective: Objective, currency: str) -> Trial:
    """A scored draft, as far as a record keeps it."""
    forecast = one.forecast
    figure: Estimate | None = getattr(forecast, OBJECTIVE_FIGURE[objective]) if forecast else None
    return Trial(
        draft_id=one.draft.draft_id,
        terms=draft_in_words(one.draft, currency),
        audience=format_audience(one.draft.audience),
        audience_size=forecast.audience_size if forecast else 0,
        total=figure.times(forecast.audience_size) if figure and forecast else None,
        utility=one.utility,
        broken=one.broken,
    )


def verdicts(
    judged: Sequence[ScoredDraft],
    strategies: Sequence[RankedStrategy],
    authors: Mapping[str, str],
    objective: Objective,
    currency: str,
) -> tuple[Verdict, ...]:
    """What became of each judged draft, best first."""
    ranks = {one.draft.draft_id: one.rank for one in strategies}
    returned = [one for one in judged if one.draft.draft_id in ranks]
    found = []
    for one in sorted(judged, key=lambda one: -one.utility):
        key = one.draft.draft_id
        like = None if key in ranks else _like(one, returned)
        verdict = Verdict(
            author=authors[key],
            judged=trial(one, objective, currency),
            rank=ranks.get(key),
            left_out=None if key in ranks else _why_not(one, like),
            like=like,
        )
        found.append(verdict)
    return tuple(found)


def _like(one: ScoredDraft, returned: Sequence[ScoredDraft]) -> str | None:
    near = (other for other in returned if alike(other, one))
    return next((other.draft.draft_id for other in near), None)


def _why_not(one: ScoredDraft, like: str | None) -> LeftOut:
    if one.broken:
        return "breaks a rule"
    if one.forecast is None:
        return "reaches nobody"
    return "enough" if like is None else "near-duplicate"
