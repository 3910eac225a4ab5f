"""Header maps: which of their columns is which of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Columns", "FileMap", "RowState"]

Columns = dict[str, list[str]]


@dataclass
class RowState:
    """What is remembered from one batch to the next."""

    last: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FileMap:
    """The map of one kind of rows. An empty one leaves the columns as they are."""

    source: str
    columns: Mapping[str, str] = field(default_factory=dict)

    def names(self, theirs: Sequence[str]) -> list[str]:
        """Our columns that a file with these columns gives."""
        return list(theirs)

    def apply(
        self, theirs: Columns, lines: list[int], wanted: Sequence[str], state: RowState
    ) -> tuple[Columns, list[int]]:
        """A batch of theirs as a batch of ours, without the rows that the map skips."""
        return {name: theirs[name] for name in wanted}, lines
