"""Context given by a caller: personal data stays out of it, as it does on the way into the store."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pandas as pd
import pytest

from copilot.shop.inline import Inline

PRODUCTS = [{"product_id": "p1", "name": "Soap", "category": "beauty", "price": 4.5}]


def customers(**columns: list[Any]) -> Inline:
    """Customers with these columns."""
    rows = len(next(iter(columns.values())))
    return Inline(pd.DataFrame({"customer_id": [f"c{n}" for n in range(rows)], **columns}), PRODUCTS)


@pytest.mark.parametrize(
    "values",
    [
        ["anna@example.com"],
        [None, "write to carla@example.com please", "x"],
        ["+49 170 1234567", "+49 171 7654321"],
        [13812345678, 13987654321],
        [13812345678, None, 13987654321],
        ["DE89370400440532013000"],
        ["12 Baker Street", "7 Elm Road"],
    ],
)
def test_a_column_that_looks_personal_is_left_out_and_named(values: list[Any]) -> None:
    given = customers(field_7=values, tier=["gold"] * len(values))
    assert list(given.frames()[0].columns) == ["customer_id", "tier"]
    assert given.dropped == ("field_7",)


def test_a_column_with_a_personal_name_is_left_out_and_named() -> None:
    given = customers(birthday=["x", "y"], Email=["a", "b"], tier=["gold", None])
    assert list(given.frames()[0].columns) == ["customer_id", "tier"]
    assert given.dropped == ("birthday", "Email")


def test_attributes_stay() -> None:
    given = customers(
        signed_up_on=["2024-01-05"] * 3,
        email_opt_in=[1, 0, None],
        age=[40, None, 41.5],
        city=["New York", "Berlin", None],
        vip=[True, False, True],
        history=["1) $0 - $100", "2) $100 - $200", None],
    )
    frame = given.frames()[0]
    assert given.dropped == ()
    assert list(frame.columns) == [
        "customer_id",
        "signed_up_on",
        "email_opt_in",
        "age",
        "city",
        "vip",
        "history",
    ]


def test_without_customers_nothing_is_left_out() -> None:
    assert Inline().dropped == ()


def test_what_the_caller_gave_is_left_as_it_was() -> None:
    frame = pd.DataFrame({"customer_id": ["a"], "email": ["anna@example.com"]})
    Inline(frame, PRODUCTS).frames()
    assert list(frame.columns) == ["customer_id", "email"]


def test_importing_it_loads_neither_ingest_nor_the_store() -> None:
    code = (
        "import sys; from copilot.shop.inline import Inline;"
        "print(*(name for name in ('copilot.shop.ingest', 'copilot.store', 'sqlalchemy', 'pandas', 'numpy')"
        " if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
