"""Who is meant and who may be contacted: conditions and opt-ins against an attribute table.

Conditions are data: compared, never evaluated. An unknown value equals nothing and is neither below nor above
anything. `!=` and `not_in` are exactly the rest of `=` and `in`, as people expect and unlike SQL: somebody
without a loyalty tier is not "gold". Add `not_null` to leave the unknown out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from copilot.domain.audience import Condition
from copilot.domain.brief import CHANNELS
from copilot.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["column", "contactable", "select"]

Mask = npt.NDArray[np.bool_]

_DAY, _INSTANT = np.timedelta64(1, "D"), np.timedelta64(1, "us")
_EQUALITY = ("=", "!=", "in", "not_in")
_NEEDS_OPT_IN = ("email", "sms", "push")


def select(attributes: pd.DataFrame, conditions: Iterable[Condition]) -> Mask:
    """(U,) mask of the customers that fit every condition; no condition is everyone.

    Numbers compare with numbers and opt-ins (0/1, also `true`/`false`), text with categories, ISO dates with
    dates; a date means its whole day.

    Raises:
        UnknownName: an attribute this shop does not have; names those near it.
        InvalidInput: a value or operator that the attribute's type cannot be compared by.
    """
    mask = np.ones(len(attributes), dtype=bool)
    for condition in conditions:
        mask &= _fits(column(attributes, condition.attribute), condition)
    return mask


def contactable(attributes: pd.DataFrame, channel: str, shop_has_column: bool) -> Mask:
    """(U,) mask of the customers who may be contacted on a channel.

    An opt-in of 0 is never contacted. An unknown one counts as given for e-mail, and only if the shop has no
    such column at all. A page (`onsite`) and advertisements need none.

    Raises:
        UnknownName: no channel of this name.
    """
    if channel not in CHANNELS:
        raise UnknownName("channel", channel, CHANNELS)
    if channel not in _NEEDS_OPT_IN:
        return np.ones(len(attributes), dtype=bool)
    name = f"{channel}_opt_in"
    if name not in attributes:
        return np.full(len(attributes), channel == "email" and not shop_has_column)
    opt_in = attributes[name].to_numpy(dtype=np.float64, na_value=np.nan)
    unknown_counts = channel == "email" and not shop_has_column
    return np.asarray((opt_in == 1) | (np.isnan(opt_in) & unknown_counts), dtype=bool)


def column(attributes: pd.DataFrame, name: str) -> pd.Series[Any]:
    """The values of an attribute.

    Raises:
        UnknownName: an attribute this shop does not have; names those near it.
    """
    if name not in attributes:
        known = [str(column) for column in attributes.columns]
        near = get_close_matches(name, known, n=5, cutoff=0.5)
        raise UnknownName("attribute", name, near or known, hint="`copilot attributes` lists them all")
    return attributes[name]


def _fits(values: pd.Series[Any], condition: Condition) -> Mask:
    import pandas as pd

    if condition.operator in ("is_null", "not_null"):
        return np.asarray(values.isna() == (condition.operator == "is_null"), dtype=bool)
    if pd.api.types.is_datetime64_any_dtype(values):
        return _compare_dates(values, condition)
    if pd.api.types.is_numeric_dtype(values):
        return _compare_numbers(values, condition)
    return _compare_categories(values, condition)


def _compare_numbers(values: pd.Series[Any], condition: Condition) -> Mask:
    known = values.to_numpy(dtype=np.float64, na_value=np.nan)
    ranges = [(number, number) for number in (_number(value, condition) for value in _wanted(condition))]
    return _compare(known, condition.operator, ranges)


def _compare_dates(values: pd.Series[Any], condition: Condition) -> Mask:
    known = values.to_numpy(dtype="datetime64[us]")
    return _compare(known, condition.operator, [_day(value, condition) for value in _wanted(condition)])


def _compare(known: Any, operator: str, ranges: list[tuple[Any, Any]]) -> Mask:
    """Compare with values that are ranges: a number is a range of one, a date goes from midnight to midnight.

    Comparing with NaN or NaT is false, so the unknown fits nothing but the two negations.
    """
    low, high = ranges[0]
    if operator in _EQUALITY:
        equal = np.zeros(len(known), dtype=bool)
        for first, last in ranges:
            equal |= (known >= first) & (known <= last)
        return equal if operator in ("=", "in") else ~equal
    order = {"<": known < low, "<=": known <= high, ">": known > high, ">=": known >= low}
    return np.asarray(order[operator], dtype=bool)


def _compare_categories(values: pd.Series[Any], condition: Condition) -> Mask:
    if condition.operator not in _EQUALITY:
        raise _mismatch(condition, f"one of {', '.join(_EQUALITY)} (it is a category)", condition.operator)
    present = {value: _text(value) for value in values.dropna().unique()}
    wanted = set()
    for value in _wanted(condition):
        # A category may look like a number (`tier in 1|2`); where none does, a number is a mistake.
        if not isinstance(value, str) and present and not any(map(_looks_numeric, present.values())):
            raise _mismatch(condition, "text (it is a category)", value)
        wanted.add(_text(value))
    fitting = [value for value, text in present.items() if text in wanted]
    equal = np.asarray(values.isin(fitting), dtype=bool)
    return equal if condition.operator in ("=", "in") else ~equal


def _wanted(condition: Condition) -> tuple[Any, ...]:
    return condition.value if isinstance(condition.value, tuple) else (condition.value,)


def _number(value: Any, condition: Condition) -> float:
    if isinstance(value, str):
        raise _mismatch(condition, "a number", value)
    try:
        return float(value)
    except OverflowError:
        raise _mismatch(condition, "a number of at most 15 digits", value) from None


def _day(value: Any, condition: Condition) -> tuple[np.datetime64, np.datetime64]:
    """First and last microsecond meant by an ISO date or time."""
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (TypeError, ValueError, OverflowError):
        raise _mismatch(condition, "a date such as 2024-12-31", value) from None
    first = np.datetime64(moment, "us")
    whole_day = not any(sign in value for sign in "T :")
    return first, first + _DAY - _INSTANT if whole_day else first


def _text(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "1" if value else "0"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _looks_numeric(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdecimal()


def _mismatch(condition: Condition, expected: str, received: Any) -> InvalidInput:
    return InvalidInput(condition.attribute, expected, received, where="audience")
