"""A forecast: what the predictors say of a draft over the customers it would contact."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from copilot.domain.noun import Noun

__all__ = ["FIGURES", "EffectForecast", "Estimate", "Totals"]

FIGURES = (
    "ctr",
    "conversion",
    "baseline_conversion",
    "incremental_conversion",
    "revenue",
    "incremental_revenue",
    "discount_cost",
    "contact_cost",
    "incremental_profit",
    "roi",
    "gross_return",
)


class Estimate(Noun):
    """A figure with its doubt: `low` and `high` bound 90 % for the expected value over the audience."""

    mean: float
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Estimate:
        if not self.low <= self.mean <= self.high:
            raise ValueError(f"low <= mean <= high, not {self.low} {self.mean} {self.high}")
        return self

    def times(self, factor: float) -> Estimate:
        """The same figure for `factor` (>= 0) customers."""
        return Estimate(mean=self.mean * factor, low=self.low * factor, high=self.high * factor)


class Totals(Noun):
    """The money figures times the audience."""

    revenue: Estimate
    incremental_revenue: Estimate
    discount_cost: Estimate
    contact_cost: Estimate
    incremental_profit: Estimate


class EffectForecast(Noun):
    """Per customer contacted, against sending nothing. Money in the shop's currency, rates as fractions.

    ctr: None where past campaigns never recorded clicks. copy_appeal: the factor on ctr that the
    draft's words make; None for a draft without words.
    """

    ctr: Estimate | None
    conversion: Estimate
    baseline_conversion: Estimate
    incremental_conversion: Estimate
    revenue: Estimate
    incremental_revenue: Estimate
    discount_cost: Estimate
    contact_cost: Estimate
    incremental_profit: Estimate
    roi: Estimate | None
    gross_return: Estimate | None
    audience_size: Annotated[int, Field(ge=0)]
    totals: Totals
    support: Annotated[float, Field(ge=0, le=1)]
    incremental: bool
    warnings: tuple[str, ...] = ()
    model_version: str
    as_of: date
    copy_appeal: Estimate | None = None
