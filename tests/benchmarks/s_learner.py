"""The baseline of the field: one LightGBM for conversion, one for revenue, one for discount, raw columns in.

It knows nothing of baskets, arms or campaigns; the effect is its answer with the message less without.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from predictors.interface import CustomerTable, Economics

OFFER = ("channel", "offer_type", "offer_value", "min_spend", "valid_days", "category")


class SLearner:
    """Default parameters on customer attributes and offer columns."""

    def __init__(
        self, exposures: pd.DataFrame, attributes: pd.DataFrame, *, seed: int, threads: int = 2
    ) -> None:
        self._columns = [name for name in attributes.columns if name != "promoted_share"]
        self._levels: dict[str, list[str]] = {}
        for name, values in self._sources(exposures, attributes):
            if values.dtype == object or pd.api.types.is_string_dtype(values):
                self._levels[name] = sorted(values.dropna().astype(str).unique())
        rows = self._matrix(exposures, attributes)
        options: dict[str, Any] = {"verbose": -1, "num_threads": threads, "random_state": seed}
        self._buys = lgb.LGBMClassifier(**options).fit(rows, exposures["converted"])
        self._revenue = lgb.LGBMRegressor(**options).fit(rows, exposures["revenue"])
        self._discount = lgb.LGBMRegressor(**options).fit(rows, exposures["discount"])

    def forecast(
        self, offers: pd.DataFrame, customers: CustomerTable, economics: Economics
    ) -> Mapping[str, np.ndarray[Any, Any]]:
        """`conversion` and `incremental_profit` of D drafts, (D,) means over U customers."""
        size, users = len(offers), len(customers)
        sent = offers.loc[offers.index.repeat(users)]
        unsent = sent.assign(channel="holdout", offer_type="none", offer_value=np.nan, min_spend=np.nan)
        people = pd.concat([customers.attributes] * size)
        with_it, without = self._matrix(sent, people), self._matrix(unsent, people)
        margin = np.array([economics.category_margin[name] for name in offers["category"]])
        contact = np.array([economics.contact_cost[name] for name in offers["channel"]])

        def mean(values: Any) -> np.ndarray[Any, Any]:
            return np.asarray(values).reshape(size, users).mean(axis=1)

        gain = mean(self._revenue.predict(with_it)) - mean(self._revenue.predict(without))
        return {
            "conversion": mean(self._buys.predict_proba(with_it)[:, 1]),
            "incremental_profit": margin * gain - mean(self._discount.predict(with_it)) - contact,
        }

    def _sources(self, offers: pd.DataFrame, attributes: pd.DataFrame) -> list[tuple[str, Any]]:
        customers = [(name, attributes[name]) for name in self._columns]
        return customers + [(f"offer.{name}", offers[name]) for name in OFFER]

    def _matrix(self, offers: pd.DataFrame, attributes: pd.DataFrame) -> pd.DataFrame:
        columns = {}
        for name, values in self._sources(offers, attributes):
            if name in self._levels:
                columns[name] = pd.Categorical(values, categories=self._levels[name])
            else:
                columns[name] = pd.to_numeric(values).to_numpy(dtype=float)
        return pd.DataFrame(columns)
