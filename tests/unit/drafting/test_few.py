"""What a language model is told of few customers: that they are few. The planner is told everything."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from copilot.drafting.answers import facts_answer
from copilot.drafting.counts import FEW, roughly, roughly_reached
from copilot.drafting.listener import Listener
from copilot.drafting.prompting import opening
from copilot.drafting.session import Session
from copilot.drafting.tools import run_tool
from copilot.shop.context import ShopContext
from tests.fakes.case import FakeCase
from tests.fakes.shop import small_case, small_shop

RICH = {"attribute": "average_basket", "operator": ">", "value": 90}  # ten of a hundred
LOW = {"attribute": "average_basket", "operator": "<", "value": 42}  # 697 of 1680
GOLD = {"attribute": "tier", "operator": "=", "value": "gold"}
FIGURES = {"utility", "ctr", "conversion", "incremental_profit", "support", "roi", "levers"}


def session(brief: dict[str, Any] | None = None, *, trusted: bool = False, shop: Any = None) -> Session:
    case = small_case(brief, shop=shop)
    return Session(case, wanted=2, listener=Listener(None), trusted=trusted)


def ask(asked: Session, tool: str, **args: Any) -> Any:
    return json.loads(run_tool(asked, tool, args))


def draft(key: str, value: float = 10, *audience: Any) -> dict[str, Any]:
    offer = {"type": "percent_off", "value": value}
    copy = {"body": "Get {discount} off, until {ends_on}."}
    told = {"draft_id": key, "channel": "onsite", "category": "tea", "offer": offer, "copy": copy}
    return {**told, "audience": list(audience)}


def names_in(answer: Any) -> set[str]:
    """The names of all fields, however deep."""
    if isinstance(answer, dict):
        return set(answer).union(*map(names_in, answer.values()))
    return set().union(*map(names_in, answer)) if isinstance(answer, list) else set()


def alone() -> ShopContext:
    return small_shop(2).only(pd.Series([False, True]).to_numpy())


@pytest.mark.parametrize(
    ("customers", "told"),
    [
        (0, 0),
        (1, FEW),
        (19, FEW),
        (20, 20),
        (99, 99),
        (164, 160),
        (168, 170),
        (995, 1000),
        (123_456, 120_000),
    ],
)
def test_a_count_is_told_to_two_digits(customers: int, told: int | str) -> None:
    assert roughly(customers) == told


def test_those_who_are_not_reached_are_not_told_by_subtraction() -> None:
    reached = roughly_reached(
        {"email": 100, "sms": 81, "push": 80, "ads": 19, "onsite": None, "none": 0}, 100
    )

    assert reached == {
        "email": 100,
        "sms": "all but fewer than 20",
        "push": 80,
        "ads": FEW,
        "onsite": FEW,
        "none": 0,
    }
    assert roughly_reached({"email": 19}, 19) == {}


def test_the_size_of_an_audience_is_told_to_two_digits() -> None:
    asked = session(shop=small_shop(1680))

    below = ask(asked, "audience_facts", audience=[LOW])
    (scored,) = ask(asked, "score_drafts", drafts=[draft("below", 10, LOW)])["scored"]

    assert (below["size"], scored["forecast"]["audience_size"]) == (700, 700)
    assert asked.scored["below"].forecast.audience_size == 697  # type: ignore[union-attr]


def test_a_draft_to_few_customers_has_no_figures_but_a_rank() -> None:
    drafts = [draft("all"), draft("ten", 10, RICH), draft("deep", 60, RICH), draft("gold", 10, GOLD)]
    asked = session({"max_discount_percent": 50})

    told = {one["draft_id"]: one for one in ask(asked, "score_drafts", drafts=drafts)["scored"]}

    assert told["ten"].keys() == {"draft_id", "forecast", "utility_rank", "angle", "alike"}
    assert told["ten"]["forecast"] == {"audience_size": FEW}
    assert "max_discount_percent" in {one["rule"] for one in told["deep"]["broken"]}
    assert not FIGURES & names_in([told["ten"], told["deep"]])
    assert told["gold"]["forecast"]["audience_size"] == 25
    assert FIGURES & names_in(told["gold"]) >= {"utility", "conversion", "levers"}
    by_utility = sorted(asked.scored, key=lambda key: -asked.scored[key].utility)
    assert [told[key]["utility_rank"] - 1 for key in ("ten", "deep")] == [
        by_utility.index(key) for key in ("ten", "deep")
    ]


@pytest.mark.parametrize("tool", ["score_drafts", "submit_strategies"])
def test_a_broken_rule_of_few_customers_is_told_without_its_figures(tool: str) -> None:
    asked = session({"budget": 0.001, "min_roi": 10_000})

    answer = ask(asked, tool, drafts=[draft("ten", 10, RICH)])

    ((one,),) = (answer.get("scored") or answer["returned"],)
    told = {broken["rule"]: broken["message"] for broken in one["broken"]}
    assert told.keys() >= {"budget", "min_roi"}
    assert set(told.values()) == {"not kept; by how much is not told of fewer than 20 customers"}


def test_the_planner_is_told_of_few_customers_exactly() -> None:
    planner = session({"budget": 0.001}, trusted=True)

    (one,) = ask(planner, "score_drafts", drafts=[draft("ten", 10, RICH)])["scored"]

    assert one["forecast"]["audience_size"] == 10
    assert {"utility", "conversion"} <= names_in(one)
    assert "expected for discounts and messages" in str(one["broken"])
    assert "utility" in ask(session(trusted=True, shop=alone()), "sweep_offers")["offers"][0]


def test_a_shop_of_one_customer_gets_a_frontier_without_figures_and_can_finish() -> None:
    asked = session({"strategies": 1}, shop=alone())

    said = opening(asked.case, asked.sweep()).user
    _, shop, frontier = (json.loads(part.split("\n</data>")[0]) for part in said.split("<data>\n")[1:])
    offers = ask(asked, "sweep_offers", channel="onsite")["offers"]
    first = {name: value for name, value in offers[0].items() if name != "forecast"}
    copy = {"body": "For you until {ends_on}." if first["offer"]["type"] == "none" else "{discount} off"}
    ask(asked, "score_drafts", drafts=[{**first, "draft_id": "a", "copy": copy}])
    handed_in = ask(asked, "submit_strategies", scored_ids=["a"])

    assert (shop["audience_size"], "reachable" in shop) == (FEW, False)
    assert [one["forecast"] for one in (*frontier, *offers)] == [{"audience_size": FEW}] * (
        len(frontier) + len(offers)
    )
    assert not FIGURES & names_in([frontier, offers])
    best_first = [one.draft.offer.value for one in asked.sweep(channel="onsite", limit=12)]
    assert [one["offer"].get("value") for one in offers] == [
        None if value is None else float(value) for value in best_first
    ]
    assert handed_in["accepted"] == ["a"]


def test_the_opening_counts_customers_roughly() -> None:
    case = small_case(shop=small_shop(1234))

    told = facts_answer(case.facts)

    assert (case.facts.audience_size, case.facts.reachable["email"]) == (1234, 1110)
    assert (told["audience_size"], told["reachable"]) == (1200, {"email": 1100, "onsite": 1200})


def test_levers_are_worked_out_for_the_best_and_for_those_that_nearly_fit() -> None:
    case = FakeCase(strategies=2, max_discount_percent=25)
    asked = Session(case.as_case, wanted=2, listener=Listener(None))
    values = [*range(5, 16), *range(30, 39)]
    drafts = [{**draft(f"d{value}", value), "category": "beauty", "channel": "email"} for value in values]

    scored = ask(asked, "score_drafts", drafts=drafts)["scored"]

    told = {one["draft_id"] for one in scored if "levers" in one}
    by_utility = sorted(scored, key=lambda one: -one["utility"])
    nearly = [one for one in by_utility[5:] if len(one.get("broken", ())) == 1]
    assert case.calls.count("levers") == len(told) == 8
    assert told == {one["draft_id"] for one in (*by_utility[:5], *nearly[:3])}
