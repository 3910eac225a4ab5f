"""Amounts and days as readers of each language write them; what is promised is never rounded."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from babel import localedata

from copilot.domain import StrategyDraft, parse
from copilot.wording import Grounds, render
from copilot.wording.spelling import day, money, number, percent

TAGS = sorted(localedata.locale_identifiers())


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        ("10", "EUR", "en", "€10"),
        ("10.00", "EUR", "en", "€10"),
        ("9.9", "EUR", "en-GB", "€9.90"),
        ("1234.5", "EUR", "en", "€1,234.50"),
        ("10", "EUR", "de", "10\xa0€"),
        ("1234.5", "EUR", "de-DE", "1.234,50\xa0€"),
        ("1234.5", "CHF", "de-CH", "CHF\xa01’234.50"),
        ("1234.5", "EUR", "fr", "1\xa0234,50\xa0€"),
        ("1234.5", "EUR", "es", "1234,50\xa0€"),
        ("10", "BRL", "pt_BR", "R$\xa010"),
        ("10", "USD", "en-GB", "US$10"),
        ("1000", "JPY", "ja", "￥1,000"),
        ("1234567", "INR", "hi", "₹12,34,567"),
        ("9.9", "KWD", "en", "KWD\xa09.900"),
        ("100", "CNY", "zh", "100元"),
        ("9.9", "CNY", "zh-CN", "9.90元"),
        ("1000", "CNY", "zh-Hans", "1000元"),
        ("12000", "CNY", "zh", "12,000元"),
        ("100", "CNY", "zh-TW", "CN¥100"),
        ("100", "TWD", "zh-TW", "$100"),
        ("100", "EUR", "zh", "€100"),
        ("10", "ZZZ", "en", "ZZZ\xa010"),
        ("10", "EUR", "xx", "10 EUR"),
        ("1234.5", "ZZZ", "tlh", "1234.50 ZZZ"),
    ],
)
def test_money_is_written_for_its_reader(amount: str, currency: str, language: str, expected: str) -> None:
    assert money(Decimal(amount), currency, language) == expected


@pytest.mark.parametrize("amount", ["9.999", "0.005", "19.9", "1234.56"])
@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD", "ZZZ"])
def test_no_digit_of_an_amount_is_lost_to_rounding(amount: str, currency: str) -> None:
    written = money(Decimal(amount), currency, "en")

    digits = "".join(c for c in written if c.isdigit() or c == ".")
    assert Decimal(digits) == Decimal(amount)


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("20", "en", "20%"),
        ("12.50", "en", "12.5%"),
        ("12.5", "de", "12,5\xa0%"),
        ("12.5", "fr", "12,5\xa0%"),
        ("20", "tr", "%20"),
        ("20", "zh", "20%"),
        ("33.333333", "en", "33.333333%"),
        ("12.5", "xx", "12.5%"),
    ],
)
def test_percentages_are_written_for_their_reader(value: str, language: str, expected: str) -> None:
    assert percent(Decimal(value), language) == expected


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("500", "en", "500"), ("1E+3", "en", "1,000"), ("1000", "de", "1.000"), ("1000", "zh", "1000"),
        ("12.50", "fr", "12,5"), ("1000.50", "xx", "1000.5"),
    ],
)  # fmt: skip
def test_numbers_have_no_exponent_and_no_idle_zeros(value: str, language: str, expected: str) -> None:
    assert number(Decimal(value), language) == expected


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [
        ("en", "7 March", "7 March 2026"),
        ("en-US", "March 7", "March 7, 2026"),
        ("de", "7. März", "7. März 2026"),
        ("fr", "7 mars", "7 mars 2026"),
        ("es-419", "7 de marzo", "7 de marzo de 2026"),
        ("zh-CN", "3月7日", "2026年3月7日"),
        ("ja", "3月7日", "2026年3月7日"),
        ("ar", "7 مارس", "7 مارس 2026"),
        ("xx", "2026-03-07", "2026-03-07"),
    ],
)
def test_days_are_written_for_their_reader(language: str, short: str, long: str) -> None:
    assert day(date(2026, 3, 7), language) == short
    assert day(date(2026, 3, 7), language, year=True) == long


def test_no_language_writes_a_day_in_bare_numbers() -> None:
    # 3/7 is another day on the other side of an ocean.
    numeric = [tag for tag in TAGS if not any(c.isalpha() for c in day(date(2026, 3, 7), tag))]

    assert numeric == []


def test_every_language_of_cldr_can_be_written() -> None:
    for tag in TAGS:
        written = money(Decimal("1234.5"), "EUR", tag)
        digits = "".join(c for c in written if c.isdigit())
        assert digits == "123450", (tag, written)
        assert "12" in percent(Decimal(12), tag)


@pytest.mark.parametrize("tag", ["en-XX", "en-u-ca-buddhist", "EN-gb", "en_GB", "en-GB-oxendict"])
def test_a_tag_that_is_not_known_in_full_is_read_as_far_as_it_is(tag: str) -> None:
    assert money(Decimal(1000), "EUR", tag) == "€1,000"


@pytest.mark.parametrize(("ends_on", "expected"), [("2026-12-20", "Until 20 December"),
                                                   ("2027-01-10", "Until 10 January 2027")])  # fmt: skip
def test_a_day_has_its_year_where_it_is_far(ends_on: str, expected: str) -> None:
    plan = {"starts_on": "2026-03-01", "ends_on": ends_on}
    offer = {"type": "none", "valid_days": 365}
    data = {"draft_id": "d", "channel": "email", "offer": offer, "copy": {"body": "Until {ends_on}"}}
    draft = parse(StrategyDraft, {**data, "plan": plan})

    assert render(draft.message, draft, Grounds("EUR")).body == expected


@pytest.mark.parametrize(("channel", "blank"), [("email", "\xa0"), ("sms", " ")])
def test_a_text_message_has_no_blank_that_its_alphabet_lacks(channel: str, blank: str) -> None:
    offer = {"type": "amount_off", "value": 10}
    data = {"draft_id": "d", "channel": channel, "offer": offer, "copy": {"body": "{discount} gespart"}}
    draft = parse(StrategyDraft, data)

    assert render(draft.message, draft, Grounds("EUR"), language="de").body == f"10{blank}€ gespart"


def test_babel_is_read_when_something_is_written_and_not_before() -> None:
    code = "import sys, copilot.wording; print('babel' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
