"""Forget a customer: everything keyed by them goes, and nothing of it stays behind in the file."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, false, select, update

from copilot.errors import UnknownName
from copilot.store.hashing import hashed_id
from copilot.store.tables import copies, customers, exposures, order_lines

__all__ = ["forget_customer"]


def forget_customer(conn: Connection, customer_id: str) -> dict[str, int]:
    """Delete a customer with their orders and exposures. Returns how many rows went, per file.

    An e-mail address finds the customer too where the shop's customer ids are e-mail addresses (the store
    holds their keyed hash). Orders of others that were credited to a deleted exposure lose the credit.

    It looks before it deletes: a caller that read something itself begins with `store.begin(write=True)`.

    Raises:
        UnknownName: the store holds nothing of this customer.
    """
    if conn.dialect.name == "sqlite":
        # Writes nothing and takes the write lock, so that it waits for other writers instead of failing.
        conn.execute(delete(customers).where(false()))
        # Deleted rows are overwritten with zeros instead of lingering in free pages.
        conn.exec_driver_sql("PRAGMA secure_delete = ON")
    for name in (customer_id, hashed_id(conn, customer_id)):
        counts = _forget(conn, name) if name is not None else {}
        if any(counts.values()):
            return counts
    raise UnknownName("customer", customer_id, hint="nothing of this customer is in the store")


# Reports and their records stay: they are about audiences, and what was said to a writer on the way were
# aggregates, the brief and the catalogue. Nothing in them is keyed by a customer.
def _forget(conn: Connection, customer_id: str) -> dict[str, int]:
    theirs = exposures.c.customer_id == customer_id
    copy_ids = list(conn.execute(select(exposures.c.copy_id).where(theirs).distinct()).scalars())
    sent = select(exposures.c.exposure_id).where(theirs)
    orders = _delete(conn, order_lines, customer_id)
    if copy_ids:
        credited = update(order_lines).where(order_lines.c.exposure_id.in_(sent))
        conn.execute(credited.values(exposure_id=None))
    gone = _delete(conn, exposures, customer_id)
    _delete_unused_copy(conn, [copy_id for copy_id in copy_ids if copy_id is not None])
    return {"customers": _delete(conn, customers, customer_id), "orders": orders, "exposures": gone}


def _delete(conn: Connection, table: Table, customer_id: str) -> int:
    return conn.execute(delete(table).where(table.c.customer_id == customer_id)).rowcount


def _delete_unused_copy(conn: Connection, copy_ids: list[str]) -> None:
    # Copy may greet one person by name: it goes with the last exposure that used it.
    used = select(exposures.c.exposure_id).where(exposures.c.copy_id == copies.c.copy_id)
    for copy_id in copy_ids:
        conn.execute(delete(copies).where(copies.c.copy_id == copy_id, ~used.exists()))
