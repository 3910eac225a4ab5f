"""Copy of the built-in planner: complete and lawful whatever the offer, and varied on purpose."""

from __future__ import annotations

import itertools
import random
import re
from dataclasses import replace
from typing import Any

import pytest

from copilot.domain import StrategyDraft, parse
from copilot.domain.brand import BrandKit
from copilot.domain.draft import Copy
from copilot.domain.shop import ShopSettings
from copilot.drafting.template_copy import Variant, copy_variants, write_copy, write_variant
from copilot.wording import check_copy, render
from copilot.wording.angles import angle_of
from copilot.wording.likeness import too_alike
from tests.fakes.case import FakeCase
from tests.fakes.shop import small_case, small_shop

OFFERS: list[dict[str, Any]] = [
    {"type": "none"},
    {"type": "percent_off", "value": 20},
    {"type": "amount_off", "value": 10},
    {"type": "free_shipping"},
    {"type": "fixed_price", "value": 19.99},
    {"type": "buy_x_get_y", "buy_quantity": 2, "get_quantity": 1},
    {"type": "gift", "value": 4},
    {"type": "points", "value": 500},
]
TERMS: list[dict[str, Any]] = [
    {"min_spend": 50},
    {"max_discount": 30},
    {"code": "SPRING20"},
    {"limit_per_customer": None},
]
TARGETS: list[dict[str, Any]] = [
    {},
    {"category": "beauty"},
    {"product_ids": ["p1"]},
    {"product_ids": ["p1", "p2"]},
    {"product_ids": ["p1", "p2", "p1"]},
]
AUDIENCES = (
    "",
    "orders_total >= 3",
    "days_since_order >= 120",
    "orders_total = 0",
    "favourite_category = beauty",
    "tier = gold",
    "orders_365d >= 1",
    "average_basket >= 200; discount_share > 0.5",
)
PLANS: list[dict[str, Any]] = [{}, {"starts_on": "2026-03-01", "ends_on": "2026-03-14"}]
PROOF = {"en": "Loved by our customers", "zh": "顾客好评如潮"}
CHANNELS = ("email", "sms", "push", "onsite", "ads")
EACH = 12  # combinations of the rest, for every offer, channel and language


def a_draft(channel: str = "email", offer: dict[str, Any] | None = None, **more: Any) -> StrategyDraft:
    data = {"draft_id": "d", "channel": channel, "offer": offer or OFFERS[1], "plan": PLANS[1], **more}
    return parse(StrategyDraft, data)


def combinations(offer: dict[str, Any], channel: str, language: str) -> list[tuple[FakeCase, StrategyDraft]]:
    """Some of what may come together, the same ones every time."""
    drawn = random.Random(f"{offer['type']} {channel} {language}")
    found = []
    for n in range(EACH):
        terms = [] if offer["type"] == "none" else [one for one in TERMS if drawn.random() < 0.5]
        whole = dict(itertools.chain(offer.items(), *(one.items() for one in terms)))
        must_say = [PROOF[language[:2]]] if n % 4 == 0 else []
        case = FakeCase(language=language, must_say=must_say)
        more = {
            "plan": drawn.choice(PLANS),
            "audience": AUDIENCES[n % len(AUDIENCES)],
            **drawn.choice(TARGETS),
        }
        found.append((case, a_draft(channel, whole, **more)))
    return found


@pytest.mark.parametrize("language", ["en", "zh", "en-GB", "zh-TW"])
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer["type"])
def test_copy_is_complete_for_every_offer_and_channel(
    offer: dict[str, Any], channel: str, language: str
) -> None:
    for turn, (case, draft) in enumerate(combinations(offer, channel, language)):
        grounds = case.grounds(draft)
        worded = write_variant(draft, case.brief, grounds, turn=turn)
        draft = draft.model_copy(update={"message": worded.copy})
        assert [check for check in check_copy(draft, case.brief, grounds) if not check.passed] == []
        shown = render(worded.copy, draft, grounds, language=language)
        texts = (shown.subject, shown.preheader, shown.body, shown.call_to_action)
        for text in filter(None, texts):
            assert_reads_well(text, language)
        told = {"min_spend": "50", "max_discount": "30", "code": "SPRING20"}
        held = {name for name in told if getattr(draft.offer, name) is not None}
        assert all(told[name] in shown.body for name in held)
        if draft.plan.ends_on and offer["type"] != "none":
            assert "{ends_on}" in worded.copy.body
        assert_fits(shown, channel, owed=bool(case.brief.must_say), terms=len(held))
        if worded.angle == "social_proof":
            assert case.brief.must_say
        else:
            assert worded.angle == angle_of(worded.copy, language)


def assert_reads_well(text: str, language: str) -> None:
    """No mark is left, nothing doubled, every sentence begins with a capital."""
    assert not re.search(r"[{}<>\[\]]", text), text
    assert not re.search(r"  |\.\.|,,|,\.|。。|，，|，。|：$|! ?\.|\? ?\.", text), text
    assert not re.search(r"\b(\w+) \1\b", text), text
    if language.startswith("en"):
        assert not re.search(r"(?:^|[.?!] |\n)[a-z]", text), text


def assert_fits(shown: Copy, channel: str, *, owed: bool, terms: int) -> None:
    """What shows whole; a phrase that the brief demands, or all terms at once, may take more."""
    if channel == "sms":
        assert shown.body.endswith(("STOP to opt out.", "拒收请回复R"))
        assert not any((shown.subject, shown.preheader, shown.call_to_action))
        assert not re.search("[‘’“”–—]", shown.body)
        if shown.body.isascii():
            assert len(shown.body) <= 160
        return
    assert shown.subject
    assert shown.call_to_action
    assert len(shown.call_to_action.split()) <= 4
    assert len(shown.subject) <= {"email": 60, "push": 40, "onsite": 60, "ads": 30}[channel]
    if channel in ("push", "ads") and not owed and terms < 3:
        assert len(shown.body) <= {"push": 120, "ads": 90}[channel], shown.body
    if channel == "email":
        greeting, *paragraphs = shown.body.split("\n\n")
        assert greeting in ("Hello,", "您好：")
        assert len(paragraphs) >= 2
        assert shown.preheader
        assert shown.preheader not in shown.body
        assert len(shown.preheader) <= 100


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer["type"])
def test_another_turn_is_another_way(offer: dict[str, Any], channel: str, language: str) -> None:
    case, draft = FakeCase(language=language), a_draft(channel, offer, category="beauty")

    ways = [write_copy(draft, case.brief, case.grounds(draft), turn=turn) for turn in range(3)]

    assert len({(way.subject, way.body) for way in ways}) == 3
    assert ways == [write_copy(draft, case.brief, case.grounds(draft), turn=turn) for turn in range(3)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_variants_take_another_angle_first_and_never_say_the_same_twice(language: str) -> None:
    proof = {"en": "Loved by our customers", "zh": "顾客都说好"}[language]
    claim = {"phrase": proof, "proof": "Survey of 2026, 1,200 answers"}
    kit = parse(BrandKit, {"sections": {language: {"claims": [claim, {"phrase": "Best of all"}]}}})
    case, draft = FakeCase(language=language, brand=kit), a_draft(category="beauty", audience="tier = gold")

    found = copy_variants(draft, case.brief, case.grounds(draft), 7)

    assert len(found) >= 5
    assert {one.angle for one in found[:5]} == {"personal", "social_proof", "benefit", "urgency", "question"}
    assert proof in next(one.copy.body for one in found if one.angle == "social_proof")
    for one, other in itertools.combinations(found, 2):
        assert not too_alike(one.copy, other.copy, language)
    for one in found:
        worded = draft.model_copy(update={"message": one.copy})
        assert all(check.passed for check in check_copy(worded, case.brief, case.grounds(draft)))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("language", "said"), [("en", "days: €25"), ("zh", "最低价：€25")])
def test_a_fixed_price_stands_beside_the_lowest_of_late_and_not_a_percentage(
    channel: str, language: str, said: str
) -> None:
    case = FakeCase(lowest={"p1": 25}, language=language)
    draft = a_draft(channel, {"type": "fixed_price", "value": 19.99}, product_ids=["p1"])
    for turn in range(3):
        copy = write_copy(draft, case.brief, case.grounds(draft), turn=turn)
        shown = render(copy, draft, case.grounds(draft), language=language)
        assert_fits(shown, channel, owed=False, terms=0)
        assert "19.99" in shown.body
        assert said in shown.body
        assert "%" not in "".join(shown.model_dump().values())
        worded = draft.model_copy(update={"message": copy})
        assert all(check.passed for check in check_copy(worded, case.brief, case.grounds(draft)))


@pytest.mark.parametrize(
    ("lowest", "more"),
    [
        ({}, {"product_ids": ["p1"]}),  # the list price is no price of late
        ({"p1": 15}, {"product_ids": ["p1"]}),
        ({"p1": 25, "p2": 25}, {"product_ids": ["p1", "p2"]}),
        ({"p1": 25}, {"category": "beauty"}),
    ],
)
def test_a_price_before_is_told_only_of_one_product_where_it_is_known_and_higher(
    lowest: dict[str, float], more: dict[str, Any]
) -> None:
    case = FakeCase(lowest=lowest)
    draft = a_draft("email", {"type": "fixed_price", "value": 19.99}, **more)

    assert "{prior_price}" not in write_copy(draft, case.brief, case.grounds(draft)).body


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("category", "said"), [("skin_care", "skin care"), ("cat_17", ""), ("10482", "")])
def test_a_category_is_told_in_words_or_not_at_all(
    category: str, said: str, channel: str, language: str
) -> None:
    for audience in ("", f"favourite_category = {category}"):
        case = FakeCase(categories=[category], language=language)
        draft = a_draft(channel, category=category, audience=audience)
        found = copy_variants(draft, case.brief, case.grounds(draft), 3)
        assert found
        shown = [render(one.copy, draft, case.grounds(draft), language=language) for one in found]
        texts = " ".join(text for one in shown for text in one.model_dump().values())
        assert category not in texts
        assert said in texts or channel in ("sms", "ads")  # where there may be no room


def signed(case: FakeCase, draft: StrategyDraft, **grounds: Any) -> list[str]:
    known = replace(case.grounds(draft), **grounds)
    found = copy_variants(draft, case.brief, known, 4)
    for one in found:
        worded = draft.model_copy(update={"message": one.copy})
        assert all(check.passed for check in check_copy(worded, case.brief, known))
        assert one.angle == angle_of(one.copy, case.brief.language)
    return [render(one.copy, draft, known, language=case.brief.language).body for one in found]


@pytest.mark.parametrize(("language", "begins"), [("en", "Rose 24: "), ("zh", "【Rose 24】")])
@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer["type"])
def test_a_text_message_begins_with_who_sends_it(offer: dict[str, Any], language: str, begins: str) -> None:
    case = FakeCase(language=language)
    bodies = signed(case, a_draft("sms", offer, category="beauty"), shop="Rose 24")
    assert bodies
    assert all(body.startswith(begins) and body.count("Rose") == 1 for body in bodies)
    assert all(len(body) <= 160 for body in bodies)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_signature_makes_no_two_messages_alike_and_none_is_without_it(language: str) -> None:
    case, draft = FakeCase(language=language), a_draft("sms", category="beauty", audience="orders_90d >= 1")
    unsigned, known = case.grounds(draft), replace(case.grounds(draft), shop="Rose & Daughters")
    after: list[Variant] = []
    for turn in range(6):
        after.append(write_variant(draft, case.brief, known, turn=turn, after=after))

    assert all("Rose & Daughters" in one.copy.body for one in after)
    several = [len(copy_variants(draft, case.brief, grounds, 9)) for grounds in (unsigned, known)]
    assert several[0] == several[1]


def test_the_shop_signs_by_the_name_it_was_given() -> None:
    def sender(settings: ShopSettings) -> str:
        return small_case(shop=small_shop(settings=settings)).grounds(a_draft("sms")).sender

    assert sender(ShopSettings(name=" Tea & Co ")) == "Tea & Co"
    assert sender(ShopSettings()) == ""


def test_the_brand_signs_before_the_shop_and_only_text_messages_are_signed() -> None:
    brand = parse(BrandKit, {"name": "Best of Rose", "sections": {"en": {}}})
    case = FakeCase(brand=brand)
    assert all(b.startswith("Best of Rose: ") for b in signed(case, a_draft("sms"), shop="Rose Ltd"))
    for channel in ("email", "push", "onsite", "ads"):
        assert not any("Rose" in body for body in signed(case, a_draft(channel), shop="Rose Ltd"))


@pytest.mark.parametrize(
    ("shop", "brief"),
    [("", {}), ("Rose & Daughters, Bakers of Utrecht since 1998", {}), ("Rose", {"must_not_say": ["rose"]})],
)
def test_a_name_that_is_not_there_or_cannot_be_said_is_left_out(shop: str, brief: dict[str, Any]) -> None:
    bodies = signed(FakeCase(**brief), a_draft("sms", category="beauty"), shop=shop)
    assert bodies
    assert not any("Rose" in body or body.startswith(":") for body in bodies)


@pytest.mark.parametrize(
    ("shop", "language", "sign"), [("You", "en", "You: "), ("Off", "en", "Off: "), ("减", "zh", "【减】")]
)
def test_a_shop_that_is_called_as_a_word_of_the_copy_signs(shop: str, language: str, sign: str) -> None:
    for offer in OFFERS:
        bodies = signed(FakeCase(language=language), a_draft("sms", offer, category="beauty"), shop=shop)
        assert bodies
        assert all(body.startswith(sign) and body.count(sign) == 1 for body in bodies)


def test_an_angle_is_taken_only_where_it_is_true() -> None:
    def angles(**more: Any) -> set[str]:
        case, draft = FakeCase(), a_draft(category="beauty", **more)
        found = copy_variants(draft, case.brief, case.grounds(draft), 10)
        return {one.angle for one in found}

    assert angles() == {"benefit", "urgency", "question"}
    assert "urgency" not in angles(plan=PLANS[0])
    assert "urgency" not in angles(offer=OFFERS[0])
    assert "personal" in angles(audience="days_since_order >= 120")


def test_what_others_lead_with_is_left_to_them() -> None:
    case, draft = FakeCase(), a_draft(category="beauty")
    plain = Copy(subject="{discount} off {category}", body="You get {discount} off {category}.")
    said = [Variant("benefit", plain)]

    worded = write_variant(draft, case.brief, case.grounds(draft), after=said)

    assert worded.angle in ("urgency", "question")


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        ("orders_total >= 3", "more than once"),
        ("days_since_order >= 120", "been a while"),
        ("orders_total = 0", "nice to have you here"),
        ("favourite_category = beauty", "If you like beauty"),
        ("tier in gold|silver", "member"),
        ("orders_90d >= 1", "Thank you for shopping with us"),
    ],
)
def test_a_message_says_why_it_comes_to_these_customers(audience: str, said: str) -> None:
    case, draft = FakeCase(), a_draft(category="beauty", audience=audience)

    worded = write_variant(draft, case.brief, case.grounds(draft))

    assert worded.angle == "personal"
    assert said in render(worded.copy, draft, case.grounds(draft)).body


@pytest.mark.parametrize(
    "audience",
    [
        "average_basket >= 200",
        "discount_share > 0.5",
        "returns_share > 0.3",
        "city = Berlin",
        "orders_365d = 0",  # may never have bought at all
        "days_since_order >= 20",
        "tier = none",
        "favourite_category = toys",
        "orders_total <= 3",
    ],
)
def test_what_is_nobody_s_business_or_not_sure_is_not_said(audience: str) -> None:
    case, draft = FakeCase(), a_draft(category="beauty", audience=audience)

    found = copy_variants(draft, case.brief, case.grounds(draft), 10)

    assert "personal" not in {one.angle for one in found}


def test_a_first_order_is_called_one() -> None:
    case, draft = FakeCase(categories=[]), a_draft(audience="orders_total = 0")

    body = write_copy(draft, case.brief, case.grounds(draft)).body

    assert "your first order" in body
    assert "next order" not in body


def test_long_product_names_are_left_out_where_they_do_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "Extraordinarily Nourishing Overnight Recovery Cream for Very Dry and Sensitive Skin"
    monkeypatch.setattr("tests.fakes.case.PRODUCTS", {"p1": long})
    for channel, room in (("ads", 30), ("push", 40), ("email", 60)):
        case, draft = FakeCase(), a_draft(channel, product_ids=["p1"])
        copy = write_copy(draft, case.brief, case.grounds(draft))
        assert len(render(copy, draft, case.grounds(draft)).subject) <= room


def test_where_nothing_may_be_said_the_rules_tell_what_is_wrong() -> None:
    case, draft = FakeCase(must_not_say=["off", "hello"]), a_draft("sms", category="beauty")

    copy = write_copy(draft, case.brief, case.grounds(draft))

    checks = check_copy(draft.model_copy(update={"message": copy}), case.brief, case.grounds(draft))
    assert [check.rule for check in checks if not check.passed] == ["must_not_say"]
