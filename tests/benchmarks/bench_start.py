"""What a person waits for at the command line, from the start of the process, on the shop of `copilot demo`.

    python -m tests.benchmarks.bench_start [--repeats 5] [--customers 6000]

`copilot generate` with the built-in planner, for one category and for all, and `copilot --help`, in turns
with Python that does nothing. Medians.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from copilot.api import Copilot
from predictors.demo import DemoShop

COPILOT = [sys.executable, "-c", "from copilot.doors.cli import main; main()"]


def main() -> None:
    """Make a shop, train, and start each command in turns."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--repeats", type=int, default=5)
    reader.add_argument("--customers", type=int, default=6_000)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as name:
        db = str(Path(name) / "copilot.db")
        with Copilot(db) as copilot:
            shop = DemoShop(0, customers=asked.customers)
            copilot.ingest(shop.write_export(Path(name) / "export"))
            copilot.train(seed=0)
        commands = {"bare Python": [sys.executable, "-c", "pass"], "copilot --help": [*COPILOT, "--help"]}
        for told, brief in (("one category", {"categories": ["beauty"]}), ("every category", {})):
            path = Path(name) / f"{told}.json"
            path.write_text(json.dumps({"objective": "profit", **brief}), encoding="utf-8")
            commands[f"copilot generate, {told}"] = [*COPILOT, "generate", str(path), "--db", db]
        seconds: dict[str, list[float]] = {told: [] for told in commands}
        for _ in range(asked.repeats):
            for told, command in commands.items():
                seconds[told].append(seconds_of(command))
    bare = median(seconds["bare Python"])
    for told, every in seconds.items():
        print(f"{told}: {median(every):.2f} s, {median(every) / bare:.1f} times bare Python")


def seconds_of(command: list[str]) -> float:
    """How long a command takes, which has to succeed."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
