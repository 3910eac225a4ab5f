"""Copy may not go against the offer's own terms: how long, how often, beside what, on which days."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.wording import Grounds, check_copy
from copilot.wording.offer_terms import misstated

HAN = re.compile("[\u4e00-\u9fff]")
PERCENT = {"type": "percent_off", "value": 20, "valid_days": 7, "limit_per_customer": 1, "stackable": False}


def a_draft(body: str, days: tuple[str, str] = ("2026-03-01", "2026-03-07"), **offer: Any) -> StrategyDraft:
    data = {"draft_id": "d", "channel": "email", "category": "Lamps", "offer": {**PERCENT, **offer}}
    plan = {"starts_on": days[0], "ends_on": days[1]}
    return parse(StrategyDraft, {**data, "plan": plan, "copy": {"subject": "News", "body": body}})


def refusal(body: str, days: tuple[str, str] = ("2026-03-01", "2026-03-07"), **offer: Any) -> str | None:
    brief = parse(CampaignBrief, {"language": "zh" if HAN.search(body) else "en"})
    checks = check_copy(a_draft(body, days, **offer), brief, Grounds("EUR"))
    return next((one.message for one in checks if one.rule == "copy_promises" and not one.passed), None)


FOR_EVER = [
    "{discount} off every order for life.", "{discount} off {category}, forever.",
    "Your lifetime discount is here",
    "{discount} off {category} with no expiry date", "This offer never ends.",
    "The code {code} never expires",
    "{category}立减{discount}，终身有效", "优惠永久有效", "永久立减{discount}", "长期有效，立减{discount}",
]  # fmt: skip
OFTEN = [
    "{discount} off {category}, use it as often as you like.", "Use the code as many times as you want",
    "{discount} off {category} every time you shop", "Enjoy {discount} off again and again",
    "Save {discount} on {category}: unlimited uses", "No limit per customer: {discount} off",
    "Use {code} as often as you wish", "{discount} off all your orders",
    "不限次数使用，{category}立减{discount}", "立减{discount}，不限次数", "想用几次就用几次，立减{discount}",
    "每次下单立减{discount}", "优惠码可重复使用",
]  # fmt: skip
STACKED = [
    "{discount} off {category}, combine it with any other offer.", "{discount} off on top of our sale prices",
    "Can be combined with other offers.", "Stack {discount} with your other codes",
    "This discount is stackable.",
    "Use it together with all our deals", "Not only {discount} off: combine it with any other offer",
    "{discount} off, valid with every other promotion", "On top of already reduced prices: {discount} off",
    "可与其他优惠同享，立减{discount}", "本券可叠加使用", "可叠加店铺满减", "优惠可叠加",
    "和会员折扣一起使用",
    "不仅立减{discount}，还可与其他优惠同享",
]  # fmt: skip
WRONG_DAY = [
    "Ends {starts_on}", "until {ends_on}, starting {ends_on}", "Valid until {starts_on}.",
    "Starts on {ends_on}!",
    "From {ends_on} to {starts_on}", "Last day: {starts_on}",
    "{discount} off between {ends_on} and {starts_on}",
    "{starts_on}截止", "截止{starts_on}", "活动{ends_on}开始", "从{ends_on}开始", "{ends_on}至{starts_on}",
]  # fmt: skip


@pytest.mark.parametrize("body", FOR_EVER)
def test_an_offer_of_some_days_is_not_told_as_one_for_ever(body: str) -> None:
    offer = {"code": "SPRING"} if "{code}" in body else {}

    assert "valid_days is 7, write until {ends_on}" in (refusal(body, **offer) or "")


@pytest.mark.parametrize("body", OFTEN)
def test_an_offer_once_a_customer_is_not_told_as_one_without_limit(body: str) -> None:
    offer = {"code": "SPRING"} if "{code}" in body else {}

    assert "limit_per_customer is 1, leave it out" in (refusal(body, **offer) or "")
    assert refusal(body, limit_per_customer=None, **offer) is None


@pytest.mark.parametrize("body", STACKED)
def test_an_offer_that_stands_alone_is_not_told_beside_others(body: str) -> None:
    assert "stackable is false, leave it out" in (refusal(body) or "")
    assert refusal(body, stackable=True) is None


@pytest.mark.parametrize("body", WRONG_DAY)
def test_the_slot_of_one_day_does_not_stand_for_the_other(body: str) -> None:
    assert re.search("tells the (?:first|last) day", refusal(body) or "")
    assert refusal(body, ("2026-03-01", "2026-03-01")) is None, "of one day, first and last are the same"


def test_it_is_told_with_its_place() -> None:
    message = refusal("{discount} off {category}, for life.")

    assert message == (
        "copy.body, character 28: 'for life' promises that the offer never ends; valid_days is 7, "
        "write until {ends_on}"
    )
    assert refusal("Ends {starts_on}") == (
        "copy.body, character 1: 'Ends' tells the first day as the last; write {ends_on}"
    )


HONEST = [
    "Not combinable with other offers.", "{discount} off {category}, cannot be combined with other offers.",
    "Can't be used together with any other discount", "Not valid with any other promotion", "not stackable",
    "This offer may not be combined with any other code, and ends {ends_on}.", "The code is not stackable",
    "{discount} off until {ends_on}", "{discount} off from {starts_on}",
    "It starts {starts_on} and ends {ends_on}.",
    "From {starts_on} to {ends_on}: {discount} off", "Wait until {starts_on}", "Only days until {starts_on}",
    "Closed until {starts_on}", "After {ends_on} prices are as before",
    "{discount} off knives that stay sharp for life", "{discount} off {category} made for life",
    "{discount} off bags for life", "Friends for life: {discount} off {category}", "It lasts forever.",
    "{discount} off {category}. Wash it as often as you like.",
    "{discount} off {category}, wear it as often as you like",
    "Combine lamps with other pieces for {discount} off", "Combine {category} with candles, {discount} off",
    "{discount} off, once per customer", "A smile every time you come home", "Your points never expire",
    "One use per customer, not as often as you like", "A layer on top of other clothes",
    "Put it on top of the shelf",
    "Add it to your basket with our discount", "It can't, in any case, be combined with other offers",
    "No other codes can be used together with this offer", "本活动与其他优惠不同享", "与其他优惠不叠加",
    "不与其他优惠同享", "不可与其他优惠叠加使用", "立减{discount}，不可叠加", "优惠不可同享",
    "不能与店铺券同时使用",
    "本优惠无法与其他活动同享", "{starts_on}开始，{ends_on}截止", "{starts_on}至{ends_on}立减{discount}",
    "从{starts_on}到{ends_on}，立减{discount}", "截至{ends_on}", "每人限用一次，立减{discount}",
    "会员永久有效，{category}立减{discount}",
    "滤网可水洗，可重复使用，立减{discount}", "多层叠加设计，立减{discount}",
    "与家人同享美味，立减{discount}",
    "水杯可反复使用，{category}立减{discount}", "终身质保，{category}立减{discount}",
    "水洗次数不限，立减{discount}",
]  # fmt: skip


@pytest.mark.parametrize("body", HONEST)
def test_what_keeps_to_the_terms_or_speaks_of_the_goods_may_be_said(body: str) -> None:
    offer = {"code": "SPRING"} if "{code}" in body else {}

    assert refusal(body, **offer) is None


def test_the_brief_answers_for_what_it_orders() -> None:
    body = "{discount} off. Combine it with any other offer."
    brief = parse(CampaignBrief, {"must_say": ["Combine it with any other offer"]})

    assert "copy_promises" not in {
        one.rule for one in check_copy(a_draft(body), brief, Grounds("EUR")) if not one.passed
    }


@pytest.mark.parametrize(
    "part",
    [
        "{discount} ",
        "the offer ",
        "for life ",
        "combine with our ",
        "use it ",
        "{ends_on} ",
        "与其他优惠",
        "no ",
        "{discount} use a ",
    ],
)
def test_a_long_hostile_text_takes_milliseconds(part: str) -> None:
    text = (part * 5_000)[:5_000]
    masked = re.sub(r"\{\w+\}", lambda found: "\ufffc" * len(found[0]), text)
    draft = a_draft("Hello")
    begun = time.process_time()
    list(misstated(text, masked, draft))

    assert time.process_time() - begun < 0.3
