"""Attributes as of a moment: they know the past, only the past, and the same for one row as for many."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from copilot.errors import InvalidInput
from copilot.shop.attributes import (
    MOST_CATEGORIES,
    OTHER_CATEGORIES,
    as_features,
    attributes_as_of,
    category_affinity,
    describe_attributes,
)

FIRST_DAY = pd.Timestamp("2024-01-01")
CUSTOMERS = [f"c{number}" for number in range(6)]
CATEGORY = {"p0": "beauty", "p1": "beauty", "p2": "home & garden", "p3": None, "p4": "toys"}
PRODUCTS = pd.DataFrame({"product_id": list(CATEGORY), "category": list(CATEGORY.values())})


def customers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": CUSTOMERS[:5],
            "signed_up_on": ["2023-12-01", "2024-01-15", None, "2024-03-01", "2023-01-01"],
            "email_opt_in": [1, 0, None, 1, 1],
            "loyalty_tier": ["gold", "silver", None, "gold", "silver"],
            "age": [31, None, 44, 52, 28],
            "email": ["hash"] * 5,
        }
    )


def random_orders(seed: int, lines: int, days: int = 500) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "order_id": [f"o{number}" for number in rng.integers(0, max(lines // 2, 1), lines)],
            "customer_id": rng.choice([*CUSTOMERS, "stranger"], lines),
            "product_id": rng.choice([*CATEGORY, "unlisted"], lines),
            "ordered_at": FIRST_DAY + pd.to_timedelta(rng.integers(0, days * 2, lines) * 12, unit="h"),
            "quantity": rng.choice([1, 1, 2, 3, -1], lines),
            "unit_price": np.round(rng.uniform(0, 90, lines), 2),
            "discount": np.where(rng.random(lines) < 0.3, np.nan, np.round(rng.uniform(0, 5, lines), 2)),
        }
    )


def random_keys(seed: int, rows: int, days: int = 500) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "customer_id": rng.choice([*CUSTOMERS, "unheard of"], rows),
            "as_of": FIRST_DAY + pd.to_timedelta(rng.integers(-20, days + 20, rows), unit="D"),
            "category": rng.choice(np.array(["beauty", "home & garden", "unsold", None], dtype=object), rows),
        },
        index=rng.permutation(rows) + 7,
    )


def by_hand(customer: str, as_of: pd.Timestamp, category: object, orders: pd.DataFrame) -> dict[str, Any]:
    """The same attributes by a slow loop over one customer's lines."""
    past = orders[(orders["customer_id"] == customer) & (orders["ordered_at"] < as_of)]
    past = past.assign(value=past["unit_price"] * past["quantity"], category=past["product_id"].map(CATEGORY))
    bought = past[past["quantity"] > 0]
    opened = bought.groupby("order_id")["ordered_at"].min()
    spent = bought["value"].sum()
    found: dict[str, Any] = {}
    for days in (30, 90, 365):
        since = as_of - pd.Timedelta(days=days)
        found[f"orders_{days}d"] = float((opened >= since).sum())
        found[f"revenue_{days}d"] = past.loc[past["ordered_at"] >= since, "value"].sum()
    found["orders_total"] = float(len(opened))
    found["revenue_total"] = past["value"].sum()
    last = bought["ordered_at"].max()
    found["days_since_order"] = (as_of - last) / pd.Timedelta(days=1)
    found["last_basket"] = bought.loc[bought["ordered_at"] == last, "value"].sum() if len(bought) else np.nan
    found["average_basket"] = spent / len(opened) if len(opened) else np.nan
    found["discount_share"] = bought["discount"].sum() / spent if spent else np.nan
    found["returns_share"] = -past.loc[past["quantity"] < 0, "value"].sum() / spent if spent else np.nan
    by_category = bought.groupby("category")["value"].sum()
    for name, column in (("beauty", "beauty"), ("home & garden", "home_&_garden"), ("toys", "toys")):
        found[f"share_{column}"] = by_category.get(name, 0.0) / spent if spent else np.nan
    named = isinstance(category, str) and spent > 0
    found["promoted_share"] = by_category.get(category, 0.0) / spent if named else np.nan
    return found


def test_it_agrees_with_a_slow_loop() -> None:
    orders, keys = random_orders(1, 400), random_keys(2, 150)
    fast = attributes_as_of(keys, customers(), orders, PRODUCTS)
    slow = pd.DataFrame(
        [by_hand(row.customer_id, row.as_of, row.category, orders) for row in keys.itertuples()],
        index=keys.index,
    )
    assert_frame_equal(fast[list(slow)], slow, check_dtype=False, atol=1e-9)


def test_favourite_category_is_where_most_was_spent() -> None:
    orders, keys = random_orders(3, 300), random_keys(4, 80)
    table = attributes_as_of(keys, customers(), orders, PRODUCTS)
    shares = table[["share_beauty", "share_home_&_garden", "share_toys"]].to_numpy()
    names = np.array(["beauty", "home & garden", "toys"])
    for favourite, share in zip(table["favourite_category"], shares, strict=True):
        if np.nansum(share) > 0:
            assert favourite == names[int(np.nanargmax(share))]
        else:
            assert favourite in (None, OTHER_CATEGORIES)


@settings(max_examples=60, deadline=None)
@given(
    past=st.integers(0, 10_000),
    future=st.integers(0, 10_000),
    lines=st.integers(0, 60),
    cut=st.integers(0, 500),
    exact=st.booleans(),
)
def test_changing_the_future_changes_nothing(
    past: int, future: int, lines: int, cut: int, exact: bool
) -> None:
    moment = FIRST_DAY + pd.Timedelta(days=cut)
    history = random_orders(past, lines)
    before = history[history["ordered_at"] < moment]
    after = random_orders(future, 40)
    # An event at the very moment is already the future.
    after["ordered_at"] = after["ordered_at"].clip(lower=moment) if exact else moment
    keys = random_keys(past, 12).assign(as_of=moment)
    alone = attributes_as_of(keys, customers(), before, PRODUCTS)
    for other in (pd.concat([before, after]), pd.concat([after, before]), history):
        assert_frame_equal(attributes_as_of(keys, customers(), other, PRODUCTS), alone, check_exact=True)


def test_a_later_key_does_not_change_an_earlier_one() -> None:
    orders, keys = random_orders(5, 300), random_keys(6, 60)
    together = attributes_as_of(keys, customers(), orders, PRODUCTS)
    for place in range(len(keys)):
        alone = attributes_as_of(keys.iloc[[place]], customers(), orders, PRODUCTS)
        assert_frame_equal(alone, together.iloc[[place]], check_exact=True)


def test_affinity_equals_promoted_share_to_the_last_digit() -> None:
    orders, moment = random_orders(7, 300), FIRST_DAY + pd.Timedelta(days=200)
    categories = ["toys", "beauty", "unsold"]
    affinity = category_affinity(CUSTOMERS, moment, orders, PRODUCTS, categories)
    assert list(affinity.columns) == categories
    assert list(affinity.index) == CUSTOMERS
    for category in categories:
        keys = pd.DataFrame({"customer_id": CUSTOMERS, "as_of": moment, "category": category})
        promoted = attributes_as_of(keys, customers(), orders, PRODUCTS)["promoted_share"]
        np.testing.assert_array_equal(affinity[category].to_numpy(), promoted.to_numpy())


def test_promoted_share_is_exact_for_a_category_too_small_for_a_column() -> None:
    names = [f"category {number:03d}" for number in range(MOST_CATEGORIES + 20)]
    products = pd.DataFrame({"product_id": names, "category": names})
    last = names[-1]
    orders = pd.DataFrame(
        {
            "order_id": ["o1", "o1"],
            "customer_id": "c0",
            "product_id": [last, names[0]],
            "ordered_at": FIRST_DAY,
            "quantity": 1,
            "unit_price": [30.0, 10.0],
        }
    )
    key = pd.DataFrame({"customer_id": ["c0"], "as_of": [pd.Timestamp("2024-06-01")], "category": [last]})
    table = attributes_as_of(key, customers(), orders, products)
    assert table["promoted_share"].item() == 0.75
    assert table["share_category_000"].item() == 0.25
    assert sum(name.startswith("share_") for name in table) == MOST_CATEGORIES


def test_unknown_is_not_zero() -> None:
    keys = pd.DataFrame({"customer_id": ["c0", "nobody"], "as_of": pd.Timestamp("2024-06-01")})
    orders = random_orders(8, 30)
    orders = orders[orders["customer_id"] == "c1"]
    table = attributes_as_of(keys, customers(), orders, PRODUCTS)
    assert table["orders_90d"].tolist() == [0, 0]
    assert table["days_since_order"].isna().all()
    assert table["average_basket"].isna().all()
    assert table["favourite_category"].tolist() == [None, None]
    assert table["loyalty_tier"].tolist() == ["gold", None]
    without = attributes_as_of(keys, customers(), None, PRODUCTS)
    assert without["orders_90d"].isna().all()


def test_tenure_counts_from_signing_up_and_is_unknown_before() -> None:
    keys = pd.DataFrame({"customer_id": CUSTOMERS[:4], "as_of": pd.Timestamp("2024-02-01")})
    table = attributes_as_of(keys, customers(), None, PRODUCTS)
    np.testing.assert_array_equal(table["tenure_days"].to_numpy(), [62, 17, np.nan, np.nan])


@pytest.mark.parametrize("orders", [None, pd.DataFrame(), random_orders(9, 5).iloc[:0]])
@pytest.mark.parametrize("products", [pd.DataFrame(), PRODUCTS, PRODUCTS[["product_id"]]])
@pytest.mark.parametrize("people", [pd.DataFrame(), customers(), customers().iloc[:0]])
def test_empty_tables_are_legal(orders: Any, products: pd.DataFrame, people: pd.DataFrame) -> None:
    keys = random_keys(10, 5)
    table = attributes_as_of(keys, people, orders, products)
    assert list(table.index) == list(keys.index)
    assert table["promoted_share"].isna().all()
    assert len(attributes_as_of(keys.iloc[:0], people, orders, products)) == 0
    affinity = category_affinity(CUSTOMERS, FIRST_DAY, orders, products, ["beauty"])
    assert affinity.shape == (6, 1)
    assert affinity.isna().all(axis=None)


def test_an_order_counts_once_however_many_lines_it_has() -> None:
    orders = pd.DataFrame(
        {
            "order_id": ["o1", "o1", "o1", "o2", "o3"],
            "customer_id": "c0",
            "product_id": ["p0", "p0", "p2", "p0", "p0"],
            "ordered_at": pd.to_datetime(["2024-05-01"] * 3 + ["2024-05-03", "2024-05-04"]),
            "quantity": [1, 1, 1, 2, -1],
            "unit_price": [10.0, 10.0, 20.0, 5.0, 5.0],
        }
    )
    key = pd.DataFrame({"customer_id": ["c0"], "as_of": [pd.Timestamp("2024-05-10")]})
    row = attributes_as_of(key, customers(), orders, PRODUCTS).iloc[0]
    assert (row["orders_30d"], row["average_basket"], row["last_basket"]) == (2, 25, 10)
    assert (row["revenue_30d"], row["returns_share"], row["days_since_order"]) == (45, 0.1, 7)


def test_personal_columns_and_dates_are_no_features() -> None:
    keys = pd.DataFrame({"customer_id": CUSTOMERS[:2], "as_of": FIRST_DAY})
    table = attributes_as_of(keys, customers(), random_orders(11, 50), PRODUCTS)
    assert "email" not in table
    features = as_features(table)
    assert "signed_up_on" not in features
    assert set(features.dtypes.astype(str)) == {"float64", "object"}


def test_a_customer_listed_twice_is_refused() -> None:
    twice = pd.concat([customers(), customers().iloc[:1]])
    keys = pd.DataFrame({"customer_id": ["c0"], "as_of": [FIRST_DAY]})
    with pytest.raises(InvalidInput, match=r"customers\.customer_id.*c0 twice"):
        attributes_as_of(keys, twice, None, PRODUCTS)
    with pytest.raises(InvalidInput, match="as_of"):
        attributes_as_of(keys.assign(as_of=pd.NaT), customers(), None, PRODUCTS)


def test_every_attribute_is_described() -> None:
    keys = pd.DataFrame({"customer_id": CUSTOMERS, "as_of": pd.Timestamp("2024-06-01")})
    attributes = attributes_as_of(keys, customers(), random_orders(12, 90), PRODUCTS)
    told = {name: kind for name, kind, _ in describe_attributes(customers(), PRODUCTS)}
    assert set(told) == set(attributes)
    kinds = {"float64": "number", "object": "category", "datetime64[us]": "date"}
    assert {name: kinds[str(attributes[name].dtype)] for name in attributes} == told
