"""The copy lock: figures come from the offer, or are refused with their place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.wording import SLOTS, Grounds, check_copy, last_day, render, supported_sentences
from copilot.wording.seeing import plain, says

PRODUCTS = {"p1": "Serum 20", "p2": "Vitamin C 10% Cream"}


def draft(body: str = "", *, offer: dict[str, Any] | None = None, **fields: Any) -> StrategyDraft:
    copy = {"subject": "Hello", "body": body, **fields.pop("copy", {})} if body else {}
    data = {"draft_id": "d", "channel": "email", "offer": offer or {"type": "percent_off", "value": 15}}
    return parse(StrategyDraft, {**data, "copy": copy, **fields})


def grounds(a_draft: StrategyDraft, known: Sequence[str] = ()) -> Grounds:
    return Grounds("EUR", tuple(PRODUCTS.get(key, "") for key in a_draft.product_ids), tuple(known))


def broken(a_draft: StrategyDraft, known: Sequence[str] = (), **brief: Any) -> dict[str, str]:
    wanted = parse(CampaignBrief, brief)
    checks = check_copy(a_draft, wanted, grounds(a_draft, known))
    return {check.rule: check.message for check in checks if not check.passed}


OFFERS = [
    ({"type": "percent_off", "value": 12.5}, "{discount}", "en", "12.5%"),
    (
        {"type": "amount_off", "value": 10, "min_spend": 50},
        "{discount} from {min_spend}",
        "en",
        "€10 from €50",
    ),
    ({"type": "amount_off", "value": 9.9}, "{discount}", "en", "€9.90"),
    ({"type": "fixed_price", "value": 19.99}, "{price}", "en", "€19.99"),
    ({"type": "points", "value": 500}, "{points}", "en", "500"),
    ({"type": "buy_x_get_y", "buy_quantity": 2, "get_quantity": 1}, "{buy}+{get}", "en", "2+1"),
    ({"type": "gift", "value": 4}, "{gift}", "en", "A free gift"),
    ({"type": "gift", "value": 4}, "{gift}", "zh", "精美赠品"),
    ({"type": "percent_off", "value": 20, "code": "SPRING"}, "{code}", "en", "SPRING"),
    ({"type": "percent_off", "value": 20, "max_discount": 30}, "{max_discount}", "en", "€30"),
]


@pytest.mark.parametrize(("offer", "text", "language", "expected"), OFFERS)
def test_a_slot_says_what_the_offer_holds(
    offer: dict[str, Any], text: str, language: str, expected: str
) -> None:
    a_draft = draft(text, offer=offer)

    filled = render(a_draft.message, a_draft, Grounds("EUR"), language=language)

    assert filled.body == expected
    assert not broken(a_draft, language=language)


@pytest.mark.parametrize(
    ("currency", "language", "expected"),
    [("USD", "en", "$10"), ("CNY", "zh", "10元"), ("CNY", "en", "CN¥10"), ("CHF", "en", "CHF\xa010")],
)
def test_money_is_spelt_for_its_currency(currency: str, language: str, expected: str) -> None:
    a_draft = draft("{discount}", offer={"type": "amount_off", "value": 10})

    assert render(a_draft.message, a_draft, Grounds(currency), language=language).body == expected


@pytest.mark.parametrize(("language", "expected"), [("en", "7 March"), ("zh", "3月7日"), ("de", "7. März")])
def test_the_last_day_is_the_one_on_which_the_offer_surely_holds(language: str, expected: str) -> None:
    plan = {"starts_on": "2026-03-01", "ends_on": "2026-03-20"}
    a_draft = draft("{ends_on}", offer={"type": "none", "valid_days": 7}, plan=plan)

    assert render(a_draft.message, a_draft, Grounds("EUR"), language=language).body == expected


def test_an_offer_never_outlives_its_plan_and_its_first_day_counts() -> None:
    def last(**plan: str) -> object:
        return last_day(draft(offer={"type": "none", "valid_days": 5}, plan=plan))

    assert last(starts_on="2026-06-30") == date(2026, 7, 4)
    assert last(starts_on="2026-06-30", ends_on="2026-07-02") == date(2026, 7, 2)
    assert last() is None


@pytest.mark.parametrize(
    ("body", "language", "expected"),
    [
        ("{gift} with every order", "en", "A free gift with every order"),
        ("Hello!\n{gift}. {category}: “{gift}”", "en-GB", "Hello!\nA free gift. Beauty: “a free gift”"),
        ("Yes? “{gift}”", "en", "Yes? “A free gift”"),
        ("Take {gift}, e.g. with {category}", "en", "Take a free gift, e.g. with beauty"),
        ("{code} is it. {product} too", "en", "spring is it. iPhone case too"),
        ("{category}有礼", "zh", "beauty有礼"),
    ],
)
def test_a_sentence_that_begins_with_a_slot_begins_with_a_capital(
    body: str, language: str, expected: str
) -> None:
    offer = {"type": "gift", "value": 4, "code": "spring"}
    a_draft = draft(body, offer=offer, category="beauty", product_ids=["p1"])

    filled = render(a_draft.message, a_draft, Grounds("EUR", ("iPhone case",)), language=language)

    assert filled.body == expected


def test_names_of_the_promoted_products_and_category_fill_slots() -> None:
    a_draft = draft("{product} of {category}", product_ids=["p1", "p2"], category="beauty")

    filled = render(a_draft.message, a_draft, grounds(a_draft))

    assert filled.body == "Serum 20 and Vitamin C 10% Cream of beauty"


REFUSED = [
    ("Save 20% today", "percentage", "20%"),
    ("Save 15% today", "percentage", "15%"),
    ("Save ２０％ now", "percentage", "２０％"),
    ("Only €9.90!", "price", "€9.90"),
    ("满100元减", "price", "100元"),
    ("全场8折", "price", "8折"),
    ("全场五折", "discount", "五折"),
    ("Everything half price", "discount", "half price"),
    ("Until 20 November", "number", "20"),
    ("Ends 2026-11-20", "number", "2026-11-20"),
    ("Ends on Sunday", "date", "Ends on Sunday"),
    ("仅限今天", "date", "仅限今天"),
    ("Use SAVE20 now", "code", "SAVE20"),
    ("Your code: WELCOME", "code", "WELCOME"),
    ("优惠码：WELCOME", "code", "WELCOME"),
    ("Up to ½ off", "number", "½"),
    ("{discount}% off", "sign", "%"),
    ("€{discount} off", "sign", "€"),
    ("Serum 201", "number", "201"),
    ("New Serum 20.5", "number", "20.5"),
    ("٢٠ off", "number", "٢٠"),
]


@pytest.mark.parametrize(("body", "kind", "figure"), REFUSED)
def test_a_figure_nobody_vouches_for_is_refused_with_place_and_reason(
    body: str, kind: str, figure: str
) -> None:
    message = broken(draft(body))["copy_figures"]

    place = body.index(figure) + 1
    assert message.startswith(f"copy.body, character {place}: {kind} {figure!r} is no slot")


@pytest.mark.parametrize(
    "body",
    [
        "Serum 20 is back",
        "serum 20, and the Vitamin C 10% Cream.",
        "Use code {code} NOW for {discount} off",
        "Since 1998 we bake",
        "At Shop24 we care",
        "New in skincare 3000",
        "Wir sparen uns jedes Wort",
    ],
)
def test_slots_and_known_names_may_hold_figures(body: str) -> None:
    offer = {"type": "percent_off", "value": 15, "code": "A1"}
    a_draft = draft(body, offer=offer, category="skincare 3000", product_ids=["p1", "p2"])

    assert "copy_figures" not in broken(a_draft, known=["Shop24"], must_say=["since 1998"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Use {code}", "no value for {code}"),
        ("Only {price}", "no value for {price}"),
        ("Take {discont}", "unknown slot {discont}"),
        ("Take { discount }", "a brace '{'"),
        ("Take {{discount}}", "a brace '{'"),
        ("立减｛discount｝", "a brace '｛'"),
        ("Try {product}", "no value for {product}"),
    ],
)
def test_a_slot_that_cannot_be_filled_is_refused(body: str, reason: str) -> None:
    assert reason in broken(draft(body, product_ids=["p1", "gone"]))["copy_slots"]


def test_follow_ups_are_held_to_the_same_rules() -> None:
    follow_up = {"after_days": 2, "channel": "email", "copy": {"body": "Still 30% off"}}

    faults = broken(draft("Hello", plan={"follow_ups": [follow_up]}))

    assert faults["copy_figures"].startswith("plan.follow_ups.0.copy.body, character 7: percentage '30%'")


def test_a_draft_without_copy_has_nothing_to_check() -> None:
    assert check_copy(draft(), parse(CampaignBrief, {"must_say": ["hello"]}), Grounds("EUR")) == ()


def test_must_say_is_sought_in_what_the_reader_sees() -> None:
    a_draft = draft("Get  {discount}\noff.", copy={"subject": "ＨELLO"})

    assert not broken(a_draft, must_say=["15% off", "hello"])
    assert not broken(a_draft, must_say=["15 % off"])
    assert "'bye' is missing" in broken(a_draft, must_say=["hello", "bye"])["must_say"]


@pytest.mark.parametrize(
    ("body", "phrase", "refused"),
    [
        ("Our SALE is on", "sale", True),
        ("Wholesale only", "sale", False),
        ("全网最低价", "最低价", True),
        ("s\u200bale on", "sale", True),
        ("cheap\n deals", "cheap deals", True),
        ("Let\u2019s see", "Let's see", True),
        ("Let's see", "Let\u2019s see", True),
        ("Lets see", "Let's see", False),
        ("The \u201cold\u201d lamp", '"old" lamp', True),
        ("Say 15\u00a0% off", "15%", True),
        ("Say 15% off", "15 %", True),
        ("Say 15 pieces", "15 %", False),
    ],
)
def test_must_not_say_cannot_be_dodged_by_spelling(body: str, phrase: str, refused: bool) -> None:
    assert ("must_not_say" in broken(draft(body), must_not_say=[phrase])) is refused


def test_sentences_with_figures_of_their_own_are_dropped() -> None:
    text = "Moves slow stock. Expect 37% uplift! Buyers of 15% offers return. 转化率提升三成。预计增长20%。"

    assert supported_sentences(text, ["15%"]) == "Moves slow stock. Buyers of 15% offers return."


def test_the_documented_slots_are_the_slots() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "copy.md").read_text(encoding="utf-8")

    rows = re.findall(r"^\| `\{([a-z_]+)\}` \| (.+) \|$", text, re.MULTILINE)

    assert dict(rows) == dict(SLOTS)


@pytest.mark.parametrize(
    ("said", "phrase", "there"),
    [
        ("成为VIP会员，先睹为快", "VIP", True),
        ("全场beauty满20元", "beauty", True),
        ("到7月6日为止", "7月", True),
        ("我们的Bread4You面包", "Bread4You", True),
        ("成为VIPs会员", "VIP", False),
        ("a wholesale price", "sale", False),
        ("naïveté", "naïvet", False),
        ("120% Baumwolle", "20%", False),
    ],
)
def test_letters_and_digits_among_chinese_signs_are_words_of_their_own(
    said: str, phrase: str, there: bool
) -> None:
    assert says(plain(said), phrase) is there
