"""The people and the goods of the demo shop: who buys there, what is sold, what nobody can see.

Knows latent traits (price sensitivity, engagement by channel) that the export shows only in part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["CATEGORIES", "CHANNELS", "Goods", "People", "make_goods", "make_people", "take"]

Array = npt.NDArray[np.float64]
CATEGORIES = ("beauty", "books", "fashion", "garden", "home", "sports")
CHANNELS = ("email", "sms", "push")
_REGIONS = ("north", "south", "east", "west")
_GIVEN = ("Ada", "Ben", "Chen", "Dora", "Emil", "Fay", "Goran", "Hana", "Ivo", "Jun", "Kira", "Lev")
_FAMILY = ("Abel", "Brandt", "Costa", "Dahl", "Endo", "Ferro", "Gruber", "Hale", "Ito", "Jansen", "Kaya")
_ITEMS = {
    "beauty": ("serum", "lipstick", "day cream", "shampoo"),
    "books": ("novel", "atlas", "cookbook", "biography"),
    "fashion": ("scarf", "shirt", "jacket", "belt"),
    "garden": ("shears", "planter", "lantern", "hose"),
    "home": ("lamp", "towel set", "vase", "blanket"),
    "sports": ("mat", "bottle", "racket", "running vest"),
}
_LINES = ("Alma", "Borea", "Cora", "Delta", "Etna")


@dataclass(frozen=True)
class Goods:
    """Products and what each category is like. margin, response: category -> number."""

    products: pd.DataFrame
    margin: dict[str, float]
    response: dict[str, float]  # how strongly a discount on this category moves people; 1 = average


@dataclass(frozen=True)
class People:
    """U customers, latent traits first. Every array is (U,) unless said otherwise."""

    ids: npt.NDArray[np.object_]
    sensitivity: Array  # to price, standard normal
    propensity: Array  # logit of buying within a week, before recency, season and shock
    basket: Array  # usual list value of an order
    affinity: Array  # (U, categories), rows sum to 1
    engagement: Array  # (U, channels), standard normal
    gift_taste: Array
    opt_in: npt.NDArray[np.bool_]  # (U, channels)
    signed_up: npt.NDArray[np.int64]  # day relative to the first day of history; negative = before
    age: Array
    region: npt.NDArray[np.object_]
    loyalty_tier: npt.NDArray[np.object_]
    device: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.ids)


def take(people: People, rows: npt.NDArray[np.int64]) -> People:
    """The customers at these positions."""
    return People(**{name: getattr(people, name)[rows] for name in People.__dataclass_fields__})


def make_people(count: int, days: int, rng: np.random.Generator) -> People:
    """Draw `count` customers of a shop with `days` of history."""
    sensitivity = rng.standard_normal(count)
    age = np.clip(np.round(42 - 4 * sensitivity + 13 * rng.standard_normal(count)), 18, 90)
    propensity = -2.75 + 0.75 * rng.standard_normal(count) - 0.2 * sensitivity
    basket = np.exp(4.05 + 0.45 * rng.standard_normal(count) - 0.12 * sensitivity)
    engagement = rng.standard_normal((count, 3)) * 0.8 + 0.6 * rng.standard_normal((count, 1))
    engagement[:, 2] -= 0.02 * (age - 42)
    standing = 0.9 * (propensity + 2.75) + 0.6 * (np.log(basket) - 4.05) + 0.5 * rng.standard_normal(count)
    joined_late = rng.random(count) < 0.12
    signed_up = np.where(joined_late, rng.integers(0, days - 60, count), -rng.integers(1, 1200, count))
    return People(
        ids=np.array([f"C{number:06d}" for number in range(1, count + 1)], dtype=object),
        sensitivity=sensitivity,
        propensity=propensity,
        basket=basket,
        affinity=rng.dirichlet(np.full(len(CATEGORIES), 0.6), count),
        engagement=engagement,
        gift_taste=rng.standard_normal(count),
        opt_in=rng.random((count, 3)) < np.array([0.92, 0.66, 0.70]),
        signed_up=signed_up.astype(np.int64),
        age=age,
        region=rng.choice(np.array(_REGIONS, dtype=object), count),
        loyalty_tier=np.array(["bronze", "silver", "gold"], dtype=object)[np.digitize(standing, [0.3, 1.2])],
        device=np.where(rng.random(count) < 0.8 - 0.008 * (age - 30), "mobile", "desktop").astype(object),
    )


def make_goods(rng: np.random.Generator) -> Goods:
    """Draw the catalogue: twenty products a category, one margin for the whole of it."""
    margins = rng.permutation([0.32, 0.37, 0.42, 0.47, 0.52, 0.57])
    response = np.exp(0.15 * rng.standard_normal(len(CATEGORIES)))
    rows = []
    for index, category in enumerate(CATEGORIES):
        names = [f"{line} {item}" for item in _ITEMS[category] for line in _LINES]
        prices = np.round(
            np.geomspace(5, 160, len(names)) * np.exp(0.05 * rng.standard_normal(len(names))), 1
        )
        for number, (name, price) in enumerate(zip(names, prices, strict=True), start=1):
            cost = round(float(price) * (1 - float(margins[index])), 4)
            stock = int(rng.integers(20, 900))
            rows.append((f"{category[:3].upper()}-{number:03d}", name, category, float(price), cost, stock))
    products = pd.DataFrame(rows, columns=["product_id", "name", "category", "price", "unit_cost", "stock"])
    return Goods(
        products=products,
        margin=dict(zip(CATEGORIES, map(float, margins), strict=True)),
        response=dict(zip(CATEGORIES, map(float, response), strict=True)),
    )


def contact_columns(people: People, rng: np.random.Generator) -> dict[str, list[str]]:
    """Invented names and addresses, so that the handling of personal columns is exercised."""
    given, family = rng.integers(0, len(_GIVEN), len(people)), rng.integers(0, len(_FAMILY), len(people))
    names = [f"{_GIVEN[g]} {_FAMILY[f]}" for g, f in zip(given, family, strict=True)]
    mails = [
        f"{name.lower().replace(' ', '.')}.{number}@example.com" for number, name in enumerate(names, start=1)
    ]
    return {"name": names, "email": mails}
