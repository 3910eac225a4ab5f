"""Figures as people write them: `5,000 EUR`, `€5k`, `1.5万元`, `八折`, `25 %`, `three`."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["COUNT", "CURRENCIES", "MONEY", "NUMBER", "PERCENT", "currency_in", "number_of", "percent_of"]

_HAN_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"两": 2, "〇": 0}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
}  # fmt: skip
_DIGITS = r"\d{1,12}(?:[,.'’]\d{3}(?!\d)){0,4}(?:[.,]\d{1,2}(?![\d]))?"
NUMBER = rf"(?:{_DIGITS}\s?(?:k\b|万|千|百)?|[零一二两三四五六七八九十百千万]{{1,9}})"
COUNT = rf"(?:\d{{1,3}}|{'|'.join(_WORDS)}|[一二两三四五六七八九十]{{1,3}})"
CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR", "欧": "EUR",
    "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD", "美元": "USD",
    "美金": "USD",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "英镑": "GBP",
    "cny": "CNY", "rmb": "CNY", "yuan": "CNY", "人民币": "CNY",
    "jpy": "JPY", "yen": "JPY", "日元": "JPY", "chf": "CHF", "francs": "CHF", "港币": "HKD", "hkd": "HKD",
    "元": "", "块": "", "块钱": "", "¥": "",
}  # fmt: skip
_UNIT = "|".join(
    rf"{re.escape(one)}\b" if one.isascii() and one.isalpha() else re.escape(one)
    for one in sorted(CURRENCIES, key=len, reverse=True)
)
# Before or behind the number; a word such as `budget` may stand for the currency.
MONEY = rf"(?:(?:{_UNIT})\s?{NUMBER}|{NUMBER}\s?(?:{_UNIT}))"
PERCENT = (
    r"(?:\d{1,3}(?:[.,]\d{1,2})?\s?(?:%|percent\b|per\scent\b|个点)|百分之[\d零一二两三四五六七八九十]{1,3}"
    r"|[\d一二三四五六七八九]{1,2}(?:\.\d)?折)"
)
_FIND_DIGITS = re.compile(_DIGITS)
_FIND_HAN = re.compile(r"[零一二两三四五六七八九十百千万]{1,9}")
_FIND_UNIT = re.compile(_UNIT)


def number_of(text: str) -> Decimal | None:
    """The first number of a text that one of these patterns found."""
    if digits := _FIND_DIGITS.search(text):
        value = _plain(digits.group())
        for sign, times in (("k", 1_000), ("万", 10_000), ("千", 1_000), ("百", 100)):
            if text[digits.end() :].lstrip().startswith(sign):
                return value * times
        return value
    for word in re.findall(r"[a-z]+", text):
        if word in _WORDS:
            return Decimal(_WORDS[word])
    han = _FIND_HAN.search(text)
    return Decimal(_han_number(han.group())) if han else None


def percent_of(text: str) -> Decimal | None:
    """The percentage; `八折` and `85折` are what is paid, so 20 and 15 percent off."""
    if "折" not in text:
        return number_of(text.replace("百分之", ""))
    digits = "".join(str(_HAN_DIGITS.get(sign, sign)) for sign in text if sign not in "折 ")
    paid = Decimal(digits) * (10 if len(digits) == 1 or "." in digits else 1)
    return 100 - paid


def currency_in(text: str) -> str | None:
    """The code of the currency that a text names; empty for `元`, which is the shop's own money."""
    found = _FIND_UNIT.search(text)
    return None if found is None else CURRENCIES[found.group()]


def _plain(digits: str) -> Decimal:
    whole, cents = digits, ""
    if re.search(r"[.,]\d{1,2}$", digits):
        whole, cents = re.split(r"[.,](?=\d{1,2}$)", digits)
    return Decimal("".join(sign for sign in whole if sign.isdigit()) + (f".{cents}" if cents else ""))


def _han_number(text: str) -> int:
    total = part = digit = 0
    for sign in text:
        if sign in _HAN_DIGITS:
            digit = _HAN_DIGITS[sign]
        elif sign == "万":
            total, part, digit = total + (part + digit) * 10_000, 0, 0
        else:
            part, digit = part + (digit or 1) * _HAN_UNITS[sign], 0
    return total + part + digit
