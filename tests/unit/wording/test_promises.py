"""Words may lie as well as digits: numbers in words, another offer, ends without a date, codes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.wording import Grounds, check_copy

OFFERS: dict[str, dict[str, Any]] = {
    "none": {"type": "none"},
    "percent_off": {"type": "percent_off", "value": 15, "code": "A1"},
    "amount_off": {"type": "amount_off", "value": 10},
    "free_shipping": {"type": "free_shipping"},
    "fixed_price": {"type": "fixed_price", "value": 9},
    "buy_x_get_y": {"type": "buy_x_get_y", "buy_quantity": 1, "get_quantity": 1},
    "gift": {"type": "gift", "value": 4},
    "points": {"type": "points", "value": 500},
}
PRODUCTS = ["Two Faced Serum", "半价书店礼盒"]
HAN = re.compile("[\u4e00-\u9fff]")
MONEY_OFF = {"percent_off", "amount_off", "fixed_price", "buy_x_get_y"}


def broken(body: str, offer: str = "percent_off", **brief: Any) -> dict[str, str]:
    data = {"draft_id": "d", "channel": "email", "offer": OFFERS[offer], "product_ids": ["p1", "p2"]}
    draft = parse(StrategyDraft, {**data, "copy": {"subject": "News", "body": body}})
    brief = {"language": "zh" if HAN.search(body) else "en", **brief}
    checks = check_copy(draft, parse(CampaignBrief, brief), Grounds("EUR", tuple(PRODUCTS)))
    return {check.rule: check.message for check in checks if not check.passed}


NUMBERS = [
    "Twenty percent off",
    "twenty-five per cent off",
    "Buy one get one free",
    "Buy one, get one free",
    "BOGO on everything",
    "Two for one",
    "Three for two on creams",
    "Buy two, get the third on top",
    "ten euros off",
    "A hundred euros off",
    "Five dollars off",
    "five off your order",
    "Save up to a third",
    "Save a quarter",
    "one third off",
    "half price",
    "Half the price",
    "Half-off everything",
    "double points",
    "Triple the points",
    "three times the points",
    "Your points are doubled",
    "five bonus points",
    "Save twenty",
    "save five",
    "Now just nine.",
    "Only nineteen ninety-nine",
    "the first three customers",
    "Get two samples",
    "Three days to go",
    "a tenner off",
    "Ｔｗｅｎｔｙ percent off",
    "Twen\u200bty percent off",
    "Twenty\n percent off",
    "全场五折",
    "全场八五折",
    "对折优惠",
    "半价",
    "半價",
    "省一半",
    "双倍积分",
    "雙倍積分",
    "积分翻倍",
    "三倍积分",
    "百分之二十优惠",
    "立减十元",
    "满一百减二十",
    "满两百可用",
    "买一送一",
    "买二赠一",
    "第二件半价",
    "省三成",
    "五十积分",
    "优惠三天",
    "二十块钱",
    "便宜三成",
    "half of the usual price",
]


@pytest.mark.parametrize("body", NUMBERS)
def test_a_number_in_words_is_refused_like_its_digits(body: str) -> None:
    message = broken(f"Hello! {body}")["copy_figures"]

    assert message.startswith("copy.body, character ")
    assert "is no slot and no known fact; " in message


@pytest.mark.parametrize(
    "body",
    [
        "one of our favourites",
        "Be among the first: take a first look",
        "one more thing",
        "One day you will thank yourself",
        "All in one place, one for every room",
        "A two-tone bag and a three-piece look",
        "Half the fun is choosing; the other half is wearing it",
        "Double cream, double-breasted coats and a double bed",
        "Think twice",
        "Second to none",
        "Nine to five, and after",
        "The four of us picked these",
        "Seven seas, one scent",
        "A quarter-zip for the third season",
        "On your first order",
        "Ten out of ten for comfort",
        "Often written, often worn; the weight of attention",
        "Two Faced Serum is back",
        "Get {discount} off {product}",
        "一起来看看，一款让人一见倾心的好物",
        "十分舒适，万分期待",
        "送您一份灵感，花一点时间逛逛",
        "百搭单品，千万别错过",
        "每位顾客限用一次",
        "三折叠屏，加倍呵护",
        "半价书店礼盒回来了",
        "第一次见面，第一眼喜欢",
        "元气满满的一天",
    ],
)
def test_an_innocent_number_word_may_stand(body: str) -> None:
    assert "copy_figures" not in broken(body)


KEPT = [
    ("Free shipping on us", {"free_shipping"}),
    ("Free standard delivery", {"free_shipping"}),
    ("Shipping is free", {"free_shipping"}),
    ("We pay the postage", {"free_shipping"}),
    ("No delivery costs", {"free_shipping"}),
    ("下单包邮", {"free_shipping"}),
    ("下單免運費", {"free_shipping"}),
    ("运费我们出", {"free_shipping"}),
    ("A free gift for you", {"gift"}),
    ("Your free surprise sample", {"gift"}),
    ("A gift with your order", {"gift"}),
    ("Claim your gift", {"gift"}),
    ("领取赠品", {"gift"}),
    ("下单有礼相送", {"gift"}),
    ("Buy this, get that free", {"buy_x_get_y"}),
    ("the second one is free", {"buy_x_get_y"}),
    ("Something for free", {"free_shipping", "gift", "buy_x_get_y"}),
    ("Collect extra points", {"points"}),
    ("Bonus points on every order", {"points"}),
    ("购物得积分", {"points"}),
    ("買就送積分", {"points"}),
    ("A discount for you", MONEY_OFF),
    ("Our sale is on", MONEY_OFF),
    ("Save on creams", MONEY_OFF),
    ("Shop and save.", MONEY_OFF),
    ("Something off your order", MONEY_OFF),
    ("Money off everything", MONEY_OFF),
    ("A special price on creams", MONEY_OFF),
    ("小店特惠", MONEY_OFF),
    ("立减优惠等您", MONEY_OFF),
    ("小店打折", MONEY_OFF),
    ("A special offer for you", set(OFFERS) - {"none"}),
    ("专属优惠等您", set(OFFERS) - {"none"}),
]


@pytest.mark.parametrize(("body", "givers"), KEPT)
def test_a_promise_needs_the_offer_that_keeps_it(body: str, givers: set[str]) -> None:
    passed = {offer for offer in OFFERS if "copy_promises" not in broken(body, offer)}

    assert passed == givers


def test_a_broken_promise_is_told_with_its_place_what_it_is_and_the_type_of_the_offer() -> None:
    message = broken("Hello! Free shipping on us")["copy_promises"]

    assert message.startswith("copy.body, character 8: 'Free shipping' promises free shipping; ")
    assert "type percent_off does not give that" in message


def test_what_the_brief_orders_to_say_may_be_promised() -> None:
    assert not broken("Free shipping on weekdays.", must_say=["free shipping on weekdays"])


@pytest.mark.parametrize(
    "body",
    [
        "Feel free to ask about returns",
        "Fragrance-free and sugar free",
        "Find a gift for Dad: gift ideas for everyone",
        "Points of interest on your way",
        "Take the day off, put off nothing, off to the beach",
        "An off-white shirt off the shelf",
        "Save the date, save time, save your seat",
        "Our sales team is here; wholesale too",
        "Wir sparen uns jedes Wort",
        "省心省时，减压好物",
        "送礼佳品，送给妈妈的礼物",
        "下单后很快送达",
    ],
)
def test_an_innocent_word_promises_nothing(body: str) -> None:
    assert not broken(body, "none")


@pytest.mark.parametrize(
    "body",
    [
        "Ends today", "ends this weekend", "last day", "Last days!",
        "today only", "Only today", "just for today",
        "Ends tomorrow", "See you tomorrow", "This weekend", "Until Sunday",
        "Until midnight", "Next Monday",
        "Final hours", "A few days left",
        "One day only", "Until the end of the month",
        "Ends in July", "until the fifth", "on the fifth of July",
        "Today's deal", "this week only", "Tonight",
        "仅限今天", "僅限今天", "今天截止", "今日特价", "明天恢复原价",
        "最后一天", "本周末",
        "周末限定", "仅此一天",
        "Until Christmas", "Ends at the weekend",
        "A weekend deal", "到周日", "截止本周日", "七月五日截止",
    ],
)  # fmt: skip
def test_an_end_is_told_by_its_slot_alone(body: str) -> None:
    for text in (body, f"{body}, until {{ends_on}}"):
        assert "write {ends_on}" in broken(text)["copy_figures"]


@pytest.mark.parametrize(
    "body",
    ["Shop today", "Sunday brunch at home", "Made for every day", "Built to last",
     "In May we plant", "今天也要开心",
     "每一天都舒适", "周末好心情", "The last word in comfort", "odds and ends",
     "Last week we restocked", "本月新品", "Wear it day and night"],
)  # fmt: skip
def test_a_day_that_ends_nothing_may_stand(body: str) -> None:
    assert not broken(body, "none")


CODES = [
    ("use SUMMERSALE at checkout", "SUMMERSALE"),
    ("Use summersale at the checkout", "summersale"),
    ("promo code HELLO", "HELLO"),
    ("Promo Code: HELLO", "HELLO"),
    ("PROMO CODE HELLO", "HELLO"),
    ("your code is hello", "hello"),
    ("Use code hello", "hello"),
    ("use the code “Spring”", "Spring"),
    ("Enter WELCOME now", "WELCOME"),
    ("with code Welcome-back", "Welcome-back"),
    ("Voucher HI", "HI"),
    ("优惠码hello", "hello"),
    ("優惠碼：HELLO", "HELLO"),
    ("口令“春天来了”", "春天来了"),
    ("结算时输入SUMMER", "SUMMER"),
    ("输入SALE立享", "SALE"),
    ("use the word HELLO at checkout", "HELLO"),
    ("SPRING is your code", "SPRING"),
    ("SPRING is your coupon, enjoy", "SPRING"),
    ("SPRING is the code at checkout", "SPRING"),
    ("Use your SPRING code", "SPRING"),
    ("Say SPRING at checkout", "SPRING"),
    ("Order with SPRING at checkout", "SPRING"),
    ("The code's SPRING", "SPRING"),
    ("使用SPRING下单", "SPRING"),
    ("填写SPRING即可", "SPRING"),
]


@pytest.mark.parametrize(("body", "code"), CODES)
def test_a_made_up_code_is_refused(body: str, code: str) -> None:
    message = broken(body)["copy_figures"]

    assert f"code {code!r} is no slot and no known fact; write {{code}}" in message


@pytest.mark.parametrize(
    "body",
    [
        "Use code {code} at checkout",
        "Enter the code {code} at the checkout.",
        "Your code: {code}",
        "USE YOUR CODE {code} NOW",
        "Use it at checkout",
        "Enter your code at checkout",
        "Your code is waiting below: {code}",
        "Use PayPal at checkout",
        "Our dress code is comfort",
        "Use Code {code} At Checkout",
        "优惠码{code}，结算时输入优惠码",
        "请输入优惠码“{code}”",
        "NIKE is our coupon partner",
        "SPRING is the code word of the season",
        "Use your TESCO voucher",
        "Just pay with GOOGLE at checkout",
        "Pay with REVOLUT at checkout",
        "Shop with CONFIDENCE at checkout",
        "Add BATTERIES at checkout",
        "Got the code? EASY. Enter {code}.",
        "Got your code? GREAT, use it now",
        "使用IPHONE下单",
        "使用PAYPAL下单",
        "使用ALIPAY下单",
        "填写EMAIL即可",
    ],
)
def test_the_slot_of_the_code_and_words_around_it_may_stand(body: str) -> None:
    assert not broken(body)


@pytest.mark.parametrize(
    "body",
    [
        "At least {discount} off.",
        "{discount} off or more!",
        "{discount} off for life.",
        "{discount} off forever",
        "{discount}{discount} off",
        "{discount} off, and {discount} and up.",
        "Over {discount} off.",
        "至少{discount}优惠",
        "全场{discount}以上",
        "打{discount}折",
    ],
)
def test_words_may_not_make_a_slot_say_more(body: str) -> None:
    assert "more than the slot holds" in broken(body)["copy_promises"]


@pytest.mark.parametrize(
    "body",
    [
        "{discount} off and more ideas in the shop.",
        "{discount} off orders over {min_spend}.",
        "Take {discount} off and up to {max_discount}.",
        "Come over: {discount} off.",
        "More than enough to read, and {discount} off.",
        "立减{discount}，以上商品可用",
    ],
)
def test_words_beside_a_slot_that_add_nothing_to_it_may_stand(body: str) -> None:
    assert "copy_promises" not in broken(body)
