"""A load: the rows of one shop export, first staged, then merged into the store in one transaction.

While rows are staged nobody is kept from writing to the store; nothing of the load is seen by others until
all of it is there, and nothing of it stays if it fails.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, Text, delete, exists, func, insert, literal, select

from copilot.domain.shop import ShopSettings
from copilot.errors import StoreUnavailable
from copilot.store.attributes import (
    ColumnKind,
    attribute_kinds,
    customers_with,
    drop_attributes,
    keep_columns,
)
from copilot.store.engine import Store, database_errors, explain
from copilot.store.hashing import hash_key
from copilot.store.merging import Counts, Repeat, merge_keyed, repeated_keys, unknown_values
from copilot.store.merging_orders import merge_orders, other_customers
from copilot.store.past_arms import ArmPropensity, arm_propensities
from copilot.store.staging import add_rows, delete_lines, make_stage
from copilot.store.tables import copies, customers, exposures, order_lines, products, settings

__all__ = ["Loading", "loading"]

_TABLES = {"customers": customers, "products": products, "orders": order_lines, "exposures": exposures}
_KEYS = {"customers": "customer_id", "products": "product_id", "exposures": "exposure_id"}


@contextmanager
def loading(store: Store) -> Iterator[Loading]:
    """A load into this store.

    Raises:
        StoreUnavailable: the database broke, filled up or stayed locked.
    """
    try:
        with store.engine.connect() as conn:
            # Closed for good afterwards: the temporary tables go with it.
            conn.detach()
            yield Loading(conn)
    except database_errors(store.engine) as error:
        raise StoreUnavailable(explain(error, store.engine.url)) from error


class Loading:
    """The files of one export on their way in. Files are called customers, products, exposures, orders."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._stages: dict[str, Table] = {}
        self._columns: dict[str, list[str]] = {}

    def hash_key(self) -> bytes:
        """The key that personal values are hashed with; COPILOT_HASH_KEY where set, else the store's own."""
        with self.merging():
            return hash_key(self._conn, os.environ.get("COPILOT_HASH_KEY") or None)

    @contextmanager
    def staging(self) -> Iterator[None]:
        """The time in which rows are staged."""
        with self._conn.begin():
            yield

    @contextmanager
    def merging(self) -> Iterator[None]:
        """The one transaction in which the store changes."""
        conn = self._conn.execution_options(sqlite_begin="IMMEDIATE")
        with conn.begin():
            yield

    def stage(self, file: str, columns: Sequence[str]) -> None:
        """Make room for a file with these columns (those of its table; others are attributes)."""
        known = _TABLES[file].c
        # Attribute names come from outside: in the staging table they are numbered.
        names = [name if name in known else f"attribute_{place}" for place, name in enumerate(columns)]
        types = {name: known[name].type if name in known else Text() for name in names}
        self._stages[file] = make_stage(self._conn, file, types)
        self._columns[file] = list(columns)

    def add(self, file: str, rows: Iterable[Sequence[Any]]) -> None:
        """Stage rows: the line, then the columns in the order given to `stage`."""
        stage = self._stages[file]
        add_rows(self._conn, stage, list(stage.c.keys()), rows)

    def add_copies(self, texts: Mapping[str, tuple[str, str]]) -> None:
        """Stage the copy (subject, body) of exposures by copy id; what was staged before is left out."""
        if "copies" not in self._stages:
            columns = {name: copies.c[name].type for name in ("copy_id", "subject", "body")}
            self._stages["copies"] = make_stage(self._conn, "copies", columns)
            self._copies = 0
        rows = [(self._copies + place, *row) for place, row in enumerate((k, *v) for k, v in texts.items())]
        self._copies += len(rows)
        add_rows(self._conn, self._stages["copies"], ["line", "copy_id", "subject", "body"], rows)

    def staged_columns(self, file: str) -> list[str]:
        """The columns of a file that are staged."""
        return self._columns[file]

    def has_rows(self, file: str) -> bool:
        """Whether the store holds anything of this file."""
        return self._conn.execute(select(literal(1)).select_from(_TABLES[file]).limit(1)).first() is not None

    def take_unknown(self, file: str, column: str, of: str) -> list[tuple[int, str]]:
        """Take out the lines whose `column` is no key of file `of`: line and value."""
        found = list(unknown_values(self._conn, self._stages[file], column, _TABLES[of].c[_KEYS[of]]))
        delete_lines(self._conn, self._stages[file], [line for line, _ in found])
        return found

    def take_repeats(self, file: str) -> list[Repeat]:
        """Take out the lines whose key came in an earlier line of the same file."""
        found = list(repeated_keys(self._conn, self._stages[file], _KEYS[file]))
        delete_lines(self._conn, self._stages[file], [repeat.line for repeat in found])
        return found

    def take_other_customers(self) -> list[tuple[int, str, int]]:
        """Take out order lines with another customer than their order began with.

        Each as line, customer, first line of the order.
        """
        found = list(other_customers(self._conn, self._stages["orders"]))
        delete_lines(self._conn, self._stages["orders"], [line for line, _, _ in found])
        return found

    def merge(self, file: str) -> Counts:
        """Bring what is staged of a file into the store."""
        if file == "orders":
            return merge_orders(self._conn, self._stages["orders"])
        if file == "customers":
            return self._merge_customers()
        if file == "exposures" and "copies" in self._stages:
            self._merge_copies()
        return merge_keyed(self._conn, self._stages[file], _TABLES[file], _KEYS[file])

    def _merge_customers(self) -> Counts:
        stage = self._stages["customers"]
        target, slots = customers_with(self._conn, self._columns["customers"])
        staged = dict(zip(self._columns["customers"], list(stage.c.keys())[1:], strict=True))
        names = {slots.get(name, name): column for name, column in staged.items()}
        return merge_keyed(self._conn, stage, target, "customer_id", names)

    def _merge_copies(self) -> None:
        stage, used = self._stages["copies"], self._stages["exposures"].c.copy_id
        there = exists().where(copies.c.copy_id == stage.c.copy_id)
        # Every batch staged its texts, so the same one may be there often; rejected rows leave none behind.
        fresh = (
            select(stage.c.copy_id, func.min(stage.c.subject), func.min(stage.c.body))
            .where(~there, stage.c.copy_id.in_(select(used)))
            .group_by(stage.c.copy_id)
        )
        self._conn.execute(insert(copies).from_select(["copy_id", "subject", "body"], fresh))

    def arm_propensities(self) -> list[ArmPropensity]:
        """The arms of the campaigns that this load has propensities of, from all the store holds of them."""
        stage = self._stages["exposures"]
        return list(arm_propensities(self._conn, stage)) if "propensity" in stage.c else []

    def attribute_kinds(self) -> dict[str, str]:
        """Columns of customers that the store knows: `known`, `number` or `category`."""
        with self._conn.begin():
            return attribute_kinds(self._conn)

    def keep_columns(self, kinds: Mapping[str, ColumnKind]) -> list[str]:
        """Make room for columns of customers; returns those that the store holds as another kind."""
        return keep_columns(self._conn, kinds)

    def drop_attributes(self, names: Sequence[str]) -> list[str]:
        """Forget attributes that turned out to be personal; returns those that were there."""
        return drop_attributes(self._conn, names)

    def keep_shop(self, shop: ShopSettings) -> None:
        """Keep the shop's settings in place of earlier ones."""
        self._conn.execute(delete(settings).where(settings.c.name == "shop"))
        value = json.dumps(shop.model_dump(mode="json"))
        self._conn.execute(insert(settings), {"name": "shop", "value": value})
