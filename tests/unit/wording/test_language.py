"""Copy in the language the brief asks for: the wrong one is refused, names and short texts never."""

from __future__ import annotations

import time
from typing import Any

import pytest

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.domain.report import Check
from copilot.wording import Grounds, check_copy
from copilot.wording.advice import advice
from copilot.wording.language import other_language, spelt_as

EN = "Hello, you get {discount} off the whole collection. Pick what you like; we take it off at the end."
ZH = "您好：全系列为您减{discount}。挑选您喜欢的，结算时自动抵扣。"
DE = "Hallo, Sie bekommen {discount} auf die ganze Kollektion. Suchen Sie sich aus, was Ihnen gefällt."
FR = "Bonjour, nous vous offrons {discount} sur toute la collection. Choisissez ce qui vous plaît."
ES = "Hola, tienes {discount} en toda la colección. Elige lo que más te guste y lo descontamos al pagar."
IT = "Ciao, per te {discount} su tutta la collezione. Scegli quello che ti piace, lo sconto è alla cassa."
NL = "Hallo, je krijgt {discount} op de hele collectie. Kies wat je mooi vindt, voor jou en voor een ander."
PT = "Olá, tem {discount} em toda a coleção. Escolha o que mais gostar e descontamos no pagamento."
JA = "こんにちは。全商品が{discount}オフになります。お気に入りをお選びください。"
KO = "안녕하세요. 전체 컬렉션을 {discount} 할인해 드립니다. 마음에 드는 상품을 골라 보세요."
RU = "Здравствуйте! Вам скидка {discount} на всю коллекцию. Выберите, что нравится."
AR = "مرحبا، خصم {discount} على كل المجموعة. اختر ما يعجبك وسنخصم المبلغ عند الدفع."
BODY = "copy.body: reads as English"
TEXTS = {
    "en": EN, "zh": ZH, "de": DE, "fr": FR, "es": ES, "it": IT, "nl": NL, "pt": PT, "ja": JA, "ko": KO,
    "ru": RU, "ar": AR,
}  # fmt: skip


def checked(body: str, language: str, *, subject: str = "{product}", **brief: Any) -> Check:
    data = {
        "draft_id": "d",
        "channel": "email",
        "product_ids": ["p1"],
        "offer": {"type": "percent_off", "value": 20},
        "copy": {"subject": subject, "body": body},
    }
    grounds = Grounds("EUR", ("Gel de Baño de la Abuela y el Mar",))
    wanted = parse(CampaignBrief, {"language": language, **brief})
    found = check_copy(parse(StrategyDraft, data), wanted, grounds)
    return next(check for check in found if check.rule == "copy_language")


@pytest.mark.parametrize("asked", TEXTS)
@pytest.mark.parametrize("written", TEXTS)
def test_each_language_is_told_from_each_other(written: str, asked: str) -> None:
    check = checked(TEXTS[written], asked)

    refused = written != asked and (written != "en" or asked == "zh")
    assert check.passed is not refused, check.message
    if refused:
        assert check.message.startswith("copy.body: reads as ")
        assert check.message.endswith(f"; the brief asks for {asked}")


HONEST = [
    ("en", "Discover L'Eau d'Issey, Crème de la Mer and La Petite Robe Noire: {discount} off for you."),
    ("en", "Eau de Parfum, Lait de Beauté, Baume de Nuit, Sérum de Jour - all of them are in the shop now."),
    ("en", "Our Weißbier glasses, Dirndl and Lederhosen are back: get {discount} off for the beer garden."),
    ("en", "Prosecco della casa, pane e vino: {discount} off your picnic."),
    ("en", "Hello"),
    ("en", "Voilà! {discount}"),
    ("en", "Feliz Navidad! {discount} off {product} for you and yours."),
    ("en", "Moutai (贵州茅台酒) is in stock again, and you get {discount} off your first bottle of it."),
    ("en", "Joyeux Noël, Frohe Weihnachten, Buon Natale: the season is here and so is {discount}."),
    ("en", "{product} {product} {product} {discount}"),
    ("en-GB", "Gel de Baño de la Abuela y el Mar"),
    ("en", "Salsa verde, tacos al pastor, mole de la casa y el guacamole: cook it at home with our box."),
    ("zh", "SK-II、Lancôme、Estée Lauder、La Mer、Kiehl's 大牌齐聚，全场立减{discount}。"),
    ("zh", "NIKE Air Max 和 adidas Originals 新品上架，The North Face 冲锋衣同享{discount}。"),
    ("zh", "Just do it。跑步季来了，{product}立减{discount}，愿你跑得更远。"),
    ("zh", "iPhone手机壳，MagSafe，快充Type-C"),
    ("zh", "优の品，生活の美学，{discount}等你来。"),
    ("zh", "Hello Kitty × Uniqlo UT 联名款来啦"),
    ("zh", "Black Friday 黑五来了，Shop Now 立即选购，{discount}"),
    ("zh-TW", "親愛的會員您好：全館商品為您折{discount}，歡迎選購。"),
    ("zh", "Dior Miss Dior Eau de Parfum Le Parfum de la Rose"),
    ("de", "Unser Black Friday Sale ist da: Shop the Look, Save the Date, {discount} auf alles von Esprit."),
    ("de", "Der neue All-in-One Cleaner for Men von Love the Planet ist da."),
    ("fr", "Le Black Friday est là : shopping, fun et good vibes, avec {discount} sur tout le site."),
    ("es", "Nuevo look, new season: {discount} en toda la tienda, solo para ti."),
    ("ja", "SALE開催中。NIKE AIR MAX、{discount}オフ。お見逃しなく。"),
    ("ja", "新作入荷、送料無料"),
    ("fi", "Hei! Saat {discount} alennusta koko mallistosta, kun tilaat verkkokaupasta."),
    ("vi", "Xin chào, bạn được giảm {discount} cho toàn bộ sản phẩm."),
    ("en", "Bonjour! Pour vous, avec nous: {discount} off, and the shipping is as always on the house."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "body"), HONEST)
def test_names_and_borrowed_words_are_no_other_language(language: str, body: str) -> None:
    check = checked(body, language)

    assert check.passed, check.message
    assert advice([check]) == ""


@pytest.mark.parametrize(
    ("language", "subject", "body", "place"),
    [
        ("zh", "Your favourites are in the shop and wait for you", ZH, "copy.subject: reads as English"),
        ("en", "新品上市，快来看看", EN, "copy.subject: reads as Chinese"),
        ("zh", "{product}", "Get {discount} off your next order of the serum, now. 拒收请回复R", BODY),
        ("en", "{product}", "全新SK-II神仙水，LANCOME小黑瓶，减{discount}", "copy.body: reads as Chinese"),
        ("en", "Für Sie und für die ganze Familie", "Jetzt {discount} sparen", "copy: reads as German"),
    ],
)  # fmt: skip
def test_one_part_in_another_language_is_refused_by_its_place(
    language: str, subject: str, body: str, place: str
) -> None:
    assert checked(body, language, subject=subject).message.startswith(place)


def test_phrases_that_the_brief_demands_may_be_in_any_language() -> None:
    phrase = "Wir sind für Sie da, und das ist nicht nur ein Wort, sondern die ganze Idee."

    assert not checked(f"{phrase} Hello.", "en").passed
    assert checked(f"{phrase} Hello.", "en", must_say=[phrase]).passed


def test_english_for_a_third_language_is_told_and_not_refused() -> None:
    check = checked(EN, "de")

    assert check.passed
    assert advice([check]) == "copy.body: reads as English; the brief asks for de"


@pytest.mark.parametrize("text", ["the und le " * 450, "新 " * 2500, "é" * 5000, "a " * 2500, "' " * 2500])
@pytest.mark.parametrize("language", ["en", "zh", "pl"])
def test_a_long_text_is_read_in_milliseconds(text: str, language: str) -> None:
    begun = time.perf_counter()
    other_language(text, language)
    assert time.perf_counter() - begun < 0.1


def test_english_where_a_third_language_was_asked_for_is_spelt_as_english() -> None:
    english = "Thinking of something from beauty? You get {discount} off the whole range until {ends_on}."

    assert spelt_as(english, "de") == "en"
    assert spelt_as("Sie bekommen {discount} auf alles, was Sie mögen, und das bis {ends_on}.", "de") == "de"
    assert spelt_as(english, "en-GB") == "en-GB"
    assert spelt_as("{discount}!", "fr") == "fr"
