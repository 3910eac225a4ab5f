"""What leaves for a model: bounded whatever the shop, masked, and never something that looks like a fence."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from copilot.domain import StrategyDraft, parse
from copilot.drafting.listener import Listener
from copilot.drafting.outgoing import ANSWER_TOKENS, OPENING_TOKENS, leaving, token_estimate
from copilot.drafting.prompting import Prompt, opening
from copilot.drafting.session import Session
from copilot.drafting.tools import run_tool
from copilot.shop.catalogue import Catalogue
from copilot.shop.context import ShopContext
from tests.fakes.case import FakeCase
from tests.fakes.shop import small_case, small_shop

FIGURES = some.integers() | some.floats(allow_nan=False, allow_infinity=False)
JSON = some.recursive(
    some.none() | some.booleans() | FIGURES | some.text(),
    lambda one: some.lists(one, max_size=60) | some.dictionaries(some.text(max_size=8), one, max_size=9),
    max_leaves=100,
)
LETTERS = {"latin": "a", "chinese": "美", "escaped": '"', "fence": "<"}


@settings(max_examples=40)
@given(JSON, some.integers(min_value=40, max_value=4000))
def test_any_data_leaves_within_its_limit_as_json(data: Any, most: int) -> None:
    text = leaving(data, most=most)

    assert token_estimate(text) <= most
    json.loads(text)
    assert not set("<>") & set(text)


def test_what_is_short_leaves_as_it_is() -> None:
    data = {"campaign": "winter", "figures": [1, 2.5, None], "more": {"terms": "20 % off"}, "none": []}

    assert json.loads(leaving(data, most=100)) == data


def test_what_is_left_out_of_a_list_is_counted() -> None:
    told = json.loads(leaving({"products": list(range(500)), "more_products": 7}, most=200))

    assert len(told["products"]) + told["more_products"] == 507


def test_ids_are_cut_nowhere_and_texts_are() -> None:
    data = [{"product_id": f"{n}-" + "x" * 150, "description": "y" * 5000} for n in range(40)]

    shown = json.loads(leaving(data, most=2000, name="products"))

    assert shown
    assert [one["product_id"] for one in shown] == [one["product_id"] for one in data[: len(shown)]]
    assert all(len(one["description"]) <= 240 for one in shown)


@pytest.mark.parametrize(
    "gone",
    [
        {"product_id": "p-anna@example.com", "name": "Serum"},
        {"product_id": "p1", "category": "+49 170 1234567"},
        {"product_id": "x" * 201, "name": "too long to be named in a draft"},
        {"product_ids": ["p1", "4111-1111-1111-1111"]},
    ],
)
def test_what_could_not_be_sent_back_is_left_out(gone: dict[str, Any]) -> None:
    kept = {"product_id": "4006381333931", "name": "Write to anna@example.com"}

    shown = json.loads(leaving({"products": [gone, kept]}, most=500))

    kept["name"] = "Write to [e-mail]"
    assert shown == {"products": [kept], "hidden_products": 1}


def test_names_that_could_not_be_sent_back_are_left_out_and_counted() -> None:
    data = {"number": ["age", "anna@example.com", "home"], "date": ["joined"]}

    told = json.loads(leaving(data, most=500))

    assert told == {"number": ["age", "home"], "hidden_number": 1, "date": ["joined"]}


@pytest.mark.parametrize("length", [13, 14, 16])
def test_no_product_whose_id_is_a_number_is_hidden(length: int) -> None:
    data = {"products": [{"product_id": str(39 * 10 ** (length - 2) + n)} for n in range(40)]}

    assert json.loads(leaving(data, most=2000)) == data


def test_every_phrase_that_copy_is_held_to_is_shown() -> None:
    phrases = [f"say this, number {n}" for n in range(200)]
    data = {"must_say": phrases, "must_not_say": phrases[:60], "notes": "x" * 5000}

    told = json.loads(leaving(data, most=4000))

    assert (told["must_say"], told["must_not_say"]) == (phrases, phrases[:60])
    assert len(told["notes"]) < 5000


def test_phrases_that_do_not_fit_are_counted() -> None:
    told = json.loads(leaving({"must_say": ["x" * 400] * 100}, most=2000))

    assert told["must_say"]
    assert len(told["must_say"]) + told["more_must_say"] == 100


def test_a_phone_number_that_is_a_number_is_masked_where_it_is_compared_with() -> None:
    data = {
        "audience": [{"attribute": "mobile", "operator": "=", "value": 13800138000}],
        "budget": 13800138000,
    }

    told = json.loads(leaving(data, most=500))

    assert told == {
        "audience": [{"attribute": "mobile", "operator": "=", "value": "[phone]"}],
        "budget": 13800138000,
    }


def test_the_planner_is_told_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    planner = Session(FakeCase().as_case, wanted=1, listener=Listener(None), trusted=True)
    model = Session(FakeCase().as_case, wanted=1, listener=Listener(None))
    answer = {"arms": [{"campaign": "anna@example.com"}]}
    monkeypatch.setitem(run_tool.__globals__["TOOLS"], "past_campaigns", (lambda *_: answer, {}))

    assert json.loads(run_tool(planner, "past_campaigns", {})) == answer
    assert json.loads(run_tool(model, "past_campaigns", {})) == {"arms": [{"campaign": "[e-mail]"}]}


@cache
def monster_shop(letter: str) -> ShopContext:
    """50,000 products of 3,000 categories with names of 10,000 characters, 500 attributes, long values."""
    count, long = 50_000, LETTERS[letter] * 10_000
    names = [f"{n} {long}" for n in range(20)]
    table = pd.DataFrame(
        {
            "product_id": [f"p{n}" for n in range(count)],
            "name": [names[n % 20] for n in range(count)],
            "category": [f"{n % 3000} {LETTERS[letter] * 190}" for n in range(count)],
            "price": 9.99,
            "brand": long,
            "description": long * 5,
        }
    )
    shop = small_shop(1000)
    values = [f"{n % 10} {long}" for n in range(1000)]
    many = {f"{LETTERS[letter] * 180} {n}": values for n in range(500)}
    attributes = shop.attributes.join(pd.DataFrame(many, index=shop.attributes.index))
    return small_shop(
        1000,
        attributes=attributes,
        catalogue=Catalogue.of(table, None, shop.settings),
        notes=(long,) * 60,
        settings=shop.settings.model_copy(update={"name": long}),
    )


def monster_case(letter: str, **changes: Any) -> Any:
    long = LETTERS[letter] * 10_000
    limits = {"strategies": 20, "budget": 12345, "max_discount_percent": 17, "min_roi": 2}
    case = small_case(limits, shop=monster_shop(letter))
    phrase = LETTERS[letter] * 480
    # Beyond what a brief may hold: the limit of the prompt must not rest on the limits of the brief.
    case.brief = case.brief.model_copy(
        update={
            "product_ids": tuple(f"p{n} {LETTERS[letter] * 190}" for n in range(500)),
            "categories": tuple(case.shop.catalogue.categories),
            "channels": ("email", "onsite", "email") * 100,
            "notes": long * 20,
            "tone": long,
            "must_say": tuple(f"{n} {phrase}" for n in range(200)),
            "must_not_say": tuple(f"{n} {phrase}" for n in range(200)),
            **changes,
        }
    )
    return case


def monster_drafts(letter: str) -> list[dict[str, Any]]:
    category = f"0 {LETTERS[letter] * 190}"
    copy = {"subject": LETTERS[letter] * 200, "body": "{discount} " + LETTERS[letter] * 1000}
    return [
        {
            "draft_id": f"{n} {LETTERS[letter] * 190}",
            "channel": "onsite",
            "category": category,
            "offer": {"type": "percent_off", "value": 1 + n},
            "copy": copy,
        }
        for n in range(20)
    ]


@cache
def monster_opening(letter: str, language: str, *, by_product: bool) -> Prompt:
    case = monster_case(letter, language=language, **({} if by_product else {"product_ids": ()}))
    drafts = [parse(StrategyDraft, {**one, "copy": {}}) for one in monster_drafts(letter)]
    small = small_case(shop=monster_shop(letter))
    return opening(case, small.score(drafts)[:12])


@pytest.mark.parametrize(("letter", "language"), [*((letter, "en") for letter in LETTERS), ("chinese", "zh")])
def test_the_opening_keeps_its_limit_whatever_the_shop_and_the_brief(letter: str, language: str) -> None:
    for by_product in (True, False):
        prompt = monster_opening(letter, language, by_product=by_product)

        assert token_estimate(f"{prompt.system}{prompt.user}") <= OPENING_TOKENS


def said(prompt: Prompt) -> list[Any]:
    """The brief, the shop and the frontier as a model reads them."""
    return [json.loads(part.split("\n</data>")[0]) for part in prompt.user.split("<data>\n")[1:]]


@pytest.mark.parametrize("letter", LETTERS)
def test_the_limits_of_a_brief_are_never_cut(letter: str) -> None:
    brief, _, frontier = said(monster_opening(letter, "en", by_product=True))

    assert (brief["budget"], brief["max_discount_percent"], brief["min_roi"]) == (12345, 17, 2)
    assert (brief["channels"], brief["strategies"]) == (["email", "onsite"], 20)
    assert len(brief["product_ids"]) + brief["more_product_ids"] == 500
    assert brief["must_say"]
    assert len(brief["must_say"][0]) > 480
    assert frontier
    assert all(one["offer"]["value"] for one in frontier)


@pytest.mark.parametrize("letter", LETTERS)
def test_a_large_catalogue_is_told_by_its_best_and_how_many_more(letter: str) -> None:
    _, shop, _ = said(monster_opening(letter, "en", by_product=False))

    assert len(shop["categories"]) + shop["more_categories"] == 3000
    assert len(shop["products"]) + shop["more_products"] == 50_000
    assert len({one["category"] for one in shop["products"]}) == len(shop["products"])
    assert shop["audience_size"] == 1000


@pytest.mark.parametrize("letter", ["chinese", "fence"])
def test_every_answer_of_a_tool_keeps_its_limit(letter: str) -> None:
    few = dict.fromkeys(("must_say", "must_not_say"), (LETTERS[letter] * 480,) * 5)
    case = monster_case(letter, product_ids=(), channels=(), **few)
    session = Session(case, wanted=20, listener=Listener(None))
    attribute = str(session.case.shop.attributes.columns[-1])
    drafts, category = monster_drafts(letter), f"0 {LETTERS[letter] * 190}"
    asked: list[tuple[str, dict[str, Any]]] = [
        ("audience_facts", {}),
        ("audience_facts", {"attribute": attribute}),
        ("audience_facts", {"attribute": "x" * 200}),
        ("audience_facts", {"sort" * 50_000: 1}),
        ("product_facts", {}),
        ("product_facts", {"category": category}),
        ("product_facts", {"category": "nothing"}),
        ("product_facts", {"query": LETTERS[letter] * 200}),
        ("product_facts", {"product_ids": [f"p{n}" for n in range(10)] + ["x" * 190] * 10}),
        ("past_campaigns", {"limit": 40}),
        ("check_copy", {"draft": {**drafts[0], "copy": {"body": LETTERS[letter] * 5000}}}),
        ("score_drafts", {"drafts": [*drafts, {"draft_id": "y" * 10**5}][1:]}),
        ("submit_strategies", {"drafts": drafts}),
        ("submit_strategies", {"scored_ids": [one["draft_id"] for one in drafts]}),
        ("check_copy", {"draft_id": drafts[3]["draft_id"], "copy": {"body": "{discount}"}}),
    ]
    for tool, args in asked:
        text = run_tool(session, tool, args)
        assert token_estimate(text) <= ANSWER_TOKENS, tool
        assert json.loads(text), tool
        assert not set("<>") & set(text), tool
    assert session.failure is None
