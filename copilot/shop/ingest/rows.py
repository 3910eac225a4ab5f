"""A CSV file as batches of columns, with the physical line of every row.

Knows CSV and nothing of shops. A row that cannot be read is reported and the rows after it are still read:
an unclosed quote does not swallow the rest of the file.
"""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from copilot.errors import InvalidInput

__all__ = ["BadRow", "Batch", "check_text", "read_batches", "read_header"]

BATCH_ROWS = 20_000
LONGEST_LINE = 1_000_000
_MOST_COLUMNS = 1_500
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


def check_text(path: Path) -> None:
    """Read the file once to see that all of it is UTF-8 text, before anything of it is used.

    Raises:
        InvalidInput: another encoding.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    done = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            if done == 0 and block[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                raise _not_utf8(path, "UTF-16 text")
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                near = done + error.start
                raise _not_utf8(path, f"a byte that is not UTF-8 near position {near}") from None
            done += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _not_utf8(path, "a file that ends inside a character") from None


def _not_utf8(path: Path, received: str) -> InvalidInput:
    advice = "UTF-8 text; save it again with the encoding UTF-8 (in a spreadsheet: CSV UTF-8)"
    return InvalidInput("encoding", advice, received, where=path.name)


def read_header(path: Path) -> tuple[list[str], str]:
    """The header row and the delimiter: a comma, or what the header has instead of one.

    Raises:
        InvalidInput: no header, or one that cannot be read.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = _Lines(file)
        try:
            first = next((line for line in lines if line.strip()), "")
            delimiter = max(_DELIMITERS, key=first.count) if first.count(",") == 0 else ","
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
        lines = _Lines(file)
        rows = _records(lines, delimiter)
        next((row for row in rows if row[1]), None)  # the header
        numbers: list[int] = []
        good: list[list[str]] = []
        bad: list[BadRow] = []
        for line, fields, problem in rows:
            if len(fields) == width and not problem and not _has_nul(fields):
                numbers.append(line)
                good.append(fields)
            elif fields and (problem or any(fields)):
                bad.append(BadRow(line, problem or _problem(fields, width), tuple(fields)))
            if len(numbers) + len(bad) >= BATCH_ROWS:
                yield _batch(numbers, good, bad, width)
                numbers, good, bad = [], [], []
        if numbers or bad:
            yield _batch(numbers, good, bad, width)


def _batch(numbers: list[int], rows: list[list[str]], bad: list[BadRow], width: int) -> Batch:
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
    return Batch(numbers, columns, bad)


def _has_nul(fields: list[str]) -> bool:
    return any("\0" in value for value in fields)


def _problem(fields: list[str], width: int) -> str:
    if len(fields) != width:
        return f"row: expected {width} fields as in the header, received {len(fields)}"
    return "row: expected text, received a NUL character"


class _Lines:
    """The physical lines of a file, counted; those of a broken record can be given back."""

    def __init__(self, file: codecs.StreamReaderWriter | object) -> None:
        self._readline = file.readline  # type: ignore[union-attr]
        self._again: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line: str = self._again.popleft() if self._again else self._readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        if len(line) >= LONGEST_LINE and line[-1] not in "\r\n":
            self._skip_rest()
            raise csv.Error(f"line longer than {LONGEST_LINE} characters")
        return line

    def _skip_rest(self) -> None:
        while (more := self._readline(LONGEST_LINE)) and more[-1] not in "\r\n":
            pass

    def give_back(self, lines: list[str]) -> None:
        self._again.extendleft(reversed(lines))
        self.number -= len(lines)


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Each record with its first line and, if it could not be read, why."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
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
            yield start, [broken.rstrip("\r\n")], f"row: expected readable CSV, received {_plain(error)}"
            continue
        yield start, fields, ""


def _plain(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end of data" in text or "field larger" in text:
        return "a quoted field that is never closed, or one that is too long"
    if "expected after" in text:
        return "text after a closing quote (a quote inside a field is written twice)"
    return text
