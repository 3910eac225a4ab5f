"""One cell of text to one value, or the reason why not. Columns are converted by their distinct texts.

What is not certain is refused: `1,000` may be a thousand or one, so it is neither.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from copilot.errors import shorten

__all__ = ["BadValue", "Column", "choice", "flag", "identifier", "instant", "number", "text"]

Parse = Callable[[str], Any]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2}|\d{8})([T ]\d{2}:?\d{2}(:?\d{2}([.,]\d{1,9})?)?)?\s?([Zz]|[+-]\d{2}(:?\d{2})?)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LARGEST = 1e12
_LONGEST_ID = 200
_CACHED = 200_000


class BadValue(ValueError):
    """What was expected of a cell."""


class Column:
    """Converts one column, batch after batch; a text that came before is not parsed again."""

    def __init__(self, name: str, parse: Parse, *, filled: bool = False, private: bool = False) -> None:
        self.name = name
        self._parse = parse
        self._filled = filled
        self._private = private
        self._known: dict[str, Any] = {}
        self._wrong: dict[str, str] = {}

    def convert(self, texts: Sequence[str], problems: dict[int, list[str]]) -> list[Any]:
        """Values in the order of `texts`, None where empty or wrong; reasons go to `problems` by position."""
        known = self._known
        if len(known) > _CACHED:
            known.clear()
        for text_ in set(texts).difference(known):
            known[text_] = self._value(text_)
        if self._wrong and not self._wrong.keys().isdisjoint(texts):
            for position, text_ in enumerate(texts):
                if text_ in self._wrong:
                    problems.setdefault(position, []).append(self._wrong[text_])
        return [known[text_] for text_ in texts]

    def _value(self, raw: str) -> Any:
        stripped = raw.strip()
        try:
            if stripped:
                return self._parse(stripped)
            if self._filled:
                raise BadValue("a value")
        except BadValue as expected:
            received = (
                "something else"
                if self._private and stripped
                else shorten(stripped)
                if stripped
                else "nothing"
            )
            self._wrong[raw] = f"{self.name}: expected {expected}, received {received}"
        return None


def text(value: str) -> str:
    """Any text."""
    return value


def identifier(value: str) -> str:
    """An id: text, at most 200 characters."""
    if len(value) > _LONGEST_ID:
        raise BadValue(f"at most {_LONGEST_ID} characters")
    return value


def number(low: float = -_LARGEST, high: float = _LARGEST, *, above: float | None = None) -> Parse:
    """A plain decimal number within bounds; `above` excludes its own value."""
    wanted = _bounds(low, high, above)

    def parse(value: str) -> float:
        if _NUMBER.fullmatch(value) is None:
            raise BadValue(f"{wanted} such as 1234.50 (a point for decimals, no thousands separator)")
        found = float(value)
        if not (math.isfinite(found) and low <= found <= high) or (above is not None and found <= above):
            raise BadValue(wanted)
        return found

    return parse


def _bounds(low: float, high: float, above: float | None) -> str:
    parts = []
    if above is not None:
        parts.append(f"above {above:g}")
    elif low > -_LARGEST:
        parts.append(f"of {low:g} or more")
    if high < _LARGEST:
        parts.append(f"up to {high:g}")
    return " ".join(["a number", *parts])


def flag(value: str) -> int:
    """0 or 1."""
    if value in ("0", "1"):
        return int(value)
    if _NUMBER.fullmatch(value) and float(value) in (0.0, 1.0):
        return int(float(value))
    raise BadValue("0 or 1")


def choice(*names: str) -> Parse:
    """One of some names, whatever their case."""

    def parse(value: str) -> str:
        found = value.casefold()
        if found not in names:
            raise BadValue(f"one of {', '.join(names)}")
        return found

    return parse


def instant(value: str) -> int:
    """A time as microseconds since 1970 UTC. ISO 8601; naive is UTC, a bare date is its first moment."""
    match = _TIME.fullmatch(value)
    if match is None:
        raise BadValue("a date or time such as 2026-03-14 or 2026-03-14T09:30:00Z")
    try:
        # A space before the offset and a small z are common, and not what fromisoformat reads.
        moment = datetime.fromisoformat(value.replace(" +", "+").replace(" -", "-").upper())
    except ValueError:
        raise BadValue("a date that exists, such as 2026-03-14") from None
    if not 1900 <= moment.year <= 2200:
        raise BadValue("a year between 1900 and 2200")
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // _MICROSECOND
