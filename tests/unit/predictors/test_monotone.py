"""A larger gift never brings fewer orders in a forecast, whatever luck the history had."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from predictors.demo import DemoShop
from predictors.effect import EffectPredictor, heads
from predictors.effect.heads import Head
from predictors.effect.monotone import nowhere_negative
from predictors.interface import OFFER_COLUMNS, FloatArray
from tests.unit.predictors.conftest import attributes_of, customers_of

Problem = tuple[FloatArray, FloatArray, FloatArray]


def problem(seed: int) -> Problem:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 7))
    root = rng.standard_normal((size, size))
    return (
        rng.standard_normal(size),
        root @ root.T + 0.1 * np.eye(size),
        rng.standard_normal((2 * size, size)),
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_likeliest_place_where_no_row_is_negative(seed: int) -> None:
    mean, covariance, rows = problem(seed)
    # A direction that satisfies every row exists, so the problem has an answer beyond 0.
    rows *= np.sign(rows @ np.ones(len(mean)))[:, None]
    found = nowhere_negative(mean, covariance, rows)
    inverse = np.linalg.inv(covariance)

    def away(values: FloatArray) -> float:
        return float((values - mean) @ inverse @ (values - mean))

    best = minimize(
        away,
        np.ones(len(mean)),
        method="SLSQP",
        constraints={"type": "ineq", "fun": lambda values: rows @ values},
        options={"maxiter": 500, "ftol": 1e-12},
    )
    assert (rows @ found >= -1e-7).all()
    assert away(found) <= best.fun + 1e-5 * (1 + best.fun)


def test_nothing_moves_where_nothing_is_negative() -> None:
    mean, covariance, rows = problem(3)
    rows *= np.sign(rows @ mean)[:, None]
    assert nowhere_negative(mean, covariance, rows) is mean


def backwards() -> tuple[DemoShop, EffectPredictor]:
    """A shop in whose history the larger gifts happened to sell less."""
    shop = DemoShop(31, 1_500, campaigns=8, exposures=10_000)
    table, attributes = shop.exposures.copy(), attributes_of(shop)
    percent = table["offer_value"].fillna(0.0).where(table["offer_type"] == "percent_off", 0.0)
    luck = np.random.default_rng(0).random(len(table))
    table["converted"] = (luck < (0.3 - 0.007 * percent).clip(lower=0.02)).astype(int)
    table["clicked"] = np.where(table["channel"] == "holdout", 0, table["converted"])
    for money in ("revenue", "discount"):
        table[money] = np.where(table["converted"] == 1, 40.0 if money == "revenue" else 0.0, 0.0)
    return shop, EffectPredictor.fit(table, attributes, shop.economics, seed=0, threads=1)


def steps_of(shop: DemoShop, model: EffectPredictor, figure: str) -> FloatArray:
    """Differences of the forecasts of offers of rising value, over channels, kinds and categories."""
    people = customers_of(shop, shop.contactable("email")[:150])
    values, found = np.arange(5.0, 61.0, 5.0), []
    for channel, kind, category, spend in product(
        ("email", "sms"), ("percent_off", "amount_off", "gift"), (*shop.categories, None), (np.nan, 40.0)
    ):
        offer = dict.fromkeys(OFFER_COLUMNS) | {
            "channel": channel,
            "offer_type": kind,
            "min_spend": spend,
            "category": category,
            "subject": "News",
        }
        offers = pd.DataFrame([offer | {"offer_value": value} for value in values])
        told = model.forecast(offers, people, shop.economics, side="search").figures[figure]
        found.append(np.diff(told.mean))
    return np.array(found)


def test_forecasts_rise_with_the_gift_though_the_history_says_the_contrary() -> None:
    shop, model = backwards()
    for figure in ("conversion", "ctr"):
        assert steps_of(shop, model, figure).min() >= -1e-9


def test_without_the_rule_that_history_would_have_fallen(monkeypatch: pytest.MonkeyPatch) -> None:
    def as_it_is(head: Head, steps: FloatArray) -> Head:
        return head

    monkeypatch.setattr(heads, "_rising", as_it_is)
    assert steps_of(*backwards(), "conversion").min() < -1e-4
