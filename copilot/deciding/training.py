"""Training: the only door to predictors for learning. The store's past in, a predictor in the store out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from copilot import store
from copilot.errors import CannotTrain, MissingData
from copilot.shop.attributes import as_features, attributes_as_of
from copilot.shop.catalogue import Catalogue
from predictors.interface import Economics, UnusableTrainingData

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Trained", "train"]


@dataclass(frozen=True)
class Trained:
    """What training made: the predictor's version, what it learnt from, and its held-out figures."""

    version: str
    exposures: int
    campaigns: int
    metrics: Mapping[str, float]


def train(opened: store.Store, *, seed: int, now: datetime) -> Trained:
    """Fit every predictor the data allows and keep it in the store it learnt from.

    Raises:
        MissingData: no past campaigns were ingested.
        CannotTrain: they cannot support a predictor.
    """
    from predictors.effect import EffectPredictor

    with opened.begin() as connection:
        settings = store.read_shop(connection)
        exposures = store.read_exposures(connection)
        if exposures.empty:
            raise MissingData("exposures.csv (past campaigns)", "training the effect predictor")
        customers, products = store.read_customers(connection), store.read_products(connection)
        lines = store.read_orders(connection)
    orders = None if lines.empty else lines
    catalogue = Catalogue.of(products, orders, settings)
    try:
        model = EffectPredictor.fit(
            exposures,
            _attributes(exposures, customers, orders, products),
            _economics(settings, catalogue),
            seed=seed,
        )
    except UnusableTrainingData as error:
        raise CannotTrain(str(error)) from error
    with opened.begin() as connection:
        store.save_predictor(connection, model.version, model.to_parts(), dict(model.metrics), now)
    return Trained(model.version, len(exposures), exposures["campaign_id"].nunique(), model.metrics)


def _attributes(
    exposures: pd.DataFrame, customers: pd.DataFrame, orders: pd.DataFrame | None, products: pd.DataFrame
) -> pd.DataFrame:
    keys = exposures[["customer_id", "sent_at", "category"]].rename(columns={"sent_at": "as_of"})
    return as_features(attributes_as_of(keys, customers, orders, products))


def _economics(settings: store.ShopSettings, catalogue: Catalogue) -> Economics:
    scopes = [(name, catalogue) for name in catalogue.categories]
    prices = {name: catalogue.facts((name, ())).unit_price for name, _ in scopes}
    return Economics(
        default_margin=catalogue.facts((None, ())).margin,
        category_margin={name: catalogue.facts((name, ())).margin for name, _ in scopes},
        category_price={name: price for name, price in prices.items() if price is not None},
        product_price=catalogue.products["price"].dropna().to_dict(),
        contact_cost={name: float(cost) for name, cost in settings.contact_cost.items()},
        shipping_cost=float(settings.shipping_cost),
        point_value=float(settings.point_value),
        attribution_days=settings.attribution_days,
    )


def write_demo_shop(folder: Path, *, customers: int, seed: int) -> None:
    """Write the export of a made-up shop whose truth is known."""
    from predictors.demo import DemoShop

    DemoShop(seed, customers=customers).write_export(folder)
