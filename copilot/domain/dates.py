"""Days as the nouns hold them. A number is never read as one: 20240101 is not a moment of 1970."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo

__all__ = ["Day", "not_before_start"]

# Far enough for any campaign, and near enough that adding days never leaves the calendar.
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)


def _day(value: Any) -> date:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if isinstance(found, datetime) and found.time() == time.min:
        found = found.date()
    if isinstance(found, datetime) or not isinstance(found, date):
        raise ValueError("a date such as 2024-12-31")
    if not _FIRST <= found <= _LAST:
        raise ValueError(f"a date from {_FIRST} to {_LAST}")
    return found


Day = Annotated[date, BeforeValidator(_day)]


def not_before_start(ends_on: date | None, info: ValidationInfo) -> date | None:
    """Check the last day of a window against its `starts_on`, which stands before it."""
    starts_on = info.data.get("starts_on")
    if starts_on and ends_on and ends_on < starts_on:
        raise ValueError(f"a date not before starts_on ({starts_on})")
    return ends_on
