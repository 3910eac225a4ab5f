"""Time as the tables hold it: microseconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from copilot.store.damage import damaged

__all__ = ["from_micros", "to_micros"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_micros(moment: datetime) -> int:
    """A moment as an integer; a naive one is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """The UTC moment behind an integer, naive as everywhere in this package.

    Raises:
        StoreUnavailable: it is damaged.
    """
    try:
        return (_EPOCH + timedelta(microseconds=micros)).replace(tzinfo=None)
    except (TypeError, OverflowError) as error:
        raise damaged("a time", error) from None
