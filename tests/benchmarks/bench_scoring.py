"""Scoring D drafts over U customers: ours beside LightGBM on one matrix with a row for each pair.

    python -m tests.benchmarks.bench_scoring --repeats 5

The model is that of a demo shop (36 campaigns). Ours gives every figure of every draft as a mean over the
customers, from their attributes as numbers: forests, response, costs. Beside it `Booster.predict` runs the
same forests over the pairs' rows, which are made before the clock starts, and gives raw scores and nothing
else. Both take turns in one run, on the same number of threads; medians. Growth is the slope of log time on
log size, from the last step.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from predictors.demo import DemoShop
from predictors.effect import EffectPredictor
from predictors.effect.scorer import THREADS, WORTH_LOADING, fast, means_of
from predictors.effect.sides import draft_side, take_customers, worth_of
from predictors.features import read_offers
from predictors.interface import CustomerTable
from tests.benchmarks.bench_decisions import attributes_of

DRAFTS, CUSTOMERS = (1, 8, 64, 512), (1, 100, 10_000)
ROWS = 640_000  # of one matrix in memory at once
SWEEP, SAMPLE = 5_000, 500
Array = np.ndarray[Any, Any]


def main() -> None:
    """Print the table, the sweep, and how both grow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--customers", type=int, default=20_000)
    options = parser.parse_args()
    shop = DemoShop(1, options.customers, 36, exposures=options.customers // 4 * 36)
    started = time.perf_counter()
    model = EffectPredictor.fit(shop.exposures, attributes_of(shop), shop.economics, seed=0)
    print(f"training on {len(shop.exposures):,} exposures: {time.perf_counter() - started:.1f} s")
    forests = [booster for own in model._forests.values() for booster in own]
    leaves = sum(tree["num_leaves"] for one in forests for tree in one.dump_model()["tree_info"])
    print(f"{len(forests)} forests, {sum(one.num_trees() for one in forests)} trees, {leaves:,} leaves")
    print(f"numba: {'yes' if load_numba() else 'no'}; threads: {THREADS}")
    table = customers_of(shop)
    rows = []
    for drafts in DRAFTS:
        for users in CUSTOMERS:
            ours, theirs = contest(model, shop, table, forests, drafts, users, options.repeats)
            rows.append({"drafts": drafts, "customers": users, "ours ms": 1e3 * ours,
                         "one matrix ms": 1e3 * theirs, "times": theirs / ours})  # fmt: skip
    found = pd.DataFrame(rows)
    print(found.round(2).to_string(index=False))
    for over, other in (("drafts", "customers"), ("customers", "drafts")):
        last = found[found[other] == found[other].max()].iloc[-2:]
        slope = np.diff(np.log(last["ours ms"]))[0] / np.diff(np.log(last[over]))[0]
        print(f"growth in {over}: time ~ {over}^{slope:.2f}")
    offers = pd.concat([shop.candidate_offers(name) for name in shop.categories] * 4).iloc[:SWEEP]
    some = CustomerTable(table.attributes.iloc[:SAMPLE], table.affinity.iloc[:SAMPLE])

    def sweep() -> None:
        model.forecast(offers, some, shop.economics, side="search")

    seconds = np.median([timed(sweep) for _ in range(options.repeats)])
    print(f"{len(offers):,} candidates over {SAMPLE} customers, figures and intervals: {seconds:.2f} s")


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


def contest(
    model: EffectPredictor,
    shop: DemoShop,
    table: CustomerTable,
    forests: list[Any],
    drafts: int,
    users: int,
    repeats: int,
) -> tuple[float, float]:
    """Median seconds of ours and of one matrix, in turns."""
    offers = pd.concat([shop.candidate_offers(name) for name in shop.categories]).iloc[:: 2_000 // drafts][
        :drafts
    ]
    read = read_offers(offers, model._schema, shop.economics)
    worth = worth_of(offers, shop.economics, 1.0)
    every = model._audience(table, read.category)
    matrix = every.people.matrix[:users]
    pairs = np.tile(matrix, (min(drafts, max(ROWS // users, 1)), 1))
    turns = -(-drafts * users // len(pairs))

    def ours() -> None:
        known = model._residuals.of(matrix)
        ready = draft_side(model._heads, read, worth, model._schema)
        means_of(model._heads, ready, take_customers(every, slice(0, users)), model._schema)
        assert len(known) <= len(model._heads)

    def theirs() -> None:
        for _ in range(turns):
            for booster in forests:
                booster.predict(pairs, raw_score=True, num_threads=THREADS)

    ours(), theirs()
    times = [(timed(ours), timed(theirs)) for _ in range(repeats)]
    return float(np.median([one for one, _ in times])), float(np.median([other for _, other in times]))


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
