"""Every noun goes out as JSON and comes back equal."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot import domain
from copilot.domain import CampaignBrief, Condition, EffectForecast, Estimate, Offer, Report, StrategyDraft
from copilot.domain.brief import CHANNELS
from copilot.domain.noun import Noun, parse

text = st.text(st.characters(codec="utf-8"), max_size=20)
ids = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
money = st.decimals(0, 10**9, places=2)
more_than_nothing = st.decimals("0.01", 10**6, places=2)
percents = st.decimals("0.5", 100, places=1)
counts = st.integers(1, 10**6)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
channels = st.sampled_from(CHANNELS)
finite = st.floats(-1e9, 1e9)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def windows(draw: st.DrawFn) -> dict[str, date | None]:
    first, last = sorted([draw(days), draw(days)])
    return {"starts_on": draw(st.sampled_from([None, first])), "ends_on": draw(st.sampled_from([None, last]))}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    value = (st.integers(-(10**9), 10**9) | finite | st.booleans() | ids.filter(str.strip)).map(lambda v: v)
    operator = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "in", "not_in", "is_null", "not_null"]))
    if operator in ("in", "not_in"):
        return Condition(
            attribute=draw(ids), operator=operator, value=tuple(draw(st.lists(value, min_size=1, max_size=4)))
        )
    return Condition(
        attribute=draw(ids), operator=operator, value=None if "null" in operator else draw(value)
    )


audiences = st.lists(conditions(), max_size=3).map(tuple)


@st.composite
def offers(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(domain.offer.OFFER_TYPES))
    least = draw(maybe(money))
    value = {"percent_off": percents, "buy_x_get_y": st.none(), "none": st.none(), "free_shipping": st.none()}
    terms: dict[str, Any] = {"type": kind, "value": draw(value.get(kind, more_than_nothing))}
    if kind == "amount_off" and least:
        terms["value"] = min(terms["value"], least)
    if kind == "buy_x_get_y":
        terms |= {"buy_quantity": draw(st.integers(1, 100)), "get_quantity": draw(st.integers(1, 100))}
    return terms | {
        "min_spend": least,
        "max_discount": draw(maybe(money)),
        "valid_days": draw(st.integers(1, 365)),
        "code": draw(maybe(st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))),
        "limit_per_customer": draw(maybe(counts)),
        "limit_total": draw(maybe(counts)),
        "stackable": draw(st.booleans()),
    }


copies = st.fixed_dictionaries(dict.fromkeys(["subject", "preheader", "body", "call_to_action"], text))
follow_ups = st.fixed_dictionaries({"after_days": st.integers(1, 90), "channel": channels, "copy": copies})
plans = st.builds(
    lambda window, hour, later: window | {"send_hour": hour, "follow_ups": later},
    windows(),
    maybe(st.integers(0, 23)),
    st.lists(follow_ups, max_size=2),
)
drafts = st.fixed_dictionaries(
    {
        "draft_id": ids,
        "channel": channels,
        "category": maybe(ids),
        "product_ids": st.lists(ids, max_size=3),
        "audience": audiences,
        "audience_limit": maybe(counts),
        "offer": offers(),
        "copy": copies,
        "plan": plans,
        "rationale": text,
    }
).map(lambda data: parse(StrategyDraft, data))
briefs = st.builds(
    lambda window, rest: parse(CampaignBrief, rest | window),
    windows(),
    st.fixed_dictionaries(
        {
            "brief_id": maybe(ids),
            "objective": st.sampled_from(["profit", "revenue", "conversion", "clicks"]),
            "categories": st.lists(ids, max_size=3),
            "audience": audiences,
            "channels": st.lists(channels, max_size=3),
            "offer_types": st.lists(st.sampled_from(domain.offer.OFFER_TYPES), max_size=3),
            "budget": maybe(money),
            "max_discount_percent": maybe(percents),
            "min_margin_percent": maybe(st.decimals(-100, 100, places=2)),
            "min_roi": maybe(st.decimals(-1, 100, places=3)),
            "language": st.sampled_from(["en", "zh", "pt-BR"]),
            "tone": text,
            "must_say": st.lists(ids, max_size=2),
            "unit_profit": maybe(money),
            "strategies": st.integers(1, 20),
        }
    ),
)
estimates = (
    st.lists(finite, min_size=3, max_size=3)
    .map(sorted)
    .map(lambda three: Estimate(low=three[0], mean=three[1], high=three[2]))
)
totals = st.builds(domain.Totals, **dict.fromkeys(domain.Totals.model_fields, estimates))
forecasts = st.builds(
    EffectForecast,
    **dict.fromkeys(domain.forecast.FIGURES, estimates) | {"roi": maybe(estimates), "totals": totals},
    audience_size=st.integers(0, 10**9),
    support=st.floats(0, 1),
    warnings=st.lists(text, max_size=2).map(tuple),
    model_version=text,
    as_of=days,
)
checks = st.builds(domain.Check, rule=text, message=text)
ranked = st.builds(
    domain.RankedStrategy,
    draft=drafts,
    forecast=forecasts,
    strategy_id=text,
    author=text,
    reasons=st.lists(text, max_size=2).map(tuple),
    checks=st.lists(checks, max_size=2).map(tuple),
)
reports = st.builds(
    Report,
    brief_id=text,
    strategies=st.lists(ranked, max_size=2).map(tuple),
    notes=st.lists(text, max_size=2).map(tuple),
    models=st.builds(
        domain.Models, writer=text, predictor=text, prompts=st.lists(text, max_size=2).map(tuple)
    ),
    usage=st.builds(domain.Usage, cost=maybe(st.floats(0, 1e6)), seconds=st.floats(0, 1e6)),
)


def assert_round_trip(noun: Noun) -> None:
    sent = noun.model_dump_json()
    assert parse(type(noun), sent) == noun
    # The same through Python's own JSON, as scripts will do it.
    assert parse(type(noun), json.dumps(noun.model_dump(mode="json"), allow_nan=False)) == noun


@given(briefs)
def test_a_brief_comes_back_equal(brief: CampaignBrief) -> None:
    assert_round_trip(brief)


@given(drafts)
def test_a_draft_comes_back_equal(draft: StrategyDraft) -> None:
    assert_round_trip(draft)


@given(forecasts)
def test_a_forecast_comes_back_equal(forecast: EffectForecast) -> None:
    assert_round_trip(forecast)


@given(reports)
def test_a_report_comes_back_equal(report: Report) -> None:
    assert_round_trip(report)


def test_money_keeps_its_digits() -> None:
    offer = {"type": "amount_off", "value": 0.1 + 0.2 - 0.2, "min_spend": 19.99}
    draft = parse(StrategyDraft, {"draft_id": "d", "channel": "sms", "offer": offer})
    assert draft.offer.min_spend == Decimal("19.99")
    assert json.loads(draft.model_dump_json())["offer"]["min_spend"] == 19.99


@pytest.mark.parametrize("name", ["min_spend", "max_discount"])
def test_a_term_of_zero_is_no_term(name: str) -> None:
    offer = {"type": "percent_off", "value": 10, name: 0}
    draft = parse(StrategyDraft, {"draft_id": "d", "channel": "sms", "offer": offer})
    assert getattr(draft.offer, name) is None


def test_the_smallest_draft_has_the_documented_defaults() -> None:
    smallest = {"draft_id": "d1", "channel": "email", "offer": {"type": "percent_off", "value": 15}}
    assert json.loads(parse(StrategyDraft, smallest).model_dump_json()) == {
        "draft_id": "d1",
        "channel": "email",
        "category": None,
        "product_ids": [],
        "audience": [],
        "audience_limit": None,
        "offer": {
            "type": "percent_off",
            "value": 15,
            "buy_quantity": None,
            "get_quantity": None,
            "min_spend": None,
            "max_discount": None,
            "valid_days": 7,
            "code": None,
            "limit_per_customer": 1,
            "limit_total": None,
            "stackable": False,
        },
        "copy": {"subject": "", "preheader": "", "body": "", "call_to_action": ""},
        "plan": {"starts_on": None, "ends_on": None, "send_hour": None, "follow_ups": []},
        "rationale": "",
    }


def test_every_offer_type_is_part_of_the_union() -> None:
    assert {member.model_fields["type"].default for member in Offer.__origin__.__args__} == set(
        domain.offer.OFFER_TYPES
    )


def test_an_estimate_lies_within_its_bounds() -> None:
    with pytest.raises(ValueError, match="low <= mean <= high"):
        Estimate(mean=2, low=0, high=1)
