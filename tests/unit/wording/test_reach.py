"""An offer on some goods may not be told as one on everything; what is true of the whole shop may be said."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.wording import Grounds, check_copy
from copilot.wording.reach import overreaching

HAN = re.compile("[\u4e00-\u9fff]")
SOME: dict[str, dict[str, Any]] = {"category": {"category": "Lamps"}, "products": {"product_ids": ["p1"]}}
PERCENT = {"type": "percent_off", "value": 15, "code": "SPRING"}


def refusal(
    body: str, scope: dict[str, Any], offer: dict[str, Any] | None = None, **brief: Any
) -> str | None:
    data = {"draft_id": "d", "channel": "email", "offer": offer or PERCENT, **scope}
    draft = parse(StrategyDraft, {**data, "copy": {"subject": "News", "body": body}})
    brief = {"language": "zh" if HAN.search(body) else "en", **brief}
    names = ("Reading lamp",) if draft.product_ids else ()
    checks = check_copy(draft, parse(CampaignBrief, brief), Grounds("EUR", names))
    return next((one.message for one in checks if one.rule == "copy_promises" and not one.passed), None)


REACHING = [
    "{discount} off everything in the shop", "{discount} off everything in our whole shop",
    "{discount} off storewide", "Save {discount} storewide", "Enjoy {discount} off, storewide.",
    "Storewide: {discount} off", "Our store-wide sale is on", "Everything in the shop is {discount} off",
    "Everything in the shop now {discount} off", "{discount} off anything we sell",
    "{discount} off the entire store", "{discount} off site-wide with code {code}",
    "The code works on everything in the shop: {code}", "{discount} off all our products",
    "Get {discount} off across our shop", "This offer is for every item in our store",
    "{discount} off lamps and everything else in the shop.", "{discount} off ev\u200berything in the shop",
    "全场{discount}", "全场立减{discount}", "全店{discount}", "全店商品立减{discount}",
    "全场，立减{discount}", "全场下单立减{discount}", "全场通用，立减{discount}", "立减{discount}，全场可用",
    "立减{discount}：全场商品",
    "购买全场商品，立减{discount}", "所有商品立减{discount}", "店内所有商品减{discount}",
    "全站优惠，立减{discount}",
    "全場立減{discount}",
    "{discount} off everything", "Everything is {discount} off", "Everything's {discount} off",
    "Until {ends_on}: {discount} off everything", "Save {discount} on all items today",
    "{discount} off all products", "{discount} off every product", "{discount} off your whole order",
    "{discount} off the entire order.", "{discount} off every single thing in the shop",
    "All products now {discount} off", "New lamps are in. Everything is {discount} off.",
    "{discount} off all our products in our shop", "Storewide - {discount} off",
    "Why not treat yourself to everything in the shop, {discount} off everything in the shop",
    "Use {code} on your whole order for {discount} off", "{discount} off {category} and everything else",
    "今天全部立减{discount}",
    "全部立减{discount}", "新品上架，全部立减{discount}", "整场立减{discount}", "全单立减{discount}",
    "全网立减{discount}",
    "店铺所有宝贝立减{discount}", "通通{discount}",
]  # fmt: skip


@pytest.mark.parametrize("scope", list(SOME))
@pytest.mark.parametrize("body", REACHING)
def test_what_an_offer_on_some_goods_gives_is_not_told_of_the_whole_shop(body: str, scope: str) -> None:
    message = refusal(body, SOME[scope])

    assert message is not None
    assert "promises the offer for the whole shop" in message
    assert refusal(body, {}) is None


def test_it_is_told_with_its_place_and_what_to_name_instead() -> None:
    message = "copy.body, character 4: 'storewide' promises the offer for the whole shop; it holds for"

    on_lamps = refusal("It, storewide: {discount} off", SOME["category"])
    on_one = refusal("Now storewide: {discount} off", SOME["products"])

    assert on_lamps == f"{message.replace('4', '5')} the category {{category}} only, name that instead"
    assert on_one == f"{message.replace('4', '5')} {{product}} only, name that instead"


def test_no_slot_is_advised_that_has_no_value() -> None:
    on_an_id = refusal("Now storewide: {discount} off", {"category": "cat_17"})

    assert on_an_id is not None
    assert on_an_id.endswith('it holds for "our selection" only, name that instead')


@pytest.mark.parametrize(
    ("offer", "body"),
    [
        ({"type": "free_shipping"}, "Free delivery on everything in the shop"),
        ({"type": "free_shipping"}, "全场包邮"),
        ({"type": "points", "value": 50}, "{points} points on everything in the shop"),
        ({"type": "gift", "value": 5}, "{gift} with anything in our shop"),
        ({"type": "buy_x_get_y", "buy_quantity": 2, "get_quantity": 1}, "全场买{buy}送{get}"),
        ({"type": "fixed_price", "value": 9}, "Everything we sell at {price}"),
    ],
)
def test_it_is_so_of_every_offer(offer: dict[str, Any], body: str) -> None:
    assert "the whole shop" in (refusal(body, SOME["category"], offer) or "")
    assert refusal(body, {}, offer) is None


HONEST = [
    "{discount} off {category}, and everything in the shop is wrapped by hand.",
    "Everything in the shop is handmade, and {category} is {discount} off.",
    "Everything in the shop is handmade and {category} is {discount} off.",
    "{discount} off {category}, not storewide.", "{discount} off everything in {category}",
    "{discount} off while everything in the shop is being repainted",
    "All our products are cruelty-free. {discount} off {category}.",
    "All our products come gift-wrapped, with {discount} off {category}",
    "We stand behind everything we sell. Enjoy {discount} off {category}.",
    "Our whole shop smells of spring: {discount} off {category}",
    "Our shop is wide open: {discount} off {category}", "{discount} off the whole range",
    "Throughout our shop you find new lamps. {discount} off {category}",
    "全店上新，{category}立减{discount}", "全店商品手工制作，{category}立减{discount}",
    "{category}立减{discount}，全店上新", "{category}所有商品立减{discount}",
    "并非全场优惠，仅{category}立减{discount}",
    "{discount} off everything on the {category} shelf",
    "{discount} off all our items in {category}", "{discount} off everything from {category}",
    "The offer does not apply to everything in the shop, only {category}: {discount} off",
    "The code isn't valid for all products, only for {category}", "This offer is not on everything.",
    "{discount} off {category}; it excludes sale items across our shop",
    "{discount} off {category}. The offer excludes sale items across our shop.",
    "We are proud of everything we make - {discount} off {category}",
    "We are proud of everything we make — {discount} off {category}.",
    "{category} week: {discount} off every item",
    "Our {category} are here, and all items are {discount} off.",
    "Everything you need for spring, and {category} is {discount} off.",
    "Everything smells of spring and you save {discount} on {category}",
    "{discount} off {category}, everything packed by hand",
    "Every item is made by hand. {category}: {discount} off",
    "Your whole order travels in paper. {discount} off {category}.",
    "{category}全部立减{discount}", "{category}上新，全部立减{discount}", "{category}通通{discount}",
    "优惠不适用于全场，仅{category}立减{discount}", "全部手工制作，{category}立减{discount}",
    "店铺上新，{category}立减{discount}", "全网同步上新，{category}立减{discount}",
    "全店送货上门，{category}立减{discount}", "本店所有陶器均为手工，{category}立减{discount}",
]  # fmt: skip


@pytest.mark.parametrize("body", HONEST)
def test_what_is_true_of_the_whole_shop_may_be_said(body: str) -> None:
    assert refusal(body, SOME["category"]) is None


def test_a_message_without_an_offer_may_invite_to_everything() -> None:
    assert refusal("Storewide: new lamps, free of plastic", SOME["category"], {"type": "none"}) is None


def test_the_brief_answers_for_what_it_orders() -> None:
    assert refusal("Storewide sale: {discount}", SOME["category"], must_say=["Storewide sale"]) is None


@pytest.mark.parametrize(
    "part",
    [
        "storewide ",
        "{discount} ",
        "off ",
        "sale ",
        "all our ",
        "全场",
        "全场都",
        "{discount}全场商品 ",
        "购买全场",
        "everything ",
        "not on ",
        "is is now ",
        "{discount} off on ",
        "全部",
        "a. everything at ",
    ],
)
def test_a_long_hostile_text_takes_milliseconds(part: str) -> None:
    text = (part * 5_000)[:5_000]
    begun = time.process_time()
    list(overreaching(text, re.sub(r"\{\w+\}", lambda found: "\ufffc" * len(found[0]), text)))

    assert time.process_time() - begun < 0.3
