"""How much of the best offer's true profit does the first-ranked offer earn, where the truth is known?

    python -m tests.benchmarks.bench_decisions --seeds 1 2 3 4 5 --customers 20000 --s-learner

For each category: about 350 candidate offers, ranked by forecast profit over the customers who may be
contacted; beside it a plain S-learner and the past arm of that category that did best in its own campaign.
Categories whose best offer earns under a tenth of the shop's best are left out of the means.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from copilot.shop.attributes import as_features, attributes_as_of, category_affinity
from predictors.demo import DemoShop
from predictors.effect import EffectPredictor
from predictors.interface import OFFER_COLUMNS, CustomerTable
from tests.benchmarks.s_learner import SLearner

AUDIENCE = 2_000  # fewer, and who happens to be among them moves the truth by several percent
Array = np.ndarray[Any, Any]
Forecast = Callable[[pd.DataFrame, CustomerTable], Mapping[str, Array]]


@dataclass(frozen=True)
class Reached:
    """A sample of the customers of one channel, and how many they stand for."""

    ids: Array
    table: CustomerTable
    size: int


def attributes_of(shop: DemoShop) -> pd.DataFrame:
    """Attributes as of each exposure's sending, row-aligned with the exposures."""
    keys = shop.exposures[["customer_id", "category"]].assign(as_of=shop.exposures["sent_at"])
    return as_features(attributes_as_of(keys, shop.customers, shop.orders, shop.products))


def reached(shop: DemoShop, channel: str, rng: np.random.Generator) -> Reached:
    """A random sample of whom the channel may reach, as of the end of the history."""
    everyone = shop.contactable(channel)
    ids = rng.choice(everyone, min(AUDIENCE, len(everyone)), replace=False)
    keys = pd.DataFrame({"customer_id": ids, "as_of": shop.as_of})
    attributes = as_features(attributes_as_of(keys, shop.customers, shop.orders, shop.products))
    attributes.index = pd.Index(ids)
    affinity = category_affinity(list(ids), shop.as_of, shop.orders, shop.products, shop.categories)
    return Reached(ids, CustomerTable(attributes, affinity), len(everyone))


def by_channel(offers: pd.DataFrame, audiences: Mapping[str, Reached], ask: Forecast) -> dict[str, Array]:
    """Figures of all offers, each over the audience of its channel: name -> (D,)."""
    found: dict[str, Array] = {}
    for channel, audience in audiences.items():
        rows = np.flatnonzero(offers["channel"] == channel)
        if len(rows):
            for name, values in ask(offers.iloc[rows], audience.table).items():
                found.setdefault(name, np.zeros(len(offers)))[rows] = values
    return found


def best_past_arm(shop: DemoShop, category: str) -> pd.DataFrame:
    """Terms of the arm whose raw profit over its campaign's holdout was highest."""
    past = shop.exposures[shop.exposures["category"] == category]
    margin = shop.economics.category_margin[category]
    cost = past["channel"].map(dict(shop.economics.contact_cost)).fillna(0.0)
    frame = past.assign(profit=margin * past["revenue"] - past["discount"] - cost)
    held = frame[frame["channel"] == "holdout"].groupby("campaign_id")["profit"].mean()
    arms = frame[frame["channel"] != "holdout"]
    gain = arms.groupby(["campaign_id", "arm_id"])["profit"].mean()
    gain -= held.reindex(gain.index.get_level_values(0)).to_numpy()
    return arms[arms["arm_id"] == gain.idxmax()[1]].iloc[:1][list(OFFER_COLUMNS)]


def judge(shop: DemoShop, model: EffectPredictor, plain: SLearner | None, seed: int) -> pd.DataFrame:
    """One row for each category."""
    rng = np.random.default_rng(seed)
    audiences = {channel: reached(shop, channel, rng) for channel in ("email", "sms", "push")}

    def truth(offers: pd.DataFrame, table: CustomerTable) -> Mapping[str, Array]:
        return shop.true_effect(table.attributes.index.to_numpy(), offers)

    def ours(offers: pd.DataFrame, table: CustomerTable) -> Mapping[str, Array]:
        found = model.forecast(offers, table, shop.economics)
        profit = found.figures["incremental_profit"]
        return {
            "conversion": found.figures["conversion"].mean,
            "incremental_profit": profit.mean,
            "low": profit.low,
            "high": profit.high,
            "support": found.support,
        }

    rows = []
    for category in shop.categories:
        offers = shop.candidate_offers(category)
        size = (
            offers["channel"].map({name: one.size for name, one in audiences.items()}).to_numpy(dtype=float)
        )
        true, told = by_channel(offers, audiences, truth), by_channel(offers, audiences, ours)
        earns, forecast = true["incremental_profit"] * size, told["incremental_profit"] * size
        first, past = int(forecast.argmax()), best_past_arm(shop, category)
        earned = by_channel(past, audiences, truth)["incremental_profit"][0]
        inside = (true["incremental_profit"] >= told["low"]) & (true["incremental_profit"] <= told["high"])
        row = {
            "seed": seed,
            "category": category,
            "best": earns.max(),
            "ours": earns[first] / earns.max(),
            "past_arm": earned * audiences[past["channel"].iloc[0]].size / earns.max(),
            "rank": spearmanr(forecast, earns)[0],
            "conversion": told["conversion"][first] / true["conversion"][first] - 1,
            "profit_told": forecast[first] / earns[first],
            "covered": inside.mean(),
            "width": (told["high"] - told["low"]).mean() / true["incremental_profit"].std(),
        }
        if plain is not None:
            guess = by_channel(offers, audiences, lambda o, t: plain.forecast(o, t, shop.economics))
            guessed = guess["incremental_profit"] * size
            row |= {
                "s_learner": earns[int(guessed.argmax())] / earns.max(),
                "s_rank": spearmanr(guessed, earns)[0],
            }
        rows.append(row)
    return pd.DataFrame(rows)


def main() -> None:
    """Print the table and its means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--s-learner", action="store_true")
    options = parser.parse_args()
    tables = []
    for seed in options.seeds:
        shop = DemoShop(seed, customers=options.customers)
        attributes = attributes_of(shop)
        start = time.perf_counter()
        model = EffectPredictor.fit(shop.exposures, attributes, shop.economics, seed=seed)
        print(f"seed {seed}: {len(attributes):,} exposures learned in {time.perf_counter() - start:.1f} s")
        plain = SLearner(shop.exposures, attributes, seed=seed) if options.s_learner else None
        found = judge(shop, model, plain, seed)
        tables.append(found[found["best"] >= 0.1 * found["best"].max()])
        print(found.drop(columns="best").round(2).to_string(index=False), flush=True)
    every = pd.concat(tables)
    print("\nmeans:", every.drop(columns=["seed", "category", "best"]).mean().round(3).to_dict())
    print("5th percentile of ours:", round(float(every["ours"].quantile(0.05)), 3))
    print("median profit told over earned:", round(float(every["profit_told"].median()), 3))
    print("median conversion error:", round(float(every["conversion"].abs().median()), 3))


if __name__ == "__main__":
    main()
