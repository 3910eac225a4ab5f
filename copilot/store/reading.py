"""What the store knows of the shop, as data frames. Every function takes an open connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Select, case, column, func, select
from sqlalchemy import table as light_table

from copilot.domain.noun import parse
from copilot.domain.shop import ShopSettings
from copilot.errors import InvalidInput
from copilot.store.damage import damaged, load_json
from copilot.store.frames import Kind, read_chunks, read_frame
from copilot.store.tables import (
    copies,
    customer_columns,
    customers,
    exposures,
    order_lines,
    products,
    settings,
)
from copilot.store.times import from_micros, to_micros

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

__all__ = [
    "Span",
    "count_rows",
    "read_customer_chunks",
    "read_customer_ids",
    "read_customers",
    "read_exposures",
    "read_orders",
    "read_products",
    "read_sent",
    "read_shop",
    "read_spans",
]

_SETTINGS = "the shop settings"
_PRODUCTS: dict[str, Kind] = {
    "product_id": "text",
    "name": "text",
    "category": "text",
    "brand": "text",
    "price": "number",
    "unit_cost": "number",
    "stock": "number",
    "description": "text",
    "lowest_price_30d": "number",
}
_ORDERS: dict[str, Kind] = {
    "order_id": "text",
    "customer_id": "text",
    "product_id": "text",
    "ordered_at": "time",
    "quantity": "number",
    "unit_price": "number",
    "discount": "number",
    "exposure_id": "text",
}
_EXPOSURES: dict[str, Kind] = {
    "exposure_id": "text",
    "campaign_id": "text",
    "customer_id": "text",
    "sent_at": "time",
    "channel": "text",
    "offer_type": "text",
    "offer_value": "number",
    "buy_quantity": "number",
    "get_quantity": "number",
    "min_spend": "number",
    "max_discount": "number",
    "valid_days": "number",
    "category": "text",
    "product_id": "text",
    "outcome_scope": "text",
    "arm_id": "text",
    "copy_id": "text",
    "propensity": "number",
    "clicked": "number",
    "converted": "number",
    "revenue": "number",
    "discount": "number",
    "margin_amount": "number",
    "returned_amount": "number",
    "window_days": "number",
    "delivered": "number",
}
# What a summary of past campaigns has no use for; ids of rows are most of what an exposure weighs.
_NOT_SENT = ("exposure_id", "customer_id", "propensity", "margin_amount", "returned_amount", "delivered")
_KNOWN: dict[str, Kind] = {
    "signed_up_on": "time",
    "email_opt_in": "number",
    "sms_opt_in": "number",
    "push_opt_in": "number",
}


@dataclass(frozen=True)
class Span:
    """How rows lie about a moment: how many, how many after it, the last not after it, the last of all."""

    rows: int
    after: int
    until: datetime | None
    last: datetime | None


def read_customers(conn: Connection) -> pd.DataFrame:
    """Every customer, sorted by `customer_id`.

    Columns: `customer_id`; of `signed_up_on` (datetime64) and `email_opt_in`, `sms_opt_in`, `push_opt_in`
    (1, 0 or NaN) those that the shop has ever provided; then each attribute, numbers as float64 and
    categories as text objects with None. Personal data is not among them.
    """
    query, kinds = _customer_query(conn)
    return read_frame(conn, query, kinds)


def read_customer_chunks(conn: Connection, chunk_rows: int = 100_000) -> Iterator[pd.DataFrame]:
    """The same as `read_customers`, in frames of at most `chunk_rows` rows."""
    query, kinds = _customer_query(conn)
    yield from read_chunks(conn, query, kinds, chunk_rows)


def read_customer_ids(conn: Connection) -> npt.NDArray[np.object_]:
    """The id of every customer, in the order of `read_customers`."""
    query = select(customers.c.customer_id).order_by(customers.c.customer_id)
    ids: npt.NDArray[np.object_] = read_frame(conn, query, {"customer_id": "id"})["customer_id"].to_numpy()
    return ids


def _customer_query(conn: Connection) -> tuple[Select[Any], dict[str, Kind]]:
    found = conn.execute(
        select(customer_columns.c.name, customer_columns.c.slot, customer_columns.c.kind).order_by(
            customer_columns.c.position
        )
    ).all()
    provided = {row.name for row in found if row.kind == "known"}
    kinds: dict[str, Kind] = {"customer_id": "id"}
    kinds |= {name: kind for name, kind in _KNOWN.items() if name in provided}
    slots = {name: name for name in kinds}
    for row in found:
        if row.kind != "known":
            kinds[row.name] = "text_number" if row.kind == "number" else "text"
            slots[row.name] = row.slot
    source = light_table("customers", *(column(slot) for slot in slots.values()))
    query = select(*(source.c[slot] for slot in slots.values())).order_by(source.c.customer_id)
    return query, kinds


def read_products(conn: Connection) -> pd.DataFrame:
    """Every product, sorted by `product_id`. Prices and stock are NaN, text is None where unknown."""
    query = select(*(products.c[name] for name in _PRODUCTS)).order_by(products.c.product_id)
    return read_frame(conn, query, _PRODUCTS)


def read_orders(conn: Connection) -> pd.DataFrame:
    """Every order line, sorted by order. `ordered_at` is datetime64[us], UTC; `discount` NaN = unknown."""
    query = select(*(order_lines.c[name] for name in _ORDERS)).order_by(
        order_lines.c.order_id, order_lines.c.line_no
    )
    return read_frame(conn, query, _ORDERS)


def read_exposures(conn: Connection) -> pd.DataFrame:
    """Every exposure, sorted by `exposure_id`, with its copy; columns as in an export, NaN = unknown."""
    return _exposures(conn, _EXPOSURES)


def read_sent(conn: Connection) -> pd.DataFrame:
    """The same without who got it and by what chance: what was sent when, and what came of it."""
    return _exposures(conn, {name: kind for name, kind in _EXPOSURES.items() if name not in _NOT_SENT})


def _exposures(conn: Connection, kinds: dict[str, Kind]) -> pd.DataFrame:
    query = select(*(exposures.c[name] for name in kinds)).order_by(exposures.c.exposure_id)
    frame = read_frame(conn, query, kinds)
    texts = {row.copy_id: (row.subject, row.body) for row in conn.execute(select(copies))}
    subjects = {copy_id: subject for copy_id, (subject, _) in texts.items()}
    bodies = {copy_id: body for copy_id, (_, body) in texts.items()}
    copy_ids = frame.pop("copy_id")
    place = list(frame.columns).index("arm_id") + 1
    frame.insert(place, "subject", copy_ids.map(subjects).astype(object).where(copy_ids.notna(), ""))
    frame.insert(place + 1, "body", copy_ids.map(bodies).astype(object).where(copy_ids.notna(), ""))
    return frame


def read_shop(conn: Connection) -> ShopSettings:
    """The shop's settings; the documented defaults for what it never said."""
    found = conn.execute(select(settings.c.value).where(settings.c.name == "shop")).scalar()
    try:
        shop: ShopSettings = parse(
            ShopSettings, load_json(found, _SETTINGS) if found else {}, where=_SETTINGS
        )
    except InvalidInput as error:
        # They were checked when they came in.
        raise damaged(_SETTINGS, error) from None
    return shop


def read_spans(conn: Connection, moment: datetime) -> dict[str, Span]:
    """How the rows of orders.csv and exposures.csv lie about a moment, by the name of the file."""
    asked = {"orders.csv": order_lines.c.ordered_at, "exposures.csv": exposures.c.sent_at}
    return {name: _span(conn, time, to_micros(moment)) for name, time in asked.items()}


def _span(conn: Connection, time: Column[Any], moment: int) -> Span:
    query = select(
        func.count(),
        func.count(case((time > moment, 1))),
        func.max(case((time <= moment, time))),
        func.max(time),
    ).select_from(time.table)
    rows, after, until, last = conn.execute(query).one()
    return Span(
        rows,
        after,
        None if until is None else from_micros(until),
        None if last is None else from_micros(last),
    )


def count_rows(conn: Connection) -> dict[str, int]:
    """Rows per file of an export: customers, products, orders (lines), exposures."""
    named = {"customers": customers, "products": products, "orders": order_lines, "exposures": exposures}
    return {
        name: conn.execute(select(func.count()).select_from(of)).scalar_one() for name, of in named.items()
    }
