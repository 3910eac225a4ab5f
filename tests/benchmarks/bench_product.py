"""The whole product on demo shops whose truth is known: what the strategy ranked first really earns.

For each seed: export, ingest, train; for each category a brief, answered by the built-in planner. Shares are
of the true profit of the best of some 250 candidate offers over all contactable customers (a strategy that
picks its customers may earn more than that); categories whose best offer earns under a tenth of the shop's
best are left out, as nothing can be won there.

    python -m tests.benchmarks.bench_product [--customers 20000] [--seeds 5]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from copilot.api import Copilot
from copilot.domain import RankedStrategy
from predictors.demo import DemoShop


def main() -> None:
    """Print one line per seed and category, then the averages."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--customers", type=int, default=20_000)
    reader.add_argument("--seeds", type=int, default=5)
    asked = reader.parse_args()
    rows = [row for seed in range(asked.seeds) for row in one_shop(seed, asked.customers)]
    table = pd.DataFrame(rows)
    kept = table[table["oracle"] >= 0.1 * table.groupby("seed")["oracle"].transform("max")]
    print(f"shops {asked.seeds}, categories {len(kept)} of {len(table)}")
    share = kept["share"]
    print(f"share of the best offer's true profit: mean {share.mean():.3f}, worst {share.min():.3f}")
    wrong = (kept["conversion"] / kept["true_conversion"] - 1).abs()
    print(f"conversion forecast / truth - 1, absolute: mean {wrong.mean():.3f}, worst {wrong.max():.3f}")
    print(f"profit forecast / truth: median {(kept['forecast'] / kept['truth']).median():.2f}")
    covered = (kept["low"] <= kept["truth"]) & (kept["truth"] <= kept["high"])
    print(f"90 % intervals that hold the true profit: {covered.mean():.2f}")
    print(f"seconds: training {table['training'].mean():.1f}, a brief {table['seconds'].mean():.1f}")


def one_shop(seed: int, customers: int) -> list[dict[str, Any]]:
    """The figures of every category of one shop."""
    shop = DemoShop(seed, customers=customers)
    rows = []
    with tempfile.TemporaryDirectory() as place:
        folder = shop.write_export(Path(place) / "export")
        with Copilot(str(Path(place) / "copilot.db")) as copilot:
            copilot.ingest(folder)
            started = time.perf_counter()
            copilot.train(seed=0)
            training = time.perf_counter() - started
            for category in shop.categories:
                row = {"seed": seed, "training": training, **one_brief(copilot, shop, category)}
                print("  ".join(f"{name} {show(value)}" for name, value in row.items()), flush=True)
                rows.append(row)
    return rows


def one_brief(copilot: Copilot, shop: DemoShop, category: str) -> dict[str, Any]:
    """The first-ranked strategy of a brief, its forecast beside the truth."""
    started = time.perf_counter()
    report = copilot.generate({"categories": [category]})
    seconds = time.perf_counter() - started
    best = oracle(shop, category)
    if not report.strategies:
        nothing = dict.fromkeys(("truth", "share", "forecast", "low", "high"), 0.0)
        return {"category": category, "oracle": best, "seconds": seconds, **nothing}
    first = report.strategies[0]
    ids = copilot.audience(first.strategy_id)
    truth = shop.true_effect(ids, offer_row(first))
    profit = first.forecast.totals.incremental_profit
    return {
        "category": category,
        "offer": f"{first.draft.offer.type} {first.draft.offer.value} {first.draft.channel}",
        "oracle": best,
        "truth": float(truth["incremental_profit"][0]) * len(ids),
        "share": float(truth["incremental_profit"][0]) * len(ids) / best,
        "forecast": profit.mean,
        "low": profit.low,
        "high": profit.high,
        "conversion": first.forecast.conversion.mean,
        "true_conversion": float(truth["conversion"][0]),
        "support": first.forecast.support,
        "seconds": seconds,
    }


def oracle(shop: DemoShop, category: str) -> float:
    """True profit of the best candidate offer over everybody it may be sent to."""
    offers = shop.candidate_offers(category)
    best = 0.0
    for channel, rows in offers.groupby("channel"):
        ids = shop.contactable(str(channel))
        best = max(best, float(shop.true_effect(ids, rows)["incremental_profit"].max()) * len(ids))
    return best


def offer_row(strategy: RankedStrategy) -> dict[str, Any]:
    """A strategy as a row of the offer table, with the copy the customer reads."""
    offer = strategy.draft.offer

    def number(value: Any) -> float:
        return float("nan") if value is None else float(value)

    return {
        "channel": strategy.draft.channel,
        "offer_type": offer.type,
        "offer_value": number(offer.value),
        "buy_quantity": number(offer.buy_quantity),
        "get_quantity": number(offer.get_quantity),
        "min_spend": number(offer.min_spend),
        "max_discount": number(offer.max_discount),
        "valid_days": float(offer.valid_days),
        "category": strategy.draft.category,
        "product_id": None,
        "subject": strategy.message.subject,
        "body": strategy.message.body,
    }


def show(value: Any) -> str:
    """A figure short enough for a line."""
    return f"{value:.3g}" if isinstance(value, float | np.floating) else str(value)


if __name__ == "__main__":
    main()
