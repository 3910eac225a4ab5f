"""What the other rooms see of the predictors: data frames in, forecasts out.

Knows nothing of stores, language models or the copilot's nouns. A draft is one row of an *offer table*, a
past exposure the same columns plus who, when and what came of it: training and scoring share one schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from predictors.evaluation.record import Evaluation

__all__ = [
    "ATTRIBUTE_PROMOTED_SHARE",
    "CUSTOMER_FIGURES",
    "FIGURES",
    "OFFER_COLUMNS",
    "OUTCOME_COLUMNS",
    "Belief",
    "Comparison",
    "CopyModel",
    "CopyReason",
    "CustomerTable",
    "Driver",
    "DriverGroup",
    "Drivers",
    "Economics",
    "EffectForecasts",
    "EffectModel",
    "Figures",
    "Natural",
    "Note",
    "PredictorError",
    "Side",
    "UnusableModel",
    "UnusablePriors",
    "UnusableTrainingData",
]

FloatArray = npt.NDArray[np.float64]
Side = Literal["search", "judge"]

# Columns of an offer table (one row = one draft or the terms of one exposure).
OFFER_COLUMNS = (
    "channel",  # email, sms, push, onsite, ads; in exposures also "holdout"
    "offer_type",  # none, percent_off, amount_off, free_shipping, fixed_price, buy_x_get_y, gift, points
    "offer_value",  # percent 0-100, money, or points; NaN where the type has none
    "buy_quantity",
    "get_quantity",
    "min_spend",  # money; NaN or 0 = none
    "max_discount",  # money; NaN or 0 = none
    "valid_days",
    "category",  # promoted category; None = none
    "product_id",  # promoted product; None = none
    "subject",  # copy; "" = none
    "body",
)
# Further columns of an exposure table.
OUTCOME_COLUMNS = (
    "campaign_id",
    "customer_id",
    "sent_at",  # datetime64, UTC-naive
    "outcome_scope",  # basket, category, product
    "arm_id",  # None = told apart by terms and copy
    "propensity",  # NaN = not known
    "clicked",
    "converted",
    "revenue",
    "discount",
    "margin_amount",
    "window_days",
)
# The attribute that states how much of a customer's spending went to the promoted category, in [0, 1].
ATTRIBUTE_PROMOTED_SHARE = "promoted_share"

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
CUSTOMER_FIGURES = (
    "ctr",
    "conversion",
    "incremental_conversion",
    "incremental_revenue",
    "incremental_profit",
    "discount_cost",
)


class PredictorError(Exception):
    """Root of what predictors raise."""


class UnusableTrainingData(PredictorError):
    """The exposures cannot support a predictor; the message says what is missing."""


class UnusablePriors(PredictorError):
    """A priors file that cannot be used: which entry, what was expected, what came."""

    def __init__(self, entry: str, expected: str, received: str) -> None:
        self.entry, self.expected, self.received = entry, expected, received
        super().__init__(f"{entry}: expected {expected}, received {received}")


class UnusableModel(PredictorError):
    """Saved parts are damaged, incomplete or of another schema."""


@dataclass(frozen=True)
class Economics:
    """What a sale is worth and a message costs: the shop's currency, margins as fractions of list price."""

    default_margin: float = 0.4
    category_margin: Mapping[str, float] = field(default_factory=dict)
    product_margin: Mapping[str, float] = field(default_factory=dict)
    # Usual list price of one unit, for offers that are about units (buy x get y, fixed price).
    category_price: Mapping[str, float] = field(default_factory=dict)
    product_price: Mapping[str, float] = field(default_factory=dict)
    contact_cost: Mapping[str, float] = field(default_factory=dict)  # per message, by channel; absent = 0
    shipping_cost: float = 0.0
    point_value: float = 0.01
    attribution_days: int = 7
    # Profit per conversion where an outcome is not a sale; replaces margin x revenue.
    unit_profit: float | None = None


@dataclass(frozen=True)
class Natural:
    """What customers bought when nobody sent them anything, as rows of the shape of held-out exposures.

    exposures: n rows with channel `holdout`, one campaign a day; attributes: n aligned rows as of that day.
    """

    exposures: Any
    attributes: Any


@dataclass(frozen=True)
class Belief:
    """One assumption beside what is held of it once the shop's own campaigns are weighed in.

    assumed, believed: value and 90 % range, in the assumption's units. weight: of the assumption in what is
    believed, in [0, 1]; 1 = campaigns say nothing of it.
    """

    name: str
    means: str
    figure: str
    assumed: tuple[float, float, float]
    believed: tuple[float, float, float]
    weight: float


@dataclass(frozen=True)
class Note:
    """What can or cannot be forecast from a shop's data; forecasts: whether each forecast has to say so."""

    topic: str
    message: str
    forecasts: bool = True


class CustomerTable:
    """U customers as of one day.

    attributes: DataFrame (U, k), index = customer_id; numeric columns float (NaN = unknown), the rest object.
    affinity: DataFrame (U, c), same index; column = category, value = share of the customer's spending there
        (rows of NaN for customers without orders). `promoted_share` of a draft is its category's column.
    whole, rows: of a part, the table that it was taken from and where its customers are there, ascending.

    A predictor may keep what it made of a table as long as the table lives: frames are not to be changed.
    """

    def __init__(
        self,
        attributes: Any,
        affinity: Any,
        *,
        whole: CustomerTable | None = None,
        rows: npt.NDArray[np.int64] | None = None,
    ) -> None:
        self._frames, self.whole = (attributes, affinity), whole
        self.rows = np.arange(len(attributes)) if rows is None else rows

    @property
    def attributes(self) -> Any:
        """(U, k) frame; a part copies its rows each time."""
        return self._some(self._frames[0])

    @property
    def affinity(self) -> Any:
        """(U, c) frame; a part copies its rows each time."""
        return self._some(self._frames[1])

    def _some(self, frame: Any) -> Any:
        if self.whole is None or not len(self):
            return frame.iloc[: len(self)]
        first, last = int(self.rows[0]), int(self.rows[-1])
        together = last - first + 1 == len(self)
        return frame.iloc[first : last + 1] if together else frame.iloc[self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, rows: Any) -> CustomerTable:
        """The customers of these rows, a slice or (U,) a mask.

        Raises:
            ValueError: rows that repeat or go backwards.
        """
        places = self.rows[rows]
        if (np.diff(places) <= 0).any():
            raise ValueError("a part takes each customer at most once, in the order of the table")
        whole = self if self.whole is None else self.whole
        return CustomerTable(*self._frames, whole=whole, rows=places)


@dataclass(frozen=True)
class Figures:
    """One figure over D drafts: mean and the bounds of a 90 % interval of its expected value, each (D,)."""

    mean: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class EffectForecasts:
    """Forecasts of D drafts over U customers, per customer contacted.

    figures: one entry for each name in FIGURES; `roi` and `gross_return` are NaN where undefined,
        `ctr` where clicks were never recorded.
    support: (D,) in [0, 1].
    incremental: False where history holds no held-out customer.
    warnings: D tuples of sentences.
    per_customer: where asked for, CUSTOMER_FIGURES -> (D, U).
    """

    figures: Mapping[str, Figures]
    support: FloatArray
    incremental: bool
    warnings: tuple[tuple[str, ...], ...]
    per_customer: Mapping[str, FloatArray] | None = None


@dataclass(frozen=True)
class Comparison:
    """How D drafts differ from the first of them.

    forecasts: of each draft over the customers it reaches, by the searching side.
    differences: name -> totals over the customers reached less those of the first draft, with a 90 % interval
        of the difference; one entry for each figure that is a mean over customers (FIGURES without ratios).
    customers: (D,) how many each reaches.
    """

    forecasts: EffectForecasts
    differences: Mapping[str, Figures]
    customers: FloatArray


@dataclass(frozen=True)
class DriverGroup:
    """Customers told apart by one attribute; `mean` of the figure among them and their `share` of all.

    A range of a number (from `low`, below `high`; None = open), or `levels` of a category, or all `others`,
    or those of whom it is `unknown`.
    """

    share: float
    mean: float
    low: float | None = None
    high: float | None = None
    levels: tuple[str, ...] = ()
    others: bool = False
    unknown: bool = False


@dataclass(frozen=True)
class Driver:
    """An attribute that a figure turns on. strength: mean absolute contribution (TreeSHAP), in its units."""

    attribute: str
    strength: float
    groups: tuple[DriverGroup, ...]


@dataclass(frozen=True)
class Drivers:
    """What a figure of one draft turns on over customers, strongest first.

    fidelity: R2, on customers kept aside, of the trees that stand for the forecast; note: why none is named.
    """

    fidelity: float
    drivers: tuple[Driver, ...]
    note: str = ""


class EffectModel(Protocol):
    """What `predictors.effect.EffectPredictor` offers to the deciding room."""

    version: str
    metrics: Mapping[str, float]
    evaluation: Evaluation
    notes: tuple[Note, ...]

    @property
    def attributes(self) -> frozenset[str]:
        """Names of the customer attributes it uses."""
        ...

    def forecast(
        self,
        offers: Any,
        customers: CustomerTable,
        economics: Economics,
        *,
        side: Side = "judge",
        per_customer: bool = False,
    ) -> EffectForecasts:
        """Forecast D rows of an offer table over U customers: all of them, so pass only contactable ones."""
        ...

    def compare(
        self,
        offers: Any,
        customers: CustomerTable,
        economics: Economics,
        *,
        reached: npt.NDArray[np.bool_] | None = None,
    ) -> Comparison:
        """How D rows of an offer table differ from the first; reached: (D, U) whom each goes to."""
        ...

    def drivers(self, offers: Any, customers: CustomerTable, economics: Economics, *, figure: str) -> Drivers:
        """Which attributes of customers one of CUSTOMER_FIGURES turns on, for one row of an offer table."""
        ...

    def to_parts(self) -> dict[str, bytes]:
        """The model as named parts, a manifest with sha256 of every other part among them."""
        ...


@dataclass(frozen=True)
class CopyReason:
    """A phrase of a text, or a trait of the whole of it, that moves its relative log appeal by `effect`."""

    phrase: str
    trait: bool
    effect: float


class CopyModel(Protocol):
    """What `predictors.CopyEffect` offers to the deciding room: how much a text draws clicks."""

    version: str

    @property
    def facts(self) -> Mapping[str, Any]: ...  # what it learned from and how well it holds: plain data

    def predict(self, texts: Sequence[str]) -> FloatArray:
        """(n,) relative log appeal of clicks; 0 = average."""
        ...

    def interval(self, texts: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        """Bounds of a 90 % interval of the same: low (n,), high (n,)."""
        ...

    def compare(self, a: Sequence[str], b: Sequence[str]) -> FloatArray:
        """(n,) probability that each text of `a` draws a higher click rate than its counterpart of `b`."""
        ...

    def known(self, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
        """(n,) whether any word of a text was met; of others only length and signs are seen."""
        ...

    def why(self, text: str) -> tuple[CopyReason, ...]:
        """What raises or lowers the appeal of a text, strongest first."""
        ...

    def to_parts(self) -> dict[str, bytes]:
        """The model as named parts, a manifest with sha256 of every other part among them."""
        ...
