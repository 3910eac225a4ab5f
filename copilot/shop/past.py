"""What of a shop's history has happened, by the clock.

One mistyped year would otherwise set the day that customers are looked at, and with it every attribute and
every forecast. Rows dated after now are left out until their time comes. Where most are, it is rather the
clock that is wrong, or a shop made up in the future: then all of them count. Changes nothing in the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from copilot.store import Span

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Past", "known_by", "past_of", "span_of"]

# A time that names no zone may be local: the farthest zone is so far ahead of UTC.
AHEAD = timedelta(hours=14)
MOST = 0.5


@dataclass(frozen=True)
class Past:
    """until: the moment after which rows are left out, None = none are; last: when the last that counts was.

    notes: what was left out, or why nothing was; empty where nothing is dated after now.
    """

    until: datetime | None
    last: datetime | None
    notes: tuple[str, ...] = ()

    def rows(self, frame: pd.DataFrame, time: str) -> pd.DataFrame:
        """The rows of a frame that count, by its column `time`."""
        if self.until is None:
            return frame
        after = frame[time] > self.until
        return frame[~after].reset_index(drop=True) if after.any() else frame

    def before(self, day: date) -> datetime:
        """The moment before which rows count for somebody who looks at customers on a day."""
        midnight = datetime.combine(day, time())
        return midnight if self.until is None else min(midnight, self.until + timedelta(microseconds=1))


def known_by(now: datetime) -> datetime:
    """The latest time that a row may bear which happened by now."""
    return now + AHEAD


def span_of(times: pd.Series, now: datetime) -> Span:
    """How the times of a frame lie about what is known by now; see `store.read_spans`."""
    known = times.dropna()
    after = known > known_by(now)
    return Span(len(times), int(after.sum()), _latest(known[~after]), _latest(known))


def past_of(spans: Mapping[str, Span], now: datetime) -> Past:
    """What counts of rows that lie so about what is known by now.

    spans: by where the rows came from, a file of an export or words for it.
    """
    late = {name: span for name, span in spans.items() if span.after}
    most = {name: span for name, span in late.items() if span.after > MOST * span.rows}
    if most:
        listed = " and ".join(f"{name} ({span.after:,} of {span.rows:,})" for name, span in most.items())
        told = f"most rows of {listed} are dated after now ({now.date()}): is this machine's clock right?"
        return Past(None, _last(span.last for span in spans.values()), (f"{told} All count",))
    last = _last(span.until for span in spans.values())
    return Past(known_by(now), last, (_left_out(late, now),) if late else ())


def _left_out(late: Mapping[str, Span], now: datetime) -> str:
    listed = " and ".join(f"{span.after:,} of {span.rows:,} rows of {name}" for name, span in late.items())
    are = "is" if sum(span.after for span in late.values()) == 1 else "are"
    latest = _last(span.last for span in late.values())
    again = " and run `copilot ingest` again" if any(name.endswith(".csv") for name in late) else ""
    assert latest is not None
    return (
        f"{listed} {are} dated after now ({now.date()}), up to {latest.date()}: left out until then; where a "
        f"date is wrong, correct it{again}"
    )


def _latest(times: pd.Series) -> datetime | None:
    return None if times.empty else times.max().to_pydatetime()


def _last(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
