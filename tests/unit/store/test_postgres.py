"""The same store in PostgreSQL. Skipped where there is no server to start."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from copilot.errors import StoreUnavailable
from copilot.shop.ingest import ingest
from copilot.store import (
    Span,
    Store,
    count_rows,
    find_run,
    find_strategy,
    forget_customer,
    load_predictor,
    open_store,
    read_customer_chunks,
    read_customers,
    read_exposures,
    read_orders,
    read_products,
    read_spans,
    save_predictor,
    save_report,
)
from copilot.store.tables import metadata
from tests.unit.shop.ingest.exports import CUSTOMERS, EXPOSURES, ORDERS, PRODUCTS
from tests.unit.store.postgres import running
from tests.unit.store.test_keeping import report
from tests.unit.store.test_records import RECORD


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a running server."""
    with running() as url:
        yield url


@pytest.fixture
def pg(server: str) -> Iterator[Store]:
    """An empty store in PostgreSQL."""
    store = open_store(server)
    yield store
    with store.begin() as conn:
        conn.execute(text("DROP SCHEMA public CASCADE"))
        conn.execute(text("CREATE SCHEMA public"))
    store.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small export whose copy and attributes need care in transport."""
    sent = EXPOSURES.replace("converted\n", "converted,subject\n").replace(
        "1,1\n", '1,1,"tab\tnew\nline \\N"\n'
    )
    sent = sent.replace("0,,0\n", "0,,0,\n")
    people = CUSTOMERS.replace("loyalty_tier\n", "loyalty_tier,age\n").replace("gold\n", "Öl \\ “gold”,40\n")
    people = people.replace("silver\n", "silver,4.5\n").replace(",,\n", ",,,\n")
    files = {"customers": people, "products": PRODUCTS, "orders": ORDERS, "exposures": sent}
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return tmp_path


def test_its_tables_are_those_that_queries_use(pg: Store) -> None:
    with pg.begin() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []


def test_an_export_reads_the_same_from_both_databases(pg: Store, folder: Path, tmp_path: Path) -> None:
    lite = open_store(tmp_path / "shop.db")
    assert ingest(pg, folder) == ingest(lite, folder)
    for read in (read_customers, read_products, read_orders, read_exposures):
        with pg.begin() as one, lite.begin() as two:
            pd.testing.assert_frame_equal(read(one), read(two))
    with pg.begin() as conn:
        assert len(list(read_customer_chunks(conn, chunk_rows=2))) == 2
    moment = datetime(2024, 3, 1, 12)
    with pg.begin() as one, lite.begin() as two:
        spans = read_spans(one, moment)
        assert spans == read_spans(two, moment)
    assert spans["orders.csv"] == Span(3, 1, datetime(2024, 3, 1, 10), datetime(2024, 3, 2))
    lite.dispose()


def test_loading_again_changes_nothing_and_a_later_export_updates(pg: Store, folder: Path) -> None:
    ingest(pg, folder)
    again = ingest(pg, folder)
    assert all(item.inserted == item.updated == 0 for item in again.files)
    (folder / "orders.csv").write_text(ORDERS.replace("c1,p2", "c1,p1") + "o3,c9,p1,2024-01-01,1,1\n")
    (folder / "customers.csv").write_text(CUSTOMERS.replace("gold", "lead"))
    changed = {item.file: item for item in ingest(pg, folder).files}
    assert (changed["orders"].updated, changed["orders"].unchanged, changed["orders"].rejected) == (2, 1, 1)
    assert (changed["customers"].updated, changed["customers"].unchanged) == (1, 2)


def test_predictors_and_reports_come_back(pg: Store) -> None:
    with pg.begin() as conn:
        save_predictor(conn, "v1", {"x": bytes(range(256))}, {"auc": 0.5}, datetime(2026, 3, 2))
        save_report(conn, {"n": 1}, report("b1", "s1"), datetime(2026, 3, 2), "v1", None, RECORD)
    with pg.begin() as conn:
        assert load_predictor(conn) == ("v1", {"x": bytes(range(256))})
        assert find_strategy(conn, "s1")["brief"] == {"n": 1}
        assert find_run(conn, "s1")["record"] == RECORD


def test_a_customer_is_forgotten(pg: Store, folder: Path) -> None:
    ingest(pg, folder)
    with pg.begin() as conn:
        assert forget_customer(conn, "c1") == {"customers": 1, "orders": 2, "exposures": 1}
        assert count_rows(conn)["exposures"] == 1


def test_several_open_a_new_store_at_once(pg: Store, server: str) -> None:
    with pg.begin() as conn:
        conn.execute(text("DROP SCHEMA public CASCADE"))
        conn.execute(text("CREATE SCHEMA public"))
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(open_store, [server] * 4))
    with opened[0].begin() as conn:
        assert count_rows(conn)["orders"] == 0
    for store in opened:
        store.dispose()


def test_a_wrong_password_is_refused_without_being_shown(server: str) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_store(server.replace("p%40ss", "wrong"))
    assert "wrong/w:rd" not in str(caught.value)
    assert "wrong%2F" not in f"{caught.value!r}"


def test_the_password_is_not_in_what_a_store_shows_of_itself(pg: Store) -> None:
    assert "p@ss" not in f"{pg} {pg!r} {pg.url} {pg.engine!r}"
    assert "p%40ss" not in f"{pg} {pg!r} {pg.url} {pg.engine!r}"
