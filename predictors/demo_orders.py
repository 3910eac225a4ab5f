"""Orders of the demo shop as lines of products, the way an export has them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from predictors.demo_people import CATEGORIES, People

__all__ = ["order_lines"]

Array = npt.NDArray[np.float64]


def order_lines(
    orders: pd.DataFrame,
    people: People,
    products: pd.DataFrame,
    first_day: pd.Timestamp,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Split each order into one or two lines.

    orders: one row each with who, day, value, discount, promoted (category or -1), exposure_id.
    Returns: columns of orders.csv. Lines of an order add up to its value and discount to the cent.
    """
    orders = orders.sort_values(["day", "who"], kind="stable").reset_index(drop=True)
    count = len(orders)
    seconds = rng.integers(9 * 3600, 24 * 3600, count)
    parts = 1 + (rng.random(count) < 0.45)
    share = rng.uniform(0.35, 0.75, count)
    cents = np.maximum(np.round(orders["value"].to_numpy() * 100), 1.0)
    given = np.round(orders["discount"].to_numpy() * 100)
    first, first_cut = np.round(cents * share), np.round(given * share)
    row = np.repeat(np.arange(count), parts)
    second = np.concatenate([[False], row[1:] == row[:-1]])
    whole = parts[row] == 1
    value = np.where(whole, cents[row], np.where(second, cents[row] - first[row], first[row])) / 100
    cut = np.where(whole, given[row], np.where(second, given[row] - first_cut[row], first_cut[row])) / 100
    category = _categories(orders, people, row, second, rng)
    product, quantity = _nearest_products(category, value, products)
    return pd.DataFrame(
        {
            "order_id": [f"O{number:07d}" for number in row + 1],
            "customer_id": people.ids[orders["who"].to_numpy()[row]],
            "product_id": product,
            "ordered_at": first_day
            + pd.to_timedelta(orders["day"].to_numpy()[row], unit="D")
            + pd.to_timedelta(seconds[row], unit="s"),
            "quantity": quantity,
            "unit_price": np.round(value / quantity, 4),
            "discount": cut,
            "exposure_id": orders["exposure_id"].to_numpy()[row],
        }
    )


def _categories(
    orders: pd.DataFrame,
    people: People,
    row: npt.NDArray[np.int64],
    second: npt.NDArray[np.bool_],
    rng: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """What each line is of: the customer's taste, or the promoted category where a message was sent."""
    taste = np.cumsum(people.affinity[orders["who"].to_numpy()[row]], axis=1)
    drawn = (taste < rng.random(len(row))[:, None]).sum(axis=1).clip(max=len(CATEGORIES) - 1)
    promoted = orders["promoted"].to_numpy()[row]
    follows = (promoted >= 0) & ~second & (rng.random(len(row)) < 0.4)
    return np.asarray(np.where(follows, promoted, drawn), dtype=np.int64)


def _nearest_products(
    category: npt.NDArray[np.int64], value: Array, products: pd.DataFrame
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """The product of the category whose price is nearest below the line's value, and how many of it."""
    chosen = np.empty(len(value), dtype=object)
    price = np.ones(len(value))
    for index, name in enumerate(CATEGORIES):
        shelf = products[products["category"] == name].sort_values("price")
        prices = shelf["price"].to_numpy()
        rows = np.flatnonzero(category == index)
        place = np.clip(np.searchsorted(prices, value[rows] * 1.05) - 1, 0, len(prices) - 1)
        chosen[rows] = shelf["product_id"].to_numpy()[place]
        price[rows] = prices[place]
    return chosen, np.maximum(np.round(value / price), 1).astype(np.int64)
