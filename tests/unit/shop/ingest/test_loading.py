"""A shop export comes in: what is there, what may be missing, what a second load changes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from copilot.errors import InvalidInput, MissingData, UnknownHeaders
from copilot.shop.ingest import FileCounts, IngestResult, ingest
from copilot.store import (
    Span,
    Store,
    count_rows,
    read_customer_chunks,
    read_customers,
    read_exposures,
    read_orders,
    read_products,
    read_shop,
    read_spans,
)
from tests.unit.shop.ingest.exports import CUSTOMERS, EXPOSURES, ORDERS, PRODUCTS, Export


def counts(result: IngestResult, file: str) -> FileCounts:
    """The counts of one file."""
    return next(item for item in result.files if item.file == file)


def changes(result: IngestResult, file: str) -> tuple[int, int, int, int]:
    """Inserted, updated, unchanged, rejected."""
    found = counts(result, file)
    assert found.read == found.inserted + found.updated + found.unchanged + found.rejected
    return found.inserted, found.updated, found.unchanged, found.rejected


def test_a_whole_export_comes_in(store: Store, whole: Path) -> None:
    result = ingest(store, whole)
    assert [item.file for item in result.files] == ["customers", "products", "exposures", "orders"]
    assert result.rejected == 0
    assert result.rejects is None
    with store.begin() as conn:
        assert count_rows(conn) == {"customers": 3, "products": 2, "orders": 3, "exposures": 2}
        spans = read_spans(conn, datetime(2024, 3, 1, 12))
    assert spans["orders.csv"] == Span(3, 1, datetime(2024, 3, 1, 10), datetime(2024, 3, 2))
    sent = datetime(2024, 3, 1, 8)
    assert spans["exposures.csv"] == Span(2, 0, sent, sent)


def test_customers_have_numbers_categories_times_and_unknowns(store: Store, export: Export) -> None:
    ingest(store, export(customers="customer_id,email_opt_in,age,tier\nc1,1,40,gold\nc2,,,\nc3,0,3.5,1\n"))
    with store.begin() as conn:
        frame = read_customers(conn)
    assert list(frame.columns) == ["customer_id", "email_opt_in", "age", "tier"]
    assert frame["age"].dtype == "float64"
    assert frame["tier"].tolist() == ["gold", None, "1"]
    assert frame["email_opt_in"].tolist()[::2] == [1.0, 0.0]
    assert frame["email_opt_in"].isna().tolist() == [False, True, False]


def test_customers_can_be_read_in_chunks(store: Store, whole: Path) -> None:
    ingest(store, whole)
    with store.begin() as conn:
        chunks = list(read_customer_chunks(conn, chunk_rows=2))
        assert [len(chunk) for chunk in chunks] == [2, 1]
        assert pd.concat(chunks, ignore_index=True).equals(read_customers(conn))


def test_orders_and_exposures_read_as_they_were_given(store: Store, whole: Path) -> None:
    ingest(store, whole)
    with store.begin() as conn:
        orders, sent, products = read_orders(conn), read_exposures(conn), read_products(conn)
    assert orders["ordered_at"].dtype == "datetime64[us]"
    assert orders.loc[orders.order_id == "o2", "ordered_at"].tolist() == [pd.Timestamp("2024-03-02")]
    assert orders["discount"].isna().all()
    assert sent["outcome_scope"].tolist() == ["basket", "basket"]
    assert sent["subject"].tolist() == ["", ""]
    assert sent["clicked"].isna().tolist() == [False, True]
    assert products["price"].tolist() == [4.5, 20.0]
    assert products["unit_cost"].isna().all()


def test_copy_comes_back_with_each_exposure(store: Store, export: Export) -> None:
    text = EXPOSURES.replace("converted\n", "converted,subject,body\n").replace(
        "1,1\n", '1,1,Hi,"Line 1\nLine 2"\n'
    )
    ingest(store, export(exposures=text.replace("0,,0\n", "0,,0,,\n")))
    with store.begin() as conn:
        frame = read_exposures(conn)
    assert frame[["subject", "body"]].to_numpy().tolist() == [["Hi", "Line 1\nLine 2"], ["", ""]]


def test_an_offset_is_converted_and_a_naive_time_is_utc(store: Store, export: Export) -> None:
    head = "order_id,customer_id,product_id,ordered_at,quantity,unit_price\n"
    times = [
        "2024-03-01T10:00:00+02:00",
        "2024-03-01 08:00",
        "2024-03-01T08:00:00.000Z",
        "2024-03-01 10:00:00 +0200",
    ]
    rows = "".join(f"o{n},c1,p1,{time},1,1\n" for n, time in enumerate(times))
    ingest(store, export(orders=head + rows))
    with store.begin() as conn:
        assert set(read_orders(conn)["ordered_at"]) == {pd.Timestamp("2024-03-01 08:00")}


@pytest.mark.parametrize("file", ["products", "orders", "exposures"])
def test_any_file_but_customers_may_be_missing(store: Store, whole: Path, file: str) -> None:
    (whole / f"{file}.csv").unlink()
    result = ingest(store, whole)
    assert result.rejected == 0
    assert file not in [item.file for item in result.files]


def without(text: str, column: str) -> str:
    """A file without one of its columns; no cell may hold a comma."""
    rows = [line.split(",") for line in text.splitlines()]
    place = rows[0].index(column)
    return "".join(",".join(row[:place] + row[place + 1 :]) + "\n" for row in rows)


@pytest.mark.parametrize(
    "column",
    [
        "exposure_id",
        "campaign_id",
        "customer_id",
        "sent_at",
        "channel",
        "offer_type",
        "converted",
        "revenue",
        "discount",
    ],
)
def test_past_campaigns_without_what_is_learnt_from_are_refused_by_name(
    store: Store, export: Export, column: str
) -> None:
    with pytest.raises(UnknownHeaders, match=rf"exposures\.csv: {column}: expected a column of this name"):
        ingest(store, export(exposures=without(EXPOSURES, column)))
    with store.begin() as conn:
        assert count_rows(conn)["customers"] == 0


@pytest.mark.parametrize("column", ["clicked", "propensity"])
def test_past_campaigns_may_lack_clicks_and_propensities(store: Store, export: Export, column: str) -> None:
    assert ingest(store, export(exposures=without(EXPOSURES, column))).rejected == 0
    with store.begin() as conn:
        assert read_exposures(conn)[column].isna().all()


def test_an_export_without_customers_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(MissingData, match=r"customers\.csv"):
        ingest(store, tmp_path)
    with pytest.raises(InvalidInput, match="folder"):
        ingest(store, tmp_path / "nowhere")


def test_the_shop_says_what_it_says_and_the_rest_has_defaults(store: Store, export: Export) -> None:
    folder = export(shop__json='{"name": "Demo", "currency": "USD", "contact_cost": {"email": 0.5}}')
    ingest(store, folder)
    with store.begin() as conn:
        shop = read_shop(conn)
    assert (shop.name, shop.currency, shop.default_margin) == ("Demo", "USD", 0.4)
    assert shop.contact_cost == {"email": 0.5, "sms": 0.08, "push": 0.005}
    ingest(store, export(shop__json=None))
    with store.begin() as conn:
        assert read_shop(conn).name == "Demo"


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"currency": 3}', '{"default_margin": NaN}', '{"attribution_days": 0}']
)
def test_shop_settings_that_cannot_be_used_are_refused(store: Store, export: Export, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"shop\.json"):
        ingest(store, export(shop__json=text))


def test_the_same_export_twice_changes_nothing(store: Store, whole: Path) -> None:
    ingest(store, whole)
    with store.begin() as conn:
        before = [frame(conn) for frame in (read_customers, read_products, read_orders, read_exposures)]
    again = ingest(store, whole)
    assert [item.unchanged for item in again.files] == [3, 2, 2, 3]
    assert all(item.inserted == item.updated == 0 for item in again.files)
    with store.begin() as conn:
        after = [frame(conn) for frame in (read_customers, read_products, read_orders, read_exposures)]
    assert all(one.equals(two) for one, two in zip(before, after, strict=True))


def test_a_later_export_updates_by_key_and_keeps_what_it_does_not_mention(
    store: Store, export: Export
) -> None:
    ingest(store, export(products=PRODUCTS))
    result = ingest(
        store, export(customers="customer_id,loyalty_tier,age\nc1,bronze,7\nc9,,8\n", products=None)
    )
    assert changes(result, "customers") == (1, 1, 0, 0)
    with store.begin() as conn:
        frame = read_customers(conn).set_index("customer_id")
        assert len(read_products(conn)) == 2
    assert frame.loc["c1", "loyalty_tier"] == "bronze"
    assert frame.loc["c1", "signed_up_on"] == pd.Timestamp("2024-01-05")
    assert frame.loc["c2", "loyalty_tier"] == "silver"
    assert frame["age"].dropna().to_dict() == {"c1": 7.0, "c9": 8.0}


def test_an_empty_cell_says_that_it_is_no_longer_known(store: Store, export: Export) -> None:
    ingest(store, export())
    ingest(store, export(customers="customer_id,loyalty_tier\nc1,\n"))
    with store.begin() as conn:
        assert read_customers(conn)["loyalty_tier"].tolist() == [None, "silver", None]


def test_an_order_is_replaced_as_a_whole(store: Store, whole: Path, export: Export) -> None:
    ingest(store, whole)
    head = ORDERS.splitlines()[0]
    folder = export(orders=f"{head}\no1,c1,p2,2024-03-01T10:00:00Z,1,20\no3,c3,p1,2024-03-03,1,1\n")
    assert changes(ingest(store, folder), "orders") == (1, 1, 0, 0)
    with store.begin() as conn:
        frame = read_orders(conn)
    assert frame["order_id"].tolist() == ["o1", "o2", "o3"]
    assert frame["product_id"].tolist() == ["p2", "p1", "p1"]


def test_an_order_that_grew_is_replaced_too(store: Store, whole: Path, export: Export) -> None:
    ingest(store, whole)
    result = ingest(store, export(orders=ORDERS + "o2,c2,p2,2024-03-02,1,20\n"))
    assert changes(result, "orders") == (0, 2, 2, 0)


def test_the_same_line_twice_in_an_order_is_two_lines_wherever_they_stand(
    store: Store, export: Export
) -> None:
    first, second = "o1,c1,p1,2024-03-01,1,5\n", "o2,c2,p1,2024-03-01,1,5\n"
    head = ORDERS.splitlines()[0] + "\n"
    ingest(store, export(orders=head + first + second + first))
    with store.begin() as conn:
        assert read_orders(conn)["order_id"].tolist() == ["o1", "o1", "o2"]
    result = ingest(store, export(orders=head + second + first + first))
    assert changes(result, "orders") == (0, 0, 3, 0)


def test_a_return_is_a_negative_quantity(store: Store, export: Export) -> None:
    head = ORDERS.splitlines()[0] + ",discount\n"
    result = ingest(store, export(orders=head + "o1,c1,p1,2024-03-01,-2,5,-1\n"))
    assert result.rejected == 0
    with store.begin() as conn:
        assert read_orders(conn)["quantity"].tolist() == [-2.0]


def test_an_exact_repetition_of_a_keyed_row_is_kept_once(store: Store, export: Export) -> None:
    result = ingest(store, export(customers=CUSTOMERS + "c1,2024-01-05T00:00,1.0,gold\n"))
    assert changes(result, "customers") == (3, 0, 1, 0)


def test_a_column_that_turns_out_to_be_text_becomes_a_category_for_everybody(
    store: Store, export: Export
) -> None:
    ingest(store, export(customers="customer_id,size\nc1,40\nc2,41\n"))
    result = ingest(store, export(customers="customer_id,size\nc3,XL\n"))
    assert any("size" in note for note in result.notes)
    ingest(store, export(customers="customer_id,size\nc4,42\n"))
    with store.begin() as conn:
        assert read_customers(conn)["size"].tolist() == ["40", "41", "XL", "42"]


def test_progress_is_told_by_file(store: Store, whole: Path) -> None:
    told: list[tuple[str, int]] = []
    ingest(store, whole, on_progress=lambda file, rows: told.append((file, rows)))
    assert told == [("customers.csv", 3), ("products.csv", 2), ("exposures.csv", 2), ("orders.csv", 3)]


def test_a_load_that_fails_leaves_the_store_as_it_was(store: Store, whole: Path, export: Export) -> None:
    ingest(store, whole)
    folder = export(customers="customer_id\nc7\n", orders=b"order_id,customer_id\n\xff\xfe\n")
    with pytest.raises(InvalidInput):
        ingest(store, folder)
    with store.begin() as conn:
        assert "c7" not in set(read_customers(conn)["customer_id"])


def test_a_later_export_may_refer_to_what_is_in_the_store(store: Store, whole: Path, export: Export) -> None:
    ingest(store, whole)
    head = ORDERS.splitlines()[0]
    folder = export(
        customers="customer_id\nc9\n",
        products=None,
        exposures=None,
        orders=f"{head},exposure_id\no9,c1,p2,2024-04-01,1,20,e1\n",
    )
    assert changes(ingest(store, folder), "orders") == (1, 0, 0, 0)
