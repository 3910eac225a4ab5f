"""Exports of other systems come in by a map; for unknown headers one is proposed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from copilot.errors import InvalidInput, UnknownHeaders, UnknownName
from copilot.shop.ingest import ingest
from copilot.store import Store, count_rows, read_customers, read_orders, read_products
from tests.unit.shop.ingest.exports import CUSTOMERS, Export, rejected


def sample(system: str) -> dict[str, str]:
    """The files of an export as that system writes them, with people who do not exist."""
    folder = Path(__file__).parent / "samples" / system
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.csv"))}


SHOPIFY = sample("shopify")
WOOCOMMERCE = sample("woocommerce")
OWN_MAP: dict[str, Any] = {
    "files": {
        "customers": {"source": "kunden.csv", "columns": {"customer_id": "Kunden-Nr", "stufe": "Stufe"}},
        "orders": {
            "source": "bestellungen*.csv",
            "columns": {
                "order_id": {"strip_prefix": "Bestellnr", "prefix": "B-"},
                "customer_id": "Kunden-Nr",
                "product_id": {"first": ["Artikel", {"constant": "unknown"}]},
                "ordered_at": {"date": "Datum", "format": "%d.%m.%Y"},
                "quantity": "Menge",
                "unit_price": {"divide": [{"decimal_comma": "Summe"}, "Menge"]},
                "discount": {"multiply": [{"values": "Aktion", "map": {"ja": 1}, "default": 0}, 2.5]},
            },
        },
    }
}
KUNDEN = "Kunden-Nr;Stufe;Punkte\n17;Gold;5\n"
BESTELLUNGEN = (
    "Bestellnr;Kunden-Nr;Artikel;Datum;Menge;Summe;Aktion\n"
    'B-1;17;A;31.01.2024;2;"1.024,50";ja\n'
    "B-2;17;;01.02.2024;1;3;nein\n"
)


def write_map(folder: Path, data: Any) -> Path:
    """A map as a file."""
    path = folder / "map.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_shopify_exports_come_in(store: Store, export: Export) -> None:
    result = ingest(store, export(customers=None, **SHOPIFY), mapping="shopify")
    assert [(line, reason[:12]) for _, line, reason, _ in rejected(result.rejects)] == [(7, "customer_id:")]
    assert "orders: 2 rows left out by the map" in result.notes
    with store.begin() as conn:
        people, products, orders = read_customers(conn), read_products(conn), read_orders(conn)
    assert list(people.columns)[1:3] == ["email_opt_in", "sms_opt_in"]
    assert sorted(people["country"]) == ["DE", "US"]
    assert not people["customer_id"].str.contains("@").any()
    assert {"total_spent", "tags", "note"}.isdisjoint(people.columns), "what the future knows is no attribute"
    assert products["product_id"].tolist() == ["Cap", "TEE-M", "TEE-S"]
    assert products["name"].tolist() == ["Cap", "Classic Tee", "Classic Tee"]
    assert products["category"].tolist() == ["Hats", "Shirts", "Shirts"]
    assert products["description"].tolist() == [None, "Soft & warm", "Soft & warm"]
    assert orders["order_id"].tolist() == ["#1001"] * 3
    assert set(orders["ordered_at"]) == {pd.Timestamp("2026-02-20 15:00")}
    assert orders.set_index("product_id")["unit_price"].to_dict() == {"TEE-S": 30, "Cap": 25, "TEE-M": 32}
    assert orders["discount"].sum() == 5
    assert set(orders["customer_id"]) <= set(people["customer_id"])


def test_shopify_exports_twice_change_nothing(store: Store, export: Export) -> None:
    folder = export(customers=None, **SHOPIFY)
    ingest(store, folder, mapping="shopify")
    again = ingest(store, folder, mapping="shopify")
    assert all(item.inserted == item.updated == 0 for item in again.files)


def test_an_export_in_several_files_is_one_export(store: Store, export: Export) -> None:
    head, *rows = SHOPIFY["orders_export_1"].splitlines(keepends=True)
    files = SHOPIFY | {"orders_export_1": head + rows[0], "orders_export_2": head + rows[1] + rows[5]}
    result = ingest(store, export(customers=None, **files), mapping="shopify")
    assert [(file, line) for file, line, _, _ in rejected(result.rejects)] == [("orders_export_2.csv", 3)]
    with store.begin() as conn:
        assert count_rows(conn)["orders"] == 2


def test_woocommerce_exports_come_in(store: Store, export: Export) -> None:
    result = ingest(store, export(**WOOCOMMERCE), mapping="woocommerce")
    assert result.rejected == 0
    with store.begin() as conn:
        people, products, orders = read_customers(conn), read_products(conn), read_orders(conn)
    assert people["signed_up_on"].tolist() == [pd.Timestamp("2025-01-03 09:12")]
    assert people["country"].tolist() == ["US"]
    assert products[["product_id", "category", "brand", "price", "stock"]].to_numpy().tolist() == [
        ["SH-1", "Clothing", "Acme", 19.9, 9.0]
    ]
    assert orders[["order_id", "product_id", "quantity", "unit_price"]].to_numpy().tolist() == [
        ["501", "SH-1", 2.0, 19.9]
    ]


def test_woocommerce_orders_with_line_totals_come_in(store: Store, export: Export) -> None:
    orders = (
        "order_id,order_number,date,status,billing_email,item_name,item_sku,item_quantity,item_subtotal,item_total\n"
        "9,509,2026-02-20 10:00:00,completed,ada@example.com,Shirt,SH-1,3,59.70,50.00\n"
    )
    ingest(store, export(**(WOOCOMMERCE | {"orders": orders})), mapping="woocommerce")
    with store.begin() as conn:
        [line] = read_orders(conn).to_dict("records")
    assert (line["order_id"], line["unit_price"], round(line["discount"], 2)) == ("509", 19.9, 9.7)


def test_a_map_renames_and_computes(store: Store, export: Export, tmp_path: Path) -> None:
    folder = export(customers=None, kunden=KUNDEN, bestellungen_2024=BESTELLUNGEN)
    assert ingest(store, folder, mapping=write_map(tmp_path, OWN_MAP)).rejected == 0
    with store.begin() as conn:
        assert read_customers(conn).to_dict("records") == [
            {"customer_id": "17", "stufe": "Gold", "punkte": 5.0}
        ]
        rows = read_orders(conn).drop(columns="exposure_id").to_numpy().tolist()
    assert rows == [
        ["1", "17", "A", pd.Timestamp("2024-01-31"), 2.0, 512.25, 2.5],
        ["2", "17", "unknown", pd.Timestamp("2024-02-01"), 1.0, 3.0, 0.0],
    ]


def test_what_cannot_be_computed_is_rejected_with_what_stood_there(
    store: Store, export: Export, tmp_path: Path
) -> None:
    broken = BESTELLUNGEN.replace("B-2;17;;01.02.2024;1;3", "B-2;17;;99.02.2024;0;3")
    folder = export(customers=None, kunden=KUNDEN, bestellungen=broken)
    [(_, line, reason, _)] = rejected(ingest(store, folder, mapping=write_map(tmp_path, OWN_MAP)).rejects)
    assert line == 3
    assert "ordered_at" in reason
    assert "received '99.02.2024'" in reason
    assert "received '3 / 0'" in reason


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "YAML with `files:`"),
        ({"files": {"clients": {}}}, "one of customers, products, exposures, orders"),
        ({"files": {"orders": {"columns": {"order_nr": "x"}}}}, "columns of orders"),
        ({"files": {"orders": {"columns": {"order_id": {"eval": "1+1"}}}}}, "one of the operations constant"),
        ({"files": {"orders": {"columns": {"order_id": {"first": "x"}}}}}, "a list of columns"),
        ({"files": {"orders": {"columns": {"order_id": {"date": "x"}}}}}, "the options format"),
        (
            {"files": {"orders": {"columns": {"order_id": {"split": "x", "by": ",", "to": 1}}}}},
            "only the options",
        ),
        ({"files": {"orders": {"source": "../secrets.csv"}}}, "a file in the export's folder"),
        ({"files": {"orders": {"surprise": 1}}}, "only source, columns"),
        ({"files": {"orders": {"skip_rows": [{"column": "x"}]}}}, "column: NAME"),
        ({"files": {"orders": {"other_columns": "maybe"}}}, "keep or drop"),
    ],
)
def test_a_map_that_makes_no_sense_is_refused(
    store: Store, export: Export, tmp_path: Path, data: Any, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        ingest(store, export(), mapping=write_map(tmp_path, data))


def test_a_map_is_data_and_never_code(store: Store, export: Export, tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("files: !!python/object/apply:os.system ['true']")
    with pytest.raises(InvalidInput, match="readable YAML"):
        ingest(store, export(), mapping=path)


def test_an_unknown_map_names_the_bundled_ones(store: Store, export: Export) -> None:
    with pytest.raises(UnknownName, match="known: shopify, woocommerce"):
        ingest(store, export(), mapping="magento")


def test_a_map_is_proposed_for_unknown_headers_and_works_when_corrected(
    store: Store, export: Export, tmp_path: Path
) -> None:
    orders = "Bestellnummer,Kundennummer,Artikelnummer,Bestelldatum,Anzahl,Einzelpreis,Notiz\n"
    orders += "1,17,A,2024-01-31,2,5,x\n"
    folder = export(customers=None, kunden="Kundennummer,Kunde seit\n17,2024-01-01\n", bestellungen=orders)
    with pytest.raises(UnknownHeaders) as caught:
        ingest(store, folder)
    assert caught.value.proposal in str(caught.value)
    assert "map.yaml" in str(caught.value)
    proposed = yaml.safe_load(caught.value.proposal)
    assert proposed["files"]["orders"]["columns"]["unit_price"] == "Einzelpreis"
    path = tmp_path / "map.yaml"
    path.write_text(caught.value.proposal, encoding="utf-8")
    assert ingest(store, folder, mapping=path).rejected == 0
    with store.begin() as conn:
        assert count_rows(conn)["orders"] == 1
        assert read_customers(conn)["signed_up_on"].tolist() == [pd.Timestamp("2024-01-01")]


def test_a_proposal_understands_chinese_headers_and_cannot_be_broken_out_of(
    store: Store, export: Export
) -> None:
    orders = '订单号,用户ID,商品ID,下单时间,数量,单价,"x\nfiles: {}"\n1,17,A,2024-01-31,2,5,y\n'
    with pytest.raises(UnknownHeaders) as caught:
        ingest(store, export(customers=CUSTOMERS, orders=orders))
    columns = yaml.safe_load(caught.value.proposal)["files"]["orders"]["columns"]
    assert columns["order_id"] == "订单号"
    assert columns["quantity"] == "数量"
    assert set(yaml.safe_load(caught.value.proposal)["files"]) == {"customers", "orders"}
