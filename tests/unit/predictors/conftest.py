"""A small demo shop and a predictor fitted to it, shared by the tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from copilot.shop.attributes import as_features, attributes_as_of, category_affinity
from predictors.demo import DemoShop
from predictors.effect import EffectPredictor
from predictors.interface import CustomerTable


@dataclass(frozen=True)
class Fitted:
    shop: DemoShop
    attributes: pd.DataFrame
    model: EffectPredictor

    def table(self, ids: np.ndarray) -> CustomerTable:
        return customers_of(self.shop, ids)


def attributes_of(shop: DemoShop, exposures: pd.DataFrame | None = None) -> pd.DataFrame:
    """Attributes as of each exposure's sending; None: of the shop's own."""
    table = shop.exposures if exposures is None else exposures
    keys = table[["customer_id", "category"]].assign(as_of=table["sent_at"])
    return as_features(attributes_as_of(keys, shop.customers, shop.orders, shop.products))


def customers_of(shop: DemoShop, ids: np.ndarray) -> CustomerTable:
    keys = pd.DataFrame({"customer_id": ids, "as_of": shop.as_of})
    attributes = as_features(attributes_as_of(keys, shop.customers, shop.orders, shop.products))
    attributes.index = pd.Index(ids)
    affinity = category_affinity(list(ids), shop.as_of, shop.orders, shop.products, shop.categories)
    return CustomerTable(attributes, affinity)


@pytest.fixture(scope="session")
def fitted() -> Fitted:
    shop = DemoShop(11, customers=2_500, campaigns=18)
    attributes = attributes_of(shop)
    model = EffectPredictor.fit(shop.exposures, attributes, shop.economics, seed=0, threads=1)
    return Fitted(shop, attributes, model)


@pytest.fixture(scope="session")
def people(fitted: Fitted) -> CustomerTable:
    return fitted.table(fitted.shop.contactable("email")[:250])
