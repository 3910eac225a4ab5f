"""Scoring drafts and giving each customer the best one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from copilot.deciding import scoring
from copilot.deciding.allocation import allocate
from copilot.deciding.batches import parse_drafts, score_lines
from copilot.domain import StrategyDraft, parse
from predictors.interface import CustomerTable, EffectForecasts
from tests.fakes.effect import HandMadeModel
from tests.fakes.shop import small_case, small_shop

TEN = {"type": "percent_off", "value": 10}


def draft(name: str = "d", **more: object) -> StrategyDraft:
    return parse(
        StrategyDraft, {"draft_id": name, "channel": "email", "category": "tea", "offer": TEN, **more}
    )


def test_customers_who_have_not_opted_in_are_never_contacted() -> None:
    forecast = small_case().scorer.forecast([draft()])[0]
    assert forecast is not None
    assert forecast.audience_size == 90


def test_a_drafts_audience_narrows_the_briefs() -> None:
    case = small_case({"audience": "tier = gold"})
    forecast = case.scorer.forecast([draft(channel="onsite", audience="average_basket > 50")])[0]
    assert forecast is not None
    assert forecast.audience_size == 12


def test_an_audience_limit_keeps_the_best_customers() -> None:
    case = small_case()
    limited = draft(
        channel="onsite", audience_limit=5, offer={"type": "amount_off", "value": 5, "min_spend": 20}
    )
    kept = set(case.scorer.contacted(limited))
    figures = case.scorer.per_customer(draft(channel="onsite", offer=limited.offer), side="search")
    order = np.argsort(-figures.figures["incremental_profit"], kind="stable")[:5]
    assert kept == set(figures.customer_ids[order])


def test_totals_are_the_means_times_the_customers_contacted() -> None:
    forecast = small_case().scorer.forecast([draft()])[0]
    assert forecast is not None
    assert forecast.totals.incremental_profit.mean == pytest.approx(forecast.incremental_profit.mean * 90)


def test_drafts_scored_together_get_what_they_get_alone() -> None:
    drafts = [
        draft("a"),
        draft("b", channel="onsite"),
        draft("c", audience="tier = gold"),
        draft("e", audience_limit=3),
    ]
    together = small_case().scorer.forecast(drafts)
    alone = [small_case().scorer.forecast([one])[0] for one in drafts]
    assert together == alone


def test_a_wrong_draft_gets_an_error_and_spoils_no_other() -> None:
    given = [
        draft("good"),
        {"draft_id": "deep", "channel": "email", "offer": {"type": "percent_off", "value": 250}},
        "{not json",
        draft("nobody", audience="average_basket > 1000"),
        draft("unknown", audience="shoe_size = 40"),
        draft("last"),
    ]
    lines = score_lines(small_case(), parse_drafts(given))
    assert [line.draft_id for line in lines] == ["good", "deep", "row-3", "nobody", "unknown", "last"]
    assert [line.error is None for line in lines] == [True, False, False, False, False, True]
    deep = lines[1].error
    assert deep is not None
    assert (deep.field, deep.received) == ("offer.value", "250")


def test_a_forecast_does_not_hide_that_copy_may_not_be_sent() -> None:
    lying = draft("lie", copy={"subject": "Tea", "body": "50% off, code WIN50"})
    fair = draft("fair", copy={"subject": "Tea", "body": "Something new in the shop."})

    lie, honest = score_lines(small_case(), parse_drafts([lying, fair]))

    assert lie.forecast is not None
    assert {"copy_figures"} <= {check.rule for check in lie.broken}
    assert honest.broken == ()


def test_unit_profit_replaces_margin_times_revenue() -> None:
    forecast = small_case({"unit_profit": 100}).scorer.forecast([draft(channel="onsite")])[0]
    assert forecast is not None
    expected = 100 * forecast.incremental_conversion.mean - forecast.discount_cost.mean
    assert forecast.incremental_profit.mean == pytest.approx(expected)


def test_everybody_gets_the_draft_that_earns_the_most_or_none() -> None:
    case = small_case(shop=small_shop(200))
    drafts = [
        draft("shallow", channel="onsite", offer={"type": "percent_off", "value": 5}),
        draft("amount", channel="onsite", offer={"type": "amount_off", "value": 5, "min_spend": 60}),
    ]
    found = allocate(case.scorer, drafts)
    assert len(found.customer_ids) == 200
    values = np.zeros((2, 200))
    for place, one in enumerate(drafts):
        values[place] = case.scorer.per_customer(one).figures["incremental_profit"]
    expected = np.where(values.max(axis=0) > 0, values.argmax(axis=0), -1)
    assert (found.draft == expected).all()
    assert found.incremental_profit == pytest.approx(np.maximum(values.max(axis=0), 0))


def test_several_products_are_forecast_alike_in_any_order_and_it_is_said() -> None:
    case = small_case()
    one, other = (
        case.scorer.forecast([draft(category=None, channel="onsite", product_ids=ids)])[0]
        for ids in (["green", "black"], ["black", "green"])
    )
    assert one is not None
    assert other is not None
    assert one.incremental_profit == other.incremental_profit
    assert any("several products" in warning for warning in one.warnings)


def test_what_the_forecast_leaves_out_is_told() -> None:
    copy = {"after_days": 2, "channel": "sms", "copy": {"body": "Still there"}}
    long = draft(
        channel="onsite", plan={"follow_ups": [copy]}, offer={**TEN, "limit_total": 1, "stackable": True}
    )
    scored = small_case().score([long])[0]
    assert scored.forecast is not None
    told = " ".join(scored.forecast.warnings)
    assert all(word in told for word in ("follow-up", "limit_total", "stackable", "onsite costs"))
    # Money that no budget has seen is never spent.
    assert "follow_ups" in {check.rule for check in scored.broken}


def test_a_draft_id_is_taken_once() -> None:
    lines = parse_drafts([draft("a"), draft("a"), draft("b")])
    assert [isinstance(line, StrategyDraft) for line in lines] == [True, False, True]


class Reader(HandMadeModel):
    """Keeps the customer tables it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[CustomerTable] = []

    def forecast(self, offers: Any, customers: CustomerTable, *rest: Any, **options: Any) -> EffectForecasts:
        self.tables.append(customers)
        return super().forecast(offers, customers, *rest, **options)


def test_customers_are_one_table_for_all_that_is_asked_of_them_and_parts_of_the_shops() -> None:
    model, shop = Reader(), small_shop()
    scorer = small_case(model=model, shop=shop).scorer
    for one in (draft("a"), draft("b", category="mugs"), draft("c", channel="onsite")):
        scorer.forecast([one])
    first, second, everybody = model.tables
    assert first is second
    assert first.whole is everybody
    assert len(first) == 90
    pd.testing.assert_frame_equal(everybody.attributes, shop.attributes)


def test_tables_of_customers_are_let_go_where_they_would_hold_a_large_shop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scoring, "KEPT", 150)
    model = Reader()
    scorer = small_case(model=model, shop=small_shop()).scorer
    for one in (draft("a"), draft("b", channel="onsite"), draft("c", category="mugs")):
        scorer.forecast([one])
    first, _, again = model.tables
    assert again is not first
    pd.testing.assert_frame_equal(again.attributes, first.attributes)
