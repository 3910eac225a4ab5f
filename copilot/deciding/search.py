"""Search: the offer space swept by code before anybody writes a word.

The whole space is forecast on a sample of the customers of each channel (sampling costs next to no regret,
coverage of the space does), the best terms are polished one step at a time, and the finalists are forecast
on everyone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot.deciding.offers import Terms, neighbours, offer_space
from copilot.deciding.ranking import OBJECTIVE_FIGURE
from copilot.deciding.rules import keep_terms
from copilot.deciding.scoring import Scorer
from copilot.domain.draft import Plan, StrategyDraft
from copilot.shop.context import ShopContext

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Sweep", "fit_to_audience", "sweep_space"]

SAMPLE = 500
POLISHED, OF_A_KIND_POLISHED = 12, 4
POLISH_ROUNDS = 2
FINALISTS, OF_A_KIND = 50, 10  # forecast on everyone
WORTH_NARROWING = 0.9  # leaving out fewer than a tenth is not worth a list of its own


@dataclass(frozen=True)
class Sweep:
    """Every candidate with its utility, scaled to the audience: first those forecast on everyone, then the
    rest by the sample, the best of each first. customers: in the largest sample.
    """

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


def sweep_space(
    scorer: Scorer,
    plan: Plan,
    seed: int,
    *,
    ruled: bool = True,
    customers: int = SAMPLE,
    finalists: int = FINALISTS,
) -> Sweep:
    """Forecast the whole offer space on a sample, polish the best of it, forecast the finalists on everyone.

    ruled: leave out terms that break a rule; False shows what the rules cost. customers: in the sample of
    each channel. finalists: how many are forecast on everyone; they come first.
    """
    import numpy as np

    brief, shop = scorer.brief, scorer.shop
    samples = _Samples(scorer, customers, seed)

    def utilities(space: Sequence[Terms]) -> dict[Terms, float]:
        kept = keep_terms(space, plan, brief, shop) if ruled else np.ones(len(space), dtype=bool)
        allowed = [terms for terms, keeps in zip(space, kept, strict=True) if keeps]
        return dict(zip(allowed, samples.utilities(allowed).tolist(), strict=True))

    found = utilities(offer_space(brief, shop))
    first, last = brief.window(shop.as_of)
    for _ in range(POLISH_ROUNDS):
        best = _leaders(found, POLISHED, OF_A_KIND_POLISHED)
        steps = {step for terms in best for step in neighbours(terms, (last - first).days + 1)} - set(found)
        if not steps:
            break
        found |= utilities(sorted(steps, key=repr))
    leaders = _leaders(found, finalists, OF_A_KIND)
    in_the_end = dict(zip(leaders, scorer.utilities(leaders, side="search").tolist(), strict=True))
    rest = [terms for terms in found if terms not in in_the_end]
    ordered = _best_first(leaders, in_the_end) + _best_first(rest, found)
    found |= in_the_end
    return Sweep(tuple(ordered), np.array([found[terms] for terms in ordered]), samples.largest)


def _best_first(terms: Iterable[Terms], utility: Mapping[Terms, float]) -> list[Terms]:
    return sorted(terms, key=lambda one: -utility[one])


def _leaders(utility: Mapping[Terms, float], limit: int, of_a_kind: int) -> list[Terms]:
    """The best terms, not too many of a kind while there are others: the steps around one offer would fill
    every place.
    """
    kinds: Counter[Hashable] = Counter()
    first: list[Terms] = []
    further: list[Terms] = []
    for terms in _best_first(utility, utility):
        kind = (terms.channel, terms.scope, terms.type)
        kinds[kind] += 1
        (first if kinds[kind] <= of_a_kind else further).append(terms)
    return [*first, *further][:limit]


class _Samples:
    """A sample of the customers of each channel: of one for all, a channel of few would have next to none."""

    def __init__(self, scorer: Scorer, size: int, seed: int) -> None:
        self._scorer, self._size, self._seed = scorer, size, seed
        self._known: dict[str, tuple[Scorer, float]] = {}
        self.largest = 0

    def utilities(self, space: Sequence[Terms]) -> npt.NDArray[np.float64]:
        """(D,) objective over the audience, from the sample of each one's channel."""
        import numpy as np

        values = np.empty(len(space))
        channels = np.array([terms.channel for terms in space])
        for channel in dict.fromkeys(channels.tolist()):
            places = np.flatnonzero(channels == channel).tolist()
            sample, scale = self._of(channel)
            values[places] = sample.utilities([space[at] for at in places], side="search", scale=scale)
        return values

    def _of(self, channel: str) -> tuple[Scorer, float]:
        if channel not in self._known:
            scorer = self._scorer
            reached = scorer.reached(channel)
            some = stratified_sample(scorer.shop, reached, self._size, self._seed)
            count = int(some.sum())
            self.largest = max(self.largest, count)
            scale = int(reached.sum()) / max(count, 1)
            self._known[channel] = Scorer(scorer.shop.only(some), scorer.model, scorer.brief), scale
        return self._known[channel]


def stratified_sample(
    shop: ShopContext, reached: npt.NDArray[np.bool_], size: int, seed: int
) -> npt.NDArray[np.bool_]:
    """(U,) mask of `size` of the customers of a (U,) mask, spread evenly over basket and recency."""
    import numpy as np

    people = np.flatnonzero(reached)
    count = len(people)
    if count <= size:
        return reached
    random, frame = np.random.default_rng(seed), shop.attributes
    strata = [frame[name].to_numpy(float) for name in ("days_since_order", "average_basket") if name in frame]
    known = [np.nan_to_num(values[people], nan=-1.0) for values in strata]
    order = np.lexsort([random.random(count), *known])
    start = random.random() * count / size
    mask = np.zeros(len(reached), dtype=bool)
    mask[people[order[(start + np.arange(size) * count / size).astype(int) % count]]] = True
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
