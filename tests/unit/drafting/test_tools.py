"""The tools that only look: strict about what they are asked, sparing in what they answer."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from copilot.drafting.listener import Listener
from copilot.drafting.outgoing import ANSWER_TOKENS, token_estimate
from copilot.drafting.session import Session
from copilot.drafting.tools import run_tool
from copilot.shop.catalogue import Catalogue
from tests.fakes.copy import HandMadeCopy
from tests.fakes.shop import small_case, small_shop


def session(brief: dict[str, Any] | None = None, shop: Any = None) -> Session:
    return Session(small_case(brief, shop=shop), wanted=2, listener=Listener(None))


def ask(asked: Session, tool: str, **args: Any) -> Any:
    text = run_tool(asked, tool, args)
    assert token_estimate(text) <= ANSWER_TOKENS
    return json.loads(text)


@pytest.fixture
def shop() -> Session:
    return session()


GOLD = {"attribute": "tier", "operator": "=", "value": "gold"}
COPY = {"subject": "For you", "body": "Get {discount} off, until {ends_on}."}
DRAFT: dict[str, Any] = {
    "draft_id": "a",
    "channel": "email",
    "category": "tea",
    "offer": {"type": "percent_off", "value": 10},
    "copy": COPY,
}


def test_an_audience_is_told_by_its_size_and_who_can_be_reached(shop: Session) -> None:
    everyone, gold = ask(shop, "audience_facts"), ask(shop, "audience_facts", audience=[GOLD])

    few_less = "all but fewer than 20"
    assert (everyone["size"], everyone["reachable"]) == (100, {"email": few_less, "onsite": 100})
    assert everyone["attributes"] == {
        "number": ["average_basket", "days_since_order", "email_opt_in"],
        "category": ["tier"],
    }
    assert (gold["size"], gold["reachable"]) == (25, {"email": few_less, "onsite": 25})


def test_conditions_may_be_text_as_in_a_draft(shop: Session) -> None:
    assert ask(shop, "audience_facts", audience="tier = gold")["size"] == 25


def test_an_attribute_is_told_by_how_it_is_spread(shop: Session) -> None:
    basket = ask(shop, "audience_facts", attribute="average_basket")["attribute"]
    tier = ask(shop, "audience_facts", attribute="tier")["attribute"]

    assert basket["percentiles"] == {"p25": 25.8, "p50": 50.5, "p75": 75.2}
    assert tier["values"] == [{"value": "none", "share": 0.75}, {"value": "gold", "share": 0.25}]


def test_the_brief_s_audience_is_what_is_looked_at() -> None:
    narrowed = session({"audience": [GOLD]})

    assert ask(narrowed, "audience_facts")["size"] == 25
    assert ask(narrowed, "audience_facts", attribute="average_basket")["attribute"]["nothing_to_tell"]


@pytest.mark.parametrize("attribute", [None, "tier", "average_basket"])
def test_an_audience_of_a_few_is_only_called_small(shop: Session, attribute: str | None) -> None:
    few = [GOLD, {"attribute": "average_basket", "operator": "<", "value": 50}]

    assert ask(shop, "audience_facts", audience=few, attribute=attribute) == {"size": "fewer than 20"}


def test_a_shop_of_one_customer_is_mute_but_works() -> None:
    alone = session(shop=small_shop(2).only(pd.Series([False, True]).to_numpy()))

    assert ask(alone, "audience_facts", attribute="average_basket") == {"size": "fewer than 20"}
    assert ask(alone, "sweep_offers", channel="onsite")["offers"]
    assert ask(alone, "score_drafts", drafts=[{**DRAFT, "channel": "onsite"}])["scored"][0]["forecast"]
    assert alone.case.facts.average_basket is None


def test_products_are_told_with_all_that_is_known_of_them() -> None:
    one = small_shop()
    table = one.catalogue.products.reset_index()
    table["brand"], table["lowest_price_30d"] = "Leaf & Co", [9.0, None, None]
    table["description"] = "Loose leaves. " * 100
    rich = session(shop=small_shop(catalogue=Catalogue.of(table, None, one.settings)))

    green = ask(rich, "product_facts", query="green")["products"][0]

    assert green["name"] == "Green tea"
    assert (green["price"], green["margin"], green["stock"]) == (10, 0.6, 5)
    assert (green["brand"], green["lowest_price_30d"]) == ("Leaf & Co", 9)
    assert len(green["description"]) == 240


def test_what_there_is_more_of_and_what_there_is_not_is_said(shop: Session) -> None:
    assert ask(shop, "product_facts", limit=1)["more"] == 2
    assert ask(shop, "product_facts", product_ids=["green", "blue"])["unknown"] == ["blue"]
    assert ask(shop, "product_facts", query="coffee") == {"products": []}
    assert "known: tea" in ask(shop, "product_facts", category="teas")["error"]["message"]


def test_copy_is_checked_and_shown_without_a_forecast(shop: Session) -> None:
    shop.case.scorer.forecast = None  # type: ignore[assignment, method-assign]

    good = ask(shop, "check_copy", draft=DRAFT)
    bad = ask(shop, "check_copy", draft={**DRAFT, "copy": {"subject": "Hi", "body": "50% off for {product}"}})

    assert good["broken"] == []
    assert good["message"] == {"subject": "For you", "body": "Get 10% off, until 6 July."}
    assert {one["rule"] for one in bad["broken"]} == {"copy_figures", "copy_slots"}


def test_new_copy_of_a_draft_scored_before_is_checked_by_its_id(shop: Session) -> None:
    ask(shop, "score_drafts", drafts=[DRAFT])

    same = ask(shop, "check_copy", draft_id="a")
    new = ask(shop, "check_copy", draft_id="a", copy={"subject": "Hi", "body": "{discount} on {category}"})

    assert same["message"]["subject"] == "For you"
    message = {"subject": "Hi", "body": "10% on tea"}
    assert new == {"draft_id": "a", "angle": "benefit", "broken": [], "message": message}
    assert shop.scored["a"].draft.message.subject == "For you"


def test_what_is_advised_of_copy_reaches_its_writer(shop: Session) -> None:
    long = {**COPY, "subject": "A subject line that is a little longer than phones show"}
    told = "copy.subject: 55 characters, better 50: phones show the first 33 to 48"

    assert ask(shop, "check_copy", draft={**DRAFT, "copy": long})["advice"] == told
    assert ask(shop, "score_drafts", drafts=[{**DRAFT, "copy": long}])["scored"][0]["advice"] == told
    assert "advice" not in ask(shop, "check_copy", draft=DRAFT)


def test_past_campaigns_say_what_they_match() -> None:
    from tests.fakes.case import FakeCase

    asked = Session(FakeCase().as_case, wanted=2, listener=Listener(None))

    arms = ask(asked, "past_campaigns", channel="email", offer_type="gift", value=20)["arms"]

    assert [(arm["campaign"], arm.get("matches")) for arm in arms] == [
        ("winter", ["channel"]),
        ("spring", None),
    ]


@pytest.mark.parametrize(
    ("tool", "args", "field", "expected"),
    [
        ("audience_facts", {"audience": [{**GOLD, "operator": "like"}]}, "audience.0.operator", "'='"),
        ("audience_facts", {"audience": "tier ~ gold"}, "audience", "attribute operator value"),
        ("audience_facts", {"audience": 7}, "audience", "a list"),
        ("audience_facts", {"audience": [{**GOLD, "value": 7}]}, "tier", "text"),
        ("audience_facts", {"attribute": ""}, "attribute", "at least 1"),
        ("audience_facts", {"attribute": ["tier"]}, "attribute", "text"),
        ("audience_facts", {"sort": 1}, "sort", "no field of this name"),
        ("product_facts", {"product_ids": "green"}, "product_ids", "a list"),
        ("product_facts", {"product_ids": ["x"] * 21}, "product_ids", "at most 20"),
        ("product_facts", {"product_ids": [7]}, "product_ids.0", "text"),
        ("product_facts", {"limit": "5"}, "limit", "a number"),
        ("product_facts", {"limit": True}, "limit", "a number"),
        ("product_facts", {"limit": 10**400}, "limit", "a number of at most"),
        ("product_facts", {"query": "x" * 201}, "query", "at most 200"),
        ("check_copy", {}, "draft_id", "a text"),
        ("check_copy", {"draft_id": "zz"}, "draft_id", "scored before"),
        ("check_copy", {"draft": "a"}, "draft", "an object"),
        ("check_copy", {"draft": {**DRAFT, "copy": "hi"}}, "copy", "an object"),
        ("check_copy", {"draft": DRAFT, "why": 1}, "why", "no argument of this name"),
        ("past_campaigns", {"value": "20"}, "value", "a number"),
        ("past_campaigns", {"value": float("nan")}, "value", "a number"),
        ("past_campaigns", {"value": -1}, "value", "a number"),
        ("past_campaigns", {"value": 10**400}, "value", "a number"),
        ("sweep_offers", {"value": 20}, "value", "no argument of this name"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused_by_field(
    shop: Session, tool: str, args: dict[str, Any], field: str, expected: str
) -> None:
    fault = ask(shop, tool, **args)["error"]

    assert fault["field"] == field
    assert expected in fault["expected"]


def test_an_unknown_attribute_is_answered_with_those_near_it(shop: Session) -> None:
    told = ask(shop, "audience_facts", attribute="average_baskets")["error"]["message"]

    assert "known: average_basket" in told


def test_a_phrase_with_an_address_is_shown_masked_and_written_out() -> None:
    asked = session({"must_say": ["Questions: help@shop.example"]})
    draft = {**DRAFT, "copy": {"subject": "Hi", "body": "{discount} off. Questions: [e-mail]"}}

    checked = ask(asked, "check_copy", draft=draft)
    scored = ask(asked, "score_drafts", drafts=[draft])
    missing = ask(asked, "check_copy", draft=DRAFT)

    assert checked["broken"] == []
    assert checked["message"]["body"] == "10% off. Questions: [e-mail]"
    assert "broken" not in scored["scored"][0]
    assert asked.scored["a"].draft.message.body == "{discount} off. Questions: help@shop.example"
    assert missing["broken"] == [{"rule": "must_say", "message": "'Questions: [e-mail]' is missing"}]


def test_a_word_that_stands_in_for_hidden_data_does_not_reach_a_customer() -> None:
    asked = session({"notes": "Anna's number is 0170 1234567"})
    draft = {**DRAFT, "copy": {"body": "Call [phone] for {discount} off"}}

    (fault,) = ask(asked, "score_drafts", drafts=[draft])["unreadable"]

    assert (fault["field"], fault["received"]) == ("copy.body", "'[phone]'")


def test_an_arm_of_a_handful_of_customers_is_left_out() -> None:
    from copilot.domain.scored import PastArm
    from tests.fakes.case import FakeCase

    arm = FakeCase().past_campaigns(limit=1)[0]
    few = PastArm(**{**dict(arm), "campaign_id": "few", "customers": 19})
    asked = session(shop=small_shop(arms=(few, arm)))

    assert [one["campaign"] for one in ask(asked, "past_campaigns")["arms"]] == ["spring"]


def appealing(*, trusted: bool = False) -> Session:
    case = small_case(words=HandMadeCopy())
    return Session(case, wanted=2, listener=Listener(None), trusted=trusted)


NEW = {**DRAFT, "copy": {"subject": "New: free and boring", "body": "Until {ends_on}."}}


def test_the_appeal_of_words_is_told_with_its_strongest_reasons() -> None:
    asked = appealing()

    scored = ask(asked, "score_drafts", drafts=[NEW])["scored"][0]
    checked = ask(asked, "check_copy", draft=NEW)

    assert scored["appeal"] == {
        "factor": [0.905, 1, 1.11],
        "why": [{"phrase": "boring", "percent": -25.9}, {"phrase": "new", "percent": 22.1}],
    }
    assert checked["appeal"] == scored["appeal"]


def test_words_have_an_appeal_whoever_they_go_to() -> None:
    few = {**NEW, "audience": [{"attribute": "average_basket", "operator": "<", "value": 9}]}

    scored = ask(appealing(), "score_drafts", drafts=[few])["scored"][0]

    assert scored["forecast"] == {"audience_size": "fewer than 20"}
    assert scored["appeal"]["factor"][1] == 1


def test_nothing_is_told_of_words_that_are_not_there_or_to_the_planner() -> None:
    wordless = {name: value for name, value in DRAFT.items() if name != "copy"}

    assert "appeal" not in ask(appealing(), "score_drafts", drafts=[wordless])["scored"][0]
    assert "appeal" not in ask(appealing(trusted=True), "score_drafts", drafts=[NEW])["scored"][0]
    assert "appeal" not in ask(session(), "score_drafts", drafts=[NEW])["scored"][0]
