"""What copy leads with, told from its words in English and Chinese."""

from __future__ import annotations

import time

import pytest

from copilot.domain.draft import Copy
from copilot.wording.angles import ANGLES, Angle, angle_of

# Subject, or the text of a message that has none.
ENGLISH: list[tuple[Angle, str]] = [
    ("benefit", "{discount} off {category}"),
    ("benefit", "Free shipping on your next order"),
    ("benefit", "{product} for {price}"),
    ("benefit", "Buy {buy}, get {get} free on {category}"),
    ("benefit", "{gift} with your next order"),
    ("benefit", "Soft skin all winter, for less"),
    ("benefit", "New arrivals in {category}"),
    ("benefit", "Your weekend, a little cosier"),
    ("benefit", "Made by hand in Porto: {product}"),
    ("urgency", "Only until {ends_on}: {discount} off"),
    ("urgency", "{discount} off {category}, until {ends_on}"),
    ("urgency", "Last chance for {discount} off"),
    ("urgency", "Your voucher ends on {ends_on}"),
    ("urgency", "Ends soon: free shipping"),
    ("urgency", "Do not miss {discount} off, it runs until {ends_on}"),
    ("urgency", "Before {ends_on}: {gift} for you"),
    ("urgency", "Final days of free delivery"),
    ("social_proof", "Loved by our customers: {product}"),
    ("social_proof", "Our bestsellers, now {discount} off"),
    ("social_proof", "What our customers say about {product}"),
    ("social_proof", "Recommended by dermatologists"),
    ("social_proof", "Thousands of happy customers cannot be wrong"),
    ("social_proof", "Award-winning skin care, {discount} off"),
    ("social_proof", "Rated five stars by our readers"),
    ("social_proof", "The customer favourite is back"),
    ("question", "Running low on {category}?"),
    ("question", "Ready for spring? {discount} off {category}"),
    ("question", "Looking for a present? {product} until {ends_on}"),
    ("question", "Hello, what is on your list?"),
    ("question", "Still without {product}?"),
    ("question", "How about {product}, loved by our customers?"),
    ("personal", "It has been a while"),
    ("personal", "We miss you: {discount} off your next order"),
    ("personal", "A thank-you for our regulars"),
    ("personal", "Welcome back: {discount} off until {ends_on}"),
    ("personal", "Because you like {category}"),
    ("personal", "For your first order: {discount} off"),
    ("personal", "Thank you for shopping with us"),
    ("personal", "As one of our members, you get {discount} off"),
    ("personal", "For everyone who likes {category}"),
]
CHINESE: list[tuple[Angle, str]] = [
    ("benefit", "{category}立减{discount}"),
    ("benefit", "下一单包邮"),
    ("benefit", "{product}只要{price}"),
    ("benefit", "买{buy}送{get}，家里多备一份"),
    ("benefit", "下单送{gift}"),
    ("benefit", "换季护肤，轻松一点"),
    ("benefit", "{category}新品上架"),
    ("urgency", "{ends_on}截止：{category}立减{discount}"),
    ("urgency", "最后机会，立减{discount}"),
    ("urgency", "仅到{ends_on}，全场包邮"),
    ("urgency", "别错过{category}的优惠"),
    ("urgency", "活动即将结束，抓紧下单"),
    ("urgency", "即日起至{ends_on}，下单送{gift}"),
    ("social_proof", "顾客好评如潮的{product}"),
    ("social_proof", "热销好物，立减{discount}"),
    ("social_proof", "老顾客都说好，口碑之选"),
    ("social_proof", "大家都在买{product}"),
    ("social_proof", "皮肤科医生推荐的{product}"),
    ("question", "想试试{product}吗？"),
    ("question", "家里的{category}还够用吗"),
    ("question", "换季了，皮肤需要什么？"),
    ("question", "还没想好选什么？{category}立减{discount}"),
    ("personal", "好久不见：下一单立减{discount}"),
    ("personal", "感谢您一直以来的支持"),
    ("personal", "给喜欢{category}的您"),
    ("personal", "您的第一单立减{discount}"),
    ("personal", "欢迎回来，包邮到{ends_on}"),
    ("personal", "致老朋友：{gift}一份"),
    ("personal", "欢迎新朋友：{discount}优惠"),
]


@pytest.mark.parametrize(("angle", "line"), ENGLISH)
def test_english_is_told_by_what_it_leads_with(angle: Angle, line: str) -> None:
    assert angle_of(Copy(subject=line, body="Have a look."), "en") == angle


@pytest.mark.parametrize(("angle", "line"), CHINESE)
def test_chinese_is_told_by_what_it_leads_with(angle: Angle, line: str) -> None:
    assert angle_of(Copy(subject=line, body="去看看。"), "zh") == angle


@pytest.mark.parametrize(
    ("angle", "body"),
    [
        ("benefit", "Get {discount} off, until {ends_on}."),
        ("benefit", "Hello,\n\nYou get {discount} off {category}.\n\nThe code is valid until {ends_on}."),
        ("urgency", "Until {ends_on}, you get {discount} off {category}. Reply STOP to opt out."),
        ("question", "Hi!\n\nNeed anything? You get {discount} off."),
        ("personal", "Hello,\n\nIt has been a while. You get {discount} off."),
        ("benefit", "You get {discount} off {category}. Take your time. Questions? Write to us."),
    ],
)
def test_without_a_subject_the_first_sentences_count_and_the_terms_do_not(angle: Angle, body: str) -> None:
    assert angle_of(Copy(body=body), "en") == angle


def test_the_terms_at_the_end_of_a_chinese_message_are_no_angle() -> None:
    assert (
        angle_of(Copy(body="下单立减{discount}，优惠码{code}，{ends_on}截止。拒收请回复R"), "zh") == "benefit"
    )


def test_traditional_characters_and_full_width_marks_are_read() -> None:
    assert angle_of(Copy(subject="限時立減{discount}"), "zh-TW") == "urgency"
    assert angle_of(Copy(subject="Ready for spring？"), "en") == "question"


def test_in_other_languages_nothing_is_guessed() -> None:
    assert angle_of(Copy(subject="Lust auf Neues?"), "de") == "benefit"
    assert set(ANGLES) == {"benefit", "urgency", "social_proof", "question", "personal"}


@pytest.mark.parametrize(
    "unit", ["customers ", "until ", "a", "thousands of a ", "如果您", "喜欢喜", "rated . ", "(", "? "]
)
def test_a_long_text_takes_no_time(unit: str) -> None:
    copy = Copy(body=(unit * 5_000)[:5_000])
    began = time.perf_counter()
    angle_of(copy, "en")
    assert time.perf_counter() - began < 0.25
