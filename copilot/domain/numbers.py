"""Numbers as the nouns hold them: money, percentages, counts. Strict about what becomes one."""

from __future__ import annotations

from decimal import Decimal
from numbers import Integral, Real
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer

__all__ = ["Count", "Money", "Percent", "PositiveMoney", "Rate"]

_LARGEST_MONEY = Decimal(10) ** 9
_LARGEST = 10**15


def _decimal(value: Any) -> Decimal:
    # Text and booleans are refused: "20" or true in a price field is a mistake upstream, not a price.
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        raise ValueError("a number")
    if isinstance(value, Integral):
        number = Decimal(int(value))
    else:
        # The digits a float is written with, not those of its binary fraction; NumPy's floats are floats.
        number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not number.is_finite():
        raise ValueError("a finite number")
    # `abs` would overflow on what this is here to refuse.
    if not -_LARGEST <= number <= _LARGEST:
        raise ValueError("a number of at most 15 digits")
    return number


def _whole(value: Any) -> int:
    number = _decimal(value)
    if number != int(number):
        raise ValueError("a whole number")
    return int(number)


def _as_json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


_number = PlainSerializer(_as_json_number, return_type=float, when_used="json")

Money = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0, le=_LARGEST_MONEY), _number]
PositiveMoney = Annotated[Decimal, BeforeValidator(_decimal), Field(gt=0, le=_LARGEST_MONEY), _number]
Percent = Annotated[Decimal, BeforeValidator(_decimal), Field(gt=0, le=100), _number]
Rate = Annotated[Decimal, BeforeValidator(_decimal), _number]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=10**9)]
