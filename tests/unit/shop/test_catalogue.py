"""Prices, margins and baskets by scope, and past arms against their own holdout."""

from __future__ import annotations

import time
from datetime import date, datetime

import pandas as pd
import pytest

from copilot.errors import UnknownName
from copilot.shop.arms import past_arms
from copilot.shop.catalogue import Catalogue
from copilot.shop.context import Days
from tests.fakes.shop import small_shop


def test_the_margin_of_a_scope_is_weighted_by_what_was_sold() -> None:
    catalogue = small_shop().catalogue
    # Tea sold for 20 and 40, both at 60 %; mugs for 15 at 30 %: (60 * 0.6 + 15 * 0.3) / 75.
    assert catalogue.facts(("tea", ())).margin == pytest.approx(0.6)
    assert catalogue.facts((None, ())).margin == pytest.approx(0.54)


def test_products_without_a_cost_have_the_shops_margin_and_an_unknown_scope_too() -> None:
    shop = small_shop()
    products = shop.catalogue.products.reset_index().assign(unit_cost=None)
    catalogue = Catalogue.of(products, None, shop.settings)
    assert catalogue.facts(("tea", ())).margin == pytest.approx(0.4)
    assert catalogue.facts(("nothing", ())).margin == pytest.approx(0.4)


def test_the_median_basket_counts_what_orders_hold_of_the_scope() -> None:
    catalogue = small_shop().catalogue
    assert catalogue.facts(("tea", ())).median_basket == 30
    assert catalogue.facts((None, ())).median_basket == 37.5
    assert catalogue.facts((None, ("mug",))).median_basket == 15
    assert catalogue.facts(("nothing", ())).median_basket is None


def test_stock_that_is_unknown_is_not_taken_for_empty() -> None:
    catalogue = small_shop().catalogue
    assert catalogue.facts(("mugs", ())).out_of_stock
    assert not catalogue.facts((None, ("black",))).out_of_stock
    assert catalogue.product_facts("black").stock is None


def test_past_arms_stand_beside_the_holdout_of_their_own_campaign() -> None:
    empty = (
        "offer_value",
        "buy_quantity",
        "get_quantity",
        "min_spend",
        "max_discount",
        "product_id",
        "arm_id",
    )
    common = {**dict.fromkeys(empty), "valid_days": 7.0, "category": "tea", "subject": "", "body": ""}
    rows = [
        ("one", "email", "none", 1, 1, 10.0),
        ("one", "email", "none", 0, 0, 0.0),
        ("one", "holdout", "none", 0, 1, 5.0),
        ("two", "sms", "free_shipping", 1, 1, 8.0),
    ]
    exposures = pd.DataFrame(
        [
            {**common, "campaign_id": name, "channel": channel, "offer_type": kind, "clicked": clicked,
             "converted": converted, "revenue": revenue, "discount": 0.0,
             "sent_at": datetime(2025, 1, 1 if name == "one" else 2)}
            for name, channel, kind, clicked, converted, revenue in rows
        ]
    )  # fmt: skip
    newest, oldest = past_arms(exposures)
    assert (newest.campaign_id, newest.holdout_conversion) == ("two", None)
    assert (oldest.customers, oldest.conversion, oldest.holdout_conversion) == (2, 0.5, 1.0)
    assert newest.terms == "free shipping, 7 days"


@pytest.mark.parametrize(
    ("starts_on", "wish", "last", "expected"),
    [
        (None, None, datetime(2025, 3, 1, 12), date(2025, 3, 2)),
        (date(2025, 1, 1), None, datetime(2025, 3, 1), date(2025, 1, 1)),
        (date(2025, 4, 1), None, datetime(2025, 3, 1), date(2025, 3, 2)),
        (date(2025, 4, 1), date(2024, 6, 1), datetime(2025, 3, 1), date(2024, 6, 1)),
        (None, None, None, date(2026, 1, 1)),
    ],
)
def test_the_day_is_the_earlier_of_the_start_and_the_day_after_the_last_event(
    starts_on: date | None, wish: date | None, last: datetime | None, expected: date
) -> None:
    day, notes = Days(starts_on, None, wish, datetime(2026, 1, 1)).decide(last)
    assert day == expected
    assert notes == ()


def test_a_wished_day_far_beyond_the_last_event_is_warned_of() -> None:
    last = datetime(2025, 6, 29, 20)
    now = datetime(2026, 1, 1)
    [warning] = Days(None, None, date(2025, 9, 28), now).warnings(last)
    assert "is of 2025-06-29, 91 days before 2025-09-28" in warning
    assert Days(None, None, date(2025, 9, 27), now).warnings(last) == ()
    assert Days(date(2026, 1, 1), None, None, now).warnings(last) == ()
    assert Days(None, None, date(2025, 9, 28), now).warnings(None) == ()


def test_a_last_event_long_before_the_start_is_told() -> None:
    _, notes = Days(date(2025, 12, 1), None, None, datetime(2026, 1, 1)).decide(datetime(2025, 3, 1))
    assert len(notes) == 1
    assert "2025-03-01" in notes[0]


def test_products_are_found_by_id_category_and_words_best_selling_first() -> None:
    catalogue = small_shop().catalogue
    assert catalogue.find(limit=2) == (["black", "green"], 1)
    assert catalogue.find(category="tea", limit=9) == (["black", "green"], 0)
    assert catalogue.find(query="TEA gre", limit=9) == (["green"], 0)
    assert catalogue.find(product_ids=["mug", "nothing", "green"], limit=9) == (["green", "mug"], 0)
    assert catalogue.find(query="coffee", limit=9) == ([], 0)
    with pytest.raises(UnknownName, match="unknown category 'teas'; known: tea"):
        catalogue.find(category="teas", limit=9)


def test_one_of_fifty_thousand_products_is_found_in_milliseconds() -> None:
    shop = small_shop()
    many = pd.DataFrame(
        {
            "product_id": [f"p{n}" for n in range(50_000)],
            "name": [f"Product number {n} of the long list" for n in range(50_000)],
            "category": [f"c{n % 3000}" for n in range(50_000)],
            "price": 9.99,
        }
    )
    catalogue = Catalogue.of(many, None, shop.settings)
    assert catalogue.find(query="LIST 47110", limit=20) == (["p47110"], 0)

    began = time.process_time()
    found, more = catalogue.find(query="number", limit=20)
    details = [catalogue.product_details(product_id) for product_id in found]
    assert time.process_time() - began < 0.1
    assert (len(details), more) == (20, 49_980)


def test_a_name_of_many_pages_is_searched_by_how_it_begins() -> None:
    names = ["Green " + "x" * 10_000 + " tail", "Mug"]
    table = pd.DataFrame({"product_id": ["a", "b"], "name": names, "category": "tea", "price": 1.0})
    found = Catalogue.of(table, None, small_shop().settings)

    assert found.find(query="GREEN", limit=5) == (["a"], 0)
    assert found.find(query="tail", limit=5) == ([], 0)
