"""What must hold between the columns of one row. Each check yields the place in the batch and the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["check_exposures", "check_orders"]

Columns = Mapping[str, Sequence[Any]]

_NEED_VALUE = frozenset(("percent_off", "amount_off", "fixed_price", "gift", "points"))


def check_orders(columns: Columns) -> Iterator[tuple[int, str]]:
    """A discount is an amount off; only a returned line may take one back."""
    for place, (discount, quantity) in enumerate(
        zip(columns.get("discount", ()), columns["quantity"], strict=False)
    ):
        if discount is not None and discount < 0 and quantity is not None and quantity >= 0:
            yield place, f"discount: expected a number of 0 or more on a sold line, received {discount:g}"


def check_exposures(columns: Columns) -> Iterator[tuple[int, str]]:
    """The terms fit the offer; a held-out customer was sent nothing to click; what an offer gave is told."""
    yield from _check_clicks(columns)
    yield from _check_terms(columns)
    yield from _check_discounts(columns)


def _check_clicks(columns: Columns) -> Iterator[tuple[int, str]]:
    for place, (channel, clicked) in enumerate(
        zip(columns["channel"], columns.get("clicked", ()), strict=False)
    ):
        if clicked and channel == "holdout":
            yield (
                place,
                "clicked: expected 0 or nothing for a held-out customer (channel holdout), received 1",
            )


def _check_terms(columns: Columns) -> Iterator[tuple[int, str]]:
    missing = [None] * len(columns["channel"])
    rows = zip(
        columns["channel"],
        columns["offer_type"],
        columns.get("offer_value", missing),
        columns.get("buy_quantity", missing),
        columns.get("get_quantity", missing),
        strict=True,
    )
    for place, (channel, kind, value, buy, get) in enumerate(rows):
        if kind is None and channel != "holdout":
            yield (
                place,
                "offer_type: expected the kind of offer (none = a message without one), received nothing",
            )
        elif kind == "percent_off" and value is not None and value > 100:
            yield place, f"offer_value: expected a percent of 0 to 100 for percent_off, received {value:g}"
        elif channel != "holdout" and kind in _NEED_VALUE and value is None:
            yield place, f"offer_value: expected a number for {kind}, received nothing"
        elif channel != "holdout" and kind == "buy_x_get_y" and not (buy and get):
            yield place, "buy_quantity, get_quantity: expected numbers above 0 for buy_x_get_y"


def _check_discounts(columns: Columns) -> Iterator[tuple[int, str]]:
    """Without a message, an offer or a purchase nothing was given away; else only the shop can say."""
    rows = zip(
        columns["channel"], columns["offer_type"], columns["converted"], columns["discount"], strict=True
    )
    for place, (channel, kind, converted, discount) in enumerate(rows):
        if discount is None and converted and channel != "holdout" and kind not in (None, "none"):
            yield (
                place,
                f"discount: expected what the offer ({kind}) gave away on this purchase (0 if nothing), "
                "received nothing",
            )
