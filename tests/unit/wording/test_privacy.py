"""What looks personal or secret is masked; prices, dates, products and article numbers stay as they are."""

from __future__ import annotations

import time

import pytest

from copilot.wording.privacy import (
    NAME,
    holds_stand_in,
    masked,
    masked_id,
    name_candidates,
    names_pattern,
    with_phrases,
)

PERSONAL = [
    ("Write to anna.lindqvist@canary.example now", "Write to [e-mail] now"),
    ("请联系anna@example.com谢谢", "请联系[e-mail]谢谢"),
    ("müller@straße.de", "[e-mail]"),
    ("anna (at) example (dot) com", "[e-mail]"),
    ("王芳＠例子.中国", "[e-mail]"),
    ("call +49 170 1234567", "call [phone]"),
    ("+1 (555) 010-9999", "[phone]"),
    ("0049 170 1234567", "[phone]"),
    ("0170 1234567", "[phone]"),
    ("030/1234567", "[phone]"),
    ("020 7946 0958", "[phone]"),
    ("06 12 34 56 78", "[phone]"),
    ("06.12.34.56.78", "[phone]"),
    ("联系电话13800138000", "联系[phone]"),
    ("微信：13812345678", "[phone]"),
    ("138-1234-5678", "[phone]"),
    ("+86 138 1234 5678", "[phone]"),
    ("86 13812345678", "[phone]"),
    ("１３８００１３８０００", "[phone]"),
    ("010-62345678", "[phone]"),
    ("(010)62345678", "[phone]"),
    ("555-123-4567", "[phone]"),
    ("(555) 123-4567", "[phone]"),
    ("07700 900123", "[phone]"),
    ("07700900123", "[phone]"),
    ("01701234567", "[phone]"),
    ("Tel: 4711 0815 99", "[phone]"),
    ("4111 1111 1111 1111", "[card number]"),
    ("4111-1111-1111-1111", "[card number]"),
    ("5555555555554444", "[card number]"),
    ("3782 822463 10005", "[card number]"),
    ("6222021234567890128", "[card number]"),
    ("DE89 3704 0044 0532 0130 00", "[account number]"),
    ("GB29NWBK60161331926819", "[account number]"),
    ("fr14 2004 1010 0505 0001 3M02 606", "[account number]"),
    ("IBAN DE89370400440532013000 BITTE", "IBAN [account number] BITTE"),
    ("11010519491231002X", "[identity number]"),
    ("sk-canary-7f3a9b2c", "[key]"),
    ("Authorization: Bearer abc123def456", "Authorization: [key]"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "[key]"),
    ("AKIAIOSFODNN7EXAMPLE", "[key]"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "[key]"),
    ("0123456789abcdef0123456789abcdef", "[key]"),
    ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "[key]"),
    ("password: hunter2", "[password]"),
    ("api key = abcd1234", "[password]"),
    ("密码：abc123", "[password]"),
    ("postgresql://copilot:secret@db.internal:5432/shop", "[database address]"),
    ("sqlite:////var/data/x.db", "[database address]"),
    ("https://user:pw@shop.example/x", "[address with a password]"),
    ("https://shop.example/x?token=abcdefgh12", "https://shop.example/x[password]"),
    ("12 Baker Street", "[street address]"),
    ("221B Baker Street, London", "[street address], London"),
    ("1600 Pennsylvania Avenue NW", "[street address] NW"),
    ("45 Elm Drive, Springfield", "[street address], Springfield"),
    ("12 baker street.", "[street address]."),
    ("Hauptstraße 12", "[street address]"),
    ("Goethestr. 5a", "[street address]"),
    ("Berliner Allee 10", "[street address]"),
    ("Am Marktplatz 3", "Am [street address]"),
    ("Karl-Marx-Straße 101", "[street address]"),
    ("10 rue de la Paix", "[street address]"),
    ("12 bis, avenue des Champs-Élysées", "[street address]"),
    ("北京市朝阳区建国路88号", "[street address]"),
    ("上海市浦东新区世纪大道100号3号楼501室", "[street address]"),
    ("请寄到南京西路一百号", "[street address]"),
    ("OPENAI_API_KEY=abcdefgh", "OPENAI_[password]"),
    ("DB_PASSWORD=geheim", "DB_[password]"),
    ("AWS_SECRET_ACCESS_KEY=abc/def", "AWS_SECRET_[password]"),
    ("token: 9f8e7d6c5b", "[password]"),
    ("secret: s3cr3tvalue", "[password]"),
    ("Kennwort: geheim", "[password]"),
    ("the password is hunter2", "the [password]"),
    ("sk-proj-abcdefghijkl", "[key]"),
    ("sk_live_abcdefghijkl", "[key]"),
    ("hf_AbCdEfGhIjKlMnOpQrStUvWxYzabcdefgh", "[key]"),
    ("00491711234567", "[phone]"),
    ("0171.1234567", "[phone]"),
    ("03012345678", "[phone]"),
    ("+49 170 123 456", "[phone]"),
    ("call +49 170 1234567, 20 % off", "call [phone], 20 % off"),
    ("QQ:123456789", "[chat account]"),
    ("微信号：zhangsan88", "[chat account]"),
    ("WeChat ID: anna_88", "[chat account]"),
    ("123-45-6789", "[identity number]"),
    ("DE89-3704-0044-0532-0130-00", "[account number]"),
    ("2223003122003222", "[card number]"),
    ("38520000023237", "[card number]"),
    ("card=4111111111111111", "card=[card number]"),
    ("anna at example dot com", "[e-mail]"),
    ("anna%40example.com", "[e-mail]"),
    ("anna @ example.com", "[e-mail]"),
    ("Lindenstr 5", "[street address]"),
    ("LINDENSTRASSE 5", "[street address]"),
    ("Unter den Linden 5", "[street address]"),
    ("12 Baker St", "[street address]"),
    ("12 Baker Street London NW1 6XE", "[street address] London NW1 6XE"),
    ("建国路甲88号", "[street address]"),
    ("弥敦道100号", "[street address]"),
    ("Calle Mayor 5", "[street address]"),
    ("Via Roma 10", "[street address]"),
    ("P.O. Box 123", "[street address]"),
    ("Postfach 10 20 30", "[street address]"),
    ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "[key]"),
]
ORDINARY = [
    "Serum 20",
    "20 % off",
    "5,000 EUR",
    "1.299,00 €",
    "from 2026-03-01 to 2026-03-14",
    "01.03.2026",
    "03/14/2026",
    "2026-03-01 10:00",
    "SKU 0123456789",
    "EAN 4006381333931",
    "4006381333931",
    "SKU-045-123456",
    "ABC-123-4567-X",
    "Day Cream 50 ml",
    "iPhone 15 Pro 256 GB",
    "Phone 16 1024 GB",
    "Set of 3 Milky Way bars",
    "Goldring 18",
    "Silver Ring 17",
    "Auf Platz 1 der Liste",
    "SK-II Facial Treatment Essence",
    "Victoria's Secret: Bombshell",
    "risk-free",
    "buy 2 get 1",
    "+20 % more",
    "+15 % until 20.03.2026",
    "first 1,000,000 customers",
    "1 000 000",
    "50/50",
    "24/7 service",
    "Size 38-40",
    "10 percent off street wear",
    "5 off road tyres",
    "up to 12.345.678 EUR",
    "10:00-18:00",
    "2024/2025",
    "550e8400-e29b-41d4-a716-446655440000",
    "v1.2.3.4",
    "Chanel No. 5",
    "No 7 Serum",
    "N°5",
    "4711 Echt Kölnisch Wasser",
    "1+1",
    "满300减50",
    "买2件送1件",
    "5号电池",
    "3号楼",
    "街拍神器2号",
    "八折",
    "一路平安8",
    "Art.-Nr. 0170123456",
    "7982853619864",
    "follow us @shop",
    "buy 3 @ 10.00",
    "Move beauty stock before the 20th, 5,000 EUR, keep 10 % margin",
    "https://shop.example/Collections/Spring-Summer-2026-New-Arrivals",
    "Bearer of good news",
    "Torch Bearer 2000",
    "Password Journal Pink",
    "12 Monkeys T-Shirt",
    "3 in 1 Drive belt",
    "800 500 100",
    "15 x 20 x 30 cm",
    "60x120cm",
    "100% Cotton 200 TC",
    "99.99",
    "0.0123",
    "20260301120000",
    "1234567890",
    "Dear customers, we open at 9:00 on 12.12.2026 in hall 3",
    "Save 5,000 EUR by 2026-12-24 and get 20 points",
    "SKU 045-123456 and EAN: 0012345678905",
    "30 Day Streets of Rage bundle",
    "Pack of 12, 330 ml each",
    "€1,299.00 instead of €1,499.00",
    "第3代产品 满199元包邮",
    "双11 5折 买一送一",
    "Parkplatz 200 m",
    "Umweg 5 km",
    "Sitzplatz 12",
    "Arbeitsplatz 2026",
    "Campingplatz 30 EUR",
    "Arbeitsplatz 120",
    "Am Rosenweg 300 m",
    "500 Piece Abbey Road Puzzle",
    "5 Star Road Bike",
    "21 Jump Street DVD",
    "2 Milky Way, 3 Mars",
    "+10 000 000 customers",
    "Save +15 20 25 30 %",
    "+15 20 25 30 35 40 %",
    "500 600 7000 ml",
    "New Balance 574-990-2002",
    "Handy: 128 256 512 GB",
    "password is required",
    "API key is needed",
    "https://shop.example/?code=WINTER2026",
    "meet me @ cafe.berlin",
    "hf_SUMMER-SALE-2026-DE-ALL",
    "look at our dot dresses",
    "第五大道1号香水",
    "套路1号",
    "时尚大街8号店",
    "味道2号",
    "手机 128 256 512 GB",
    "订单号 13800138000",
    "型号: 13800138000",
    "Bestellnr. 03012345678",
    "hf_summer2026_sale_de",
    "hf_summer2026_sale",
    "SG.summer-2026-mailing",
    "sk_spring2026_campaign",
    "pk-2026-summer",
    "WeChat: follow us",
    "Via App 10 Gutscheine",
    "https://shop.example/products/serum?variant=39123456789010",
]
IDS = [
    "4006381333931",
    "7982853619864",
    "0170123456",
    "13800138000",
    "SKU-555-123-4567",
    "045-123456",
    "0123456789abcdef0123456789abcdef",
    "550e8400-e29b-41d4-a716-446655440000",
    "gid://shopify/Product/7982853619864",
    "beauty & care",
    "share_12 volt",
    "4111111111111111",
    "39123456789010",
    "gid://shopify/ProductVariant/39123456789010",
    "30012345678907",
    "hf_summer2026_sale_de",
    "123-45-6789",
    "03012345678",
]
NOT_IDS = [
    "p-anna@example.com",
    "+49 170 1234567",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "DE89370400440532013000",
    "sk-canary-7f3a9b2c",
    "12 Baker Street",
]


@pytest.mark.parametrize(("text", "told"), PERSONAL)
def test_what_is_personal_or_secret_is_replaced_by_a_word(text: str, told: str) -> None:
    assert masked(text) == told
    assert masked(told) == told


@pytest.mark.parametrize("text", ORDINARY)
def test_prices_dates_products_and_article_numbers_survive(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize("text", ORDINARY)
def test_what_stands_around_it_survives_too(text: str) -> None:
    assert masked(f"{text}; anna@example.com, {text}") == f"{text}; [e-mail], {text}"


@pytest.mark.parametrize("value", IDS)
def test_an_id_that_is_a_number_or_a_hash_can_come_back(value: str) -> None:
    assert masked_id(value) == value


@pytest.mark.parametrize("value", NOT_IDS)
def test_an_id_that_is_somebody_s_address_or_account_cannot(value: str) -> None:
    assert masked_id(value) != value


def test_several_in_one_text() -> None:
    text = "Ask Anna (anna@example.com, 0170 1234567) or pay to DE89 3704 0044 0532 0130 00 by 2026-03-01."

    assert masked(text) == "Ask Anna ([e-mail], [phone]) or pay to [account number] by 2026-03-01."


def test_invisible_letters_hide_nothing() -> None:
    assert masked("anna\u200b@example\u00ad.com") == "[e-mail]"


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1 ",
        "a@",
        "+1 ",
        "0a",
        "A1",
        "anna@x.com ",
        "中1",
        "中号1路",
        "Aa ",
        "http://a:",
        "[at",
        "(",
        "a at ",
        "a%40",
        "1-",
        "sk_a",
    ],
)
def test_a_long_text_takes_a_time_that_grows_with_its_length(piece: str) -> None:
    def spent(length: int) -> float:
        text = piece * (length // len(piece)) + " 1@:["
        began = time.process_time()
        masked(text)
        return time.process_time() - began

    assert min(spent(40_000) for _ in range(3)) < 8 * min(spent(10_000) for _ in range(3)) + 0.02


def test_phrases_shown_masked_are_written_out_again() -> None:
    phrases = ["Questions: help@shop.example", "plain words", "Call 0170 1234567"]
    copy = "Hello. Questions: [e-mail] or Call [phone]. plain words"

    assert (
        with_phrases(copy, phrases) == "Hello. Questions: help@shop.example or Call 0170 1234567. plain words"
    )


def test_phrases_that_look_alike_when_masked_are_written_out_in_turn() -> None:
    assert with_phrases("[e-mail] [e-mail] [e-mail]", ["a@x.com", "b@x.com"]) == "a@x.com b@x.com b@x.com"


def test_a_word_that_stands_in_is_recognised() -> None:
    assert holds_stand_in("write to [e-mail]") == "[e-mail]"
    assert holds_stand_in("[hello]") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ask Anna  Schmidt today", "Ask [name] today"),
        ("ANNA-SCHMIDT, and others", "[name], and others"),
        ('["Anna","Schmidt"]', '["Anna","Schmidt"]'),
        ("Joanna Schmidtke", "Joanna Schmidtke"),
        ("请联系王小明。", "请联系[name]。"),
        ("Anna sells smithies", "Anna sells smithies"),
    ],
)
def test_names_that_are_known_are_found_however_they_are_written(text: str, told: str) -> None:
    known = frozenset(("anna schmidt", "王小明"))
    pattern = names_pattern(known)

    assert pattern is not None
    assert pattern.sub(NAME, text) == told


def test_what_may_be_a_name_is_two_to_four_words_or_han_characters() -> None:
    found = name_candidates(["Ask Anna Maria O'Neil", "找王小明"])

    assert {"anna maria", "maria o'neil", "anna maria o'neil", "王小明"} <= found
    assert "anna" not in found
    assert len(name_candidates(["x y " * 100_000, "王" * 100_000])) < 100
    assert names_pattern([]) is None
