"""How long attributes take: many campaigns over few customers, and one day over many."""

from __future__ import annotations

import resource
import time

import numpy as np
import pandas as pd

from copilot.shop.attributes import attributes_as_of, category_affinity

FIRST_DAY = pd.Timestamp("2022-01-01")


def shop(customers: int, lines: int, categories: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A shop of random orders over 700 days: customers, orders, products."""
    rng = np.random.default_rng(0)
    people = pd.DataFrame(
        {
            "customer_id": [f"c{number}" for number in range(customers)],
            "signed_up_on": FIRST_DAY - pd.to_timedelta(rng.integers(0, 900, customers), unit="D"),
            "email_opt_in": rng.integers(0, 2, customers),
            "loyalty_tier": rng.choice(["gold", "silver"], customers),
        }
    )
    size = max(500, 2 * categories)
    products = pd.DataFrame(
        {
            "product_id": [f"p{number}" for number in range(size)],
            "category": [f"category {number % categories}" for number in range(size)],
        }
    )
    orders = pd.DataFrame(
        {
            "order_id": [f"o{number}" for number in rng.integers(0, lines // 2, lines)],
            "customer_id": people["customer_id"].to_numpy()[rng.integers(0, customers, lines)],
            "product_id": products["product_id"].to_numpy()[rng.integers(0, size, lines)],
            "ordered_at": FIRST_DAY + pd.to_timedelta(rng.integers(0, 700 * 86_400, lines), unit="s"),
            "quantity": rng.choice([1, 1, 2, 3, -1], lines),
            "unit_price": np.round(rng.uniform(1, 200, lines), 2),
            "discount": np.round(rng.uniform(0, 1, lines), 2),
        }
    )
    return people, orders, products


def measure(customers: int, lines: int, keys: int, categories: int, moments: int) -> None:
    """Print seconds for `keys` attribute rows at so many moments, and for the affinity of every customer."""
    people, orders, products = shop(customers, lines, categories)
    rng = np.random.default_rng(1)
    names = products["category"].unique()
    table = pd.DataFrame(
        {
            "customer_id": rng.choice(people["customer_id"].to_numpy(), keys),
            "as_of": pd.Timestamp("2023-12-02")
            - pd.to_timedelta(rng.integers(0, moments, keys) * 14, unit="D"),
            "category": rng.choice(names, keys),
        }
    )
    started = time.perf_counter()
    attributes_as_of(table, people, orders, products)
    attributes = time.perf_counter() - started
    started = time.perf_counter()
    ids = people["customer_id"].to_numpy()
    category_affinity(ids, table["as_of"].max(), orders, products, list(names[:12]))
    affinity = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{lines:>9,} lines, {customers:>7,} customers, {categories:>5,} categories: "
        f"{keys:,} rows {attributes:.2f} s; affinity {affinity:.2f} s; peak so far {peak} MB"
    )


if __name__ == "__main__":
    measure(30_000, 300_000, keys=180_000, categories=12, moments=36)
    measure(30_000, 300_000, keys=180_000, categories=2_000, moments=36)
    measure(200_000, 1_000_000, keys=200_000, categories=12, moments=1)
