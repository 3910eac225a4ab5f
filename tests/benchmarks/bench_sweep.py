"""How long a sweep of the offer space takes, and what its pick is worth beside the best of the space.

    python -m tests.benchmarks.bench_sweep [--seeds 1 2 3] [--customers 20000] [--briefs 13]

A small run: `--seeds 1 --customers 4000 --briefs 3 --draws 1`.

Demo shops, each with briefs of many kinds (objectives, categories, channels, budgets, audiences). Seconds are
of a whole sweep (space, rules, forecasts on the sample, polish, finalists on everyone), imports done and the
compiled loops loaded. Regret: one minus the utility of the pick over that of the best offer, both forecast on
the whole audience; the best is that of the whole space, or of any sweep of that brief if the polish led
beyond the space. Beside the whole sweep stands the pick of a sample alone, by size of the sample. The pick of
a brief that no offer can win (no utility above 0) is left out.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from copilot.api import Copilot
from copilot.deciding.case import Case
from copilot.deciding.offers import offer_space
from copilot.deciding.rules import keep_terms
from copilot.deciding.search import SAMPLE, Sweep, sweep_space
from copilot.domain import CampaignBrief, parse
from predictors.demo import DemoShop
from predictors.effect.scorer import WORTH_LOADING, fast


@dataclass(frozen=True)
class Swept:
    """One brief. seconds: of each sweep; picks: customers in the sample, 0 = the whole sweep -> utilities."""

    candidates: int
    seconds: list[float]
    best: float
    picks: dict[int, list[float]]

    def regrets(self, customers: int) -> list[float]:
        """One minus each pick over the best there is."""
        best = max(self.best, *(value for found in self.picks.values() for value in found))
        return [1 - value / best for value in self.picks[customers]]


def main() -> None:
    """Print a line for each brief, then the spread over all."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    reader.add_argument("--customers", type=int, default=20_000)
    reader.add_argument("--briefs", type=int, default=13, help="the first so many of each shop")
    reader.add_argument("--samples", type=int, nargs="+", default=[250, 500, 1000, 2000])
    reader.add_argument("--draws", type=int, default=5, help="sweeps of each brief, each with its own sample")
    asked = reader.parse_args()
    print(f"numba: {'yes' if fast(WORTH_LOADING) else 'no'}")
    found = []
    for seed in asked.seeds:
        for brief, case in cases(seed, asked.customers, asked.briefs):
            one = swept(case, asked.samples, asked.draws)
            if one is None:
                print(f"{seed} {brief}: nothing to win", flush=True)
                continue
            found.append(one)
            worst = max(one.regrets(0))
            print(
                f"{seed} {brief}: {one.candidates:,} candidates, {np.median(one.seconds):.2f} s, "
                f"regret at most {worst:.2%}",
                flush=True,
            )
    open_briefs = [one for one in found if one.candidates >= 5_000]
    if open_briefs:
        middle = np.median([np.median(one.seconds) for one in open_briefs])
        print(f"{len(open_briefs)} briefs of 5,000 candidates and more: {middle:.2f} s, median")
    for size in (0, *asked.samples):
        regrets = np.array([regret for one in found for regret in one.regrets(size)])
        told = (
            f"the best of {size} customers" if size else f"sweep ({SAMPLE} customers, finalists on everyone)"
        )
        print(
            f"regret of {told}: median {np.median(regrets):.2%}, "
            f"90th percentile {np.quantile(regrets, 0.9):.2%}, worst {regrets.max():.2%}"
        )


def cases(seed: int, customers: int, count: int) -> Iterator[tuple[dict[str, Any], Case]]:
    """The briefs of one shop, ready to be swept."""
    shop = DemoShop(seed, customers=customers)
    with tempfile.TemporaryDirectory() as place:
        folder = shop.write_export(Path(place) / "export")
        with Copilot(str(Path(place) / "copilot.db")) as copilot:
            copilot.ingest(folder)
            copilot.train(seed=0)
            every = copilot.case()
            model, context = every.scorer.model, every.shop
    for brief in briefs(context.categories)[:count]:
        yield brief, Case(parse(CampaignBrief, {"brief_id": "b", **brief}), context, model)


def briefs(categories: tuple[str, ...]) -> list[dict[str, Any]]:
    """Open and narrow, with and without limits."""
    return [
        {},
        {"budget": 3000},
        {"categories": [categories[0]]},
        {"objective": "revenue"},
        {"objective": "conversion"},
        {"objective": "clicks"},
        {"max_discount_percent": 20, "min_margin_percent": 25},
        {"categories": [categories[2]], "channels": ["sms"]},
        {"channels": ["email", "push"]},
        {"audience": "orders_365d >= 2"},
        {"audience": "days_since_order > 120", "budget": 800},
        {"min_roi": 1.0},
        {"categories": [categories[3]], "objective": "revenue", "budget": 2000},
    ]


def swept(case: Case, samples: list[int], draws: int) -> Swept | None:
    """Sweep one brief some times, and its whole space once on everyone; None where nothing wins."""
    space = offer_space(case.brief, case.shop)
    kept = keep_terms(space, case.plan, case.brief, case.shop)
    allowed = [terms for terms, keeps in zip(space, kept, strict=True) if keeps]
    best = float(case.scorer.utilities(allowed, side="search").max(initial=0.0))
    seconds, picks = [], {size: [] for size in (0, *samples)}
    for seed in range(draws):
        started = time.perf_counter()
        picks[0].append(first(sweep_space(case.scorer, case.plan, seed)))
        seconds.append(time.perf_counter() - started)
        for size in samples:
            alone = sweep_space(case.scorer, case.plan, seed, customers=size, finalists=1)
            picks[size].append(first(alone))
    return Swept(len(space), seconds, best, picks) if best > 0 else None


def first(sweep: Sweep) -> float:
    """The utility of the pick on everyone: finalists come first."""
    return float(sweep.utility[0]) if len(sweep.utility) else 0.0


if __name__ == "__main__":
    main()
