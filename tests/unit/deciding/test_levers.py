"""Levers: one step of one term each, with the rule it would break; and whom a forecast depends on."""

from __future__ import annotations

from typing import Any

import pytest

from copilot.deciding.levers import levers
from copilot.deciding.why import why
from copilot.domain import StrategyDraft, parse
from copilot.domain.why import Lever
from tests.fakes.effect import HandMadeModel
from tests.fakes.shop import small_case


def draft(offer: dict[str, Any] | None = None, **more: Any) -> StrategyDraft:
    terms = offer or {"type": "percent_off", "value": 10, "min_spend": 20}
    return parse(
        StrategyDraft, {"draft_id": "d", "channel": "email", "category": "tea", "offer": terms, **more}
    )


def by_step(found: tuple[Lever, ...]) -> dict[tuple[str, object], Lever]:
    return {(one.kind, one.after): one for one in found}


def test_every_term_goes_one_step_up_and_down_and_to_the_other_channel() -> None:
    found = by_step(levers(small_case().scorer, draft()))
    assert set(found) == {
        ("value", 5.0),
        ("value", 15.0),
        ("min_spend", 15.0),
        ("min_spend", 25.0),
        ("valid_days", 3.0),
        ("valid_days", 14.0),
        ("channel", "onsite"),
    }


def test_a_lever_changes_what_scoring_its_draft_would_show() -> None:
    case, base = small_case(), draft()
    before = case.scorer.forecast([base], side="search")[0]
    assert before is not None
    for one in levers(case.scorer, base):
        changed = base.model_copy(update={"channel": one.channel, "offer": one.offer})
        after = case.scorer.forecast([changed], side="search")[0]
        assert after is not None
        assert one.audience_size == after.audience_size
        gain = after.totals.incremental_profit.mean - before.totals.incremental_profit.mean
        assert one.total.incremental_profit.mean == pytest.approx(gain)
        if one.per_customer is not None:
            each = after.incremental_conversion.mean - before.incremental_conversion.mean
            assert one.per_customer.incremental_conversion.mean == pytest.approx(each)


def test_the_strongest_come_first() -> None:
    moved = [abs(one.total.objective.mean) for one in levers(small_case().scorer, draft())]
    assert moved == sorted(moved, reverse=True)


def test_another_channel_is_told_in_total_since_it_reaches_others() -> None:
    one = by_step(levers(small_case().scorer, draft()))["channel", "onsite"]
    assert one.per_customer is None
    assert one.audience_size == 100
    assert "by onsite instead of email" in one.words
    assert "100 customers instead of 90" in one.words


def test_a_step_that_breaks_a_rule_says_in_words_what_the_rule_is() -> None:
    case = small_case({"max_discount_percent": 12, "ends_on": "2025-07-06"})
    found = by_step(levers(case.scorer, draft()))
    assert [check.rule for check in found["value", 15.0].broken] == ["max_discount_percent"]
    said = "would break a rule (15.0 % off the smallest basket that qualifies; at most 12 %)"
    assert said in found["value", 15.0].words
    assert "valid_days" in {check.rule for check in found["valid_days", 14.0].broken}
    assert "would break a rule (valid 14 days;" in found["valid_days", 14.0].words
    assert not found["value", 5.0].broken


def test_a_step_that_would_lose_against_sending_nothing_says_so_without_the_name_of_the_rule() -> None:
    case = small_case({"unit_profit": 0.01})
    losing = [one for one in levers(case.scorer, draft()) if "beats_nothing" in {c.rule for c in one.broken}]
    assert losing
    for one in losing:
        assert "per customer against sending nothing; must be above 0)" in one.words
        assert "_" not in one.words


def test_a_step_beyond_what_was_sent_says_so() -> None:
    class Unsupported(HandMadeModel):
        support = 0.1

    told, plain = (
        levers(small_case(model=model).scorer, draft()) for model in (Unsupported(), HandMadeModel())
    )
    assert all("hardly anything like it" in one.words for one in told)
    assert not any("hardly anything like it" in one.words for one in plain)


def test_the_objective_of_the_brief_is_what_moves() -> None:
    one = by_step(levers(small_case({"objective": "conversion"}).scorer, draft()))["value", 15.0]
    assert one.total.objective == one.total.incremental_conversion
    assert "conversions per 1,000 customers" in one.words
    assert "15 % off instead of 10 % off" in one.words


@pytest.mark.parametrize(
    ("offer", "steps"),
    [
        ({"type": "none"}, {"channel"}),
        ({"type": "free_shipping", "valid_days": 14}, {"min_spend", "valid_days", "channel"}),
        ({"type": "percent_off", "value": 3}, {"value", "min_spend", "valid_days", "channel"}),
        (
            {"type": "buy_x_get_y", "buy_quantity": 2, "get_quantity": 1},
            {"min_spend", "valid_days", "channel"},
        ),
    ],
)
def test_only_terms_that_an_offer_has_are_levers(offer: dict[str, Any], steps: set[str]) -> None:
    assert {one.kind for one in levers(small_case().scorer, draft(offer))} == steps


def test_a_step_that_makes_no_offer_is_left_out() -> None:
    # More money off than the minimum spend is no offer; neither is less than nothing off.
    found = by_step(levers(small_case().scorer, draft({"type": "amount_off", "value": 20, "min_spend": 20})))
    assert {after for kind, after in found if kind == "value"} == {16.0}
    assert ("min_spend", 15.0) not in found


def test_a_limited_audience_keeps_its_customers_while_terms_change() -> None:
    found = levers(small_case().scorer, draft(audience_limit=5))
    assert {one.audience_size for one in found} == {5}


def test_a_draft_that_reaches_nobody_has_no_levers() -> None:
    assert levers(small_case().scorer, draft(audience="average_basket > 1000")) == ()


def test_a_sample_of_customers_tells_nearly_the_same() -> None:
    case = small_case()
    whole, some = (by_step(levers(case.scorer, draft(), most=most)) for most in (None, 40))
    for step, one in whole.items():
        assert some[step].audience_size == one.audience_size
        told, other = one.total.objective, some[step].total.objective
        assert other.mean == pytest.approx(told.mean, rel=0.3, abs=1)


def test_in_a_very_large_shop_steps_are_compared_on_some_customers(monkeypatch: pytest.MonkeyPatch) -> None:
    model = HandMadeModel()
    scorer = small_case(model=model).scorer
    steps = [draft(), draft({"type": "percent_off", "value": 15, "min_spend": 20})]
    whole = scorer.compare(steps)
    monkeypatch.setattr("copilot.deciding.scoring.COMPARED", 40)
    some = scorer.compare(steps)
    looked_at = [customers for _, _, customers in model.calls]
    assert (max(looked_at[:2]), max(looked_at[2:])) == (90, 30)
    assert [one.audience_size for one in some.forecasts] == [90, 90]
    told, other = whole.differences["incremental_profit"][1], some.differences["incremental_profit"][1]
    assert other.mean == pytest.approx(told.mean, rel=0.3)


def test_who_drives_a_forecast_is_told_in_words() -> None:
    found = why(small_case().scorer, draft())
    assert found.draft_id == "d"
    assert [one.attribute for one in found.drivers] == ["average_basket"]
    groups = found.drivers[0].groups
    assert [one.words for one in groups] == ["average_basket below 50", "average_basket 50 or more"]
    assert sum(one.share for one in groups) == pytest.approx(1)


@pytest.mark.parametrize(
    ("objective", "unit"),
    [
        ("profit", "EUR of profit a customer against sending nothing"),
        ("revenue", "EUR of revenue a customer against sending nothing"),
        ("conversion", "conversions a customer against sending nothing"),
        ("clicks", "clicks a customer"),
    ],
)
def test_who_drives_a_forecast_has_the_unit_of_the_objective(objective: str, unit: str) -> None:
    assert why(small_case({"objective": objective}).scorer, draft()).unit == unit
