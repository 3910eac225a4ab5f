"""Audience selection: every operator on every type, and the unknown fits nothing it should not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain import Condition, parse_audience
from copilot.errors import InvalidInput, UnknownName
from copilot.shop.audience import contactable, select

TABLE = pd.DataFrame(
    {
        "loyalty_tier": pd.Series(["gold", "silver", None, "gold"], dtype=object),
        "zone": pd.Series(["1", "2", "A", None], dtype=object),
        "orders_90d": [0.0, 1.0, np.nan, 5.0],
        "email_opt_in": [1.0, 0.0, np.nan, 1.0],
        "signed_up_on": pd.to_datetime(
            ["2024-01-01", "2024-01-02 13:30", None, "2024-02-01"], format="ISO8601"
        ),
    }
)


def chosen(text: str) -> list[int]:
    return np.flatnonzero(select(TABLE, parse_audience(text))).tolist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [0, 1, 2, 3]),
        ("loyalty_tier = gold", [0, 3]),
        ("loyalty_tier in gold|silver", [0, 1, 3]),
        ("loyalty_tier = platinum", []),
        ("loyalty_tier is_null", [2]),
        ("loyalty_tier not_null", [0, 1, 3]),
        ("orders_90d >= 1", [1, 3]),
        ("orders_90d > 1", [3]),
        ("orders_90d < 1", [0]),
        ("orders_90d <= 1", [0, 1]),
        ("orders_90d = 5", [3]),
        ("orders_90d in 0|5", [0, 3]),
        ("orders_90d is_null", [2]),
        ("orders_90d not_null", [0, 1, 3]),
        ("email_opt_in = 1", [0, 3]),
        ("loyalty_tier = gold; orders_90d >= 1", [3]),
        ("zone in 1|A", [0, 2]),
        ("signed_up_on = 2024-01-02", [1]),
        ("signed_up_on > 2024-01-02", [3]),
        ("signed_up_on >= 2024-01-02", [1, 3]),
        ("signed_up_on <= 2024-01-02", [0, 1]),
        ("signed_up_on < 2024-01-02", [0]),
        ("signed_up_on < 2024-01-02T14:00", [0, 1]),
        ("signed_up_on >= 2024-01-02T15:30+02:00", [1, 3]),
        ("signed_up_on in 2024-01-01|2024-02-01", [0, 3]),
        ("signed_up_on <= 9999-12-31", [0, 1, 3]),
        ("signed_up_on is_null", [2]),
    ],
)
def test_each_operator_means_what_it_says(text: str, rows: list[int]) -> None:
    assert chosen(text) == rows


@pytest.mark.parametrize(
    ("negation", "rows"),
    [
        ("loyalty_tier != gold", [1, 2]),
        ("loyalty_tier not_in gold|silver", [2]),
        ("loyalty_tier != gold; loyalty_tier not_null", [1]),
        ("orders_90d != 5", [0, 1, 2]),
        ("orders_90d not_in 0|1", [2, 3]),
        ("signed_up_on != 2024-01-02", [0, 2, 3]),
    ],
)
def test_a_negation_is_the_rest_unknown_included(negation: str, rows: list[int]) -> None:
    assert chosen(negation) == rows


@given(
    column=st.sampled_from(["loyalty_tier", "orders_90d", "zone"]),
    picked=st.lists(st.sampled_from(["gold", "silver", "A", "B"]), min_size=1, max_size=3),
    numbers=st.lists(st.integers(-2, 6), min_size=1, max_size=3),
)
def test_in_and_not_in_part_everyone(column: str, picked: list[str], numbers: list[int]) -> None:
    value = tuple(numbers) if column == "orders_90d" else tuple(picked)
    inside = select(TABLE, (Condition(attribute=column, operator="in", value=value),))
    outside = select(TABLE, (Condition(attribute=column, operator="not_in", value=value),))
    np.testing.assert_array_equal(inside, ~outside)


def test_true_and_false_are_opt_ins() -> None:
    yes = Condition(attribute="email_opt_in", operator="=", value=True)
    assert select(TABLE, (yes,)).tolist() == [True, False, False, True]


def test_an_unknown_attribute_names_those_near_it() -> None:
    with pytest.raises(UnknownName) as caught:
        chosen("loyalty_teir = gold")
    assert caught.value.known == ("loyalty_tier",)
    with pytest.raises(UnknownName, match="orders_90d"):
        chosen("zzz = 1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("orders_90d >= many", "a number"),
        ("orders_90d in 1|few", "a number"),
        ("loyalty_tier = 5", "text"),
        ("loyalty_tier >= silver", "one of =, !=, in, not_in"),
        ("signed_up_on >= soon", "a date"),
        ("signed_up_on = 2024", "a date"),
    ],
)
def test_a_value_of_another_type_is_refused(text: str, expected: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        chosen(text)
    assert caught.value.field == text.split()[0]
    assert caught.value.expected.startswith(expected)


def test_conditions_are_never_evaluated() -> None:
    text = "__import__('os').system('exit') = 1"
    with pytest.raises(UnknownName):
        chosen(text)


def test_an_opt_in_of_zero_is_never_contacted() -> None:
    for channel in ("email", "sms", "push"):
        table = pd.DataFrame({f"{channel}_opt_in": [1.0, 0.0]})
        for shop_has_column in (True, False):
            assert contactable(table, channel, shop_has_column).tolist() == [True, False]


@pytest.mark.parametrize(
    ("channel", "shop_has_column", "contacted"),
    [
        ("email", True, False),
        ("email", False, True),
        ("sms", True, False),
        ("sms", False, False),
        ("push", True, False),
        ("push", False, False),
        ("onsite", False, True),
        ("ads", True, True),
    ],
)
def test_an_unknown_opt_in(channel: str, shop_has_column: bool, contacted: bool) -> None:
    without_column = pd.DataFrame({"age": [30.0]})
    assert contactable(without_column, channel, shop_has_column).tolist() == [contacted]
    unknown = pd.DataFrame({f"{channel}_opt_in": [np.nan]})
    assert contactable(unknown, channel, shop_has_column).tolist() == [contacted]


def test_a_channel_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownName, match="channel 'fax'"):
        contactable(TABLE, "fax", True)


def test_nobody_is_a_legal_table() -> None:
    assert select(TABLE.iloc[:0], parse_audience("loyalty_tier = 5; orders_90d > 1")).shape == (0,)
