"""What an ingest did, to be printed or kept."""

from __future__ import annotations

from pathlib import Path

from copilot.domain.noun import Noun

__all__ = ["FileCounts", "IngestResult"]


class FileCounts(Noun):
    """Rows of one file. `read` is the sum of the others; for orders a row is an order line."""

    file: str
    read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int


class IngestResult(Noun):
    """What came of a shop export.

    `personal` names the columns that hold personal data, `left_out` those that are of no use as attributes
    (nearly unique text); neither becomes an attribute. `rejects` is the file of rejected rows, if any.
    """

    files: tuple[FileCounts, ...]
    rejects: Path | None = None
    personal: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rejected(self) -> int:
        """Rejected rows of all files."""
        return sum(counts.rejected for counts in self.files)
