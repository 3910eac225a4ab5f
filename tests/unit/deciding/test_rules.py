"""The hard rules: what each lets pass, and that none lapses in silence."""

from __future__ import annotations

from typing import Any

import pytest

from copilot.deciding.rules import check_terms
from copilot.domain import CampaignBrief, StrategyDraft, parse
from tests.fakes.shop import small_case, small_shop


def draft(offer: dict[str, Any], **more: Any) -> StrategyDraft:
    return parse(
        StrategyDraft, {"draft_id": "d", "channel": "email", "category": "tea", "offer": offer, **more}
    )


def broken(brief: dict[str, Any], one: StrategyDraft, shop: Any = None) -> set[str]:
    checks = check_terms(one, parse(CampaignBrief, brief), shop or small_shop())
    return {check.rule for check in checks if not check.passed}


def test_a_percentage_is_held_against_the_cap_itself() -> None:
    assert broken({"max_discount_percent": 20}, draft({"type": "percent_off", "value": 20})) == set()
    assert broken({"max_discount_percent": 20}, draft({"type": "percent_off", "value": 20.5})) == {
        "max_discount_percent"
    }


def test_a_capped_percentage_is_held_against_its_smallest_basket() -> None:
    deep = {"type": "percent_off", "value": 50, "min_spend": 100, "max_discount": 10}
    assert broken({"max_discount_percent": 10}, draft(deep)) == set()


def test_an_amount_is_held_against_its_minimum_spend() -> None:
    assert (
        broken({"max_discount_percent": 20}, draft({"type": "amount_off", "value": 8, "min_spend": 40}))
        == set()
    )
    assert broken(
        {"max_discount_percent": 19}, draft({"type": "amount_off", "value": 8, "min_spend": 40})
    ) == {"max_discount_percent"}


def test_an_amount_without_minimum_is_held_against_the_median_basket_of_its_scope() -> None:
    # Tea in the two orders that hold it: 20 and 40, so the median is 30.
    assert broken({"max_discount_percent": 20}, draft({"type": "amount_off", "value": 6})) == set()
    assert broken({"max_discount_percent": 20}, draft({"type": "amount_off", "value": 6.5})) == {
        "max_discount_percent"
    }


def test_a_limit_that_cannot_be_worked_out_fails_and_says_what_would_help() -> None:
    from copilot.shop.catalogue import Catalogue

    shop = small_shop()
    unsold = Catalogue.of(shop.catalogue.products.reset_index(), None, shop.settings)
    checks = check_terms(
        draft({"type": "amount_off", "value": 1}),
        parse(CampaignBrief, {"max_discount_percent": 90}),
        small_shop(catalogue=unsold),
    )
    failed = [check for check in checks if not check.passed]
    assert [check.rule for check in failed] == ["max_discount_percent"]
    assert "minimum spend" in failed[0].message


def test_the_margin_floor_is_what_is_left_after_discount_and_cost() -> None:
    # Tea costs 40 % of list: at 20 % off, (0.8 - 0.4) / 0.8 = 50 % is left.
    assert broken({"min_margin_percent": 50}, draft({"type": "percent_off", "value": 20})) == set()
    assert broken({"min_margin_percent": 50.1}, draft({"type": "percent_off", "value": 20})) == {
        "min_margin_percent"
    }


def test_giving_everything_away_leaves_no_margin() -> None:
    assert broken({"min_margin_percent": -900}, draft({"type": "percent_off", "value": 100})) == {
        "min_margin_percent"
    }


@pytest.mark.parametrize(
    ("brief", "more", "rule"),
    [
        ({"channels": ["sms"]}, {}, "channel"),
        ({"offer_types": ["gift"]}, {}, "offer_type"),
        ({"categories": ["mugs"]}, {}, "promoted"),
        ({"product_ids": ["black"]}, {"product_ids": ["green"]}, "promoted"),
        ({}, {"product_ids": ["unheard-of"]}, "promoted"),
        ({}, {"category": "unheard-of"}, "promoted"),
        ({}, {"category": "mugs"}, "stock"),
        ({}, {"category": "mugs", "product_ids": ["green"]}, "promoted"),
        ({}, {"offer": {"type": "fixed_price", "value": 5}}, "fixed_price"),
        ({}, {"offer": {"type": "fixed_price", "value": 15}, "product_ids": ["green"]}, "fixed_price"),
        ({}, {"offer": {"type": "amount_off", "value": 11}, "product_ids": ["green"]}, "amount_off"),
        ({}, {"plan": {"starts_on": "2025-06-29"}}, "dates"),
        ({}, {"plan": {"ends_on": "2025-08-01"}}, "dates"),
        ({"ends_on": "2025-07-03"}, {}, "valid_days"),
    ],
)
def test_what_the_brief_does_not_allow_is_named(brief: Any, more: Any, rule: str) -> None:
    offer = more.get("offer", {"type": "percent_off", "value": 10})
    assert broken(brief, draft(**{**more, "offer": offer})) == {rule}


def test_a_draft_that_reaches_nobody_is_not_admissible() -> None:
    case = small_case()
    one = draft({"type": "percent_off", "value": 10}, audience="average_basket > 1000")
    scored = case.score([one])[0]
    assert scored.forecast is None
    assert not scored.admissible


@pytest.mark.parametrize(("limit", "passes"), [(1e6, True), (1, False)])
def test_the_budget_holds_discounts_and_messages_together(limit: float, passes: bool) -> None:
    scored = small_case({"budget": limit}).score([draft({"type": "percent_off", "value": 10})])[0]
    spent = {check.rule: check.passed for check in scored.checks}["budget"]
    assert spent is passes


def test_a_draft_that_earns_less_than_sending_nothing_is_refused() -> None:
    scored = small_case().score([draft({"type": "percent_off", "value": 60})])[0]
    assert scored.forecast is not None
    assert scored.forecast.incremental_profit.mean < 0
    assert "beats_nothing" in {check.rule for check in scored.broken}
