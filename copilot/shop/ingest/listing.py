"""Put the rejected rows of an ingest into a file, with what stood in them but without what is personal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from copilot.errors import InvalidInput
from copilot.shop.ingest.customers import Attributes
from copilot.shop.ingest.headers import normal
from copilot.shop.ingest.looks import mask
from copilot.shop.ingest.personal import personal_by_name
from copilot.shop.ingest.rejects import choose_path, clear_stale, raw_row, write_rejects
from copilot.shop.ingest.stage import StagedFile

__all__ = ["list_rejects"]

_HIDDEN = "<personal>"


def list_rejects(
    folder: Path, wanted: Path | str | None, files: Sequence[StagedFile], attributes: Attributes
) -> Path | None:
    """Write the rejects file, if there is anything to list, and say where it is."""
    path = Path(wanted) if wanted is not None else choose_path(folder)
    if any(path.resolve() == source.resolve() for file in files for source in file.source.paths):
        raise InvalidInput("rejects", "a file that is not part of the export", str(path))
    if not any(file.reasons for file in files):
        clear_stale(path)
        return None
    try:
        write_rejects(path, _rows(files, set(attributes.personal)))
    except OSError as error:
        expected = f"a place that can be written ({error.strerror}; the good rows went in)"
        raise InvalidInput("rejects", expected, str(path)) from None
    return path


def _rows(files: Sequence[StagedFile], personal: set[str]) -> Iterator[tuple[str, int, str, str]]:
    for file in files:
        if file.reasons:
            yield from _rows_of(file, personal if file.schema.name == "customers" else set())


def _rows_of(file: StagedFile, personal: set[str]) -> Iterator[tuple[str, int, str, str]]:
    rows = {line: [mask(field) for field in row.fields] for line, row in file.broken.items()}
    hidden = personal | set(file.schema.personal)
    public = {field.name for field in file.schema.fields} - hidden
    for line, fields in file.source.raw_rows(set(file.reasons) - set(rows)):
        rows[line] = [_shown(name, value, hidden, public) for name, value in fields]
    for line in sorted(file.reasons):
        path, number = file.source.place(line)
        yield path.name, number, file.reasons[line], raw_row(rows.get(line, []))


def _shown(header: str, value: str, hidden: set[str], public: set[str]) -> str:
    name = normal(header)
    if value and (name in hidden or (name not in public and personal_by_name(name))):
        return _HIDDEN
    return mask(value) if name not in public or "@" in value else value
