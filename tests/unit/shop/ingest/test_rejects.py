"""Bad rows go to the rejects file with their line and the reason; the good rows go in."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.errors import InvalidInput
from copilot.shop.ingest import ingest
from copilot.store import Store, count_rows, read_exposures, read_orders, read_products
from tests.unit.shop.ingest.exports import CUSTOMERS, EXPOSURES, ORDERS, PRODUCTS, Export, rejected

ORDER = "order_id,customer_id,product_id,ordered_at,quantity,unit_price,discount\n"
SENT = (
    "exposure_id,campaign_id,customer_id,sent_at,channel,offer_type,offer_value,propensity,clicked,converted,"
    "outcome_scope,revenue,discount\n"
)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            "o9,c9,p1,2024-03-01,1,5,",
            "customer_id: expected an id of customers in this export or in the store, received 'c9'",
        ),
        (
            "o9,c1,p9,2024-03-01,1,5,",
            "product_id: expected an id of products in this export or in the store, received 'p9'",
        ),
        (",c1,p1,2024-03-01,1,5,", "order_id: expected a value, received nothing"),
        (f"{'o' * 201},c1,p1,2024-03-01,1,5,", "order_id: expected at most 200 characters"),
        ("o9,c1,p1,yesterday,1,5,", "ordered_at: expected a date or time such as"),
        ("o9,c1,p1,2024-02-30,1,5,", "ordered_at: expected a date that exists"),
        ("o9,c1,p1,01.02.2024,1,5,", "ordered_at: expected a date or time such as"),
        ("o9,c1,p1,2024,1,5,", "ordered_at: expected a date or time such as"),
        ("o9,c1,p1,0001-01-01,1,5,", "ordered_at: expected a year between 1900 and 2200"),
        ("o9,c1,p1,,1,5,", "ordered_at: expected a value, received nothing"),
        ("o9,c1,p1,2024-03-01,1,-5,", "unit_price: expected a number of 0 or more, received '-5'"),
        ("o9,c1,p1,2024-03-01,1,nan,", "unit_price: expected a number of 0 or more such as"),
        ("o9,c1,p1,2024-03-01,1,inf,", "unit_price: expected"),
        ("o9,c1,p1,2024-03-01,1,1e999,", "unit_price: expected a number of 0 or more, received '1e999'"),
        ('o9,c1,p1,2024-03-01,1,"1,000",', "no thousands separator), received '1,000'"),
        ('o9,c1,p1,2024-03-01,1,"12,50",', "a point for decimals"),
        ("o9,c1,p1,2024-03-01,1,1_000,", "unit_price: expected"),
        ("o9,c1,p1,2024-03-01,1,１２,", "unit_price: expected"),
        ("o9,c1,p1,2024-03-01,1,$5,", "unit_price: expected"),
        ("o9,c1,p1,2024-03-01,,5,", "quantity: expected a value, received nothing"),
        ("o9,c1,p1,2024-03-01,two,5,", "quantity: expected a number"),
        (
            "o9,c1,p1,2024-03-01,1,5,-1",
            "discount: expected a number of 0 or more on a sold line, received -1",
        ),
        ("o9,c1,p1,2024-03-01,1,5", "row: expected 7 fields as in the header, received 6"),
        ("o9,c1,p1,2024-03-01,1,5,0,extra", "row: expected 7 fields as in the header, received 8"),
        ("o9,c1,p1\0,2024-03-01,1,5,", "row: expected text, received a NUL character"),
        ('o9,c1,"p1"x,2024-03-01,1,5,', "text after a closing quote"),
        (
            "o9,c1,p1,x,y,z,",
            "ordered_at: expected a date or time such as 2026-03-14 or 2026-03-14T09:30:00Z, received 'x'; ",
        ),
    ],
)
def test_a_bad_order_line_is_rejected_with_its_reason(
    store: Store, export: Export, row: str, reason: str
) -> None:
    good = "o1,c1,p1,2024-03-01,1,5,\n"
    result = ingest(
        store, export(products=PRODUCTS, orders=f"{ORDER}{good}{row}\n{good.replace('o1', 'o2')}")
    )
    [(file, line, said, _)] = rejected(result.rejects)
    assert (file, line) == ("orders.csv", 3)
    assert reason in said
    with store.begin() as conn:
        assert read_orders(conn)["order_id"].tolist() == ["o1", "o2"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("e9,k,c1,2024-03-01,email,percent_off,101,,,0,,0,", "offer_value: expected a percent of 0 to 100"),
        (
            "e9,k,c1,2024-03-01,email,percent_off,,,,0,,0,",
            "offer_value: expected a number for percent_off, received nothing",
        ),
        ("e9,k,c1,2024-03-01,email,percent_off,-5,,,0,,0,", "offer_value: expected a number of 0 or more"),
        ("e9,k,c1,2024-03-01,email,buy_x_get_y,,,,0,,0,", "buy_quantity, get_quantity: expected"),
        (
            "e9,k,c1,2024-03-01,fax,none,,,,0,,0,",
            "channel: expected one of email, sms, push, onsite, ads, holdout",
        ),
        ("e9,k,c1,2024-03-01,email,half_off,,,,0,,0,", "offer_type: expected one of none, percent_off"),
        ("e9,k,c1,2024-03-01,email,,,,,0,,0,", "offer_type: expected the kind of offer"),
        (
            "e9,k,c1,2024-03-01,email,none,,0,,0,,0,",
            "propensity: expected a number above 0 up to 1, received '0'",
        ),
        ("e9,k,c1,2024-03-01,email,none,,1.01,,0,,0,", "propensity: expected a number above 0 up to 1"),
        ("e9,k,c1,2024-03-01,email,none,,,2,0,,0,", "clicked: expected 0 or 1, received '2'"),
        ("e9,k,c1,2024-03-01,email,none,,,,yes,,0,", "converted: expected 0 or 1, received 'yes'"),
        (
            "e9,k,c1,2024-03-01,holdout,none,,,1,0,,0,",
            "clicked: expected 0 or nothing for a held-out customer",
        ),
        (
            "e9,k,c1,2024-03-01,email,none,,,,0,shop,0,",
            "outcome_scope: expected one of basket, category, product",
        ),
        ("e9,k,c1,2024-03-01,email,none,,,,0,,-1,", "revenue: expected a number of 0 or more"),
        ("e9,k,c1,2024-03-01,email,none,,,,,,0,0", "converted: expected a value, received nothing"),
        ("e9,k,c1,2024-03-01,holdout,none,,,,,,0,0", "converted: expected a value, received nothing"),
        ("e9,k,c1,2024-03-01,email,none,,,,1,,,0", "revenue: expected a value, received nothing"),
        ("e9,k,c1,2024-03-01,email,none,,,,0,,,0", "revenue: expected a value, received nothing"),
        (
            "e9,k,c1,2024-03-01,email,free_shipping,,,,1,,50,",
            "discount: expected what the offer (free_shipping) gave away on this purchase (0 if nothing)",
        ),
        ("e9,k,c1,2024-03-01,email,free_shipping,,,,1,,50,-1", "discount: expected a number of 0 or more"),
        ("e9,,c1,2024-03-01,email,gift,1,,,1,,50,", "campaign_id: expected a value, received nothing"),
        ("e9,,c1,2024-03-01,email,none,,,,0,,0,", "campaign_id: expected a value, received nothing"),
        ("e9,k,c7,2024-03-01,email,none,,,,0,,0,", "customer_id: expected an id of customers"),
        (
            "e1,k2,c1,2024-03-01,email,none,,,,0,,0,",
            "exposure_id: expected once in the file, received 'e1' again",
        ),
    ],
)
def test_a_bad_exposure_is_rejected_with_its_reason(
    store: Store, export: Export, row: str, reason: str
) -> None:
    good = "e1,k1,c1,2024-03-01T08:00:00Z,email,percent_off,10,0.5,1,1,,0,0\n"
    result = ingest(store, export(exposures=f"{SENT}{good}{row}\n"))
    [(file, line, said, _)] = rejected(result.rejects)
    assert (file, line) == ("exposures.csv", 3)
    assert reason in said
    with store.begin() as conn:
        assert count_rows(conn)["exposures"] == 1


@pytest.mark.parametrize(
    "row",
    [
        "e9,k,c1,2024-03-01,HOLDOUT,,,,,1.0,,0,",
        "e9,k,c1,2024-03-01,holdout,none,,,0,0,,0,",
        "e9,k,c1,2024-03-01,email,free_shipping,,1,1,0,product,0,",
        "e9,k,c1,2024-03-01, Email , none ,,,,0,,0,",
        "e9,k,c1,20240301T080000Z,push,points,100,0.333333,0,0,Category,1e2,",
    ],
)
def test_a_good_exposure_goes_in(store: Store, export: Export, row: str) -> None:
    assert ingest(store, export(exposures=f"{SENT}{row}\n")).rejected == 0


@pytest.mark.parametrize(
    "row",
    [
        "e9,k,c1,2024-03-01,holdout,percent_off,10,,,1,,50,",
        "e9,k,c1,2024-03-01,email,none,,,,1,,50,",
        "e9,k,c1,2024-03-01,email,percent_off,10,,,0,,0,",
    ],
    ids=["held out", "no offer", "no purchase"],
)
def test_where_nothing_can_have_been_given_away_an_empty_discount_is_none(
    store: Store, export: Export, row: str
) -> None:
    assert ingest(store, export(exposures=f"{SENT}{row}\n")).rejected == 0
    with store.begin() as conn:
        assert read_exposures(conn)["discount"].tolist() == [0.0]


def test_products_may_lack_what_they_do_not_have_but_not_lie(store: Store, export: Export) -> None:
    text = "product_id,name,category,price,stock\np1,,,,-3\np2,Soap,,-1,\np3,Soap,beauty,1,many\n"
    result = ingest(store, export(products=text))
    assert [(line, reason.split(":")[0]) for _, line, reason, _ in rejected(result.rejects)] == [
        (3, "price"),
        (4, "stock"),
    ]
    with store.begin() as conn:
        assert read_products(conn)["category"].tolist() == [None]


def test_a_customer_twice_with_other_content_keeps_the_first(store: Store, export: Export) -> None:
    result = ingest(store, export(customers=CUSTOMERS + "c1,2024-01-05,0,gold\n"))
    [(_, line, reason, _)] = rejected(result.rejects)
    assert line == 5
    assert reason == (
        "customer_id: expected once in the file, received 'c1' again with other content (first on line 2)"
    )


def test_an_order_has_one_customer(store: Store, export: Export) -> None:
    result = ingest(store, export(orders=ORDERS + "o1,c2,p1,2024-03-01,1,1\n"))
    [(_, line, reason, _)] = rejected(result.rejects)
    assert line == 5
    assert "customer of the order's first line (2)" in reason


def test_orders_of_a_rejected_customer_are_rejected_too(store: Store, export: Export) -> None:
    result = ingest(store, export(customers=CUSTOMERS.replace("c1,2024-01-05", "c1,soon"), orders=ORDERS))
    found = [(file, line) for file, line, _, _ in rejected(result.rejects)]
    assert found == [("customers.csv", 2), ("orders.csv", 2), ("orders.csv", 3)]


def test_a_credit_to_an_unknown_message_is_rejected_where_messages_are_known(
    store: Store, export: Export
) -> None:
    orders = "order_id,customer_id,product_id,ordered_at,quantity,unit_price,exposure_id\n" + (
        "o1,c1,p1,2024-03-01,1,1,e1\no2,c1,p1,2024-03-01,1,1,e9\n"
    )
    folder = export(orders=orders)
    assert ingest(store, folder).rejected == 0
    result = ingest(store, export(orders=orders, exposures=EXPOSURES))
    assert [(line, reason[:12]) for _, line, reason, _ in rejected(result.rejects)] == [(3, "exposure_id:")]


def test_lines_are_those_of_the_file_whatever_stands_between(store: Store, export: Export) -> None:
    text = (
        'product_id,name,category,price\r\np1,"two\r\nlines",a,1\r\n\r\np2,b,c,-1\r\n   \r\n'
        'p3,"three\n\nlines",a,x\r\np4,d,e,1\r\np5,f,g,-2'
    )
    result = ingest(store, export(products=text))
    assert [line for _, line, _, _ in rejected(result.rejects)] == [5, 7, 11]


def test_an_unclosed_quote_loses_one_line(store: Store, export: Export) -> None:
    lines = [f"p{number},Soap,beauty,1\n" for number in range(300)]
    lines[100] = 'p100,"Soap,beauty,1\n'
    result = ingest(store, export(products="product_id,name,category,price\n" + "".join(lines)))
    [(_, line, reason, _)] = rejected(result.rejects)
    assert line == 102
    assert "never closed" in reason
    with store.begin() as conn:
        assert count_rows(conn)["products"] == 299


def test_a_line_without_end_loses_itself_only(store: Store, export: Export) -> None:
    text = "product_id,name,category,price\np1,a,b,1\np2," + "x" * 3_000_000 + ",b,1\np3,a,b,1\np4,a,b,-1\n"
    result = ingest(store, export(products=text))
    found = rejected(result.rejects)
    assert [line for _, line, _, _ in found] == [3, 5]
    assert len(found[0][3]) < 10_000
    with store.begin() as conn:
        assert read_products(conn)["product_id"].tolist() == ["p1", "p3"]


def test_rejects_lie_beside_the_export_and_show_the_row(store: Store, export: Export) -> None:
    folder = export(products="product_id,name,category,price\np1,Soap,beauty,free\n")
    result = ingest(store, folder)
    assert result.rejects == folder / "rejects.csv"
    assert rejected(result.rejects)[0][3] == "p1,Soap,beauty,free"


def test_rejects_go_where_they_are_wanted(store: Store, export: Export, tmp_path: Path) -> None:
    folder = export(products="product_id,name,category,price\np1,Soap,beauty,free\n")
    wanted = tmp_path / "elsewhere" / "bad.csv"
    assert ingest(store, folder, rejects=wanted).rejects == wanted
    assert len(rejected(wanted)) == 1
    with pytest.raises(InvalidInput, match="not part of the export"):
        ingest(store, folder, rejects=folder / "products.csv")


def test_rejects_that_cannot_be_written_say_so(store: Store, export: Export, tmp_path: Path) -> None:
    folder = export(products="product_id,name,category,price\np1,Soap,beauty,free\np2,Robot,toys,2\n")
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="the good rows went in"):
        ingest(store, folder, rejects=tmp_path / "file" / "rejects.csv")
    with store.begin() as conn:
        assert count_rows(conn)["products"] == 1


def test_the_rejects_of_an_earlier_load_do_not_stay(store: Store, export: Export) -> None:
    folder = export(products="product_id,name,category,price\np1,Soap,beauty,free\n")
    ingest(store, folder)
    assert ingest(store, export(products=PRODUCTS)).rejects is None
    assert not (folder / "rejects.csv").exists()


def test_a_file_of_that_name_that_is_not_ours_is_left_alone(store: Store, export: Export) -> None:
    folder = export(products="product_id,name,category,price\np1,Soap,beauty,free\n", rejects="my,own\n1,2\n")
    assert ingest(store, folder).rejects == folder / "rejects-1.csv"
    assert (folder / "rejects.csv").read_text() == "my,own\n1,2\n"


def test_a_link_in_place_of_the_rejects_is_not_followed(store: Store, export: Export, tmp_path: Path) -> None:
    folder = export(products="product_id,name,category,price\np1,Soap,beauty,free\n")
    precious = tmp_path / "precious.txt"
    precious.write_text("keep me")
    (folder / "rejects.csv").symlink_to(precious)
    result = ingest(store, folder)
    assert precious.read_text() == "keep me"
    assert len(rejected(result.rejects)) == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_the_rejects_is_a_formula(store: Store, export: Export, start: str) -> None:
    text = f'product_id,name,category,price\n"{start}cmd|x!A1",Soap,beauty,free\n'
    result = ingest(store, export(products=text))
    [(_, _, reason, row)] = rejected(result.rejects)
    assert not reason.startswith(start)
    shown = row.removeprefix("'")
    assert shown.startswith((start, f'"{start}'.strip(), start.strip() or "cmd"))
    assert not row.startswith(start)


def test_a_lowest_price_may_lie_above_the_price_but_not_below_nothing(store: Store, export: Export) -> None:
    # A price that was cut today was higher on every one of the last 30 days.
    head = PRODUCTS.splitlines()[0] + ",lowest_price_30d\n"
    rows = "p1,Soap,beauty,4.50,3.99\np2,Robot,toys,20,25\np3,Cup,home,5,\np4,Pen,home,5,-1\n"

    result = ingest(store, export(products=head + rows))

    assert [reason for _, _, reason, _ in rejected(result.rejects)] == [
        "lowest_price_30d: expected a number of 0 or more, received '-1'"
    ]
    with store.begin() as conn:
        lowest = read_products(conn).set_index("product_id")["lowest_price_30d"]
    assert lowest.to_dict() == pytest.approx({"p1": 3.99, "p2": 25.0, "p3": float("nan")}, nan_ok=True)
