"""The offer: what the customer is promised. One class per type, told apart by `type`."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from copilot.domain.noun import Noun
from copilot.domain.numbers import Count, Money, Percent, PositiveMoney

__all__ = [
    "OFFER_TYPES",
    "AmountOff",
    "BuyXGetY",
    "FixedPrice",
    "FreeShipping",
    "Gift",
    "NoOffer",
    "Offer",
    "OfferType",
    "PercentOff",
    "Points",
]

OfferType = Literal[
    "none", "percent_off", "amount_off", "free_shipping", "fixed_price", "buy_x_get_y", "gift", "points"
]
OFFER_TYPES: tuple[OfferType, ...] = (
    "none",
    "percent_off",
    "amount_off",
    "free_shipping",
    "fixed_price",
    "buy_x_get_y",
    "gift",
    "points",
)
Days = Annotated[Count, Field(le=365)]
Quantity = Annotated[Count, Field(le=100)]


class _Terms(Noun):
    """Terms every offer may carry. What a type does not use is declared `None` by that type."""

    min_spend: Money | None = None
    max_discount: Money | None = None
    valid_days: Days = 7
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")] | None = None
    limit_per_customer: Count | None = 1
    limit_total: Count | None = None
    stackable: Annotated[bool, Field(strict=True)] = False

    @model_validator(mode="before")
    @classmethod
    def _zero_terms_are_none(cls, data: object) -> object:
        # FORMATS: an empty or zero minimum spend or cap means there is none.
        if isinstance(data, dict):
            blank = {
                name: None
                for name in ("min_spend", "max_discount")
                if isinstance(data.get(name), int | float | Decimal)
                and not isinstance(data[name], bool)
                and data[name] == 0
            }
            return {**data, **blank}
        return data


class _Simple(_Terms):
    buy_quantity: None = None
    get_quantity: None = None


class NoOffer(_Simple):
    """A message without an offer."""

    type: Literal["none"] = "none"
    value: None = None


class PercentOff(_Simple):
    """`value` percent off, 0 exclusive to 100."""

    type: Literal["percent_off"] = "percent_off"
    value: Percent


class AmountOff(_Simple):
    """`value` money off."""

    type: Literal["amount_off"] = "amount_off"
    value: PositiveMoney

    @field_validator("value")
    @classmethod
    def _not_more_than_the_basket(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        min_spend = info.data.get("min_spend")
        if min_spend is not None and value > min_spend:
            raise ValueError(f"at most min_spend ({min_spend})")
        return value


class FreeShipping(_Simple):
    """The shop pays the shipping."""

    type: Literal["free_shipping"] = "free_shipping"
    value: None = None


class FixedPrice(_Simple):
    """The promoted product at `value` money."""

    type: Literal["fixed_price"] = "fixed_price"
    value: PositiveMoney


class BuyXGetY(_Terms):
    """Buy `buy_quantity`, get `get_quantity` more for nothing."""

    type: Literal["buy_x_get_y"] = "buy_x_get_y"
    value: None = None
    buy_quantity: Quantity
    get_quantity: Quantity


class Gift(_Simple):
    """A gift that costs the shop `value` money."""

    type: Literal["gift"] = "gift"
    value: PositiveMoney


class Points(_Simple):
    """`value` loyalty points."""

    type: Literal["points"] = "points"
    value: PositiveMoney


Offer = Annotated[
    NoOffer | PercentOff | AmountOff | FreeShipping | FixedPrice | BuyXGetY | Gift | Points,
    Field(discriminator="type"),
]
