"""How money, percentages, numbers and dates are written for readers of a language, after CLDR (by Babel).

A blank inside an amount is one that does not break the line. What CLDR does not know is written plainly:
`10.50 ABC`, `2026-11-20`.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["day", "money", "number", "percent", "quantum"]

_KEPT = 2_048  # amounts; a search of a language model's drafts asks for the same few again and again
_NARROW_BLANK, _BLANK = "\u202f", "\xa0"
_DECIMALS = re.compile(r"0\.[0#]+")
# A code such as CHF touches no digit: CLDR's rule for the spacing of currencies, which Babel leaves out.
_TOUCHING = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
# Four digits stand together: CLDR's `minimumGroupingDigits` 2, and what Chinese shops write (1000元).
_FOUR_TOGETHER = ("es", "pl", "pt_PT", "zh")
_GROUPED_FROM = 10_000


@lru_cache(_KEPT)
def number(value: Decimal, language: str) -> str:
    """`1,000`, `12.5`: no exponent, no idle zeros."""
    locale = _locale(language)
    if locale is None:
        return _plain(value)
    from babel.numbers import format_decimal

    written = format_decimal(
        _tidy(value), locale=locale, decimal_quantization=False, group_separator=_grouped(value, locale)
    )
    return _spaced(written)


@lru_cache(_KEPT)
def percent(value: Decimal, language: str) -> str:
    """`20%`; `20 %` in German."""
    locale = _locale(language)
    if locale is None:
        return f"{_plain(value)}%"
    from babel.numbers import format_percent

    return _spaced(format_percent(_tidy(value) / 100, locale=locale, decimal_quantization=False))


@lru_cache(_KEPT)
def money(value: Decimal, currency: str, language: str) -> str:
    """`€10`, `€9.90`; `9,90 €` in German; `10元` where the renminbi is the reader's own."""
    locale = _locale(language)
    amount = _cents(value, currency)
    if locale is None:
        return f"{amount:f} {currency}"
    if currency == "CNY" and locale.language == "zh" and _mainland(locale):
        return f"{amount:f}元" if amount < _GROUPED_FROM else f"{amount:,f}元"
    from babel.numbers import format_currency

    decimals = -int(amount.as_tuple().exponent)
    shape = str(locale.currency_formats["standard"].pattern)
    shape = _DECIMALS.sub("0." + "0" * decimals if decimals else "0", shape)
    written = format_currency(
        amount, currency, format=shape, locale=locale, currency_digits=False, decimal_quantization=False,
        group_separator=_grouped(amount, locale),
    )  # fmt: skip
    return _spaced(written)


@lru_cache(_KEPT)
def day(value: date, language: str, *, year: bool = False) -> str:
    """`20 November`, `20. November`, `11月20日`, with the year on request; English without a country has the
    day first, as most of those who write it so do.
    """
    locale = _locale("en-GB" if language == "en" else language)
    if locale is None:
        return value.isoformat()
    from babel.dates import format_date, format_skeleton

    if year:
        return _spaced(format_date(value, "long", locale=locale))
    return _spaced(format_skeleton("MMMMd", value, locale=locale))


def quantum(currency: str) -> Decimal:
    """The smallest coin of a currency: 0.01; 1 for yen."""
    from babel.numbers import get_currency_precision

    return Decimal(1).scaleb(-get_currency_precision(currency))


@lru_cache(256)
def _locale(language: str) -> Locale | None:
    """The nearest locale that CLDR has: `en-XX` is `en`; None where the language itself is not known."""
    from babel import Locale, UnknownLocaleError

    parts = language.replace("_", "-").split("-")
    if parts[0].lower() == "und":
        return None
    while parts:
        try:
            return Locale.parse("-".join(parts), sep="-")
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return None


def _mainland(locale: Locale) -> bool:
    # In Taiwan and Hong Kong 元 is another money.
    return locale.script != "Hant" and locale.territory not in ("TW", "HK", "MO")


def _grouped(value: Decimal, locale: Locale) -> bool:
    together = locale.language in _FOUR_TOGETHER or str(locale) in _FOUR_TOGETHER
    return not together or value >= _GROUPED_FROM


def _cents(value: Decimal, currency: str) -> Decimal:
    """Whole amounts without decimals, others with all of theirs: what is promised is never rounded."""
    if value == value.to_integral_value():
        return value.to_integral_value().quantize(Decimal(1))
    tidy = _tidy(value)
    coin = quantum(currency)
    return tidy if tidy.as_tuple().exponent < coin.as_tuple().exponent else tidy.quantize(coin)  # type: ignore[operator]


def _tidy(value: Decimal) -> Decimal:
    shorter = value.normalize()
    return shorter if shorter.as_tuple().exponent < 0 else shorter.quantize(Decimal(1))  # type: ignore[operator]


def _plain(value: Decimal) -> str:
    return f"{_tidy(value):f}"


def _spaced(written: str) -> str:
    return _TOUCHING.sub(_BLANK, written.replace(_NARROW_BLANK, _BLANK))
