"""CSV as people send it: encodings, headers, delimiters, odd files."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.errors import InvalidInput, UnknownHeaders
from copilot.shop.ingest import ingest
from copilot.store import Store, read_customers, read_products
from tests.unit.shop.ingest.exports import CUSTOMERS, ORDERS, PRODUCTS, Export


@pytest.mark.parametrize(
    "text",
    [
        PRODUCTS.encode("utf-8-sig"),
        PRODUCTS.replace("\n", "\r\n").encode(),
        PRODUCTS.replace("\n", "\r").encode(),
        PRODUCTS.replace(",", ";").encode(),
        PRODUCTS.replace(",", "\t").encode(),
        b"\n\n" + PRODUCTS.encode(),
        PRODUCTS.rstrip("\n").encode(),
        b" Product ID ,NAME,Category, price \np1,Soap,beauty, 4.50 \np2,Robot,toys,20\n",
        b"price,extra,category,name,product_id,\n4.5,x,beauty,Soap,p1,\n20,y,toys,Robot,p2,\n",
        b'"product_id","name","category","price"\n"p1","Soap","beauty","4.50"\n"p2","Robot","toys","20"\n',
    ],
    ids=[
        "BOM",
        "CRLF",
        "CR",
        "semicolons",
        "tabs",
        "blank lines",
        "no last newline",
        "case",
        "order",
        "quotes",
    ],
)
def test_the_same_products_however_they_are_written(store: Store, export: Export, text: bytes) -> None:
    assert ingest(store, export(products=text)).rejected == 0
    with store.begin() as conn:
        frame = read_products(conn)
    assert frame[["product_id", "name", "category", "price"]].to_numpy().tolist() == [
        ["p1", "Soap", "beauty", 4.5],
        ["p2", "Robot", "toys", 20.0],
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PRODUCTS.encode("utf-16"), "UTF-8 text.*received 'UTF-16"),
        (
            "product_id,name,category,price\np1,Seife für Väter,a,1\n".encode("latin-1"),
            "not UTF-8 near position",
        ),
        ("product_id,name,category,price\np1,caf\u00e9".encode()[:-1], "ends inside a character"),
        (b"", "an empty file"),
        (b"\n \n", "an empty file"),
        (b"product_id,name,name ,category,price\n", "each column once.*'name' and 'name'"),
        (b"product_id,Name,NAME,category,price\n", "each column once"),
        (b'product_id,"name\n', "a readable header row"),
        (b",".join(b"c%d" % n for n in range(3000)), "at most 1500 columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(
    store: Store, export: Export, text: bytes, said: str
) -> None:
    with pytest.raises(InvalidInput, match=rf"products\.csv.*{said}"):
        ingest(store, export(products=text))


def test_a_header_without_rows_is_an_empty_table(store: Store, export: Export) -> None:
    result = ingest(store, export(orders=ORDERS.splitlines()[0]))
    assert result.files[-1].read == 0


def test_a_missing_column_is_named_with_what_comes_near(store: Store, export: Export) -> None:
    with pytest.raises(UnknownHeaders) as caught:
        ingest(store, export(orders=ORDERS.replace("ordered_at", "order_at")))
    assert "orders.csv: ordered_at" in str(caught.value)
    assert "order_at may be ordered_at" in str(caught.value)
    assert "--map" in str(caught.value)


def test_attributes_keep_their_language_and_lose_their_spaces(store: Store, export: Export) -> None:
    ingest(store, export(customers="Customer ID,Loyalty Tier,会员等级,max<size\nc1,gold,金,1\n"))
    with store.begin() as conn:
        assert list(read_customers(conn).columns) == ["customer_id", "loyalty_tier", "会员等级", "max_size"]


def test_an_attribute_named_like_a_piece_of_sql_is_only_a_name(store: Store, export: Export) -> None:
    name = 'x"); DROP TABLE customers; --'
    quoted = name.replace('"', '""')
    ingest(
        store,
        export(customers=f'customer_id,"{quoted}",a1,line\nc1,1,2,3\nc2,\'); DELETE FROM customers,5,6\n'),
    )
    with store.begin() as conn:
        frame = read_customers(conn)
    assert len(frame) == 2
    assert frame["a1"].tolist() == [2.0, 5.0]
    assert frame["line"].tolist() == [3.0, 6.0]


@pytest.mark.parametrize("target", ["inside", "outside"])
def test_a_link_is_followed_inside_the_folder_only(
    store: Store, export: Export, tmp_path: Path, target: str
) -> None:
    folder = export()
    real = (folder if target == "inside" else tmp_path) / "stock.txt"
    real.write_text(PRODUCTS)
    (folder / "products.csv").symlink_to(real)
    if target == "inside":
        assert ingest(store, folder).files[1].inserted == 2
    else:
        with pytest.raises(InvalidInput, match="leads out of it"):
            ingest(store, folder)


def test_names_of_files_match_whatever_their_case(store: Store, export: Export) -> None:
    folder = export(customers=None, Customers=CUSTOMERS)
    assert ingest(store, folder).files[0].inserted == 3


def test_a_million_empty_cells_are_not_a_crash(store: Store, export: Export) -> None:
    result = ingest(store, export(products="product_id,name,category,price\n" + ",,,\n" * 1000 + "p1,,,\n"))
    assert result.files[1].inserted == 1
