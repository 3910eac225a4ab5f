"""Orders into the store: an order is replaced as a whole by its id.

Lines have no key of their own and may come in any order, the same line twice included. They are numbered by
their content within the order, so that the same order always gets the same numbers and can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
)

from copilot.store.merging import Counts, any_differs, insert_selected
from copilot.store.tables import Key, order_lines

__all__ = ["merge_orders", "other_customers"]

_CONTENT = ("customer_id", "product_id", "ordered_at", "quantity", "unit_price", "discount", "exposure_id")


def other_customers(conn: Connection, stage: Table) -> Iterator[tuple[int, str, int]]:
    """Lines whose customer is not the one of their order's first line: line, customer, first line."""
    mixed = (
        select(stage.c.order_id, func.min(stage.c.line).label("first_line"))
        .group_by(stage.c.order_id)
        .having(func.min(stage.c.customer_id) != func.max(stage.c.customer_id))
        .subquery()
    )
    first = stage.alias("first_row")
    query = (
        select(stage.c.line, stage.c.customer_id, mixed.c.first_line)
        .join(mixed, mixed.c.order_id == stage.c.order_id)
        .join(first, first.c.line == mixed.c.first_line)
        .where(stage.c.customer_id != first.c.customer_id)
        .order_by(stage.c.line)
    )
    return iter(conn.execute(query).all())


def merge_orders(conn: Connection, stage: Table) -> Counts:
    """Insert new orders, replace changed ones. Counts are of lines."""
    names = ["order_id", "line_no", *_CONTENT]
    if conn.execute(select(order_lines.c.order_id).limit(1)).first() is None:
        return Counts(inserted=insert_selected(conn, order_lines, names, _numbered(stage)))
    numbered = _keep_numbered(conn, stage)
    total = conn.execute(select(func.count()).select_from(numbered)).scalar_one()
    changed = _changed_orders(conn, numbered)
    in_changed = select(changed.c.order_id)
    lines = select(func.count()).select_from(numbered)
    updated = conn.execute(lines.where(numbered.c.order_id.in_(in_changed))).scalar_one()
    conn.execute(delete(order_lines).where(order_lines.c.order_id.in_(in_changed)))
    there = select(literal(1)).where(order_lines.c.order_id == numbered.c.order_id).exists()
    fresh = select(*(numbered.c[name] for name in names)).where(~there)
    inserted = insert_selected(conn, order_lines, names, fresh)
    return Counts(inserted - updated, updated, total - inserted)


def _numbered(stage: Table) -> Select[Any]:
    """The staged lines in the order of their key, numbered within the order."""
    content = [stage.c[name] for name in _CONTENT]
    number = func.row_number().over(partition_by=stage.c.order_id, order_by=content)
    return select(stage.c.order_id, number, *content).order_by(stage.c.order_id)


def _keep_numbered(conn: Connection, stage: Table) -> Table:
    numbered = Table(
        "stage_numbered",
        MetaData(),
        Column("order_id", Key, primary_key=True),
        Column("line_no", Integer, primary_key=True),
        *(Column(name, order_lines.c[name].type) for name in _CONTENT),
        prefixes=["TEMPORARY"],
        sqlite_with_rowid=False,
    )
    numbered.create(conn)
    conn.execute(insert(numbered).from_select(["order_id", "line_no", *_CONTENT], _numbered(stage)))
    return numbered


def _changed_orders(conn: Connection, numbered: Table) -> Table:
    changed = Table(
        "stage_changed", MetaData(), Column("order_id", Text, primary_key=True), prefixes=["TEMPORARY"]
    )
    changed.create(conn)
    same_line = (order_lines.c.order_id == numbered.c.order_id) & (
        order_lines.c.line_no == numbered.c.line_no
    )
    stored = order_lines.alias("stored")
    is_stored = select(literal(1)).where(stored.c.order_id == numbered.c.order_id).exists()
    differing = (
        select(numbered.c.order_id)
        .outerjoin(order_lines, same_line)
        .where(or_(order_lines.c.order_id.is_(None), any_differs(numbered, order_lines, _CONTENT)), is_stored)
    )
    lengths = (
        select(numbered.c.order_id, func.max(numbered.c.line_no).label("lines"))
        .group_by(numbered.c.order_id)
        .subquery()
    )
    shortened = select(order_lines.c.order_id).join(
        lengths,
        (lengths.c.order_id == order_lines.c.order_id) & (order_lines.c.line_no > lengths.c.lines),
    )
    conn.execute(insert(changed).from_select(["order_id"], differing.union(shortened)))
    return changed
