"""How much of the best offer's true profit does the first-ranked offer earn, where the truth is known?

    python -m tests.benchmarks.bench_decisions --shops demo rate types --seeds 1 2 3 --s-learner

Shops of four forms, see shops.py; `hidden` and `recorded` are those with targeted contact, a number after
the name is how many campaigns there were (demo0: none; forecasts rest on assumptions and the shop's orders).
Offers are ranked as a sweep ranks them, by the searching side of the predictor with the price on doubt taken
off; what is said of the first is the judging side's.

For each category: about 350 candidate offers over the customers who may be contacted; beside ours a plain
S-learner and the past arm of that category that did best in its own campaign.
Categories whose best offer earns under a tenth of the shop's best are left out of the means.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from copilot.deciding.ranking import utility
from copilot.shop.attributes import as_features, attributes_as_of, category_affinity
from copilot.shop.natural import natural_exposures
from predictors.demo import DemoShop
from predictors.effect import EffectPredictor
from predictors.interface import OFFER_COLUMNS, CustomerTable, Natural
from tests.benchmarks.s_learner import SLearner
from tests.benchmarks.shops import ClickShop, RateShop, TypesShop

AUDIENCE = 2_000  # fewer, and who happens to be among them moves the truth by several percent
SUPPORTED = 0.3
Array = np.ndarray[Any, Any]
Shop = DemoShop | RateShop
Forecast = Callable[[pd.DataFrame, CustomerTable], Mapping[str, Array]]


@dataclass(frozen=True)
class Reached:
    """A sample of the customers of one channel, and how many they stand for."""

    ids: Array
    table: CustomerTable
    size: int


def make_shop(name: str, seed: int, customers: int) -> Shop:
    """A shop by the name used on the command line, such as demo, rate8 or hidden."""
    form, campaigns = name.rstrip("0123456789"), int(name.lstrip("abcdefghijklmnopqrstuvwxyz") or 36)
    if not campaigns:
        shop = make_shop(f"{form}1", seed, customers)
        shop.exposures = shop.exposures.iloc[:0]
        return shop
    if form == "demo":
        return DemoShop(seed, customers, campaigns, exposures=customers // 4 * campaigns)
    if form == "hidden":
        return RateShop(seed, customers, campaigns, targeting="hidden")
    if form == "recorded":
        return TypesShop(seed, customers, campaigns, targeting="recorded")
    return {"rate": RateShop, "types": TypesShop, "click": ClickShop}[form](seed, customers, campaigns)


def natural_of(shop: Shop, seed: int) -> Natural:
    """Natural demand as training reads it off the orders of a shop."""
    customers = shop.customers.assign(signed_up_on=pd.to_datetime(shop.customers["signed_up_on"]))
    rng = np.random.default_rng(seed)
    rows = natural_exposures(customers, shop.orders, shop.exposures, window_days=7, rng=rng)
    return Natural(rows, attributes_of(shop, rows))


def attributes_of(shop: Shop, exposures: pd.DataFrame | None = None) -> pd.DataFrame:
    """Attributes as of each exposure's sending, row-aligned with the exposures (None = the shop's)."""
    table = shop.exposures if exposures is None else exposures
    keys = table[["customer_id", "category"]].assign(as_of=table["sent_at"])
    return as_features(attributes_as_of(keys, shop.customers, shop.orders, shop.products))


def reached(shop: Shop, channel: str, rng: np.random.Generator) -> Reached:
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


def best_past_arm(shop: Shop, category: str) -> pd.DataFrame:
    """Terms of the arm whose raw profit over its campaign's holdout was highest; no row if there was none."""
    past = shop.exposures[shop.exposures["category"] == category]
    if past.empty:
        return past[list(OFFER_COLUMNS)]
    margin = shop.economics.category_margin[category]
    cost = past["channel"].map(dict(shop.economics.contact_cost)).fillna(0.0)
    frame = past.assign(profit=margin * past["revenue"] - past["discount"] - cost)
    held = frame[frame["channel"] == "holdout"].groupby("campaign_id")["profit"].mean()
    arms = frame[frame["channel"] != "holdout"]
    gain = arms.groupby(["campaign_id", "arm_id"])["profit"].mean()
    gain -= held.reindex(gain.index.get_level_values(0)).to_numpy()
    return arms[arms["arm_id"] == gain.idxmax()[1]].iloc[:1][list(OFFER_COLUMNS)]


def spread_figures(low: Array, high: Array, true: Array, rows: Array) -> dict[str, float]:
    """Coverage, width and Winkler score of 90 % intervals of these rows, in standard deviations of truth."""
    if not rows.any():
        return {"covered": np.nan, "width": np.nan, "winkler": np.nan}
    missed = np.maximum(low - true, 0) + np.maximum(true - high, 0)
    scale = true.std()
    return {
        "covered": float((missed == 0)[rows].mean()),
        "width": float((high - low)[rows].mean() / scale),
        "winkler": float((high - low + 20 * missed)[rows].mean() / scale),
    }


def judge(shop: Shop, model: EffectPredictor, plain: SLearner | None, seed: int) -> pd.DataFrame:
    """One row for each category."""
    rng = np.random.default_rng(seed)
    audiences = {channel: reached(shop, channel, rng) for channel in ("email", "sms", "push")}

    def truth(offers: pd.DataFrame, table: CustomerTable) -> Mapping[str, Array]:
        return shop.true_effect(table.attributes.index.to_numpy(), offers)

    def ours(offers: pd.DataFrame, table: CustomerTable) -> Mapping[str, Array]:
        found = model.forecast(offers, table, shop.economics)
        search = model.forecast(offers, table, shop.economics, side="search").figures["incremental_profit"]
        profit = found.figures["incremental_profit"]
        return {
            "conversion": found.figures["conversion"].mean,
            "searched": search.mean,
            "utility": utility(search.mean, search.low, search.high, 1.0),
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
        truth_of, low, high = true["incremental_profit"], told["low"], told["high"]
        earns, forecast = truth_of * size, told["searched"] * size
        first, past = int((told["utility"] * size).argmax()), best_past_arm(shop, category)
        earned = np.nan
        if len(past):
            sizes = audiences[past["channel"].iloc[0]].size
            earned = by_channel(past, audiences, truth)["incremental_profit"][0] * sizes
        known = told["support"] >= SUPPORTED
        row = {
            "seed": seed,
            "category": category,
            "best": earns.max(),
            "ours": earns[first] / earns.max(),
            "past_arm": earned / earns.max(),
            "rank": spearmanr(forecast, earns)[0],
            "conversion": told["conversion"][first] / true["conversion"][first] - 1,
            "profit_told": told["incremental_profit"][first] / truth_of[first],
            **spread_figures(low, high, truth_of, known),
            "covered_far": float(((truth_of >= low) & (truth_of <= high))[~known].mean())
            if (~known).any()
            else np.nan,
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
    parser.add_argument("--shops", nargs="+", default=["demo", "rate", "types"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=1, help="shops at a time")
    parser.add_argument("--s-learner", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    shops = [(name, seed) for name in options.shops for seed in options.seeds]
    judged = partial(
        run, customers=options.customers, s_learner=options.s_learner, threads=max(2 // options.processes, 1)
    )
    tables = []
    with ProcessPoolExecutor(options.processes, get_context("spawn")) as pool:
        for (name, seed), found in zip(shops, pool.map(judged, shops), strict=True):
            print(found.drop(columns="best").round(2).to_string(index=False), flush=True)
            tables.append(found[found["best"] >= 0.1 * found["best"].max()].assign(shop=f"{name}-{seed}"))
    every = pd.concat(tables)
    figures = every.drop(columns=["seed", "category", "best"]).groupby("shop")
    by_shop = figures.mean().assign(profit_told=figures["profit_told"].median())
    print(by_shop.round(3).to_string())
    by_form = by_shop.groupby(by_shop.index.str.rsplit("-", n=1).str[0])
    print(by_form.mean().round(3).to_string())
    print("means:", by_shop.mean().round(3).to_dict())
    print("standard errors by shop:", (by_shop.std() / np.sqrt(len(by_shop))).round(3).to_dict())
    for name in ("ours", "past_arm", *(["s_learner"] if "s_learner" in every else [])):
        print(f"5th percentile of {name}:", round(float(every[name].quantile(0.05)), 3))
    print("median profit told over earned:", round(float(every["profit_told"].median()), 3))
    print("median conversion error:", round(float(every["conversion"].abs().median()), 3))


def run(named: tuple[str, int], customers: int, s_learner: bool, threads: int) -> pd.DataFrame:
    """Make a shop, learn from it and judge: one row for each category."""
    name, seed = named
    shop = make_shop(name, seed, customers)
    attributes = attributes_of(shop)
    start = time.perf_counter()
    natural = natural_of(shop, seed)
    model = EffectPredictor.fit(
        shop.exposures, attributes, shop.economics, seed=seed, natural=natural, threads=threads
    )
    print(f"{name}-{seed}: {len(attributes):,} exposures learned in {time.perf_counter() - start:.1f} s")
    plain = (
        SLearner(shop.exposures, attributes, seed=seed, threads=threads)
        if s_learner and len(attributes)
        else None
    )
    return judge(shop, model, plain, seed)


if __name__ == "__main__":
    main()
