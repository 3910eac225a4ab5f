"""What a history contradicts itself in, or leaves open, is said; sound histories are left in peace."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from predictors.demo import DemoShop
from predictors.effect import EffectPredictor
from predictors.interface import Natural
from tests.unit.predictors.conftest import attributes_of
from tests.unit.predictors.test_cold_start import natural_of


@pytest.fixture(scope="module")
def shop() -> DemoShop:
    return DemoShop(5, customers=1_500, campaigns=24, exposures=12_000)


@pytest.fixture(scope="module")
def attributes(shop: DemoShop) -> pd.DataFrame:
    return attributes_of(shop)


def notes_of(
    shop: DemoShop, exposures: pd.DataFrame, attributes: pd.DataFrame, natural: Natural | None = None
) -> dict[str, str]:
    model = EffectPredictor.fit(exposures, attributes, shop.economics, seed=0, threads=1, natural=natural)
    return {note.message: note.topic for note in model.notes if note.forecasts}


def fewer(exposures: pd.DataFrame, rows: pd.Series, kept: float) -> pd.DataFrame:
    """Exposures where only a share of these rows' orders is left."""
    lost = rows & (np.random.default_rng(0).random(len(rows)) > kept)
    return exposures.assign(
        **{name: exposures[name].mask(lost, 0) for name in ("converted", "revenue", "discount")}
    )


def test_larger_discounts_that_sold_less_are_told(shop: DemoShop, attributes: pd.DataFrame) -> None:
    past = shop.exposures
    deep = (past["offer_type"] == "percent_off") & (past["offer_value"] >= 15)
    said = notes_of(shop, fewer(past, deep, 0.1), attributes)
    (told,) = [text for text in said if "larger discounts sold less" in text]
    assert "forecasts are held to not falling with the gift; check" in told
    assert not any("larger discounts" in text for text in notes_of(shop, past, attributes))


def test_large_discounts_for_those_who_hardly_buy_are_not_said_to_sell_less(
    shop: DemoShop, attributes: pd.DataFrame
) -> None:
    past = shop.exposures
    often = (attributes["orders_365d"].fillna(0) > attributes["orders_365d"].median()).to_numpy()
    deep = (past["offer_value"] >= 15).to_numpy()
    rows = (past["offer_type"] != "percent_off").to_numpy() | (deep != often)
    targeted, known = past[rows].drop(columns="propensity"), attributes[rows]
    bought = targeted[targeted["offer_type"] == "percent_off"].groupby("offer_value")["converted"].mean()
    assert bought.loc[15:].mean() < bought.loc[:14].mean()
    assert not any("larger discounts" in text for text in notes_of(shop, targeted, known))


@pytest.mark.parametrize("sample", [0, 1])
def test_held_out_customers_who_order_as_orders_say_are_left_in_peace(sample: int) -> None:
    own = DemoShop(40 + sample, customers=2_000, campaigns=12, exposures=9_000)
    natural = natural_of(own, own.exposures)
    assert not any("disagree" in text for text in notes_of(own, own.exposures, attributes_of(own), natural))


def test_outcomes_and_orders_that_disagree_are_told(shop: DemoShop, attributes: pd.DataFrame) -> None:
    natural = natural_of(shop, shop.exposures)
    held = shop.exposures["channel"] == "holdout"
    said = notes_of(shop, fewer(shop.exposures, held, 0.55), attributes, natural)
    (told,) = [text for text in said if "held-out customers and orders.csv disagree" in text]
    assert "check that both count the same orders over the same days" in told
    # Who seldom buys was held out: fewer orders than the shop's, and yet no contradiction.
    often = (attributes["orders_365d"].fillna(0) > attributes["orders_365d"].median()).to_numpy()
    seldom = (~held.to_numpy()) | ~often
    assert not any(
        "disagree" in text for text in notes_of(shop, shop.exposures[seldom], attributes[seldom], natural)
    )


def test_without_held_out_customers_what_a_message_as_such_does_is_said_to_be_assumed(
    shop: DemoShop, attributes: pd.DataFrame
) -> None:
    sent = (shop.exposures["channel"] != "holdout").to_numpy()
    said = notes_of(shop, shop.exposures[sent], attributes[sent])
    # Offers were compared with each other often enough; only what all of them have in common is assumed.
    assert any(text.startswith("assumption: what a message as such does to orders") for text in said)
    assert not any("message as such" in text for text in notes_of(shop, shop.exposures, attributes))


@pytest.mark.parametrize(
    ("unusable", "share"), [(lambda place: place % 2 == 0, "50 %"), (lambda place: place < 5, "under 1 %")]
)
def test_the_share_of_propensities_that_cannot_be_used_is_told(
    shop: DemoShop, attributes: pd.DataFrame, unusable: Callable[[np.ndarray], np.ndarray], share: str
) -> None:
    rows = np.flatnonzero(shop.exposures["campaign_id"].isin(["K001", "K002"]))
    past = shop.exposures.iloc[rows]
    lost = unusable(np.arange(len(past)))
    said = notes_of(shop, past.assign(propensity=past["propensity"].mask(lost)), attributes.iloc[rows])
    assert any(text.startswith(f"{share} of the exposures have no usable propensity") for text in said)
    assert not any("were not recorded" in text for text in said)
