"""What a column of customers holds, learnt over the whole file: numbers, categories, free text, people.

Looks at distinct values, and at no more of them than it takes to tell.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from copilot.shop.ingest.looks import Looks
from copilot.shop.ingest.values import BadValue, number

__all__ = ["ColumnProfile"]

_MOST_CATEGORIES = 1_000
_FEW = 50
_REMEMBERED = 20_000
_parse_number = number(-math.inf, math.inf)


@dataclass
class ColumnProfile:
    """Fed with every batch of a column; asked at the end."""

    filled: int = 0
    numeric: bool = True
    distinct: set[str] = field(default_factory=set)
    looks: Looks = field(default_factory=Looks)
    length: int = 0  # characters of the distinct values

    def add(self, texts: Iterable[str]) -> None:
        """Take a batch of cells into account."""
        values = [text.strip() for text in texts if text and not text.isspace()]
        self.filled += len(values)
        fresh = set(values) - self.distinct
        if self.numeric:
            self.numeric = all(_is_number(value) for value in fresh)
        if len(self.distinct) < _REMEMBERED:
            self.distinct |= fresh
            self.length += sum(map(len, fresh))
            self.looks.add(fresh)

    @property
    def free_text(self) -> bool:
        """Text that is nearly different for everybody: no category, and perhaps about a person."""
        count = len(self.distinct)
        if self.numeric or count <= _FEW:
            return not self.numeric and count >= 10 and self.distinct_share > 0.8 and self.length / count > 20
        return count > _MOST_CATEGORIES or self.distinct_share > 0.5

    @property
    def distinct_share(self) -> float:
        # Beyond what is remembered the share is not known; so many different values are no category anyway.
        return 1.0 if len(self.distinct) >= _REMEMBERED else len(self.distinct) / max(1, self.filled)


def _is_number(value: str) -> bool:
    try:
        _parse_number(value)
    except BadValue:
        return False
    return True
