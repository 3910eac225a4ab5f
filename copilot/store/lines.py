"""Every order line of a shop in few bytes: numbers in place of ids, so that memory holds millions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, select

from copilot.store.frames import Kind, read_chunks
from copilot.store.tables import order_lines
from copilot.store.times import to_micros

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_lines"]

_LINES: dict[str, Kind] = {
    "order_id": "id",
    "customer_id": "id",
    "product_id": "id",
    "ordered_at": "time",
    "quantity": "number",
    "unit_price": "number",
    "discount": "number",
}


def read_lines(
    conn: Connection, customer_ids: Iterable[str], before: datetime, chunk_rows: int = 50_000
) -> pd.DataFrame:
    """Every order line before a moment, sorted by order, 44 bytes a line; fetched `chunk_rows` at a time.

    Columns: `order_id` (int32) numbers the orders; `customer_id` (int32) is the place in `customer_ids`, -1
    for who is not there; `product_id` is categorical; the rest as `read_orders` has them.
    """
    import pandas as pd

    places = {name: place for place, name in enumerate(customer_ids)}
    codes: dict[str, int] = {}
    parts: dict[str, list[np.ndarray[Any, Any]]] = {name: [] for name in _LINES}
    query = (
        select(*(order_lines.c[name] for name in _LINES))
        .where(order_lines.c.ordered_at < to_micros(before))
        .order_by(order_lines.c.order_id, order_lines.c.line_no)
    )
    last, orders = None, -1
    for chunk in read_chunks(conn, query, _LINES, chunk_rows):
        ids = chunk.pop("order_id").to_numpy()
        # Sorted by order, so that a new id is a new order.
        is_new = np.append(ids[0] != last, ids[1:] != ids[:-1])
        numbers = orders + np.cumsum(is_new)
        last, orders = ids[-1], int(numbers[-1])
        parts["order_id"].append(numbers.astype(np.int32))
        people = [places.get(name, -1) for name in chunk.pop("customer_id").to_numpy()]
        parts["customer_id"].append(np.array(people, dtype=np.int32))
        products = [codes.setdefault(name, len(codes)) for name in chunk.pop("product_id").to_numpy()]
        parts["product_id"].append(np.array(products, dtype=np.int32))
        for name in chunk.columns:
            parts[name].append(chunk[name].to_numpy())
    none = {"order_id": np.int32, "customer_id": np.int32, "product_id": np.int32, "ordered_at": "M8[us]"}
    columns: dict[str, Any] = {}
    for name in _LINES:
        # Column by column, so that only one of them is held twice.
        pieces = parts.pop(name)
        columns[name] = np.concatenate(pieces) if pieces else np.zeros(0, dtype=none.get(name, np.float64))
    names = pd.Index(list(codes), dtype=object)
    columns["product_id"] = pd.Categorical.from_codes(columns["product_id"], categories=names)
    return pd.DataFrame(columns, copy=False)
