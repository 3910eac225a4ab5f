"""Search: the offer space swept by code before anybody writes a word.

The whole space is forecast on a sample of customers (sampling costs next to no regret, coverage of the
space does), the best terms are polished one step at a time, and what is left is forecast on everyone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot.deciding.offers import Terms, neighbours, offer_space
from copilot.deciding.ranking import OBJECTIVE_FIGURE
from copilot.deciding.rules import keep_terms
from copilot.deciding.scoring import Scorer
from copilot.domain.draft import Plan, StrategyDraft

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Sweep", "fit_to_audience", "sweep_space"]

SAMPLE = 500
POLISHED = 12
POLISH_ROUNDS = 2
FINALISTS = 50  # forecast on everyone
WORTH_NARROWING = 0.9  # leaving out fewer than a tenth is not worth a list of its own


@dataclass(frozen=True)
class Sweep:
    """Every candidate with its utility on the sample, best first; `utility` is scaled to the audience."""

    terms: tuple[Terms, ...]
    utility: npt.NDArray[np.float64]
    customers: int

    def best(self, *, category: str | None, channel: str | None, kind: str | None, limit: int) -> list[Terms]:
        """The best terms that fit the filters."""
        fitting = (
            terms
            for terms in self.terms
            if channel in (None, terms.channel)
            and kind in (None, terms.type)
            and category in (None, terms.scope[0])
        )
        return [terms for terms, _ in zip(fitting, range(limit), strict=False)]


def sweep_space(scorer: Scorer, plan: Plan, seed: int, *, ruled: bool = True) -> Sweep:
    """Forecast the whole offer space on a sample, polish the best of it, forecast the finalists on everyone.

    ruled: leave out terms that break a rule; False shows what the rules cost.
    """
    import numpy as np

    brief, shop = scorer.brief, scorer.shop
    rows = stratified_sample(scorer, SAMPLE, seed)
    sample = Scorer(shop.only(rows), scorer.model, brief)
    scale = len(shop.attributes) / max(int(rows.sum()), 1)

    def utilities(space: Sequence[Terms]) -> dict[Terms, float]:
        kept = keep_terms(space, plan, brief, shop) if ruled else np.ones(len(space), dtype=bool)
        allowed = [terms for terms, keeps in zip(space, kept, strict=True) if keeps]
        values = sample.utilities(allowed, side="search", scale=scale)
        return dict(zip(allowed, values.tolist(), strict=True))

    found = utilities(offer_space(brief, shop))
    first, last = brief.window(shop.as_of)
    for _ in range(POLISH_ROUNDS):
        best = sorted(found, key=lambda terms: -found[terms])[:POLISHED]
        steps = {step for terms in best for step in neighbours(terms, (last - first).days + 1)} - set(found)
        if not steps:
            break
        found |= utilities(sorted(steps, key=repr))
    ordered = sorted(found, key=lambda terms: -found[terms])
    if not rows.all():
        finalists = ordered[:FINALISTS]
        on_everyone = dict(zip(finalists, scorer.utilities(finalists, side="search").tolist(), strict=True))
        finalists.sort(key=lambda terms: -on_everyone[terms])
        found |= on_everyone
        ordered[:FINALISTS] = finalists
    return Sweep(tuple(ordered), np.array([found[terms] for terms in ordered]), int(rows.sum()))


def stratified_sample(scorer: Scorer, size: int, seed: int) -> npt.NDArray[np.bool_]:
    """(U,) mask of `size` customers spread evenly over basket and recency."""
    import numpy as np

    frame = scorer.shop.attributes
    count = len(frame)
    if count <= size:
        return np.ones(count, dtype=bool)
    random = np.random.default_rng(seed)
    strata = [frame[name].to_numpy(float) for name in ("days_since_order", "average_basket") if name in frame]
    order = np.lexsort([random.random(count), *(np.nan_to_num(values, nan=-1.0) for values in strata)])
    start = random.random() * count / size
    mask = np.zeros(count, dtype=bool)
    mask[order[(start + np.arange(size) * count / size).astype(int) % count]] = True
    return mask


def fit_to_audience(scorer: Scorer, draft: StrategyDraft) -> StrategyDraft | None:
    """The draft kept to its best customers, where that keeps the budget and the ROI floor or spares many who
    cost more than they bring; None where there is nothing to gain.
    """
    import numpy as np

    figures = scorer.per_customer(draft, side="search").figures
    if not figures:
        return None
    value = figures[OBJECTIVE_FIGURE[scorer.brief.objective]]
    order = np.argsort(-value, kind="stable")
    cost = np.cumsum((figures["discount_cost"] + scorer.contact_cost(draft.channel))[order])
    fits = value[order] > 0
    # A little inside each limit: the judging side may find the same customers dearer.
    if scorer.brief.budget is not None:
        fits &= cost <= 0.95 * float(scorer.brief.budget)
    if scorer.brief.min_roi is not None:
        earned = np.cumsum(figures["incremental_profit"][order])
        fits &= earned >= float(scorer.brief.min_roi) * cost + 0.05 * np.abs(earned)
    keep = int(np.flatnonzero(fits)[-1]) + 1 if fits.any() else 0
    if not 0 < keep < WORTH_NARROWING * len(value):
        return None
    update = {"audience_limit": keep, "draft_id": f"{draft.draft_id}-best"}
    return draft.model_copy(update=update)
