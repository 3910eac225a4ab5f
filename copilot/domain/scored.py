"""What deciding says of a draft, and what the past says: the nouns that drafting works with."""

from __future__ import annotations

from datetime import date

from copilot.domain.brand import BrandSection
from copilot.domain.draft import StrategyDraft
from copilot.domain.forecast import EffectForecast
from copilot.domain.noun import Noun
from copilot.domain.report import Check

__all__ = ["CaseFacts", "CategoryFacts", "PastArm", "ProductDetails", "ProductFacts", "ScoredDraft"]


class ScoredDraft(Noun):
    """A draft, its forecast (None if it reaches nobody) and the rules it was held against."""

    draft: StrategyDraft
    forecast: EffectForecast | None
    checks: tuple[Check, ...]
    utility: float  # forecast objective with the price on doubt taken off; what ranking sorts by

    @property
    def broken(self) -> tuple[Check, ...]:
        """The rules it breaks."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def admissible(self) -> bool:
        """Whether it may be returned: it reaches somebody and breaks nothing."""
        return self.forecast is not None and not self.broken


class PastArm(Noun):
    """One arm of a past campaign and what came of it, per customer assigned."""

    campaign_id: str
    sent_on: date
    channel: str
    offer_type: str
    value: float | None = None  # percent, money or points, by type
    terms: str
    category: str | None
    customers: int
    ctr: float | None
    conversion: float
    holdout_conversion: float | None
    revenue: float
    discount_cost: float


class CategoryFacts(Noun):
    """A category of the catalogue, in the brief's scope."""

    name: str
    products: int
    median_price: float | None
    margin: float


class ProductFacts(Noun):
    """A product, for the writer."""

    product_id: str
    name: str
    category: str | None
    price: float | None
    margin: float | None
    stock: int | None


class ProductDetails(ProductFacts):
    """A product that a writer asked for."""

    brand: str | None = None
    description: str | None = None
    lowest_price_30d: float | None = None


class CaseFacts(Noun):
    """What a writer may know of the shop and the brief: aggregates only, nothing personal.

    more_categories, more_products: how many the brief is about beyond those listed. brand: what the brand kit
    says for the brief's language.
    """

    shop: str
    currency: str
    as_of: date
    starts_on: date
    ends_on: date
    audience_size: int
    reachable: dict[str, int]  # channel -> customers who may be contacted there
    average_basket: float | None
    categories: tuple[CategoryFacts, ...]
    products: tuple[ProductFacts, ...]
    notes: tuple[str, ...]
    more_categories: int = 0
    more_products: int = 0
    brand: BrandSection | None = None
