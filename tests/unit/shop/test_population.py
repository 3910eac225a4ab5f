"""A shop is read some customers at a time: what is found is what a look at all of them finds."""

from __future__ import annotations

import random
import tracemalloc
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import text

from copilot.shop.attributes import attributes_as_of, category_affinity
from copilot.shop.catalogue import Catalogue
from copilot.shop.context import Days, ShopContext, inline_context, read_context
from copilot.shop.ingest import ingest
from copilot.shop.inline import Inline
from copilot.store import Store, open_store, read_customers, read_orders, read_products, read_shop

NOW = datetime(2025, 7, 1)
CUSTOMERS = 40


def write_export(folder: Path) -> Path:
    """Customers some of whom never ordered, are not known to have opted in or signed up late; orders of
    several lines and returns, of products that are not in the catalogue, before and after now.
    """
    rng = random.Random(4)
    folder.mkdir()

    def write(name: str, header: str, rows: list[str]) -> None:
        (folder / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")

    def day() -> str:
        return f"{NOW - timedelta(days=rng.randint(-60, 500), seconds=rng.randint(0, 86_400)):%FT%TZ}"

    write(
        "customers",
        "customer_id,signed_up_on,email_opt_in,sms_opt_in,age,tier",
        [
            f"c{row},{day()[:10] if rng.random() < 0.8 else ''},{rng.choice(('0', '1', ''))},"
            f"{rng.choice(('0', '1', ''))},{rng.choice(('', '30', '41'))},{rng.choice(('', 'gold', 'red'))}"
            for row in range(CUSTOMERS)
        ],
    )
    kinds = ("tea", "mugs", "late teas", "")
    write(
        "products",
        "product_id,name,category,price,unit_cost,stock",
        [f"p{row},P{row},{kinds[row % 4]},{5 + 3.37 * row:.2f},{2 + row},{row % 3}" for row in range(12)],
    )
    lines = []
    for order in range(90):
        who, when = rng.randrange(CUSTOMERS * 2 // 3), day()
        for _ in range(rng.randint(1, 4)):
            bought = f"p{rng.randrange(14)},{when},{rng.choice((1, 1, 2, 0.37, -1))}"
            lines.append(
                f"o{order},c{who},{bought},{rng.uniform(1, 60):.2f},{rng.choice(('', '0.5', '1.25'))}"
            )
    write("orders", "order_id,customer_id,product_id,ordered_at,quantity,unit_price,discount", lines)
    sent = [
        f"e{row},k{row % 3},c{row % CUSTOMERS},2025-0{3 + row % 3}-02T09:00:00Z,"
        f"{('email', 'sms', 'holdout')[row % 3 if row % 5 else 2]},none,{rng.choice(('tea', 'honey', ''))},"
        f"{rng.choice(('p1', ''))},{row % 2},{row % 2},{row % 2 * 20.35},0,hello {row % 2}"
        for row in range(120)
    ]
    write(
        "exposures",
        "exposure_id,campaign_id,customer_id,sent_at,channel,offer_type,category,product_id,clicked,converted,"
        "revenue,discount,subject",
        sent,
    )
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("population")
    opened = open_store(folder / "shop.db")
    ingest(opened, write_export(folder / "export"))
    return opened


def read(store: Store, day: date | None, **options: int) -> ShopContext:
    return read_context(store, Days(None, None, day, NOW), **options)


@pytest.mark.parametrize("day", [None, date(2025, 4, 10), date(2023, 1, 1)])
@pytest.mark.parametrize("chunk", [1, 7, 50_000])
def test_a_shop_read_in_parts_is_what_a_look_at_all_of_it_finds(
    store: Store, chunk: int, day: date | None
) -> None:
    shop = read(store, day, chunk=chunk)
    with store.begin() as conn:
        people, orders, products = read_customers(conn), read_orders(conn), read_products(conn)
        settings = read_shop(conn)
    moment = pd.Timestamp(shop.as_of)
    orders = orders[(orders["ordered_at"] < moment)]
    people = people[~(people["signed_up_on"] >= moment)]
    keys = people[["customer_id"]].assign(as_of=moment).set_index("customer_id", drop=False)
    attributes = attributes_as_of(keys, people, orders, products)
    assert_frame_equal(shop.attributes, attributes, check_exact=True, check_index_type=False)
    affinity = category_affinity(people["customer_id"].to_numpy(), moment, orders, products, shop.categories)
    assert_frame_equal(shop.affinity, affinity, check_exact=True)
    catalogue = Catalogue.of(products, orders, settings)
    assert shop.categories[: len(catalogue.categories)] == catalogue.categories
    assert_frame_equal(shop.catalogue.products, catalogue.products, check_exact=True)
    for scope in ((None, ()), ("tea", ()), ("mugs", ()), (None, ("p3", "p13")), (None, ("nothing",))):
        assert shop.catalogue.facts(scope) == catalogue.facts(scope)
        assert shop.catalogue.best_sellers(scope, 5) == catalogue.best_sellers(scope, 5)


@pytest.mark.parametrize("chunk", [1, 7])
def test_the_rest_of_a_shop_does_not_depend_on_the_parts(store: Store, chunk: int) -> None:
    shop, whole = read(store, None, chunk=chunk), read(store, None)
    for name in ("as_of", "opt_ins", "arms", "channels", "offer_types", "promoted_products", "notes"):
        assert getattr(shop, name) == getattr(whole, name), name
    assert len(whole.arms) > 2
    assert len(whole.attributes) < CUSTOMERS


def test_orders_of_who_is_not_among_the_customers_given_are_the_shops_but_nobodys(store: Store) -> None:
    orders = [
        {
            "order_id": f"o{row}",
            "customer_id": who,
            "product_id": "p1",
            "ordered_at": "2025-06-01",
            "quantity": 1,
            "unit_price": price,
        }
        for row, (who, price) in enumerate([("c9", 10.0), ("stranger", 30.0), ("c7", 20.0), ("c9", 40.0)])
    ]
    inline = Inline([{"customer_id": "c9"}, {"customer_id": "c8"}], [{"product_id": "p1"}], orders)
    shop = inline_context(store, inline, Days(None, None, None, NOW))
    assert shop.attributes["revenue_total"].tolist() == [50.0, 0.0]
    assert shop.catalogue.products["sold"].tolist() == [100.0]
    assert shop.catalogue.facts((None, ())).median_basket == 25.0


LINES, SMALL, LARGE = 3, 3_000, 9_000


def numbered_shop(path: Path, customers: int) -> Store:
    """Customers with three order lines each, straight into the tables."""
    opened = open_store(path)
    with opened.begin(write=True) as conn:
        numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {} - 1) "
        conn.execute(text("INSERT INTO products (product_id, category, price) VALUES ('p1', 'tea', 9)"))
        conn.execute(
            text(
                numbers.format(customers) + "INSERT INTO customers (customer_id) "
                "SELECT printf('customer-%07d', i) FROM n"
            )
        )
        conn.execute(
            text(
                numbers.format(customers * LINES)
                + "INSERT INTO order_lines (order_id, line_no, customer_id, product_id, ordered_at, "
                "quantity, unit_price) SELECT printf('order-%08d', i), 1, printf('customer-%07d', i * 7 % "
                f"{customers}), 'p1', 1700000000000000 + i * 1000000, 1, 9 FROM n"
            )
        )
    return opened


def test_reading_a_shop_takes_memory_for_little_more_than_is_kept(tmp_path: Path) -> None:
    # A line is 44 bytes while it is read and 20 that are kept, and the order of lines by customer another 12;
    # a customer's id and its place in the list of all take 200; what is made on the way is of one part only.
    taken, kept = [], []
    for customers in (SMALL, LARGE):
        opened = numbered_shop(tmp_path / f"{customers}.db", customers)
        read(opened, None, chunk=500)  # what is imported and remembered at the first time is not counted
        tracemalloc.start()
        shop = read(opened, None, chunk=500)
        taken.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        kept.append(shop.attributes.memory_usage().sum() + shop.affinity.memory_usage().sum())
        opened.dispose()
    a_customer = (taken[1] - taken[0]) / (LARGE - SMALL)
    columns = (kept[1] - kept[0]) / (LARGE - SMALL)
    assert a_customer < columns + LINES * (44 + 20 + 12) + 200
