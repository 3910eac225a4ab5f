"""Messages that say the same in other small words, and messages that do not."""

from __future__ import annotations

import time

import pytest

from copilot.domain.draft import Copy
from copilot.wording.likeness import likeness, too_alike, what_is_said

SAME_EN = [
    ("{discount} off {category} now", "Today: {discount} off {category}"),
    ("You get {discount} off {category}.", "Get {discount} off {category}!"),
    ("You get {discount} off your next order.", "Your next order: {discount} off, just for you."),
    ("Free shipping on your next order", "Your next order ships free"),
    ("We pay the shipping on {category}.", "The shipping on {category} is paid by us."),
    ("Shop {category} and save {discount}.", "Save {discount} when you buy {category}."),
    ("Treat your skin: {discount} off {product}", "{discount} off {product}: treat your skin!"),
    (
        "It has been a while. Come back for {discount} off.",
        "It's been a while! Come back and get {discount} off.",
    ),
    (
        "Discover our new spring collection with {discount} off.",
        "Explore our new spring collection, now {discount} off.",
    ),
    (
        "Running low on {category}? Stock up with {discount} off.",
        "Low on {category}? Stock up now, {discount} off.",
    ),
    ("There is {gift} for you with {category} orders.", "With every {category} order you receive {gift}."),
    ("Collect {points} points with your next order.", "You earn {points} points on your next order."),
    ("Pick your favourite cream at {discount} off.", "Choose your favourite cream, {discount} off."),
    (
        "Soft skin starts here: {discount} off {product}, until {ends_on}.",
        "Soft skin starts here. Get {discount} off {product} with code {code}.",
    ),
    (
        "Hello,\n\nyour skin deserves a rest. {discount} off {category}.",
        "Your skin deserves rest: {discount} off {category}. Reply STOP to opt out.",
    ),
    (
        "Thank you for being a loyal customer: {discount} off.",
        "{discount} off, as a thank you to a loyal customer.",
    ),
]
SAME_ZH = [
    ("{category}立减{discount}", "现在{category}立减{discount}！"),
    ("选购{category}立减{discount}。", "购买{category}，立减{discount}"),
    ("下一单包邮", "您的下一单，免运费"),
    ("好久不见，下单立减{discount}。", "好久不见！立减{discount}，快来下单吧。"),
    ("春季新品上架，来看看。", "来看看，春季新品已上架！"),
    ("想试试{product}吗？下单立减{discount}。", "想试试{product}吗？现在下单可享立减{discount}。"),
    ("感谢您一直以来的支持，{category}立减{discount}。", "{category}立减{discount}，感谢你一直以来的支持。"),
    ("下单即送{gift}一份。", "现在下单，就送{gift}一份"),
    ("给肌肤放个假，{product}立减{discount}", "{product}立减{discount}，给肌肤放个假吧"),
    ("换季护肤，从{product}开始。", "从{product}开始，换季护肤！"),
    ("挑选您喜欢的好物，立减{discount}。", "挑选你喜爱的商品，立减{discount}。"),
    ("下单得{points}积分。", "现在下单，即得{points}积分！"),
    ("家里的{category}还够用吗？{ends_on}截止。", "家里的{category}还够用吗？优惠码{code}。"),
    ("运费我们出，放心下单。", "放心下单，运费由我们承担。"),
    (
        "您好：\n\n冬天也要好好保湿。{category}减{discount}。",
        "冬天也要好好保湿，{category}减{discount}。拒收请回复R",
    ),
]
OTHER_EN = [
    ("{discount} off {category}", "It has been a while. We kept {discount} off {category} for you."),
    (
        "Running low on {category}? You get {discount} off.",
        "Our regulars keep this shop going: {discount} off {category}.",
    ),
    ("Free shipping on your next order", "Your next order comes with {gift}"),
    ("Free shipping on {category}", "{discount} off {category}"),
    ("Looking for a present? {product} is {price}.", "Dry skin in winter? {product} helps, now {price}."),
    ("Discover our new spring collection.", "Our bestsellers, chosen by thousands of customers."),
    ("You get {discount} off {product}.", "Anything on your list? You get {discount} off your next order."),
    (
        "Thank you for shopping with us all year. {discount} off.",
        "Ready for spring? Everything for the garden, {discount} off.",
    ),
    (
        "Loved by our customers: {product}. {discount} off.",
        "If you like {category}, this is for you: {discount} off.",
    ),
    ("For your first order: {discount} off.", "A gift idea for grandparents: {discount} off."),
    ("Buy {buy}, get {get} free on {category}.", "Collect {points} points with {category}."),
    ("Made by hand in Porto, now {discount} off.", "Delivered within a day, now {discount} off."),
    (
        "Is there anything from {category} on your list? {discount} off the range.",
        "A date for your calendar: {discount} off {category}.",
    ),
    (
        "Treat your feet after a long week: {discount} off.",
        "Sleep well tonight with new pillows: {discount} off.",
    ),
    ("Have a look at {category}.", "What our customers say about {category}."),
    (
        "Take a moment for {category}. Perhaps there is something to give away.",
        "Is there anything from {category} on your list? Have a look at the range.",
    ),
]
OTHER_ZH = [
    ("{category}立减{discount}", "好久不见，为您备好{category}{discount}优惠"),
    ("想试试{product}吗？立减{discount}。", "感谢您一直以来的支持，立减{discount}。"),
    ("下一单包邮", "下一单送{gift}"),
    ("{category}包邮", "{category}立减{discount}"),
    ("换季了，皮肤需要什么？", "顾客好评如潮的{product}"),
    ("给肌肤放个假，立减{discount}。", "家里的洗衣液还够用吗？立减{discount}。"),
    ("初次见面，很高兴认识您。下单立减{discount}。", "最近有什么想买的吗？下单立减{discount}。"),
    ("如果您喜欢{category}，不妨来看看。立减{discount}。", "送给长辈的心意，立减{discount}。"),
    ("有您这样的老顾客，我们很开心。{category}包邮。", "想看看{category}吗？运费我们出。"),
    ("冬天也要好好保湿。", "春季新品已上架。"),
    ("买{buy}件送{get}件，和家人分着用。", "下单得{points}积分，以后可以用。"),
    ("手工制作，来自景德镇。", "次日送达，安心等收货。"),
    ("还没想好选什么？精选商品立减{discount}。", "第一次下单，希望您买得安心。立减{discount}。"),
    ("来看看{category}，日常要用的都有。", "致老朋友：{category}上新了。"),
]


@pytest.mark.parametrize(("one", "other"), SAME_EN)
def test_the_same_idea_in_other_small_words_is_too_alike(one: str, other: str) -> None:
    assert too_alike(one, other, "en")
    assert too_alike(other, one, "en-GB")


@pytest.mark.parametrize(("one", "other"), SAME_ZH)
def test_the_same_idea_is_too_alike_in_chinese(one: str, other: str) -> None:
    assert too_alike(one, other, "zh")
    assert too_alike(other, one, "zh-CN")


@pytest.mark.parametrize(("one", "other"), OTHER_EN)
def test_another_idea_about_the_same_offer_is_not(one: str, other: str) -> None:
    assert not too_alike(one, other, "en")


@pytest.mark.parametrize(("one", "other"), OTHER_ZH)
def test_another_idea_is_not_too_alike_in_chinese(one: str, other: str) -> None:
    assert not too_alike(one, other, "zh")


def test_the_labelled_pairs_leave_the_threshold_a_margin() -> None:
    def measured(pairs: list[tuple[str, str]], language: str) -> list[float]:
        return [likeness(what_is_said(one, language), what_is_said(other, language)) for one, other in pairs]

    alike = measured(SAME_EN, "en") + measured(SAME_ZH, "zh")
    other = measured(OTHER_EN, "en") + measured(OTHER_ZH, "zh")
    assert len(alike) >= 30 <= len(other)
    assert sorted(alike)[1] >= 1.05  # but for one pair each, a tenth more or less changes nothing
    assert sorted(other)[-2] <= 0.95


def test_copy_is_held_to_what_it_says_filled_or_not() -> None:
    one = Copy(subject="For you", body="You get {discount} off {category}.\n\nThe offer ends on {ends_on}.")
    other = Copy(subject="For you", body="Get {discount} off {category} now.", call_to_action="Have a look")
    assert too_alike(one, other, "en")
    assert too_alike("You get 20% off beauty.", "20% off beauty, just for you", "en")
    assert not too_alike("", "You get 20% off beauty.", "en")


@pytest.mark.parametrize("unit", ["word ", "优惠", "a,", "{discount}", "reply "])
def test_a_long_text_takes_no_time(unit: str) -> None:
    text = (unit * 5_000)[:5_000]
    began = time.perf_counter()
    too_alike(text, text + "x", "zh")
    too_alike(text, text + "x", "en")
    assert time.perf_counter() - began < 0.25
