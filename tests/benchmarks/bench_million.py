"""A shop of a million customers on a small machine: seconds and the most memory ever held, and how both grow.

A predictor is trained on a demo shop of 20,000 customers (180,000 exposures), then the shop is enlarged under
new ids to a million customers with three order lines each. Reading the shop, forecasting 50 drafts on
everybody and a whole brief each run in a process of their own, so that its peak is its own; then the same on
shops of a half, a quarter and an eighth. The slope is that of the logarithms: 1 = in proportion to customers.

    python -m tests.benchmarks.bench_million [--customers 1000000] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.bench_ingest import peak
from tests.benchmarks.growth import slope

if TYPE_CHECKING:
    from copilot.domain import StrategyDraft

DEMO = 20_000
LINES = 3  # order lines a customer
DRAFTS = 50


def main() -> None:
    """Print a line per size and task, then the slopes."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--customers", type=int, default=1_000_000)
    reader.add_argument("--keep", type=Path, help="keep the stores here, and use those that are here")
    reader.add_argument("--task", nargs=2, metavar=("TASK", "STORE"), help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.task:
        measure(asked.task[0], Path(asked.task[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder: Path = asked.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        small = demo_store(folder)
        sizes = [asked.customers >> halved for halved in (3, 2, 1, 0)]
        stores = {size: enlarged(small, folder / f"{size}.db", size) for size in sizes}
        for task in TASKS:
            found = {size: run(task, store) for size, store in stores.items()}
            for size, (seconds, memory) in found.items():
                print(f"{task:>8} {size:>9,} customers: {seconds:6.1f} s, {memory:6.0f} MiB", flush=True)
            (least, (_, low)), *_, (most, (_, high)) = found.items()
            each = (high - low) * 2**20 / (most - least)
            steep = slope(list(found), [seconds for seconds, _ in found.values()])
            print(f"{task:>8} slope of seconds {steep:.2f}, bytes a customer {each:.0f}", flush=True)


def demo_store(folder: Path) -> Path:
    """A demo shop, loaded, with a trained predictor."""
    from copilot.api import Copilot
    from predictors.demo import DemoShop

    path = folder / "demo.db"
    if not path.exists():
        export = DemoShop(0, customers=DEMO).write_export(folder / "export")
        with Copilot(str(path)) as copilot:
            copilot.ingest(export)
            copilot.train(seed=0)
    return path


def enlarged(small: Path, path: Path, size: int) -> Path:
    """The store with customers and some of their orders copied under new ids until there are `size`."""
    if path.exists():
        return path
    made = path.with_suffix(".part")
    shutil.copy(small, made)
    with sqlite3.connect(made) as db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;")
        [held] = db.execute("SELECT count(*) FROM customers").fetchone()
        [lines] = db.execute("SELECT count(*) FROM order_lines").fetchone()
        # Orders are left out by their number, so that every customer has fewer.
        kept = round(1000 * LINES * held / lines)
        db.executescript("DROP INDEX order_lines_by_customer")
        db.executescript("CREATE TEMP TABLE people AS SELECT * FROM customers")
        db.executescript("CREATE TEMP TABLE bought AS SELECT * FROM order_lines")
        others = ", ".join(name for (_, name, *_) in db.execute("PRAGMA table_info(customers)") if name)
        others = others.removeprefix("customer_id, ")
        copies = f"WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {size // held})"
        db.execute(
            f"INSERT INTO customers (customer_id, {others}) {copies} "
            f"SELECT customer_id || '-' || k, {others} FROM n CROSS JOIN people LIMIT {max(size - held, 0)}"
        )
        db.execute(
            "INSERT INTO order_lines (order_id, line_no, customer_id, product_id, ordered_at, quantity, "
            f"unit_price, discount) {copies} SELECT order_id || '-' || k, line_no, customer_id || '-' || k, "
            "product_id, ordered_at, quantity, unit_price, discount FROM bought CROSS JOIN n "
            f"WHERE (CAST(substr(order_id, 2) AS INTEGER) * 617 + k * 131) % 1000 < {kept} "
            "AND EXISTS (SELECT 1 FROM customers c WHERE c.customer_id = bought.customer_id || '-' || k)"
        )
        db.execute("CREATE INDEX order_lines_by_customer ON order_lines (customer_id)")
    db.close()
    made.rename(path)
    return path


def run(task: str, store: Path) -> tuple[float, float]:
    """Seconds and peak memory (MiB) of a task in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_million", "--task", task, str(store)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(told[-2]), float(told[-1])


def measure(task: str, store: Path) -> None:
    """Run a task here and print its seconds and the process's peak."""
    seconds = TASKS[task](store)
    print(seconds, peak())


def reading(store: Path) -> float:
    """Seconds of reading the shop for a brief."""
    from copilot.api import Copilot
    from copilot.shop.context import Days, read_context

    with Copilot(str(store)) as copilot:
        opened = copilot.store
        started = time.perf_counter()
        read_context(opened, Days(None, None, None, copilot._now()))
        return time.perf_counter() - started


def scoring(store: Path) -> float:
    """Seconds of forecasting drafts on everybody, the shop once read."""
    from copilot.api import Copilot

    with Copilot(str(store)) as copilot:
        case = copilot.case()
        drafts = some_drafts(sorted(case.shop.categories))
        case.scorer.forecast(drafts[:1])  # what is made at the first forecast is no part of it
        started = time.perf_counter()
        assert all(case.scorer.forecast(drafts))
        return time.perf_counter() - started


def some_drafts(categories: list[str]) -> list[StrategyDraft]:
    """Fifty discounts by e-mail, ten in each of five categories."""
    from copilot.domain import StrategyDraft, parse

    return [
        parse(
            StrategyDraft,
            {
                "draft_id": f"d{place}",
                "channel": "email",
                "category": categories[place % 5],
                "offer": {"type": "percent_off", "value": 5 + place // 5 * 3, "valid_days": 7},
                "copy": {"subject": "Something for you", "body": "Have a look."},
                "plan": {"starts_on": "2025-07-01", "ends_on": "2025-07-14"},
            },
        )
        for place in range(DRAFTS)
    ]


def generating(store: Path) -> float:
    """Seconds of a whole brief, answered by the built-in planner."""
    from copilot.api import Copilot

    with Copilot(str(store)) as copilot:
        started = time.perf_counter()
        report = copilot.generate({"objective": "profit", "categories": ["beauty"]})
        assert report.status != "failed"
        return time.perf_counter() - started


TASKS: dict[str, Callable[[Path], float]] = {"read": reading, "score": scoring, "generate": generating}

if __name__ == "__main__":
    main()
