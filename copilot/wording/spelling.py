"""How money, percentages and dates are spelt in copy. English and Chinese; else plain ISO forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

__all__ = ["day", "money", "number", "percent"]

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def number(value: Decimal) -> str:
    """A decimal without an exponent or idle zeros: 1000, 12.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal) -> str:
    """`20%`."""
    return f"{number(value)}%"


def money(value: Decimal, currency: str, language: str) -> str:
    """`€9.90`; `100元` for Chinese readers of a yuan price; `15 CHF` where no sign is usual."""
    amount = number(value) if value == value.to_integral_value() else f"{value:.2f}"
    if currency == "CNY":
        return f"{amount}元" if _chinese(language) else f"CN¥{amount}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{amount}" if symbol else f"{amount} {currency}"


def day(value: date, language: str) -> str:
    """`20 November` (the same day on either side of the Atlantic), `11月20日`, else `2026-11-20`."""
    if _chinese(language):
        return f"{value.month}月{value.day}日"
    if language.split("-")[0] == "en":
        return f"{value.day} {_MONTHS[value.month - 1]}"
    return value.isoformat()


def _chinese(language: str) -> bool:
    return language.split("-")[0] == "zh"
