"""Scoring: the only door to predictors for forecasts. Drafts in, forecasts out.

Drafts that reach the same customers with the same promoted scope are forecast together, in one call; a sweep
asks once a channel, for all categories.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from copilot.deciding.appeal import Appeal, CopyPredictor, difference, scaled, with_appeal
from copilot.deciding.figures import Compared, PerCustomer, estimate, forecast_of, thinned
from copilot.deciding.offer_table import offer_table, terms_table
from copilot.deciding.offers import Terms
from copilot.deciding.ranking import OBJECTIVE_FIGURE, worth
from copilot.domain.audience import Condition
from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import StrategyDraft
from copilot.domain.forecast import EffectForecast, Estimate
from copilot.errors import DamagedPredictor, MissingData
from copilot.shop.audience import contactable, select
from copilot.shop.catalogue import Scope
from predictors.evaluation.record import Evaluation, Finding, Level
from predictors.interface import (
    CopyModel,
    CustomerTable,
    Drivers,
    Economics,
    EffectForecasts,
    EffectModel,
    Figures,
    Side,
    UnusableModel,
)
from predictors.interface import DriverGroup as FoundGroup

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from copilot.shop.context import ShopContext

__all__ = [
    "COPY_PARTS",
    "REINSTALL",
    "Compared",
    "CopyModel",
    "Drivers",
    "EffectForecasts",
    "EffectModel",
    "Evaluation",
    "Figures",
    "Finding",
    "FoundGroup",
    "Level",
    "PerCustomer",
    "Scorer",
    "Side",
    "damage_told",
    "general_copy",
    "load_copy",
    "load_model",
]

COPY_PARTS = "copy/"  # what the parts of the copy model are called, beside those of the effect model
REINSTALL = "install strategy-copilot again"
UNTAUGHT = (
    "The predictor was trained before words were forecast: the appeal of copy is of English news headlines, "
    "damped; `copilot train` holds it against this shop's own campaigns."
)

# A difference on this many customers says what it is on a million: each is a mean, and their spread adds far
# less to the doubt than the campaigns that taught the model.
COMPARED = 100_000
KEPT = 100_000  # customers of one mask or another that are kept as predictors read them


def general_copy() -> CopyPredictor:
    """The copy model as it comes with the package, nothing of any shop in it."""
    from predictors import CopyEffect

    with damage_told(REINSTALL):
        return CopyPredictor(CopyEffect.general())


def load_copy(parts: Mapping[str, bytes]) -> CopyPredictor:
    """What a shop's predictor says of copy, from its saved parts.

    One that was trained before there was a copy model has none: then what may be said of any shop.

    Raises:
        DamagedPredictor: a part fails its checksum or is of another schema.
    """
    from predictors import CopyEffect

    own = {name.removeprefix(COPY_PARTS): part for name, part in parts.items() if name.startswith(COPY_PARTS)}
    if not own:
        with damage_told(REINSTALL):
            return CopyPredictor(CopyEffect.general().for_shop(None), UNTAUGHT)
    with damage_told():
        return CopyPredictor(CopyEffect.from_parts(own))


def load_model(parts: Mapping[str, bytes]) -> EffectModel:
    """The effect model from its saved parts.

    Raises:
        DamagedPredictor: a part fails its checksum or is of another schema.
    """
    from predictors.effect import EffectPredictor

    with damage_told():
        return EffectPredictor.from_parts(
            {name: part for name, part in parts.items() if not name.startswith(COPY_PARTS)}
        )


@contextmanager
def damage_told(advice: str = "run `copilot train` again") -> Iterator[None]:
    """Says of a model that cannot be used what to do about it."""
    try:
        yield
    except UnusableModel as error:
        raise DamagedPredictor(f"{error}; {advice}") from error


@dataclass(frozen=True)
class _Group:
    """What drafts must share to be forecast in one call."""

    channel: str
    audience: tuple[Condition, ...]
    scope: Scope


class Scorer:
    """Forecasts drafts over the customers of one shop context.

    `shop` holds the customers of the brief's audience only; a draft's own conditions narrow them further.
    `appeal`: what a draft's words do to its click rate; None = words are not looked at beyond their traits.
    """

    def __init__(
        self, shop: ShopContext, model: EffectModel, brief: CampaignBrief, appeal: Appeal | None = None
    ) -> None:
        self.shop = shop
        self.model = model
        self.brief = brief
        self.appeal = appeal
        self._known: dict[tuple[Side, Hashable, str], EffectForecast | None] = {}
        self._reached: dict[tuple[str, tuple[Condition, ...]], npt.NDArray[np.bool_]] = {}
        self._everybody = CustomerTable(shop.attributes, shop.affinity)
        self._tables: dict[bytes, CustomerTable] = {}

    def reached(self, channel: str, audience: tuple[Condition, ...] = ()) -> npt.NDArray[np.bool_]:
        """(U,) mask of the customers a draft may contact: in its audience and opted in for its channel."""
        key = (channel, audience)
        if key not in self._reached:
            frame = self.shop.attributes
            self._reached[key] = select(frame, audience) & contactable(
                frame, channel, f"{channel}_opt_in" in self.shop.opt_ins
            )
        return self._reached[key]

    def forecast(
        self, drafts: Sequence[StrategyDraft], *, side: Side = "judge"
    ) -> list[EffectForecast | None]:
        """A forecast per draft, in order; None where a draft reaches nobody.

        What was forecast before is remembered: a writer asks about the same offers again and again.
        """
        words = [self.appeal.words(draft) if self.appeal else "" for draft in drafts]
        keys = [(side, _essence(draft), text) for draft, text in zip(drafts, words, strict=True)]
        new = {key: draft for key, draft in zip(keys, drafts, strict=True) if key not in self._known}
        factors = self.appeal.factors([text for _, _, text in new]) if self.appeal else [None] * len(new)
        for key, found, factor in zip(new, self._forecast(list(new.values()), side), factors, strict=True):
            self._known[key] = with_appeal(found, factor) if found else None
        return [self._known[key] for key in keys]

    def _factors(self, drafts: Sequence[StrategyDraft]) -> list[Estimate | None]:
        if self.appeal is None:
            return [None] * len(drafts)
        return self.appeal.factors([self.appeal.words(draft) for draft in drafts])

    def _forecast(self, drafts: Sequence[StrategyDraft], side: Side) -> list[EffectForecast | None]:
        results: list[EffectForecast | None] = [None] * len(drafts)
        for group, positions in self._groups(drafts).items():
            rows = self.reached(group.channel, group.audience)
            whole = [place for place in positions if not _limits(drafts[place], int(rows.sum()))]
            if whole and rows.any():
                found = self._call(group, [drafts[place] for place in whole], rows, side)
                for index, place in enumerate(whole):
                    results[place] = self._told(found, index, drafts[place], int(rows.sum()))
            for place in set(positions) - set(whole):
                best = self._best(group, drafts[place], rows)
                found = self._call(group, [drafts[place]], best, side)
                results[place] = self._told(found, 0, drafts[place], int(best.sum()))
        return results

    def utilities(self, space: Sequence[Terms], *, side: Side, scale: float = 1.0) -> npt.NDArray[np.float64]:
        """(D,) objective over the audience, the price on doubt taken off; minus infinity: reaches nobody.

        For offers to the whole audience, as a sweep makes them by the thousand; `scale`: customers each one
        here stands for. What a budget leaves of a dear offer is the share of customers it pays for, and what
        misses the ROI floor comes after everything that keeps it.
        """
        import numpy as np

        values, table = np.full(len(space), -np.inf), terms_table(space, self.shop)
        together: dict[Hashable, list[int]] = defaultdict(list)
        for place, terms in enumerate(space):
            # The model tells categories apart by itself; what several products cost, it cannot.
            together[terms.channel, terms.scope if terms.scope[1] else None].append(place)
        for places in together.values():
            rows = self.reached(space[places[0]].channel)
            if rows.any():
                economics = self._economics(*dict.fromkeys(space[place].scope for place in places))
                found = self._ask(table.iloc[places], rows, economics, side)
                values[places] = worth(found.figures, self.brief, scale * int(rows.sum()))
        return values

    def contact_cost(self, channel: str) -> float:
        """What one message costs on a channel."""
        return float(self.shop.settings.contact_cost.get(channel, 0))

    def per_customer(self, draft: StrategyDraft, *, side: Side = "judge") -> PerCustomer:
        """The figures of one draft for each customer it would contact."""
        rows = self._rows(draft)
        ids = self.shop.attributes.index.to_numpy()[rows]
        if not len(ids):
            return PerCustomer(ids, {})
        found = self._call(self._group(draft), [draft], rows, side, per_customer=True)
        figures = {name: values[0] for name, values in (found.per_customer or {}).items()}
        if factor := self._factors([draft])[0]:
            figures["ctr"] = (figures["ctr"] * factor.mean).clip(max=1.0)
        return PerCustomer(ids, figures)

    def compare(self, drafts: Sequence[StrategyDraft], *, most: int | None = None) -> Compared:
        """How drafts differ from the first, whose promoted scope all have and whose customers all by its
        channel go to; by the searching side. most: customers to look at, evenly spread; None = all, in a
        shop of at most `COMPARED`. All where one of the drafts would be left with nobody.
        """
        import numpy as np

        first = drafts[0]
        own = self._rows(first)
        rows = np.array([own if one.channel == first.channel else self._rows(one) for one in drafts])
        some = thinned(rows, COMPARED if most is None else min(most, COMPARED))
        found = self.model.compare(
            offer_table(drafts, self.shop),
            self._customers(some),
            self._economics(self._group(first).scope),
            reached=rows[:, some],
        )
        sizes = rows.sum(axis=1).tolist()
        factor = float(rows.any(axis=0).sum() / some.sum())
        forecasts = [
            self._told(found.forecasts, place, one, sizes[place]) for place, one in enumerate(drafts)
        ]
        differences = {
            name: tuple(estimate(figure, place) for place in range(len(drafts)))
            for name, figure in found.differences.items()
            if not np.isnan(figure.mean).any()  # clicks that were never recorded
        }
        appeals = self._factors(drafts)
        if "ctr" in differences:
            clicks = (found.customers * found.forecasts.figures["ctr"].mean).tolist()
            differences["ctr"] = difference(clicks, differences["ctr"], appeals)
        return Compared(
            tuple(with_appeal(*each) for each in zip(forecasts, appeals, strict=True)),
            {name: tuple(one.times(factor) for one in each) for name, each in differences.items()},
        )

    def drivers(self, draft: StrategyDraft) -> Drivers:
        """Which attributes of the customers it goes to a draft's forecast of the objective turns on."""
        table = self._customers(thinned(self._rows(draft)[None, :], COMPARED))
        offers, economics = offer_table([draft], self.shop), self._economics(self._group(draft).scope)
        figure = OBJECTIVE_FIGURE[self.brief.objective]
        found = self.model.drivers(offers, table, economics, figure=figure)
        factor = self._factors([draft])[0] if figure == "ctr" else None
        return found if factor is None else scaled(found, factor.mean)

    def contacted(self, draft: StrategyDraft) -> npt.NDArray[Any]:
        """(n,) ids of the customers a draft would go to."""
        ids: npt.NDArray[Any] = self.shop.attributes.index.to_numpy()
        return ids[self._rows(draft)]

    def _rows(self, draft: StrategyDraft) -> npt.NDArray[np.bool_]:
        rows = self.reached(draft.channel, draft.audience)
        if _limits(draft, int(rows.sum())):
            return self._best(self._group(draft), draft, rows)
        return rows

    def _groups(self, drafts: Sequence[StrategyDraft]) -> dict[_Group, list[int]]:
        groups: dict[_Group, list[int]] = defaultdict(list)
        for place, draft in enumerate(drafts):
            groups[self._group(draft)].append(place)
        return groups

    def _group(self, draft: StrategyDraft) -> _Group:
        return _Group(draft.channel, draft.audience, (draft.category, draft.product_ids))

    def _best(
        self, group: _Group, draft: StrategyDraft, rows: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """The `audience_limit` customers whom the searching side expects the most from."""
        import numpy as np

        found = self._call(group, [draft], rows, "search", per_customer=True)
        assert found.per_customer is not None
        value = found.per_customer[OBJECTIVE_FIGURE[self.brief.objective]][0]
        order = np.argsort(-value, kind="stable")[: draft.audience_limit]
        best = np.zeros(len(rows), dtype=bool)
        best[np.flatnonzero(rows)[order]] = True
        return best

    def _call(
        self,
        group: _Group,
        drafts: Sequence[StrategyDraft],
        rows: npt.NDArray[np.bool_],
        side: Side,
        *,
        per_customer: bool = False,
    ) -> EffectForecasts:
        offers = offer_table(drafts, self.shop)
        return self._ask(offers, rows, self._economics(group.scope), side, per_customer=per_customer)

    def _ask(
        self,
        offers: pd.DataFrame,
        rows: npt.NDArray[np.bool_],
        economics: Economics,
        side: Side,
        *,
        per_customer: bool = False,
    ) -> EffectForecasts:
        import numpy as np

        table = self._customers(rows)
        found = self.model.forecast(offers, table, economics, side=side, per_customer=per_customer)
        if np.isnan(found.figures[OBJECTIVE_FIGURE[self.brief.objective]].mean).all():
            raise MissingData("clicks (`clicked` in exposures.csv)", f"the objective {self.brief.objective}")
        return found

    def _customers(self, rows: npt.NDArray[np.bool_]) -> CustomerTable:
        """The customers of a (U,) mask as the predictors read them; the latest are kept, as many calls share
        them, but never more than one that is the size of a large shop.
        """
        import numpy as np

        key, size = np.packbits(rows).tobytes(), int(rows.sum())
        if key not in self._tables:
            # The oldest are let go before another is made.
            while self._tables and size + sum(map(len, self._tables.values())) > KEPT:
                del self._tables[next(iter(self._tables))]
            self._tables[key] = self._everybody if rows.all() else self._everybody.part(rows)
        return self._tables[key]

    def _economics(self, *scopes: Scope) -> Economics:
        """What sales are worth: of one scope, or of several categories."""
        settings, catalogue = self.shop.settings, self.shop.catalogue
        facts = {scope: catalogue.facts(scope) for scope in scopes}
        priced = {scope: one.unit_price for scope, one in facts.items() if one.unit_price is not None}
        return Economics(
            default_margin=next((facts[one] for one in scopes if one[0] is None), facts[scopes[0]]).margin,
            category_margin={scope[0]: one.margin for scope, one in facts.items() if scope[0] is not None},
            category_price={scope[0]: price for scope, price in priced.items() if scope[0] is not None},
            product_price={scope[1][0]: price for scope, price in priced.items() if scope[1]},
            contact_cost={name: float(cost) for name, cost in settings.contact_cost.items()},
            shipping_cost=float(settings.shipping_cost),
            point_value=float(settings.point_value),
            attribution_days=settings.attribution_days,
            unit_profit=None if self.brief.unit_profit is None else float(self.brief.unit_profit),
        )

    def _told(self, found: EffectForecasts, index: int, draft: StrategyDraft, size: int) -> EffectForecast:
        return forecast_of(found, index, draft, size, self.shop, self.model.version)


def _essence(draft: StrategyDraft) -> Hashable:
    """What of a draft its forecast depends on, but for what slots say in its words."""
    target = (draft.channel, draft.category, draft.product_ids, draft.audience, draft.audience_limit)
    return (*target, draft.offer, draft.plan.follow_ups, draft.message.subject, draft.message.body)


def _limits(draft: StrategyDraft, reached: int) -> bool:
    return draft.audience_limit is not None and draft.audience_limit < reached
