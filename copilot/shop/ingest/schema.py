"""What each file of an export may hold, column by column. FORMATS.md section 1 in code.

`required` columns must be in the header; `filled` ones must have a value in every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.shop.ingest.checks import check_exposures, check_orders
from copilot.shop.ingest.values import Parse, choice, flag, identifier, instant, number, text

__all__ = ["FILES", "Field", "FileSchema"]

CHANNELS = ("email", "sms", "push", "onsite", "ads", "holdout")
OFFER_TYPES = (
    "none",
    "percent_off",
    "amount_off",
    "free_shipping",
    "fixed_price",
    "buy_x_get_y",
    "gift",
    "points",
)
SCOPES = ("basket", "category", "product")

Check = Callable[[Mapping[str, Sequence[Any]]], Iterator[tuple[int, str]]]


@dataclass(frozen=True)
class Field:
    """One column: its name, how a cell is read, whether it may be missing or empty."""

    name: str
    parse: Parse
    required: bool = False
    filled: bool = False
    personal: bool = False  # kept only as a keyed hash
    empty: Any = None  # what an empty cell, or a missing column, stands for


@dataclass(frozen=True)
class FileSchema:
    """One file: its columns, and what must hold between them."""

    name: str
    fields: tuple[Field, ...]
    check: Check | None = None
    # A missing column is an empty one. Otherwise it leaves alone what the store holds.
    whole: bool = False

    @property
    def source(self) -> str:
        """The name it has in an export without a map."""
        return f"{self.name}.csv"

    @property
    def personal(self) -> tuple[str, ...]:
        """Columns that are kept only as keyed hashes."""
        return tuple(field.name for field in self.fields if field.personal)

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that the header must have."""
        return tuple(field.name for field in self.fields if field.required)


def _key(name: str) -> Field:
    return Field(name, identifier, required=True, filled=True)


_money = number(0)

_CUSTOMERS = FileSchema(
    "customers",
    (
        _key("customer_id"),
        Field("signed_up_on", instant),
        Field("email_opt_in", flag),
        Field("sms_opt_in", flag),
        Field("push_opt_in", flag),
        Field("email", text, personal=True),
        Field("phone", text, personal=True),
        Field("name", text, personal=True),
    ),
)
_PRODUCTS = FileSchema(
    "products",
    (
        _key("product_id"),
        Field("name", text, required=True),
        Field("category", identifier, required=True),
        Field("price", _money, required=True),
        Field("brand", identifier),
        Field("unit_cost", _money),
        Field("stock", number()),
        Field("description", text),
        Field("lowest_price_30d", _money),
    ),
)
_EXPOSURES = FileSchema(
    "exposures",
    (
        _key("exposure_id"),
        _key("campaign_id"),
        _key("customer_id"),
        Field("sent_at", instant, required=True, filled=True),
        Field("channel", choice(*CHANNELS), required=True, filled=True),
        Field("offer_type", choice(*OFFER_TYPES), required=True, empty="none"),
        Field("offer_value", _money),
        Field("buy_quantity", _money),
        Field("get_quantity", _money),
        Field("min_spend", _money),
        Field("max_discount", _money),
        Field("valid_days", _money),
        Field("category", identifier),
        Field("product_id", identifier),
        Field("outcome_scope", choice(*SCOPES), empty="basket"),
        Field("arm_id", identifier),
        Field("subject", text),
        Field("body", text),
        Field("propensity", number(0, 1, above=0)),
        Field("clicked", flag),
        Field("converted", flag, required=True, filled=True),
        Field("revenue", _money, required=True, filled=True),
        # An empty one is 0 where nothing can have been given away, and refused elsewhere (`checks`).
        Field("discount", _money, required=True, empty=0.0),
        Field("margin_amount", number()),
        Field("returned_amount", _money),
        Field("window_days", number(0, above=0)),
        Field("delivered", flag),
    ),
    check_exposures,
)
_ORDERS = FileSchema(
    "orders",
    (
        _key("order_id"),
        _key("customer_id"),
        _key("product_id"),
        Field("ordered_at", instant, required=True, filled=True),
        Field("quantity", number(), required=True, filled=True),
        Field("unit_price", _money, required=True, filled=True),
        Field("discount", number()),
        Field("exposure_id", identifier),
    ),
    check_orders,
    whole=True,
)

# In the order in which they are loaded: what is referred to comes first.
FILES = {schema.name: schema for schema in (_CUSTOMERS, _PRODUCTS, _EXPOSURES, _ORDERS)}
