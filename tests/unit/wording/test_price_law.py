"""A price reduction is counted from the lowest price of the last 30 days, and no copy claims more."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.domain.prices import PricedProduct
from copilot.domain.shop import ShopSettings
from copilot.drafting.agent import write_drafts
from copilot.drafting.template_copy import write_copy
from copilot.settings import load_settings
from copilot.shop.catalogue import Catalogue
from copilot.wording import Grounds, check_copy, render
from copilot.wording.price_law import claim_of
from tests.fakes.case import FakeCase
from tests.fakes.shop import small_case, small_shop

THIRTY_OFF = {"type": "percent_off", "value": 30}


def product(price: str | None, lowest: str | None, name: str = "Serum") -> PricedProduct:
    return PricedProduct(name, *(None if one is None else Decimal(one) for one in (price, lowest)))


EXAMPLE = product("100", "80")  # sold at 80 in the last 30 days, listed at 100


def draft(body: str, offer: dict[str, Any], **fields: Any) -> StrategyDraft:
    data = {
        "draft_id": "d",
        "channel": "email",
        "offer": offer,
        "product_ids": ["p1"],
        "copy": {"subject": "Hello", "body": body} if body else {},
    }
    return parse(StrategyDraft, {**data, **fields})


def grounds(*priced: PricedProduct) -> Grounds:
    return Grounds("EUR", ("Serum",), priced=priced)


def law(body: str, offer: dict[str, Any], *priced: PricedProduct, **fields: Any) -> str | None:
    """What `copy_price_law` says: empty = passed, None = there was nothing to hold the copy against."""
    brief = parse(CampaignBrief, fields.pop("brief", {}))
    for check in check_copy(draft(body, offer, **fields), brief, grounds(*priced)):
        if check.rule == "copy_price_law":
            return "" if check.passed else check.message
    return None


def most(offer: dict[str, Any], *priced: PricedProduct) -> Decimal | None:
    return claim_of(draft("", offer).offer, grounds(*priced)).most


CLAIMS: list[tuple[dict[str, Any], tuple[PricedProduct, ...], str | None]] = [
    (THIRTY_OFF, (EXAMPLE,), "12.5"),
    ({"type": "fixed_price", "value": 70}, (EXAMPLE,), "12.5"),
    ({"type": "amount_off", "value": 30}, (EXAMPLE,), "10"),
    # The price that is left is not below the lowest one.
    ({"type": "percent_off", "value": 20}, (EXAMPLE,), "0"),
    ({"type": "percent_off", "value": 10}, (EXAMPLE,), "0"),
    ({"type": "amount_off", "value": 20}, (EXAMPLE,), "0"),
    ({"type": "fixed_price", "value": 80}, (EXAMPLE,), "0"),
    ({"type": "fixed_price", "value": 90}, (EXAMPLE,), "0"),
    # Rounded down, never up: 19.99 instead of 30 is 33.36... %.
    ({"type": "fixed_price", "value": 19.99}, (product("35", "30"),), "33.3"),
    ({"type": "percent_off", "value": 15}, (product("9.99", "9.49"),), "10.5"),
    ({"type": "amount_off", "value": 3.333}, (product("10", "9.5"),), "2.83"),
    # Nothing lower is known.
    (THIRTY_OFF, (product("100", None),), None),
    (THIRTY_OFF, (product("100", "100"),), None),
    (THIRTY_OFF, (product("100", "120"),), None),
    (THIRTY_OFF, (product(None, "80"),), None),
    (THIRTY_OFF, (), None),
    ({"type": "fixed_price", "value": 70}, (product("100", None),), "30"),
    ({"type": "fixed_price", "value": 70}, (product(None, None),), None),
    ({"type": "fixed_price", "value": 70}, (product("100", "120"),), "41.6"),
    # The weakest product decides; one whose price was never lower does not help.
    (THIRTY_OFF, (EXAMPLE, product("50", "45"), product("10", None)), "12.5"),
    ({"type": "fixed_price", "value": 70}, (EXAMPLE, product("75", None)), "6.6"),
    (THIRTY_OFF, (product("10", "0"),), "0"),
    # A cap counts, where a lower price is known.
    ({"type": "percent_off", "value": 20, "max_discount": 30}, (product("300", "280"),), "3.5"),
    ({"type": "percent_off", "value": 20, "max_discount": 30}, (product("300", None),), None),
    # An amount comes off the smallest basket that qualifies: one, or as many as it takes.
    ({"type": "amount_off", "value": 30, "min_spend": 100}, (EXAMPLE,), "10"),
    ({"type": "amount_off", "value": 30, "min_spend": 60}, (product("20", "18"),), "24"),
    ({"type": "amount_off", "value": 30, "min_spend": 61}, (product("20", "18"),), "22"),
    ({"type": "amount_off", "value": 30}, (product("20", "18"),), "18"),
    # No price reductions.
    ({"type": "gift", "value": 5}, (EXAMPLE,), None),
    ({"type": "points", "value": 500}, (EXAMPLE,), None),
    ({"type": "free_shipping"}, (EXAMPLE,), None),
    ({"type": "buy_x_get_y", "buy_quantity": 1, "get_quantity": 1}, (EXAMPLE,), None),
    ({"type": "none"}, (EXAMPLE,), None),
]


@pytest.mark.parametrize(("offer", "priced", "expected"), CLAIMS)
def test_what_may_be_claimed(
    offer: dict[str, Any], priced: tuple[PricedProduct, ...], expected: str | None
) -> None:
    found = most(offer, *priced)

    assert found == (None if expected is None else Decimal(expected))


def test_a_claim_is_rounded_down_to_the_smallest_coin_of_the_currency() -> None:
    offer = draft("", {"type": "amount_off", "value": 500.5}).offer

    claim = claim_of(offer, Grounds("JPY", priced=(product("1000", "900.75"),)))

    assert claim.most == 401


def test_the_worked_example_is_refused_with_the_figures_and_the_way_out() -> None:
    message = law("Take {discount} off", THIRTY_OFF, EXAMPLE)

    assert message == (
        "copy.body, character 6: {discount} says 30%; against the lowest price of the last 30 days "
        "(Serum: €80, listed at €100) it is 12.5%: write {reduction}"
    )
    assert law("Take {reduction} off", THIRTY_OFF, EXAMPLE) == ""


@pytest.mark.parametrize(
    ("offer", "priced", "body", "expected"),
    [
        (THIRTY_OFF, EXAMPLE, "{reduction} off, was {prior_price}", "12.5% off, was €80"),
        (THIRTY_OFF, product("100", None), "{reduction} off, was {prior_price}", "30% off, was €100"),
        ({"type": "amount_off", "value": 30}, EXAMPLE, "{reduction} off", "€10 off"),
        ({"type": "amount_off", "value": 30}, product("100", "99"), "{reduction} off", "€29 off"),
        ({"type": "fixed_price", "value": 70}, EXAMPLE, "{price}: {reduction} off", "€70: 12.5% off"),
        ({"type": "fixed_price", "value": 70}, product("140", None), "{reduction} off", "50% off"),
    ],
)
def test_the_slots_say_what_may_be_claimed_and_from_which_price(
    offer: dict[str, Any], priced: PricedProduct, body: str, expected: str
) -> None:
    a_draft = draft(body, offer)

    assert render(a_draft.message, a_draft, grounds(priced)).body == expected
    assert not law(body, offer, priced)


@pytest.mark.parametrize(
    ("offer", "slot", "priced"),
    [
        ({"type": "percent_off", "value": 10}, "{reduction}", (EXAMPLE,)),
        ({"type": "fixed_price", "value": 90}, "{reduction}", (EXAMPLE,)),
        ({"type": "fixed_price", "value": 90}, "{reduction}", (product(None, None),)),
        ({"type": "gift", "value": 9}, "{prior_price}", (EXAMPLE,)),
        # Sold at 80, now 90: "€90, was €80".
        ({"type": "fixed_price", "value": 90}, "{prior_price}", (EXAMPLE,)),
        ({"type": "percent_off", "value": 20}, "{prior_price}", (EXAMPLE,)),
    ],
)
def test_a_slot_has_no_value_where_nothing_may_be_claimed(
    offer: dict[str, Any], slot: str, priced: tuple[PricedProduct, ...]
) -> None:
    checks = check_copy(draft(slot, offer), parse(CampaignBrief, {}), grounds(*priced))

    assert f"no value for {slot}" in {check.rule: check.message for check in checks}["copy_slots"]


def test_the_prior_price_is_that_of_one_product() -> None:
    two = draft("{prior_price}", THIRTY_OFF, product_ids=["p1", "p2"])

    checks = check_copy(two, parse(CampaignBrief, {}), Grounds("EUR", ("A", "B"), priced=(EXAMPLE, EXAMPLE)))

    assert "no value for {prior_price}" in {check.rule: check.message for check in checks}["copy_slots"]


NOTHING = {"type": "percent_off", "value": 20}  # 100 -> 80, where it was 80 before
CLAIMING = [
    "Our summer sale", "Now reduced", "Now cheaper", "A special price for you", "Serum at a special price",
    "Save on Serum", "Money off Serum", "A lower price", "Prices cut", "A bargain", "On offer now",
    "Less than usual", "Discounts inside", "A good deal", "It costs less now",
    "{discount} off", "Worth up to {max_discount}",
    "降价了", "特价", "立减", "限定特惠", "折扣", "優惠價", "比平时便宜", "促销", "让利",
    "Rabatt auf alles", "Jetzt reduziert", "Sonderpreis", "soldes d'été", "une remise", "rebajas",
    "un descuento",
]  # fmt: skip
SILENT = [
    "Have a look at Serum", "New in the shop", "Your code {code} is waiting", "Until {ends_on}",
    "A deep, ideal moisture", "Back in stock", "Reduced packaging, less waste", "Usually worn at night",
    "Use it twice a day", "The offer ends on {ends_on}", "Dealing with dry skin", "Wholesale is closed",
    "来看看这款精华", "结算时请输入优惠码{code}", "优惠截止日期：{ends_on}", "轻盈不黏腻", "新品上架",
    "Unser Serum ist zurück", "Le sérum est de retour", "El sérum ha vuelto",
]  # fmt: skip


@pytest.mark.parametrize("body", CLAIMING)
def test_where_nothing_may_be_claimed_no_word_says_that_it_is_cheaper(body: str) -> None:
    offer = {**NOTHING, "code": "A1", "max_discount": 90}

    assert "claims a reduction, but against the lowest price" in str(law(body, offer, EXAMPLE))
    assert not law(body, offer, product("100", None))


@pytest.mark.parametrize("body", SILENT)
def test_copy_that_claims_nothing_passes_where_nothing_may_be_claimed(body: str) -> None:
    plan = {"starts_on": "2026-03-01"}

    assert law(body, {**NOTHING, "code": "A1"}, EXAMPLE, plan=plan) == ""


def test_a_fixed_price_may_be_said_even_where_it_is_no_reduction() -> None:
    offer = {"type": "fixed_price", "value": 90}

    assert law("Serum for {price}", offer, EXAMPLE) == ""
    assert "claims a reduction" in str(law("Special price: {price}", offer, EXAMPLE))


def test_follow_ups_are_held_to_it_too() -> None:
    follow_up = {"after_days": 2, "channel": "email", "copy": {"body": "Still {discount} off"}}

    message = law("Hello", THIRTY_OFF, EXAMPLE, plan={"follow_ups": [follow_up]})

    assert str(message).startswith("plan.follow_ups.0.copy.body, character 7: {discount} says 30%")


def test_what_the_brief_orders_to_say_is_the_briefs_to_answer_for() -> None:
    assert law("Summer sale", NOTHING, EXAMPLE, brief={"must_say": ["summer sale"]}) == ""


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("{reduction} off the lowest price of the last 30 days", "en"),
        ("{reduction} off our lowest price in the past 30 days ({prior_price})", "en"),
        ("{reduction} less than the previous price of the last 30 days", "en"),
        ("{reduction} off our 30-day best price", "en"),
        ("近30天最低价{prior_price}，立减{reduction}", "zh"),
        ("比近30天最低价立减{reduction}", "zh"),
        ("{reduction} unter dem niedrigsten Preis der letzten 30 Tage", "de"),
        ("{reduction} sur le prix le plus bas des 30 derniers jours", "fr"),
        ("{reduction} sobre el precio más bajo de los últimos 30 días", "es"),
    ],
)
def test_the_reference_may_be_told_in_the_words_of_the_law(told: str, language: str) -> None:
    brief = parse(CampaignBrief, {"language": language})

    checks = check_copy(draft(told, THIRTY_OFF), brief, grounds(EXAMPLE))

    assert [check.message for check in checks if not check.passed] == []
    alone = told.replace("{reduction}", "Much").replace("{prior_price}", "")
    broken = [
        check.rule
        for check in check_copy(draft(alone, THIRTY_OFF), brief, grounds(EXAMPLE))
        if not check.passed
    ]
    assert "copy_figures" in broken


SETTINGS = ShopSettings(name="Shop", currency="EUR")


def catalogue(rows: list[tuple[float | None, float | None]]) -> Catalogue:
    prices, lowest = zip(*rows, strict=True)
    table = {"product_id": [f"p{n}" for n in range(len(rows))], "category": "all", "price": prices}
    frame = pd.DataFrame({**table, "lowest_price_30d": lowest})
    return Catalogue.of(frame.assign(name=frame["product_id"], stock=1.0), None, SETTINGS)


money = st.integers(0, 20_000).map(lambda cents: cents / 100)
terms = st.one_of(
    st.builds(lambda value, cap: {"type": "percent_off", "value": value, "max_discount": cap},
              st.integers(1, 1000).map(lambda tenths: tenths / 10), st.none() | money),
    st.builds(lambda value, over: {"type": "amount_off", "value": value,
                                   "min_spend": None if over is None else value + over},
              money.filter(bool), st.none() | money),
    st.builds(lambda value: {"type": "fixed_price", "value": value}, money.filter(bool)),
)  # fmt: skip


@given(rows=st.lists(st.tuples(money, st.none() | money), min_size=9, max_size=40), offer=terms)
def test_the_few_that_the_catalogue_picks_decide_as_all_of_them_would(
    rows: list[tuple[float | None, float | None]], offer: dict[str, Any]
) -> None:
    terms_of = draft("", offer).offer
    everything = Grounds(
        "EUR",
        priced=tuple(
            PricedProduct("", Decimal(repr(price)), None if low is None else Decimal(repr(low)))
            for price, low in rows
        ),
    )
    picked = catalogue(rows).priced(("all", ()), terms_of)

    if all(low is None for _, low in rows):
        assert picked == ()  # a shop without lowest prices is asked nothing
        return
    assert len(picked) <= 8
    assert claim_of(terms_of, Grounds("EUR", priced=picked)).most == claim_of(terms_of, everything).most


def test_one_product_is_priced_even_where_no_lowest_price_is_known() -> None:
    shop = catalogue([(10.0, None), (20.0, None)])

    (found,) = shop.priced((None, ("p1",)), draft("", THIRTY_OFF).offer)

    assert (found.price, found.lowest, found.prior) == (20, None, 20)


def test_a_large_catalogue_is_looked_through_in_milliseconds() -> None:
    big = catalogue([(10 + n % 977 / 7, 8 + n % 311 / 9) for n in range(50_000)])
    offers = [draft("", {"type": "percent_off", "value": value}).offer for value in range(1, 21)]
    big.priced((None, ()), offers[0])

    started = time.perf_counter()
    for offer in offers:
        big.priced((None, ()), offer)

    assert (time.perf_counter() - started) / len(offers) < 0.02


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("lowest", "reduced"), [(29.0, True), (26.0, True), (24.5, False), (10.0, False)])
def test_the_planner_writes_lawful_copy_for_a_shop_with_lower_prices_behind_it(
    lowest: float, reduced: bool, language: str
) -> None:
    kinds = ["percent_off", "amount_off"]
    case = FakeCase(language=language, lowest={"p1": lowest}, strategies=8, offer_types=kinds)

    written = write_drafts(case.as_case, load_settings()).drafts

    assert len(written) >= 8
    scored = case.score(written)
    assert all(one.admissible for one in scored)
    slots = {"{discount}": 0, "{reduction}": 0}
    for one in scored:
        assert any(check.rule == "copy_price_law" for check in one.checks)
        text = " ".join(one.draft.message.model_dump().values())
        for slot in slots:
            slots[slot] += slot in text
    assert slots["{discount}"] == 0
    assert (slots["{reduction}"] > 0) is reduced


def test_a_code_and_its_conditions_are_told_where_the_reduction_may_not_be() -> None:
    case = FakeCase(lowest={"p1": 10})
    offer = {"type": "percent_off", "value": 20, "code": "SPRING", "max_discount": 30, "min_spend": 50}
    a_draft = draft("", offer, plan={"starts_on": "2026-03-01"})

    copy = write_copy(a_draft, case.brief, case.grounds(a_draft))

    told = a_draft.model_copy(update={"message": copy})
    assert all(check.passed for check in case.check_copy(told))
    assert "enter the code {code} at the checkout." in copy.body
    assert "{min_spend}" in copy.body
    assert "{max_discount}" not in copy.body


def test_a_real_case_knows_its_lowest_prices_its_name_and_its_brands() -> None:
    one = small_shop()
    table = one.catalogue.products.reset_index()
    table["brand"], table["lowest_price_30d"] = ["Leaf 7", "Leaf 7", "Mug 24"], [8.0, None, None]
    case = small_case(shop=small_shop(catalogue=Catalogue.of(table, None, one.settings)))

    def broken(body: str, **scope: Any) -> dict[str, str]:
        a_draft = draft(body, THIRTY_OFF, **{"product_ids": [], **scope})
        return {check.rule: check.message for check in case.check_copy(a_draft) if not check.passed}

    assert "Green tea: €8, listed at €10" in broken("{discount} off", category="tea")["copy_price_law"]
    assert not broken("{discount} off", category="mugs")
    assert not broken("{reduction} off at Tea", product_ids=["green"])
    assert not broken("New from Leaf 7", category="tea")
    assert "copy_figures" in broken("New from Leaf 7", category="mugs")
    assert not broken("Leaf 7 and Mug 24")
