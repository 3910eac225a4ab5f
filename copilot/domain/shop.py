"""The shop's own settings: what `shop.json` of an export says, with the defaults where it is silent."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from copilot.domain.noun import Noun

__all__ = ["CONTACT_COST", "ShopSettings"]

CONTACT_COST = {"email": 0.02, "sms": 0.08, "push": 0.005}

Cost = Annotated[float, Field(ge=0, le=1e9)]


class ShopSettings(Noun):
    """One shop. Money in `currency`; `default_margin` is a share of the list price.

    `contact_cost` is per message and channel; a channel without an entry costs nothing.
    """

    name: Annotated[str, Field(max_length=200)] = "Shop"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    default_margin: Annotated[float, Field(ge=0, le=1)] = 0.4
    shipping_cost: Cost = 4.9
    point_value: Cost = 0.01
    contact_cost: dict[Annotated[str, Field(max_length=40)], Cost] = Field(
        default_factory=lambda: dict(CONTACT_COST)
    )
    attribution_days: Annotated[int, Field(ge=1, le=365)] = 7

    @field_validator("contact_cost", mode="before")
    @classmethod
    def _fill_with_defaults(cls, given: Any) -> Any:
        # A shop that only states what an e-mail costs still pays for its text messages.
        return {**CONTACT_COST, **given} if isinstance(given, dict) else given
