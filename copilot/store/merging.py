"""From a staging table into the store: what is new goes in, what changed is updated, the rest is left alone.

Set-based SQL that both databases speak; its cost does not depend on how many rows Python would have to see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    Table,
    and_,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

__all__ = [
    "Counts",
    "Repeat",
    "any_differs",
    "insert_selected",
    "merge_keyed",
    "repeated_keys",
    "unknown_values",
]


@dataclass(frozen=True)
class Counts:
    """Rows of one file by what became of them."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Repeat:
    """A line whose key came before: `first_line` has the same key, `differs` if not the same content."""

    line: int
    key: str
    first_line: int
    differs: bool


def unknown_values(
    conn: Connection, stage: Table, column: str, known: Column[str]
) -> Iterator[tuple[int, str]]:
    """Lines whose `column` is not among `known`, with the value; empty values are not asked about."""
    value = stage.c[column]
    found = select(literal(1)).where(known == value).exists()
    query = select(stage.c.line, value).where(value.is_not(None), ~found).order_by(stage.c.line)
    return iter(conn.execute(query).all())


def repeated_keys(conn: Connection, stage: Table, key: str) -> Iterator[Repeat]:
    """Every line of a staging table whose key an earlier line had."""
    firsts = _first_lines(stage, key)
    first = stage.alias("first_row")
    differs = any_differs(stage, first, [name for name in stage.c.keys() if name not in ("line", key)])  # noqa: SIM118
    query = (
        select(stage.c.line, stage.c[key], firsts.c.first_line, differs)
        .join(firsts, firsts.c.key == stage.c[key])
        .join(first, first.c.line == firsts.c.first_line)
        .where(stage.c.line != firsts.c.first_line)
        .order_by(stage.c.line)
    )
    for line, value, first_line, changed in conn.execute(query):
        yield Repeat(line, value, first_line, bool(changed))


def _first_lines(stage: Table, key: str) -> Subquery:
    return (
        select(stage.c[key].label("key"), func.min(stage.c.line).label("first_line"))
        .group_by(stage.c[key])
        .having(func.count() > 1)
        .subquery()
    )


def merge_keyed(
    conn: Connection, stage: Table, target: Table, key: str, names: Mapping[str, str] | None = None
) -> Counts:
    """Update by key what differs, insert what is new. Columns that the stage lacks keep what they hold.

    `names` says which column of the target each column of the stage is for; by default the one of its name.
    """
    names = names or {name: name for name in list(stage.c.keys())[1:]}
    values = {name: stage.c[staged] for name, staged in names.items() if name != key}
    total = conn.execute(select(func.count()).select_from(stage)).scalar_one()
    updated = 0
    if values and conn.execute(select(target.c[key]).limit(1)).first() is not None:
        differs = or_(*(target.c[name].is_distinct_from(value) for name, value in values.items()))
        changes = update(target).where(target.c[key] == stage.c[key], differs)
        updated = conn.execute(changes.values(values)).rowcount
    there = select(literal(1)).where(target.c[key] == stage.c[key]).exists()
    # In the order of the key, so that the index grows at its end.
    fresh = select(stage.c[key], *values.values()).where(~there).order_by(stage.c[key])
    inserted = insert_selected(conn, target, [key, *values], fresh)
    return Counts(inserted, updated, total - inserted - updated)


def insert_selected(conn: Connection, target: Table, names: Sequence[str], rows: Select[Any]) -> int:
    """Insert what a query gives; returns how many rows that was."""
    done = conn.execute(
        insert(target).from_select(list(names), rows), execution_options={"preserve_rowcount": True}
    )
    return done.rowcount


def any_differs(one: FromClause, other: FromClause, names: Sequence[str]) -> ColumnElement[bool]:
    """Whether any of the columns differs; unknown equals unknown."""
    if not names:
        return and_(literal(1) == literal(0))
    return or_(*(one.c[name].is_distinct_from(other.c[name]) for name in names))
