"""Scoring D drafts over U customers: ours beside LightGBM on one matrix with a row for each pair.

    python -m tests.benchmarks.bench_scoring [--repeats 5] [--customers 20000] [--no-growth]

The model is that of a demo shop (36 campaigns). Beside it `Booster.predict` runs the same forests over the
pairs' rows, which are made before the clock starts. Ours comes in three measures: `scores` are the same raw
scores of the same forests, which see customers only, so once a customer; `figures` are all nine means of
every draft, from the customers' attributes as numbers: forests, response, costs; `frames` is `forecast()` as
anybody calls it, from data frames, with support, intervals and warnings. All take turns in one run, on the
same number of threads; medians. Growth is the slope of log time on log size.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from predictors.demo import DemoShop
from predictors.effect import EffectPredictor
from predictors.effect.forest import compile_forests
from predictors.effect.scorer import THREADS, WORTH_LOADING, fast, raw_scores, sums_of
from predictors.effect.sides import draft_side, take_customers, worth_of
from predictors.features import read_offers
from predictors.interface import CustomerTable
from tests.benchmarks.bench_decisions import attributes_of
from tests.benchmarks.growth import slope

DRAFTS, CUSTOMERS = (1, 8, 64, 512), (1, 100, 10_000)
ROWS = 640_000  # of one matrix in memory at once
FEW = 1_000  # rows up to which LightGBM may be sooner done on one thread: the better counts
PAUSE = 0.05  # seconds, so that the threads of one contestant no longer wait for work beside the next
SWEEP, SAMPLE = 5_000, 500
TRAINED = (0.25, 0.5, 1.0)  # shares of the exposures
OURS = ("scores", "figures", "frames")


@dataclass(frozen=True)
class Setting:
    """A trained model, its shop, and customers to score."""

    shop: DemoShop
    model: EffectPredictor
    table: CustomerTable


def main() -> None:
    """Print training, the table, the sweep, and how each grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--no-growth", action="store_true", help="train once, on all exposures")
    options = parser.parse_args()
    shop = DemoShop(1, options.customers, 36, exposures=options.customers // 4 * 36)
    model = trained(shop, TRAINED[-1:] if options.no_growth else TRAINED)
    forests = [one for own in model._forests.values() for one in own]
    trees = [tree for one in forests for tree in one.trees]
    print(f"{len(forests)} forests, {len(trees)} trees, {sum(len(one.value) for one in trees):,} leaves")
    print(f"numba: {'yes' if load_numba() else 'no'}; threads: {THREADS}")
    setting = Setting(shop, model, customers_of(shop))
    sizes = [(drafts, users) for drafts in DRAFTS for users in CUSTOMERS]
    found = pd.DataFrame([contest(setting, drafts, users, options.repeats) for drafts, users in sizes])
    print(found.round(3).to_string(index=False))
    for over, other in (("drafts", "customers"), ("customers", "drafts")):
        most = found[found[other] == found[other].max()]
        for name in OURS:
            told = slope(most[over].tolist(), most[f"{name} ms"].tolist())
            print(f"growth of {name} in {over}: {over}^{told:.2f}")
    sweep(setting, options.repeats)


def trained(shop: DemoShop, shares: tuple[float, ...]) -> EffectPredictor:
    """The model of all exposures; prints how long training took on these shares of every campaign."""
    attributes, sizes, seconds = attributes_of(shop), [], []
    for share in shares:
        rows = np.random.default_rng(0).random(len(shop.exposures)) < share
        started = time.perf_counter()
        model = EffectPredictor.fit(shop.exposures[rows], attributes[rows], shop.economics, seed=0)
        seconds.append(time.perf_counter() - started)
        sizes.append(int(rows.sum()))
        print(f"training on {sizes[-1]:,} exposures: {seconds[-1]:.1f} s", flush=True)
    if len(sizes) > 1:
        print(f"growth of training in exposures: exposures^{slope(sizes, seconds):.2f}")
    return model


def sweep(setting: Setting, repeats: int) -> None:
    """Print the seconds of a sweep's forecasts, by candidates."""
    shop, sizes = setting.shop, (SWEEP // 4, SWEEP // 2, SWEEP)
    offers = pd.concat([shop.candidate_offers(name) for name in shop.categories] * 4)
    some, seconds = setting.table.part(slice(0, SAMPLE)), []
    for size in sizes:
        few = offers.iloc[:: len(offers) // size][:size]
        times = [
            timed(lambda few=few: setting.model.forecast(few, some, shop.economics, side="search"))
            for _ in range(repeats)
        ]
        seconds.append(float(np.median(times)))
        told = f"{len(few):,} candidates over {SAMPLE} customers"
        print(f"{told}, figures and intervals: {seconds[-1]:.2f} s")
    print(f"growth of the sweep in candidates: candidates^{slope(sizes, seconds):.2f}")


def load_numba() -> bool:
    """Whether the compiled loops can be used; loads them, so that no clock runs meanwhile."""
    return fast(WORTH_LOADING) is not None


def customers_of(shop: DemoShop) -> CustomerTable:
    """The customers an e-mail may reach, as of the end of the history, up to the most that are scored."""
    from copilot.shop.attributes import as_features, attributes_as_of, category_affinity

    ids = np.resize(shop.contactable("email"), max(CUSTOMERS))
    every = np.unique(ids)
    keys = pd.DataFrame({"customer_id": every, "as_of": shop.as_of})
    attributes = as_features(attributes_as_of(keys, shop.customers, shop.orders, shop.products))
    attributes.index = pd.Index(every)
    affinity = category_affinity(list(every), shop.as_of, shop.orders, shop.products, shop.categories)
    return CustomerTable(attributes.loc[ids], affinity.loc[ids])


def contest(setting: Setting, drafts: int, users: int, repeats: int) -> dict[str, float]:
    """Median milliseconds of ours and of one matrix, in turns, and how many times ours goes into theirs."""
    shop, model = setting.shop, setting.model
    every_offer = pd.concat([shop.candidate_offers(name) for name in shop.categories])
    offers = every_offer.iloc[:: 2_000 // drafts][:drafts]
    read = read_offers(offers, model._schema, shop.economics)
    worth = worth_of(offers, shop.economics, 1.0)
    table = setting.table.part(slice(0, users))
    audience = model._audience(table, read.category)
    matrix = audience.people.matrix
    forests = [one for own in model._forests.values() for one in own]
    compiled, boosters = compile_forests(forests), [one.booster() for one in forests]
    pairs = np.ascontiguousarray(
        np.tile(matrix, (min(drafts, max(ROWS // users, 1)), 1))
    )  # as LightGBM likes it
    turns = -(-drafts * users // len(pairs))

    def figures() -> None:
        model._residuals.of(matrix)
        ready = draft_side(model._heads, read, worth, model._schema)
        sums_of(model._heads, ready, take_customers(audience, slice(0, users)), model._schema)

    def one_matrix(threads: int = THREADS) -> None:
        for _ in range(turns):
            for booster in boosters:
                booster.predict(pairs, raw_score=True, num_threads=threads)

    contestants: dict[str, Callable[[], object]] = {
        "scores": lambda: raw_scores(compiled, matrix),
        "figures": figures,
        "frames": lambda: model.forecast(offers, table, shop.economics, side="search"),
        "one matrix": one_matrix,
    }
    if len(pairs) <= FEW:
        contestants["one thread"] = lambda: one_matrix(1)
    theirs = np.array([one.predict(matrix, raw_score=True) for one in boosters])
    assert np.array_equal(raw_scores(compiled, matrix), theirs)
    for work in contestants.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, work in contestants.items():
            time.sleep(PAUSE)
            times[name].append(timed(work))
    median = {name: float(np.median(values)) for name, values in times.items()}
    median["one matrix"] = min(median["one matrix"], median.pop("one thread", np.inf))
    row: dict[str, float] = {"drafts": drafts, "customers": users}
    row |= {f"{name} ms": 1e3 * seconds for name, seconds in median.items()}
    return row | {f"{name} times": round(median["one matrix"] / median[name], 1) for name in OURS}


def timed(work: Callable[[], Any]) -> float:
    """Seconds that it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
