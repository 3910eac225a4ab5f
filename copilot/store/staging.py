"""Staging: rows of an export go into a temporary table in bulk, then set-based SQL does the rest.

A temporary table belongs to its connection. It takes no lock on the store, so reading a large export does
not keep others from writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, delete
from sqlalchemy.types import TypeEngine

__all__ = ["add_rows", "delete_lines", "make_stage"]


def make_stage(conn: Connection, name: str, columns: dict[str, TypeEngine[Any]]) -> Table:
    """A new temporary table: `line` (the line of the CSV file) and the columns of the export."""
    stage = Table(
        f"stage_{name}",
        MetaData(),
        Column("line", BigInteger, primary_key=True, autoincrement=False),
        *(Column(column, kind) for column, kind in columns.items()),
        prefixes=["TEMPORARY"],
    )
    stage.create(conn)
    return stage


def add_rows(conn: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows, the fast way of each database. Values are always bound, never part of the SQL."""
    if conn.dialect.name == "postgresql":
        _copy_rows(conn, table, columns, rows)
        return
    marks = ", ".join("?" * len(columns))
    cursor: Any = conn.connection.cursor()
    cursor.executemany(f"INSERT INTO {_names(conn, table, columns)} VALUES ({marks})", rows)
    cursor.close()


def _copy_rows(conn: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    cursor: Any = conn.connection.cursor()
    with cursor.copy(f"COPY {_names(conn, table, columns)} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.close()


def _names(conn: Connection, table: Table, columns: Sequence[str]) -> str:
    quote = conn.dialect.identifier_preparer.quote
    return f"{quote(table.name)} ({', '.join(quote(column) for column in columns)})"


def delete_lines(conn: Connection, stage: Table, lines: Sequence[int]) -> None:
    """Take rejected lines out of a staging table."""
    for start in range(0, len(lines), 500):
        conn.execute(delete(stage).where(stage.c.line.in_(lines[start : start + 500])))
