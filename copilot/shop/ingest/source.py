"""One file of an export as batches of our columns, whatever its headers are called.

Only files inside the folder are read: a name that leads out of it, by `..` or by a link, is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from copilot.errors import InvalidInput
from copilot.shop.ingest.headers import positions
from copilot.shop.ingest.lines import check_text
from copilot.shop.ingest.mapping import Columns, FileMap, RowState
from copilot.shop.ingest.rows import BadRow, read_batches, read_header

__all__ = ["Mapped", "Source", "find_files"]

# Where an export of one kind comes in several files, their lines are told apart by this step.
FILE_STEP = 10_000_000_000


@dataclass(frozen=True)
class Mapped:
    """A batch in our columns. Lines carry the file they are from: see `Source.place`."""

    lines: list[int]
    columns: Columns
    bad: list[BadRow]
    skipped: int = 0


@dataclass(frozen=True)
class Source:
    """The file or files behind one kind of rows, with the map that turns their headers into ours."""

    kind: str
    paths: tuple[Path, ...]
    map: FileMap
    delimiters: dict[Path, str] = field(default_factory=dict)
    headers: dict[Path, list[str]] = field(default_factory=dict)

    @staticmethod
    def open(kind: str, paths: tuple[Path, ...], file_map: FileMap) -> Source:
        """Read headers and check the encoding.

        Raises:
            InvalidInput: not UTF-8, no header, a header twice, or several files with different headers.
        """
        source = Source(kind, paths, file_map)
        for path in paths:
            check_text(path)
            source.headers[path], source.delimiters[path] = read_header(path)
            positions(source.headers[path], where=path.name)
        return source

    def header_names(self) -> list[str]:
        """The columns of the first file as they are called there."""
        return [name.strip() for name in next(iter(self.headers.values())) if name.strip()]

    def columns(self) -> list[str]:
        """Our columns that every file has, after mapping."""
        found = [self.map.names(list(positions(header, where=""))) for header in self.headers.values()]
        return [name for name in found[0] if all(name in others for others in found)]

    def batches(self) -> Iterator[Mapped]:
        """All rows, mapped."""
        wanted = self.columns()
        for number, path in enumerate(self.paths):
            header = self.headers[path]
            places = positions(header, where=path.name)
            state = RowState()
            for batch in read_batches(path, len(header), self.delimiters[path]):
                theirs = {name: batch.columns[place] for name, place in places.items()}
                lines = [line + number * FILE_STEP for line in batch.lines] if number else batch.lines
                bad = [BadRow(row.line + number * FILE_STEP, row.reason, row.fields) for row in batch.bad]
                ours, lines = self.map.apply(theirs, lines, wanted, state)
                yield Mapped(lines, ours, bad, skipped=len(batch.lines) - len(lines))

    def place(self, line: int) -> tuple[Path, int]:
        """The file and its line behind a line number of this source."""
        return self.paths[line // FILE_STEP], line % FILE_STEP

    def raw_rows(self, lines: set[int]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
        """The original fields of some lines, each with its own header; bad rows are not among them."""
        for number, path in enumerate(self.paths):
            header = self.headers[path]
            for batch in read_batches(path, len(header), self.delimiters[path]):
                for place, line in enumerate(batch.lines):
                    if line + number * FILE_STEP in lines:
                        row = [column[place] for column in batch.columns]
                        yield line + number * FILE_STEP, list(zip(header, row, strict=True))


def find_files(folder: Path, pattern: str) -> tuple[Path, ...]:
    """Files of the folder with this name or pattern, sorted; names match whatever their case.

    Raises:
        InvalidInput: the pattern or a link leads out of the folder.
    """
    if "/" in pattern or "\\" in pattern or pattern.startswith(".."):
        raise InvalidInput("source", "the name of a file in the export's folder", pattern, where="map")
    found = [path for path in sorted(folder.iterdir()) if _matches(path.name, pattern) and path.is_file()]
    for path in found:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise InvalidInput(
                "file", "a file inside the folder", "a link that leads out of it", where=path.name
            )
    return tuple(found)


def _matches(name: str, pattern: str) -> bool:
    from fnmatch import fnmatchcase

    return fnmatchcase(name.casefold(), pattern.casefold())
