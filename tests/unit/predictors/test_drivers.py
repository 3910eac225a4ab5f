"""Which customers a forecast depends on: named where it does depend on them, and not where it does not."""

from __future__ import annotations

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest

from predictors.effect.drivers import contributions, find_drivers
from predictors.features import Schema, learn_schema
from predictors.interface import CUSTOMER_FIGURES, CustomerTable
from tests.unit.predictors.conftest import Fitted


def crowd(count: int = 3_000) -> tuple[CustomerTable, Schema]:
    """Customers of whom four things are known, one of them not of everybody."""
    rng = np.random.default_rng(0)
    attributes = pd.DataFrame(
        {
            "average_basket": np.where(rng.random(count) < 0.1, np.nan, rng.gamma(4, 15, count)),
            "days_since_order": rng.integers(1, 400, count).astype(float),
            "email_opt_in": rng.integers(0, 2, count).astype(float),
            "tier": rng.choice(["gold", "silver", "none"], count, p=[0.2, 0.3, 0.5]).astype(object),
        },
        index=pd.Index([f"c{number}" for number in range(count)]),
    )
    past = pd.DataFrame({"channel": ["email"], "offer_type": ["none"], "category": ["tea"],
                         "revenue": [1.0], "subject": [""], "body": [""], "valid_days": [7.0]})  # fmt: skip
    past = pd.concat([past] * count, ignore_index=True)
    affinity = pd.DataFrame({"tea": rng.random(count)}, index=attributes.index)
    return CustomerTable(attributes, affinity), learn_schema(attributes, past)


def test_a_planted_number_is_found_with_the_right_cut() -> None:
    people, schema = crowd()
    days = people.attributes["days_since_order"].to_numpy()
    values = 0.1 + 0.3 * (days < 100) + 0.01 * people.affinity["tea"].to_numpy()
    found = find_drivers(values, people, schema, "tea")
    assert found.drivers[0].attribute == "days_since_order"
    assert found.fidelity > 0.95
    young = found.drivers[0].groups[0]
    assert young.high == pytest.approx(100, abs=12)
    assert young.mean > 0.35


def test_a_planted_level_is_told_from_the_others() -> None:
    people, schema = crowd()
    values = np.where(people.attributes["tier"] == "gold", 0.5, 0.1) + 0.02 * people.affinity["tea"]
    first = find_drivers(values.to_numpy(), people, schema, "tea").drivers[0]
    assert first.attribute == "tier"
    gold, rest = first.groups
    assert gold.levels == ("gold",)
    assert rest.others
    assert gold.mean == pytest.approx(0.51, abs=0.01)


def test_the_share_of_what_is_promoted_counts_too() -> None:
    people, schema = crowd()
    found = find_drivers(people.affinity["tea"].to_numpy(), people, schema, "tea")
    assert [one.attribute for one in found.drivers] == ["promoted_share"]


def test_those_of_whom_a_number_is_unknown_are_a_group_of_their_own() -> None:
    people, schema = crowd()
    basket = people.attributes["average_basket"].to_numpy()
    values = np.where(np.isnan(basket), 0.0, basket / 50)
    groups = find_drivers(values, people, schema, None).drivers[0].groups
    assert groups[-1].unknown
    assert groups[-1].mean == 0.0
    assert groups[-1].share == pytest.approx(np.isnan(basket).mean())


def test_groups_together_are_everybody(fitted: Fitted, people: CustomerTable) -> None:
    offers = fitted.shop.candidate_offers("home").iloc[[30]]
    told = fitted.model.forecast(
        offers, people, fitted.shop.economics, side="search", per_customer=True
    ).per_customer
    assert told is not None
    for figure in CUSTOMER_FIGURES:
        found = fitted.model.drivers(offers, people, fitted.shop.economics, figure=figure)
        assert found.drivers or found.note
        for driver in found.drivers:
            assert sum(group.share for group in driver.groups) == pytest.approx(1)
            whole = sum(group.share * group.mean for group in driver.groups)
            assert whole == pytest.approx(told[figure].mean())


def test_contributions_sum_to_what_the_trees_say() -> None:
    rng = np.random.default_rng(1)
    matrix = rng.random((500, 4))
    matrix[rng.random((500, 4)) < 0.1] = np.nan
    target = np.nan_to_num(matrix[:, 0]) - np.nan_to_num(matrix[:, 3]) * np.nan_to_num(matrix[:, 1])
    trees = lgb.train({"verbosity": -1, "num_threads": 1}, lgb.Dataset(matrix, target), 20)
    parts, constant = contributions(trees, matrix, ["a", "b", "b", "c"])
    assert set(parts) == {"a", "b", "c"}
    assert constant + sum(parts.values()) == pytest.approx(trees.predict(matrix))


@pytest.mark.parametrize(
    ("values", "count", "said"),
    [
        ("same", 3_000, "nearly the same"),
        ("noise", 3_000, "tell the forecasts of customers apart"),
        ("noise", 40, "too few"),
    ],
)
def test_where_nothing_drives_it_nothing_is_named(values: str, count: int, said: str) -> None:
    people, schema = crowd(count)
    rng = np.random.default_rng(2)
    figure = np.full(count, 0.3) if values == "same" else rng.normal(size=count)
    found = find_drivers(figure, people, schema, "tea")
    assert found.drivers == ()
    assert said in found.note


def test_the_same_customers_give_the_same_drivers(fitted: Fitted, people: CustomerTable) -> None:
    offers = fitted.shop.candidate_offers("home").iloc[[30]]
    one, two = (
        fitted.model.drivers(offers, people, fitted.shop.economics, figure="incremental_profit")
        for _ in range(2)
    )
    assert one == two
