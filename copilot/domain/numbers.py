"""Numbers as the nouns hold them: money, percentages, counts. Strict about what becomes one."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer

__all__ = ["Count", "Money", "Percent", "PositiveMoney", "Rate"]

_LARGEST_MONEY = Decimal(10) ** 9
_LARGEST = 10**15


def _decimal(value: Any) -> Decimal:
    # Text and booleans are refused: "20" or true in a price field is a mistake upstream, not a price.
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("a number")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a finite number")
        return Decimal(repr(value))
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError("a finite number")
    number = Decimal(value)
    if abs(number) > _LARGEST:
        raise ValueError("a number of at most 15 digits")
    return number


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("a whole number")
    number = float(value) if isinstance(value, float) else Decimal(value)
    # NaN fails the first comparison, so int() is only asked of numbers it can hold.
    if not float(abs(number)) <= _LARGEST or number != int(number):
        raise ValueError("a whole number of at most 15 digits")
    return int(number)


def _as_json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


_number = PlainSerializer(_as_json_number, return_type=float, when_used="json")

Money = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0, le=_LARGEST_MONEY), _number]
PositiveMoney = Annotated[Decimal, BeforeValidator(_decimal), Field(gt=0, le=_LARGEST_MONEY), _number]
Percent = Annotated[Decimal, BeforeValidator(_decimal), Field(gt=0, le=100), _number]
Rate = Annotated[Decimal, BeforeValidator(_decimal), _number]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=10**9)]
