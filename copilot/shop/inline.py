"""Context given inline by a caller: records or data frames of customers, products and orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from copilot.errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Inline"]

_PRODUCT_COLUMNS = (
    "name",
    "category",
    "brand",
    "price",
    "unit_cost",
    "stock",
    "description",
    "lowest_price_30d",
)
_KNOWN = ("customer_id", "signed_up_on", "email_opt_in", "sms_opt_in", "push_opt_in")
_ORDER_COLUMNS = ("order_id", "customer_id", "product_id", "ordered_at", "quantity", "unit_price")


@dataclass(frozen=True)
class Inline:
    """What a caller gave in place of the store's; all None means: read the store."""

    customers: Any = None
    products: Any = None
    orders: Any = None

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame | None]:
        """Customers, products and orders as frames; orders None where none were given.

        Raises:
            InvalidInput: names the record and the column that is missing or cannot be read.
        """
        return (
            self._customers[0],
            _products(self.products),
            None if self.orders is None else _orders(self.orders),
        )

    @property
    def dropped(self) -> tuple[str, ...]:
        """Columns of the customers that were left out: they hold personal data, by name or by looks."""
        return () if self.customers is None else self._customers[1]

    @cached_property
    def _customers(self) -> tuple[pd.DataFrame, tuple[str, ...]]:
        frame = _keyed(self.customers, "customers", "customer_id")
        personal = [name for name in frame if name not in _KNOWN and _is_personal(str(name), frame[name])]
        return _customers(frame.drop(columns=personal)), tuple(map(str, personal))


def _is_personal(name: str, values: pd.Series) -> bool:
    """Judged as `copilot ingest` judges a column of customers.csv."""
    # Here and not above: with it comes the whole of ingest.
    from copilot.shop.ingest.customers import personal_by_values
    from copilot.shop.ingest.personal import personal_by_name
    from copilot.shop.ingest.profiling import ColumnProfile

    if personal_by_name(name):
        return True
    profile = ColumnProfile()
    profile.add(map(_as_in_a_file, values.dropna()))
    return personal_by_values(name, profile) is not None


def _as_in_a_file(value: Any) -> str:
    # A frame keeps whole numbers as floats once one of them is missing.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _customers(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    if "signed_up_on" in frame:
        frame["signed_up_on"] = _times(frame["signed_up_on"], "customers.signed_up_on")
    for name in (column for column in frame if str(column).endswith("_opt_in")):
        frame[name] = _numbers(frame[name], f"customers.{name}")
        if not frame[name].dropna().isin((0, 1)).all():
            raise InvalidInput(f"customers.{name}", "0 or 1", frame[name].dropna().max())
    for name in frame.columns.difference(["customer_id", "signed_up_on"]):
        numbers = pd.to_numeric(frame[name], errors="coerce")
        is_number = numbers.notna().sum() == frame[name].notna().sum()
        frame[name] = numbers.astype(float) if is_number else frame[name].astype(object)
    return frame


def _products(given: Any) -> pd.DataFrame:
    frame = _keyed([] if given is None else given, "products", "product_id")
    for name in _PRODUCT_COLUMNS:
        if name not in frame:
            frame[name] = None
    for name in ("price", "unit_cost", "stock", "lowest_price_30d"):
        frame[name] = _numbers(frame[name], f"products.{name}", at_least=0.0)
    frame["name"] = frame["name"].where(frame["name"].notna(), frame["product_id"])
    return frame


def _orders(given: Any) -> pd.DataFrame:
    frame = _frame(given, "orders")
    missing = [name for name in _ORDER_COLUMNS if name not in frame]
    if missing and not frame.empty:
        raise InvalidInput(f"orders.{missing[0]}", "a column of this name", sorted(map(str, frame.columns)))
    frame = frame.reindex(columns=[*_ORDER_COLUMNS, "discount"])
    for name in ("order_id", "customer_id", "product_id"):
        frame[name] = frame[name].astype(str).astype(object)
    frame["ordered_at"] = _times(frame["ordered_at"], "orders.ordered_at")
    frame["quantity"] = _numbers(frame["quantity"], "orders.quantity")
    for name in ("unit_price", "discount"):
        frame[name] = _numbers(frame[name], f"orders.{name}", at_least=0.0)
    return frame


def _keyed(given: Any, table: str, key: str) -> pd.DataFrame:
    frame = _frame(given, table)
    if key not in frame and not frame.empty:
        raise InvalidInput(f"{table}.{key}", "a column of this name", sorted(map(str, frame.columns)))
    if frame.empty:
        if table == "customers":
            raise InvalidInput(table, "at least one customer", "none")
        return frame.reindex(columns=[key, *frame.columns.difference([key])])
    frame[key] = frame[key].astype(str).astype(object)
    twice = frame[key][frame[key].duplicated()]
    if len(twice):
        raise InvalidInput(f"{table}.{key}", "each key once", twice.iloc[0])
    return frame


def _frame(given: Any, table: str) -> pd.DataFrame:
    import pandas as pd

    if isinstance(given, pd.DataFrame):
        return given.copy()
    if isinstance(given, Mapping | str | bytes) or not isinstance(given, Iterable):
        raise InvalidInput(table, "a data frame or a list of records", type(given).__name__)
    records = list(given)
    for row, record in enumerate(records, start=1):
        if not isinstance(record, Mapping):
            raise InvalidInput(
                f"{table}[{row}]", "a record (a mapping of column to value)", type(record).__name__
            )
    return pd.DataFrame.from_records(records)


def _numbers(values: pd.Series, field: str, *, at_least: float | None = None) -> pd.Series:
    import numpy as np
    import pandas as pd

    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    wrong = (values.notna() & numbers.isna()) | np.isinf(numbers)
    if at_least is not None:
        wrong |= numbers < at_least
    if wrong.any():
        expected = "a finite number" if at_least is None else f"a finite number of at least {at_least:g}"
        raise InvalidInput(field, expected, values[wrong].iloc[0])
    return numbers


def _times(values: pd.Series, field: str) -> pd.Series:
    import pandas as pd

    times = pd.to_datetime(values, errors="coerce", utc=True, format="ISO8601").dt.tz_localize(None)
    wrong = values.notna() & times.isna()
    if wrong.any():
        raise InvalidInput(field, "an ISO 8601 date or time", values[wrong].iloc[0])
    return times
