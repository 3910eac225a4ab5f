"""Query results as data frames, fast: whole columns at a time, no object per row is kept.

Text columns are object columns with None where unknown, equal texts one object, except for ids that are
different in every row; numbers are float64 with NaN; times are datetime64[us], UTC and naive, with NaT.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from sqlalchemy import Connection, Select

from copilot.store.damage import damaged

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Kind", "read_chunks", "read_frame"]

Kind = Literal["text", "id", "number", "count", "time", "text_number"]

_BATCH = 50_000
_FETCH = 500
_NO_TIME = np.iinfo(np.int64).min  # numpy's NaT


def read_frame(conn: Connection, query: Select[Any], kinds: dict[str, Kind]) -> pd.DataFrame:
    """All rows of a query; `kinds` names its columns in order and says what each holds."""
    import pandas as pd

    parts = list(_column_batches(conn, query, kinds, _BATCH))
    if not parts:
        parts = [[_column((), kind) for kind in kinds.values()]]
    columns = zip(*parts, strict=True)
    data = {
        name: np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
        for name, pieces in zip(kinds, columns, strict=True)
    }
    return pd.DataFrame({name: _series(values) for name, values in data.items()})


def read_chunks(
    conn: Connection, query: Select[Any], kinds: dict[str, Kind], chunk_rows: int
) -> Iterator[pd.DataFrame]:
    """The same in frames of at most `chunk_rows` rows, for tables larger than memory."""
    import pandas as pd

    for part in _column_batches(conn, query, kinds, chunk_rows):
        yield pd.DataFrame({name: _series(values) for name, values in zip(kinds, part, strict=True)})


def _series(values: np.ndarray[Any, Any]) -> pd.Series[Any]:
    import pandas as pd

    # pandas would turn object columns of text into its own string type; others count on plain objects.
    series: pd.Series[Any] = pd.Series(values, dtype=values.dtype, copy=False)
    return series


def _column_batches(
    conn: Connection, query: Select[Any], kinds: dict[str, Kind], size: int
) -> Iterator[list[np.ndarray[Any, Any]]]:
    texts: dict[str, str] = {}
    for lists in _lists(conn, query, len(kinds), size):
        try:
            columns = [
                _column(values, kind, texts) for values, kind in zip(lists, kinds.values(), strict=True)
            ]
        except (TypeError, ValueError, OverflowError) as error:
            raise damaged(f"one of {', '.join(kinds)}", error) from None
        yield columns


def _lists(conn: Connection, query: Select[Any], width: int, size: int) -> Iterator[list[list[Any]]]:
    """The rows of a query as columns, `size` rows at a time."""
    # SQLite hands rows over one by one by itself, and its own cursor's rows are plain tuples. With streaming
    # asked for, SQLAlchemy would take the first rows off that cursor into a buffer of its own.
    lazy = conn.dialect.name == "sqlite"
    result = conn.execution_options(stream_results=not lazy).execute(query)
    source: Any = result.cursor if lazy else result
    columns: list[list[Any]] = [[] for _ in range(width)]
    # A few at a time, or collecting them as garbage takes longer than fetching them.
    while rows := source.fetchmany(min(_FETCH, size - len(columns[0]))):
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column += values
        if len(columns[0]) >= size:
            yield columns
            columns = [[] for _ in range(width)]
    if columns[0]:
        yield columns
    result.close()


def _column(values: Sequence[Any], kind: Kind, texts: dict[str, str] | None = None) -> np.ndarray[Any, Any]:
    if kind == "number":
        return np.array(values, dtype=np.float64)  # None becomes NaN
    if kind == "text_number":
        return np.array([None if value is None else float(value) for value in values], dtype=np.float64)
    if kind == "count":
        return np.array(values, dtype=np.int64)
    if kind == "time":
        whole = [_NO_TIME if value is None else value for value in values]
        return np.array(whole, dtype=np.int64).view("datetime64[us]")
    if kind == "id":
        return _objects(values)
    return _text_column(values, {} if texts is None else texts)


def _text_column(values: Sequence[Any], texts: dict[str, str]) -> np.ndarray[Any, Any]:
    # One object per distinct text: an id that comes a hundred times is kept once.
    return _objects([None if value is None else texts.setdefault(value, value) for value in values])


def _objects(values: Sequence[Any]) -> np.ndarray[Any, Any]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
