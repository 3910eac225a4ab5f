"""Shop exports come in here: CSV files of other people's systems, checked and brought into the store."""

from copilot.shop.ingest.ingest import ingest
from copilot.shop.ingest.result import FileCounts, IngestResult

__all__ = ["FileCounts", "IngestResult", "ingest"]
