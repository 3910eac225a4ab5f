"""What is told of a group of customers, and what is not: nothing on fewer than twenty of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from copilot.domain.group import AttributeFacts
from copilot.errors import UnknownName
from copilot.shop.group import FEWEST, OTHER, attribute_facts, group_facts


def told(values: list[Any]) -> AttributeFacts:
    return attribute_facts(pd.Series(values, name="it", dtype=None if values else object))


def shares(facts: AttributeFacts) -> dict[Any, float]:
    return {one.value: one.share for one in facts.values}


def test_a_category_is_told_by_its_common_values_and_the_rare_ones_are_pooled() -> None:
    facts = told(["gold"] * 40 + ["none"] * 40 + ["owner"] * 1 + ["staff"] * 19)

    assert shares(facts) == {"gold": 0.4, "none": 0.4, OTHER: 0.2}


def test_a_pool_of_fewer_than_twenty_is_not_told_either_not_even_by_what_is_left_of_one() -> None:
    facts = told(["gold"] * 60 + ["none"] * 37 + ["owner"] * 3)
    nearly_all = told(["gold"] * 97 + ["owner"] * 3)

    assert shares(facts) == {"gold": 0.6, OTHER: 0.4}
    assert nearly_all.values == ()
    assert nearly_all.nothing_to_tell == "all but fewer than 20 customers hold one value"


@pytest.mark.parametrize(
    "values",
    [
        [f"Main Street {n}" for n in range(400)],
        [f"Anna {n}" for n in range(390)] + ["Anna"] * 30,
        ["a"] * 19 + ["b"] * 19,
    ],
)
def test_a_column_of_rare_values_has_nothing_to_tell(values: list[str]) -> None:
    facts = told(values)

    assert facts.values == ()
    assert facts.nothing_to_tell == "most of its values are held by fewer than 20 customers each"


def test_many_values_are_told_by_the_most_common_and_the_rest() -> None:
    facts = told([f"city {n}" for n in range(50) for _ in range(30 + n)])

    assert len(facts.values) == 21
    assert facts.values[0].value == "city 49"
    assert facts.values[-1].value == OTHER
    assert sum(one.share for one in facts.values) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("customers", "told_of"),
    [
        (400, ["p5", "p25", "p50", "p75", "p95"]),
        (399, ["p25", "p50", "p75"]),
        (80, ["p25", "p50", "p75"]),
        (79, ["p50"]),
        (40, ["p50"]),
        (39, []),
    ],
)
def test_a_percentile_needs_twenty_customers_beyond_it(customers: int, told_of: list[str]) -> None:
    facts = told([1.5 * n for n in range(customers)])

    assert list(facts.percentiles) == told_of
    assert bool(facts.nothing_to_tell) is not bool(told_of)


def test_neither_the_least_nor_the_most_is_told() -> None:
    facts = told([*np.linspace(10, 90, 998), -123456.0, 987654.0])

    assert facts.percentiles["p5"] == pytest.approx(14, abs=0.2)
    assert facts.percentiles["p95"] == pytest.approx(86, abs=0.2)


def test_a_number_of_few_values_is_told_by_them() -> None:
    assert shares(told([0.0] * 75 + [1.0] * 25)) == {0.0: 0.75, 1.0: 0.25}


def test_dates_are_told_by_percentiles() -> None:
    days = pd.date_range("2024-01-01", periods=401, freq="D")
    facts = attribute_facts(pd.Series(days, name="signed_up_on"))

    assert facts.kind == "date"
    assert facts.percentiles["p50"] == "2024-07-19"


@pytest.mark.parametrize(("unknown", "known"), [(0, 1.0), (5, None), (50, 0.67)])
def test_how_many_are_unknown_is_told_unless_they_are_few(unknown: int, known: float | None) -> None:
    assert told([float(n) for n in range(100)] + [float("nan")] * unknown).known == known


def test_what_is_known_of_few_is_not_told() -> None:
    facts = told([None] * 500 + ["gold"] * 19)

    assert facts.nothing_to_tell == "known of fewer than 20 customers"
    assert facts.known is None


def test_a_small_group_is_only_called_small() -> None:
    table = pd.DataFrame({"tier": ["gold"] * 100})
    rows = np.arange(100) < FEWEST - 1
    everyone = np.ones(100, dtype=bool)

    small = group_facts(table, rows, {"email": everyone}, "tier")
    large = group_facts(table, everyone, {"email": everyone, "sms": rows, "push": ~everyone})

    assert small.model_dump(exclude_defaults=True) == {"size": None, "fewest": FEWEST}
    assert large.reachable == {"email": 100, "sms": None, "push": 0}
    assert large.attributes == {"category": ("tier",)}
    with pytest.raises(UnknownName, match="tier"):
        group_facts(table, everyone, {}, "tyre")
