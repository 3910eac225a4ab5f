"""The rejects file: which rows did not go in, and why. It is read in spreadsheets, so no cell is a formula.

A cell that a spreadsheet would run (it begins with = + - @ or a control character) gets an apostrophe in
front; taking it away gives back the cell. What is personal is left out of the raw row.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = ["COLUMNS", "choose_path", "clear_stale", "neutral", "raw_row", "write_rejects"]

COLUMNS = ("file", "line", "reason", "row")
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_ROW = 5_000


def choose_path(folder: Path) -> Path:
    """`rejects.csv` in the folder of the export, or in the current folder if that one cannot be written.

    A file of that name that is not ours is never overwritten: `rejects-1.csv` and so on are taken instead.
    """
    place = folder if os.access(folder, os.W_OK) else Path.cwd()
    names = ["rejects.csv", *(f"rejects-{number}.csv" for number in range(1, 1000))]
    return next(place / name for name in names if _is_ours(place / name) or not os.path.lexists(place / name))


def clear_stale(path: Path) -> None:
    """Remove the rejects of an earlier run: after a clean one they would mislead."""
    if _is_ours(path):
        path.unlink()


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.readline(200).strip() == ",".join(COLUMNS).encode()


def raw_row(fields: Sequence[str]) -> str:
    """The fields of a row as one line of CSV, cut if it is very long."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(fields)
    line = out.getvalue()
    return line if len(line) <= _LONGEST_ROW else line[:_LONGEST_ROW] + "…"


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_STARTS_FORMULA) else cell


def write_rejects(path: Path, rows: Iterable[tuple[str, int, str, str]]) -> None:
    """Write the file in one step: it is whole, or not there. A symbolic link at its place is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".rejects-", suffix=".csv")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for source, line, reason, row in rows:
                writer.writerow((neutral(source), line, neutral(reason), neutral(row.replace("\0", "␀"))))
        os.chmod(name, 0o644 & ~_umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current
