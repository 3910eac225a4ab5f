"""Exposures and attributes as the numbers that heads are learned from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.effect.mixed import Cells
from predictors.effect.terms import MODIFIERS, effect_columns, person_columns, value_columns
from predictors.features import (
    Customers,
    Offers,
    Schema,
    pair,
    read_customers,
    read_offers,
    without_extremes,
)
from predictors.interface import ATTRIBUTE_PROMOTED_SHARE, Economics, FloatArray

__all__ = [
    "Training",
    "centred_share",
    "main_columns",
    "modifiers",
    "read_training",
    "some_rows",
    "with_score",
]

Ints = npt.NDArray[np.int64]
ARM_KEYS = ("channel", "offer_type", "offer_value", "buy_quantity", "get_quantity", "min_spend",
            "max_discount", "valid_days", "category", "product_id", "subject", "body")  # fmt: skip


@dataclass(frozen=True)
class Training:
    """n exposures as numbers; every array is (n, ...)."""

    customers: Customers
    offers: Offers
    main: FloatArray
    person: FloatArray
    effect: FloatArray
    value: FloatArray
    cells: Cells
    natural: npt.NDArray[np.bool_]  # rows of natural demand, on no campaign's day
    clicked: FloatArray  # NaN = not recorded
    converted: FloatArray
    revenue: FloatArray
    discount: FloatArray

    @property
    def paid(self) -> npt.NDArray[np.bool_]:
        """(n,) whether an order of known value was placed."""
        return np.asarray((self.converted == 1) & (self.revenue > 0))

    @property
    def columns(self) -> FloatArray:
        """(n, K) columns of the click, conversion and redemption heads: main, person, effect."""
        return np.hstack([self.main, self.person, self.effect])

    def scored(self, score: FloatArray, schema: Schema) -> Training:
        """The same with the forests' `score` (n,) of each row in its place, which was 0."""
        blank = replace(self.customers, covariates=self.customers.covariates[:, :-1])
        people = with_score(blank, score)
        return replace(
            self,
            customers=people,
            main=np.column_stack([self.main[:, :-1], score]),
            person=person_columns(people.covariates, self.offers, schema),
        )

    @property
    def campaign(self) -> Ints:
        """(n,) number of each row's campaign."""
        return self.cells.campaign[self.cells.cell]

    @property
    def sent(self) -> npt.NDArray[np.bool_]:
        """(n,) whether anything was sent."""
        return np.asarray(self.offers.sent == 1)


def main_columns(people: Customers) -> FloatArray:
    """(n, 1 + k) who the customer is: the constant and the covariates, the forests' score last."""
    return np.column_stack([np.ones(len(people.bucket)), people.covariates])


def some_rows(rows: Ints, most: int, rng: np.random.Generator) -> Ints:
    """These rows, or as many of them as asked for, drawn at random and in order."""
    return rows if len(rows) <= most else np.sort(rng.choice(rows, most, replace=False))


def with_score(people: Customers, score: FloatArray) -> Customers:
    """Customers as read, with the forests' `score` (n,) after their covariates."""
    return replace(people, covariates=np.column_stack([people.covariates, score]))


def modifiers(people: Customers, schema: Schema) -> dict[str, FloatArray]:
    """Covariates that may change how strongly an offer pulls, each (n,)."""
    place = {name: index for index, name in enumerate(schema.columns)}
    return {name: people.covariates[:, place[name]] for name in MODIFIERS if name in place}


def centred_share(share: FloatArray) -> FloatArray:
    """Promoted share on the scale the model uses; unknown counts as nothing."""
    return np.asarray(np.sqrt(np.nan_to_num(share).clip(0, 1)) - 0.3)


def read_training(
    exposures: pd.DataFrame,
    attributes: pd.DataFrame,
    schema: Schema,
    economics: Economics,
    natural: int = 0,
) -> Training:
    """Turn n exposures and n aligned rows of attributes into numbers; the last `natural` of no campaign."""
    offers = read_offers(exposures, schema, economics)
    people = with_score(read_customers(attributes, schema), np.zeros(len(attributes)))
    steady = _without_drift(people, exposures)
    pairs = pair(np.array(schema.baskets)[people.bucket], offers)
    known = ATTRIBUTE_PROMOTED_SHARE in attributes.columns
    share = _floats(attributes[ATTRIBUTE_PROMOTED_SHARE]) if known else np.full(len(attributes), np.nan)
    cells = _cells(exposures, offers)
    return Training(
        customers=steady,
        offers=offers,
        main=main_columns(people),
        person=person_columns(steady.covariates, offers, schema),
        effect=effect_columns(offers, pairs, modifiers(steady, schema), centred_share(share), schema),
        value=value_columns(offers, pairs),
        cells=cells,
        natural=np.arange(len(exposures)) >= len(exposures) - natural,
        clicked=_floats(exposures["clicked"]) if "clicked" in exposures else np.full(len(exposures), np.nan),
        converted=np.nan_to_num(_floats(exposures["converted"])),
        revenue=without_extremes(np.nan_to_num(_floats(exposures["revenue"]), posinf=0.0).clip(0)),
        discount=np.nan_to_num(_floats(exposures["discount"])).clip(0),
    )


def _without_drift(people: Customers, exposures: pd.DataFrame) -> Customers:
    """Covariates as they would be today, their common drift over the history taken out.

    Counts of orders grow with the history they are counted in. Within a campaign they say who orders more;
    across campaigns they would say that everybody answers more strongly now than then.
    """
    when = pd.to_datetime(exposures["sent_at"])
    days = np.nan_to_num(((when - when.max()) / pd.Timedelta(days=1)).to_numpy(dtype=float))
    centred = days - days.mean()
    spread = float(centred @ centred)
    if spread <= 0:
        return people
    slope = centred @ people.covariates / spread
    return replace(people, covariates=people.covariates - np.outer(days, slope))


def _floats(column: pd.Series[float]) -> FloatArray:
    values: FloatArray = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return values


def _cells(exposures: pd.DataFrame, offers: Offers) -> Cells:
    """Arms of campaigns. Held-out rows of a campaign are one cell, whatever their columns say."""
    scope = exposures["outcome_scope"].fillna("basket") if "outcome_scope" in exposures else "basket"
    frame = pd.DataFrame({"campaign": exposures["campaign_id"].astype(str), "scope": scope}, exposures.index)
    campaign = frame.groupby(["campaign", "scope"], sort=False).ngroup().to_numpy(dtype=np.int64)
    # Words may differ by customer within an arm that has a name.
    named = "arm_id" in exposures and exposures["arm_id"].notna().all()
    arms = exposures.reindex(columns=["arm_id"] if named else [*ARM_KEYS, "arm_id"])
    arms.insert(0, "campaign", campaign)
    arm = arms.groupby(list(arms.columns), dropna=False, sort=False).ngroup().to_numpy(dtype=np.int64)
    cell = pd.factorize(np.where(offers.sent == 1, arm, -1 - campaign))[0].astype(np.int64)
    first = np.unique(cell, return_index=True)[1]
    when = pd.to_datetime(exposures["sent_at"])
    start = pd.Series(when.to_numpy()).groupby(campaign).min()
    days = ((start - when.max()) / pd.Timedelta(days=1)).to_numpy(dtype=float)
    return Cells(cell, campaign[first], offers.sent[first] == 1, np.nan_to_num(days))
