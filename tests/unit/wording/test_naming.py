"""Categories as customers read them."""

from __future__ import annotations

import time

import pytest

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.domain.draft import Copy
from copilot.wording import Grounds, check_copy, render
from copilot.wording.naming import in_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("beauty", "beauty"),
        ("beauty_care", "beauty care"),
        ("Beauty__Care_", "Beauty Care"),
        ("skin-care", "skin care"),
        ("home-and-garden", "home and garden"),
        ("Home & Garden", "Home & Garden"),
        ("t-shirts", "t-shirts"),
        ("T-Shirts", "T-Shirts"),
        ("Anti-Ageing", "Anti-Ageing"),
        ("make-up", "make-up"),
        ("ready-to-wear", "ready-to-wear"),
        ("pre-owned", "pre-owned"),
        ("e-bikes_and_parts", "e-bikes and parts"),
        ("vitamin_b12", "vitamin b12"),
        ("美妆_个护", "美妆 个护"),
        ("美妆个护", "美妆个护"),
        ("3C数码", "3C数码"),
        ("3c", "3c"),
        ("collection_summer", "collection summer"),
        ("products", "products"),
        ("tag_heuer", "tag heuer"),
        ("node", "node"),
        ("4K TVs", "4K TVs"),
        ("Size 38-40", "Size 38-40"),
        ("Cats 2 Love", "Cats 2 Love"),
    ],
)
def test_a_name_is_put_in_words(name: str, words: str) -> None:
    assert in_words(name) == words


@pytest.mark.parametrize(
    "name",
    ["cat_17", "CAT-0017", "category 3", "c12", "10482", "10-482", "id:10482", "cat_id_9", "类目17", "#12",
     "prod_17", "product-17", "SKU_123", "collection_9", "coll 9", "node_12a", "tag:12", "-", "_", "—", " ",
     "7f3a9c04-1b2c-4d5e-8f90-123456789abc", "5f1d7a3b9c0e4d2f8a6b7c1d"],
)  # fmt: skip
def test_a_raw_id_is_no_name(name: str) -> None:
    assert in_words(name) == ""


def test_a_long_name_is_read_in_no_time() -> None:
    began = time.perf_counter()
    for text in ("cat_" * 1_250, "a-" * 2_500, "_" * 5_000, "f" * 5_000, "c" * 80, "cat " * 20):
        in_words(text)
    assert time.perf_counter() - began < 0.1


def draft(category: str, body: str) -> StrategyDraft:
    offer = {"type": "percent_off", "value": 20}
    data = {"draft_id": "d", "channel": "push", "category": category, "offer": offer, "copy": {"body": body}}
    return parse(StrategyDraft, data)


def broken(category: str, body: str) -> set[str]:
    checks = check_copy(draft(category, body), CampaignBrief(), Grounds("EUR"))
    return {check.rule for check in checks if not check.passed}


def test_the_slot_says_the_words_and_has_no_value_for_a_raw_id() -> None:
    body = "{discount} off {category}."
    assert render(Copy(body=body), draft("beauty_care", body), Grounds("EUR")).body == "20% off beauty care."
    assert broken("beauty_care", body) == set()
    assert broken("cat_17", body) == {"copy_slots"}


def test_a_category_may_be_written_either_way() -> None:
    assert broken("top_100", "{discount} off top 100.") == set()
    assert broken("top_100", "{discount} off top_100.") == set()
    assert broken("top_100", "{discount} off top 200.") == {"copy_figures"}


@pytest.mark.parametrize(
    ("category", "body"),
    [
        ("best_sellers", "{discount} off our best sellers."),
        ("last_chance", "Last chance: {discount} off."),
        ("free_shipping", "{discount} off and free shipping."),
        ("half_price", "Half price today, with {discount} off."),
    ],
)
def test_words_of_a_category_id_excuse_nothing_in_the_copy(category: str, body: str) -> None:
    assert broken(category, body) == broken("lamps", body) != set()
    assert broken(category, "{discount} off {category}.") == set()
