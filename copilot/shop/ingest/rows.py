"""A CSV file as batches of columns, with the physical line of every row.

Knows CSV and nothing of shops. A row that cannot be read is reported and the rows after it are still read:
an unclosed quote does not swallow the rest of the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from copilot.errors import InvalidInput
from copilot.shop.ingest.lines import Lines

__all__ = ["BadRow", "Batch", "read_batches", "read_header"]

BATCH_ROWS = 20_000
_MOST_COLUMNS = 1_500
_SHOWN = 5_000  # characters of a broken line that are kept for the rejects
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class BadRow:
    """A row that is not used: where, why, and the raw fields."""

    line: int
    reason: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """Some rows, column by column. `lines[i]` is the line on which row i starts (the header is line 1)."""

    lines: list[int]
    columns: list[list[str]]
    bad: list[BadRow] = field(default_factory=list)


def read_header(path: Path) -> tuple[list[str], str]:
    """The header row and the delimiter: a comma, or what the header has instead of one.

    Raises:
        InvalidInput: no header, or one that cannot be read.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = Lines(file)
        try:
            first = next((line for line in lines if line.strip()), "")
            delimiter = "," if "," in first else max(_DELIMITERS, key=first.count)
            lines.give_back([first])
            header = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            raise InvalidInput("header", "a readable header row", str(error), where=path.name) from None
    if not any(name.strip() for name in header):
        raise InvalidInput("header", "a header row with column names", "an empty file", where=path.name)
    if len(header) > _MOST_COLUMNS:
        raise InvalidInput("header", f"at most {_MOST_COLUMNS} columns", len(header), where=path.name)
    return header, delimiter


def read_batches(path: Path, width: int, delimiter: str) -> Iterator[Batch]:
    """The rows below the header, in order. Rows without `width` fields, or unreadable, come as bad rows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = Lines(file)
        next(record for record in _records(lines, delimiter) if record[1])  # the header
        while True:
            start = lines.number + 1
            block = lines.take(BATCH_ROWS)
            if not block:
                return
            columns = _simple_columns(block, width, delimiter)
            if columns is not None:
                yield Batch(list(range(start, start + len(block))), columns)
            else:
                lines.give_back(block)
                yield _sort_out(_records(lines, delimiter, until=start + len(block)), width)


def _simple_columns(block: list[str], width: int, delimiter: str) -> list[list[str]] | None:
    """The columns of a block where each line is a row and each row is whole; None where it is not so."""
    if any("\0" in line for line in block):
        return None
    reader = csv.reader(block, delimiter=delimiter, strict=True)
    flat: list[str] = []
    try:
        for row in reader:
            # Row by row into one list: keeping the rows would wake the garbage collector again and again.
            if len(row) != width:
                return None
            flat += row
    except csv.Error:
        return None
    if len(flat) != width * len(block):
        return None
    return [flat[place::width] for place in range(width)]


def _sort_out(records: Iterator[tuple[int, list[str], str]], width: int) -> Batch:
    numbers: list[int] = []
    good: list[list[str]] = []
    bad: list[BadRow] = []
    for line, fields, problem in records:
        if len(fields) == width and not problem:
            numbers.append(line)
            good.append(fields)
        elif problem or any(map(str.strip, fields)):
            wrong = f"row: expected {width} fields as in the header, received {len(fields)}"
            bad.append(BadRow(line, problem or wrong, tuple(fields)))
    columns = [list(column) for column in zip(*good, strict=True)] if good else [[] for _ in range(width)]
    return Batch(numbers, columns, bad)


def _records(lines: Lines, delimiter: str, until: int | None = None) -> Iterator[tuple[int, list[str], str]]:
    """Each record with its first line and, if it cannot be used, why; up to those that begin at `until`."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while until is None or lines.number + 1 < until:
        lines.taken.clear()
        start = lines.number + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Only the line where the record began is lost; what came after it is read anew.
            broken, *rest = lines.taken
            lines.give_back(rest)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield (
                start,
                [broken[:_SHOWN].rstrip("\r\n")],
                f"row: expected readable CSV, received {_plain(error)}",
            )
            continue
        nul = any("\0" in line for line in lines.taken)
        yield start, fields, "row: expected text, received a NUL character" if nul else ""


def _plain(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end of data" in text or "field larger" in text:
        return "a quoted field that is never closed, or one that is too long"
    if "expected after" in text:
        return "text after a closing quote (a quote inside a field is written twice)"
    return text
