"""The brand kit in drafting: whoever writes is told of it, and what is written keeps to it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from copilot.api import Copilot
from copilot.domain import StrategyDraft, parse
from copilot.domain.brand import BrandKit
from copilot.drafting.agent import write_drafts
from copilot.drafting.prompting import opening
from copilot.drafting.reading import read_draft
from copilot.drafting.template_copy import write_copy
from copilot.errors import InvalidInput
from copilot.settings import load_settings
from copilot.wording.brand import read_brand
from tests.fakes.case import FakeCase
from tests.fakes.shop import small_case

KIT = read_brand(Path(__file__).resolve().parents[3] / "examples" / "brand.toml")


def kit(**section: Any) -> BrandKit:
    return parse(BrandKit, {"sections": {"en": section}})


def told_of_the_brand(case: FakeCase) -> Any:
    user = opening(case.as_case, case.sweep()).user
    shop = json.loads(re.findall(r"<data>\n(.*?)\n</data>", user, re.S)[1])
    return shop.get("brand")


def test_a_model_is_told_all_that_the_kit_says_and_no_proof() -> None:
    told = told_of_the_brand(FakeCase(brand=KIT, language="en-GB"))

    assert told == {
        "voice": "Warm and plain, like a baker who knows your name. British spelling. No exclamation marks.",
        "do": ["Name the ingredient or the maker.", "Speak to one person."],
        "dont": ["Talk down other bakeries.", "Promise more than the offer gives."],
        "required": [
            {"phrase": "Baked in Utrecht"},
            {"phrase": "Allergens: see the label", "channels": ["email", "onsite"]},
        ],
        "banned": ["Bread4You", "cheap", "foodie", "yummy", "guilt-free", "artisan*"],
        "proven_claims": ["award-winning sourdough", "loved by thousands"],
        "claims_without_proof": ["the healthiest bread of the country"],
    }


def test_without_a_kit_a_model_hears_nothing_of_one() -> None:
    assert told_of_the_brand(FakeCase()) is None


def test_a_kit_leaves_masked_and_whole() -> None:
    banned = [f"word{n}" for n in range(300)]
    required = [f"Ask us: help{n}@shop.example" for n in range(3)]

    told = told_of_the_brand(
        FakeCase(brand=kit(banned=banned, required=required, voice="Mail anna@shop.example"))
    )

    assert told["banned"] == banned
    assert [one["phrase"] for one in told["required"]] == ["Ask us: [e-mail]"] * 3
    assert "anna" not in told["voice"]


def test_a_phrase_that_was_shown_masked_is_meant_as_the_kit_has_it() -> None:
    case = FakeCase(brand=kit(required=["Ask us: help@shop.example"]))
    entry = {
        "draft_id": "d",
        "channel": "email",
        "offer": {"type": "none"},
        "copy": {"subject": "A question?", "body": "Hello. Ask us: [e-mail]"},
    }

    draft = read_draft(entry, case.brief, case.facts, trusted=False)

    assert draft.message.body == "Hello. Ask us: help@shop.example"
    assert all(check.passed for check in case.check_copy(draft))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_planner_writes_what_the_kit_requires_on_its_channel(language: str) -> None:
    case = FakeCase(brand=KIT, language=language, strategies=6)
    required = (
        ("Baked in Utrecht", "Allergens: see the label")
        if language == "en"
        else ("每日现烤", "过敏原信息见标签")
    )

    done = write_drafts(case.as_case, load_settings())

    assert {draft.channel for draft in done.drafts} > {"email"}
    for draft in done.drafts:
        assert all(check.passed for check in case.check_copy(draft))
        assert required[0] in draft.message.body
        assert (required[1] in draft.message.body) is (draft.channel == "email")


def test_the_planner_goes_round_banned_words_where_it_can_and_else_the_checks_say_so() -> None:
    data = {
        "draft_id": "d",
        "channel": "push",
        "category": "beauty",
        "offer": {"type": "percent_off", "value": 10},
    }
    draft = parse(StrategyDraft, data)

    def refusals(*banned: str) -> list[str]:
        case = FakeCase(brand=kit(banned=list(banned)))
        copy = write_copy(draft, case.brief, case.grounds(draft))
        checks = case.check_copy(draft.model_copy(update={"message": copy}))
        return [check.message for check in checks if not check.passed]

    assert refusals("get", "shop now") == []
    assert "banned word" in refusals("off", "less")[0]


def test_a_case_knows_the_stock_of_what_is_promoted_and_the_brand() -> None:
    case = small_case()

    def stock(**promoted: Any) -> int | None:
        draft = parse(
            StrategyDraft, {"draft_id": "d", "channel": "email", "offer": {"type": "none"}, **promoted}
        )
        return case.grounds(draft).stock

    assert stock(product_ids=["green"]) == 5
    assert stock(product_ids=["green", "mug"]) == 5
    assert stock(product_ids=["mug"]) == 0
    assert stock(product_ids=["green", "black"]) is None
    assert stock(product_ids=["gone"]) is None
    assert stock(category="tea") is None
    assert stock() is None


def test_a_broken_kit_ends_a_run_before_anything_is_written(planted_db: str, tmp_path: Path) -> None:
    file = tmp_path / "brand.toml"
    file.write_text("[en]\nbaned = ['x']", encoding="utf-8")

    with (
        Copilot(planted_db, settings=load_settings(brand=file)) as copilot,
        pytest.raises(InvalidInput, match="baned"),
    ):
        copilot.generate({"strategies": 1})


def test_a_report_of_a_real_shop_keeps_to_the_kit(planted_db: str, tmp_path: Path) -> None:
    file = tmp_path / "brand.toml"
    file.write_text("[en]\nrequired = ['Made by hand']\nbanned = ['shop now']", encoding="utf-8")

    with Copilot(planted_db, settings=load_settings(brand=file)) as copilot:
        report = copilot.generate({"strategies": 2, "language": "en-GB"})

    assert report.strategies
    for strategy in report.strategies:
        assert "Made by hand" in strategy.message.body
        assert [check.passed for check in strategy.checks if check.rule == "brand"] == [True]
