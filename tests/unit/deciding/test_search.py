"""The sweep, the frontier and the ranking, on a shop that can be followed by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from copilot.deciding.offers import offer_space, round_money
from copilot.deciding.ranking import rank
from copilot.deciding.reporting import binding_note, ranked_strategies
from copilot.domain import CampaignBrief, StrategyDraft, parse
from tests.fakes.effect import HandMadeModel
from tests.fakes.shop import small_case, small_shop


def test_the_space_keeps_to_the_briefs_lists_and_window() -> None:
    brief = parse(
        CampaignBrief,
        {
            "channels": ["onsite"],
            "offer_types": ["percent_off"],
            "categories": ["tea"],
            "ends_on": "2025-07-05",
        },
    )
    space = offer_space(brief, small_shop())
    assert space
    assert {terms.channel for terms in space} == {"onsite"}
    assert {terms.type for terms in space} == {"percent_off"}
    assert {terms.scope for terms in space} == {("tea", ())}
    assert max(terms.days for terms in space) <= 6


def test_types_the_shop_never_sent_are_left_out_unless_asked_for() -> None:
    shop = small_shop()
    assert "gift" not in {terms.type for terms in offer_space(CampaignBrief(), shop)}
    kinds = ["gift", "points", "buy_x_get_y", "fixed_price", "free_shipping"]
    asked = parse(CampaignBrief, {"offer_types": kinds, "product_ids": ["green"]})
    assert {terms.type for terms in offer_space(asked, shop)} == set(asked.offer_types)


def test_a_category_has_no_fixed_price() -> None:
    asked = parse(CampaignBrief, {"offer_types": ["fixed_price"], "categories": ["tea"]})
    assert offer_space(asked, small_shop()) == []


def test_limits_that_bind_do_not_hide_the_offers_that_keep_them() -> None:
    limits = {"categories": ["tea"], "channels": ["onsite"], "budget": 100, "min_roi": 0.2}
    found = {
        objective: small_case({**limits, "objective": objective}, shop=small_shop(1000)).sweep(limit=3)
        for objective in ("profit", "conversion", "revenue", "clicks")
    }
    assert all(found.values())


@pytest.mark.parametrize(("value", "expected"), [(4.26, 4.5), (17.4, 17.0), (63.0, 65.0), (234.0, 230.0)])
def test_money_is_rounded_to_what_a_shop_would_print(value: float, expected: float) -> None:
    assert round_money(value) == expected


def test_the_frontier_is_admissible_best_first_and_without_near_duplicates() -> None:
    case = small_case({"categories": ["tea"], "max_discount_percent": 15})
    frontier = case.sweep(limit=6)
    assert frontier
    assert all(one.admissible for one in frontier)
    assert [one.utility for one in frontier] == sorted((one.utility for one in frontier), reverse=True)
    assert rank(frontier, 6) == frontier


def test_the_sweep_is_the_same_twice() -> None:
    shop = small_shop(2000)
    first, second = (small_case({"categories": ["tea"]}, shop=shop).sweep(limit=4) for _ in range(2))
    assert first == second


def test_the_sweep_asks_about_a_sample_and_the_finalists_about_everyone() -> None:
    model = HandMadeModel()
    small_case({"categories": ["tea"], "channels": ["onsite"]}, model=model, shop=small_shop(2000)).sweep(
        limit=2
    )
    sizes = {customers for _, _, customers in model.calls}
    assert {500, 2000} <= sizes


def test_a_tight_budget_is_kept_by_contacting_the_best_customers() -> None:
    free = small_case({"categories": ["tea"], "channels": ["onsite"]}, shop=small_shop(1000)).sweep(limit=1)[
        0
    ]
    assert free.forecast is not None
    cost = free.forecast.totals.discount_cost.mean + free.forecast.totals.contact_cost.mean
    brief = {
        "categories": ["tea"],
        "channels": ["onsite"],
        "budget": round(cost / 4, 2),
        "offer_types": [free.draft.offer.type],
    }
    frontier = small_case(brief, shop=small_shop(1000)).sweep(limit=3)
    assert frontier
    for one in frontier:
        assert one.forecast is not None
        spent = one.forecast.totals.discount_cost.mean + one.forecast.totals.contact_cost.mean
        assert spent <= cost / 4


def test_a_person_sees_the_judging_side_and_the_writer_the_searching_side() -> None:
    case = small_case({"categories": ["tea"]}, model=HandMadeModel(judged=0.5))
    one = case.sweep(limit=1)[0]
    assert one.forecast is not None
    judged = case.judge([one.draft])[0].forecast
    assert judged is not None
    assert judged.incremental_conversion.mean == pytest.approx(one.forecast.incremental_conversion.mean / 2)


def test_doubt_breaks_a_tie_of_means() -> None:
    offer = {"type": "percent_off", "value": 10}
    one = parse(StrategyDraft, {"draft_id": "d", "channel": "email", "category": "tea", "offer": offer})
    sure = small_case(model=HandMadeModel(doubt=0.1)).score([one])[0]
    unsure = small_case(model=HandMadeModel(doubt=0.9)).score([one])[0]
    assert sure.utility > unsure.utility


def test_every_place_has_reasons_made_of_its_own_figures() -> None:
    case = small_case({"categories": ["tea"]})
    drafts = [one.draft for one in case.sweep(limit=3)]
    authors = {draft.draft_id: "tester" for draft in drafts}
    strategies = ranked_strategies(case, case.judge(drafts), authors, "now")
    assert [one.rank for one in strategies] == [1, 2, 3][: len(strategies)]
    assert len({one.strategy_id for one in strategies}) == len(strategies)
    total = strategies[0].forecast.totals.incremental_profit.mean
    assert f"{total:,.0f} EUR" in strategies[0].reasons[0]


def test_when_nothing_is_feasible_the_binding_limit_is_named() -> None:
    case = small_case({"categories": ["tea"], "min_roi": 500})
    assert case.sweep(limit=3) == ()
    assert "min_roi" in binding_note(case, ())


def test_the_facts_for_a_writer_are_aggregates() -> None:
    case = small_case({"categories": ["tea"]})
    text = case.facts.model_dump_json()
    assert not any(customer in text for customer in ('c1"', "c99"))
    assert case.facts.reachable == {"email": 90, "onsite": 100}


def test_a_draft_dearer_than_the_budget_for_the_judge_goes_to_fewer_customers() -> None:
    brief = {"categories": ["tea"], "channels": ["onsite"], "budget": 20}
    offer = {"type": "percent_off", "value": 5}
    draft = parse(
        StrategyDraft,
        {"draft_id": "d", "channel": "onsite", "category": "tea", "offer": offer, "audience_limit": 50},
    )
    case = small_case(brief)
    assert {check.rule for check in case.score([draft])[0].broken} == {"budget"}
    judged = case.judge([draft])[0]
    assert judged.admissible
    assert judged.draft.audience_limit is not None
    assert judged.draft.audience_limit < 50


def test_offers_of_a_shop_of_small_prices_are_possible_ones() -> None:
    shop = small_shop()
    cheap = shop.catalogue.lines.assign(value=shop.catalogue.lines["value"] / 100)
    products = shop.catalogue.products.assign(price=shop.catalogue.products["price"] / 100)
    small = replace(shop, catalogue=replace(shop.catalogue, lines=cheap, products=products, _facts={}))
    kinds = ["percent_off", "amount_off", "gift", "points", "fixed_price", "free_shipping", "buy_x_get_y"]
    case = small_case({"categories": ["tea"], "offer_types": kinds}, shop=small)
    assert case.swept.terms
    free_points = replace(small, settings=small.settings.model_copy(update={"point_value": 0.0}))
    assert small_case({"offer_types": ["points"]}, shop=free_points).swept.terms


def test_when_only_copy_stands_in_the_way_the_note_says_so() -> None:
    assert "must_not_say" in binding_note(small_case({"categories": ["tea"]}), ())
