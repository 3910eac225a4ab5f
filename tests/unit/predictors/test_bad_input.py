"""Histories that say little or nonsense: a statement of what cannot be forecast, and only finite figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from copilot.shop.natural import natural_exposures
from predictors.demo import DemoShop
from predictors.effect import EffectPredictor
from predictors.interface import CustomerTable, Economics, Natural, Side
from tests.unit.predictors.conftest import attributes_of, customers_of
from tests.unit.predictors.test_forecast import check

Frames = tuple[pd.DataFrame, pd.DataFrame]
Change = Callable[[pd.DataFrame, pd.DataFrame], Frames]


@dataclass(frozen=True)
class Past:
    exposures: pd.DataFrame
    attributes: pd.DataFrame
    table: CustomerTable
    offers: pd.DataFrame
    economics: Economics


@pytest.fixture(scope="module")
def past() -> Past:
    shop = DemoShop(21, 800, campaigns=4, exposures=2_000)
    offers = pd.concat([shop.candidate_offers(name).iloc[3::60] for name in ("home", "beauty")])
    table = customers_of(shop, shop.contactable("email")[:40])
    return Past(shop.exposures, attributes_of(shop), table, offers, shop.economics)


def assigned(**columns: object) -> Change:
    return lambda exposures, attributes: (exposures.assign(**columns), attributes)


def chosen(rows: Callable[[pd.DataFrame], pd.Series]) -> Change:
    def change(exposures: pd.DataFrame, attributes: pd.DataFrame) -> Frames:
        kept = rows(exposures).to_numpy()
        return exposures[kept], attributes[kept]

    return change


def set_where(rows: Callable[[pd.DataFrame], pd.Series], **columns: object) -> Change:
    def change(exposures: pd.DataFrame, attributes: pd.DataFrame) -> Frames:
        table = exposures.copy()
        for name, value in columns.items():
            table[name] = table[name].astype(float).where(~rows(exposures), value)
        return table, attributes

    return change


def held(exposures: pd.DataFrame) -> pd.Series:
    return exposures["channel"] == "holdout"


def first_of(group: list[str]) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda exposures: ~exposures.duplicated(group)


def same_offer(exposures: pd.DataFrame, attributes: pd.DataFrame) -> Frames:
    sent = ~held(exposures)
    table = exposures.copy()
    table["channel"] = np.where(sent, "email", "holdout")
    table["offer_type"] = np.where(sent, "percent_off", "none")
    for name, value in (("offer_value", 10.0), ("min_spend", np.nan), ("valid_days", 7.0)):
        table[name] = np.where(sent, value, np.nan)
    return table, attributes


def one_holdout(exposures: pd.DataFrame) -> pd.Series:
    return ~held(exposures) | (np.cumsum(held(exposures)) == 1)


def unknown_attributes(exposures: pd.DataFrame, attributes: pd.DataFrame) -> Frames:
    return exposures, pd.DataFrame(dict.fromkeys(attributes, np.nan), index=attributes.index)


def constant(exposures: pd.DataFrame, attributes: pd.DataFrame) -> Frames:
    return exposures, attributes.assign(age=40.0, region="north")


def many_levels(exposures: pd.DataFrame, attributes: pd.DataFrame) -> Frames:
    return exposures, attributes.assign(nickname=[f"n{place}" for place in range(len(attributes))])


def one_customer(exposures: pd.DataFrame, attributes: pd.DataFrame) -> Frames:
    return exposures.assign(customer_id="C1"), attributes


def twice(exposures: pd.DataFrame, attributes: pd.DataFrame) -> Frames:
    return pd.concat([exposures, exposures]), pd.concat([attributes, attributes])


def vast(exposures: pd.DataFrame, attributes: pd.DataFrame) -> Frames:
    table = exposures.copy()
    row = int(np.flatnonzero(table["converted"] == 1)[0])
    table.loc[table.index[row], "revenue"] = 1e9
    return table, attributes


def infinite(exposures: pd.DataFrame, attributes: pd.DataFrame) -> Frames:
    table = exposures.copy()
    table.loc[table.index[:3], "propensity"] = [np.inf, -0.5, 7.0]
    table.loc[table.index[3:5], "propensity"] = np.nan
    return table, attributes


# name: change, statement among the notes (None = nothing to state), whether forecasts repeat it
CASES: dict[str, tuple[Change, str | None, bool]] = {
    "no orders": (assigned(converted=0, revenue=0.0, discount=0.0), "no order was ever recorded in 1,", True),
    "no orders of those sent": (
        set_where(lambda e: ~held(e), converted=0, revenue=0.0, discount=0.0),
        "no order was ever recorded of anybody who was sent something",
        True,
    ),
    "everybody ordered": (assigned(converted=1), "nearly everybody in the export ordered (100.0% of", True),
    "no clicks": (assigned(clicked=0), "no click was ever recorded in 1,", True),
    "clicks unknown": (assigned(clicked=np.nan), "clicks were not recorded", True),
    "revenue all zero": (assigned(revenue=0.0), "none with a revenue", True),
    "revenue missing": (
        set_where(lambda e: e["converted"] == 1, revenue=np.nan),
        "none with a revenue",
        True,
    ),
    "half the revenue missing": (
        set_where(lambda e: (e["converted"] == 1) & (np.arange(len(e)) % 2 == 0), revenue=np.nan),
        "orders have no revenue",
        True,
    ),
    "one campaign": (
        chosen(lambda e: e["campaign_id"] == e["campaign_id"].iloc[0]),
        "one campaign only",
        True,
    ),
    "one arm": (
        chosen(lambda e: held(e) | (e["arm_id"] == e.loc[~held(e), "arm_id"].iloc[0])),
        "one and the same offer",
        True,
    ),
    "one offer": (same_offer, "one and the same offer", True),
    "one row an arm": (chosen(first_of(["campaign_id", "arm_id"])), "fewer than 20 customers", False),
    "no holdout": (chosen(lambda e: ~held(e)), "not incremental: no held-out customers", True),
    "one held-out row": (chosen(one_holdout), "only 1 held-out row", True),
    "attributes unknown": (unknown_attributes, "no customer attribute tells customers apart", True),
    "constant attributes": (constant, None, False),
    "ten thousand levels": (many_levels, "only the commonest values are told apart of: nickname", False),
    "one customer": (one_customer, None, False),
    "rows twice": (twice, "exposures are there twice", False),
    "propensities of no sense": (infinite, "propensities are not in (0, 1]", True),
    "propensities too small": (assigned(propensity=0.05), "do not sum to 1", True),
    "propensities unknown": (assigned(propensity=np.nan), "propensities were not recorded", True),
    "discount above revenue": (
        set_where(lambda e: e["converted"] == 1, discount=5_000.0),
        "discount above their revenue",
        False,
    ),
    "one vast order": (vast, "over 100 times the median", False),
    "one moment": (assigned(sent_at=pd.Timestamp("2025-01-01")), None, False),
    "in the future": (assigned(sent_at=pd.Timestamp("2090-01-01")), None, False),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_stated_and_forecast_with_finite_figures(past: Past, name: str) -> None:
    change, statement, repeated = CASES[name]
    exposures, attributes = change(past.exposures, past.attributes)
    model = EffectPredictor.fit(exposures, attributes, past.economics, seed=0, threads=1)
    assert all(np.isfinite(value) for value in model.metrics.values())
    sides: tuple[Side, ...] = ("search", "judge")
    for side in sides:
        found = model.forecast(past.offers, past.table, past.economics, side=side)
        check(found, len(past.offers))
    if statement is not None:
        notes = [note for note in model.notes if statement in note.message]
        assert len(notes) == 1, [note.message for note in model.notes]
        assert all((notes[0].message in said) == repeated for said in found.warnings)


def test_without_orders_or_clicks_rates_are_forecast_near_nothing(past: Past) -> None:
    nothing = past.exposures.assign(converted=0, revenue=0.0, discount=0.0, clicked=0)
    model = EffectPredictor.fit(nothing, past.attributes, past.economics, seed=0, threads=1)
    found = model.forecast(past.offers, past.table, past.economics)
    assert found.figures["conversion"].mean.max() < 0.01
    assert found.figures["ctr"].mean.max() < 0.02


def test_one_vast_order_hardly_moves_a_forecast(past: Past) -> None:
    revenue = []
    for exposures, attributes in ((past.exposures, past.attributes), vast(past.exposures, past.attributes)):
        model = EffectPredictor.fit(exposures, attributes, past.economics, seed=0, threads=1)
        revenue.append(model.forecast(past.offers, past.table, past.economics).figures["revenue"].mean.mean())
    assert revenue[1] < 1.35 * revenue[0]


def test_categories_channels_and_customers_never_seen_are_forecast_as_extrapolation(past: Past) -> None:
    model = EffectPredictor.fit(past.exposures, past.attributes, past.economics, seed=0, threads=1)
    offers = past.offers.iloc[:1].assign(category="spaceships", channel="fax", offer_type="points")
    strangers = CustomerTable(
        pd.DataFrame({"shoe_size": [41.0, 43.0]}, index=["x", "y"]), pd.DataFrame(index=["x", "y"])
    )
    found = model.forecast(offers, strangers, past.economics)
    check(found, 1)
    said = " | ".join(found.warnings[0])
    for part in ("promoted spaceships", "channel fax", "type points", "attributes unknown here"):
        assert part in said
    assert found.support[0] < 0.01


def test_every_exposure_of_one_customer_in_a_long_history_is_learned_without_trees() -> None:
    shop = DemoShop(22, 1_500, campaigns=6, exposures=6_000)
    table = shop.exposures.assign(customer_id="C1")
    model = EffectPredictor.fit(table, attributes_of(shop), shop.economics, seed=0, threads=1)
    found = model.forecast(
        shop.candidate_offers("home").iloc[:3],
        customers_of(shop, shop.contactable("email")[:20]),
        shop.economics,
    )
    assert all(np.isfinite(found.figures[name].mean).all() for name in ("conversion", "incremental_profit"))


def test_propensities_that_differ_by_customer_are_not_said_to_miss_one() -> None:
    rng = np.random.default_rng(5)
    shop = DemoShop(23, 6_000, campaigns=1, exposures=6_000)
    chance = rng.uniform(0.05, 0.95, len(shop.exposures))
    sent = rng.random(len(chance)) < chance
    table = shop.exposures.assign(
        channel=np.where(sent, "email", "holdout"),
        offer_type="none",
        offer_value=np.nan,
        min_spend=np.nan,
        arm_id=np.where(sent, "a", "h"),
        propensity=np.where(sent, chance, 1 - chance),
    )
    model = EffectPredictor.fit(table, attributes_of(shop), shop.economics, seed=0, threads=1)
    assert not any("do not sum to 1" in note.message for note in model.notes)


def test_one_held_out_row_does_not_make_a_control_group_of_past_orders() -> None:
    shop = DemoShop(24, 3_000, campaigns=6, exposures=9_000)
    customers = shop.customers.assign(signed_up_on=pd.to_datetime(shop.customers["signed_up_on"]))
    rng = np.random.default_rng(0)
    rows = natural_exposures(customers, shop.orders, shop.exposures, window_days=7, rng=rng)
    natural = Natural(rows, attributes_of(shop, rows))
    table, offers = (
        customers_of(shop, shop.contactable("email")[:80]),
        shop.candidate_offers("home").iloc[[10]],
    )
    kept = held(shop.exposures)
    kept.iloc[np.flatnonzero(kept)[1:]] = False
    widths = []
    for exposures in (shop.exposures, shop.exposures[~held(shop.exposures) | kept]):
        attributes = attributes_of(shop, exposures)
        model = EffectPredictor.fit(exposures, attributes, shop.economics, seed=0, threads=1, natural=natural)
        told = model.forecast(offers, table, shop.economics).figures["incremental_profit"]
        widths.append(float(told.high[0] - told.low[0]))
    assert widths[1] > 1.2 * widths[0]
