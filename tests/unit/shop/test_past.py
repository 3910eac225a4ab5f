"""What of a shop's history has happened: rows after now are left out, unless most are."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from copilot.shop.context import Days, ShopContext, inline_context, read_context
from copilot.shop.ingest import ingest
from copilot.shop.inline import Inline
from copilot.shop.past import past_of, span_of
from copilot.store import Span, Store, count_rows, open_store

NOW = datetime(2026, 11, 22, 15)
BEFORE = datetime(2025, 6, 29, 9)
LATER = datetime(2027, 8, 5)
ORDERED = ("2025-06-01", "2025-06-20T18:00:00Z", "2099-08-05")
SENT = ("2025-06-02T09:00:00Z", "2025-06-02T09:00:00Z", "2027-01-01")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Two orders and two exposures of June 2025, and one of each from the future."""
    orders = [f"o{row},c1,p1,{time},1,10" for row, time in enumerate(ORDERED)]
    sent = [f"e{row},k{row},c1,{time},email,none,0,0,0,0" for row, time in enumerate(SENT)]
    lines = {
        "customers": ["customer_id", "c1", "c2"],
        "products": ["product_id,name,category,price", "p1,Soap,beauty,10"],
        "orders": ["order_id,customer_id,product_id,ordered_at,quantity,unit_price", *orders],
        "exposures": [
            "exposure_id,campaign_id,customer_id,sent_at,channel,offer_type,converted,revenue,discount,clicked",
            *sent,
        ],
    }
    for name, content in lines.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(content) + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def store(export: Path, tmp_path: Path) -> Store:
    opened = open_store(tmp_path / "shop.db")
    ingest(opened, export)
    return opened


def looked_at(store: Store, now: datetime) -> ShopContext:
    return read_context(store, Days(None, None, None, now))


def test_rows_after_now_are_left_out_with_a_note_that_counts_them() -> None:
    spans = {"orders.csv": Span(12_779, 1, BEFORE, LATER), "exposures.csv": Span(13_500, 0, BEFORE, BEFORE)}
    past = past_of(spans, NOW)
    assert past.last == BEFORE
    assert past.notes == (
        "1 of 12,779 rows of orders.csv is dated after now (2026-11-22), up to 2027-08-05: left out until "
        "then; where a date is wrong, correct it and run `copilot ingest` again",
    )
    both = past_of({**spans, "exposures.csv": Span(13_500, 2, None, datetime(2099, 1, 1))}, NOW)
    assert len(both.notes) == 1
    assert "of orders.csv and 2 of 13,500 rows of exposures.csv are dated" in both.notes[0]
    assert "up to 2099-01-01" in both.notes[0]
    times = pd.DataFrame({"at": pd.to_datetime([BEFORE, LATER, None])})
    assert past.rows(times, "at")["at"].isna().tolist() == [False, True]


def test_nothing_is_said_of_a_history_that_lies_before_now() -> None:
    past = past_of({"orders.csv": Span(3, 0, BEFORE, BEFORE), "exposures.csv": Span(0, 0, None, None)}, NOW)
    assert (past.last, past.notes) == (BEFORE, ())
    assert past_of({"orders.csv": Span(0, 0, None, None)}, NOW).last is None


@pytest.mark.parametrize(("after", "kept"), [(5, False), (6, True)])
def test_where_most_rows_are_after_now_the_clock_is_doubted_and_all_count(after: int, kept: bool) -> None:
    spans = {"orders.csv": Span(10, 1, BEFORE, LATER), "exposures.csv": Span(10, after, BEFORE, LATER)}
    past = past_of(spans, NOW)
    assert (past.until is None) == kept
    assert past.last == (LATER if kept else BEFORE)
    assert len(past.notes) == 1
    assert ("is this machine's clock right?" in past.notes[0]) == kept
    if kept:
        assert "most rows of exposures.csv (6 of 10) are dated after now (2026-11-22)" in past.notes[0]
        assert len(past.rows(pd.DataFrame({"at": [BEFORE, LATER]}), "at")) == 2


def test_a_local_time_without_a_zone_is_not_the_future() -> None:
    hours = [timedelta(hours=13), timedelta(hours=15)]
    assert span_of(pd.Series([NOW + ahead for ahead in hours]), NOW).after == 1


def test_the_day_and_what_is_known_of_customers_ignore_rows_after_now(store: Store) -> None:
    shop = looked_at(store, NOW)
    assert shop.as_of == date(2025, 6, 21)
    assert shop.attributes.loc["c1", "orders_365d"] == 2
    assert len(shop.arms) == 2
    assert [note for note in shop.notes if "after now" in note] == [
        "1 of 3 rows of orders.csv and 1 of 3 rows of exposures.csv are dated after now (2026-11-22), up to "
        "2099-08-05: left out until then; where a date is wrong, correct it and run `copilot ingest` again."
    ]


def test_rows_stay_in_the_store_and_count_when_their_time_comes(store: Store) -> None:
    looked_at(store, NOW)
    with store.begin() as connection:
        counts = count_rows(connection)
    assert (counts["orders"], counts["exposures"]) == (3, 3)
    shop = looked_at(store, datetime(2027, 1, 5))
    assert shop.as_of == date(2027, 1, 2)
    assert len(shop.arms) == 3
    assert any("1 of 3 rows of orders.csv is dated after now" in note for note in shop.notes)


def test_a_shop_made_up_in_the_future_is_taken_as_it_is(store: Store) -> None:
    shop = looked_at(store, datetime(2025, 1, 1))
    assert shop.as_of == date(2099, 8, 6)
    assert any("clock right? All count." in note for note in shop.notes)


def test_orders_given_inline_are_held_against_the_clock_too(store: Store) -> None:
    orders = [
        {
            "order_id": f"o{row}",
            "customer_id": "c9",
            "product_id": "p1",
            "ordered_at": time,
            "quantity": 1,
            "unit_price": 10,
        }
        for row, time in enumerate(("2025-05-01", "2025-05-03", "2027-08-05"))
    ]
    inline = Inline([{"customer_id": "c9"}], [], orders)
    shop = inline_context(store, inline, Days(None, None, None, NOW))
    assert shop.as_of == date(2025, 5, 4)
    assert any("1 of 3 rows of the orders given" in note for note in shop.notes)
    without = inline_context(store, Inline([{"customer_id": "c9"}]), Days(None, None, None, NOW))
    assert without.as_of == date(2025, 6, 21)
