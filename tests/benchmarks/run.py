"""Run the benchmarks beside this file: all of them, or those named on the command line.

A benchmark is a file `bench_NAME.py` that prints its own figures. Each runs in a fresh process, so that one
cannot warm or slow the next.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path


def main(wanted: list[str]) -> int:
    """Exit status: 0 all ran, 1 some failed, 2 a name does not exist."""
    found = {
        path.stem.removeprefix("bench_"): path for path in sorted(Path(__file__).parent.glob("bench_*.py"))
    }
    if unknown := [name for name in wanted if name not in found]:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(found)}", file=sys.stderr)
        return 2
    failed = [name for name in wanted or found if not succeeds(name, found[name])]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def succeeds(name: str, path: Path) -> bool:
    """Run one benchmark in a process of its own."""
    print(f"== {name}", flush=True)
    started = time.perf_counter()
    module = [sys.executable, "-m", f"tests.benchmarks.{path.stem}"]
    status = subprocess.run(module, check=False, cwd=path.parents[2]).returncode
    print(f"== {name}: {time.perf_counter() - started:.1f} s in all\n", flush=True)
    return status == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
