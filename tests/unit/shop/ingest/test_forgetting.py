"""Forgetting a customer: all of it goes, and nothing of anybody else."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from copilot.errors import UnknownName
from copilot.shop.ingest import ingest
from copilot.store import Store, count_rows, forget_customer, read_customers, read_exposures, read_orders
from tests.unit.shop.ingest.exports import Export


def test_a_customer_goes_with_orders_and_exposures(store: Store, whole: Path) -> None:
    ingest(store, whole)
    with store.begin() as conn:
        assert forget_customer(conn, "c1") == {"customers": 1, "orders": 2, "exposures": 1}
    with store.begin() as conn:
        assert count_rows(conn) == {"customers": 2, "products": 2, "orders": 1, "exposures": 1}
        assert set(read_customers(conn)["customer_id"]) == {"c2", "c3"}
        with pytest.raises(UnknownName, match="customer 'c1'"):
            forget_customer(conn, "c1")


def test_copy_that_nobody_else_got_goes_too(store: Store, export: Export) -> None:
    head = (
        "exposure_id,campaign_id,customer_id,sent_at,channel,offer_type,subject,converted,revenue,discount\n"
    )
    sent = (("e1", "c1", "Dear Anna"), ("e2", "c1", "Hello"), ("e3", "c2", "Hello"))
    rows = "".join(f"{name},k,{who},2024-03-01,email,none,{subject},0,0,0\n" for name, who, subject in sent)
    ingest(store, export(exposures=head + rows))
    with store.begin() as conn:
        forget_customer(conn, "c1")
    with store.begin() as conn:
        assert read_exposures(conn)["subject"].tolist() == ["Hello"]
    store.dispose()
    assert b"Dear Anna" not in Path(str(store.engine.url.database)).read_bytes()


def test_an_order_of_somebody_else_stays_without_the_credit(store: Store, export: Export) -> None:
    orders = "order_id,customer_id,product_id,ordered_at,quantity,unit_price,exposure_id\n"
    orders += "o1,c2,p1,2024-03-02,1,1,e1\n"
    head = "exposure_id,campaign_id,customer_id,sent_at,channel,offer_type,converted,revenue,discount\n"
    ingest(store, export(orders=orders, exposures=f"{head}e1,k,c1,2024-03-01,email,none,0,0,0\n"))
    with store.begin() as conn:
        forget_customer(conn, "c1")
        assert read_orders(conn)["exposure_id"].tolist() == [None]


@pytest.mark.parametrize("write", [True, False])
def test_forgetting_waits_for_another_writer(store: Store, whole: Path, write: bool) -> None:
    ingest(store, whole)
    began, forgetting = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with store.begin(write=True) as conn:
            conn.execute(text("UPDATE products SET stock = 1"))
            began.set()
            forgetting.wait(5)
            # Long enough for the other transaction to have looked before this one is done.
            threading.Event().wait(0.3)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    began.wait(5)
    forgetting.set()
    with store.begin(write=write) as conn:
        assert forget_customer(conn, "c1")["customers"] == 1
    writer.join()
