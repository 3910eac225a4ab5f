"""Customer attributes as columns: which there are, what they hold, and how a new one is made.

An attribute's name comes from outside and never becomes part of SQL: its column is called `a1`, `a2`, ...
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Table,
    Text,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from copilot.store.tables import customer_columns, customers

__all__ = ["ColumnKind", "attribute_kinds", "customers_with", "drop_attributes", "keep_columns"]

ColumnKind = Literal["known", "number", "category"]


def attribute_kinds(conn: Connection) -> dict[str, str]:
    """Every column of customers that the shop has provided: `known`, `number` or `category`."""
    query = select(customer_columns.c.name, customer_columns.c.kind).order_by(customer_columns.c.position)
    return dict(conn.execute(query).all())


def keep_columns(conn: Connection, kinds: Mapping[str, ColumnKind]) -> list[str]:
    """Make room for these columns; a number that is now a category becomes one for all customers.

    Returns the attributes whose kind the store decided otherwise: once a category, always a category.
    """
    stored = attribute_kinds(conn)
    for name, kind in kinds.items():
        if name not in stored:
            _add(conn, name, kind)
        elif stored[name] == "number" and kind == "category":
            row = update(customer_columns).where(customer_columns.c.name == name)
            conn.execute(row.values(kind="category"))
    return [name for name, kind in kinds.items() if name in stored and stored[name] != kind]


def _add(conn: Connection, name: str, kind: ColumnKind) -> None:
    slot = name
    if kind != "known":
        slot = _free_slot(conn)
        conn.execute(text(f"ALTER TABLE customers ADD COLUMN {slot} TEXT"))
    last = conn.execute(select(func.max(customer_columns.c.position))).scalar() or 0
    row = {"name": name, "slot": slot, "kind": kind, "position": last + 1}
    conn.execute(insert(customer_columns), row)


def _free_slot(conn: Connection) -> str:
    taken = [column["name"] for column in inspect(conn).get_columns("customers")]
    return (
        f"a{1 + max((int(name[1:]) for name in taken if name[0] == 'a' and name[1:].isdigit()), default=0)}"
    )


def drop_attributes(conn: Connection, names: Sequence[str]) -> list[str]:
    """Forget attributes that turned out to be personal; returns those that were there."""
    rows = conn.execute(
        select(customer_columns.c.name, customer_columns.c.slot).where(
            customer_columns.c.name.in_(names), customer_columns.c.kind != "known"
        )
    ).all()
    for row in rows:
        table = Table("customers", MetaData(), Column(row.slot, Text))
        conn.execute(update(table).values({row.slot: None}))
        conn.execute(delete(customer_columns).where(customer_columns.c.name == row.name))
    return [str(row.name) for row in rows]


def customers_with(conn: Connection, names: Sequence[str]) -> tuple[Table, dict[str, str]]:
    """The customers table with the columns of these attributes, and in which column each lives."""
    rows = conn.execute(select(customer_columns.c.name, customer_columns.c.slot)).all()
    slots = {name: slot for name, slot in rows if name in set(names)}
    table = Table(
        "customers",
        MetaData(),
        *(Column(column.name, column.type, primary_key=column.primary_key) for column in customers.columns),
        *(Column(slot, Text) for slot in slots.values() if slot not in customers.c),
    )
    return table, slots
