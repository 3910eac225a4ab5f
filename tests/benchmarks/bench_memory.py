"""The most memory of 512 drafts over 200,000 customers, all figures with their intervals, in this process.

python -m tests.benchmarks.bench_memory [--customers 200000] [--drafts 512]
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from predictors.demo import DemoShop
from predictors.effect import EffectPredictor
from predictors.interface import CustomerTable
from tests.benchmarks.bench_decisions import attributes_of
from tests.benchmarks.bench_ingest import peak
from tests.benchmarks.bench_scoring import customers_of


def main() -> None:
    """Print seconds and the peak of the process, and what it was before."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--customers", type=int, default=200_000)
    reader.add_argument("--drafts", type=int, default=512)
    asked = reader.parse_args()
    shop = DemoShop(1, 1_500, 12)  # training is to leave no peak of its own
    model = EffectPredictor.fit(shop.exposures, attributes_of(shop), shop.economics, seed=0)
    few = customers_of(shop)
    rows = np.resize(np.arange(len(few)), asked.customers)
    table = CustomerTable(few.attributes.iloc[rows], few.affinity.iloc[rows])
    offers = pd.concat([shop.candidate_offers(name) for name in shop.categories])
    offers = offers.iloc[:: max(len(offers) // asked.drafts, 1)][: asked.drafts]
    before, started = peak(), time.perf_counter()
    found = model.forecast(offers, table, shop.economics)
    assert np.isfinite(found.figures["incremental_profit"].low).all()
    seconds = time.perf_counter() - started
    told = f"{len(offers)} drafts over {len(table):,} customers: {seconds:.1f} s"
    print(f"{told}, most memory {peak():.0f} MiB ({before:.0f} MiB before)")


if __name__ == "__main__":
    main()
