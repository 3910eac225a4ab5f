"""Personal data: recognised by name and by what it looks like, kept only as a keyed hash or not at all."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import text

from copilot.errors import InvalidInput
from copilot.shop.ingest import ingest
from copilot.store import Store, forget_customer, open_store, read_customers, read_orders
from tests.unit.shop.ingest.exports import Export, rejected

NAMES = [
    "email",
    "E-Mail",
    "emailAddress",
    "Mobile",
    "billing_phone_number",
    "first_name",
    "Nachname",
    "customer_name",
    "Straße",
    "address_1",
    "date_of_birth",
    "Geburtsdatum",
    "ip_address",
    "credit_card_number",
    "IBAN",
    "passport_number",
    "latitude",
    "手机号",
    "会员手机号",
    "姓名",
    "收货地址",
    "身份证号",
    "prénom",
    "téléphone",
    "fecha_de_nacimiento",
    "телефон",
    "電話番号",
    "Full-Name",
    "shipping_street",
    "username",
]
HARMLESS = [
    "email_opens_90d",
    "phone_brand",
    "segment_name",
    "loyalty_card",
    "has_phone",
    "birth_year",
    "city",
    "country",
    "age",
    "channel",
    "ip_country",
    "account_age",
    "place",
    "邮件订阅",
    "手机品牌",
    "zip_code",
    "history_segment",
    "first_order_category",
    "newsletter",
    "state",
]


def everything(store: Store) -> str:
    """All that the store's file holds, as text."""
    store.dispose()
    folder = Path(str(store.engine.url.database)).parent
    return "".join(path.read_bytes().decode("latin-1") for path in folder.glob("shop.db*"))


@pytest.mark.parametrize("name", NAMES)
def test_a_column_with_a_personal_name_is_kept_out(store: Store, export: Export, name: str) -> None:
    result = ingest(store, export(customers=f"customer_id,{name},tier\nc1,abc,gold\nc2,def,silver\n"))
    with store.begin() as conn:
        assert list(read_customers(conn).columns) == ["customer_id", "tier"]
    assert len(result.personal) == 1


@pytest.mark.parametrize("name", HARMLESS)
def test_a_column_that_only_sounds_like_it_is_an_attribute(store: Store, export: Export, name: str) -> None:
    result = ingest(store, export(customers=f"customer_id,{name}\nc1,Urban\nc2,Rural\n"))
    assert result.personal == ()
    with store.begin() as conn:
        assert len(read_customers(conn).columns) == 2


def cards(count: int) -> list[str]:
    """Numbers with a card's check digit."""
    draw, found = random.Random(5), []
    while len(found) < count:
        digits = [4, *(draw.randrange(10) for _ in range(14))]
        doubled = [2 * digit - 9 * (digit > 4) for digit in digits[::2]]
        check = -(sum(doubled) + sum(digits[1::2])) % 10
        found.append("".join(map(str, [*digits, check])))
    return found


FIRST = ["Anna", "Ben", "Carla", "David", "Eva", "Felix", "Greta", "Hans", "Ida", "Jan"]
LAST = ["Meier", "Schulz", "Weber", "Wagner", "Becker", "Hoffmann", "Koch", "Richter", "Klein", "Wolf"]


@pytest.mark.parametrize(
    "values",
    [
        ["anna@example.com", "ben@example.org"],
        ["likes soap", "write to carla@example.com please", "x"],
        ["+49 170 1234567", "+49 171 7654321"],
        ["0170 1234567", "0171-7654321"],
        ["13812345678", "13987654321"],
        ["(415) 555-2671", "415-555-2672"],
        ["DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19"],
        cards(5),
        ["192.168.1.20", "10.0.0.7"],
        ["11010519491231002X", "440524188001010014"],
        ["12 Baker Street", "7 Elm Road"],
        ["Hauptstraße 5", "Lindenweg 12"],
        [f"{first} {last}" for first in FIRST for last in LAST[:4]],
        [f"{surname}{given}" for surname in "王李张刘陈杨黄赵" for given in ("伟", "芳", "秀英", "敏")],
    ],
    ids=[
        "mail",
        "note",
        "phone",
        "national",
        "china",
        "america",
        "iban",
        "card",
        "ip",
        "identity",
        "street",
        "strasse",
        "names",
        "chinese",
    ],
)
def test_a_column_that_looks_personal_is_kept_out_whatever_its_name(
    store: Store, export: Export, values: list[str]
) -> None:
    rows = "".join(f"c{number},{value},gold\n" for number, value in enumerate(values))
    result = ingest(store, export(customers=f"customer_id,field_7,tier\n{rows}"))
    assert result.personal == ("field_7",)
    assert any("field_7" in note for note in result.notes)
    assert not any(value in everything(store) for value in values if len(value) > 2)


@pytest.mark.parametrize(
    "values",
    [
        ["2024-01-05", "2023-12-31"],
        ["01-02-2024", "05/06/2023"],
        ["1) $0 - $100", "2) $100 - $200"],
        ["New York", "Los Angeles"],
        ["142.44", "5000"],
        ["1712345678", "1698765432"],
        ["6940095564000", "6940095564113"],
        ["A-12", "B 7"],
    ],
)
def test_a_column_that_does_not_is_an_attribute(store: Store, export: Export, values: list[str]) -> None:
    rows = "".join(f"c{number},{values[number % len(values)]}\n" for number in range(40))
    assert ingest(store, export(customers=f"customer_id,field_7\n{rows}")).personal == ()


def test_postal_codes_are_kept_out_but_areas_are_not(store: Store, export: Export) -> None:
    codes = "".join(f"c{number},{10115 + number}\n" for number in range(30))
    assert ingest(store, export(customers=f"customer_id,zip_code\n{codes}")).personal == ("zip_code",)


def test_text_that_differs_for_everybody_is_left_out(store: Store, export: Export) -> None:
    rows = "".join(
        f"c{number},remark number {number} about this and that,{number % 7}\n" for number in range(60)
    )
    result = ingest(store, export(customers=f"customer_id,remark,tier\n{rows}"))
    assert result.left_out == ("remark",)
    assert "about this and that" not in everything(store)


def test_contact_data_is_kept_only_as_a_keyed_hash(store: Store, export: Export, tmp_path: Path) -> None:
    people = "customer_id,email,phone,name\nc1,Anna@Example.com,+49 170 1234567,Anna Meier\n"
    result = ingest(store, export(customers=people))
    assert result.personal == ("email", "phone", "name")
    with store.begin() as conn:
        assert list(read_customers(conn).columns) == ["customer_id"]
        kept = conn.execute(text("SELECT email, phone, name FROM customers")).one()
    other = open_store(tmp_path / "other.db")
    ingest(other, export(customers=people.replace("Anna@Example.com", " anna@example.COM")))
    with other.begin() as conn:
        others = conn.execute(text("SELECT email, phone, name FROM customers")).one()
    other.dispose()
    assert all(len(value) == 32 for value in (*kept, *others))
    assert not set(kept) & set(others), "each store has a key of its own"
    assert not any(value in everything(store) for value in ("xample.com", "1234567", "Meier"))


def test_case_and_spaces_do_not_make_another_person(store: Store, export: Export) -> None:
    ingest(store, export(customers="customer_id,email,phone\nc1,anna@example.com,+49 170 1\n"))
    result = ingest(store, export(customers="customer_id,email,phone\nc1, Anna@EXAMPLE.com ,49-170-1\n"))
    assert result.files[0].unchanged == 1


def test_the_owner_may_keep_contact_data_as_it_is(store: Store, export: Export) -> None:
    ingest(store, export(customers="customer_id,email\nc1,anna@example.com\n"), keep_personal=True)
    with store.begin() as conn:
        assert conn.execute(text("SELECT email FROM customers")).scalar() == "anna@example.com"
        assert list(read_customers(conn).columns) == ["customer_id"]


def test_a_customer_id_that_is_an_address_is_hashed_everywhere(store: Store, export: Export) -> None:
    orders = "order_id,customer_id,product_id,ordered_at,quantity,unit_price\n"
    orders += "o1,ANNA@example.com,p1,2024-03-01,1,1\n"
    result = ingest(store, export(customers="customer_id\nanna@example.com\n", orders=orders))
    assert result.rejected == 0
    with store.begin() as conn:
        assert read_orders(conn)["customer_id"].tolist() == read_customers(conn)["customer_id"].tolist()
        assert forget_customer(conn, "anna@example.com") == {"customers": 1, "orders": 1, "exposures": 0}
    assert "anna@" not in everything(store).casefold()


def test_an_own_key_is_used_and_never_stored(
    store: Store, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPILOT_HASH_KEY", "correct horse battery")
    folder = export(customers="customer_id,email\nc1,anna@example.com\n")
    ingest(store, folder)
    assert ingest(store, folder).files[0].unchanged == 1
    assert "correct horse" not in everything(store)
    for other in ("another", None):
        monkeypatch.setenv("COPILOT_HASH_KEY", other) if other else monkeypatch.delenv("COPILOT_HASH_KEY")
        with pytest.raises(InvalidInput, match="the key this store was filled with"):
            ingest(store, folder)


def test_rejects_do_not_tell_who_it_was(store: Store, export: Export) -> None:
    people = (
        "customer_id,email,birthday,signed_up_on,tip\nc1,anna@example.com,1990-05-05,soon,+49 170 1234567\n"
    )
    orders = "order_id,customer_id,product_id,ordered_at,quantity,unit_price,Billing Name\n"
    orders += "o1,c1,p1,x,1,1,Anna Meier\n"
    result = ingest(store, export(customers=people + "c2,ben@example.com\n", orders=orders))
    assert result.rejects is not None
    said = result.rejects.read_text()
    assert len(rejected(result.rejects)) == 3
    assert not [word for word in ("anna@", "1990", "1234567", "Meier", "ben@") if word in said]


def test_an_attribute_that_turns_out_to_be_personal_is_deleted(store: Store, export: Export) -> None:
    ingest(store, export(customers="customer_id,field_7\nc1,blue\nc2,green\n"))
    result = ingest(store, export(customers="customer_id,field_7\nc3,anna@example.com\n"))
    assert any("deleted from the store" in note for note in result.notes)
    with store.begin() as conn:
        assert list(read_customers(conn).columns) == ["customer_id"]
