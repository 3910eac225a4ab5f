"""How fast a large shop export comes in and is read: seconds, and the most memory the process ever held.

    python -m tests.benchmarks.bench_ingest [ORDER_LINES]

Without a number: 250,000, 500,000 and 1,000,000 lines, each in a process of its own, and how seconds grow.
"""

from __future__ import annotations

import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.growth import slope

SIZES = (250_000, 500_000, 1_000_000)  # order lines
CUSTOMERS_PER_LINE = 0.1
EXPOSURES_PER_LINE = 0.18


def main(lines: int) -> None:
    """Write an export, load it, load it again, read it."""
    from copilot.shop.ingest import ingest
    from copilot.store import open_store, read_customers, read_exposures, read_orders

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "export"
        write_export(folder, lines)
        store = open_store(str(Path(name) / "shop.db"))
        with timed("ingest"):
            first = ingest(store, folder)
        with timed("ingest again"):
            again = ingest(store, folder)
        assert first.rejected == again.rejected == 0
        assert all(item.unchanged == item.read for item in again.files)
        print(f"most memory of loading: {peak():.0f} MiB", flush=True)
        for read in (read_customers, read_orders, read_exposures):
            with timed(read.__name__), store.begin() as conn:
                print(f"{len(read(conn)):>12,} rows", end="  ")
        store.dispose()
    print(f"most memory: {peak():.0f} MiB")


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print the seconds of a block, by the clock and of the processor."""
    wall, work = time.perf_counter(), time.process_time()
    yield
    print(
        f"{what}: {time.perf_counter() - wall:.1f} s ({time.process_time() - work:.1f} s of work)", flush=True
    )


def peak() -> float:
    """The most memory this process ever held, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_export(folder: Path, lines: int) -> None:
    """An export with this many order lines, three to an order."""
    draw = random.Random(1)
    folder.mkdir()
    people, products = max(1, int(lines * CUSTOMERS_PER_LINE)), 2_000

    def customer(n: int) -> str:
        tier = draw.choice(("gold", "silver", ""))
        return f"c{n:07d},2023-0{n % 9 + 1}-10,{n % 2},u{n}@example.com,{tier},{n % 60 + 18}"

    def product(n: int) -> str:
        return f"p{n},Product {n},category {n % 20},{draw.randint(100, 9000) / 100},0.5"

    def order_line(n: int) -> str:
        order, price = n // 3, draw.randint(100, 9000) / 100
        day, clock = f"2024-{order % 12 + 1:02d}-{order % 28 + 1:02d}", f"{order % 24:02d}:{order % 60:02d}"
        ids = f"o{order:08d},c{order * 7919 % people:07d},p{draw.randrange(products)}"
        return (
            f"{ids},{day}T{clock}:{order * 7 % 60:02d}Z,{draw.randint(1, 4)},{price},{draw.choice(('0', ''))}"
        )

    def exposure(n: int) -> str:
        ids = f"e{n:08d},k{n % 36},c{n % people:07d},2024-0{n % 9 + 1}-01T08:00:00Z"
        terms = f'email,percent_off,{n % 4 * 5 + 5},Hello {n % 36},"Save, {n % 36} now"'
        bought = n % 3 // 2
        return f"{ids},{terms},{n % 2},{bought},{bought * 20},{bought * 2}"

    write(folder, "customers", "customer_id,signed_up_on,email_opt_in,email,tier,age", people, customer)
    write(folder, "products", "product_id,name,category,price,unit_cost", products, product)
    head = "order_id,customer_id,product_id,ordered_at,quantity,unit_price,discount"
    write(folder, "orders", head, lines, order_line)
    head = "exposure_id,campaign_id,customer_id,sent_at,channel,offer_type,offer_value,subject,body,"
    head += "clicked,converted,revenue,discount"
    write(folder, "exposures", head, int(lines * EXPOSURES_PER_LINE), exposure)


def write(folder: Path, name: str, head: str, rows: int, row: Callable[[int], str]) -> None:
    """One CSV file."""
    with (folder / f"{name}.csv").open("w", encoding="utf-8") as file:
        file.write(head + "\n")
        file.writelines(f"{row(number)}\n" for number in range(rows))


def grow() -> None:
    """Each size in a process of its own, and the slope of its seconds."""
    seconds = []
    for lines in SIZES:
        command = [sys.executable, "-m", "tests.benchmarks.bench_ingest", str(lines)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(f"{lines:,} order lines\n{told}", flush=True)
        seconds.append(float(re.findall(r"^ingest: ([0-9.]+) s", told, re.MULTILINE)[0]))
    print(f"growth of ingest in order lines: lines^{slope(SIZES, seconds):.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(int(sys.argv[1]))
    else:
        grow()
