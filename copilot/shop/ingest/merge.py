"""What only the whole file and the store can tell: unknown ids, keys that came twice. Then merge."""

from __future__ import annotations

from copilot.errors import shorten
from copilot.shop.ingest.result import FileCounts
from copilot.shop.ingest.stage import StagedFile
from copilot.store import Loading

__all__ = ["merge_file"]

# Which column must be a key of which file. Products and exposures are only asked about where the shop has
# ever provided any: an export without a catalogue still has orders.
_REFERENCES = {
    "customers": {},
    "products": {},
    "exposures": {"customer_id": "customers", "product_id": "products"},
    "orders": {"customer_id": "customers", "product_id": "products", "exposure_id": "exposures"},
}
_KEYS = {"customers": "customer_id", "products": "product_id", "exposures": "exposure_id"}


def merge_file(load: Loading, file: StagedFile) -> FileCounts:
    """Reject what does not fit, bring the rest into the store, and count."""
    name = file.schema.name
    _reject_unknown(load, file)
    repeats = _reject_repeats(load, file) if name in _KEYS else 0
    if name == "orders":
        for line, _, first in load.take_other_customers():
            where = file.source.place(first)[1]
            file.reject(
                line,
                f"customer_id: expected the customer of the order's first line ({where}), received another",
            )
    counts = load.merge(name)
    return FileCounts(
        file=name,
        read=file.read,
        inserted=counts.inserted,
        updated=counts.updated,
        unchanged=counts.unchanged + repeats,
        rejected=len(file.reasons),
    )


def _reject_unknown(load: Loading, file: StagedFile) -> None:
    staged = load.staged_columns(file.schema.name)
    for column, of in _REFERENCES[file.schema.name].items():
        if column in staged and (of == "customers" or load.has_rows(of)):
            for line, value in load.take_unknown(file.schema.name, column, of):
                expected = f"an id of {of} in this export or in the store"
                file.reject(line, f"{column}: expected {expected}, received {shorten(value)}")


def _reject_repeats(load: Loading, file: StagedFile) -> int:
    """Of rows with one key the first is kept. Returns how many were left out as exact repetitions."""
    key = _KEYS[file.schema.name]
    same = 0
    for repeat in load.take_repeats(file.schema.name):
        if repeat.differs:
            where = file.source.place(repeat.first_line)[1]
            received = f"{shorten(repeat.key)} again with other content (first on line {where})"
            file.reject(repeat.line, f"{key}: expected once in the file, received {received}")
        else:
            same += 1
    return same
