"""Exports of other systems come in by a map; for unknown headers one is proposed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from copilot.errors import InvalidInput, UnknownHeaders, UnknownName
from copilot.shop.ingest import ingest
from copilot.store import Store, count_rows, read_customers
from tests.unit.shop.ingest.exports import CUSTOMERS, Export


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
